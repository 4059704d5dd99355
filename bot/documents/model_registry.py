"""Which models there are, and which one works."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from pymongo import IndexModel, ReturnDocument

from bot.documents.base import Json, Stored, now, stamped, stamped_new


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
        found = cls.get_motor_collection().find({"name": name, "activatedAt": {"$ne": None}}, fields)
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
