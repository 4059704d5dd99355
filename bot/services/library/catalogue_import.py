"""The catalogue as moderators see it: bringing songs in from a file, and what there is."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Literal

import numpy as np

from bot.catalogue.files.faults import (
    FileIsEmpty,
    FileIsNoTable,
    FileIsNoText,
    FileIsPacked,
    FileIsSpreadsheet,
    FileTooLarge,
    FileTooLong,
    FileWithoutHeader,
    PackedForm,
)
from bot.catalogue.files.layouts import LAYOUTS
from bot.catalogue.importer import ImportReport, import_csv
from bot.catalogue.index import Catalogue
from bot.errors import BadFile, SwitchedOff
from bot.generation.tracks import TrackTable

LARGEST_BYTES = 32 << 20
"""Bytes of a file that Discord brings; a table of 114,000 songs has 20 MB. The command line takes a GB."""

MOST_LINES = 300_000
"""Lines of such a file: each takes about a kilobyte while it is read."""

LONGEST_HEADER = 20_000
"""Bytes of the first line."""

TOP_GENRES = 8

_TEXTS = frozenset({".csv", ".tsv", ".txt"})
_SPREADSHEETS = frozenset({".xls", ".xlsx", ".ods", ".numbers"})
_PACKED: Mapping[bytes, PackedForm] = {
    b"PK\x03\x04": "zip",
    b"PK\x05\x06": "empty_zip",
    b"\x1f\x8b": "gzip",
    b"BZh": "bzip2",
    b"\xfd7zXZ": "xz",
    b"7z\xbc\xaf": "7z",
    b"Rar!": "rar",
    b"\x28\xb5\x2f\xfd": "zstd",
    b"%PDF": "pdf",
    b"\x89PNG": "picture",
    b"\xff\xd8\xff": "picture",
}
"""How files begin that are no text. Nothing is ever unpacked, so an archive cannot burst here."""

ImportStage = Literal["wait", "read", "store", "refresh"]
OnImport = Callable[[ImportStage, int, int], None]
"""Told, in the event loop, what is done of the whole: bytes that are read, then songs that are stored."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LibraryInfo:
    """What the catalogue holds. `years` are the first and the last known one; shares go from 0 to 1."""

    songs: int
    artists: int = 0
    genres: int = 0
    top_genres: tuple[tuple[str, int], ...] = ()
    years: tuple[int, int] | None = None
    sound_known: float = 0.0
    year_known: float = 0.0
    explicit_known: float = 0.0
    invented: bool = False


class LibraryService:
    """The one catalogue of the installation.

    `warm` prepares it for choosing; unless it is `open_to_moderators`, only operators bring songs in.
    """

    def __init__(
        self, *, catalogue: Catalogue, warm: Callable[[], Awaitable[None]], open_to_moderators: bool = True
    ) -> None:
        self._catalogue = catalogue
        self._warm = warm
        self._open = open_to_moderators
        self._turn = asyncio.Lock()

    @property
    def layouts(self) -> tuple[str, ...]:
        """The names of the kinds of files that are taken."""
        return tuple(layout.name for layout in LAYOUTS)

    def admit(self, name: str, size: int) -> None:
        """Raises BadFile when a file of that name and size in bytes is not worth fetching, SwitchedOff if none is."""
        if not self._open:
            raise SwitchedOff(what="import")
        check_file(name, size, largest=LARGEST_BYTES)

    async def bring_in(self, name: str, contents: bytes, on_progress: OnImport) -> ImportReport:
        """Store the songs of a file and make them ready to be chosen, one file at a time.

        Raises BadFile before anything is stored, and DatabaseDown: what was stored then stays, and bringing the file
        in once more does the rest.
        """
        self.admit(name, len(contents))
        await asyncio.to_thread(check_kind, name, contents, most_lines=MOST_LINES)
        if self._turn.locked():
            on_progress("wait", 0, 0)
        async with self._turn:
            try:
                report = await _imported(contents, on_progress)
            except BadFile as bad:
                raise BadFile(name, bad.reason) from bad
            on_progress("refresh", 0, 0)
            await self._catalogue.refresh()
            await self._warm()
            return report

    async def info(self) -> LibraryInfo:
        """What there is; counted in a thread."""
        return await asyncio.to_thread(_counted, self._catalogue.table, invented=self._catalogue.invented)


async def _imported(contents: bytes, on_progress: OnImport) -> ImportReport:
    with tempfile.TemporaryDirectory(prefix="vibrato-import-") as folder:
        path = Path(folder) / "songs.csv"
        await asyncio.to_thread(path.write_bytes, contents)
        return await import_csv(path, on_progress)


def check_file(name: str, size: int, *, largest: int) -> None:
    """Raises BadFile when a file of that name and size in bytes is no table, or has more than `largest` bytes."""
    kind = PurePosixPath(name).suffix.casefold()
    if kind in _SPREADSHEETS:
        raise BadFile(name, FileIsSpreadsheet())
    if kind not in _TEXTS:
        raise BadFile(name, FileIsNoTable())
    if size > largest:
        raise BadFile(name, FileTooLarge(size_mb=size / (1 << 20), most_mb=largest >> 20))
    if size == 0:
        raise BadFile(name, FileIsEmpty())


def check_kind(name: str, contents: bytes, *, most_lines: int) -> None:
    """Raises BadFile for what is no table of text, whatever it is called, and for more lines than that."""
    for sign, form in _PACKED.items():
        if contents.startswith(sign):
            raise BadFile(name, FileIsPacked(form=form))
    if b"\0" in contents and not contents.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise BadFile(name, FileIsNoText())
    if contents.count(b"\n") + contents.count(b"\r") > 2 * most_lines or len(contents.splitlines()) > most_lines:
        raise BadFile(name, FileTooLong(most_lines=most_lines))
    if len(contents[: LONGEST_HEADER + 1].split(b"\n")[0]) > LONGEST_HEADER:
        raise BadFile(name, FileWithoutHeader(cause=None))


def _counted(table: TrackTable, *, invented: bool) -> LibraryInfo:
    songs = len(table)
    if not songs:
        return LibraryInfo(songs=0)
    of_genre = np.bincount(table.genres.indices, minlength=len(table.genres.words))
    most = np.argsort(-of_genre, kind="stable")[:TOP_GENRES]
    years = table.year[table.year > 0]
    return LibraryInfo(
        songs=songs,
        artists=len(np.unique(table.artist)),
        genres=int(np.count_nonzero(of_genre)),
        top_genres=tuple((table.genres.words[row], int(of_genre[row])) for row in most if of_genre[row]),
        years=(int(years.min()), int(years.max())) if len(years) else None,
        sound_known=float(np.mean(~np.all(np.isnan(table.features), axis=1))),
        year_known=len(years) / songs,
        explicit_known=float(np.mean(table.explicit >= 0)),
        invented=invented,
    )
