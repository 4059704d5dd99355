"""A member's relation to a song."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Mapping
from datetime import datetime
from typing import Any, Literal

from beanie import PydanticObjectId
from pymongo import IndexModel, UpdateOne

from bot.documents.base import Key, Stored, derived_id, now, object_id, object_ids, stamped

BATCH = 500
"""Rows written at once."""

READ_AT_ONCE = 5_000

Origin = Literal["spotifyAt", "topAt", "fileAt"]
"""What holds a song in a library: it is saved in the account, played most there, or stood in a file."""

_KNOWN_BY = ("trackId", "savedAt", "topAt", "like", "removedAt", "lastHeardAt")

_MINE: Mapping[str, Any] = {
    "removedAt": None,
    "$or": [{"savedAt": {"$ne": None}}, {"topAt": {"$ne": None}}, {"like": True}],
}


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

    @classmethod
    async def known_to(cls, user_id: Key) -> AsyncIterator[Mapping[str, Any]]:
        """A member's rows, raw, with what says whether they know the songs."""
        found = cls.plain().find({"userId": object_id(user_id)}, dict.fromkeys(_KNOWN_BY, 1))
        async for raw in found.batch_size(READ_AT_ONCE):
            yield raw

    @classmethod
    async def counts_of(cls, user_id: Key) -> tuple[int, int]:
        """How many songs are in a member's library, and how many of these are saved."""
        rows, mine = cls.get_motor_collection(), {"userId": object_id(user_id)}
        every = await rows.count_documents({**mine, **_MINE})
        saved = await rows.count_documents({**mine, "removedAt": None, "savedAt": {"$ne": None}})
        return int(every), int(saved)

    @classmethod
    async def hold(cls, user_id: Key, origin: Origin, songs: Mapping[Key, datetime]) -> int:
        """Put songs into a member's library, each with its time there; how many this origin did not hold before."""
        rows, member = cls.get_motor_collection(), object_id(user_id)
        had = {"userId": member, "trackId": {"$in": object_ids(songs)}, origin: {"$ne": None}}
        new = len(songs) - int(await rows.count_documents(had))
        await rows.bulk_write([_holding(member, key, origin, at) for key, at in songs.items()], ordered=False)
        return new

    @classmethod
    async def held(cls, user_id: Key, origin: Origin) -> int:
        """How many songs a member holds by this origin."""
        mine = {"userId": object_id(user_id), origin: {"$ne": None}}
        return int(await cls.get_motor_collection().count_documents(mine))

    @classmethod
    async def release(
        cls,
        user_id: Key,
        origin: Origin,
        *,
        but: Iterable[Key],
        after: datetime | None = None,
        before: datetime | None = None,
    ) -> int:
        """Songs of a member but these are no longer held by this origin, which held them between these moments.

        How many they are. Those that nothing else holds are removed.
        """
        rows, member = cls.get_motor_collection(), object_id(user_id)
        between: dict[str, Any] = {sign: at for sign, at in (("$lt", before), ("$gt", after)) if at is not None}
        mine = {"userId": member, "trackId": {"$nin": object_ids(but)}, origin: between or {"$ne": None}}
        gone = [raw["trackId"] async for raw in rows.find(mine, {"trackId": 1})]
        for start in range(0, len(gone), BATCH):
            chosen = {"userId": member, "trackId": {"$in": gone[start : start + BATCH]}}
            await rows.update_many(chosen, stamped({"$unset": {origin: ""}}))
            if origin != "topAt":
                others = dict.fromkeys(("spotifyAt", "fileAt"))
                removed = {"$set": {"removedAt": now()}, "$unset": {"like": ""}}
                await rows.update_many({**chosen, **others, "removedAt": None}, stamped(removed))
        return len(gone)

    @classmethod
    async def forget_spotify(cls, user_id: Key) -> None:
        """Take out of a member's library what came from their account; rows that hold nothing else are deleted."""
        rows, mine = cls.get_motor_collection(), {"userId": object_id(user_id)}
        theirs = {**mine, "fileAt": None}
        await rows.delete_many({**theirs, "skipCount": {"$in": [0, None]}})
        left = dict.fromkeys(("savedAt", "removedAt", "like", "spotifyAt", "topAt", "lastHeardAt"), "")
        await rows.update_many(theirs, stamped({"$unset": left}))
        also = dict.fromkeys(("spotifyAt", "topAt", "lastHeardAt"), "")
        await rows.update_many({**mine, "fileAt": {"$ne": None}}, stamped({"$unset": also}))

    @classmethod
    async def note_heard(cls, user_id: Key, latest: Mapping[Key, datetime]) -> None:
        """Note when a member heard songs last."""
        member = object_id(user_id)
        writes = []
        for track_id, at in latest.items():
            row = {"_id": _row_id(member, track_id), "skipCount": 0, "source": "spotify"}
            change = stamped({"$max": {"lastHeardAt": at}, "$setOnInsert": row})
            writes.append(UpdateOne({"userId": member, "trackId": object_id(track_id)}, change, upsert=True))
        if writes:
            await cls.get_motor_collection().bulk_write(writes, ordered=False)

    @classmethod
    async def set_skips(cls, user_id: Key, track_id: Key, count: int) -> None:
        """Note how often a member skipped a song; 0 makes no new row."""
        row = {"_id": _row_id(user_id, track_id), "source": "feedback"}
        change = stamped({"$set": {"skipCount": count}, "$setOnInsert": row})
        await cls.get_motor_collection().update_one(_row(user_id, track_id), change, upsert=bool(count))

    @classmethod
    async def drop(cls, user_id: Key, track_id: Key) -> None:
        """Delete a song from a member's library."""
        await cls.get_motor_collection().delete_one(_row(user_id, track_id))

    @classmethod
    async def drop_of(cls, user_id: Key) -> None:
        """Delete a member's whole library."""
        await cls.get_motor_collection().delete_many({"userId": object_id(user_id)})


def _row(user_id: Key, track_id: Key) -> dict[str, Any]:
    return {"userId": object_id(user_id), "trackId": object_id(track_id)}


def _row_id(user_id: Key, track_id: Key) -> PydanticObjectId:
    return derived_id("library", str(user_id), str(track_id))


def _holding(user_id: Key, track_id: Key, origin: Origin, at: datetime) -> UpdateOne:
    saved: dict[str, Any] = {} if origin == "topAt" else {"savedAt": at, "like": True}
    source = "file" if origin == "fileAt" else "spotify"
    row = {"_id": _row_id(user_id, track_id), "skipCount": 0}
    update = {"$set": {origin: at, "source": source, **saved}, "$unset": {"removedAt": ""}, "$setOnInsert": row}
    return UpdateOne(_row(user_id, track_id), stamped(update), upsert=True)
