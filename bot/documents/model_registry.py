"""Which models there are, and which one works."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pymongo import IndexModel, ReturnDocument

from bot.documents.base import Json, Stored, now, stamped_new


class ModelRegistry(Stored):
    """A version of a model: where its artifact lies, how good it was, what it came from, since when it works."""

    name: str
    version: str
    artifact: str | None = None
    metrics_json: Json = {}
    activated_at: datetime | None = None
    lineage: Json = {}

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
