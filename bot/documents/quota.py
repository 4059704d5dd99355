"""How many calls of another service were made in the last day, and until when it is left alone.

Ours beyond the schema; one document a service, which every process asks before every call. All by the server's clock.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from pydantic import Field
from pymongo import ReturnDocument
from pymongo.errors import DuplicateKeyError

from bot.documents.base import DocumentPart, Stored

SLOT = timedelta(minutes=15)
"""Calls are counted by quarters of an hour; one counts until all of its quarter is a day old."""

DAY = timedelta(days=1)

PATIENCE = 3
"""Failures in a row before a service that fails is left alone."""

PAUSE_S, LONGEST_PAUSE_S = 30, 600
"""For how long at first, and at most; each further failure doubles it."""


class Spent(DocumentPart):
    """The calls of one quarter of an hour that began at `slot`."""

    slot: datetime
    calls: int


class Quota(Stored):
    """The calls to one service; its `id` is the service's name.

    It is left alone until `blocked_until` because of `reason`; `strikes` counts failures in a row. `granted` is what
    the last one who asked was told, and `updated_at` shows when, by the server's clock.
    """

    id: str = Field(alias="_id")  # type: ignore[assignment]  # beanie allows any type of id
    spent: list[Spent] = []
    granted: bool = False
    blocked_until: datetime | None = None
    reason: str = ""
    strikes: int = 0

    class Settings:
        """Where and how it is kept."""

        name = "quotas"
        keep_nulls = False

    @classmethod
    async def ask(cls, service: str, *, most: int) -> Quota:
        """One step of the database: counts a call if fewer than `most` were made in a day and nothing is blocked."""
        now_slot = {"$dateTrunc": {"date": "$$NOW", "unit": "minute", "binSize": int(SLOT.total_seconds() // 60)}}
        before = {"$filter": {"input": "$spent", "cond": {"$ne": ["$$this.slot", now_slot]}}}
        this = {"$filter": {"input": "$spent", "cond": {"$eq": ["$$this.slot", now_slot]}}}
        counted = {"slot": now_slot, "calls": {"$add": [{"$sum": _calls(this)}, 1]}}
        spent = {"$cond": ["$granted", {"$concatArrays": [before, [counted]]}, "$spent"]}
        return await cls._change(service, [*_standing(most), {"$set": {"spent": spent}}])

    @classmethod
    async def block(cls, service: str, *, seconds: float, reason: str) -> Quota:
        """Leave the service alone for so long from now, or longer where that was said before."""
        until = {"$add": ["$$NOW", round(seconds * 1000)]}
        longer = {"$gt": [until, {"$ifNull": ["$blockedUntil", _EPOCH]}]}
        change = {
            "reason": {"$cond": [longer, {"$literal": reason}, "$reason"]},
            "blockedUntil": {"$max": ["$blockedUntil", until]},
        }
        return await cls._change(service, [{"$set": change}])

    @classmethod
    async def strike(cls, service: str, *, reason: str) -> Quota:
        """Note a failure; from the third in a row on the service is left alone, longer each time."""
        beyond = {"$subtract": ["$strikes", PATIENCE]}
        pause_s = {"$min": [LONGEST_PAUSE_S, {"$multiply": [PAUSE_S, {"$pow": [2, {"$min": [beyond, 16]}]}]}]}
        until = {"$max": ["$blockedUntil", {"$add": ["$$NOW", {"$multiply": [1000, pause_s]}]}]}
        enough = {"$gte": ["$strikes", PATIENCE]}
        return await cls._change(
            service,
            [
                {"$set": {"strikes": {"$add": [{"$ifNull": ["$strikes", 0]}, 1]}}},
                {
                    "$set": {
                        "reason": {"$cond": [enough, {"$literal": reason}, "$reason"]},
                        "blockedUntil": {"$cond": [enough, until, "$blockedUntil"]},
                    }
                },
            ],
        )

    @classmethod
    async def calm(cls, service: str) -> Quota:
        """Note that it works: failures in a row begin anew."""
        return await cls._change(service, [{"$set": {"strikes": 0}}])

    @classmethod
    async def look(cls, service: str, *, most: int = 0) -> Quota:
        """How it stands now, without writing anything; `granted` tells whether a call would be that `ask` is asked for.

        A look waits for no disk: who is to be refused is refused at once.
        """
        steps = [{"$match": {"_id": service}}, *_standing(most), {"$set": {"updatedAt": "$$NOW"}}]
        found = await cls.get_motor_collection().aggregate(steps).to_list(1)
        looked: Quota = cls.model_validate(found[0] if found else {"_id": service, "granted": True})
        return looked

    @property
    def calls(self) -> int:
        """The calls of the last day."""
        moment = self.updated_at or datetime.now(UTC)
        return sum(spent.calls for spent in self.spent if spent.slot > moment - DAY - SLOT)

    @property
    def blocked_s(self) -> float:
        """Seconds from `updated_at` until the service may be called again; 0 when it may."""
        if self.blocked_until is None or self.updated_at is None:
            return 0.0
        return max(0.0, (self.blocked_until - self.updated_at).total_seconds())

    def room_in_s(self, most: int) -> float:
        """Seconds from `updated_at` until fewer than `most` calls count; 0 when it is so."""
        left, moment = self.calls, self.updated_at or datetime.now(UTC)
        if left < most:
            return 0.0
        for spent in sorted(self.spent, key=lambda spent: spent.slot):
            left -= spent.calls
            if left < most:
                return max(0.0, (spent.slot + SLOT + DAY - moment).total_seconds())
        return DAY.total_seconds()

    @classmethod
    async def _change(cls, service: str, steps: list[dict[str, Any]]) -> Quota:
        stamps = {"createdAt": {"$ifNull": ["$createdAt", "$$NOW"]}, "updatedAt": "$$NOW"}
        options: dict[str, Any] = {"upsert": True, "return_document": ReturnDocument.AFTER}
        collection = cls.get_motor_collection()
        update = [*steps, {"$set": stamps}]
        try:
            raw = await collection.find_one_and_update({"_id": service}, update, **options)
        except DuplicateKeyError:
            # Two came first at once.
            raw = await collection.find_one_and_update({"_id": service}, update, **options)
        changed: Quota = cls.model_validate(raw)
        return changed


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def _standing(most: int) -> list[dict[str, Any]]:
    """Steps after which `spent` holds what counts now, and `granted` whether one of `most` calls a day may be made."""
    fresh = {"$gt": ["$$this.slot", {"$subtract": ["$$NOW", _ms(DAY + SLOT)]}]}
    free = [{"$lt": [{"$sum": "$spent.calls"}, most]}, {"$not": [{"$gt": ["$blockedUntil", "$$NOW"]}]}]
    return [
        {"$set": {"spent": {"$filter": {"input": {"$ifNull": ["$spent", []]}, "cond": fresh}}}},
        {"$set": {"granted": {"$and": free}}},
    ]


def _calls(slots: dict[str, Any]) -> dict[str, Any]:
    return {"$map": {"input": slots, "in": "$$this.calls"}}


def _ms(span: timedelta) -> int:
    return int(span.total_seconds() * 1000)
