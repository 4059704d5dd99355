"""Reads the tables of knowledge and checks every row."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import get_args

from nlp.vibe import Axis, AxisRange

FOLDER = Path(__file__).parent

KIND_COLUMNS = ("name", "family", "genres", "tongues", "axes", "near", "fame", "aside", "heard")
ARTIST_COLUMNS = ("name", "kinds", "years", "country", "languages", "fame")
SCENE_COLUMNS = ("name", "forms", "kinds", "without", "axes", "years", "fame", "artists", "sentences")
WORK_COLUMNS = ("name", "forms", "type", "kinds", "without", "axes", "years", "artists", "sentences")

Weighted = tuple[tuple[str, int], ...]
"""Names with their weights from a cell, in its order."""

OpenYears = tuple[int, int | None]
"""First and last year; None while it goes on."""

_RANGE = re.compile(r"(\w+)=(-?\d*\.?\d+)?\.\.(-?\d*\.?\d+)?")
_YEARS = re.compile(r"(\d{4})-(\d{4})?")
_AXES: Mapping[str, Axis] = {axis: axis for axis in get_args(Axis)}


class BadKnowledge(ValueError):
    """A row breaks the schema; the text names table, line and reason."""


def read_rows(path: Path, columns: tuple[str, ...]) -> Iterator[tuple[int, dict[str, str]]]:
    """The line number and the cells of every row of a table. Raises `BadKnowledge`."""
    lines = path.read_text("utf-8").split("\n")
    if tuple(lines[0].split("\t")) != columns:
        raise BadKnowledge(f"{path.name}:1: the header has to be {' '.join(columns)}")
    for number, line in enumerate(lines[1:], start=2):
        if not line:
            continue
        cells = line.split("\t")
        if len(cells) != len(columns):
            raise BadKnowledge(f"{path.name}:{number}: {len(cells)} cells instead of {len(columns)}")
        yield number, dict(zip(columns, cells, strict=True))


def pieces(cell: str) -> tuple[str, ...]:
    """The parts of a list; an empty cell has none."""
    return tuple(cell.split("|")) if cell else ()


def weighted(cell: str, *, plain: int = 3, most: int = 3) -> Weighted:
    """Names with weights, ``funk:3|soul:1``; a name without one weighs `plain`. Raises ValueError."""
    found = []
    for piece in pieces(cell):
        name, colon, weight = piece.rpartition(":")
        if not colon or not weight.isdigit():
            name, weight = piece, str(plain)
        if not name or not 1 <= int(weight) <= most:
            raise ValueError(f"{piece!r} is no name with a weight from 1 to {most}")
        found.append((name, int(weight)))
    return tuple(found)


def ranges(cell: str, *, weight: float = 1.0) -> tuple[AxisRange, ...]:
    """Ranges of axes, ``energy=..0.6 tempo=90..120``, each of this weight. Raises ValueError."""
    found = []
    for piece in cell.split():
        match = _RANGE.fullmatch(piece)
        if match is None or match[1] not in _AXES:
            raise ValueError(f"{piece!r} is no range of an axis")
        low, high = (None if end is None else float(end) for end in match.group(2, 3))
        if low is not None and high is not None and low > high:
            raise ValueError(f"{piece!r} is upside down")
        found.append(AxisRange(axis=_AXES[match[1]], low=low, high=high, weight=weight))
    return tuple(found)


def years(cell: str) -> OpenYears:
    """``1965-1974`` or ``2011-``. Raises ValueError."""
    match = _YEARS.fullmatch(cell)
    if match is None:
        raise ValueError(f"{cell!r} is no span of years")
    first, last = int(match[1]), None if match[2] is None else int(match[2])
    if last is not None and last < first:
        raise ValueError(f"{cell!r} is upside down")
    return first, last
