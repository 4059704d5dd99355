"""What a member asked for, and what the parser understood of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from beanie import PydanticObjectId
from pymongo import IndexModel

from bot.documents.base import Json, Key, Stored, object_id, stamped


class MoodQuery(Stored):
    """A request. `parsed` is `Vibe.to_dict(texts=False)`, `parent_id` the request that this one changes."""

    user_id: PydanticObjectId
    guild_id: str | None = None
    raw_text: str = ""
    parsed: Json = {}
    model_version: str | None = None
    parent_id: PydanticObjectId | None = None

    class Settings:
        """Where and how it is kept."""

        name = "moodqueries"
        keep_nulls = False
        indexes = [IndexModel([("userId", 1), ("createdAt", 1)])]

    @classmethod
    async def enter(
        cls,
        key: Key,
        *,
        user_id: Key,
        guild_id: str | None,
        text: str,
        parsed: Mapping[str, Any],
        unknown_spans: Sequence[Any],
        version: str,
        parent_id: Key | None,
    ) -> bool:
        """Store a request; False when it stands already."""
        return await cls.insert_once(
            {
                "_id": object_id(key),
                "userId": object_id(user_id),
                **({"guildId": guild_id} if guild_id else {}),
                "rawText": text,
                "parsed": parsed,
                "unknownSpans": unknown_spans,
                "modelVersion": version,
                **({} if parent_id is None else {"parentId": object_id(parent_id)}),
            }
        )

    @classmethod
    async def chain_of(cls, key: Key, most: int) -> tuple[Mapping[str, Any], ...]:
        """A request and up to `most` - 1 that it follows, raw, the first one first; nothing when it is not there."""
        followed = {
            "from": cls.get_collection_name(),
            "startWith": "$parentId",
            "connectFromField": "parentId",
            "connectToField": "_id",
            "as": "before",
            "depthField": "depth",
            "maxDepth": most - 1,
        }
        stages = [{"$match": {"_id": object_id(key)}}, {"$graphLookup": followed}]
        found = await cls.plain().aggregate(stages).to_list(1)
        if not found:
            return ()
        before = sorted(found[0].pop("before"), key=lambda query: -query["depth"])
        return (*before, found[0])

    @classmethod
    async def understood_between(cls, since: datetime, until: datetime, most: int) -> list[Any]:
        """What was understood of the newest requests of a time, without their words or whose they were."""
        query = {"createdAt": {"$gte": since, "$lt": until}, "parsed.understood": True}
        found = cls.get_motor_collection().find(query, {"_id": 0, "parsed": 1}).sort("createdAt", -1).limit(most)
        return [raw["parsed"] async for raw in found]

    @classmethod
    async def blank(cls, key: Key) -> None:
        """Take the words out of a request."""
        wordless = stamped({"$set": {"rawText": "", "unknownSpans": []}})
        await cls.get_motor_collection().update_one({"_id": object_id(key)}, wordless)

    @classmethod
    async def blank_some(cls, before: datetime) -> tuple[int, int]:
        """Take the words out of some requests of before that moment, see `sweep`; `updatedAt` does not move."""
        old = {"createdAt": {"$lt": before}, "rawText": {"$nin": ["", None]}}
        return await cls.sweep(old, {"$set": {"rawText": "", "unknownSpans": []}})
