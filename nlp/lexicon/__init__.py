"""Words as data: tables with one schema, and the one place that reads them.

Every ``*.tsv`` file of this folder is a table with the columns ``name kind forms effects links source``:

- ``name``: the canonical name, lower case ("hip hop", "workout", "sad"); an emoji row is named by its emoji.
- ``kind``: one of `KINDS`.
- ``forms``: other spellings and phrases, separated by ``|``; the name itself is always a form. Plurals, hyphens and
  the usual inflections are made by the parser and need not be listed.
- ``effects``: separated by spaces. ``axis=low..high@weight`` with an open end left out (``energy=..0.45@0.8``), or a
  hint ``key=value`` with a key of `HINTS` (``context=rain``; a space in the value is written ``_``).
  A word that names music and an everyday thing alike has a row of the kind ``everyday`` too: ``before`` and ``after``
  name the classes of words (rows of the kind ``company``) beside which it is no music.
- ``links``: broader genres separated by ``|``; genres only.
- ``source``: where the numbers come from. Never empty.

Lines that begin with ``#`` and empty lines are skipped.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

from nlp.vibe import AXES, Axis, AxisRange

COLUMNS = ("name", "kind", "forms", "effects", "links", "source")

WORD_KINDS = (
    "mood",
    "sound",
    "scene",
    "activity",
    "weather",
    "time",
    "season",
    "place",
    "emoji",
    "genre",
    "instrument",
    "language",
)
"""Kinds that say how the music shall be."""

GRAMMAR_KINDS = (
    "axis",
    "degree",
    "negation",
    "contrast",
    "change",
    "filler",
    "idiom",
    "familiarity",
    "clean",
    "vocals",
    "era",
)
"""Kinds that the parser's grammar is made of."""

EVERYDAY_KINDS = ("everyday", "company")
"""Kinds of words that are no mention by themselves: names of music that are everyday words too, and the words before
and after that give such a word away, by the class that its row names.
"""

KINDS = WORD_KINDS + GRAMMAR_KINDS + EVERYDAY_KINDS

HINTS = frozenset(
    {
        "context",
        "genre",
        "instrument",
        "language",
        "factor",
        "scope",
        "axis",
        "familiarity",
        "clean",
        "years",
        "before",
        "after",
    }
)
"""Keys of effects that are not an axis: soft hints of words, and the settings of grammar rows and everyday words."""

LIMITS: dict[Axis, tuple[float, float]] = {
    axis: {"tempo": (20.0, 300.0), "loudness": (-60.0, 5.0)}.get(axis, (0.0, 1.0)) for axis in AXES
}
"""Lowest and highest value an axis can have, in its unit."""

_FOLDER = Path(__file__).parent
_RANGE = re.compile(r"(-?\d+(?:\.\d+)?)?\.\.(-?\d+(?:\.\d+)?)?@(\d+(?:\.\d+)?)")
_INVISIBLE = re.compile("\u200d[\u2640\u2642]|[\u200b\u200c\u2060\ufe00-\ufe0f\U0001f3fb-\U0001f3ff]")
_MAX_WEIGHT = 3.0


class BadTable(ValueError):
    """A row of a table breaks the schema; the text names table, line and reason."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One row: what a word or phrase stands for.

    `forms` begin with the name. `hints` are the (key, value) effects that are no axis. `table` is the file's stem.
    """

    name: str
    kind: str
    forms: tuple[str, ...]
    effects: tuple[AxisRange, ...] = ()
    hints: tuple[tuple[str, str], ...] = ()
    links: tuple[str, ...] = ()
    source: str = ""
    table: str = ""

    def hint(self, key: str) -> str | None:
        """The first hint named `key`, or None."""
        return next((value for name, value in self.hints if name == key), None)


def form_key(form: str) -> str:
    """`form` as it is compared: no case, hyphens and slashes are spaces, no apostrophes, no selectors of emoji."""
    plain = _INVISIBLE.sub("", unicodedata.normalize("NFC", form)).casefold()
    return " ".join(re.sub(r"['’`.]", "", re.sub(r"[-‐–—/_]", " ", plain)).split())


def read_entries(folder: Path = _FOLDER) -> tuple[Entry, ...]:
    """Every row of every table of `folder`, in the order of the tables' names. Raises `BadTable`."""
    return check_entries(entry for path in sorted(folder.glob("*.tsv")) for entry in read_table(path))


def read_table(path: Path) -> Iterator[Entry]:
    """The rows of one table, each checked by itself. Raises `BadTable`."""
    lines = path.read_text("utf-8").split("\n")
    if tuple(lines[0].rstrip("\r").split("\t")) != COLUMNS:
        raise BadTable(f"{path.name}:1: the header has to be {' '.join(COLUMNS)}, separated by tabs")
    for number, line in enumerate(lines[1:], start=2):
        if not line.strip() or line.startswith("#"):
            continue
        try:
            yield _entry(line.rstrip("\r").split("\t"), path.stem)
        except ValueError as wrong:
            raise BadTable(f"{path.name}:{number}: {wrong}") from wrong


def check_entries(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """The `entries`, when no form stands twice in a kind and every link names a genre. Raises `BadTable`."""
    kept = tuple(entries)
    owners: dict[tuple[str, str], str] = {}
    for entry in kept:
        for form in entry.forms:
            owner = owners.setdefault((entry.kind, form_key(form)), entry.name)
            if owner != entry.name:
                raise BadTable(f"{entry.table}: {form!r} stands for {owner!r} and for {entry.name!r}")
        if len({form_key(form) for form in entry.forms}) < len(entry.forms):
            raise BadTable(f"{entry.table}: a form of {entry.name!r} stands there twice")
    names = [(entry.kind, entry.name) for entry in kept]
    if len(set(names)) < len(names):
        double = next(pair for pair in names if names.count(pair) > 1)
        raise BadTable(f"two rows of the kind {double[0]} are named {double[1]!r}")
    genres = {name for kind, name in names if kind == "genre"}
    for entry in kept:
        if missing := [link for link in entry.links if link not in genres]:
            raise BadTable(f"{entry.table}: {entry.name!r} links to {missing[0]!r}, which is no genre here")
    return kept


def _entry(cells: list[str], table: str) -> Entry:
    if len(cells) != len(COLUMNS):
        raise ValueError(f"{len(cells)} cells instead of {len(COLUMNS)}")
    name, kind, forms, effects, links, source = cells
    if any(cell != cell.strip() for cell in cells) or not name or name != name.casefold():
        raise ValueError(f"the name {name!r} has to be lower case, and no cell may begin or end with a space")
    if kind not in KINDS:
        raise ValueError(f"unknown kind {kind!r}")
    if not source:
        raise ValueError("the source is missing")
    if links and kind != "genre":
        raise ValueError("only genres have links")
    ranges, hints = _effects(effects)
    return Entry(
        name=name,
        kind=kind,
        forms=(name, *_pieces(forms)),
        effects=ranges,
        hints=hints,
        links=_pieces(links),
        source=source,
        table=table,
    )


def _pieces(cell: str) -> tuple[str, ...]:
    pieces = tuple(cell.split("|")) if cell else ()
    if any(not form_key(piece) or piece != piece.strip() for piece in pieces):
        raise ValueError(f"an empty or padded piece in {cell!r}")
    return pieces


def _effects(cell: str) -> tuple[tuple[AxisRange, ...], tuple[tuple[str, str], ...]]:
    ranges: list[AxisRange] = []
    hints: list[tuple[str, str]] = []
    for effect in cell.split():
        key, equals, value = effect.partition("=")
        if not equals or not value:
            raise ValueError(f"the effect {effect!r} is not key=value")
        if key in AXES:
            ranges.append(_range(next(axis for axis in get_args(Axis) if axis == key), value))
        elif key in HINTS:
            hints.append((key, value.replace("_", " ")))
        else:
            raise ValueError(f"{key!r} is neither an axis nor a hint")
    if len({wish.axis for wish in ranges}) < len(ranges):
        raise ValueError("an axis stands there twice")
    return tuple(ranges), tuple(hints)


def _range(axis: Axis, value: str) -> AxisRange:
    match = _RANGE.fullmatch(value)
    if match is None:
        raise ValueError(f"{axis}={value} is not low..high@weight")
    low, high = (None if end is None else float(end) for end in match.group(1, 2))
    weight = float(match[3])
    floor, ceiling = LIMITS[axis]
    if low is None and high is None:
        raise ValueError(f"{axis}={value} has no end")
    if any(end is not None and not floor <= end <= ceiling for end in (low, high)):
        raise ValueError(f"{axis}={value} leaves {floor}..{ceiling}")
    if low is not None and high is not None and low > high:
        raise ValueError(f"{axis}={value} is upside down")
    if not 0 < weight <= _MAX_WEIGHT:
        raise ValueError(f"{axis}={value}: the weight has to be above 0 and at most {_MAX_WEIGHT}")
    return AxisRange(axis=axis, low=low, high=high, weight=weight)
