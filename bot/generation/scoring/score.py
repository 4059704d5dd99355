"""How well every song fits the target: named parts from 0 to 1, and their weighted mean."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from bot.facts import Fact
from bot.generation.facts.wishes import (
    GenresWish,
    LanguagesWish,
    LikeWish,
    NearGenresWish,
    OnlyNearGenresWish,
    SceneWish,
    TongueWish,
)
from bot.generation.learning.preferences import preferences
from bot.generation.library import AXIS_FEATURE, BLOCK, Library, Masks, blocks, kth_largest
from bot.generation.scoring.distance import axis_distance, axis_fit, guessed_fit
from bot.generation.scoring.exclusions import unasked
from bot.generation.scoring.exploration import NEW, close_to_best, new_to, spoken
from bot.generation.scoring.hard_constraints import years_away
from bot.generation.scoring.kind_fit import KindAim
from bot.generation.scoring.priors import TRUST
from bot.generation.scoring.similarity import alike, sounds_like, worded_like
from bot.generation.scoring.target import AxisAim, Target, WordAim
from bot.generation.tracks import COLUMN, Floats
from bot.generation.values import Recipe, ScorePart, Taste
from nlp.genres import genre_graph
from nlp.vibe import Axis, YearSpan

NEUTRAL = 0.5
"""The value of a part whose feature is unknown: neither for the song nor against it."""

QUARTILE = 0.25
"""A song further than this from a wished range, in shares of the library or of the axis, contradicts the wish."""

SAME_GENRE = 0.75
NEAR_GENRE = 0.35

WEIGHTS = {
    "kind": 4.0,
    "alike": 9.0,
    "tongue": 1.5,
    "fame": 3.0,
    "genre": 3.0,
    "era": 1.5,
    "artist": 2.0,
    "like": 2.0,
    "instrument": 1.5,
    "language": 2.0,
    "scene": 0.6,
    "title": 0.3,
    "mood": 1.0,
    "familiarity": 1.0,
    "sound": 0.35,
    "taste": 1.5,
    NEW: 0.15,
}
"""What a part counts beside a soft range of weight 1; `sound`, each part of a taste, and what is new beside the sum of
all others. Judgement, checked with real playlists' titles and with planted tastes."""

OTHER_MUSIC = 0.3
"""How much of a song has to be of the asked kinds for it not to be other music. Judgement."""

FOREIGN = 0.3
"""How likely a song has to be in a tongue that goes with the request. Judgement."""

_EXTRAS = frozenset({"scene", "title", "mood"})
"""Words of few songs: without them a song is neither better nor worse."""
_ABSENT = 0.3
_ASIDE = 9.0
_OTHER_MUSIC = 7.0
_FOREIGN = 6.5
_UNLIKE = 8.0
_ERA_YEARS = 5.0
_BEST_SHARE = 0.03
_BEST_AT_LEAST = 20
_TINY = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class Miss:
    """A soft wish that rows may contradict: the wish, its rank of giving way (low first), and the rows that do.

    A `final` one gives way only when nothing at all would be left.
    """

    wish: Fact
    order: float
    rows: Masks
    final: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Scores:
    """The parts of every row: `values` is parts x rows, NaN where unknown, and `known` the same with neutral
    values there; `total` is the score of each row. `misses` are the soft wishes in the order in which they give way.
    `fit` is the score that the words alone give, where somebody's taste counts too; None where it does not.
    """

    names: tuple[str, ...]
    weights: Floats
    values: Floats
    known: Floats
    total: Floats
    misses: tuple[Miss, ...]
    fit: Floats | None = None

    def parts(self, row: int) -> tuple[ScorePart, ...]:
        """The named parts of one row, unknown ones at their neutral value."""
        return tuple(
            ScorePart(name=name, value=float(value), weight=float(weight))
            for name, value, weight in zip(self.names, self.known[:, row], self.weights, strict=True)
        )

    @property
    def sharpness(self) -> float:
        """How many times smaller the parts of a taste make the differences that the words alone make."""
        words = sum(
            float(weight)
            for name, weight in zip(self.names, self.weights, strict=True)
            if not (name.startswith("taste ") or name == NEW)
        )
        return float(self.weights.sum()) / words if self.fit is not None and words else 1.0

    def without(self, part: int) -> Floats:
        """The score that every row would have without one part."""
        left = np.where(np.arange(len(self.names)) == part, np.float32(0), self.weights)
        return _mean(self.known, left, len(self.total))


def score(library: Library, recipe: Recipe, target: Target) -> Scores:
    """Scores of all rows, and which soft wishes they contradict. Without any wish every row scores 0.5."""
    parts: list[tuple[str, float, Floats]] = []
    misses: list[Miss] = []
    for axis in target.axes:
        distance = axis_distance(library, axis)
        parts.append((axis.axis, axis.weight, _axis(library, axis, distance)))
        with np.errstate(invalid="ignore"):
            misses.append(Miss(wish=axis.asked, order=1 + axis.weight, rows=distance > QUARTILE))
    if target.genre is not None:
        value = _genre(library, target.genre)
        parts.append(("genre", WEIGHTS["genre"], value))
        misses += _genre_misses(library, target.genre, value)
    for words in target.words:
        absent = NEUTRAL if words.part in _EXTRAS else _ABSENT
        parts.append((words.part, WEIGHTS[words.part], np.where(words.rows > 0, 1.0, absent).astype(np.float32)))
        if words.part == "language":
            misses.append(Miss(wish=LanguagesWish(names=words.names), order=10.0, rows=words.rows == 0))
    if target.kinds is not None:
        parts += _kinds(target.kinds)
        misses += _kind_misses(target.kinds, target.genre is not None)
    if target.like is not None:
        misses.append(_unlike(library, target, target.like))
    misses += [Miss(wish=wish, order=_ASIDE, rows=rows) for wish, rows in unasked(library, recipe.vibe)]
    parts += _others(library, recipe, target)
    parts += _sound(library, parts)
    before = _scores(library, parts, misses) if recipe.taste != Taste() else None
    liked = [] if before is None else _taste(library, recipe, target, parts, before.total)
    parts += liked
    learned = [(name, weight * recipe.weights.of(name), value) for name, weight, value in parts]
    scores = _scores(library, learned, misses)
    if before is None or not liked:
        return scores
    return _with_new(library, recipe, target, learned, replace(scores, fit=before.total))


def _kinds(aim: KindAim) -> list[tuple[str, float, Floats]]:
    """What the kinds of the request say of every song."""
    parts = [("kind", WEIGHTS["kind"], aim.fit), ("tongue", WEIGHTS["tongue"], aim.tongue)]
    if aim.alike is not None:
        parts.append(("alike", WEIGHTS["alike"], aim.alike))
    if aim.era is not None:
        parts.append(("era", WEIGHTS["era"], aim.era))
    if aim.fame_weight:
        parts.append(("fame", WEIGHTS["fame"] * aim.fame_weight, aim.fame))
    return parts


def _kind_misses(aim: KindAim, named: bool) -> list[Miss]:
    """The songs that are of other music, and those in a tongue that does not go with the request."""
    tongue = Miss(wish=TongueWish(), order=_FOREIGN, rows=aim.tongue < FOREIGN)
    if named:
        return [tongue]
    scene = next(iter(aim.wish.scenes), None)
    return [Miss(wish=SceneWish(name=scene), order=_OTHER_MUSIC, rows=aim.fit < OTHER_MUSIC), tongue]


def _axis(library: Library, axis: AxisAim, distance: Floats) -> Floats:
    """How well each row fits a range; rows that only a guess is known of are moved from the middle by half of it."""
    fit, guessed = axis_fit(library, axis, distance), guessed_fit(library, axis)
    if guessed is not None:
        rows, likely = guessed
        fit[rows] = np.float32(NEUTRAL) + np.float32(TRUST) * (likely - np.float32(NEUTRAL))
    return fit


def _with_new(
    library: Library, recipe: Recipe, target: Target, parts: list[tuple[str, float, Floats]], scores: Scores
) -> Scores:
    """The scores, with a part for the few songs that are played to find out whether they are liked."""
    if recipe.edit is not None or scores.fit is None:
        return scores
    may = np.ones(len(library), dtype=np.bool_) if target.eligible is None else target.eligible.copy()
    for miss in scores.misses:
        may &= ~miss.rows
    may &= close_to_best(recipe.taste, target, scores.fit) >= NEUTRAL
    new = new_to(library, recipe, scores.total, may, songs=target.songs)
    if not new:
        return scores
    marks = np.full(len(library), NEUTRAL, dtype=np.float32)
    marks[list(new)] = 1
    weight = WEIGHTS[NEW] * recipe.weights.of(NEW) * float(scores.weights.sum())
    return replace(_scores(library, [*parts, (NEW, weight, marks)], list(scores.misses)), fit=scores.fit)


def _sound(library: Library, parts: list[tuple[str, float, Floats]]) -> list[tuple[str, float, Floats]]:
    """How much each song sounds like those that fit best: what the words mean in this library beyond the words.

    Whatever is more like them than like the library has all of it: it tells strangers apart, not the good ones.
    """
    if not parts or not len(library):
        return []
    weights = _weights(parts)
    total = _mean([_known(value) for _, _, value in parts], weights, len(library))
    count = min(len(total), max(_BEST_AT_LEAST, int(_BEST_SHARE * len(total))))
    least = kth_largest(total, count)
    if total.min() >= least:
        return []
    unlike = np.minimum(np.float32(1), alike(library, total >= least) / np.float32(NEUTRAL))
    return [("sound", WEIGHTS["sound"] * float(weights.sum()), unlike)]


def _scores(library: Library, parts: list[tuple[str, float, Floats]], misses: list[Miss]) -> Scores:
    values = np.stack([value for _, _, value in parts]) if parts else np.empty((0, len(library)), dtype=np.float32)
    weights = _weights(parts)
    known = _known(values)
    return Scores(
        names=tuple(name for name, _, _ in parts),
        weights=weights,
        values=values,
        known=known,
        total=_mean(known, weights, len(library)),
        misses=tuple(sorted((miss for miss in misses if miss.rows.any()), key=lambda miss: miss.order)),
    )


def _mean(known: Sequence[Floats] | Floats, weights: Floats, rows: int) -> Floats:
    """The weighted mean of each column; summed part by part, so that equal columns get exactly equal means."""
    shares = weights / max(float(weights.sum()), _TINY)
    mean = np.full(rows, 0.0 if weights.any() else NEUTRAL, dtype=np.float32)
    weighed = np.empty(min(BLOCK, rows), dtype=np.float32)
    for block in blocks(rows):
        for value, share in zip(known, shares, strict=True):
            if share:
                mean[block] += np.multiply(value[block], share, out=weighed[: block.stop - block.start])
    # In 32 bits shares may add up to a little more than 1.
    return np.minimum(mean, np.float32(1), out=mean)


def _known(values: Floats) -> Floats:
    """The values with neutral ones where they are unknown; the same array where none is."""
    unknown = np.isnan(values)
    return np.where(unknown, np.float32(NEUTRAL), values) if unknown.any() else values


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


def _genre_misses(library: Library, genre: WordAim, value: Floats) -> list[Miss]:
    """Songs that are not of the genre, and not near it; where none is, also those of other genres besides."""
    with np.errstate(invalid="ignore"):
        same, near = value >= SAME_GENRE, value >= NEAR_GENRE
    only = OnlyNearGenresWish(names=genre.names)
    purely = [] if same.any() else [Miss(wish=only, order=1.0, rows=_besides(library, genre))]
    return [
        Miss(wish=GenresWish(names=genre.names), order=0.0, rows=~same),
        *purely,
        Miss(wish=NearGenresWish(names=genre.names), order=20.0, rows=~near, final=True),
    ]


def _besides(library: Library, genre: WordAim) -> Masks:
    """The songs with a genre that is near none of the asked ones."""
    near = np.zeros(len(library.genres.tagged.words), dtype=np.bool_)
    for name in genre.names:
        near |= library.genres.closeness(name, genre_graph().closeness) >= NEAR_GENRE
    return library.genres.best((~near).astype(np.float32)) > 0


def _others(library: Library, recipe: Recipe, target: Target) -> list[tuple[str, float, Floats]]:
    vibe = recipe.vibe
    parts: list[tuple[str, float, Floats]] = []
    if vibe.years.wanted and (library.table.year > 0).any():
        parts.append(("era", WEIGHTS["era"], _era(library, vibe.years.wanted)))
    if vibe.artists.wanted:
        by = np.zeros(len(library), dtype=np.bool_)
        for artist in vibe.artists.wanted:
            by |= library.rows_by(artist)
        parts.append(("artist", WEIGHTS["artist"], by.astype(np.float32)))
    if target.like is not None:
        parts.append(("like", WEIGHTS["like"], np.where(target.like, np.float32(1), alike(library, target.like))))
    if target.familiarity is not None:
        liking = preferences(library, recipe.taste).total if target.familiarity == "mine" else None
        parts.append(("familiarity", WEIGHTS["familiarity"], _familiarity(library, target, liking)))
    return parts


def _taste(
    library: Library, recipe: Recipe, target: Target, parts: list[tuple[str, float, Floats]], fit: Floats
) -> list[tuple[str, float, Floats]]:
    """What is liked, by kind; in the middle where nothing is known."""
    close = close_to_best(recipe.taste, target, fit) if parts else np.ones(len(library), dtype=np.float32)
    weight = WEIGHTS["taste"] * max(1.0, sum(weight for _, weight, _ in parts))
    said = spoken(library, recipe.taste, close)
    return [(name, weight, np.clip(np.float32(NEUTRAL) + liking, 0, 1)) for name, liking in said]


def _weights(parts: list[tuple[str, float, Floats]]) -> Floats:
    return np.array([weight for _, weight, _ in parts], dtype=np.float32)


def _unlike(library: Library, target: Target, like: Masks) -> Miss:
    """The songs whose words say that they are of another kind than the named ones."""
    words = worded_like(library, like)
    with np.errstate(invalid="ignore"):
        return Miss(wish=LikeWish(named=target.named), order=_UNLIKE, rows=words < NEUTRAL)


def _era(library: Library, wanted: tuple[YearSpan, ...]) -> Floats:
    """1 within the asked years, less with each year outside of them, NaN where the year is unknown."""
    away = years_away(library, wanted) / np.float32(_ERA_YEARS)
    era: Floats = np.float32(1.0) / (np.float32(1.0) + np.square(away))
    return era


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


def raw_value(library: Library, axis: Axis, row: int) -> float:
    """The value of an axis for one row, in its own units."""
    return float(library.features[COLUMN[AXIS_FEATURE[axis]], row])


def unknown_axes(library: Library, target: Target, rows: npt.NDArray[np.intp]) -> list[tuple[Axis, int]]:
    """Each aimed axis with the number of these rows that it is unknown for, where there are any but not all here."""
    aimed = [axis.axis for axis in target.axes if library.scales[axis.axis].known]
    counts = [(axis, int(np.isnan(library.axis(axis)[rows]).sum())) for axis in aimed]
    return [(axis, count) for axis, count in counts if count]
