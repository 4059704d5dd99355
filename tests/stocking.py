"""Songs in the database, stored once a run and put back for every test that asks for them and finds others."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from bot.catalogue.importer import import_records
from bot.catalogue.index import Catalogue
from bot.catalogue.records import TrackRecord
from bot.documents import Track


@dataclass(frozen=True, slots=True, kw_only=True)
class Stock:
    """Tracks as they lie in the database, and the catalogue of them."""

    documents: list[dict[str, Any]]
    catalogue: Catalogue
    fingerprint: str

    async def put_back(self) -> Catalogue:
        """Store the tracks again if any is not as it was; a catalogue of them for this test alone."""
        if await _fingerprint() != self.fingerprint:
            tracks = Track.get_motor_collection()
            await tracks.delete_many({})
            await tracks.insert_many(self.documents)
        return Catalogue(self.catalogue._edition)


async def _fingerprint() -> str:
    """What differs as soon as any track does, by the server's own count."""
    tracks = Track.get_motor_collection()
    return str((await tracks.database.command("dbHash", collections=[tracks.name]))["md5"])


async def stocked_with(records: Iterable[TrackRecord]) -> Stock:
    """Import these songs."""
    tracks = Track.get_motor_collection()
    await tracks.delete_many({})
    await import_records(tuple(records), "demo")
    return Stock(
        documents=await tracks.find().to_list(None), catalogue=await Catalogue.load(), fingerprint=await _fingerprint()
    )
