"""Why a song of the library is not in a set: the wish, the cap or the part of the score that put it where it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from bot.facts import Fact
from bot.generation.editing import as_edit, nearer, without_dropped
from bot.generation.engine import compose
from bot.generation.facts.why_not import (
    ArtistFull,
    Breaks,
    ByChance,
    Cost,
    CostsMost,
    FitsLess,
    NoSet,
    OtherVersion,
    Outside,
    Played,
    Ranked,
    Resting,
)
from bot.generation.length import asked_length
from bot.generation.library import Library, Rows
from bot.generation.scoring.hard_constraints import hard_constraints
from bot.generation.scoring.score import Scores, score
from bot.generation.scoring.target import aim
from bot.generation.values import Composition, Recipe, ScorePart
from nlp.names import fold

Standing = Literal["played", "no set", "promise", "version", "recent", "artist", "wish", "score", "chance"]
"""Where a song stands: in the set; there is no set at all; a hard wish is broken; another version plays; it was in one
of the last playlists; its artist has enough songs; a soft wish is contradicted; it fits less; it fits as well."""

_COSTS_TOLD, _WISHES_TOLD = 2, 2
_COSTLY = 0.005
_FOUND = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class WhyNot:
    """The answer for one song, `told` fact by fact.

    `rank` is its place by score among the `of` songs that keep every hard wish, 0 for one that does not; `costs` are
    the parts of its score that cost it most against the set, as shares of the score.
    """

    row: int
    key: str
    title: str
    artists: tuple[str, ...]
    standing: Standing
    told: tuple[Fact, ...]
    rank: int = 0
    of: int = 0
    score: float = 0.0
    costs: tuple[ScorePart, ...] = ()


def named(library: Library, query: str) -> tuple[int, ...]:
    """The rows that a title means, the likeliest first, ten at most: "Title", "Title by Artist", or a part of one."""
    title, _, artist = (part.strip() for part in query.partition(" by "))
    whole, title, artist = fold(query), fold(title), fold(artist)
    found: list[tuple[int, int]] = []
    for row in range(len(library)):
        name = fold(str(library.table.titles[row]))
        if whole and name == whole:
            found.append((0, row))
        elif artist and name == title and any(artist in fold(by) for by in library.table.artists.of(row)):
            found.append((1, row))
        elif whole and whole in name:
            found.append((2 if name.startswith(whole) else 3, row))
    best = min((closeness for closeness, _ in found), default=0)
    return tuple(row for closeness, row in sorted(found) if closeness == best)[:_FOUND]


def why_nots(library: Library, recipe: Recipe, query: str) -> tuple[WhyNot, ...]:
    """The answers for all songs that a title means, the likeliest first; empty when there is none like that."""
    rows = named(library, query)
    made = compose(library.table, recipe, library=library) if rows else None
    return tuple(why_not(library, recipe, row, composition=made) for row in rows)


def why_not(library: Library, recipe: Recipe, row: int, *, composition: Composition | None = None) -> WhyNot:
    """Why the song of a row is not in the set of a recipe. `composition` is that set, if it is at hand."""
    composition = composition or compose(library.table, recipe, library=library)
    recipe = as_edit(recipe)
    span = asked_length(recipe)
    kept = without_dropped(library, recipe, hard_constraints(library, recipe))
    broken = tuple(promise.wish for promise in kept.kept if not promise.rows[row])
    if broken:
        return _answer(library, row, "promise", Breaks(wishes=broken))
    if isinstance(span, Fact) or not composition.ordering:
        return _answer(library, row, "no set", NoSet(conflicts=composition.conflicts))
    played = np.array([pick.row for pick in composition.ordering], dtype=np.intp)
    eligible = kept.rows(len(library))
    songs = span.tracks or max(1, round(span.aim_ms / 210_000))
    scores = score(library, recipe, nearer(library, recipe, aim(library, recipe, eligible, songs)))
    standing, why = _standing(library, recipe, scores, row, played)
    rank = 1 + int(np.count_nonzero(eligible & (scores.total > scores.total[row])))
    of, costs = int(np.count_nonzero(eligible)), _costs(scores, row, played)
    ranked = () if standing == "played" else (Ranked(rank=rank, of=of),)
    lost = _lost(costs) if standing in {"wish", "score"} else ()
    return _answer(
        library,
        row,
        standing,
        why,
        *ranked,
        *lost,
        rank=rank,
        of=of,
        score=float(scores.total[row]),
        costs=costs,
    )


def _answer(
    library: Library,
    row: int,
    standing: Standing,
    *told: Fact,
    rank: int = 0,
    of: int = 0,
    score: float = 0.0,
    costs: tuple[ScorePart, ...] = (),
) -> WhyNot:
    table = library.table
    return WhyNot(
        row=row,
        key=str(table.keys[row]),
        title=str(table.titles[row]),
        artists=tuple(table.artists.of(row)),
        standing=standing,
        told=told,
        rank=rank,
        of=of,
        score=score,
        costs=costs,
    )


def _standing(library: Library, recipe: Recipe, scores: Scores, row: int, played: Rows) -> tuple[Standing, Fact]:
    """The first thing that keeps the song out, in the order in which songs are chosen."""
    table, places = library.table, played.tolist()
    if row in places:
        return "played", Played(number=places.index(row) + 1)
    same = np.flatnonzero(table.song[played] == table.song[row])
    if len(same):
        return "version", OtherVersion(number=int(same[0]) + 1)
    if library.rows_of(recipe.rules.recent)[row]:
        return "recent", Resting()
    missed = [miss.wish for miss in scores.misses if miss.rows[row] and not miss.rows[played].any()]
    if missed:
        return "wish", Outside(wishes=tuple(missed[:_WISHES_TOLD]))
    by = int(np.count_nonzero(table.artist[played] == table.artist[row]))
    most = int(np.unique(table.artist[played], return_counts=True)[1].max())
    own, least = float(scores.total[row]), float(scores.total[played].min())
    if by and by >= most:
        return "artist", ArtistFull(artist=next(iter(table.artists.of(row)), None), songs=by)
    if own < least:
        return "score", FitsLess(score=own, least=least)
    return "chance", ByChance()


def _costs(scores: Scores, row: int, played: Rows) -> tuple[ScorePart, ...]:
    """What each part costs the song against the mean of the set, the most first; `value` is the part's own value."""
    weight = float(scores.weights.sum())
    if not weight:
        return ()
    share = scores.weights / weight
    lost: npt.NDArray[np.float64] = (share * (scores.known[:, played].mean(axis=1) - scores.known[:, row])).astype(
        np.float64
    )
    ranked = [int(part) for part in np.argsort(-lost, kind="stable") if lost[part] > _COSTLY]
    return tuple(
        ScorePart(name=scores.names[part], value=float(scores.known[part, row]), weight=float(lost[part]))
        for part in ranked[:_COSTS_TOLD]
    )


def _lost(costs: Sequence[ScorePart]) -> tuple[Fact, ...]:
    told = tuple(Cost(part=part.name, value=part.value, lost=part.weight) for part in costs)
    return (CostsMost(costs=told),) if told else ()
