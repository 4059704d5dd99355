"""Playlists on the server's Spotify account whose makers had them deleted: noted first, taken down in time.

What is noted says nothing about a member: an account of the server, and a playlist's id on Spotify.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

from bson import ObjectId

from bot.database import guarded
from bot.documents import Publication, stamped
from bot.errors import LinkExpired, SpotifyBusy, SpotifyRefused, SpotifyUnreachable
from bot.spotify.gateway import SpotifyGateway
from bot.spotify.values import Tokens

_log = logging.getLogger(__name__)

AT_ONCE = 50
"""Playlists that one round takes down; each is a call to Spotify."""

KEPT = timedelta(days=30)
"""How long it is tried; after that the account is not the server's any more, or is not there."""

_GONE = 404


async def give_up(playlist_ids: Sequence[ObjectId]) -> int:
    """Notes what these playlists left on the server's account, and forgets where they were saved; how many.

    Broken off, it can be done again. Raises DatabaseDown.
    """
    of_these = {"playlistId": {"$in": list(playlist_ids)}}
    with guarded():
        publications = Publication.get_motor_collection()
        left = [
            raw async for raw in publications.find({**of_these, "own": False, "state": {"$in": ["created", "done"]}})
        ]
        for raw in left:
            place = {"accountId": raw["accountId"], "spotifyPlaylistId": raw["spotifyPlaylistId"]}
            key = f"unwanted:{raw['accountId']}:{raw['spotifyPlaylistId']}"
            note = stamped({"$set": {**place, "own": False, "state": "unwanted"}})
            await publications.update_one({"_id": key}, note, upsert=True)
        await publications.delete_many(of_these)
    return len(left)


async def take_down_unwanted(gateway: SpotifyGateway | None, tokens: Tokens, now: datetime) -> int:
    """Takes down what was noted, a round of it; how many. What cannot be done now is left for the next round.

    Raises DatabaseDown.
    """
    publications = Publication.get_motor_collection()
    with guarded():
        await publications.delete_many({"state": "unwanted", "createdAt": {"$lt": now - KEPT}})
        waiting = await publications.find({"state": "unwanted"}).limit(AT_ONCE).to_list(AT_ONCE)
    done = 0
    try:
        token = await tokens.owner_token() if waiting and gateway is not None else None
        for raw in waiting:
            if gateway is None or token is None or raw["accountId"] != token.account_id:
                continue
            try:
                await gateway.unfollow(token, raw["spotifyPlaylistId"], priority="library")
            except SpotifyRefused as refused:
                if refused.status != _GONE:
                    raise
            with guarded():
                await publications.delete_one({"_id": raw["_id"]})
            done += 1
    except (LinkExpired, SpotifyBusy, SpotifyRefused, SpotifyUnreachable) as error:
        _log.info("playlists that nobody wants stay on Spotify until the next round: %r", error)
    return done
