"""Scenes and works: what people put on in a situation, and the phrases that name each."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from itertools import chain
from pathlib import Path

import numpy as np
import numpy.typing as npt

from nlp.knowledge.kinds import all_kinds
from nlp.knowledge.tables import (
    FOLDER,
    SCENE_COLUMNS,
    WORK_COLUMNS,
    BadKnowledge,
    OpenYears,
    Weighted,
    pieces,
    ranges,
    read_rows,
    weighted,
    years,
)
from nlp.names import fold
from nlp.vibe import AxisRange

Floats = npt.NDArray[np.float32]
Places = npt.NDArray[np.intp]

ScenePhrase = tuple[int, int, tuple[int, ...]]
"""First word, past the last word, and the numbers of the scenes that these words name."""

_WORKS_FAME = 1.5
_BETWEEN = " / "
_LONGEST_PHRASE = 8
_WORD = re.compile(r"[^\W_]+")
_STEMS = 16_384
_ENDINGS = (("ing", 4), ("ies", 3), ("es", 4), ("ed", 4), ("s", 3), ("y", 4), ("e", 4))


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """A situation, a feeling, a sound or a work with the music that belongs there.

    `kinds` and `without` weigh 1 to 3; `axes` are wide ranges; `years` bound the era that belongs to it; `fame` is 0
    (nobody minds unknown songs) to 3; `type` is "scene" or that of a work ("film", "game", ...).
    """

    name: str
    forms: tuple[str, ...]
    kinds: Weighted
    without: Weighted
    axes: tuple[AxisRange, ...]
    years: OpenYears | None
    fame: float
    artists: tuple[str, ...]
    sentences: tuple[str, ...]
    type: str = "scene"


class Scenes:
    """All scenes and works as matrices: `kinds` and `without` have a row a scene and a column a kind, from 0 to 1."""

    def __init__(self, rows: Sequence[Scene]) -> None:
        kinds = all_kinds()
        self.rows = tuple(rows)
        self.kinds = np.stack([kinds.shares((name, weight / 3) for name, weight in row.kinds) for row in rows])
        self.without = np.stack([kinds.shares((name, 1.0) for name, _ in row.without) for row in rows])
        self._heads = np.cumsum([0, *(len(taught(row)) for row in rows[:-1])])
        self._phrases = _phrases(rows)

    def phrases(self, words: Sequence[str]) -> tuple[ScenePhrase, ...]:
        """The scenes that are named in a text, the longest phrases first heard: first word, past the last word, scenes.

        `words` are folded; an empty one is never part of a phrase. Inflections are alike ("falling asleep").
        """
        stems = [stem(word) for word in words]
        found = []
        index = 0
        while index < len(stems):
            for length in range(min(_LONGEST_PHRASE, len(stems) - index), 0, -1):
                numbers = self._phrases.get(" ".join(stems[index : index + length]))
                if numbers and all(stems[index : index + length]):
                    found.append((index, index + length, numbers))
                    index += length
                    break
            else:
                index += 1
        return tuple(found)

    @cached_property
    def _overlap(self) -> WordOverlap:
        """Made when it is asked for: with the encoder nobody does."""
        return WordOverlap(text for row in self.rows for text in taught(row))

    def likeness(self, text: str) -> Floats:
        """How many telling words `text` shares with the nearest sentence of each scene, 0 to 1."""
        nearest: Floats = np.maximum.reduceat(self._overlap.overlap(text), self._heads)
        return nearest


class WordOverlap:
    """How many of the telling words two texts share: cosine of words weighed by how rare they are."""

    def __init__(self, texts: Iterable[str]) -> None:
        told = [set(map(stem, _WORD.findall(fold(text)))) for text in texts]
        spread = Counter(chain.from_iterable(told))
        self._size = len(told)
        self._rarity = {word: math.log(1 + self._size / count) for word, count in spread.items()}
        self._places = self._where(told, np.array(list(spread.values()), dtype=np.intp))

    def _where(self, told: Sequence[set[str]], spread: npt.NDArray[np.intp]) -> dict[str, tuple[Places, Floats]]:
        """For each word the numbers of the texts that have it, ascending, and what it weighs in each of them.

        Made with whole arrays: this is most of what the bot's start spends on scenes. `spread` counts, in the order of
        the rarities, the texts that have a word.
        """
        number = {word: place for place, word in enumerate(self._rarity)}
        words = np.fromiter((number[word] for found in told for word in found), dtype=np.intp)
        texts = np.repeat(np.arange(len(told)), [len(found) for found in told])
        rarity = np.array(list(self._rarity.values()))[words]
        length = np.sqrt(np.bincount(texts, weights=rarity**2, minlength=len(told)))
        order = np.argsort(words, kind="stable")
        texts, weights = texts[order], (rarity / length[texts])[order].astype(np.float32)
        ends = np.cumsum(spread).tolist()
        starts = [0, *ends[:-1]]
        return {
            word: (texts[start:end], weights[start:end])
            for word, start, end in zip(self._rarity, starts, ends, strict=True)
        }

    def overlap(self, text: str) -> Floats:
        """The cosine of `text` with each of the texts, 0 to 1."""
        words = set(map(stem, _WORD.findall(fold(text))))
        unseen = math.log(1 + self._size)
        length = math.sqrt(sum(self._rarity.get(word, unseen) ** 2 for word in words)) or 1.0
        sums = np.zeros(self._size, dtype=np.float32)
        for word in words & self._places.keys():
            numbers, weights = self._places[word]
            sums[numbers] += weights * np.float32(self._rarity[word] / length)
        return sums


# The tables hold each word a dozen times over, and a request is stemmed once for its phrases and once for its words.
@lru_cache(maxsize=_STEMS)
def stem(word: str) -> str:
    """A word without its commonest English ending, so that "cook", "cooks" and "cooking" are alike; short ones stay."""
    for ending, left in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= left:
            return word.removesuffix(ending)
    return word


def taught(row: Scene) -> tuple[str, ...]:
    """The texts that a scene is recognised by: its name and its sentences."""
    return (row.name, *row.sentences)


def read_scenes(folder: Path = FOLDER) -> tuple[Scene, ...]:
    """Every row of the tables of scenes and works, checked. Raises `BadKnowledge`."""
    scenes = [_scene(cells, "scenes.tsv", number) for number, cells in read_rows(folder / "scenes.tsv", SCENE_COLUMNS)]
    works = [_scene(cells, "works.tsv", number) for number, cells in read_rows(folder / "works.tsv", WORK_COLUMNS)]
    return (*scenes, *works)


def _scene(cells: dict[str, str], table: str, number: int) -> Scene:
    try:
        row = Scene(
            name=cells["name"],
            forms=pieces(cells["forms"]),
            kinds=weighted(cells["kinds"]),
            without=weighted(cells["without"]),
            axes=ranges(cells["axes"]),
            years=years(cells["years"]) if cells["years"] else None,
            fame=float(cells.get("fame") or _WORKS_FAME),
            artists=pieces(cells["artists"]),
            sentences=tuple(text.strip() for text in cells["sentences"].split(_BETWEEN) if text.strip()),
            type=cells.get("type", "scene"),
        )
    except ValueError as wrong:
        raise BadKnowledge(f"{table}:{number}: {wrong}") from wrong
    kinds = all_kinds()
    if unknown := [name for name, _ in (*row.kinds, *row.without) if kinds.get(name) is None]:
        raise BadKnowledge(f"{table}:{number}: {unknown[0]!r} is no kind")
    if not row.kinds:
        raise BadKnowledge(f"{table}:{number}: no kinds")
    return row


def _phrases(rows: Sequence[Scene]) -> dict[str, tuple[int, ...]]:
    found: dict[str, tuple[int, ...]] = {}
    for number, row in enumerate(rows):
        for form in dict.fromkeys(" ".join(map(stem, fold(form).split())) for form in (row.name, *row.forms)):
            if form:
                found[form] = (*found.get(form, ()), number)
    return found


@cache
def all_scenes() -> Scenes:
    """The scenes and works of the package's own tables; read once a process."""
    return Scenes(read_scenes())
