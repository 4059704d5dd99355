"""A member's own playlists: the last one here, all of them by pages, and what their owner may do with each."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.database import guarded
from bot.documents import Playlist, User
from bot.errors import DatabaseDown, Gone, NoName, NothingBefore
from bot.services.playlists.object_ids import stored_key
from bot.services.playlists.request_text import NAME_LIMIT
from bot.services.request_words import readable, shows
from bot.services.values import Requester

PAGE = 5
"""Playlists on one page."""

_PATIENCE_S = 2.0


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
        mine = User.key_of(requester.user_id)
        try:
            async with asyncio.timeout(_PATIENCE_S):
                with guarded():
                    found = await Playlist.latest_of(mine, channel_id=requester.channel_id)
                    if found is None and requester.guild_id is not None:
                        found = await Playlist.latest_of(mine, guild_id=requester.guild_id)
        except TimeoutError as late:
            raise DatabaseDown("no answer in time to look for the last playlist") from late
        if found is None:
            raise NothingBefore
        return _past(found)

    async def page(self, requester: Requester, page: int = 0) -> HistoryPage:
        """A page of the playlists; beyond the last it is the last. Raises DatabaseDown."""
        mine = User.key_of(requester.user_id)
        with guarded():
            total = await Playlist.count_of(mine)
            page = min(max(page, 0), max(0, (total - 1) // PAGE))
            found = await Playlist.page_of(mine, skip=page * PAGE, limit=PAGE)
        return HistoryPage(playlists=tuple(_past(raw) for raw in found), page=page, total=total)

    async def one(self, requester: Requester, playlist_id: str) -> PastPlaylist:
        """One of them. Raises Gone("playlist") when it was deleted or is not theirs, DatabaseDown."""
        key = stored_key(playlist_id, what="playlist")
        with guarded():
            return _past(await Playlist.of_member(key, User.key_of(requester.user_id)))

    async def rename(self, requester: Requester, playlist_id: str, name: str) -> PastPlaylist:
        """Another name for it, of at most NAME_LIMIT characters. Raises NoName, Gone("playlist"), DatabaseDown."""
        name = " ".join(readable(name).split())[:NAME_LIMIT].strip()
        if not any(shows(sign) for sign in name):
            raise NoName
        key = stored_key(playlist_id, what="playlist")
        with guarded():
            return _past(await Playlist.rename(key, User.key_of(requester.user_id), name))

    async def delete(self, requester: Requester, playlist_id: str) -> PastPlaylist:
        """Out of sight at once and for everybody; to be put back for a day. Raises Gone("playlist"), DatabaseDown."""
        key = stored_key(playlist_id, what="playlist")
        with guarded():
            return _past(await Playlist.hide(key, User.key_of(requester.user_id)))

    async def restore(self, requester: Requester, playlist_id: str) -> PastPlaylist:
        """Puts a deleted one back. Raises Gone("playlist") when that is too late, DatabaseDown."""
        key = stored_key(playlist_id, what="playlist")
        with guarded():
            return _past(await Playlist.restore(key, User.key_of(requester.user_id)))


def _past(raw: Mapping[str, Any] | None) -> PastPlaylist:
    """A stored playlist as history shows it. Raises Gone("playlist") for None."""
    if raw is None:
        raise Gone(what="playlist")
    posted = raw.get("discord") or {}
    return PastPlaylist(
        playlist_id=str(raw["_id"]),
        name=raw.get("name") or "",
        made_at=raw.get("createdAt"),
        songs=len(raw.get("tracks") or ()),
        only_me=bool(raw.get("onlyMe")),
        guild_id=posted.get("guildId"),
        channel_id=posted.get("channelId"),
        message_id=posted.get("messageId"),
        deleted=raw.get("deletedAt") is not None,
    )
