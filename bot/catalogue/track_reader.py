"""Reading the tracks of the database raw: whole documents are too slow for 100,000 of them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import bson
from bson import ObjectId

from bot.catalogue.table import TableColumns
from bot.database import guarded
from bot.documents import Track
from bot.generation.texts import Texts

BATCH = 1000
"""Documents read at once."""

OVERLAP = timedelta(minutes=1)
"""How far clocks of processes that add tracks may differ."""

_FIELDS = (
    "spotifyTrackId",
    "name",
    "artists.name",
    "durationMs",
    "explicit",
    "year",
    "popularity",
    "genres",
    "tags",
    "audioFeatures",
    "identity",
)

_MILLISECONDS = {"input": "$updatedAt", "to": "long", "onError": 0, "onNull": 0}
_EPOCH = datetime(1970, 1, 1)

_STAMP = (
    {
        "$group": {
            "_id": None,
            "tracks": {"$sum": 1},
            "newest": {"$max": {"$convert": _MILLISECONDS}},
            "moments": {"$sum": {"$convert": _MILLISECONDS}},
        }
    },
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """What stays the same for as long as no track is added, removed or changed: how many, and when they changed.

    The newest moment and the sum of all, in milliseconds; the sum tells a change in the newest millisecond, and a
    removal made up for by an addition.
    """

    tracks: int = 0
    newest_ms: int = 0
    moments_ms: int = 0

    def with_more(self, moments_ms: Sequence[int]) -> Stamp:
        """The stamp with tracks that were changed at these moments."""
        return Stamp(
            tracks=self.tracks + len(moments_ms),
            newest_ms=max(self.newest_ms, *moments_ms, 0),
            moments_ms=self.moments_ms + sum(moments_ms),
        )


async def stamp() -> Stamp:
    """The stamp of all tracks; every one is looked at. Raises `DatabaseDown`."""
    with guarded():
        found: list[dict[str, Any]] = await Track.get_motor_collection().aggregate(list(_STAMP)).to_list(1)
    if not found:
        return Stamp()
    return Stamp(tracks=found[0]["tracks"], newest_ms=int(found[0]["newest"] or 0), moments_ms=int(found[0]["moments"]))


@dataclass(frozen=True, slots=True, kw_only=True)
class Newest:
    """How many tracks there are, and the highest id: two answers that cost the server no look at the tracks."""

    tracks: int
    last: Any


async def newest() -> Newest:
    """What tells at once that tracks came. Raises `DatabaseDown`."""
    collection = Track.get_motor_collection()
    with guarded():
        tracks = await collection.estimated_document_count()
        last = await collection.find_one({}, {"_id": 1}, sort=[("_id", -1)])
    return Newest(tracks=tracks, last=None if last is None else last["_id"])


def id_of(text: str) -> Any:
    """The id that was written as this text."""
    return ObjectId(text) if ObjectId.is_valid(text) else text


def comes_in_order(track_id: Any) -> bool:
    """Whether ids like this one rise with time: those that MongoDB makes do."""
    return isinstance(track_id, ObjectId)


async def holds(track_id: Any) -> bool:
    """Whether there is a track of this id. Raises `DatabaseDown`."""
    with guarded():
        return await Track.get_motor_collection().find_one({"_id": track_id}, {"_id": 1}) is not None


async def batches(after: ObjectId | None = None) -> AsyncIterator[bytes]:
    """Tracks with the fields of a table, as BSON: batches of documents, all or those `after` an id, by id then.

    Some that came a minute before are among them: ids of two processes do not come in order. Raises `DatabaseDown`.
    """
    collection = Track.get_motor_collection()
    if after is None:
        cursor = collection.find_raw_batches({}, dict.fromkeys(_FIELDS, 1), batch_size=BATCH)
    else:
        early = ObjectId.from_datetime(after.generation_time - OVERLAP)
        fields = dict.fromkeys((*_FIELDS, "updatedAt"), 1)
        cursor = collection.find_raw_batches({"_id": {"$gte": early}}, fields, batch_size=BATCH, sort=[("_id", 1)])
    with guarded():
        async for raw in cursor:
            yield raw


class Arrivals:
    """Tracks that came after a catalogue was read, without those that it knows."""

    def __init__(self, *, after: ObjectId, known: Texts) -> None:
        self.columns = TableColumns()
        self.last = after
        self.moments_ms: list[int] = []
        self._after = after
        self._known = known

    def add_batch(self, batch: bytes) -> None:
        """Take what is new of a batch, to be called in a thread."""
        for document in bson.decode_iter(batch):
            track_id = document["_id"]
            known = self._known.get(str(track_id)) is not None
            if not known or track_id > self._after:
                self.moments_ms.append(_milliseconds(document.get("updatedAt")))
            if not known:
                self.columns.add_documents((document,))
            self.last = max(self.last, track_id)


def _milliseconds(moment: Any) -> int:
    return (moment - _EPOCH) // timedelta(milliseconds=1) if isinstance(moment, datetime) else 0


def add_batch(columns: TableColumns, batch: bytes) -> None:
    """Add a batch to `columns`, to be called in a thread.

    Documents are decoded one by one: a thousand at once would hold the interpreter for as long, and wake its
    garbage collector.
    """
    columns.add_documents(bson.decode_iter(batch))
