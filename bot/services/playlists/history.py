"""A member's own playlists: the last one here, all of them by pages, and what their owner may do with each."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from beanie import PydanticObjectId
from pymongo import ReturnDocument

from bot.database import guarded
from bot.documents import Playlist, User, now, stamped
from bot.errors import DatabaseDown, Gone, NoName, NothingBefore
from bot.services.playlists.object_ids import stored_key
from bot.services.playlists.request_text import NAME_LIMIT, readable, shows
from bot.services.values import Requester

PAGE = 5
"""Playlists on one page."""

_PATIENCE_S = 2.0
_NEWEST = [("createdAt", -1), ("_id", -1)]
_FIELDS = ("name", "createdAt", "tracks.trackId", "discord", "onlyMe", "deletedAt")


@dataclass(frozen=True, slots=True, kw_only=True)
class PastPlaylist:
    """A playlist in somebody's history. `guild_id` is None in a direct message, `message_id` where no card is known."""

    playlist_id: str
    name: str
    made_at: datetime | None
    songs: int
    only_me: bool = False
    guild_id: str | None = None
    channel_id: str | None = None
    message_id: str | None = None
    deleted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryPage:
    """Some of somebody's playlists, the newest first; `page` counts from 0, `total` is of all pages."""

    playlists: tuple[PastPlaylist, ...]
    page: int
    total: int

    @property
    def pages(self) -> int:
        """How many there are; an empty history has one."""
        return max(1, -(-self.total // PAGE))


class HistoryService:
    """Every call is about the playlists of the one who asks; those of others are as if they were not there."""

    async def latest(self, requester: Requester) -> PastPlaylist:
        """The last playlist in this channel, else on this server, of those that were not undone.

        Raises NothingBefore, DatabaseDown within 2 s.
        """
        mine = {"userId": User.id_of(requester.user_id), "deletedAt": None, "undoneAt": None}
        here = {**mine, "discord.channelId": requester.channel_id}
        around = {**mine, "discord.guildId": requester.guild_id}
        playlists = Playlist.get_motor_collection()
        try:
            async with asyncio.timeout(_PATIENCE_S):
                with guarded():
                    found = await playlists.find_one(here, sort=_NEWEST)
                    if found is None and requester.guild_id is not None:
                        found = await playlists.find_one(around, sort=_NEWEST)
        except TimeoutError as late:
            raise DatabaseDown("no answer in time to look for the last playlist") from late
        if found is None:
            raise NothingBefore
        return _past(found)

    async def page(self, requester: Requester, page: int = 0) -> HistoryPage:
        """A page of the playlists; beyond the last it is the last. Raises DatabaseDown."""
        mine = {"userId": User.id_of(requester.user_id), "deletedAt": None}
        playlists = Playlist.get_motor_collection()
        with guarded():
            total = await playlists.count_documents(mine)
            page = min(max(page, 0), max(0, (total - 1) // PAGE))
            cursor = playlists.find(mine, dict.fromkeys(_FIELDS, 1)).sort(_NEWEST).skip(page * PAGE).limit(PAGE)
            found = await cursor.to_list(PAGE)
        return HistoryPage(playlists=tuple(_past(raw) for raw in found), page=page, total=total)

    async def one(self, requester: Requester, playlist_id: str) -> PastPlaylist:
        """One of them. Raises Gone("playlist") when it was deleted or is not theirs, DatabaseDown."""
        query = {"_id": stored_key(playlist_id, what="playlist"), "userId": User.id_of(requester.user_id)}
        with guarded():
            found = await Playlist.get_motor_collection().find_one({**query, "deletedAt": None})
        if found is None:
            raise Gone(what="playlist")
        return _past(found)

    async def rename(self, requester: Requester, playlist_id: str, name: str) -> PastPlaylist:
        """Another name for it, of at most NAME_LIMIT characters. Raises NoName, Gone("playlist"), DatabaseDown."""
        name = " ".join(readable(name).split())[:NAME_LIMIT].strip()
        if not any(shows(sign) for sign in name):
            raise NoName
        return await self._change(requester, playlist_id, {"$set": {"name": name}}, deleted=False)

    async def delete(self, requester: Requester, playlist_id: str) -> PastPlaylist:
        """Out of sight at once and for everybody; to be put back for a day. Raises Gone("playlist"), DatabaseDown."""
        return await self._change(requester, playlist_id, {"$set": {"deletedAt": now()}}, deleted=False)

    async def restore(self, requester: Requester, playlist_id: str) -> PastPlaylist:
        """Puts a deleted one back. Raises Gone("playlist") when that is too late, DatabaseDown."""
        return await self._change(requester, playlist_id, {"$unset": {"deletedAt": ""}}, deleted=True)

    @staticmethod
    async def _change(
        requester: Requester, playlist_id: str, update: Mapping[str, Any], *, deleted: bool
    ) -> PastPlaylist:
        """Changes one of theirs that is deleted, or is not; pressed twice, it is changed once and shown twice."""
        query = {"_id": stored_key(playlist_id, what="playlist"), "userId": User.id_of(requester.user_id)}
        wanted = {**query, "deletedAt": {"$ne": None} if deleted else None}
        playlists = Playlist.get_motor_collection()
        with guarded():
            found = await playlists.find_one_and_update(wanted, stamped(update), return_document=ReturnDocument.AFTER)
            if found is None and "name" not in update.get("$set", {}):
                found = await playlists.find_one(query)
        if found is None:
            raise Gone(what="playlist")
        return _past(found)


def _past(raw: Mapping[str, Any]) -> PastPlaylist:
    posted = raw.get("discord") or {}
    return PastPlaylist(
        playlist_id=str(PydanticObjectId(raw["_id"])),
        name=raw.get("name") or "",
        made_at=raw.get("createdAt"),
        songs=len(raw.get("tracks") or ()),
        only_me=bool(raw.get("onlyMe")),
        guild_id=posted.get("guildId"),
        channel_id=posted.get("channelId"),
        message_id=posted.get("messageId"),
        deleted=raw.get("deletedAt") is not None,
    )
