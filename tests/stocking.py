"""Songs in the database, stored once a run and put back for every test that asks for them."""

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

    async def put_back(self) -> Catalogue:
        """Store the tracks again; a catalogue of them for this test alone, which may read other songs in."""
        await Track.get_motor_collection().insert_many(self.documents)
        return Catalogue(self.catalogue._edition)


async def stocked_with(records: Iterable[TrackRecord]) -> Stock:
    """Import these songs, and take them out again."""
    tracks = Track.get_motor_collection()
    await tracks.delete_many({})
    await import_records(tuple(records), "demo")
    stock = Stock(documents=await tracks.find().to_list(None), catalogue=await Catalogue.load())
    await tracks.delete_many({})
    return stock
