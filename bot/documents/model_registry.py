"""Which models there are, and which one works."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from pymongo import IndexModel, ReturnDocument

from bot.documents.base import Json, Stored, now, object_id, stamped, stamped_new


class ModelRegistry(Stored):
    """A version of a model: where its artifact lies, how good it was, what it came from, since when it works.

    Of one model the version that was activated last works. An `artifact` "inline:sha256:<digest>" lies here, in
    `contents`, so that every process finds it, on whatever machine. `rolled_back_at` is when the version was taken out
    of use again.
    """

    name: str
    version: str
    artifact: str | None = None
    metrics_json: Json = {}
    activated_at: datetime | None = None
    lineage: Json = {}
    contents: str | None = None
    rolled_back_at: datetime | None = None

    class Settings:
        """Where and how it is kept."""

        name = "modelregistries"
        keep_nulls = False
        indexes = [IndexModel([("name", 1), ("version", 1)], unique=True), IndexModel([("activatedAt", 1)])]

    @classmethod
    async def register(
        cls, name: str, version: str, artifact: str, metrics: Mapping[str, Any] | None = None
    ) -> ModelRegistry:
        """This version in the registry, active from its first registration on; told again nothing changes."""
        new = {"artifact": artifact, "metricsJson": dict(metrics or {}), "lineage": {}, "activatedAt": now()}
        found = await cls.get_motor_collection().find_one_and_update(
            {"name": name, "version": version},
            {"$setOnInsert": stamped_new(new)},
            upsert=True,
            return_document=ReturnDocument.AFTER,
        )
        registered: ModelRegistry = cls.model_validate(found)
        return registered

    @classmethod
    async def enter(
        cls,
        name: str,
        version: str,
        *,
        artifact: str,
        contents: str,
        metrics: Mapping[str, Any],
        lineage: Mapping[str, Any],
    ) -> bool:
        """Keep a version without putting it to use; False when it stood there already."""
        new = {"artifact": artifact, "contents": contents, "metricsJson": dict(metrics), "lineage": dict(lineage)}
        key = {"name": name, "version": version}
        made = await cls.get_motor_collection().update_one(key, {"$setOnInsert": stamped_new(new)}, upsert=True)
        return made.upserted_id is not None

    @classmethod
    async def activated(cls, name: str, limit: int) -> Sequence[Mapping[str, Any]]:
        """The versions that were put to use, the newest first, raw and without contents and figures."""
        fields = {"version": 1, "artifact": 1, "activatedAt": 1}
        found = cls.plain().find({"name": name, "activatedAt": {"$ne": None}}, fields)
        raw: list[Mapping[str, Any]] = await found.sort("activatedAt", -1).limit(limit).to_list(limit)
        return raw

    @classmethod
    async def activate(cls, name: str, version: str) -> bool:
        """Put a version to use from now on; False when it is not there."""
        change = {"$set": {"activatedAt": now()}, "$unset": {"rolledBackAt": ""}}
        found = await cls.get_motor_collection().update_one({"name": name, "version": version}, stamped(change))
        return bool(found.matched_count)

    @classmethod
    async def withdraw(cls, name: str, *, since: datetime) -> int:
        """Take out of use what was activated at that moment or later; how many versions that were."""
        chosen = {"name": name, "activatedAt": {"$gte": since}}
        change = {"$set": {"rolledBackAt": now()}, "$unset": {"activatedAt": ""}}
        return int((await cls.get_motor_collection().update_many(chosen, stamped(change))).modified_count)

    @classmethod
    async def every(cls, name: str | None = None) -> list[Mapping[str, Any]]:
        """Every version of every model, or of one; raw, by name and the newest first."""
        found = cls.plain().find({} if name is None else {"name": name}).sort([("name", 1), ("createdAt", -1)])
        return [raw async for raw in found]

    @classmethod
    async def of_version(cls, name: str, version: str) -> Mapping[str, Any] | None:
        """One version, raw and whole; None when it is not there."""
        found: Mapping[str, Any] | None = await cls.plain().find_one({"name": name, "version": version})
        return found

    @classmethod
    async def learned_until(cls, name: str) -> list[datetime]:
        """For each version, up to when it learned; and of each that was rolled back, when."""
        found = cls.get_motor_collection().find({"name": name}, {"lineage.until": 1, "rolledBackAt": 1})
        moments = [((raw.get("lineage") or {}).get("until"), raw.get("rolledBackAt")) async for raw in found]
        return [moment for pair in moments for moment in pair if moment is not None]

    @classmethod
    async def with_members(cls, name: str) -> list[Mapping[str, Any]]:
        """The versions that say by digests from whom they learned, raw: `version`, `lineage.salt` and `.members`."""
        fields = {"version": 1, "lineage.salt": 1, "lineage.members": 1}
        trained = {"name": name, "lineage.salt": {"$type": "string"}, "lineage.members": {"$type": "array"}}
        return [raw async for raw in cls.plain().find(trained, fields)]

    @classmethod
    async def forget_members(cls, raw: Mapping[str, Any], digests: Sequence[str]) -> bool:
        """Take these digests out of a version, and count that; False when it had learned from none of them."""
        change = {
            "$pull": {"lineage.members": {"$in": digests}},
            "$inc": {"lineage.forgotten": 1},
            "$currentDate": {"lineage.forgottenAt": True, "updatedAt": True},
        }
        seen = {"_id": object_id(raw["_id"]), "lineage.members": {"$in": digests}}
        return bool((await cls.get_motor_collection().update_one(seen, change)).modified_count)

    @classmethod
    async def forget_unused(cls, name: str, keep: int) -> None:
        """Keep the newest `keep` versions that were never used; one that was in use once stays."""
        collection = cls.get_motor_collection()
        unused = {"name": name, "activatedAt": None, "rolledBackAt": None, "contents": {"$ne": None}}
        old = collection.find(unused, {"_id": 1}).sort("createdAt", -1).skip(keep)
        keys = [raw["_id"] async for raw in old]
        if keys:
            await collection.delete_many({"_id": {"$in": keys}})
