"""Who may do something alone, for how long, by the server's clock.

Ours beyond the schema. A lease that was taken anew carries a higher `fence`: whoever held it before can be told apart,
however long it was frozen. No process's own clock plays a part.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from bson.codec_options import CodecOptions
from pydantic import Field
from pymongo import ReturnDocument
from pymongo.errors import DuplicateKeyError

from bot.documents.base import Stored


class Lease(Stored):
    """The right to do `id` alone, held by `holder` until `until`."""

    id: str = Field(alias="_id")  # type: ignore[assignment]  # beanie allows any type of id
    holder: str
    fence: int
    until: datetime

    class Settings:
        """Where and how it is kept."""

        name = "leases"
        keep_nulls = False

    @classmethod
    async def take(cls, name: str, *, holder: str, seconds: float) -> int | None:
        """Take it where it is free or has run out: its new fence, or None while somebody holds it.

        `holder` names one holding and no other, so that the answer is told from another's.
        """
        free = {"$lte": [{"$ifNull": ["$until", _EPOCH]}, "$$NOW"]}
        mine = {
            "holder": {"$literal": holder},
            "fence": {"$add": [{"$ifNull": ["$fence", 0]}, 1]},
            "until": _from_now(seconds),
            "createdAt": {"$ifNull": ["$createdAt", "$$NOW"]},
            "updatedAt": "$$NOW",
        }
        # A query with $expr may not insert, so the condition stands in the update.
        taken = {key: {"$cond": [free, value, f"${key}"]} for key, value in mine.items()}
        try:
            raw = await cls.get_motor_collection().find_one_and_update(
                {"_id": name}, [{"$set": taken}], upsert=True, return_document=ReturnDocument.AFTER
            )
        except DuplicateKeyError:
            return None
        return int(raw["fence"]) if raw["holder"] == holder else None

    @classmethod
    async def renew(cls, name: str, *, fence: int, seconds: float) -> bool:
        """Hold it `seconds` from now; False when somebody else has taken it since."""
        result = await cls.get_motor_collection().update_one(
            {"_id": name, "fence": fence}, _set(until=_from_now(seconds))
        )
        return bool(result.matched_count)

    @classmethod
    async def free(cls, name: str, *, fence: int) -> None:
        """Give it back, unless somebody else has taken it since."""
        await cls.get_motor_collection().update_one({"_id": name, "fence": fence}, _set(until="$$NOW"))

    @classmethod
    async def server_time(cls) -> datetime:
        """What the server's clock shows, in UTC."""
        aware: CodecOptions[dict[str, Any]] = CodecOptions(tz_aware=True)  # a command does not take the client's
        answer = await cls.get_motor_collection().database.command("hello", codec_options=aware)
        moment: datetime = answer["localTime"]
        return moment


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def _set(**fields: Any) -> list[dict[str, Any]]:
    """An update that reads the server's clock."""
    return [{"$set": {**fields, "updatedAt": "$$NOW"}}]


def _from_now(seconds: float) -> dict[str, Any]:
    return {"$add": ["$$NOW", round(seconds * 1000)]}
