"""How much songs are like a group of songs, by what they sound like and by the words they carry."""

from __future__ import annotations

import numpy as np

from bot.generation.library import BINS, Library, Masks
from bot.generation.tracks import Floats, Tagged
from nlp.vibe import AXES, Axis

_WEIGHTS: dict[Axis, float] = {
    "energy": 1.0,
    "brightness": 1.0,
    "danceability": 1.0,
    "acousticness": 1.0,
    "instrumentalness": 0.8,
    "speechiness": 0.7,
    "loudness": 0.6,
    "tempo": 0.5,
}
"""What each axis says of how a song sounds; axes go together, so they say less than naive Bayes takes them for."""

_PRIOR = 12.0
_WORD_PRIOR = 3.0
"""Songs' worth of the library that are mixed in, so that few songs are not taken for too much; words say more."""

_CALM = 2.0


def alike(library: Library, rows: Masks) -> Floats:
    """Likeness to the chosen rows, 0 to 1: half by sound, half by genres where a song carries any."""
    sound = sounds_like(library, rows)
    words = _worded_like(library.table.genres, rows)
    like: Floats = np.where(np.isnan(words), sound, (sound + words) / 2).astype(np.float32)
    return like


def sounds_like(library: Library, rows: Masks, among: Masks | None = None) -> Floats:
    """How much each row sounds like the chosen rows rather than like the library, 0 to 1, 0.5 when it says nothing.

    Naive Bayes over the histograms of the axes, smoothed towards the library; `among` are the rows that stand for
    the library.
    """
    total = np.zeros(len(library), dtype=np.float32)
    for axis, weight in _WEIGHTS.items():
        bins = library.bins[AXES.index(axis)]
        base = np.bincount(bins if among is None else bins[among], minlength=BINS + 1)[:BINS] + 1.0
        base = base / base.sum()
        seen = np.bincount(bins[rows], minlength=BINS + 1)[:BINS]
        likely = (seen + _PRIOR * base) / (seen.sum() + _PRIOR)
        ratio = np.append(np.log(likely / base) * weight, 0.0).astype(np.float32)
        total += ratio.take(bins)
    return _squashed(total)


def _worded_like(tagged: Tagged, rows: Masks) -> Floats:
    """The same by the words of the rows; NaN for a row without words."""
    like = np.full(len(rows), np.nan, dtype=np.float32)
    counts = np.diff(tagged.starts)
    filled = np.flatnonzero(counts)
    if not len(filled):
        return like
    base = (np.bincount(tagged.indices, minlength=len(tagged.words)) + 1.0) / len(rows)
    seen = np.bincount(tagged.indices[np.repeat(rows, counts)], minlength=len(tagged.words))
    likely = (seen + _WORD_PRIOR * base) / (np.count_nonzero(rows) + _WORD_PRIOR)
    ratio = np.log(likely / base).astype(np.float32)
    like[filled] = _squashed(np.add.reduceat(ratio[tagged.indices], tagged.starts[filled]))
    return like


def _squashed(total: Floats) -> Floats:
    squashed: Floats = np.float32(1.0) / (np.float32(1.0) + np.exp(-total / np.float32(_CALM)))
    return squashed
