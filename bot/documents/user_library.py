"""A member's relation to a song."""

from __future__ import annotations

from datetime import datetime

from beanie import PydanticObjectId
from pymongo import IndexModel

from bot.documents.base import Stored


class UserLibrary(Stored):
    """A song in a member's library: saved, liked, heard, skipped. `like` is None when nothing was said."""

    user_id: PydanticObjectId
    track_id: PydanticObjectId
    saved_at: datetime | None = None
    removed_at: datetime | None = None
    like: bool | None = None
    skip_count: int = 0
    last_heard_at: datetime | None = None
    source: str | None = None

    class Settings:
        """Where and how it is kept."""

        name = "userlibraries"
        keep_nulls = False
        indexes = [
            IndexModel([("userId", 1), ("trackId", 1)], unique=True),
            IndexModel([("userId", 1), ("savedAt", 1)]),
        ]
