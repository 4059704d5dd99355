"""A vibe that a server has posted again and again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

from beanie import PydanticObjectId
from pymongo import IndexModel, ReturnDocument

from bot.documents.base import DocumentPart, Key, Stored, encoded, now, object_id, stamped
from bot.documents.user import User

ScheduleState = Literal["on", "paused", "stopped", "removed"]
"""Stopped: by us, because it cannot go on. Removed: kept for a while, so that it can be undone."""


class Rule(DocumentPart):
    """When it comes: every so many days or weeks from `anchor` (an ISO date), on weekdays 0 to 6, at a minute."""

    unit: Literal["day", "week"]
    every: int = 1
    days: list[int] = []
    minute: int
    anchor: str


class LastRun(DocumentPart):
    """What came of the latest slot: its outcome, why, and the message where one was posted."""

    slot: datetime
    outcome: Literal["posted", "failed", "skipped", "lost"]
    reason: str | None = None
    message_id: str | None = None


class Schedule(Stored):
    """A vibe by its `text`, or a mood by its key, for a channel; `next_at` is None unless it is on.

    `user_id` is who made it; it stays when they go, for it is the server's. `reason` says why it was stopped.
    """

    guild_id: str
    channel_id: str
    user_id: PydanticObjectId | None = None
    text: str | None = None
    mood_key: str | None = None
    rule: Rule
    time_zone: str
    state: ScheduleState = "on"
    before: ScheduleState | None = None
    reason: str | None = None
    next_at: datetime | None = None
    last: LastRun | None = None

    class Settings:
        """Where and how it is kept."""

        name = "schedules"
        keep_nulls = False
        indexes = [IndexModel([("guildId", 1)]), IndexModel([("state", 1), ("nextAt", 1)])]

    @classmethod
    async def of_guild(cls, guild_id: str) -> list[Schedule]:
        """A server's schedules without those that were removed, in the order they were made."""
        found = cls.get_motor_collection().find({"guildId": guild_id, "state": {"$ne": "removed"}}).sort("_id", 1)
        return [cls.model_validate(raw) async for raw in found]

    @classmethod
    async def named(cls, key: Key) -> Schedule | None:
        """One schedule, whatever its state; None when it is not there."""
        return await cls.get(object_id(key))

    @classmethod
    async def on_guild(cls, guild_id: str, key: Key, *, removed: bool = False) -> Schedule | None:
        """A schedule of this server that was removed, or one that was not; None when there is none like that."""
        found = await cls.named(key)
        return found if found and found.guild_id == guild_id and (found.state == "removed") == removed else None

    @classmethod
    async def keys_on(cls, guild_id: str) -> list[Key]:
        """The keys of all of a server's schedules, also of removed ones."""
        return [raw["_id"] async for raw in cls.plain().find({"guildId": guild_id}, {"_id": 1})]

    @classmethod
    async def due(cls, moment: datetime, limit: int) -> list[Schedule]:
        """The schedules that are on and whose time has come, the longest overdue first."""
        found = cls.get_motor_collection().find({"state": "on", "nextAt": {"$lte": moment}}).sort("nextAt", 1)
        return [cls.model_validate(raw) async for raw in found.limit(limit)]

    @classmethod
    async def advance(cls, key: Key, *, slot: datetime, next_at: datetime) -> bool:
        """Go on from a slot to the next one; False when somebody did."""
        result = await cls.get_motor_collection().update_one(
            {"_id": object_id(key), "state": "on", "nextAt": slot}, stamped({"$set": {"nextAt": next_at}})
        )
        return bool(result.matched_count)

    @classmethod
    async def note(cls, key: Key, last: LastRun) -> None:
        """Note what came of a slot, unless a later one was noted."""
        older = [{"last": {"$exists": False}}, {"last": None}, {"last.slot": {"$lte": last.slot}}]
        await cls.get_motor_collection().update_one(
            {"_id": object_id(key), "$or": older}, stamped({"$set": {"last": encoded(last)}})
        )

    @classmethod
    async def alter(
        cls, guild_id: str, key: Key, fields: Mapping[str, Any], *, removed: bool = False
    ) -> Schedule | None:
        """Change fields, by their stored names, of a schedule of this server that was `removed`, or was not.

        It as it is then; None when there is none like that.
        """
        state = "removed" if removed else {"$ne": "removed"}
        return await cls._change({"_id": object_id(key), "guildId": guild_id, "state": state}, fields)

    @classmethod
    async def stop(cls, key: Key, reason: str) -> Schedule | None:
        """Stop a schedule that is on: as it is then. None when it is not on (any more)."""
        stopped = {"state": "stopped", "reason": reason, "nextAt": None}
        return await cls._change({"_id": object_id(key), "state": "on"}, stopped)

    @classmethod
    async def _change(cls, query: Mapping[str, Any], fields: Mapping[str, Any]) -> Schedule | None:
        gone = {key: "" for key, value in fields.items() if value is None}
        kept = {key: value for key, value in fields.items() if value is not None}
        update = {"$set": kept, **({"$unset": gone} if gone else {})}
        raw = await cls.get_motor_collection().find_one_and_update(
            dict(query), stamped(update), return_document=ReturnDocument.AFTER
        )
        return None if raw is None else cls.model_validate(raw)

    @staticmethod
    def member_name(schedule_id: object) -> str:
        """What stands for a Discord id where a schedule is a member of its own: it is who asks for its playlists."""
        return f"schedule:{schedule_id}"

    @classmethod
    async def forget_removed(cls, before: datetime) -> int:
        """Remove for good, with the members that they were, what was removed before that moment; how many they were.

        What they posted stays in its channels, with its buttons, until the server is forgotten.
        """
        query = {"state": "removed", "updatedAt": {"$lt": min(before, now())}}
        removed = [raw["_id"] async for raw in cls.get_motor_collection().find(query, {"_id": 1})]
        members = [User.id_of(cls.member_name(key)) for key in removed]
        await User.get_motor_collection().delete_many({"_id": {"$in": members}})
        result = await cls.get_motor_collection().delete_many({"_id": {"$in": removed}})
        return int(result.deleted_count)
