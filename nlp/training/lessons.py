"""What the model is taught: requests with what a person who knows music would hear in them, and scenes' sentences.

``data/requests.tsv`` has a row a request: ``kinds`` with weights from 1 to 3, ``without`` what a careless ear would
take for it, ``axes`` limits beyond what the kinds imply, ``years`` an era that is meant, ``fame`` 0 to 3, ``tongue`` a
language that is meant (``zxx`` no words), ``artists`` whose known songs fit the whole sentence. The source of every
row is judgement. ``data/nothing.txt`` has texts that ask for no music.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from nlp.knowledge.artists import all_artists, artist_key
from nlp.knowledge.kinds import all_kinds
from nlp.knowledge.request_model import FIRST_YEAR, LEARNED_AXES, YEARS, learned_value
from nlp.knowledge.scenes import all_scenes, taught
from nlp.knowledge.tables import BadKnowledge, pieces, ranges, read_rows, weighted
from nlp.vibe import AxisRange

Floats = npt.NDArray[np.float32]
Numbers = npt.NDArray[np.int32]

FOLDER = Path(__file__).parent / "data"
COLUMNS = ("text", "kinds", "without", "axes", "years", "fame", "tongue", "artists")

SHARPNESS = 1.5
"""A kind that is meant counts for more than its weight says: 3, 2, 1 become 5.2, 2.8, 1. Judgement."""

LEAST_MENTIONS = 3
"""Requests that an artist has to fit for something to be learned of it alone."""

LEAST_OF_TONGUE = 8
MOST_ARTISTS = 16

_YEARS = re.compile(r"(\d{4})?-(\d{4})?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson:
    """A text and what is to be heard in it. `kinds` add up to 1; without kinds the text asks for no music.

    `years` are the first and the last one, None where open; `tongue` is None where nothing was written down of it.
    """

    text: str
    kinds: tuple[tuple[str, float], ...] = ()
    without: tuple[str, ...] = ()
    axes: tuple[AxisRange, ...] = ()
    years: tuple[int | None, int | None] = (None, None)
    fame: float = 0.0
    tongue: str | None = None
    artists: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """What is to be heard, a row a lesson. `artists` are numbers of `names`, -1 where there are fewer; `known` tells
    with 1 which `tongue` was written down. `likely` and `values` are the ends of `LEARNED_AXES`, low and high, then the
    first and the last year.
    """

    music: Floats
    kinds: Floats
    without: Floats
    artists: Numbers
    fame: Floats
    likely: Floats
    values: Floats
    tongue: Numbers
    known: Floats


def read_requests(path: Path = FOLDER / "requests.tsv") -> tuple[Lesson, ...]:
    """Every row of the table, checked. Raises `BadKnowledge`."""
    kinds = all_kinds()
    found = []
    for number, cells in read_rows(path, COLUMNS):
        try:
            found.append(_request(cells))
        except ValueError as wrong:
            raise BadKnowledge(f"{path.name}:{number}: {wrong}") from wrong
        names = [name for name, _ in found[-1].kinds] + list(found[-1].without)
        if unknown := [name for name in names if kinds.get(name) is None]:
            raise BadKnowledge(f"{path.name}:{number}: {unknown[0]!r} is no kind")
    return tuple(found)


def _request(cells: dict[str, str]) -> Lesson:
    years = _YEARS.fullmatch(cells["years"] or "-")
    if years is None:
        raise ValueError(f"{cells['years']!r} are no years")
    if not cells["text"] or cells["fame"] not in {"0", "1", "2", "3"}:
        raise ValueError("a request has a text and a fame from 0 to 3")
    return Lesson(
        text=cells["text"],
        kinds=_sharp(weighted(cells["kinds"])),
        without=pieces(cells["without"]),
        axes=ranges(cells["axes"]),
        years=(int(years[1]) if years[1] else None, int(years[2]) if years[2] else None),
        fame=float(cells["fame"]),
        tongue=cells["tongue"],
        artists=pieces(cells["artists"]),
    )


def read_nothing(path: Path = FOLDER / "nothing.txt") -> tuple[Lesson, ...]:
    """The texts that ask for no music."""
    return tuple(Lesson(text=line) for line in path.read_text("utf-8").splitlines() if line)


def scene_lessons() -> tuple[Lesson, ...]:
    """The names and sentences of the scenes and works as lessons."""
    return tuple(
        Lesson(
            text=text,
            kinds=_sharp(row.kinds),
            without=tuple(name for name, _ in row.without),
            axes=row.axes,
            years=(None, None) if row.years is None else row.years,
            fame=row.fame,
            artists=row.artists,
        )
        for row in all_scenes().rows
        for text in taught(row)
    )


def _sharp(kinds: Sequence[tuple[str, int]]) -> tuple[tuple[str, float], ...]:
    sharp = [(name, float(weight) ** SHARPNESS) for name, weight in kinds]
    total = sum(weight for _, weight in sharp)
    return tuple((name, weight / total) for name, weight in sharp)


def mentioned(lessons: Sequence[Lesson]) -> tuple[str, ...]:
    """The artists of whom something is learned, the most mentioned first, in their commonest spelling."""
    spelt: dict[str, Counter[str]] = {}
    for lesson in lessons:
        for name in lesson.artists:
            spelt.setdefault(artist_key(name), Counter())[name] += 1
    counts = sorted(((sum(names.values()), key) for key, names in spelt.items()), key=lambda pair: (-pair[0], pair[1]))
    return tuple(spelt[key].most_common(1)[0][0] for count, key in counts if count >= LEAST_MENTIONS)


def spoken(lessons: Sequence[Lesson]) -> tuple[str, ...]:
    """The languages that are learned; the first, an empty one, is that nothing is meant."""
    counts = Counter(lesson.tongue for lesson in lessons if lesson.tongue)
    return "", *(tongue for tongue, count in counts.most_common() if count >= LEAST_OF_TONGUE)


def known_kinds(names: Sequence[str]) -> Floats:
    """What the tables know of these artists, a row each; zeros for who is in none."""
    rows = np.zeros((len(names), len(all_kinds())), dtype=np.float32)
    for number, name in enumerate(names):
        if found := all_artists().find(name):
            rows[number] = found[0].shares()
    return rows


def answers(lessons: Sequence[Lesson], names: Sequence[str], tongues: Sequence[str]) -> Answers:
    """The lessons as arrays."""
    kinds = all_kinds()
    number = {artist_key(name): place for place, name in enumerate(names)}
    tongue = {code: place for place, code in enumerate(tongues)}
    artists = np.full((len(lessons), MOST_ARTISTS), -1, dtype=np.int32)
    ends = 2 * len(LEARNED_AXES) + 2
    likely, values = (np.zeros((len(lessons), ends), dtype=np.float32) for _ in range(2))
    for row, lesson in enumerate(lessons):
        found = [number[key] for name in lesson.artists if (key := artist_key(name)) in number][:MOST_ARTISTS]
        artists[row, : len(found)] = found
        for end, value in _ends(lesson):
            likely[row, end], values[row, end] = 1, value
    return Answers(
        music=np.array([bool(lesson.kinds) for lesson in lessons], dtype=np.float32),
        kinds=np.stack([kinds.shares(lesson.kinds) for lesson in lessons]),
        without=np.stack([kinds.shares((name, 1.0) for name in lesson.without) for lesson in lessons]),
        artists=artists,
        fame=np.array([lesson.fame for lesson in lessons], dtype=np.float32),
        likely=likely,
        values=values,
        tongue=np.array([tongue.get(lesson.tongue or "", 0) for lesson in lessons], dtype=np.int32),
        known=np.array([lesson.tongue is not None for lesson in lessons], dtype=np.float32),
    )


def _ends(lesson: Lesson) -> list[tuple[int, float]]:
    """The numbers of the ends that a lesson limits, with their values from about 0 to 1."""
    found = []
    for wish in lesson.axes:
        for end, value in enumerate((wish.low, wish.high)):
            if value is not None:
                found.append((2 * LEARNED_AXES.index(wish.axis) + end, learned_value(wish.axis, value)))
    for end, year in enumerate(lesson.years):
        if year is not None:
            found.append((2 * len(LEARNED_AXES) + end, (year - FIRST_YEAR) / YEARS))
    return found
