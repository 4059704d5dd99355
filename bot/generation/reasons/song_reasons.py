"""Why a song is in the set, read from the named parts of its score and from its neighbours: true by construction.

A part is cited only if the song stands lower among all songs of the library once that part is taken out of
everybody's score.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from bot.facts import Fact
from bot.generation.facts.notes import LikedFor, NewSongs, WithRatings
from bot.generation.facts.reasons import (
    AsFamiliar,
    ByArtist,
    EndOfRange,
    EstimatedInRange,
    FromYear,
    GenreBySound,
    InRange,
    IsGenre,
    LikedArtist,
    LikedGenre,
    LikedSong,
    LikeNamed,
    NearGenre,
    NearRange,
    NewToYou,
    OfGenre,
    OneOfNamed,
    SoundsFitting,
    TaggedFor,
    TitleNames,
    TitleSays,
)
from bot.generation.learning.preferences import liked_place, name_of
from bot.generation.library import Library, Rows
from bot.generation.reasons.kind_reasons import KIND_PARTS, kind_reason
from bot.generation.scoring.exploration import NEW
from bot.generation.scoring.priors import guesses, telling
from bot.generation.scoring.score import Scores, raw_value
from bot.generation.scoring.target import AxisAim, Target, mentions
from bot.generation.scoring.titles import titles_with
from bot.generation.tracks import Floats
from bot.generation.values import Pick, Reason, Recipe, Taste
from nlp.genres import genre_graph
from nlp.names import fold

MOST = 3
"""Reasons for one song at most."""

LEVEL = 1e-5
"""Scores this near to each other are level: less is rounding of 32-bit sums, and no reason for anything."""

_NOTED = 2
_CARRIES, _LIKED = 0.6, 0.52
_OF_KIND = 0.4
_LAST = {NEW: 0, "fame": 2, "sound": 3}
"""Where parts stand among the reasons; all others stand at 1. That a song is known says least of why it belongs."""

_COUNTED = 200
_TOLD_WORDS = 2


def reasons(
    library: Library, recipe: Recipe, target: Target, scores: Scores, rows: Sequence[int]
) -> tuple[tuple[Reason, ...], ...]:
    """The reasons of each row, the strongest first; what was asked for in words comes before how it sounds."""
    if not len(scores.names):
        return tuple(() for _ in rows)
    falls = fall(scores, rows)
    axes: dict[str, AxisAim] = {axis.axis: axis for axis in target.axes}
    found = []
    for place, row in enumerate(rows):
        ranked = [int(part) for part in np.argsort(-falls[:, place], kind="stable") if falls[part, place] > 0]
        ranked.sort(key=lambda part: _LAST.get(scores.names[part], 1))
        told = [_told(library, recipe, target, axes, scores, part, row) for part in ranked]
        found.append(tuple(reason for reason in told if reason is not None)[:MOST])
    return tuple(found)


def fall(scores: Scores, rows: Sequence[int]) -> npt.NDArray[np.float64]:
    """How many places each row falls, among all rows, when a part is taken out of every score; parts x rows.

    Rows of the same score share their places. Negative where a row rises.
    """
    chosen = np.asarray(rows, dtype=np.intp)
    before = standing(scores.total, chosen)
    return np.stack([standing(scores.without(part), chosen) - before for part in range(len(scores.names))])


def standing(total: Floats, rows: Rows) -> npt.NDArray[np.float64]:
    """The mean place of each row among all, 0 the first: rows above it, and half of those that are level with it."""
    own = total[rows]
    if len(rows) > _COUNTED:
        ranked = np.sort(total)
        below = np.searchsorted(ranked, own - np.float32(LEVEL), side="left")
        not_above = np.searchsorted(ranked, own + np.float32(LEVEL), side="right")
        return (len(total) - (below + not_above) / 2).astype(np.float64)
    level = np.float32(LEVEL)
    above = [np.count_nonzero(total > value + level) + np.count_nonzero(total >= value - level) for value in own]
    return np.array(above, dtype=np.float64) / 2


def taste_notes(picks: Sequence[Pick]) -> tuple[Fact, ...]:
    """What the member's ratings did to a set, by the reasons of its songs: the two that hold for most of them."""
    counts = Counter(reason.fact for pick in picks for reason in pick.reasons if reason.part.startswith("taste "))
    liked = tuple(LikedFor(reason=fact, songs=count) for fact, count in counts.most_common(_NOTED))
    new = sum(reason.part == NEW for pick in picks for reason in pick.reasons)
    notes: tuple[Fact, ...] = (WithRatings(liked=liked),) if liked else ()
    return (*notes, NewSongs(count=new)) if new else notes


def _told(
    library: Library,
    recipe: Recipe,
    target: Target,
    axes: Mapping[str, AxisAim],
    scores: Scores,
    part: int,
    row: int,
) -> Reason | None:
    name, value = scores.names[part], float(scores.values[part, row])
    if math.isnan(value) or value < _carries(name):
        return None
    if name in axes:
        fact = _axis(library, axes[name], row)
    elif target.kinds is not None and name in KIND_PARTS and not (name == "era" and recipe.vibe.years.wanted):
        fact = kind_reason(library, target.kinds, name, row)
    else:
        fact = _other(library, recipe, target, name, row)
    return None if fact is None else Reason(part=name, fact=fact)


def _carries(name: str) -> float:
    """From which value on a part speaks for a song. A taste is careful in its numbers: what speaks at all, counts."""
    if name == "sound":
        return 1.0
    if name == "kind":
        return _OF_KIND
    return _LIKED if name.startswith("taste ") else _CARRIES


def _worded(library: Library, part: str, names: tuple[str, ...], row: int) -> Fact:
    """That the library files a song under what was asked for, or that its title names the instrument."""
    titled = [name for name in names if titles_with(library, name)[row]] if part == "instrument" else []
    carried = (*library.table.genres.of(row), *library.table.tags.of(row))
    if titled and not any(mentions(name)(word) for name in names for word in carried):
        return TitleNames(names=tuple(titled))
    return TaggedFor(names=names)


def _axis(library: Library, axis: AxisAim, row: int) -> Fact | None:
    value = raw_value(library, axis.axis, row)
    if math.isnan(value):
        return _guessed(library, axis, row)
    if axis.moved:
        return EndOfRange(value=value, asked=axis.asked)
    if axis.low <= value <= axis.high:
        return InRange(value=value, asked=axis.asked)
    return NearRange(value=value, asked=axis.asked)


def _guessed(library: Library, axis: AxisAim, row: int) -> Fact | None:
    """That nobody measured the song, and which of its words it was judged by."""
    found = guesses(library, axis.axis)
    if found is None:
        return None
    words = telling(library.table.genres.of(row) + library.table.tags.of(row), axis.axis)
    return EstimatedInRange(value=float(found[row]), words=words[:_TOLD_WORDS], asked=axis.asked)


def _other(library: Library, recipe: Recipe, target: Target, name: str, row: int) -> Fact | None:
    vibe, table = recipe.vibe, library.table
    if name == "genre" and target.genre is not None:
        return _genre(library, target.genre.names, row)
    if name == "era":
        return FromYear(year=int(table.year[row]), spans=vibe.years.wanted)
    if name == "artist":
        asked = {fold(artist) for artist in vibe.artists.wanted}
        by = next((artist for artist in table.artists.of(row) if fold(artist) in asked), None)
        return None if by is None else ByArtist(name=by)
    if name == "like" and target.like is not None:
        return OneOfNamed(named=target.named) if target.like[row] else LikeNamed(named=target.named)
    if name == "familiarity":
        return None if vibe.familiarity is None else AsFamiliar(how=vibe.familiarity)
    if name.startswith("taste "):
        return _taste(library, recipe, name.removeprefix("taste "), row)
    if name == NEW:
        return _new(library, row)
    if name == "title":
        said = tuple(word for word in vibe.contexts if titles_with(library, word)[row])
        return TitleSays(words=said) if said else None
    if name == "sound":
        return SoundsFitting()
    asked_words = next((aim.names for aim in target.words if aim.part == name), ())
    return _worded(library, name, asked_words, row) if asked_words else None


def _genre(library: Library, names: tuple[str, ...], row: int) -> Fact:
    """The genre or tag of the song that is closest to an asked genre, and that genre."""
    carried = library.table.genres.of(row) + library.table.tags.of(row)
    measure = genre_graph().closeness
    best = max(((measure(name, word), word, name) for name in names for word in carried), default=None)
    if best is None:
        return GenreBySound(names=names, artist=bool(library.table.artists.of(row)))
    close, word, name = best
    if close >= 1:
        return OfGenre(word=word) if fold(word) == fold(name) else IsGenre(word=word, asked=name)
    return NearGenre(word=word, asked=name)


def _taste(library: Library, recipe: Recipe, kind: str, row: int) -> Fact | None:
    """What the member's own ratings say for the song, as far as a fact about them stands behind it."""
    taste, table = recipe.taste, library.table
    if kind == "song":
        return _song(taste, str(table.keys[row]))
    if kind == "sound":
        return liked_place(library, taste, row)
    amounts = dict(taste.artists if kind == "artist" else taste.genres)
    names = table.artists.of(row) if kind == "artist" else table.genres.of(row)
    facts = {name: (loved, liked) for what, name, loved, liked in taste.liked if what == kind}
    told = [name for name in names if name in facts and amounts.get(name_of(kind, name), 0.0) > 0]
    if not told:
        return None
    name = max(told, key=lambda one: amounts[name_of(kind, one)])
    loved, liked = facts[name]
    count = loved or liked
    if kind == "artist":
        return LikedArtist(name=name, count=count, loved=bool(loved))
    return LikedGenre(name=name, count=count, loved=bool(loved))


def _song(taste: Taste, key: str) -> Fact | None:
    if dict(taste.tracks).get(key, 0.0) <= 0:
        return None
    loved = any(loved for kind, name, loved, _ in taste.liked if kind == "song" and name == key)
    return LikedSong(loved=loved)


def _new(library: Library, row: int) -> Fact:
    return NewToYou(genre=library.table.genres.of(row)[0])
