"""Reading the tracks of the database raw: whole documents are too slow for 100,000 of them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import bson

from bot.catalogue.table import TableColumns
from bot.database import guarded
from bot.documents import Track

BATCH = 1000
"""Documents read at once."""

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

_STAMP = (
    {
        "$group": {
            "_id": None,
            "tracks": {"$sum": 1},
            "newest": {"$max": "$updatedAt"},
            "moments": {"$sum": {"$convert": {"input": "$updatedAt", "to": "long", "onError": 0, "onNull": 0}}},
        }
    },
)


async def stamp() -> dict[str, Any]:
    """What stays the same for as long as no track is added, removed or changed. Raises `DatabaseDown`.

    The sum of all moments tells a change in the newest millisecond, and a removal made up for by an addition.
    """
    with guarded():
        found: list[dict[str, Any]] = await Track.get_motor_collection().aggregate(list(_STAMP)).to_list(1)
    return found[0] if found else {}


async def batches() -> AsyncIterator[bytes]:
    """All tracks with the fields of a table, as BSON: batches of documents. Raises `DatabaseDown`."""
    cursor = Track.get_motor_collection().find_raw_batches({}, dict.fromkeys(_FIELDS, 1), batch_size=BATCH)
    with guarded():
        async for raw in cursor:
            yield raw


def add_batch(columns: TableColumns, batch: bytes) -> None:
    """Add a batch to `columns`, to be called in a thread.

    Documents are decoded one by one: a thousand at once would hold the interpreter for as long, and wake its
    garbage collector.
    """
    columns.add_documents(bson.decode_iter(batch))
