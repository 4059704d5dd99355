"""Sets made with old and with new weights, side by side: what members asked for lately, asked again.

A ranking may be better at the songs that were shown and yet play the same artists again and again, or fit the words
less. So before new weights are used, both make the latest requests' sets from the same recipes and seeds.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from bot.database import guarded
from bot.documents import GenerationSession, Key, MoodQuery
from bot.generation.editing import without_dropped
from bot.generation.engine import compose
from bot.generation.learning.ranking import RankingWeights
from bot.generation.library import Library
from bot.generation.scoring.hard_constraints import hard_constraints
from bot.generation.tracks import FEATURES
from bot.generation.values import Composition, Recipe
from bot.services.playlists.recipe_codec import recipe_of
from nlp.vibe import Vibe

SETS = 24
"""Requests that are asked again, of as many members where there are."""

GINI_SLACK = 0.02
"""By how much the artists' Gini coefficient may rise: 0 is every artist equally often, 1 always the same one."""

DISTANCE_SHARE, FIT_SHARE = 0.95, 0.98
"""What is left at least of the distance between the songs of a set, and of how well they fit the words."""

READ_S = 60.0
"""How long reading the latest requests may take."""

_LOOKED_AT = 300
_SOUNDS = tuple(FEATURES.index(name) for name in ("energy", "valence", "danceability", "acousticness", "tempo"))

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Measures:
    """What was measured of some sets: the Gini coefficient of their artists, the mean distance between two songs of a
    set (in deviations of the library), the fit to the words (0 to 1, the taste left out), sentences on wishes that were
    loosened, songs that break a promise, and requests that could not be met.
    """

    gini: float
    distance: float
    fit: float
    relaxed: int
    broken: int
    unmet: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """The same `sets` requests with the old and with the new weights."""

    sets: int
    old: Measures
    new: Measures

    @property
    def harm(self) -> tuple[str, ...]:
        """What is worse with the new weights, in words; nothing when they may be used."""
        if not self.sets:
            return ("there was no request to try them on",)
        old, new, found = self.old, self.new, []
        if new.broken:
            found.append(f"{new.broken} songs break a promise")
        if new.unmet > old.unmet or new.relaxed > old.relaxed + max(1, old.relaxed // 10):
            found.append(f"{new.relaxed} wishes are loosened and {new.unmet} unmet, not {old.relaxed} and {old.unmet}")
        if new.gini > old.gini + GINI_SLACK:
            found.append(f"the artists' Gini rises from {old.gini:.3f} to {new.gini:.3f}")
        if new.distance < DISTANCE_SHARE * old.distance:
            found.append(f"songs of a set are nearer to each other, {new.distance:.2f} instead of {old.distance:.2f}")
        if new.fit < FIT_SHARE * old.fit:
            found.append(f"the fit to the words falls from {old.fit:.3f} to {new.fit:.3f}")
        return tuple(found)


async def try_out(
    library: Library,
    old: RankingWeights,
    new: RankingWeights,
    *,
    members: frozenset[Key],
    check: Callable[[], None],
    sets: int = SETS,
) -> Trial:
    """Both on the latest `sets` requests of these members. `check` is called before each set, to break off by an error.

    Raises DatabaseDown.
    """
    recipes = await latest_recipes(members, sets) if len(library) else ()
    tried: list[tuple[Recipe, Composition, Composition]] = []
    for recipe in recipes:
        check()
        made = [await asyncio.to_thread(_made, library, recipe, weights) for weights in (old, new)]
        tried.append((recipe, made[0], made[1]))
    first = [(recipe, composition) for recipe, composition, _ in tried]
    second = [(recipe, composition) for recipe, _, composition in tried]
    before = await asyncio.to_thread(measure, library, first, old)
    after = await asyncio.to_thread(measure, library, second, new)
    return Trial(sets=len(tried), old=before, new=after)


async def latest_recipes(members: frozenset[Key], most: int) -> tuple[Recipe, ...]:
    """What these members asked for last, at most so many requests, of each member once as long as there are others."""
    with guarded(within_s=READ_S):
        latest = await GenerationSession.latest_completed(_LOOKED_AT)
        usable = [raw for raw in latest if raw["userId"] in members and raw.get("recipe")]
        chosen = _of_many(usable)[:most]
        asked = await MoodQuery.raws((raw["moodQueryId"] for raw in chosen), "parsed")
    vibes = {key: Vibe.from_dict(raw.get("parsed") or {}) for key, raw in asked.items()}
    recipes = (recipe_of(raw, vibes[raw["moodQueryId"]]) for raw in chosen if raw["moodQueryId"] in vibes)
    return tuple(recipe for recipe in recipes if recipe is not None)


def measure(library: Library, sets: list[tuple[Recipe, Composition]], weights: RankingWeights) -> Measures:
    """What these sets are like, which were made with these weights."""
    songs = [[pick.row for pick in composition.ordering] for _, composition in sets]
    played = np.array([row for rows in songs for row in rows], dtype=np.intp)
    plays = np.bincount(library.table.artist[played] + 1)[1:].astype(np.float64)
    fits = [fit for _, composition in sets if (fit := _fit(composition, weights)) is not None]
    sounds = _standardised(library)
    distances = [_distance(sounds[rows]) for rows in songs if len(rows) > 1]
    return Measures(
        gini=gini(plays),
        distance=float(np.mean(distances)) if distances else 0.0,
        fit=float(np.mean(fits)) if fits else 0.0,
        relaxed=sum(len(composition.relaxed) for _, composition in sets),
        broken=sum(_broken(library, recipe, composition) for recipe, composition in sets),
        unmet=sum(not composition.ordering for _, composition in sets),
    )


def gini(counts: Floats) -> float:
    """The Gini coefficient of what is counted, of those that were counted at all; 0 for nothing."""
    ranked = np.sort(counts[counts > 0])
    if not len(ranked):
        return 0.0
    places = np.arange(1, len(ranked) + 1)
    return float(2 * (places * ranked).sum() / (len(ranked) * ranked.sum()) - (len(ranked) + 1) / len(ranked))


def _made(library: Library, recipe: Recipe, weights: RankingWeights) -> Composition:
    return compose(library.table, replace(recipe, weights=weights), library=library)


def _of_many(sessions: list[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The latest of each member first, then the others."""
    seen: set[Key] = set()
    first: list[Mapping[str, Any]] = []
    rest: list[Mapping[str, Any]] = []
    for raw in sessions:
        (rest if raw["userId"] in seen else first).append(raw)
        seen.add(raw["userId"])
    return first + rest


def _fit(composition: Composition, weights: RankingWeights) -> float | None:
    """The mean score of the songs by judgement alone: without learned weights and without the taste."""
    totals = []
    for pick in composition.ordering:
        asked = [part for part in pick.parts if not part.name.startswith("taste")]
        judged = [part.weight / weights.of(part.name) for part in asked]
        if sum(judged) > 0:
            totals.append(float(np.average([part.value for part in asked], weights=judged)))
    return float(np.mean(totals)) if totals else None


def _standardised(library: Library) -> Floats:
    """How the songs sound, in deviations of the library; unknown is the mean."""
    sounds: Floats = library.table.features[:, list(_SOUNDS)].astype(np.float64)
    if not len(sounds):
        return sounds
    known = np.isfinite(sounds)
    count = np.maximum(known.sum(axis=0), 1)
    mean = np.where(known, sounds, 0.0).sum(axis=0) / count
    away = np.where(known, sounds - mean, 0.0)
    spread = np.sqrt((away**2).sum(axis=0) / count)
    standard: Floats = away / np.where(spread > 0, spread, 1.0)
    return standard


def _distance(points: Floats) -> float:
    """The mean distance between two songs."""
    apart = np.sqrt(((points[:, None, :] - points[None, :, :]) ** 2).sum(axis=2))
    return float(apart.sum() / (len(points) * (len(points) - 1)))


def _broken(library: Library, recipe: Recipe, composition: Composition) -> int:
    """Songs that break a promise that could be kept."""
    kept = without_dropped(library, recipe, hard_constraints(library, recipe)).rows(len(library))
    return sum(not kept[pick.row] for pick in composition.ordering)
