"""Saving to a Spotify of our own: the service of a process that has just started, and what became of a save."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from bot.database import Database
from bot.documents import FeedbackEvent, Playlist
from bot.services.publishing.service import PublishingService
from bot.services.publishing.views import Saved, Saving
from bot.services.publishing.workflow import PublicationPatience as StepPatience
from bot.services.values import Requester
from bot.spotify import gateway as gateways
from bot.spotify.gateway import SpotifyGateway
from bot.spotify.http_call import CallPatience
from tests.loopback.publishing import GivenTokens
from tests.loopback.spotify import ALL_SCOPES, LoopbackSpotify, loopback_spotify

CY = Requester(user_id="1003", display_name="Cy", guild_id="77", channel_id="88")
SOON = StepPatience(hold_s=2.4, settle_s=2.0)
NO_COVER = ALL_SCOPES - {"ugc-image-upload"}


@pytest.fixture
async def spotify() -> AsyncIterator[LoopbackSpotify]:
    async with loopback_spotify() as server:
        yield server
    assert server.violations == []


@pytest.fixture
def tokens(spotify: LoopbackSpotify) -> GivenTokens:
    """The server has an account, and nobody an own one."""
    return GivenTokens(owner=spotify.grant("host", scopes=NO_COVER))


@pytest.fixture
async def restart(
    database: Database, spotify: LoopbackSpotify, tokens: GivenTokens, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Callable[[], PublishingService]]:
    """The service of a process that has just started; the ones before it are left as they were."""
    monkeypatch.setattr(gateways, "PAUSES_S", ())
    opened: list[SpotifyGateway] = []

    def start() -> PublishingService:
        gateway = SpotifyGateway(api_base=spotify.base, patience=CallPatience(connect_s=2.0, read_s=0.6, whole_s=1.2))
        opened.append(gateway)
        return PublishingService(gateway=gateway, tokens=tokens, patience=SOON, wait_s=30)

    yield start
    for gateway in opened:
        gateway.close()


@pytest.fixture
def publishing(restart: Callable[[], PublishingService]) -> PublishingService:
    return restart()


async def saved(publishing: PublishingService, requester: Requester, playlist_id: str, choice: Any = None) -> Saved:
    """What pressing Save ends with."""
    result = await publishing.save(Saving(requester=requester, playlist_id=playlist_id, choice=choice))
    assert isinstance(result, Saved)
    return result


async def events() -> list[dict[str, Any]]:
    return [event async for event in FeedbackEvent.get_motor_collection().find()]


async def spotify_id_of(playlist_id: str) -> str | None:
    playlist = await Playlist.get(playlist_id)
    assert playlist is not None
    return playlist.spotify_playlist_id
