"""What members had deleted, and is still on the server's Spotify account: noted first, put right in time.

A playlist of theirs is taken down; one that somebody else made from theirs loses its name, which is made of their
words. What is noted says nothing about a member: an account of the server, and a playlist's id or marker on Spotify.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from bot.database import guarded
from bot.documents import Key, Publication
from bot.errors import LinkExpired, SpotifyBusy, SpotifyRefused, SpotifyUnreachable
from bot.services.publishing.metadata import NAMELESS, is_marked
from bot.spotify.gateway import PAGE_LIMIT, SpotifyGateway
from bot.spotify.values import AccessToken, Tokens

_log = logging.getLogger(__name__)
Raw = Mapping[str, Any]

AT_ONCE = 50
"""Playlists that one round puts right; each is a call to Spotify."""

KEPT = timedelta(days=30)
"""How long it is tried; after that the account is not the server's any more, or is not there."""

PAGES = 4
"""Pages of the account's playlists that are searched for one of which only the marker is known."""

_GONE = 404


async def give_up(playlist_ids: Sequence[Key]) -> int:
    """Notes what these playlists left on the server's account, and forgets where they were saved; how many.

    Broken off, it can be done again. Raises DatabaseDown.
    """
    with guarded():
        return await Publication.give_up(playlist_ids)


async def put_right(gateway: SpotifyGateway | None, tokens: Tokens, now: datetime) -> int:
    """Takes down and unnames what was noted, a round of it; how many. What cannot be done now is left for the next.

    Raises DatabaseDown.
    """
    with guarded():
        waiting = await Publication.to_put_right(since=now - KEPT, limit=AT_ONCE)
    done = 0
    try:
        token = await tokens.owner_token() if waiting and gateway is not None else None
        for raw in waiting:
            if gateway is not None and token is not None and raw["accountId"] == token.account_id:
                await _put_right(gateway, token, raw)
                done += 1
    except (LinkExpired, SpotifyBusy, SpotifyRefused, SpotifyUnreachable) as error:
        _log.info("playlists that members had deleted stay on Spotify until the next round: %r", error)
    return done


async def _put_right(gateway: SpotifyGateway, token: AccessToken, raw: Raw) -> None:
    place, unwanted = raw.get("spotifyPlaylistId"), raw["state"] == "unwanted"
    try:
        if not unwanted:
            await gateway.change_details(token, str(place), NAMELESS, raw.get("marker") or "", priority="library")
        elif place := place or await _marked(gateway, token, raw.get("marker") or ""):
            await gateway.unfollow(token, place, priority="library")
    except SpotifyRefused as refused:
        if refused.status != _GONE:
            raise
    with guarded():
        await Publication.was_put_right(raw)


async def _marked(gateway: SpotifyGateway, token: AccessToken, marker: str) -> str | None:
    """The playlist that was asked for, and whose answer was lost; None where there is none."""
    for page in range(PAGES if marker else 0):
        shown = await gateway.own_playlists(token, offset=page * PAGE_LIMIT, priority="library")
        for playlist in shown.items:
            if is_marked(playlist.description, marker):
                return playlist.id
        if (page + 1) * PAGE_LIMIT >= shown.total:
            break
    return None
