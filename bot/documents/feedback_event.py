"""What a member did with a playlist or one of its songs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Literal

from beanie import PydanticObjectId
from pymongo import IndexModel
from pymongo.errors import DuplicateKeyError

from bot.documents.base import Json, Key, Stored, object_id, object_ids

EventKind = Literal[
    "play", "skip", "like", "dislike", "love", "never", "save", "again", "more", "less", "remove", "undo", "export"
]


class FeedbackEvent(Stored):
    """One thing that happened. Without `track_id` it is about the whole set.

    `position` is the song's place (from 1), `elapsed_ms` how long it had played, `context_json` what was shown, where
    and by which model, `undoes` the event that this one takes back.
    """

    user_id: PydanticObjectId
    track_id: PydanticObjectId | None = None
    playlist_id: PydanticObjectId | None = None
    event: str
    position: int | None = None
    elapsed_ms: int | None = None
    context_json: Json = {}
    undoes: PydanticObjectId | None = None

    class Settings:
        """Where and how it is kept."""

        name = "feedbackevents"
        keep_nulls = False
        indexes = [IndexModel([("userId", 1), ("createdAt", 1)]), IndexModel([("trackId", 1), ("event", 1)])]

    @classmethod
    async def record(
        cls,
        event_id: PydanticObjectId,
        *,
        user_id: PydanticObjectId,
        event: EventKind,
        playlist_id: PydanticObjectId | None = None,
        track_id: PydanticObjectId | None = None,
        position: int | None = None,
        elapsed_ms: int | None = None,
        context: dict[str, Any] | None = None,
        undoes: PydanticObjectId | None = None,
        session: Any = None,
    ) -> bool:
        """Store it under its id; False when it was stored before. However often it is told, it is one event."""
        said = {
            "playlist_id": playlist_id,
            "track_id": track_id,
            "position": position,
            "elapsed_ms": elapsed_ms,
            "undoes": undoes,
        }
        known = {name: value for name, value in said.items() if value is not None}
        try:
            await cls(id=event_id, user_id=user_id, event=event, context_json=context or {}, **known).insert(
                session=session
            )
        except DuplicateKeyError:
            return False
        return True

    @classmethod
    async def chain(cls, event_ids: Iterable[PydanticObjectId]) -> list[FeedbackEvent]:
        """Those of the events that are stored, in the order of the ids."""
        wanted = list(event_ids)
        raw = cls.get_motor_collection().find({"_id": {"$in": wanted}})
        stored = {event["_id"]: cls.model_validate(event) async for event in raw}
        return [stored[event_id] for event_id in wanted if event_id in stored]

    @classmethod
    async def members_about(cls, playlist_ids: Iterable[Key], *, but: Key, newest: int) -> list[Key]:
        """Members other than `but` who said something of these playlists, the latest first, each once.

        No index of the schema leads from a playlist to what was said of it, so only the `newest` events are looked at.
        """
        about = {"playlistId": {"$in": object_ids(playlist_ids)}, "userId": {"$ne": object_id(but)}}
        steps: list[dict[str, Any]] = [{"$limit": newest}, {"$match": about}, {"$project": {"userId": 1}}]
        found = cls.plain().aggregate(steps, hint={"$natural": -1})
        return list(dict.fromkeys([raw["userId"] for raw in await found.to_list(None)]))
