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

from bot.generation.learning.preferences import liked_place, name_of
from bot.generation.library import Library, Rows
from bot.generation.scoring.exploration import NEW
from bot.generation.scoring.priors import guesses, telling
from bot.generation.scoring.score import Scores, raw_value
from bot.generation.scoring.target import AxisAim, Target, mentions
from bot.generation.scoring.titles import titles_with
from bot.generation.tracks import Floats
from bot.generation.values import Pick, Reason, Recipe, Taste
from bot.generation.wording import any_of, songs_text, span_text, value_text
from nlp.genres import genre_graph
from nlp.names import fold

MOST = 3
"""Reasons for one song at most."""

LEVEL = 1e-5
"""Scores this near to each other are level: less is rounding of 32-bit sums, and no reason for anything."""

NEW_MARK = "✨"
"""What marks a song that is played to find out whether it is liked."""

_NOTED = 2
_CARRIES, _LIKED = 0.6, 0.52
_LAST = {NEW: 0, "sound": 2}
_COUNTED = 200
_TOLD_WORDS = 2
_NUMBERS = {1: "one", 2: "two", 3: "three", 4: "four", 5: "five"}
_FAMILIARITY = {"popular": "widely known", "deep": "hardly known", "mine": "among what you liked"}


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
        said = [_said(library, recipe, target, axes, scores, part, row) for part in ranked]
        found.append(tuple(reason for reason in said if reason is not None)[:MOST])
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


def taste_notes(picks: Sequence[Pick]) -> tuple[str, ...]:
    """What the member's ratings did to a set, by the reasons of its songs: the two that hold for most of them."""
    counts = Counter(reason.text for pick in picks for reason in pick.reasons if reason.part.startswith("taste "))
    said = [f"{text} (for {songs_text(count)})" for text, count in counts.most_common(_NOTED)]
    new = sum(reason.part == NEW for pick in picks for reason in pick.reasons)
    notes = [f"With your ratings in mind: {'; '.join(said)}."] if said else []
    if new:
        notes.append(f"{songs_text(new)} {'is' if new == 1 else 'are'} something new for you, marked {NEW_MARK}.")
    return tuple(notes)


def _said(
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
    text = _axis(library, axes[name], row) if name in axes else _other(library, recipe, target, name, row)
    return None if text is None else Reason(part=name, text=text)


def _carries(name: str) -> float:
    """From which value on a part speaks for a song. A taste is careful in its numbers: what speaks at all, counts."""
    if name == "sound":
        return 1.0
    return _LIKED if name.startswith("taste ") else _CARRIES


def _worded(library: Library, part: str, names: tuple[str, ...], row: int) -> str | None:
    """That the library files a song under what was asked for, or that its title names the instrument."""
    titled = [name for name in names if titles_with(library, name)[row]] if part == "instrument" else []
    carried = (*library.table.genres.of(row), *library.table.tags.of(row))
    if titled and not any(mentions(name)(word) for name in names for word in carried):
        return f"its title names {any_of(tuple(titled))}, which you asked for"
    return f"tagged for {any_of(names)}, which you asked for"


def _axis(library: Library, axis: AxisAim, row: int) -> str | None:
    value = raw_value(library, axis.axis, row)
    asked = axis.text.removeprefix(f"{axis.axis} ")
    if math.isnan(value):
        return _guessed(library, axis, asked, row)
    said = f"{axis.axis} {value_text(axis.axis, value)}"
    if axis.moved:
        return f"{said}: at the end of what is here, for “{axis.text}”"
    if axis.low <= value <= axis.high:
        return f"{said}, you asked for {asked}"
    return f"{said}, not far from what you asked for: {asked}"


def _guessed(library: Library, axis: AxisAim, asked: str, row: int) -> str | None:
    """That nobody measured the song, and which of its words it was judged by."""
    found = guesses(library, axis.axis)
    if found is None:
        return None
    words = telling(library.table.genres.of(row) + library.table.tags.of(row), axis.axis)
    likely = value_text(axis.axis, float(found[row]))
    return (
        f"{axis.axis} not measured, about {likely} is an estimate by its being tagged {any_of(words[:_TOLD_WORDS])}; "
        f"you asked for {asked}"
    )


def _other(library: Library, recipe: Recipe, target: Target, name: str, row: int) -> str | None:
    vibe, table = recipe.vibe, library.table
    if name == "genre" and target.genre is not None:
        return _genre(library, target.genre.names, row)
    if name == "era":
        spans = any_of(tuple(span_text(span) for span in vibe.years.wanted))
        return f"from {int(table.year[row])}, you asked for songs {spans}"
    if name == "artist":
        asked = {fold(artist) for artist in vibe.artists.wanted}
        by = next((artist for artist in table.artists.of(row) if fold(artist) in asked), None)
        return None if by is None else f"by {by}, whom you asked for"
    if name == "like" and target.like is not None:
        same = bool(target.like[row])
        return f"{'one of the songs' if same else 'sounds like the songs'} you named: {any_of(target.like_names)}"
    if name == "familiarity":
        return _FAMILIARITY.get(vibe.familiarity or "")
    if name.startswith("taste "):
        return _taste(library, recipe, name.removeprefix("taste "), row)
    if name == NEW:
        return _new(library, row)
    if name == "title":
        said = [word for word in vibe.contexts if titles_with(library, word)[row]]
        return f"its title says {any_of(tuple(said))}" if said else None
    if name == "sound":
        return "sounds like the songs here that fit best"
    asked_words = next((aim.names for aim in target.words if aim.part == name), ())
    return _worded(library, name, asked_words, row) if asked_words else None


def _genre(library: Library, names: tuple[str, ...], row: int) -> str | None:
    """The genre or tag of the song that is closest to an asked genre, and that genre."""
    carried = library.table.genres.of(row) + library.table.tags.of(row)
    measure = genre_graph().closeness
    best = max(((measure(name, word), word, name) for name in names for word in carried), default=None)
    if best is None:
        artist = library.table.artists.of(row)
        return f"not tagged, but it fits {any_of(names)} by its {'artist and ' if artist else ''}sound"
    close, word, name = best
    if close >= 1:
        same = fold(word) == fold(name)
        return f"tagged {word}, which you asked for" if same else f"tagged {word}: that is {name}, which you asked for"
    return f"tagged {word}, which is close to {name}"


def _taste(library: Library, recipe: Recipe, kind: str, row: int) -> str | None:
    """What the member's own ratings say for the song, as far as a fact about them stands behind it."""
    taste, table = recipe.taste, library.table
    if kind == "song":
        return _song(taste, str(table.keys[row]))
    if kind == "sound":
        best = liked_place(library, taste, row)
        return None if best is None else f"you like {best}"
    amounts = dict(taste.artists if kind == "artist" else taste.genres)
    names = table.artists.of(row) if kind == "artist" else table.genres.of(row)
    facts = {name: (loved, liked) for what, name, loved, liked in taste.liked if what == kind}
    told = [name for name in names if name in facts and amounts.get(name_of(kind, name), 0.0) > 0]
    if not told:
        return None
    name = max(told, key=lambda one: amounts[name_of(kind, one)])
    return counted(kind, name, *facts[name])


def _song(taste: Taste, key: str) -> str | None:
    if dict(taste.tracks).get(key, 0.0) <= 0:
        return None
    loved = any(loved for kind, name, loved, _ in taste.liked if kind == "song" and name == key)
    return "you loved this song" if loved else "you liked this song before"


def counted(kind: str, name: str, loved: int, liked: int) -> str:
    """What was liked of an artist or a genre: "you loved two by Abba", "you liked 3 songs of jazz"."""
    verb, count = ("loved", loved) if loved else ("liked", liked)
    number = _NUMBERS.get(count, str(count))
    if kind == "artist":
        return f"you {verb} {number} by {name}"
    return f"you {verb} {number} {'song' if count == 1 else 'songs'} of {name}"


def _new(library: Library, row: int) -> str:
    words = library.table.genres.of(row)
    return f"something new: you have rated no {words[0]} yet, tell me what you think of it"
