"""MusicBrainz and ListenBrainz on this machine, and doors to them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace

import aiohttp
import pytest

from bot.features.sources import PROVIDERS, Doors, doors_to
from tests.loopback.listenbrainz import ListenBrainz, SimilarityLab
from tests.loopback.musicbrainz import MusicBrainz


@dataclass
class Brainz:
    """The servers, and a client; `doors` are made anew by each call."""

    session: aiohttp.ClientSession
    musicbrainz: MusicBrainz = field(default_factory=MusicBrainz)
    listenbrainz: ListenBrainz = field(default_factory=ListenBrainz)
    labs: SimilarityLab = field(default_factory=SimilarityLab)

    @property
    def bases(self) -> dict[str, str]:
        return {
            "musicbrainz": self.musicbrainz.base,
            "listenbrainz": self.listenbrainz.base,
            "listenbrainz-labs": self.labs.base,
        }

    def doors(self, *, timeout_s: float = 2.0, contact: str | None = "me@example.org") -> Doors:
        bases = self.bases
        fast = [replace(provider, calls=1000, per_s=1.0) for provider in PROVIDERS if provider.name in bases]
        return doors_to(fast, self.session, bases=bases, timeout_s=timeout_s, contact=contact)


@pytest.fixture
async def brainz() -> AsyncIterator[Brainz]:
    async with aiohttp.ClientSession() as session, AsyncExitStack() as stack:
        found = Brainz(session=session)
        for server in (found.musicbrainz, found.listenbrainz, found.labs):
            await stack.enter_async_context(server.running())
        yield found
