"""What the engine knows of a table of tracks before any request: computed once a table, shared by all requests."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from bot.generation.texts import Texts
from bot.generation.tracks import COLUMN, Feature, Floats, Ints, Tagged, TrackTable
from nlp.names import fold
from nlp.vibe import AXES, Axis

AXIS_FEATURE: dict[Axis, Feature] = {axis: "valence" if axis == "brightness" else axis for axis in AXES}
"""The feature that each axis is compared with."""

BINS = 12
"""Bins of the histograms that say what songs of a kind sound like; they are cut at equal shares of the library."""

_GRID = 1025
_PLACES = 1 << 20
_POSSIBLE = {"tempo": (1.0, 1000.0), "key": (0.0, 11.0), "loudness": (-100.0, 20.0), "mode": (0.0, 1.0)}
_HUGE = float(np.finfo(np.float32).max)
_LIVELY = 0.65
_QUIET = 0.35
_SLOW_BPM = 85.0
_FAST_BPM = 145.0
_STRIDE = 101

BLOCK = 1 << 15
"""Rows that long sums are made of at a time: what is computed of them stays in the processor's cache."""

Masks = npt.NDArray[np.bool_]
Rows = npt.NDArray[np.intp]
Chosen = Callable[[str], bool]
"""A question about a word of a vocabulary."""


def blocks(rows: int) -> Iterator[slice]:
    """All rows, BLOCK at a time."""
    return (slice(start, min(start + BLOCK, rows)) for start in range(0, rows, BLOCK))


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """Where a value stands among the library's known values of one axis: the share of songs below it, 0 to 1.

    `values` rise strictly, and `shares` stand beside them; both are empty when no value is known.
    """

    values: npt.NDArray[np.float64]
    shares: npt.NDArray[np.float64]

    @property
    def known(self) -> bool:
        """Whether the library knows this axis for any song."""
        return len(self.values) > 0

    def share(self, value: Any) -> Any:
        """The share of songs below a value, or below each of many; NaN stays NaN."""
        return np.interp(value, self.values, self.shares)

    def value(self, share: float) -> float:
        """The value with this share of the songs below it."""
        return float(np.interp(share, self.shares, self.values))


@dataclass(frozen=True, slots=True, kw_only=True)
class WordIndex:
    """A vocabulary of the library with a memory: each question about a word is asked of the graph once.

    Few of a library's songs carry words that no other does: `kinds` has a row for each group of words that songs
    carry, and `kind` is that of every song. What depends on the words alone is computed by kind.
    """

    tagged: Tagged
    kinds: Tagged
    kind: Ints
    memory: dict[tuple[str, str], Any] = field(default_factory=dict)

    def best(self, values: Floats) -> Floats:
        """For each row the largest of `values` (one a word) over the row's words; NaN for a row without words."""
        best: Floats = self.kinds.best(values).take(self.kind)
        return best

    def mean(self, values: Floats) -> Floats:
        """For each row the mean of `values` (one a word) over the row's words; NaN for a row without words."""
        with np.errstate(invalid="ignore"):
            means = self.sums(values) / np.diff(self.kinds.starts)
        return means.astype(np.float32).take(self.kind)

    def sums(self, values: npt.NDArray[Any]) -> npt.NDArray[np.float64]:
        """For each kind the sum of `values` (one a word) over its words."""
        kinds = self.kinds
        sums = np.concatenate(([0.0], np.cumsum(values[kinds.indices], dtype=np.float64)))
        return np.diff(sums[kinds.starts])

    def songs(self, rows: Masks | None = None) -> npt.NDArray[np.int64]:
        """How many of the chosen rows, or of all, carry each word."""
        if rows is None and ("songs", "") in self.memory:
            known: npt.NDArray[np.int64] = self.memory[("songs", "")]
            return known
        of_kind = self.kind if rows is None else self.kind[np.flatnonzero(rows)]
        songs = np.bincount(of_kind, minlength=len(self.kinds.starts) - 1)
        carried = np.repeat(songs, np.diff(self.kinds.starts))
        found = np.bincount(self.kinds.indices, weights=carried, minlength=len(self.tagged.words)).astype(np.int64)
        if rows is None:
            self.memory[("songs", "")] = found
        return found

    def closeness(self, wanted: str, measure: Callable[[str, str], float]) -> Floats:
        """How close each word of the vocabulary is to `wanted`, by `measure(wanted, word)` from 0 to 1."""
        found: Floats | None = self.memory.get(("closeness", wanted))
        if found is None:
            found = np.fromiter(
                (measure(wanted, word) for word in self.tagged.words), np.float32, len(self.tagged.words)
            )
            self.memory[("closeness", wanted)] = found
        return found

    def rows(self, key: str, chosen: Chosen) -> Masks:
        """The rows that carry a word for which `chosen` holds; `key` names the question in the memory."""
        found: Masks | None = self.memory.get(("words", key))
        if found is None:
            found = np.fromiter((chosen(word) for word in self.tagged.words), np.bool_, len(self.tagged.words))
            self.memory[("words", key)] = found
        if not found.any():
            return np.zeros(len(self.kind), dtype=np.bool_)
        best: Masks = (self.kinds.best(found.astype(np.float32)) > 0).take(self.kind)
        return best


@dataclass(frozen=True, slots=True, kw_only=True)
class Library:
    """A table of tracks with what every request needs of it.

    `features` are the table's with impossible values (infinite, a tempo of zero) as NaN, one row a feature.
    `shares` and `bins` have one row an axis: each song's share on the axis' scale (NaN unknown), and its bin from 0
    to BINS - 1 (BINS unknown). `felt_tempo` is the tempo with half and double tempo repaired where energy speaks
    for it. `fame` is the popularity from 0 to 100, 0 where it is unknown. `artists` finds artists by folded name.
    `memory` keeps what was computed of the whole library once.
    """

    table: TrackTable
    features: Floats
    scales: dict[Axis, Scale]
    shares: Floats
    bins: npt.NDArray[np.uint8]
    felt_tempo: Floats
    fame: Floats
    genres: WordIndex
    tags: WordIndex
    artists: dict[str, tuple[int, ...]]
    memory: dict[str, Any] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.table)

    @property
    def keys(self) -> Texts:
        """The keys of all rows; `get` finds the row of one."""
        return self.table.keys

    def axis(self, axis: Axis) -> Floats:
        """The clean values of an axis, NaN where unknown."""
        column: Floats = self.features[COLUMN[AXIS_FEATURE[axis]]]
        return column

    def rows_by(self, name: str) -> Masks:
        """The rows that an artist of this name had a part in."""
        numbers = self.artists.get(fold(name), ())
        carried = np.zeros(len(self), dtype=np.bool_)
        if numbers:
            tagged = self.table.artists
            hits = np.flatnonzero(np.isin(tagged.indices, np.array(numbers, dtype=np.int32)))
            carried[np.searchsorted(tagged.starts, hits, side="right") - 1] = True
        return carried

    def rows_led_by(self, name: str) -> Masks:
        """The rows that an artist of this name is named first on, one a song; without any, those they had a part in."""
        by = self.rows_by(name)
        led = np.flatnonzero(
            by & np.isin(self.table.artist, np.array(self.artists.get(fold(name), ()), dtype=np.int32))
        )
        if not len(led):
            return by
        _, first = np.unique(self.table.song[led], return_index=True)
        rows = np.zeros(len(self), dtype=np.bool_)
        rows[led[first]] = True
        return rows

    def rows_of(self, keys: frozenset[str]) -> Masks:
        """The rows with these keys; keys that the table does not know are passed over."""
        chosen = np.zeros(len(self), dtype=np.bool_)
        found = [row for row in (self.keys.get(key) for key in keys) if row is not None]
        chosen[np.array(found, dtype=np.intp)] = True
        return chosen


def prepare(table: TrackTable) -> Library:
    """Everything of a table that does not depend on a request. About a tenth of a second for 100,000 tracks."""
    features = _clean(table)
    scales = {axis: scale_of(features[COLUMN[AXIS_FEATURE[axis]]]) for axis in AXES}
    shares = np.empty((len(AXES), len(table)), dtype=np.float32)
    bins = np.empty((len(AXES), len(table)), dtype=np.uint8)
    for number, axis in enumerate(AXES):
        values = features[COLUMN[AXIS_FEATURE[axis]]]
        for block in blocks(len(table)):
            share = shares[number, block] = _shares(scales[axis], values[block])
            bins[number, block] = np.where(np.isnan(share), BINS, np.minimum(np.nan_to_num(share) * BINS, BINS - 1))
    return Library(
        table=table,
        features=features,
        scales=scales,
        shares=shares,
        bins=bins,
        felt_tempo=_repaired(features[COLUMN["tempo"]], features[COLUMN["energy"]]),
        fame=np.clip(np.nan_to_num(table.popularity, nan=0.0, posinf=0.0, neginf=0.0), 0, 100),
        genres=_words(table.genres),
        tags=_words(table.tags),
        artists=_artists(table),
    )


def _words(tagged: Tagged) -> WordIndex:
    """The vocabulary with its kinds, told apart by a sum of 64 bits over their words and places."""
    sums = np.zeros(len(tagged.starts) - 1, dtype=np.uint64)
    for block in blocks(len(sums)):
        starts = tagged.starts[block.start : block.stop + 1]
        indices, starts = tagged.indices[starts[0] : starts[-1]], starts - starts[0]
        counts = np.diff(starts)
        place = np.arange(len(indices)) - np.repeat(starts[:-1], counts)
        mixed = _mixed(indices.astype(np.uint64) * np.uint64(_PLACES) + place.astype(np.uint64) + np.uint64(1))
        filled = np.flatnonzero(counts)
        if len(filled):
            sums[block.start + filled] = np.add.reduceat(mixed, starts[filled])
    _, first, kind = np.unique(sums, return_index=True, return_inverse=True)
    return WordIndex(tagged=tagged, kinds=tagged.taken(first), kind=kind.astype(np.int32))


def _mixed(numbers: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    """Numbers spread over all of 64 bits (the finaliser of splitmix64)."""
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        numbers = (numbers ^ (numbers >> np.uint64(shift))) * np.uint64(factor)
    return numbers ^ (numbers >> np.uint64(31))


def _clean(table: TrackTable) -> Floats:
    """The features, one row each, without impossible values; the table's own memory where it holds none."""
    features = np.ascontiguousarray(table.features.T, dtype=np.float32)
    own = not np.shares_memory(features, table.features)
    for name, column in COLUMN.items():
        low, high = _POSSIBLE.get(name, (-_HUGE, _HUGE))
        with np.errstate(invalid="ignore"):
            impossible = np.flatnonzero((features[column] < low) | (features[column] > high))
        if len(impossible):
            features, own = (features if own else features.copy()), True
            features[column, impossible] = np.nan
    return features


def kth_largest(values: Floats, count: int) -> np.float32:
    """The value that `count` values reach: a guess from every hundredth leaves few to be looked at."""
    sample = np.sort(values[::_STRIDE])
    guess = sample[-min(len(sample), 2 + 2 * count // _STRIDE)]
    high = values[values >= guess]
    high = high if len(high) >= count else values
    found: np.float32 = np.partition(high, len(high) - count)[len(high) - count]
    return found


def scale_of(values: Floats) -> Scale:
    """The scale of these values, of which NaN are unknown."""
    known = np.sort(values[~np.isnan(values)])
    if not len(known):
        return Scale(values=np.empty(0), shares=np.empty(0))
    places = np.linspace(0, len(known) - 1, min(_GRID, len(known))).round().astype(np.intp)
    distinct, inverse = np.unique(known[places], return_inverse=True)
    sums = np.bincount(inverse, weights=(places + 0.5) / len(known))
    return Scale(values=distinct.astype(np.float64), shares=sums / np.bincount(inverse))


def _shares(scale: Scale, values: Floats) -> Floats:
    if not scale.known:
        return np.full(len(values), np.nan, dtype=np.float32)
    shares: Floats = scale.share(values).astype(np.float32)
    return shares


def _repaired(tempo: Floats, energy: Floats) -> Floats:
    """Tempo as it is felt: trackers report lively songs at half their tempo and quiet ones at double it."""
    with np.errstate(invalid="ignore"):
        halved = (energy < _QUIET) & (tempo > _FAST_BPM)
        doubled = (energy > _LIVELY) & (tempo < _SLOW_BPM)
    return np.where(halved, tempo / 2, np.where(doubled, tempo * 2, tempo)).astype(np.float32)


def _artists(table: TrackTable) -> dict[str, tuple[int, ...]]:
    found: dict[str, tuple[int, ...]] = {}
    for number, name in enumerate(table.artists.words):
        simple = name.isascii() and name.replace(" ", "").isalnum()
        plain = " ".join(name.lower().split()) if simple else fold(name)
        found[plain] = (*found.get(plain, ()), number)
    return found
