"""What a member did with a playlist or one of its songs."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Literal

from beanie import PydanticObjectId
from pymongo import IndexModel
from pymongo.errors import BulkWriteError, DuplicateKeyError

from bot.documents.base import Json, Key, Stored, object_id, object_ids, stamped, stamped_new
from bot.errors import DatabaseDown

_DUPLICATE = 11000
_KEYS = ("_id", "userId", "trackId", "playlistId", "undoes")
_TAKING_BACK = ("undo", "remove")
_OF_BANS = ("event", "trackId", "undoes", "contextJson.artists")
_OF_RATINGS = (
    *("event", "trackId", "playlistId", "undoes", "createdAt"),
    *("contextJson.mood", "contextJson.where.guildId", "contextJson.artists"),
)

READ_AT_ONCE = 1_000
"""Events of a long read that come at once: the loop goes on in between."""


def _as(kind: str, field: str) -> Any:
    """A field as plain text or number, nothing where it cannot be one."""
    return {"$convert": {"input": field, "to": kind, "onError": None, "onNull": None}}


_RATING = {
    "_id": _as("string", "$_id"),
    "member": _as("string", "$userId"),
    "playlist": _as("string", "$playlistId"),
    "event": 1,
    "position": 1,
    "at": _as("long", "$createdAt"),
    "guild": "$contextJson.where.guildId",
}
"""Plain values: of a million ratings, reading objects out of them would take longer than everything else."""

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
        event_id: Key,
        *,
        user_id: Key,
        event: EventKind,
        playlist_id: Key | None = None,
        track_id: Key | None = None,
        position: int | None = None,
        elapsed_ms: int | None = None,
        context: dict[str, Any] | None = None,
        undoes: Key | None = None,
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
            await cls(
                id=object_id(event_id), user_id=object_id(user_id), event=event, context_json=context or {}, **known
            ).insert(session=session)
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

    @classmethod
    async def record_all(cls, events: Sequence[Mapping[str, Any]]) -> frozenset[Key]:
        """Store raw events that name everything by keys, each once: the keys of those that stood already.

        Raises DatabaseDown when not all could be stored.
        """
        try:
            await cls.get_motor_collection().insert_many([_as_stored(event) for event in events], ordered=False)
        except BulkWriteError as error:
            refused = (error.details or {}).get("writeErrors") or []
            other = [fault for fault in refused if fault.get("code") != _DUPLICATE]
            if other or (error.details or {}).get("writeConcernErrors"):
                raise DatabaseDown(f"{len(other)} events could not be stored") from error
            return frozenset(events[fault["index"]]["_id"] for fault in refused)
        return frozenset()

    @classmethod
    async def drop(cls, keys: Iterable[Key], user_ids: Iterable[Key]) -> None:
        """Delete those of these events that are of these members."""
        chosen = {"_id": {"$in": object_ids(keys)}, "userId": {"$in": object_ids(user_ids)}}
        await cls.get_motor_collection().delete_many(chosen)

    @classmethod
    async def count_stored(cls, keys: Iterable[Key]) -> int:
        """How many of these events are stored."""
        return int(await cls.get_motor_collection().count_documents({"_id": {"$in": object_ids(keys)}}))

    @classmethod
    async def bans_of(cls, user_id: Key) -> list[Mapping[str, Any]]:
        """All of a member's bans, however old, and all that takes something back; raw."""
        kinds = {"$in": ["never", *_TAKING_BACK]}
        found = cls.plain().find({"userId": object_id(user_id), "event": kinds}, dict.fromkeys(_OF_BANS, 1))
        bans: list[Mapping[str, Any]] = await found.to_list(None)
        return bans

    @classmethod
    async def latest_teaching(cls, user_id: Key, limit: int) -> list[Mapping[str, Any]]:
        """A member's newest events that may teach something, or take something back; raw, the newest first."""
        # What was said while learning was paused teaches nothing; what was taken back then is taken back.
        teaching = {"$or": [{"contextJson.learning": {"$ne": False}}, {"event": {"$in": list(_TAKING_BACK)}}]}
        found = cls.plain().find({"userId": object_id(user_id), **teaching}, dict.fromkeys(_OF_RATINGS, 1))
        latest: list[Mapping[str, Any]] = await found.sort("createdAt", -1).limit(limit).to_list(limit)
        return latest

    @classmethod
    async def tracks_rated(cls, user_id: Key, kinds: Iterable[str]) -> list[Key]:
        """The songs about which a member's events of these kinds teach something."""
        chosen = {"userId": object_id(user_id), "event": {"$in": list(kinds)}, "contextJson.learning": {"$ne": False}}
        tracks: list[Key] = await cls.plain().distinct("trackId", {**chosen, "trackId": {"$ne": None}})
        return tracks

    @classmethod
    async def rated_last_in(cls, user_id: Key, track_id: Key, kinds: Iterable[str]) -> Key | None:
        """The playlist in which a member said something of these kinds of a song last; None where they never did."""
        about = {"userId": object_id(user_id), "trackId": object_id(track_id)}
        chosen = {**about, "event": {"$in": list(kinds)}, "playlistId": {"$ne": None}}
        raw = await cls.plain().find_one(chosen, {"playlistId": 1}, sort=[("createdAt", -1)])
        return None if raw is None else raw["playlistId"]

    @classmethod
    async def teach_nothing(cls, user_id: Key, kinds: Iterable[str], tracks: Iterable[Key] | None = None) -> None:
        """Note of a member's events of these kinds, about all or about these songs, that they teach nothing more."""
        about = {} if tracks is None else {"trackId": {"$in": object_ids(tracks)}}
        chosen = {"userId": object_id(user_id), "event": {"$in": list(kinds)}, **about}
        await cls.get_motor_collection().update_many(chosen, stamped({"$set": {"contextJson.learning": False}}))

    @classmethod
    async def drop_plays(cls, user_id: Key, source: str) -> None:
        """Delete what a member played, as far as this source told it."""
        plays = {"userId": object_id(user_id), "event": "play", "contextJson.source": source}
        await cls.get_motor_collection().delete_many(plays)

    @classmethod
    async def count_skips(cls, user_id: Key, track_id: Key) -> int:
        """How often a member skipped a song, without the times that they took back."""
        events, about = cls.get_motor_collection(), {"userId": object_id(user_id), "trackId": object_id(track_id)}
        keys = [raw["_id"] async for raw in events.find({**about, "event": "skip"}, {"_id": 1})]
        if not keys:
            return 0
        back = {**about, "event": {"$in": list(_TAKING_BACK)}, "undoes": {"$in": keys}}
        return len(keys) - len(await events.distinct("undoes", back))

    @classmethod
    async def taken_back_since(cls, since: datetime) -> set[str]:
        """The events that were taken back since then: their keys as text."""
        undoing = {"event": {"$in": list(_TAKING_BACK)}, "createdAt": {"$gte": since}}
        found = cls.get_motor_collection().find(undoing, {"undoes": 1}).batch_size(READ_AT_ONCE)
        return {str(raw.get("undoes")) async for raw in found}

    @classmethod
    async def song_ratings(
        cls, kinds: Iterable[str], since: datetime, most: int
    ) -> AsyncIterator[Sequence[Mapping[str, Any]]]:
        """Events of these kinds that teach something of a song of a playlist, the newest first, in batches.

        Each has `_id`, `member`, `playlist` (keys as text), `event`, `position`, `at` (milliseconds) and `guild`.
        """
        teaching = {"contextJson.learning": {"$ne": False}, "createdAt": {"$gte": since}}
        songs = {"event": {"$in": list(kinds)}, "trackId": {"$ne": None}, "playlistId": {"$ne": None}}
        # In the order in which they lie there: an index on songs would fetch them one by one.
        found = cls.get_motor_collection().find({**songs, **teaching}, _RATING)
        cursor = found.sort("$natural", -1).limit(most).batch_size(READ_AT_ONCE)
        while batch := await cursor.to_list(READ_AT_ONCE):
            yield batch

    @classmethod
    async def undone_among(cls, tracks: Iterable[Key], playlists: Iterable[Key]) -> set[Key]:
        """The events about these songs of these playlists that were undone."""
        about = {"trackId": {"$in": object_ids(tracks)}, "playlistId": {"$in": object_ids(playlists)}}
        found = cls.plain().find({**about, "event": "undo"}, {"undoes": 1})
        return {raw["undoes"] async for raw in found if raw.get("undoes") is not None}

    @classmethod
    async def said_among(
        cls, tracks: Iterable[Key], playlists: Iterable[Key], kinds: Iterable[str]
    ) -> list[Mapping[str, Any]]:
        """The events of these kinds about these songs of these playlists that teach something, raw."""
        about = {"trackId": {"$in": object_ids(tracks)}, "playlistId": {"$in": object_ids(playlists)}}
        said = {**about, "event": {"$in": list(kinds)}, "contextJson.learning": {"$ne": False}}
        found = cls.plain().find(said, {"userId": 1, "trackId": 1, "event": 1})
        return [raw async for raw in found]

    @classmethod
    async def messages_reacted_to(cls, user_ids: Iterable[Key]) -> list[str]:
        """The messages that these members ever reacted to."""
        stood = {"userId": {"$in": object_ids(user_ids)}, "contextJson.source": "reaction"}
        found = await cls.get_motor_collection().distinct("contextJson.where.messageId", stood)
        return [message_id for message_id in found if message_id]

    @classmethod
    async def standing_reactions(cls, playlist_ids: Iterable[Key], since: datetime) -> list[tuple[Key, Key, str]]:
        """Playlist, member and emoji of each reaction on these playlists that stands, as far as it came since then."""
        of_these = {"playlistId": {"$in": object_ids(playlist_ids)}, "createdAt": {"$gte": since}}
        who = {"playlist": "$playlistId", "user": "$userId", "emoji": "$contextJson.emoji"}
        steps: list[dict[str, Any]] = [
            {"$match": {"trackId": None, "contextJson.source": "reaction", **of_these}},
            {"$group": {"_id": who, "changes": {"$sum": 1}}},
            # Odd changes add, even ones take back the one before.
            {"$match": {"$expr": {"$eq": [{"$mod": ["$changes", 2]}, 1]}}},
        ]
        found = [raw["_id"] for raw in await cls.plain().aggregate(steps).to_list(None)]
        return [(key["playlist"], key["user"], key["emoji"]) for key in found if key.get("emoji")]


def _as_stored(event: Mapping[str, Any]) -> dict[str, Any]:
    """A raw event with ids for its keys."""
    stored = {**event, **{name: object_id(event[name]) for name in _KEYS if name in event}}
    shown = event["contextJson"].get("shown")
    if shown is not None and "sessionId" in shown:
        shown = {**shown, "sessionId": object_id(shown["sessionId"])}
        stored["contextJson"] = {**event["contextJson"], "shown": shown}
    return stamped_new(stored)
