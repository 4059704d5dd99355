"""Tracks into the database, in batches. A repeat changes nothing, and mends what was cut off."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

import bson
from pymongo import InsertOne, UpdateOne
from pymongo.errors import BulkWriteError

from bot.catalogue.changes import changes
from bot.catalogue.files.csv_files import Rejected, read_csv
from bot.catalogue.records import TrackRecord
from bot.database import guarded
from bot.documents import Track
from bot.documents.base import now, stamped, stamped_new
from bot.errors import DatabaseDown

BATCH = 500
"""Tracks written at once; encoding them holds the interpreter for some 15 ms."""

_AT_ONCE = 2
"""Batches on their way at once, so that one is prepared while the server stores the other."""

_ATTEMPTS = 3
_DUPLICATE_KEY = 11000

Stage = Literal["read", "store"]
OnProgress = Callable[[Stage, int, int], None]
"""Told, in the event loop, what is done of the whole: bytes that are read, then tracks that are stored."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportCounts:
    """What became of the records: tracks that are new, that changed, and that were stored like this already."""

    new: int = 0
    updated: int = 0
    unchanged: int = 0

    def __add__(self, other: ImportCounts) -> ImportCounts:
        return ImportCounts(
            new=self.new + other.new,
            updated=self.updated + other.updated,
            unchanged=self.unchanged + other.unchanged,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportReport:
    """What became of a file: its rows, the tracks they made, and the rows that made none."""

    rows: int
    new: int
    updated: int
    unchanged: int
    rejected: tuple[Rejected, ...] = ()


async def import_csv(path: Path, on_progress: OnProgress | None = None) -> ImportReport:
    """Read a CSV file and store its tracks. Raises BadFile before anything is stored, and DatabaseDown.

    After a DatabaseDown what was stored stays, and importing the file again does the rest.
    """
    loop = asyncio.get_running_loop()

    def on_bytes(done: int, total: int) -> None:
        if on_progress is not None:
            loop.call_soon_threadsafe(on_progress, "read", done, total)

    contents = await asyncio.to_thread(read_csv, path, on_bytes)
    counts = await import_records(contents.records, "csv", on_progress)
    return ImportReport(
        rows=contents.rows,
        new=counts.new,
        updated=counts.updated,
        unchanged=counts.unchanged,
        rejected=contents.rejected,
    )


async def import_records(
    records: Sequence[TrackRecord], source: str, on_progress: OnProgress | None = None
) -> ImportCounts:
    """Store records with distinct ids; `source` ("csv", "demo") is noted for their features. Raises DatabaseDown."""
    at = now()
    counts = ImportCounts()
    done = 0
    starts = iter(range(0, len(records), BATCH))

    async def work() -> None:
        nonlocal counts, done
        for start in starts:
            batch = records[start : start + BATCH]
            stored = await _store(batch, source, at)
            counts += stored
            done += len(batch)
            if on_progress is not None:
                on_progress("store", done, len(records))

    try:
        async with asyncio.TaskGroup() as workers:
            for _ in range(_AT_ONCE):
                workers.create_task(work())
    except BaseExceptionGroup as failed:
        raise failed.exceptions[0] from None
    return counts


async def _store(batch: Sequence[TrackRecord], source: str, at: datetime) -> ImportCounts:
    """Store one batch. When somebody else stored one of its tracks meanwhile, what is left is looked at again."""
    collection = Track.get_motor_collection()
    inserted_before = 0
    for attempt in range(1, _ATTEMPTS + 1):
        stored = await _stored([record.spotify_id for record in batch])
        writes, counts = await asyncio.to_thread(_writes, batch, stored, source, at)
        try:
            if writes:
                with guarded():
                    await collection.bulk_write(writes, ordered=False)
        except BulkWriteError as error:
            _check(error, last=attempt == _ATTEMPTS)
            inserted_before += error.details["nInserted"]
        else:
            mine = min(inserted_before, counts.unchanged)
            return counts + ImportCounts(new=mine, unchanged=-mine)
    raise AssertionError  # the last attempt returns or raises


def _check(error: BulkWriteError, *, last: bool) -> None:
    """Pass when all that went wrong is that another import was faster. Raises DatabaseDown or the error."""
    if error.details.get("writeConcernErrors"):
        raise DatabaseDown(str(error.details["writeConcernErrors"][0])) from error
    if last or any(failure.get("code") != _DUPLICATE_KEY for failure in error.details["writeErrors"]):
        raise error


async def _stored(spotify_ids: list[str]) -> dict[str, dict[str, Any]]:
    """The raw documents of these tracks, by Spotify id."""
    cursor = Track.get_motor_collection().find_raw_batches({"spotifyTrackId": {"$in": spotify_ids}}, batch_size=BATCH)
    stored: dict[str, dict[str, Any]] = {}
    with guarded():
        async for raw in cursor:
            await asyncio.to_thread(_add, stored, raw)
    return stored


def _add(stored: dict[str, dict[str, Any]], batch: bytes) -> None:
    stored.update((document["spotifyTrackId"], document) for document in bson.decode_iter(batch))


def _writes(
    batch: Sequence[TrackRecord], stored: Mapping[str, Mapping[str, Any]], source: str, at: datetime
) -> tuple[list[InsertOne[dict[str, Any]] | UpdateOne], ImportCounts]:
    writes: list[InsertOne[dict[str, Any]] | UpdateOne] = []
    new = 0
    for record in batch:
        known = stored.get(record.spotify_id)
        fields = changes(known or {}, record, source, at)
        if known is None:
            new += 1
            writes.append(InsertOne(stamped_new({"spotifyTrackId": record.spotify_id, **fields})))
        elif fields:
            writes.append(UpdateOne({"_id": known["_id"]}, stamped({"$set": fields})))
    return writes, ImportCounts(new=new, updated=len(writes) - new, unchanged=len(batch) - len(writes))
