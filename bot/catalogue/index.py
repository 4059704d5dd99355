"""The catalogue in memory: the table of all tracks and the names in it, read from the database and kept fresh."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass

from bot.catalogue.names import ArtistNames, names_of
from bot.catalogue.records import TrackRecord
from bot.catalogue.table import TableColumns, table_of
from bot.generation.tracks import TrackTable


@dataclass(frozen=True, slots=True, kw_only=True)
class _Edition:
    """What the catalogue is at one moment; replaced as a whole, so that a reader never sees half of two."""

    table: TrackTable
    names: ArtistNames
    invented: bool
    stamp: object = None


class Catalogue:
    """All tracks as arrays.

    `table` and `names` are replaced, never changed: take them once for a request and they stay what they were.
    """

    def __init__(self, edition: _Edition) -> None:
        self._edition = edition
        self._refreshing = asyncio.Lock()

    @classmethod
    def from_records(cls, records: Iterable[TrackRecord]) -> Catalogue:
        """The catalogue of these records, without a database; `refresh` is not for it."""
        return cls(_edition(table_of(records)))

    @classmethod
    async def load(cls) -> Catalogue:
        """The catalogue of the database. Raises `DatabaseDown`."""
        catalogue = cls(_edition(table_of(())))
        await catalogue.refresh()
        return catalogue

    async def refresh(self) -> bool:
        """Read the tracks again if they changed; whether they had. Raises `DatabaseDown` and then keeps what it has.

        The event loop goes on meanwhile: tracks are read in batches and made into a table in a thread.
        """
        # A catalogue made from a file must not load the driver.
        from bot.catalogue.stored import add_batch, batches, stamp

        async with self._refreshing:
            now = await stamp()
            if now == self._edition.stamp:
                return False
            columns = TableColumns()
            async for batch in batches():
                await asyncio.to_thread(add_batch, columns, batch)
            self._edition = await asyncio.to_thread(_finished, columns, now)
            return True

    @property
    def table(self) -> TrackTable:
        """All tracks."""
        return self._edition.table

    @property
    def names(self) -> ArtistNames:
        """The artists of all tracks; satisfies `nlp.names.Names`."""
        return self._edition.names

    @property
    def size(self) -> int:
        """The number of tracks."""
        return len(self._edition.table)

    @property
    def digest(self) -> str:
        """A name of 32 signs for the contents: the same tracks have the same name wherever they were read."""
        return self._edition.table.digest

    @property
    def invented(self) -> bool:
        """Whether there are tracks, and all of them are of the invented demo catalogue."""
        return self._edition.invented


def _edition(table: TrackTable, stamp: object = None) -> _Edition:
    invented = len(table) > 0 and all(track_id.startswith("demo:") for track_id in table.spotify_ids)
    return _Edition(table=table, names=names_of(table), invented=invented, stamp=stamp)


def _finished(columns: TableColumns, stamp: object) -> _Edition:
    return _edition(columns.table(), stamp)
