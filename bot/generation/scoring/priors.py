"""How songs that nobody measured may sound: guesses from their genres and tags, by the tables of words.

A guess is the middle of the range that a genre or mood stands for. It is never taken for the song's own value: no
promise is checked against it, it contradicts no wish, and it does not count as a known sound.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from bot.generation.library import Library, Scale, WordIndex, scale_of
from bot.generation.tracks import Feature, Floats
from nlp.genres import genre_graph
from nlp.lexicon import LIMITS, read_entries
from nlp.names import fold
from nlp.vibe import Axis, AxisRange

GUESSED: dict[Axis, Feature] = {
    "energy": "energy",
    "brightness": "valence",
    "danceability": "danceability",
    "acousticness": "acousticness",
    "instrumentalness": "instrumentalness",
}
"""The axes that a genre or a mood says something about. No tempo and no key: songs of a genre differ in them."""

TRUST = 0.5
"""What a guess counts for beside a measured value. Over the 89,740 songs of the Spotify Tracks Dataset guesses and
values correlate with 0.54 (brightness) to 0.68 (acousticness); half of what a guess promises comes true."""

_KINDS = frozenset({"genre", "mood", "activity"})
_KNOWN_WORDS = 50_000
Doubles = npt.NDArray[np.float64]


def guess(words: Iterable[str]) -> tuple[tuple[Feature, float], ...]:
    """The mean over the words of the middle of their ranges, weighted as the tables weight them."""
    sums: dict[Feature, list[float]] = {}
    for word in words:
        for axis, weight, middle in said_by(word):
            total = sums.setdefault(GUESSED[axis], [0.0, 0.0])
            total[0] += weight * middle
            total[1] += weight
    return tuple((name, round(value / weight, 4)) for name, (value, weight) in sums.items() if weight > 0)


@lru_cache(maxsize=_KNOWN_WORDS)
def said_by(word: str) -> tuple[tuple[Axis, float, float], ...]:
    """What a word says of each guessed axis: the axis, the weight of it, and the middle of its range."""
    return tuple((wish.axis, wish.weight, _middle(wish)) for wish in _effects().get(_known(word), ()))


def telling(words: Sequence[str], axis: Axis) -> tuple[str, ...]:
    """Those of the words that say something of an axis."""
    return tuple(word for word in words if any(said == axis for said, _, _ in said_by(word)))


def guesses(library: Library, axis: Axis) -> Floats | None:
    """The guessed value of each row that has no measured one, NaN elsewhere; None where nothing can be guessed."""
    key = f"guesses {axis}"
    if key not in library.memory:
        library.memory[key] = _guesses(library, axis)
    found: Floats | None = library.memory[key]
    return found


def scale_for(library: Library, axis: Axis) -> Scale:
    """The library's scale of an axis; where no song was measured, that of the guesses."""
    scale = library.scales[axis]
    guessed = None if scale.known else guesses(library, axis)
    return scale if guessed is None else scale_of(guessed)


def _guesses(library: Library, axis: Axis) -> Floats | None:
    unmeasured = np.isnan(library.axis(axis))
    if axis not in GUESSED or not unmeasured.any():
        return None
    weights, values = np.zeros(len(library)), np.zeros(len(library))
    for words in (library.genres, library.tags):
        weight, value = _sums(words, axis)
        weights += weight.take(words.kind)
        values += value.take(words.kind)
    told = unmeasured & (weights > 0)
    if not told.any():
        return None
    found = np.full(len(library), np.nan, dtype=np.float32)
    found[told] = values[told] / weights[told]
    return found


def _sums(words: WordIndex, axis: Axis) -> tuple[Doubles, Doubles]:
    """Of each kind of song: the weights of what its words say of an axis summed, and the same times the middles."""
    said = [[(weight, middle) for of, weight, middle in said_by(word) if of == axis] for word in words.tagged.words]
    weight = np.array([sum(weight for weight, _ in effects) for effects in said], dtype=np.float64)
    value = np.array([sum(weight * middle for weight, middle in effects) for effects in said], dtype=np.float64)
    return words.sums(weight), words.sums(value)


def _known(word: str) -> str:
    """The name under which the tables have a word; a genre that they do not have stands for the nearest above it."""
    graph = genre_graph()
    name = graph.canonical(word)
    if name is None and fold(word) not in _effects():
        name = min(graph.broader(word), key=lambda above: (len(graph.broader(above)) * -1, above), default=None)
    return fold(name or word)


@lru_cache(maxsize=1)
def _effects() -> dict[str, tuple[AxisRange, ...]]:
    """What each word of the tables says of the guessed axes, by its folded name and its other forms."""
    entries = [entry for entry in read_entries() if entry.kind in _KINDS and entry.effects]
    found: dict[str, tuple[AxisRange, ...]] = {}
    for entry in sorted(entries, key=lambda entry: entry.kind != "genre"):
        told = tuple(wish for wish in entry.effects if wish.axis in GUESSED)
        for form in entry.forms:
            found.setdefault(fold(form), told)
    return found


def _middle(wish: AxisRange) -> float:
    low, high = LIMITS[wish.axis]
    return ((low if wish.low is None else wish.low) + (high if wish.high is None else wish.high)) / 2
