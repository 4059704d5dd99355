"""The ledger: which slot of which job was begun, by whom, and how it ended.

Ours beyond the schema. The id is "<job>:<slot>" and is written before the work, so a slot is begun once, whoever else
tries. The fence of a run is that of the lease under which it goes on: a run that was left unfinished is taken over
only under a higher one, and whoever had it before can end it no more.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Literal

from beanie import PydanticObjectId
from pydantic import Field
from pymongo import IndexModel, ReturnDocument
from pymongo.errors import DuplicateKeyError

from bot.documents.base import Key, Stored, now, object_id, stamped, stamped_new

RunState = Literal["started", "finished", "failed", "skipped", "lost"]
"""Skipped: too late to begin. Lost: begun and never ended, and not to be begun again."""


class JobRun(Stored):
    """One slot of a job: `slot` is when it was due, `attempt` counts who began it, `note` says what came of it.

    The run of a scheduled vibe names its schedule, its server, and the message where it was posted.
    """

    id: str = Field(alias="_id")  # type: ignore[assignment]  # beanie allows any type of id
    job: str
    slot: datetime
    state: RunState = "started"
    holder: str = ""
    fence: int = 0
    attempt: int = 1
    started_at: datetime | None = None
    finished_at: datetime | None = None
    duration_ms: float | None = None
    note: str | None = None
    schedule_id: PydanticObjectId | None = None
    guild_id: str | None = None
    message_id: str | None = None

    class Settings:
        """Where and how it is kept."""

        name = "jobruns"
        keep_nulls = False
        indexes = [IndexModel([("job", 1), ("slot", 1)]), IndexModel([("job", 1), ("state", 1)])]

    @property
    def scheduled_by(self) -> Key | None:
        """The key of the schedule whose run it is."""
        return None if self.schedule_id is None else Key(self.schedule_id)

    @classmethod
    async def is_over(cls, key: str) -> bool:
        """Whether that run has ended, in whatever way."""
        raw = await cls.get_motor_collection().find_one({"_id": key}, {"state": 1})
        return raw is not None and raw["state"] != "started"

    @classmethod
    async def begin(
        cls, key: str, *, job: str, slot: datetime, holder: str, fence: int, attempts: int, facts: Mapping[str, Any]
    ) -> int | None:
        """Begin a run, or take over one that was left: which attempt it is, or None when there is nothing to begin.

        A run is left when it was begun under a lower fence; after `attempts` of them it is lost. `facts` are other
        fields by their stored names, with a key for the schedule.
        """
        mine = {"holder": holder, "fence": fence, "startedAt": now()}
        run = {"_id": key, "job": job, "slot": slot, "state": "started", "attempt": 1, **mine, **facts}
        if "scheduleId" in run:
            run["scheduleId"] = object_id(run["scheduleId"])
        try:
            await cls.get_motor_collection().insert_one(stamped_new(run))
        except DuplicateKeyError:
            return await cls.take_over(key, holder=holder, fence=fence, attempts=attempts)
        return 1

    @classmethod
    async def take_over(cls, key: str, *, holder: str, fence: int, attempts: int) -> int | None:
        """Go on with a run that was left under a lower fence: which attempt it is now, or None."""
        left = {"_id": key, "state": "started", "fence": {"$lt": fence}}
        change = {"$set": {"holder": holder, "fence": fence, "startedAt": now()}, "$inc": {"attempt": 1}}
        collection = cls.get_motor_collection()
        raw = await collection.find_one_and_update(
            {**left, "attempt": {"$lt": attempts}}, stamped(change), return_document=ReturnDocument.AFTER
        )
        if raw is not None:
            return int(raw["attempt"])
        lost = {"state": "lost", "finishedAt": now(), "note": f"left unfinished {attempts} times"}
        await collection.update_one(left, stamped({"$set": lost}))
        return None

    @classmethod
    async def end(cls, key: str, *, fence: int, state: RunState, note: str, **facts: Any) -> bool:
        """Write how a run ended; False when somebody else has taken it over."""
        fields = {"state": state, "note": note, "finishedAt": now(), **facts}
        result = await cls.get_motor_collection().update_one(
            {"_id": key, "fence": fence, "state": "started"}, stamped({"$set": fields})
        )
        return bool(result.matched_count)

    @classmethod
    async def close_left(cls, job: str, *, before: datetime, fence: int) -> int:
        """Runs of earlier slots that were begun under a lower fence and never ended are lost; how many they were."""
        left = {"job": job, "state": "started", "slot": {"$lt": before}, "fence": {"$lt": fence}}
        lost = {"state": "lost", "finishedAt": now(), "note": "left unfinished, and a later slot has come"}
        result = await cls.get_motor_collection().update_many(left, stamped({"$set": lost}))
        return int(result.modified_count)

    @classmethod
    async def left(cls, job: str, *, fence: int, limit: int) -> list[JobRun]:
        """The runs of a job that were begun under a lower fence and never ended, the oldest first."""
        found = cls.get_motor_collection().find({"job": job, "state": "started", "fence": {"$lt": fence}})
        return [cls.model_validate(raw) async for raw in found.sort("slot", 1).limit(limit)]

    @classmethod
    async def latest(cls, job: str) -> JobRun | None:
        """The run of the latest slot of a job."""
        raw = await cls.get_motor_collection().find_one({"job": job}, sort=[("slot", -1)])
        return None if raw is None else cls.model_validate(raw)

    @classmethod
    async def forget(cls, before: datetime) -> int:
        """Remove the runs of slots before that moment, but each job's latest; how many they were."""
        collection = cls.get_motor_collection()
        latest = [raw["key"] async for raw in collection.aggregate(_LATEST)]
        result = await collection.delete_many({"slot": {"$lt": before}, "_id": {"$nin": latest}})
        return int(result.deleted_count)


def run_key(job: str, slot: datetime) -> str:
    """The id of a run: "<job>:<slot>", the slot in UTC to the second."""
    return f"{job}:{slot.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


_LATEST: list[dict[str, Any]] = [
    {"$sort": {"job": 1, "slot": -1}},
    {"$group": {"_id": "$job", "key": {"$first": "$_id"}}},
]
