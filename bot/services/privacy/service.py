"""What is kept about members and servers: told, handed out, deleted, and forgotten by itself in time."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.database import guarded
from bot.documents import FeedbackEvent, GuildSettings, Mood, MoodQuery, Playlist, Schedule, User, derived_id, stamped
from bot.services.members import member
from bot.services.privacy.data_export import Export, export_member
from bot.services.privacy.data_inventory import Query
from bot.services.privacy.erasure import STEP, erase_guild, erase_member, erase_playlists, ids_of, in_steps
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
        mine: Query = {"userId": {"$in": list(ids.user_ids)}}
        with guarded():
            user = await User.get_motor_collection().find_one({"_id": {"$in": list(ids.user_ids)}}, {"preferences": 1})
            preferences = (user or {}).get("preferences") or {}
            return DataSummary(
                requests=await MoodQuery.get_motor_collection().count_documents(mine),
                playlists=await Playlist.get_motor_collection().count_documents({**mine, "deletedAt": None}),
                ratings=await FeedbackEvent.get_motor_collection().count_documents(mine),
                learning=preferences.get("learning", True) is not False,
            )

    async def export(self, requester: Requester, *, limit: int) -> Export:
        """Everything about the one who asks as a file, of at most `limit` bytes where possible. Raises DatabaseDown."""
        return await export_member(requester.user_id, moment=self._clock(), limit=limit)

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
            change = stamped({"$set": {"preferences.learning": on}})
            await User.get_motor_collection().update_one({"_id": who.id}, change)

    async def expire_texts(self, now: datetime) -> int:
        """Blanks words of requests and names made of words that are older than TEXTS_KEPT: how many documents.

        The documents stay, and so does the order of what members used last: forgetting is no use, so `updatedAt`
        does not move. Raises DatabaseDown.
        """
        old = {"createdAt": {"$lt": now - TEXTS_KEPT}}
        requests = await in_steps(
            MoodQuery, {**old, "rawText": {"$nin": ["", None]}}, _blanking({"rawText": "", "unknownSpans": []})
        )
        named = {"$or": [{"name": {"$nin": ["", None]}}, {"description": {"$nin": ["", None]}}]}
        return requests + await in_steps(Playlist, {**old, **named}, _blanking({"name": "", "description": ""}))

    async def forget_deleted(self, now: datetime) -> int:
        """Deletes for good the playlists that their owners deleted more than DELETED_KEPT ago: how many."""
        old = {"deletedAt": {"$lt": now - DELETED_KEPT}}
        total = 0
        while True:
            with guarded():
                found = await Playlist.get_motor_collection().find(old).limit(STEP).to_list(STEP)
            total += await erase_playlists(found)
            if len(found) < STEP:
                return total

    async def forget_left_guilds(self, now: datetime) -> int:
        """Forgets the servers that the bot left more than LEFT_GUILDS_KEPT ago: how many. Raises DatabaseDown."""
        with guarded():
            left = {"leftAt": {"$lt": now - LEFT_GUILDS_KEPT}}
            guild_ids = [
                raw["guildId"] async for raw in GuildSettings.get_motor_collection().find(left, {"guildId": 1})
            ]
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
            known: set[str] = set()
            for document in (GuildSettings, Mood, Schedule):
                known |= set(await document.get_motor_collection().distinct("guildId", {"guildId": {"$ne": None}}))
        await self._note_joined(sorted(here & known))
        await self._note_left(sorted(known - here))

    async def _note_left(self, guild_ids: list[str]) -> None:
        collection = GuildSettings.get_motor_collection()
        for guild_id in guild_ids:
            with guarded():
                # The first time counts.
                key, new = derived_id("guild", guild_id), {"guildId": guild_id}
                await collection.update_one({"_id": key}, stamped({"$setOnInsert": new}), upsert=True)
                gone = stamped({"$set": {"leftAt": self._clock()}})
                await collection.update_one({"_id": key, "leftAt": None}, gone)

    async def _note_joined(self, guild_ids: list[str]) -> None:
        keys = [derived_id("guild", guild_id) for guild_id in guild_ids]
        here = {"_id": {"$in": keys}, "leftAt": {"$ne": None}}
        with guarded():
            await GuildSettings.get_motor_collection().update_many(here, stamped({"$unset": {"leftAt": ""}}))


def _blanking(fields: dict[str, Any]) -> Any:
    async def blank(collection: Any, chosen: Query) -> int:
        return int((await collection.update_many(chosen, {"$set": fields})).modified_count)

    return blank
