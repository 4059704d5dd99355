"""CSV files of tracks. A bad row is listed with its line and its reason, and costs nothing but itself."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from bot.catalogue.files.faults import (
    FileIsEmpty,
    FileIsUtf16,
    FileLargerThan,
    FileOfUnknownLayout,
    FileUnreadable,
    FileWithoutHeader,
)
from bot.catalogue.files.layouts import Columns, columns_of
from bot.catalogue.files.rows import BadRowError, RowReader
from bot.catalogue.records import TrackRecord
from bot.errors import BadFile

OnBytes = Callable[[int, int], None]
"""Told how many bytes are read, of how many."""

LARGEST_FILE = 1 << 30
_DELIMITERS = (",", ";", "\t")
_REPORT_EVERY = 2000
_LINES_OF_ROW = 50
_BOMS_OF_OTHERS = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejected:
    """A row that was not taken: the line of the file that it begins on, from 1, and why."""

    line: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CsvContents:
    """What a file holds: a record for each id, its rejected rows, and how many rows there were in all."""

    records: tuple[TrackRecord, ...]
    rejected: tuple[Rejected, ...]
    rows: int


def read_csv(path: Path, on_bytes: OnBytes | None = None) -> CsvContents:
    """The tracks of a file in one of the known layouts, with the genres of repeated rows gathered.

    Where rows of one id differ in other things, the first counts. Takes about 2 s for 114,000 rows, so call it in a
    thread. Raises BadFile when the file cannot be read or its header is none of the known ones.
    """
    lines = _lines(path)
    total = sum(map(len, lines))
    delimiter, columns = _header(path, lines)
    rows = _CsvRows(lines, delimiter)
    reader = RowReader(columns)
    records: dict[str, TrackRecord] = {}
    rejected: list[Rejected] = []
    count = read_bytes = reported = 0
    for line, cells in rows:
        count += 1
        try:
            if isinstance(cells, BadRowError):
                raise cells
            record = reader.record(cells)
        except BadRowError as error:
            rejected.append(Rejected(line=line, reason=str(error)))
        else:
            known = records.get(record.spotify_id)
            records[record.spotify_id] = record if known is None else _gathered(known, record)
        if on_bytes is not None and count % _REPORT_EVERY == 0:
            read_bytes += sum(map(len, lines[reported : rows.position]))
            reported = rows.position
            on_bytes(read_bytes, total)
    if on_bytes is not None:
        on_bytes(total, total)
    return CsvContents(records=tuple(records.values()), rejected=tuple(rejected), rows=count)


class _CsvRows:
    """The rows below the header with the line each begins on; in place of the cells a BadRowError.

    A quote that is never closed would swallow the rows after it: a row that does not come out right is given up
    with its first line, and reading goes on with the next.
    """

    def __init__(self, lines: Sequence[bytes], delimiter: str) -> None:
        self._lines = lines
        self._delimiter = delimiter
        self.position = 1

    def __iter__(self) -> Iterator[tuple[int, list[str] | BadRowError]]:
        reader = csv.reader(self._decoded(), delimiter=self._delimiter, strict=True)
        while self.position < len(self._lines):
            start = self.position
            try:
                cells = next(reader)
                self._check(start, cells)
            except StopIteration:
                return
            except UnicodeDecodeError:
                yield start + 1, BadRowError("is not UTF-8")
            except (csv.Error, BadRowError):
                self.position = start + 1
                yield start + 1, BadRowError("has a quote that is not closed, or text after a closing quote")
            else:
                if cells:
                    yield start + 1, cells
                continue
            reader = csv.reader(self._decoded(), delimiter=self._delimiter, strict=True)

    def _decoded(self) -> Iterator[str]:
        while self.position < len(self._lines):
            line = self._lines[self.position]
            self.position += 1
            yield line.decode("utf-8")

    def _check(self, start: int, cells: list[str]) -> None:
        """Refuse a row of several lines in which one cell has swallowed others."""
        if self.position - start == 1:
            return
        swallowed = any("\n" in cell and cell.count(self._delimiter) > 4 for cell in cells)
        if swallowed or self.position - start > _LINES_OF_ROW:
            raise BadRowError


def _lines(path: Path) -> list[bytes]:
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise BadFile(path.name, FileLargerThan(most_mb=LARGEST_FILE >> 20))
        contents = path.read_bytes()
    except OSError as error:
        raise BadFile(path.name, FileUnreadable(cause=error.strerror or str(error))) from error
    if contents.startswith(_BOMS_OF_OTHERS):
        raise BadFile(path.name, FileIsUtf16())
    lines = contents.removeprefix(b"\xef\xbb\xbf").splitlines(keepends=True)
    if not any(line.strip() for line in lines):
        raise BadFile(path.name, FileIsEmpty())
    return lines


def _header(path: Path, lines: Sequence[bytes]) -> tuple[str, Columns]:
    header = lines[0].decode("utf-8", "replace")
    for delimiter in _DELIMITERS:
        try:
            columns = columns_of(next(csv.reader([header], delimiter=delimiter), []))
        except csv.Error as error:
            raise BadFile(path.name, FileWithoutHeader(cause=str(error))) from error
        if columns is not None:
            return delimiter, columns
    raise BadFile(path.name, FileOfUnknownLayout())


def _gathered(known: TrackRecord, again: TrackRecord) -> TrackRecord:
    if known.genres == again.genres:
        return known
    return replace(
        known,
        genres=tuple(dict.fromkeys(known.genres + again.genres)),
        tags=tuple(dict.fromkeys(known.tags + again.tags)),
    )
