"""Servers that stand in for the sources, and the chain that asks them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field

import aiohttp
import pytest

from bot.features.chain import FeatureChain
from bot.features.sources import Doors, Site, open_doors, sources_of
from tests.loopback.deezer import Deezer
from tests.loopback.reccobeats import ReccoBeats


@dataclass
class World:
    """Both servers, and a client; `doors` and `chain` are made anew by each call."""

    session: aiohttp.ClientSession
    reccobeats: ReccoBeats = field(default_factory=ReccoBeats)
    deezer: Deezer = field(default_factory=Deezer)

    def doors(self, *, timeout_s: float = 2.0) -> Doors:
        bases = {"reccobeats": self.reccobeats.base, "deezer": self.deezer.base}
        return open_doors(
            self.session, {name: Site(base=base, calls=1000, per_s=1.0) for name, base in bases.items()}, timeout_s
        )

    def chain(self, **options: Callable[[], object]) -> FeatureChain:
        return FeatureChain(sources_of(self.doors()), **options)


@pytest.fixture
async def world() -> AsyncIterator[World]:
    async with aiohttp.ClientSession() as session:
        found = World(session=session)
        async with found.reccobeats.running(), found.deezer.running():
            yield found
