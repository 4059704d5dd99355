"""A catalogue that begins empty, and songs that are brought into it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.catalogue.importer import import_records
from bot.catalogue.index import Catalogue
from bot.catalogue.records import TrackRecord
from bot.database import Database
from bot.documents import Track
from tests.loopback.reccobeats import spotify_id


@pytest.fixture
async def catalogue(database: Database) -> Catalogue:
    return Catalogue.from_records(())


def known(number: int, **said: Any) -> TrackRecord:
    """A song that is here already: calm jazz, known to Spotify."""
    plain = TrackRecord(
        spotify_id=spotify_id(number),
        title=f"Song {number}",
        artists=(f"Artist {number}",),
        duration_ms=200_000,
        genres=("jazz",),
        features=(("energy", 0.2), ("valence", 0.3), ("tempo", 90.0), ("acousticness", 0.8)),
    )
    return replace(plain, **said)


async def stored(catalogue: Catalogue, *records: TrackRecord) -> None:
    await import_records(records, "csv")
    await catalogue.catch_up()


async def track(spotify_id: str) -> dict[str, Any] | None:
    return await Track.get_motor_collection().find_one({"spotifyTrackId": spotify_id})
