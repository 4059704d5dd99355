"""How well every song fits the target: named parts from 0 to 1, and their weighted mean."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bot.generation.library import AXIS_FEATURE, BINS, Library, Masks
from bot.generation.promises import in_spans
from bot.generation.target import AxisAim, Target, WordAim
from bot.generation.tracks import COLUMN, Floats
from bot.generation.values import Numbers, Part, Recipe
from nlp.vibe import AXES, Axis

NEUTRAL = 0.5
"""The value of a part whose feature is unknown: neither for the song nor against it."""

QUARTILE = 0.25
"""A song further than this from a wished range, in shares of the library or of the axis, contradicts the wish."""

SAME_GENRE = 0.75
NEAR_GENRE = 0.35

WEIGHTS = {
    "genre": 3.0,
    "era": 1.5,
    "artist": 2.0,
    "like": 2.0,
    "instrument": 1.5,
    "language": 2.0,
    "scene": 0.5,
    "familiarity": 1.0,
    "taste": 0.6,
}
"""What a part counts beside a soft range of weight 1. Judgement, checked with real playlists' titles."""

_SOFTNESS = 0.18
_ABSENT = 0.3
_PRIOR = 12.0
_SOUND: dict[Axis, float] = {
    "energy": 1.0,
    "brightness": 1.0,
    "danceability": 1.0,
    "acousticness": 1.0,
    "instrumentalness": 0.8,
    "speechiness": 0.7,
    "loudness": 0.6,
    "tempo": 0.5,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Miss:
    """A soft wish that rows may contradict: its name, its rank of giving way (low first), and the rows that do.

    A `final` one gives way only when nothing at all would be left.
    """

    name: str
    order: float
    rows: Masks
    final: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Scores:
    """The parts of every row: `values` is parts x rows, NaN where unknown; `total` is the score of each row.

    `neutral` stands for an unknown value. `misses` are the soft wishes in the order in which they give way.
    """

    names: tuple[str, ...]
    weights: Floats
    values: Floats
    total: Floats
    misses: tuple[Miss, ...]

    def parts(self, row: int) -> tuple[Part, ...]:
        """The named parts of one row, unknown ones at their neutral value."""
        return tuple(
            Part(name=name, value=float(NEUTRAL if math.isnan(value) else value), weight=float(weight))
            for name, value, weight in zip(self.names, self.values[:, row], self.weights, strict=True)
        )

    def without(self, part: int) -> Floats:
        """The score that every row would have without one part."""
        kept = np.arange(len(self.names)) != part
        return _mean(self.values[kept], self.weights[kept])


def score(library: Library, recipe: Recipe, target: Target) -> Scores:
    """Scores of all rows, and which soft wishes they contradict. Without any wish every row scores 0.5."""
    parts: list[tuple[str, float, Floats]] = []
    misses: list[Miss] = []
    for axis in target.axes:
        distance = axis_distance(library, axis)
        parts.append((axis.axis, axis.weight, _fit(distance)))
        with np.errstate(invalid="ignore"):
            misses.append(Miss(name=axis.text, order=1 + axis.weight, rows=distance > QUARTILE))
    if target.genre is not None:
        value = _genre(library, target.genre)
        parts.append(("genre", WEIGHTS["genre"], value))
        misses += _genre_misses(target.genre, value)
    for words in target.words:
        parts.append((words.part, WEIGHTS[words.part], np.where(words.rows > 0, 1.0, _ABSENT).astype(np.float32)))
        if words.part == "language":
            misses.append(Miss(name=f"language {'/'.join(words.names)}", order=10.0, rows=words.rows == 0))
    parts += _others(library, recipe, target)
    return _scores(library, parts, misses)


def _scores(library: Library, parts: list[tuple[str, float, Floats]], misses: list[Miss]) -> Scores:
    values = np.stack([value for _, _, value in parts]) if parts else np.empty((0, len(library)), dtype=np.float32)
    weights = np.array([weight for _, weight, _ in parts], dtype=np.float32)
    return Scores(
        names=tuple(name for name, _, _ in parts),
        weights=weights,
        values=values,
        total=_mean(values, weights),
        misses=tuple(sorted((miss for miss in misses if miss.rows.any()), key=lambda miss: miss.order)),
    )


def _mean(values: Floats, weights: Floats) -> Floats:
    if not len(weights):
        return np.full(values.shape[1], NEUTRAL, dtype=np.float32)
    known = np.nan_to_num(values, nan=NEUTRAL)
    mean: Floats = (weights @ known / weights.sum()).astype(np.float32)
    return mean


def axis_distance(library: Library, axis: AxisAim) -> Floats:
    """How far each row lies outside a range, 0 inside, NaN unknown.

    The larger of two distances counts: in shares of the library (relative), and in the axis' own measure (0 to 1;
    octaves for tempo; 30 dB for loudness), because a fifth of a library may share a value that is far away. A tempo
    may be met by the felt tempo too, at a small cost.
    """
    values = library.axis(axis.axis)
    distance = _distance(library, axis, values, library.shares[AXES.index(axis.axis)])
    if axis.axis == "tempo":
        felt = library.felt_tempo
        changed = np.flatnonzero(felt != values)
        if len(changed):
            shares = library.scales["tempo"].share(felt[changed]).astype(np.float32)
            other = _distance(library, axis, felt[changed], shares) + np.float32(0.05)
            distance[changed] = np.fmin(distance[changed], other)
    return distance


def _distance(library: Library, axis: AxisAim, values: Floats, shares: Floats) -> Floats:
    scale = library.scales[axis.axis]
    measured, low, high = values, axis.low, axis.high
    if axis.axis == "tempo":
        measured = np.log2(values)
        low, high = (math.log2(end) if end > 0 else -math.inf for end in (low, high))
    elif axis.axis == "loudness":
        measured, low, high = values / np.float32(30), low / 30, high / 30
    distance = np.zeros(len(values), dtype=np.float32)
    for sign, end, bound in ((1, low, axis.low), (-1, high, axis.high)):
        if math.isfinite(end):
            raw = np.float32(sign) * (np.float32(end) - measured)
            relative = np.float32(sign) * (np.float32(scale.share(bound)) - shares)
            distance = np.maximum(distance, np.where(raw > 0, np.maximum(raw, relative), np.minimum(raw, 0)))
    return distance


def _fit(distance: Floats) -> Floats:
    fit: Floats = np.float32(1.0) / (np.float32(1.0) + np.square(distance / np.float32(_SOFTNESS)))
    return fit


def _genre(library: Library, genre: WordAim) -> Floats:
    """Closeness of genre; a song without genres is judged by its artist's others, else by how it sounds."""
    known = ~np.isnan(genre.rows)
    if known.all():
        return genre.rows
    artist = library.table.artist
    many = int(artist.max(initial=-1)) + 1
    told = known & (artist >= 0)
    sums = np.bincount(artist[told], weights=genre.rows[told], minlength=many)
    counts = np.bincount(artist[told], minlength=many)
    with np.errstate(invalid="ignore", divide="ignore"):
        by_artist = np.append(sums / counts, np.nan)[artist].astype(np.float32)
    inside = np.nan_to_num(genre.rows) >= SAME_GENRE
    if inside.any():
        by_sound = np.float32(0.6) * sounds_like(library, inside, known)
        by_artist = np.where(np.isnan(by_artist), by_sound, np.float32(0.9) * by_artist)
    return np.where(known, genre.rows, by_artist).astype(np.float32)


def _genre_misses(genre: WordAim, value: Floats) -> list[Miss]:
    name = " or ".join(genre.names)
    with np.errstate(invalid="ignore"):
        same, near = value >= SAME_GENRE, value >= NEAR_GENRE
    return [
        Miss(name=name, order=0.0, rows=~same),
        Miss(name=f"anything near {name}", order=20.0, rows=~near, final=True),
    ]


def sounds_like(library: Library, rows: Masks, among: Masks | None = None) -> Floats:
    """How much each row sounds like the chosen rows rather than like the library, 0 to 1, 0.5 when it says nothing.

    Naive Bayes over the histograms of the axes, smoothed towards the library; `among` are the rows that stand for
    the library.
    """
    total = np.zeros(len(library), dtype=np.float32)
    for axis, weight in _SOUND.items():
        bins = library.bins[AXES.index(axis)]
        base = np.bincount(bins if among is None else bins[among], minlength=BINS + 1)[:BINS] + 1.0
        base = base / base.sum()
        seen = np.bincount(bins[rows], minlength=BINS + 1)[:BINS]
        likely = (seen + _PRIOR * base) / (seen.sum() + _PRIOR)
        ratio = np.append(np.log(likely / base) * weight, 0.0).astype(np.float32)
        total += ratio.take(bins)
    alike: Floats = np.float32(1.0) / (np.float32(1.0) + np.exp(-total / np.float32(2.0)))
    return alike


def _others(library: Library, recipe: Recipe, target: Target) -> list[tuple[str, float, Floats]]:
    vibe = recipe.vibe
    parts: list[tuple[str, float, Floats]] = []
    if vibe.years.wanted and (library.table.year > 0).any():
        inside = in_spans(library, vibe.years.wanted).astype(np.float32)
        parts.append(("era", WEIGHTS["era"], np.where(library.table.year > 0, inside, np.nan).astype(np.float32)))
    if vibe.artists.wanted:
        by = np.zeros(len(library), dtype=np.bool_)
        for artist in vibe.artists.wanted:
            by |= library.rows_by(artist)
        parts.append(("artist", WEIGHTS["artist"], by.astype(np.float32)))
    if target.like is not None:
        parts.append(("like", WEIGHTS["like"], _alike(library, target.like)))
    liking = _liking(library, recipe)
    if target.familiarity is not None:
        parts.append(("familiarity", WEIGHTS["familiarity"], _familiarity(library, target, liking)))
    if liking is not None:
        parts.append(("taste", WEIGHTS["taste"], ((liking + 1) / 2).astype(np.float32)))
    return parts


def _alike(library: Library, like: Masks) -> Floats:
    """Likeness to songs: half how they sound, half the genres they carry; the songs themselves are alike."""
    sound = sounds_like(library, like)
    tagged = library.table.genres
    chosen = np.flatnonzero(like)
    spans = [tagged.indices[tagged.starts[row] : tagged.starts[row + 1]] for row in chosen]
    carried = np.concatenate(spans) if spans else np.empty(0, dtype=np.int32)
    if len(carried):
        shares = np.bincount(carried, minlength=len(tagged.words)) / len(chosen)
        genre = tagged.best((shares / shares.max()).astype(np.float32))
        sound = np.where(np.isnan(genre), sound, (sound + genre) / 2)
    return np.where(like, np.float32(1.0), sound).astype(np.float32)


def _familiarity(library: Library, target: Target, liking: Floats | None) -> Floats:
    if target.familiarity == "mine":
        return np.full(len(library), np.nan, dtype=np.float32) if liking is None else (liking > 0).astype(np.float32)
    popularity = library.table.popularity
    known = np.sort(popularity[np.isfinite(popularity)])
    if not len(known):
        return np.full(len(library), np.nan, dtype=np.float32)
    share = (np.searchsorted(known, popularity) / len(known)).astype(np.float32)
    share = np.where(np.isfinite(popularity), share, np.nan).astype(np.float32)
    return share if target.familiarity == "popular" else np.float32(1.0) - share


def _liking(library: Library, recipe: Recipe) -> Floats | None:
    """The liking of each row from -1 to 1: the song's own where it is known, else its artist's, else its genres'."""
    taste = recipe.taste
    if not (taste.tracks or taste.artists or taste.genres):
        return None
    liking = np.zeros(len(library), dtype=np.float32)
    if taste.genres and library.table.genres.words:
        number = {word: place for place, word in enumerate(library.table.genres.words)}
        by_word = np.zeros(len(number), dtype=np.float32)
        for name, amount in taste.genres:
            if name in number:
                by_word[number[name]] = amount
        up, down = library.table.genres.best(by_word), -library.table.genres.best(-by_word)
        liking = (np.nan_to_num(up + down) / 4).astype(np.float32)
    for name, amount in _finite(taste.artists):
        liking[library.rows_by(name)] = np.float32(0.8 * amount)
    for key, amount in _finite(taste.tracks):
        if (row := library.keys.get(key)) is not None:
            liking[row] = amount
    return np.clip(np.nan_to_num(liking), -1, 1).astype(np.float32)


def _finite(numbers: Numbers) -> Numbers:
    return tuple((name, amount) for name, amount in numbers if math.isfinite(amount))


def raw_value(library: Library, axis: Axis, row: int) -> float:
    """The value of an axis for one row, in its own units."""
    return float(library.features[COLUMN[AXIS_FEATURE[axis]], row])


def unknown_axes(library: Library, target: Target, rows: npt.NDArray[np.intp]) -> list[tuple[str, int]]:
    """Each aimed axis with the number of these rows that it is unknown for, where there are any."""
    counts = [(axis.axis, int(np.isnan(library.axis(axis.axis)[rows]).sum())) for axis in target.axes]
    return [(axis, count) for axis, count in counts if count]
