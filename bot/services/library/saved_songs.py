"""The songs that a member knows, as they are stored: what came from Spotify, what came by a file, what was heard.

A row of UserLibrary says when a song was saved there (`spotifyAt`), was among the most played (`topAt`), or stood in a
file of the member's (`fileAt`). `savedAt`, `like` and `removedAt` follow from these three.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from beanie import PydanticObjectId
from bson import ObjectId
from pymongo import UpdateOne

from bot.database import guarded
from bot.documents import FeedbackEvent, GenerationSession, Track, UserLibrary, derived_id, now, stamped
from bot.services.members import Member, is_erased
from nlp.vibe import Familiarity

BATCH = 500
"""Rows written or looked up at once."""

Origin = Literal["spotifyAt", "topAt", "fileAt"]

HEARD = "spotify"
"""The source of `play` events, in their context."""

_MINE: Mapping[str, Any] = {
    "removedAt": None,
    "$or": [{"savedAt": {"$ne": None}}, {"topAt": {"$ne": None}}, {"like": True}],
}


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnSongs:
    """Keys of tracks: those in the member's library now, and all that they know, removed and heard ones too."""

    mine: frozenset[str] = frozenset()
    known: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnCounts:
    """How many songs are in a member's library, and how many more they only play a lot."""

    saved: int = 0
    top: int = 0


async def own_songs(user_id: PydanticObjectId) -> OwnSongs:
    """What a member knows. A skip alone tells nothing: they may have skipped it for being new. Raises DatabaseDown."""
    fields = {"trackId": 1, "savedAt": 1, "topAt": 1, "like": 1, "removedAt": 1, "lastHeardAt": 1}
    mine: set[str] = set()
    known: set[str] = set()
    with guarded():
        async for raw in UserLibrary.get_motor_collection().find({"userId": user_id}, fields).batch_size(5_000):
            held = raw.get("savedAt") or raw.get("topAt") or raw.get("like")
            if held or raw.get("lastHeardAt"):
                known.add(str(raw["trackId"]))
            if held and raw.get("removedAt") is None:
                mine.add(str(raw["trackId"]))
    return OwnSongs(mine=frozenset(mine), known=frozenset(known))


async def songs_meant(user_id: PydanticObjectId, familiarity: Familiarity | None) -> frozenset[str] | None:
    """The songs that "songs I know", or "nothing I know", speaks of; None for other wishes, and where none is known.

    Raises DatabaseDown.
    """
    if familiarity not in ("mine", "deep"):
        return None
    own = await own_songs(user_id)
    if not own.known:
        return None
    return own.mine if familiarity == "mine" else own.known


async def own_counts(user_id: PydanticObjectId) -> OwnCounts:
    """How much is known of a member's library. Raises DatabaseDown."""
    with guarded():
        rows = UserLibrary.get_motor_collection()
        every = await rows.count_documents({"userId": user_id, **_MINE})
        saved = await rows.count_documents({"userId": user_id, "removedAt": None, "savedAt": {"$ne": None}})
    return OwnCounts(saved=saved, top=every - saved)


async def track_ids(spotify_ids: Sequence[str]) -> dict[str, ObjectId]:
    """The tracks of the catalogue with these Spotify ids. Raises DatabaseDown."""
    found: dict[str, ObjectId] = {}
    for start in range(0, len(spotify_ids), BATCH):
        chosen = {"spotifyTrackId": {"$in": list(spotify_ids[start : start + BATCH])}}
        with guarded():
            async for raw in Track.get_motor_collection().find(chosen, {"spotifyTrackId": 1}):
                found[raw["spotifyTrackId"]] = raw["_id"]
    return found


async def hold(user_id: PydanticObjectId, origin: Origin, songs: Mapping[ObjectId, datetime]) -> int:
    """Put songs into a member's library, each with its time there; how many were not there by this origin before.

    Doing it again changes nothing. Raises DatabaseDown.
    """
    rows = UserLibrary.get_motor_collection()
    new = 0
    entries = list(songs.items())
    for start in range(0, len(entries), BATCH):
        batch = dict(entries[start : start + BATCH])
        with guarded():
            had = {"userId": user_id, "trackId": {"$in": list(batch)}, origin: {"$ne": None}}
            new += len(batch) - await rows.count_documents(had)
            await rows.bulk_write([_holding(user_id, key, origin, at) for key, at in batch.items()], ordered=False)
    return new


def _holding(user_id: PydanticObjectId, track_id: ObjectId, origin: Origin, at: datetime) -> UpdateOne:
    saved: dict[str, Any] = {} if origin == "topAt" else {"savedAt": at, "like": True}
    source = "file" if origin == "fileAt" else "spotify"
    row = {"_id": derived_id("library", str(user_id), str(track_id)), "skipCount": 0}
    update = {"$set": {origin: at, "source": source, **saved}, "$unset": {"removedAt": ""}, "$setOnInsert": row}
    return UpdateOne({"userId": user_id, "trackId": track_id}, stamped(update), upsert=True)


async def held(user_id: PydanticObjectId, origin: Origin) -> int:
    """How many songs a member holds by this origin. Raises DatabaseDown."""
    with guarded():
        return int(await UserLibrary.get_motor_collection().count_documents({"userId": user_id, origin: {"$ne": None}}))


async def release(user_id: PydanticObjectId, origin: Origin, query: Mapping[str, Any]) -> int:
    """Songs of the query are no longer held by this origin: how many. Those that nothing else holds are removed.

    Raises DatabaseDown.
    """
    rows, mine = UserLibrary.get_motor_collection(), {"userId": user_id, origin: {"$ne": None}, **query}
    with guarded():
        gone = [raw["trackId"] async for raw in rows.find(mine, {"trackId": 1})]
        for start in range(0, len(gone), BATCH):
            chosen = {"userId": user_id, "trackId": {"$in": gone[start : start + BATCH]}}
            await rows.update_many(chosen, stamped({"$unset": {origin: ""}}))
            if origin != "topAt":
                others = dict.fromkeys(("spotifyAt", "fileAt"))
                removed = {"$set": {"removedAt": now()}, "$unset": {"like": ""}}
                await rows.update_many({**chosen, **others, "removedAt": None}, stamped(removed))
    return len(gone)


async def forget_spotify(user_id: PydanticObjectId) -> None:
    """Delete all that came from a member's Spotify account: saved and top songs, and what was played there.

    Rows that hold something else keep that. Raises DatabaseDown.
    """
    rows = UserLibrary.get_motor_collection()
    with guarded():
        remembered = {"userId": user_id, "recipe.rules.own": {"$exists": True}}
        forgotten = stamped({"$unset": {"recipe.rules.own": ""}})
        await GenerationSession.get_motor_collection().update_many(remembered, forgotten)
        await FeedbackEvent.get_motor_collection().delete_many(
            {"userId": user_id, "event": "play", "contextJson.source": HEARD}
        )
        theirs = {"userId": user_id, "fileAt": None}
        await rows.delete_many({**theirs, "skipCount": {"$in": [0, None]}})
        left = dict.fromkeys(("savedAt", "removedAt", "like", "spotifyAt", "topAt", "lastHeardAt"), "")
        await rows.update_many(theirs, stamped({"$unset": left}))
        also = dict.fromkeys(("spotifyAt", "topAt", "lastHeardAt"), "")
        await rows.update_many({"userId": user_id, "fileAt": {"$ne": None}}, stamped({"$unset": also}))


async def note_heard(user_id: PydanticObjectId, heard: Iterable[tuple[ObjectId, datetime]]) -> None:
    """When songs were heard last. Raises DatabaseDown."""
    latest: dict[ObjectId, datetime] = {}
    for track_id, at in heard:
        latest[track_id] = max(at, latest.get(track_id, at))
    writes = [
        UpdateOne(
            {"userId": user_id, "trackId": track_id},
            stamped(
                {
                    "$max": {"lastHeardAt": at},
                    "$setOnInsert": {
                        "_id": derived_id("library", str(user_id), str(track_id)),
                        "skipCount": 0,
                        "source": "spotify",
                    },
                }
            ),
            upsert=True,
        )
        for track_id, at in latest.items()
    ]
    if writes:
        with guarded():
            await UserLibrary.get_motor_collection().bulk_write(writes, ordered=False)


async def count_skips(who: Member, track_id: PydanticObjectId) -> None:
    """Write down how often a member skipped a song, counted anew, so that a repeat adds nothing. Raises DatabaseDown.

    Where nothing is known of them and the song, and nothing was skipped, nothing is written.
    """
    events, mine = FeedbackEvent.get_motor_collection(), {"userId": who.id, "trackId": track_id}
    with guarded():
        keys = [raw["_id"] async for raw in events.find({**mine, "event": "skip"}, {"_id": 1})]
        back = {**mine, "event": {"$in": ["undo", "remove"]}, "undoes": {"$in": keys}}
        count = len(keys) - len(await events.distinct("undoes", back)) if keys else 0
        row = {"_id": derived_id("library", str(who.id), str(track_id)), "source": "feedback"}
        await UserLibrary.get_motor_collection().update_one(
            mine, stamped({"$set": {"skipCount": count}, "$setOnInsert": row}), upsert=bool(count)
        )
        if await is_erased(who):
            await UserLibrary.get_motor_collection().delete_one(mine)
