"""Kinds of music: their names, how near they are to each other, and the genre names that mean them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from nlp.genres import genre_graph
from nlp.knowledge.tables import FOLDER, KIND_COLUMNS, BadKnowledge, Weighted, pieces, ranges, read_rows, weighted
from nlp.names import fold
from nlp.vibe import AxisRange

Shares = npt.NDArray[np.float32]
"""One number from 0 to 1 for every kind, in the order of `Kinds.names`."""

_NEAREST = 0.55
"""Closeness in the genre graph from which an unknown genre name is read as the kinds of a known one. Judgement."""

_SURELY = 3
_LONGEST_NAME = 5
_MEMORY = 16_384


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One kind of music, as the row of its table says; the package's docstring explains the columns."""

    name: str
    family: str
    genres: Weighted
    tongues: tuple[str, ...]
    axes: tuple[AxisRange, ...]
    near: Weighted
    fame: int
    aside: bool
    heard: str


class Kinds:
    """All kinds as one space. `near` is square: how near each kind is to each other, 0 to 1, and 1 to itself."""

    def __init__(self, rows: Iterable[Kind]) -> None:
        self.rows = tuple(rows)
        self.names = tuple(row.name for row in self.rows)
        self._number = {name: number for number, name in enumerate(self.names)}
        self.near = self._nearness()
        self._genres = self._by_genre()
        self._phrases = {
            name: kinds for name, kinds in self._genres.items() if " " in name and max(kinds.values()) >= _SURELY
        }
        self.of_genre = lru_cache(maxsize=_MEMORY)(self._of_genre)

    def __len__(self) -> int:
        return len(self.rows)

    def number(self, name: str) -> int:
        """The place of a kind in every vector. Raises KeyError for what is none."""
        return self._number[name]

    def get(self, name: str) -> int | None:
        """The place of a kind, or None for what is none."""
        return self._number.get(name)

    def shares(self, pairs: Iterable[tuple[str, float]]) -> Shares:
        """A vector from (kind, share) pairs; names that are no kinds are passed over."""
        vector = np.zeros(len(self), dtype=np.float32)
        for name, share in pairs:
            if (number := self._number.get(name)) is not None:
                vector[number] = max(vector[number], share)
        return vector

    def pairs(self, shares: Shares, *, least: float = 0.01, most: int = 16) -> tuple[tuple[str, float], ...]:
        """The greatest shares as (kind, share) pairs, at most so many and none below `least`."""
        order = np.argsort(-shares, kind="stable")[:most]
        return tuple((self.names[n], round(float(shares[n]), 3)) for n in order if shares[n] >= least)

    def phrases(self, words: Sequence[str]) -> tuple[tuple[int, int, Shares], ...]:
        """The kinds that are named by several words, the longest names first heard: first word, past the last one, and
        what the name means. `words` are folded; an empty one is never part of a name.
        """
        found = []
        index = 0
        while index < len(words):
            for length in range(min(_LONGEST_NAME, len(words) - index), 1, -1):
                name = " ".join(words[index : index + length])
                if name in self._phrases and all(words[index : index + length]):
                    meant = self.of_genre(name)
                    if meant is not None:
                        found.append((index, index + length, meant))
                    index += length - 1
                    break
            index += 1
        return tuple(found)

    def around(self, shares: Shares) -> Shares:
        """For each kind the largest of share times nearness over all kinds: what goes along with what is asked."""
        asked = np.flatnonzero(shares)
        if not len(asked):
            return shares.copy()
        around: Shares = (self.near[:, asked] * shares[asked]).max(axis=1)
        return around

    def _of_genre(self, genre: str) -> Shares | None:
        """The kinds that a genre's name means, the likeliest 1; None where nothing is known of it.

        A name that no row has is read as the nearest names of the genre graph ("atmospheric black metal"). The array
        is shared between calls: do not write to it.
        """
        known = self._genres.get(fold(genre))
        if known is None:
            graph = genre_graph()
            canonical = graph.canonical(genre)
            known = self._genres.get(fold(canonical)) if canonical is not None else None
        if known is None:
            known = self._nearest(genre)
        if known is None:
            return None
        vector = self.shares((name, weight / 3) for name, weight in known.items())
        vector /= vector.max()
        return vector

    def _nearest(self, genre: str) -> dict[str, float] | None:
        measure = genre_graph().closeness
        close = sorted(((measure(genre, name), name) for name in self._genres), reverse=True)
        best = [(closeness, name) for closeness, name in close[:3] if closeness >= max(_NEAREST, close[0][0] - 0.1)]
        found: dict[str, float] = {}
        for closeness, name in best:
            for kind, weight in self._genres[name].items():
                found[kind] = max(found.get(kind, 0.0), closeness * weight)
        return found or None

    def _nearness(self) -> npt.NDArray[np.float32]:
        near = np.eye(len(self.rows), dtype=np.float32)
        for number, row in enumerate(self.rows):
            for name, tenths in row.near:
                other = self._number[name]
                near[number, other] = max(near[number, other], tenths / 10)
                near[other, number] = max(near[other, number], tenths / 10)
        return near

    def _by_genre(self) -> dict[str, dict[str, float]]:
        found: dict[str, dict[str, float]] = {}
        for row in self.rows:
            for name, weight in (*row.genres, (row.name, 3)):
                entry = found.setdefault(fold(name), {})
                entry[row.name] = max(entry.get(row.name, 0.0), float(weight))
        return found


def read_kinds(path: Path = FOLDER / "kinds.tsv") -> tuple[Kind, ...]:
    """Every row of the table of kinds, checked. Raises `BadKnowledge`."""
    rows = []
    for number, cells in read_rows(path, KIND_COLUMNS):
        try:
            rows.append(
                Kind(
                    name=cells["name"],
                    family=cells["family"],
                    genres=weighted(cells["genres"]),
                    tongues=pieces(cells["tongues"]),
                    axes=ranges(cells["axes"]),
                    near=weighted(cells["near"], most=9),
                    fame=int(cells["fame"]),
                    aside=cells["aside"] == "1",
                    heard=cells["heard"],
                )
            )
        except ValueError as wrong:
            raise BadKnowledge(f"{path.name}:{number}: {wrong}") from wrong
    names = {row.name for row in rows}
    for row in rows:
        if unknown := [name for name, _ in row.near if name not in names]:
            raise BadKnowledge(f"{path.name}: {row.name!r} is near {unknown[0]!r}, which is no kind")
    return tuple(rows)


@cache
def all_kinds() -> Kinds:
    """The kinds of the package's own table; read once a process."""
    return Kinds(read_kinds())
