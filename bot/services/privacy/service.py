"""What is kept about members and servers: told, handed out, deleted, and forgotten by itself in time."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from bot.database import guarded
from bot.documents import GuildSettings, MoodQuery, Playlist, User
from bot.documents.base import STEP
from bot.documents.data_inventory import counts_of, known_guilds
from bot.services.members import member
from bot.services.privacy.data_export import Explain, Export, export_member
from bot.services.privacy.erasure import erase_guild, erase_member, erase_playlists, ids_of, in_steps
from bot.services.values import Requester

_log = logging.getLogger(__name__)

TEXTS_KEPT = timedelta(days=90)
"""How long the words of requests, and names made of them, are kept."""

LEFT_GUILDS_KEPT = timedelta(days=30)
"""How long the data of a server is kept after the bot left it."""

DELETED_KEPT = timedelta(days=1)
"""How long a deleted playlist can be put back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DataSummary:
    """What is kept about a member: how many of each, and whether feedback teaches anything."""

    requests: int = 0
    playlists: int = 0
    ratings: int = 0
    learning: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Erased:
    """What was deleted: documents of each kind by the names that the export has for them."""

    counts: tuple[tuple[str, int], ...]

    @property
    def total(self) -> int:
        """All of them, without the counters and the mark that deleting itself needs."""
        return sum(count for name, count in self.counts if name not in ("limits", "profile"))


class PrivacyService:
    """A member's rights over their data, and the clock that forgets."""

    def __init__(self, *, clock: Callable[[], datetime]) -> None:
        self._clock = clock

    async def kept(self, requester: Requester) -> DataSummary:
        """What is kept about the one who asks; looking stores nothing. Raises DatabaseDown."""
        ids = await ids_of(requester.user_id)
        with guarded():
            users = await User.raws(ids.user_ids, "preferences.learning")
            requests, playlists, ratings = await counts_of(ids)
        preferences = next(iter(users.values()), {}).get("preferences") or {}
        return DataSummary(
            requests=requests,
            playlists=playlists,
            ratings=ratings,
            learning=preferences.get("learning", True) is not False,
        )

    async def export(self, requester: Requester, *, limit: int, explain: Explain) -> Export:
        """Everything about the one who asks as a file, of at most `limit` bytes where possible.

        `explain` writes the page that goes along. Raises DatabaseDown.
        """
        return await export_member(requester.user_id, moment=self._clock(), limit=limit, explain=explain)

    async def erase(self, requester: Requester) -> Erased:
        """Deletes everything about the one who asks, from every collection.

        Meanwhile nothing new is stored about them, and a request of theirs that is under way leaves nothing behind.
        Raises DatabaseDown when not everything could be deleted; asked again, it goes on.
        """
        counts = await erase_member(requester.user_id)
        _log.info("a member had everything deleted: %s", counts)
        return Erased(counts=tuple(counts.items()))

    async def set_learning(self, requester: Requester, *, on: bool) -> None:
        """Whether what the member rates teaches anything from now on. Raises BeingErased, DatabaseDown."""
        who = await member(requester)
        with guarded():
            await User.set_preference(who.id, "learning", on=on)

    async def expire_texts(self, now: datetime) -> int:
        """Blanks words of requests and names made of words that are older than TEXTS_KEPT: how many documents.

        The documents stay, and so does the order of what members used last: forgetting is no use, so `updatedAt`
        does not move. Raises DatabaseDown.
        """
        before = now - TEXTS_KEPT
        requests = await in_steps(partial(MoodQuery.blank_some, before))
        return requests + await in_steps(partial(Playlist.blank_some, before))

    async def forget_deleted(self, now: datetime) -> int:
        """Deletes for good the playlists that their owners deleted more than DELETED_KEPT ago: how many."""
        total = 0
        while True:
            with guarded():
                found = await Playlist.deleted_before(now - DELETED_KEPT, STEP)
            total += await erase_playlists(found)
            if len(found) < STEP:
                return total

    async def forget_left_guilds(self, now: datetime) -> int:
        """Forgets the servers that the bot left more than LEFT_GUILDS_KEPT ago: how many. Raises DatabaseDown."""
        with guarded():
            guild_ids = await GuildSettings.left_before(now - LEFT_GUILDS_KEPT)
        for guild_id in guild_ids:
            documents = await erase_guild(guild_id)
            _log.info("server %s was left long ago and is forgotten: %d documents", guild_id, documents)
        return len(guild_ids)

    async def note_left(self, guild_id: str) -> None:
        """The bot left this server, or was removed; its data goes in time. Raises DatabaseDown."""
        await self._note_left([guild_id])

    async def note_joined(self, guild_id: str) -> None:
        """The bot is on this server (again), so its data stays. Raises DatabaseDown."""
        await self._note_joined([guild_id])

    async def note_guilds(self, guild_ids: Iterable[str]) -> None:
        """These are all servers that the bot is on: what it left while it was not running is noted too.

        Raises DatabaseDown.
        """
        here = set(guild_ids)
        with guarded():
            known = await known_guilds()
        await self._note_joined(sorted(here & known))
        await self._note_left(sorted(known - here))

    async def _note_left(self, guild_ids: list[str]) -> None:
        for guild_id in guild_ids:
            with guarded():
                await GuildSettings.note_left(guild_id, self._clock())

    async def _note_joined(self, guild_ids: list[str]) -> None:
        with guarded():
            await GuildSettings.note_joined(guild_ids)
