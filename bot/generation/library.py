"""What the engine knows of a table of tracks before any request: computed once a table, shared by all requests."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from bot.generation.tracks import COLUMN, Feature, Floats, Tagged, TrackTable
from nlp.names import fold
from nlp.vibe import AXES, Axis

AXIS_FEATURE: dict[Axis, Feature] = {axis: "valence" if axis == "brightness" else axis for axis in AXES}
"""The feature that each axis is compared with."""

BINS = 12
"""Bins of the histograms that say what songs of a kind sound like; they are cut at equal shares of the library."""

_GRID = 1025
_LIVELY = 0.65
_QUIET = 0.35
_SLOW_BPM = 85.0
_FAST_BPM = 145.0

Masks = npt.NDArray[np.bool_]
Rows = npt.NDArray[np.intp]
Chosen = Callable[[str], bool]
"""A question about a word of a vocabulary."""


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
class Words:
    """A vocabulary of the library with a memory: each question about a word is asked of the graph once."""

    tagged: Tagged
    memory: dict[tuple[str, str], Any] = field(default_factory=dict)

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
            return np.zeros(len(self.tagged.starts) - 1, dtype=np.bool_)
        best: Masks = self.tagged.best(found.astype(np.float32)) > 0
        return best


@dataclass(frozen=True, slots=True, kw_only=True)
class Library:
    """A table of tracks with what every request needs of it.

    `features` are the table's with impossible values (infinite, a tempo of zero) as NaN, one row a feature.
    `shares` and `bins` have one row an axis: each song's share on the axis' scale (NaN unknown), and its bin from 0
    to BINS - 1 (BINS unknown). `felt_tempo` is the tempo with half and double tempo repaired where energy speaks
    for it. `artists` and `keys` find artists by folded name and rows by key.
    """

    table: TrackTable
    features: Floats
    scales: dict[Axis, Scale]
    shares: Floats
    bins: npt.NDArray[np.uint8]
    felt_tempo: Floats
    genres: Words
    tags: Words
    artists: dict[str, tuple[int, ...]]
    keys: dict[str, int]

    def __len__(self) -> int:
        return len(self.table)

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

    def rows_of(self, keys: frozenset[str]) -> Masks:
        """The rows with these keys; keys that the table does not know are passed over."""
        chosen = np.zeros(len(self), dtype=np.bool_)
        found = [row for row in (self.keys.get(key) for key in keys) if row is not None]
        chosen[np.array(found, dtype=np.intp)] = True
        return chosen


def prepare(table: TrackTable) -> Library:
    """Everything of a table that does not depend on a request. About a tenth of a second for 100,000 tracks."""
    features = _clean(table)
    scales = {axis: _scale(features[COLUMN[AXIS_FEATURE[axis]]]) for axis in AXES}
    shares = np.stack([_shares(scales[axis], features[COLUMN[AXIS_FEATURE[axis]]]) for axis in AXES])
    return Library(
        table=table,
        features=features,
        scales=scales,
        shares=shares,
        bins=np.where(np.isnan(shares), BINS, np.minimum(np.nan_to_num(shares) * BINS, BINS - 1)).astype(np.uint8),
        felt_tempo=_repaired(features[COLUMN["tempo"]], features[COLUMN["energy"]]),
        genres=Words(tagged=table.genres),
        tags=Words(tagged=table.tags),
        artists=_artists(table),
        keys={str(key): row for row, key in enumerate(table.keys)},
    )


def _clean(table: TrackTable) -> Floats:
    features = np.ascontiguousarray(table.features.T, dtype=np.float32)
    features[~np.isfinite(features)] = np.nan
    for name, low, high in (("tempo", 1.0, 1000.0), ("key", 0.0, 11.0), ("loudness", -100.0, 20.0), ("mode", 0.0, 1.0)):
        column = features[COLUMN[name]]
        with np.errstate(invalid="ignore"):
            column[(column < low) | (column > high)] = np.nan
    return features


def _scale(values: Floats) -> Scale:
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
