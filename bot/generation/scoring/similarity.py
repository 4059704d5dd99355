"""How much songs are like a group of songs, by what they sound like and by the words they carry."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from bot.generation.library import BINS, Library, Masks, Rows, WordIndex, blocks
from bot.generation.tracks import Floats
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

_AGE_WEIGHT = 1.0
"""What the year says beside those axes: songs of one kind are often of one age."""

_CALM = 2.0
_FARTHEST = 30.0


def alike(library: Library, rows: Masks) -> Floats:
    """Likeness to the chosen rows, 0 to 1: half by sound, half by genres where a song carries any."""
    like = sounds_like(library, rows)
    words, kind = _worded_like(library.genres, rows), library.genres.kind
    for block in blocks(len(library)):
        sound, worded = like[block], words.take(kind[block])
        like[block] = np.where(np.isnan(worded), sound, (sound + worded) / 2)
    return like


def worded_like(library: Library, rows: Masks) -> Floats:
    """Likeness to the chosen rows by genres alone, 0 to 1; NaN for a song that carries none, or if they carry none."""
    if not library.genres.songs(rows).any():
        return np.full(len(library), np.nan, dtype=np.float32)
    return _worded_like(library.genres, rows).take(library.genres.kind)


def sounds_like(library: Library, rows: Masks, among: Masks | None = None) -> Floats:
    """How much each row sounds like the chosen rows rather than like the library, 0 to 1, 0.5 when it says nothing.

    Naive Bayes over the histograms of the axes and the years, smoothed towards the library; `among` are the rows that
    stand for the library.
    """
    chosen = np.flatnonzero(rows)
    base = _all_counts(library) if among is None else _counts(library, np.flatnonzero(among))
    ratios: list[tuple[int, Floats]] = []
    for axis, weight in _WEIGHTS.items():
        number = AXES.index(axis)
        usual = base[number] + 1.0
        usual = usual / usual.sum()
        seen = np.bincount(library.bins[number].take(chosen), minlength=BINS + 1)[:BINS]
        likely = (seen + _PRIOR * usual) / (seen.sum() + _PRIOR)
        ratios.append((number, np.append(np.log(likely / usual) * weight, 0.0).astype(np.float32)))
    ages, of_age = _ages(library), _age_ratio(library, chosen, among)
    like = np.zeros(len(library), dtype=np.float32)
    for block in blocks(len(library)):
        total = like[block]
        for number, ratio in ratios:
            total += ratio.take(library.bins[number, block])
        total += of_age.take(ages[block])
        like[block] = _squashed(total)
    return like


def _age_ratio(library: Library, chosen: Rows, among: Masks | None) -> Floats:
    """What each bin of years says of a song; nothing where the year is unknown, and among few songs with a year."""
    ages = _ages(library)
    usual = np.bincount(ages if among is None else ages[among], minlength=BINS + 1)[:BINS] + 1.0
    usual = usual / usual.sum()
    seen = np.bincount(ages.take(chosen), minlength=BINS + 1)[:BINS]
    likely = (seen + _PRIOR * usual) / (seen.sum() + _PRIOR)
    return np.append(np.log(likely / usual) * _AGE_WEIGHT, 0.0).astype(np.float32)


def _ages(library: Library) -> npt.NDArray[np.uint8]:
    """The bin of each song's year, as those of the axes: cut at equal shares of the library, BINS where unknown."""
    found: npt.NDArray[np.uint8] | None = library.memory.get("ages")
    if found is None:
        years = library.table.year
        known = years[years > 0]
        cuts = np.quantile(known, np.arange(1, BINS) / BINS) if len(known) else np.zeros(BINS - 1)
        placed = np.searchsorted(cuts, years, side="right")
        found = library.memory["ages"] = np.where(years > 0, placed, BINS).astype(np.uint8)
    return found


def _all_counts(library: Library) -> npt.NDArray[np.intp]:
    found: npt.NDArray[np.intp] | None = library.memory.get("bins")
    if found is None:
        found = library.memory["bins"] = _counts(library, None)
    return found


def _counts(library: Library, rows: Rows | None) -> npt.NDArray[np.intp]:
    """How many of these rows, or of all, are in each bin of each axis."""
    counts = [np.bincount(bins if rows is None else bins.take(rows), minlength=BINS + 1) for bins in library.bins]
    return np.stack(counts)[:, :BINS]


def _worded_like(words: WordIndex, rows: Masks) -> Floats:
    """The same by the words of each kind; NaN for the kind without words."""
    kinds = words.kinds
    like = np.full(len(kinds.starts) - 1, np.nan, dtype=np.float32)
    filled = np.flatnonzero(np.diff(kinds.starts))
    if not len(filled):
        return like
    base = (words.songs() + 1.0) / len(rows)
    likely = (words.songs(rows) + _WORD_PRIOR * base) / (np.count_nonzero(rows) + _WORD_PRIOR)
    ratio = np.log(likely / base).astype(np.float32)
    like[filled] = _squashed(np.add.reduceat(ratio[kinds.indices], kinds.starts[filled]))
    return like


def _squashed(total: Floats) -> Floats:
    calm = np.clip(total / np.float32(_CALM), -_FARTHEST, _FARTHEST)
    squashed: Floats = np.float32(1.0) / (np.float32(1.0) + np.exp(-calm))
    return squashed
