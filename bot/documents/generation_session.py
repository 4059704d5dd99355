"""How a playlist came about: what was considered, what was chosen, and how far it got."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from beanie import PydanticObjectId
from pymongo import IndexModel

from bot.documents.base import DocumentPart, Json, Key, Stored, object_id, object_ids, stamped

Status = Literal["pending", "processing", "completed", "failed"]

NEWEST = 1000
"""Among how many of the last sessions the unfinished ones are: far more than a process works on at once."""


class ConsideredSong(DocumentPart):
    """A song that was considered: its score from 0 to 1, the named parts of it, and why it is there.

    `parts` holds the value of each part (0 to 1) by its name, `weights` the weight it came in with. `reasons` are codes
    with their facts (bot.generation.facts); sessions of the time before there were codes hold sentences.
    """

    track_id: PydanticObjectId
    score: float
    parts: dict[str, float] = {}
    weights: dict[str, float] = {}
    reasons: list[str | Json] = []


class UsedAlgorithm(DocumentPart):
    """A step as it was used."""

    name: str
    version: str | None = None
    config: dict[str, Any] = {}


class UsedCatalogue(DocumentPart):
    """The catalogue that was chosen from: its digest and its number of songs."""

    digest: str
    size: int | None = None


class GenerationSession(Stored):
    """One run of the engine. `stage_ms` holds milliseconds by stage, `error` why it failed."""

    user_id: PydanticObjectId
    mood_query_id: PydanticObjectId
    candidates: list[ConsideredSong] = []
    ordering: list[PydanticObjectId] = []
    algorithms: list[UsedAlgorithm] = []
    seed: int | None = None
    catalogue: UsedCatalogue | None = None
    status: Status = "pending"
    error: str | None = None
    stage_ms: Json = {}

    class Settings:
        """Where and how it is kept."""

        name = "generationsessions"
        keep_nulls = False
        indexes = [IndexModel([("userId", 1), ("createdAt", 1)]), IndexModel([("moodQueryId", 1)])]

    @classmethod
    async def open(cls, key: Key, *, user_id: Key, query_id: Key) -> bool:
        """Store a pending session; False when it stands already."""
        return await cls.insert_once(
            {
                "_id": object_id(key),
                "userId": object_id(user_id),
                "moodQueryId": object_id(query_id),
                "candidates": [],
                "ordering": [],
                "algorithms": [],
                "status": "pending",
            }
        )

    @classmethod
    async def set_status(cls, key: Key, status: Status, *, error: str | None = None) -> None:
        """Note how far a session got. Finished, it loses the error of an earlier try."""
        change: dict[str, Any] = {"$set": {"status": status, **({} if error is None else {"error": error})}}
        if status == "completed":
            change["$unset"] = {"error": ""}
        await cls.get_motor_collection().update_one({"_id": object_id(key)}, stamped(change))

    @classmethod
    async def keep_results(cls, key: Key, results: Mapping[str, Any]) -> None:
        """Keep what a session came to; `candidates` and `ordering` name songs by their keys."""
        candidates = [{**song, "trackId": object_id(song["trackId"])} for song in results["candidates"]]
        kept = {**results, "candidates": candidates, "ordering": object_ids(results["ordering"])}
        await cls.get_motor_collection().update_one({"_id": object_id(key)}, stamped({"$set": kept}))

    @classmethod
    async def with_considered(cls, key: Key, songs: Sequence[Key]) -> Mapping[str, Any] | None:
        """The raw session, with what it wrote about these songs and no others; None when it is not there."""
        mine = {"$filter": {"input": "$candidates", "cond": {"$in": ["$$this.trackId", object_ids(songs)]}}}
        stages = [{"$match": {"_id": object_id(key)}}, {"$set": {"candidates": mine}}]
        found: list[Mapping[str, Any]] = await cls.plain().aggregate(stages).to_list(1)
        return found[0] if found else None

    @classmethod
    async def latest_completed(cls, limit: int) -> list[Mapping[str, Any]]:
        """The last finished sessions, raw, by what their sets were made from; the newest first."""
        fields = {"recipe": 1, "seed": 1, "moodQueryId": 1, "userId": 1}
        found = cls.plain().find({"status": "completed"}, fields).sort("$natural", -1)
        latest: list[Mapping[str, Any]] = await found.limit(limit).to_list(limit)
        return latest

    @classmethod
    async def forget_own_songs(cls, user_id: Key) -> None:
        """Take the songs that a member knew out of the recipes of their sets."""
        remembered = {"userId": object_id(user_id), "recipe.rules.own": {"$exists": True}}
        await cls.get_motor_collection().update_many(remembered, stamped({"$unset": {"recipe.rules.own": ""}}))

    @classmethod
    async def fail_unfinished(cls, reason: str) -> int:
        """Mark as failed what an earlier run left pending or processing; how many those were.

        Looks at the last inserted ones alone: there is no index on the status, and older ones were seen by earlier
        starts.
        """
        collection = cls.get_motor_collection()
        newest = collection.find({}, {"status": 1}).sort("$natural", -1).limit(NEWEST)
        open_ids = [raw["_id"] async for raw in newest if raw.get("status") in ("pending", "processing")]
        if not open_ids:
            return 0
        # The status is asked again: one may have been finished since.
        unfinished = {"_id": {"$in": open_ids}, "status": {"$in": ["pending", "processing"]}}
        result = await collection.update_many(unfinished, stamped({"$set": {"status": "failed", "error": reason}}))
        return int(result.modified_count)
