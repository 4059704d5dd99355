"""A Spotify on the loopback, and a gateway to it that loses its patience soon."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import closing

import pytest

from bot.database import Database
from bot.spotify.gateway import SpotifyGateway
from bot.spotify.http_call import CallPatience
from tests.loopback.spotify import LoopbackSpotify, loopback_spotify

SOON = CallPatience(connect_s=2.0, read_s=0.6, whole_s=1.2)
"""What hangs gives up soon; what answers has a second for it, which a busy machine needs."""


@pytest.fixture
async def spotify() -> AsyncIterator[LoopbackSpotify]:
    async with loopback_spotify() as server:
        yield server
    assert server.violations == []


@pytest.fixture
async def gateway(database: Database, spotify: LoopbackSpotify) -> AsyncIterator[SpotifyGateway]:
    with closing(SpotifyGateway(api_base=spotify.base, patience=SOON)) as opened:
        yield opened
