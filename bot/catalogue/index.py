"""The catalogue in memory: the table of all tracks and the names in it, read from the database and kept fresh."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from bot.catalogue.identity import song_key
from bot.catalogue.names import ArtistNames, names_of
from bot.catalogue.records import TrackRecord
from bot.catalogue.snapshot import read_snapshot, write_snapshot
from bot.catalogue.table import TableColumns
from bot.catalogue.table_builder import Stock, song_number
from bot.generation.tracks import TrackTable

if TYPE_CHECKING:
    # A catalogue made from a file must not load the driver.
    from bot.catalogue.track_reader import Newest, Stamp

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Edition:
    """What the catalogue is at one moment; replaced as a whole, so that a reader never sees half of two.

    `stamp` and `newest` say what was read of the database; both are None before that.
    """

    stock: Stock
    names: ArtistNames
    invented: bool
    stamp: Stamp | None = None
    newest: Newest | None = None


class Catalogue:
    """All tracks as arrays.

    `table` and `names` are replaced, never changed: take them once for a request and they stay what they were.
    """

    def __init__(self, edition: _Edition, *, folder: Path | None = None) -> None:
        self._edition = edition
        self._folder = folder
        self._refreshing = asyncio.Lock()

    @classmethod
    def from_records(cls, records: Iterable[TrackRecord], *, folder: Path | None = None) -> Catalogue:
        """The catalogue of these records, without a database.

        With a `folder`, that of the database is kept there once it is read, and `catch_up` begins with what is kept.
        """
        columns = TableColumns()
        columns.add_records(records)
        return cls(_edition(columns.stock()), folder=folder)

    @classmethod
    async def load(cls, folder: Path | None = None) -> Catalogue:
        """The catalogue of the database, from what is kept in `folder` where that is good. Raises `DatabaseDown`."""
        catalogue = cls.from_records((), folder=folder)
        await catalogue.catch_up()
        return catalogue

    async def refresh(self) -> bool:
        """Read the tracks again if any changed; whether they had. Raises `DatabaseDown` and then keeps what it has.

        Every track is looked at by the server, a second or so for a million. The event loop goes on meanwhile: tracks
        are read in batches and made into a table in a thread.
        """
        from bot.catalogue.track_reader import newest, stamp

        async with self._refreshing:
            now = await stamp()
            if now == self._edition.stamp:
                return False
            await self._read_all(now, await newest())
            return True

    async def catch_up(self) -> bool:
        """Bring in tracks that were added; whether there were any. Raises `DatabaseDown` and then keeps what it has.

        As cheap as two questions when none were. Only the new ones are read, unless some were removed or it was never
        read; what was changed in its place is left to `refresh`.
        """
        from bot.catalogue.track_reader import newest, stamp

        async with self._refreshing:
            now = await newest()
            opened = self._edition.stamp is None and await self._opened()
            before = self._edition
            if now == before.newest:
                return opened
            if not await self._brought_in(now):
                await self._read_all(await stamp(), now)
            return True

    async def _opened(self) -> bool:
        """Whether the edition is now that of the folder, because it is of this database."""
        from bot.catalogue.track_reader import Newest, Stamp, holds, id_of

        kept = None if self._folder is None else await asyncio.to_thread(read_snapshot, self._folder)
        if kept is None:
            return False
        stock, facts = kept
        newest = Newest(tracks=facts["newest"]["tracks"], last=id_of(facts["newest"]["last"]))
        if not await holds(newest.last):
            return False
        self._edition = await asyncio.to_thread(_edition, stock, Stamp(**facts["stamp"]), newest)
        return True

    async def _brought_in(self, now: Newest) -> bool:
        """Whether the edition could be brought up to date by the tracks that were added alone."""
        from bot.catalogue.track_reader import Arrivals, Newest, batches, comes_in_order

        before = self._edition
        if before.stamp is None or before.newest is None or not comes_in_order(before.newest.last):
            return False
        arrivals = Arrivals(after=before.newest.last, known=before.stock.table.keys)
        await _each(batches(after=before.newest.last), arrivals.add_batch)
        tracks = before.newest.tracks + len(arrivals.moments_ms)
        if not before.newest.tracks <= now.tracks <= tracks:
            return False
        stamp, newest = before.stamp.with_more(arrivals.moments_ms), Newest(tracks=tracks, last=arrivals.last)
        await self._become(await asyncio.to_thread(_joined, before.stock, arrivals.columns, stamp, newest))
        return True

    async def _read_all(self, stamp: Stamp, newest: Newest) -> None:
        from bot.catalogue.track_reader import add_batch, batches

        columns = TableColumns()
        await _each(batches(), partial(add_batch, columns))
        await self._become(await asyncio.to_thread(_finished, columns, stamp, newest))

    async def _become(self, edition: _Edition) -> None:
        self._edition = edition
        if self._folder is not None and len(edition.stock.table):
            await asyncio.to_thread(_keep, self._folder, edition)

    @property
    def table(self) -> TrackTable:
        """All tracks."""
        return self._edition.stock.table

    @property
    def names(self) -> ArtistNames:
        """The artists of all tracks; satisfies `nlp.names.Names`."""
        return self._edition.names

    def has(self, spotify_id: str, title: str, artist: str) -> bool:
        """Whether it holds this track, or another version of the same song."""
        stock = self._edition.stock
        if stock.table.spotify_ids.get(spotify_id) is not None:
            return True
        return bool((stock.songs == song_number(song_key(title, artist)[0])).any())

    @property
    def size(self) -> int:
        """The number of tracks."""
        return len(self._edition.stock.table)

    @property
    def digest(self) -> str:
        """A name of 32 signs for the contents: the same tracks have the same name wherever they were read."""
        return self._edition.stock.table.digest

    @property
    def invented(self) -> bool:
        """Whether there are tracks, and all of them are of the invented demo catalogue."""
        return self._edition.invented


async def _each(batches: AsyncIterator[bytes], work: Callable[[bytes], None]) -> None:
    """Does the work on each batch in a thread, one after the other, while the server makes the next one."""
    working: asyncio.Future[None] | None = None
    try:
        async for batch in batches:
            if working is not None:
                await working
            working = asyncio.ensure_future(asyncio.to_thread(work, batch))
    finally:
        if working is not None:
            await working


def _edition(stock: Stock, stamp: Stamp | None = None, newest: Newest | None = None) -> _Edition:
    ids = stock.table.spotify_ids
    # They are in order, so that what begins the first and the last begins all.
    invented = len(ids) > 0 and all(ids[row].startswith("demo:") for row in (0, -1))
    return _Edition(stock=stock, names=names_of(stock.table), invented=invented, stamp=stamp, newest=newest)


def _finished(columns: TableColumns, stamp: Stamp, newest: Newest) -> _Edition:
    return _edition(columns.stock(), stamp, newest)


def _joined(before: Stock, columns: TableColumns, stamp: Stamp, newest: Newest) -> _Edition:
    return _edition(before.with_more(columns.stock()), stamp, newest)


def _keep(folder: Path, edition: _Edition) -> None:
    """Keep an edition on disk; a full disk costs the next start time, and nothing else."""
    if edition.stamp is None or edition.newest is None:
        return
    newest = {"tracks": edition.newest.tracks, "last": str(edition.newest.last)}
    try:
        write_snapshot(folder, edition.stock, {"stamp": asdict(edition.stamp), "newest": newest})
    except OSError as error:
        _log.warning("the catalogue could not be kept in %s: %s", folder, error)
