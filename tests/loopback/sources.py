"""ReccoBeats and Deezer on this machine, and the chain that asks them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field, replace

import aiohttp
import pytest

from bot.features.provider_chain import FeatureChain
from bot.features.sources import PROVIDERS, Doors, doors_to, sources_of
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
        fast = [replace(provider, calls=1000, per_s=1.0) for provider in PROVIDERS]
        return doors_to(fast, self.session, bases=bases, timeout_s=timeout_s)

    def chain(self, **options: Callable[[], object]) -> FeatureChain:
        return FeatureChain(sources_of(self.doors()), **options)


@pytest.fixture
async def world() -> AsyncIterator[World]:
    async with aiohttp.ClientSession() as session:
        found = World(session=session)
        async with found.reccobeats.running(), found.deezer.running():
            yield found
