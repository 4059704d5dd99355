"""Reading the tracks of the database raw: whole documents are too slow for 100,000 of them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import bson

from bot.database import guarded
from bot.documents import Track

BATCH = 1000
"""Documents read at once: about 10 ms of work in a thread."""

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


async def batches() -> AsyncIterator[list[dict[str, Any]]]:
    """All tracks as raw documents with the fields of a table, decoded in a thread. Raises `DatabaseDown`."""
    cursor = Track.get_motor_collection().find_raw_batches({}, dict.fromkeys(_FIELDS, 1), batch_size=BATCH)
    with guarded():
        async for raw in cursor:
            yield await asyncio.to_thread(bson.decode_all, raw)
