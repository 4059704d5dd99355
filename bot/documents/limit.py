"""Who asked how often lately. Ours beyond the schema; nothing in it outlives its minute for long."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from beanie import PydanticObjectId
from pydantic import Field
from pymongo import ReturnDocument
from pymongo.errors import DuplicateKeyError

from bot.documents.base import DocumentPart, Key, Stored, object_id, stamped_new


class AdmittedRequest(DocumentPart):
    """A request that was let in, and when by the database's clock."""

    at: datetime
    token: PydanticObjectId


class Limit(Stored):
    """The requests of the last minute of one member or one server; its `id` is "member:<id>" or "guild:<id>".

    `holder` is the request under way and `busy_until` when it is given up for lost. A refusal is told in words once
    until `told_until`; `told` says that the last one was told already. "message:<id>" marks a message that one process
    has taken.
    """

    id: str = Field(alias="_id")  # type: ignore[assignment]  # beanie allows any type of id
    discord_user_id: str | None = None
    guild_id: str | None = None
    recent: list[AdmittedRequest] = []
    holder: PydanticObjectId | None = None
    busy_until: datetime | None = None
    told: bool = False
    told_until: datetime | None = None

    class Settings:
        """Where and how it is kept."""

        name = "limits"
        keep_nulls = False

    @classmethod
    async def ask(
        cls,
        key: str,
        owner: dict[str, str],
        *,
        token: Key,
        most: int,
        window: timedelta,
        lease: timedelta | None,
        quiet: timedelta,
    ) -> Limit:
        """One step of the database, by its own clock: lets `token` in when fewer than `most` came within `window`.

        With a `lease` it is also refused while another request holds one, and holds one itself from then on. Look
        `admitted` up to know which. Of refusals the first in `quiet` finds `told` False.
        """
        update = _asked(owner, token=object_id(token), most=most, window=window, lease=lease, quiet=quiet)
        options: dict[str, Any] = {"upsert": True, "return_document": ReturnDocument.AFTER}
        collection = cls.get_motor_collection()
        try:
            raw = await collection.find_one_and_update({"_id": key}, update, **options)
        except DuplicateKeyError:
            # Two came first at once.
            raw = await collection.find_one_and_update({"_id": key}, update, **options)
        asked: Limit = cls.model_validate(raw)
        return asked

    def admitted(self, token: Key) -> bool:
        """Whether the request was let in."""
        return any(admission.token == object_id(token) for admission in self.recent)

    @classmethod
    async def release(cls, key: str, token: Key, *, give_back: bool) -> None:
        """The request is over; with `give_back` it does not count either."""
        collection, mine = cls.get_motor_collection(), object_id(token)
        over: dict[str, Any] = {"$unset": {"holder": "", "busyUntil": ""}, "$currentDate": {"updatedAt": True}}
        await collection.update_one({"_id": key, "holder": mine}, over)
        if give_back:
            taken = {"$pull": {"recent": {"token": mine}}, "$currentDate": {"updatedAt": True}}
            await collection.update_one({"_id": key}, taken)

    @classmethod
    async def claim(cls, key: str) -> bool:
        """True for the first who asks for `key`, whichever process that is."""
        try:
            await cls.get_motor_collection().insert_one(stamped_new({"_id": key}))
        except DuplicateKeyError:
            return False
        return True

    @classmethod
    async def forget(cls, before: datetime) -> int:
        """Removes what nobody touched since `before`; how many those were."""
        result = await cls.get_motor_collection().delete_many({"updatedAt": {"$lt": before}})
        return int(result.deleted_count)


def _asked(
    owner: dict[str, str],
    *,
    token: PydanticObjectId,
    most: int,
    window: timedelta,
    lease: timedelta | None,
    quiet: timedelta,
) -> list[dict[str, Any]]:
    """The update of `ask`: forget what is older than the window, decide, write the decision down."""
    fresh = {"$gt": ["$$this.at", {"$subtract": ["$$NOW", _ms(window)]}]}
    free: list[Any] = [{"$lt": [{"$size": "$recent"}, most]}]
    taken: dict[str, Any] = {"recent": _either({"$concatArrays": ["$recent", [{"at": "$$NOW", "token": token}]]})}
    if lease is not None:
        free.append({"$not": [{"$gt": ["$busyUntil", "$$NOW"]}]})
        until = {"$add": ["$$NOW", _ms(lease)]}
        taken |= {"holder": _either(token, "$holder"), "busyUntil": _either(until, "$busyUntil")}
    told_now = {"$add": ["$$NOW", _ms(quiet)]}
    return [
        {
            "$set": {
                **{field: {"$literal": value} for field, value in owner.items()},
                "createdAt": {"$ifNull": ["$createdAt", "$$NOW"]},
                "updatedAt": "$$NOW",
                "recent": {"$filter": {"input": {"$ifNull": ["$recent", []]}, "cond": fresh}},
                "told": {"$gt": ["$toldUntil", "$$NOW"]},
            }
        },
        {"$set": {"granted": {"$and": free}}},
        {"$set": {**taken, "toldUntil": _either(None, {"$cond": ["$told", "$toldUntil", told_now]})}},
        {"$unset": "granted"},
    ]


def _either(granted: Any, refused: Any = "$recent") -> dict[str, Any]:
    return {"$cond": ["$granted", granted, refused]}


def _ms(span: timedelta) -> int:
    return int(span.total_seconds() * 1000)
