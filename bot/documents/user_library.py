"""A member's relation to a song."""

from __future__ import annotations

from datetime import datetime

from beanie import PydanticObjectId
from pymongo import IndexModel

from bot.documents.base import Stored


class UserLibrary(Stored):
    """A song in a member's library: saved, liked, heard, skipped. `like` is None when nothing was said.

    `spotify_at`, `top_at` and `file_at` tell what holds it there: it is saved in the linked account, it is among what
    is played most there, it stood in a file of the member's.
    """

    user_id: PydanticObjectId
    track_id: PydanticObjectId
    saved_at: datetime | None = None
    removed_at: datetime | None = None
    like: bool | None = None
    skip_count: int = 0
    last_heard_at: datetime | None = None
    source: str | None = None
    spotify_at: datetime | None = None
    top_at: datetime | None = None
    file_at: datetime | None = None

    class Settings:
        """Where and how it is kept."""

        name = "userlibraries"
        keep_nulls = False
        indexes = [
            IndexModel([("userId", 1), ("trackId", 1)], unique=True),
            IndexModel([("userId", 1), ("savedAt", 1)]),
        ]
