"""Members with planted tastes: what they like of every song is known, and they answer as people do.

What a member likes of a song is the sum of how near it is to the places where they like an axis to be (half of what
tells songs apart for them), of its genres (.35) and of its artist (.15). A song that fits a vibe is liked with
probability LIKED, and NOISE of the answers are turned round. Nothing here knows how the learner works.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from bot.generation.length import Span, asked_length
from bot.generation.library import Library, Masks, Rows
from bot.generation.scoring.hard_constraints import hard_constraints
from bot.generation.scoring.score import Scores, score
from bot.generation.scoring.target import Target, aim
from bot.generation.selection import GOOD_SHARE, choose
from bot.generation.sequencing.annealing import Cooling
from bot.generation.sequencing.flow import ordered
from bot.generation.values import Recipe
from nlp.parser import VibeParser
from nlp.vibe import AXES, Axis, Vibe

LIKED = 0.35
"""The probability that a random song that fits is liked."""

NOISE = 0.15
"""The share of answers that are turned round."""

RATED = 8
"""Songs of a playlist that are rated."""

SONGS = 25
CAP = 2
"""Songs of one artist in a playlist of the oracle; the engine's own cap for 25 songs."""

VIBES = (
    "rainy sunday",
    "gym playlist",
    "happy summer road trip",
    "sad evening",
    "dark and slow",
    "chill for cooking",
    "party",
    "study, no vocals",
    "melancholic acoustic evening",
    "aggressive and loud",
    "focus",
    "dance all night",
    "quiet morning coffee",
    "energetic running",
    "dreamy night drive",
    "romantic dinner",
    "angry",
    "feel good",
    "late night electronic",
    "campfire songs",
)

_AXES: tuple[Axis, ...] = (
    "tempo",
    "energy",
    "brightness",
    "danceability",
    "acousticness",
    "instrumentalness",
    "loudness",
)
_SHARES = (0.5, 0.35, 0.15)
_QUICK = Cooling(copies=24, steps=250)
_DRAWN = 2_000
_FLOAT = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """One of the vibes on this library: its target, the songs that fit it as the engine sees it, and how they fit."""

    vibe: Vibe
    target: Target
    eligible: Masks
    span: Span
    fit: npt.NDArray[np.float32]
    fitting: Rows


@dataclass(frozen=True)
class Ground:
    """The library, and the vibes that are asked for on it."""

    library: Library
    asks: tuple[Ask, ...]

    @cached_property
    def pooled(self) -> Rows:
        """As many songs that fit of each vibe, drawn at random."""
        rng = np.random.default_rng(0)
        return np.concatenate([rng.choice(ask.fitting, _DRAWN) for ask in self.asks])

    @cached_property
    def untaught(self) -> tuple[Rows, ...]:
        """For each vibe the songs of four playlists for somebody of whom nothing is known."""
        return tuple(
            np.concatenate([played(self.library, ask, Recipe(vibe=ask.vibe, seed=seed)) for seed in range(4)])
            for ask in self.asks
        )


def ground(library: Library) -> Ground:
    """The vibes read, and the songs found that fit each of them."""
    parser = VibeParser.load()
    return Ground(library=library, asks=tuple(_ask(library, parser.parse(text)) for text in VIBES))


def _ask(library: Library, vibe: Vibe) -> Ask:
    recipe = Recipe(vibe=vibe, seed=0)
    eligible = hard_constraints(library, recipe).rows(len(library))
    span = asked_length(recipe)
    assert not isinstance(span, str), "a vibe of the list asks for a length that is none"
    target = aim(library, recipe, eligible, SONGS)
    scores = score(library, recipe, target)
    keeps = eligible.copy()
    for miss in scores.misses:
        keeps &= ~miss.rows
    best = np.sort(scores.total[keeps])[-SONGS:].mean()
    fitting = np.flatnonzero(keeps & (scores.total >= GOOD_SHARE * best))
    return Ask(vibe=vibe, target=target, eligible=eligible, span=span, fit=scores.total, fitting=fitting)


def scored(library: Library, ask: Ask, recipe: Recipe) -> Scores:
    """The engine's scores of all songs for a recipe of this vibe."""
    return score(library, recipe, ask.target)


def played(library: Library, ask: Ask, recipe: Recipe) -> Rows:
    """The songs that the engine plays for a recipe of this vibe. The order is cooled less long than in the product."""
    scores = scored(library, ask, recipe)
    pool = choose(library, recipe, ask.target, scores, ask.eligible, ask.span)
    return ordered(library, recipe, scores, pool, ask.span, cooling=_QUICK).rows


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A member with a hidden taste: `worth` of every song, and the least worth that they like."""

    worth: _FLOAT
    least: float
    most_of_the_worst: float

    def likes(self, rows: Rows, *, flipped: bool = False) -> Masks:
        """Whether they like each of these songs; after their taste has flipped, what they liked least before."""
        return self.worth[rows] <= self.most_of_the_worst if flipped else self.worth[rows] > self.least

    def best(self, library: Library, ask: Ask, *, without: Masks, flipped: bool = False) -> Rows:
        """The oracle's playlist: of the songs that fit, those that are worth most, one version each, CAP an artist.

        Where hardly a song fits that is not among those to go `without`, these may come again, as in the engine.
        """
        rows = ask.fitting[~without[ask.fitting]]
        if len(rows) < SONGS:
            rows = ask.fitting
        rows = rows[np.argsort(self.worth[rows] if flipped else -self.worth[rows], kind="stable")][: 60 * SONGS]
        _, first = np.unique(library.table.song[rows], return_index=True)
        rows = rows[np.sort(first)]
        return rows[_turns(library.table.artist[rows]) < CAP][:SONGS]


def member(ground: Ground, seed: int, number: int) -> Member:
    """The member of this number in the world of this seed."""
    library, rng = ground.library, np.random.default_rng((seed, number, 1))
    axes = rng.choice(len(_AXES), 3, replace=False)
    places = rng.random(3)
    near = np.zeros(len(library))
    for axis, place in zip(axes, places, strict=True):
        shares = library.shares[AXES.index(_AXES[axis])]
        near -= np.abs(np.nan_to_num(shares, nan=0.5) - place)
    genres = library.table.genres
    of_word = rng.normal(size=max(1, len(genres.words)))
    counts = np.diff(genres.starts)
    songs = np.repeat(np.arange(len(counts)), counts)
    by_genre = np.bincount(songs, weights=of_word[genres.indices], minlength=len(counts)) / np.maximum(counts, 1)
    of_artist = rng.normal(size=int(library.table.artist.max()) + 1)
    by_artist = of_artist[library.table.artist]
    parts = zip(_SHARES, (near, by_genre, by_artist), strict=True)
    worth = sum(np.sqrt(share) * _standard(values, ground.pooled) for share, values in parts)
    known = np.asarray(worth)[ground.pooled]
    return Member(
        worth=np.asarray(worth),
        least=float(np.quantile(known, 1 - LIKED)),
        most_of_the_worst=float(np.quantile(known, LIKED)),
    )


def answers(liked: Masks, rng: np.random.Generator) -> Masks:
    """What a member says of songs that they like or not: NOISE of it turned round."""
    return liked ^ (rng.random(len(liked)) < NOISE)


def gini(counts: npt.NDArray[np.intp]) -> float:
    """How unevenly plays are spread, 0 for evenly, 1 for all to one."""
    ranked = np.sort(counts)
    places = np.arange(1, len(ranked) + 1)
    return float((2 * places - len(ranked) - 1) @ ranked / (len(ranked) * ranked.sum()))


def interval(values: Sequence[float]) -> tuple[float, float, float]:
    """Mean, and ends of the 95 % interval, of one value a seed (Student's t, five seeds)."""
    found = np.asarray(values, dtype=np.float64)
    half = 2.776 * float(found.std(ddof=1)) / np.sqrt(len(found)) if len(found) > 1 else 0.0
    return float(found.mean()), float(found.mean() - half), float(found.mean() + half)


def _standard(values: _FLOAT, rows: Rows) -> _FLOAT:
    spread = float(values[rows].std()) or 1.0
    return np.asarray((values - values[rows].mean()) / spread)


def _turns(artists: npt.NDArray[np.int32]) -> npt.NDArray[np.intp]:
    """For each song which one of its artist it is, from 0 on."""
    grouped = np.argsort(artists, kind="stable")
    starts = np.flatnonzero(np.r_[True, np.diff(artists[grouped]) != 0])
    turns = np.empty(len(artists), dtype=np.intp)
    turns[grouped] = np.arange(len(artists)) - np.repeat(starts, np.diff(np.r_[starts, len(artists)]))
    return turns
