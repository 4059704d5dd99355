"""What a member asked for, and what the parser understood of it."""

from __future__ import annotations

from beanie import PydanticObjectId
from pymongo import IndexModel

from bot.documents.base import Json, Stored


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
