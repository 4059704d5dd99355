"""Figures of learning, with planted tastes: how much of what could be known of members is known, and what it costs.

Members ask for ten playlists each, rate 8 songs of each, and get the next one made with what their ratings taught. The
gap is between a first playlist, made for somebody of whom nothing is known, and the best 25 of the songs that fit,
chosen by one who knows the taste (the oracle; it keeps the cap of songs of an artist, and nothing else). Both are
taken for the same vibe and the same member as the playlist that is looked at, so that luck with vibes cancels out.
Five seeds, each with a world of MEMBERS members; intervals are over the seeds. VIBRATO_PLANTED names another number of
members (5 gives a first impression in a minute).
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import cache
from multiprocessing import get_context
from pathlib import Path

import numpy as np

from bot.catalogue.files.csv_files import read_csv
from bot.catalogue.table import table_of
from bot.demo.songs import demo_records
from bot.generation.engine import prepare
from bot.generation.library import Rows
from bot.generation.reasons.song_reasons import standing
from bot.generation.values import Recipe, Rules
from tests.benchmarks.figures import Figure
from tests.benchmarks.learning.learner import Learner, Rated
from tests.benchmarks.learning.planting import RATED, Ground, answers, gini, ground, interval, member, played, scored

SEEDS = (11, 23, 37, 41, 59)
MEMBERS = 200
PLAYLISTS = 10
FLIPS_AFTER = 5
HOSTILE = 10

_SIDE_SHARE = 0.2
_RECENT = 5
_LOOKED_AT = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What became of members, each array members x playlists: the share of songs that they really like, of those of a
    first playlist for the same vibe, of those the oracle would play, the share that they liked before they flipped, and
    the fit against what is usual for the vibe.

    `plays` counts how often each artist was played, playlists x artists.
    """

    liked: np.ndarray
    first: np.ndarray
    oracle: np.ndarray
    before: np.ndarray
    fit: np.ndarray
    plays: np.ndarray

    def closed(self, playlist: int) -> float:
        """The share of the gap to the oracle that is closed by a playlist, counted from 1."""
        liked, first, oracle = (shares[:, playlist - 1].mean() for shares in (self.liked, self.first, self.oracle))
        return float((liked - first) / (oracle - first))


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """All that happens in the world of one seed. `moved` are percentiles that an artist rose for each other member."""

    steady: Told
    coins: Told
    flipping: Told
    moved: tuple[float, ...]


def figures(data: Path | None) -> Iterator[Figure]:
    """All of them, on the 114k table where `data` holds it, else on the demo catalogue."""
    yield from figures_of(*run(data, int(os.environ.get("VIBRATO_PLANTED", MEMBERS))))


def figures_of(worlds: Sequence[World], on: str) -> Iterator[Figure]:
    """The figures of worlds that were run, and what they were made on."""
    closed = {number: [world.steady.closed(number) for world in worlds] for number in (3, 5, 10)}
    for number, wanted in ((3, ""), (5, ">= 35"), (10, ">= 55")):
        yield _figure(f"taste.closed.{number}", [100 * part for part in closed[number]], "% of the gap", on, wanted)
    liked = [100 * float(world.steady.first.mean()) for world in worlds]
    yield _figure("taste.liked.first", liked, "% of songs", on)
    liked = [100 * float(world.steady.liked[:, -1].mean()) for world in worlds]
    yield _figure("taste.liked.10", liked, "% of songs", on)
    spread = [_gini(world.steady.plays[-1]) - _gini(world.steady.plays[0]) for world in worlds]
    yield _figure("taste.gini", spread, "change of artists' Gini", on, "<= .05", digits=3)
    yield _figure("taste.fit", [_loss(world.steady) for world in worlds], "% of the vibe's fit lost", on, "<= 2")
    yield _figure("taste.coins.fit", [_loss(world.coins) for world in worlds], "% of the vibe's fit lost", on, "<= 0.5")
    after = [100 * world.flipping.closed(8) for world in worlds]
    yield _figure("taste.flipped.8", after, "% of the new gap", on, "> 0")
    lead = [100 * float((world.flipping.liked[:, 7] - world.flipping.before[:, 7]).mean()) for world in worlds]
    yield _figure("taste.flipped.lead", lead, "points of new over old taste in the 8th", on, "> 0")
    most = [max(world.moved) for world in worlds]
    yield _figure("taste.hostile", most, "percentiles, the worst of all members", on, "<= 5")


def run(data: Path | None, members: int) -> tuple[list[World], str]:
    """The worlds of all seeds, in two processes, and what they were made on."""
    file = None if data is None else data / "cat_spotify_tracks_114k" / "dataset.csv"
    path = str(file) if file is not None and file.is_file() else None
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as processes:
        worlds = list(processes.map(_world, [(path, seed, members) for seed in SEEDS]))
    where = "the 114k table" if path else "the demo catalogue"
    return worlds, f"{members} members, {where}, seeds {', '.join(map(str, SEEDS))}"


def _figure(name: str, values: Sequence[float], unit: str, on: str, wanted: str = "", digits: int = 1) -> Figure:
    mean, low, high = interval(values)
    said = f"{on}; 95 % interval {low:.{digits}f} to {high:.{digits}f}"
    return Figure(name=name, value=round(mean, digits), unit=unit, on=said, wanted=wanted)


def _gini(plays: np.ndarray) -> float:
    return gini(plays)


def _loss(told: Told) -> float:
    """How much lower the fit of the last five playlists is than usual, in percent."""
    return 100 * float(1 - told.fit[:, PLAYLISTS // 2 :].mean())


def _world(task: tuple[str | None, int, int]) -> World:
    path, seed, members = task
    here = _ground(path)
    fewer = max(4, round(_SIDE_SHARE * members))
    ratings: list[list[Rated]] = []
    steady = _told(here, seed, members, ratings=ratings)
    return World(
        steady=steady,
        coins=_told(here, seed, fewer, coins=True),
        flipping=_told(here, seed, fewer, flips=True),
        moved=_moved(here, seed, ratings),
    )


@cache
def _ground(path: str | None) -> Ground:
    table = table_of(demo_records() if path is None else read_csv(Path(path)).records)
    return ground(prepare(table))


def _told(
    here: Ground,
    seed: int,
    members: int,
    *,
    coins: bool = False,
    flips: bool = False,
    ratings: list[list[Rated]] | None = None,
) -> Told:
    shape = (members, PLAYLISTS)
    liked, first, oracle, before, fit = (np.zeros(shape) for _ in range(5))
    plays = np.zeros((PLAYLISTS, int(here.library.table.artist.max()) + 1), dtype=np.intp)
    for number in range(members):
        one = member(here, seed, number)
        rng = np.random.default_rng((seed, number, 2 + coins + 2 * flips))
        learner = Learner(library=here.library)
        rated: list[Rated] = []
        sets: list[Rows] = []
        for place in range(PLAYLISTS):
            flipped = flips and place >= FLIPS_AFTER
            choice = int(rng.integers(len(here.asks)))
            ask = here.asks[choice]
            recent = np.concatenate(sets[-_RECENT:]) if sets else np.empty(0, dtype=np.intp)
            recipe = Recipe(
                vibe=ask.vibe,
                seed=int(rng.integers(1 << 40)),
                rules=Rules(recent=frozenset(str(here.library.table.keys[row]) for row in recent.tolist())),
                taste=learner.taste(rated, vibe=ask.vibe, day=place),
            )
            rows = played(here.library, ask, recipe)
            left = np.zeros(len(here.library), dtype=np.bool_)
            left[recent] = True
            best = one.best(here.library, ask, without=left, flipped=flipped)
            liked[number, place] = one.likes(rows, flipped=flipped).mean()
            before[number, place] = one.likes(rows).mean()
            first[number, place] = one.likes(here.untaught[choice], flipped=flipped).mean()
            oracle[number, place] = one.likes(best, flipped=flipped).mean()
            fit[number, place] = ask.fit[rows].mean() / ask.fit[here.untaught[choice]].mean()
            np.add.at(plays[place], here.library.table.artist[rows], 1)
            heard = rng.choice(rows, min(RATED, len(rows)), replace=False)
            said = rng.random(len(heard)) < 0.5 if coins else answers(one.likes(heard, flipped=flipped), rng)
            rated += [
                Rated(row=int(row), liked=bool(liking), day=place, vibe=ask.vibe)
                for row, liking in zip(heard, said, strict=True)
            ]
            sets.append(rows)
        if ratings is not None:
            ratings.append(rated)
    return Told(liked=liked, first=first, oracle=oracle, before=before, fit=fit, plays=plays)


def _moved(here: Ground, seed: int, ratings: Sequence[list[Rated]]) -> tuple[float, ...]:
    """How far an artist rises for others of the server when ten members love everything of them, in percentiles.

    Looked at for members who rated and for one who never did, over four vibes.
    """
    library, rng = here.library, np.random.default_rng((seed, 9))
    counts = np.bincount(library.table.artist)
    artist = int(rng.choice(np.flatnonzero(counts >= min(15, counts.max()))))
    rows = np.flatnonzero(library.table.artist == artist)
    learner = Learner(library=library)
    loved = [Rated(row=int(row), liked=True, day=PLAYLISTS, vibe=here.asks[0].vibe, love=True) for row in rows]
    hostile = learner.taste(loved, vibe=None, day=PLAYLISTS)
    tastes = [learner.taste(rated, vibe=None, day=PLAYLISTS) for rated in ratings]
    servers = learner.server(tastes), learner.server([*tastes, *[hostile] * HOSTILE])
    found = []
    for rated in ([], *ratings[:_LOOKED_AT]):
        rises = []
        for ask in here.asks[:4]:
            recipe = Recipe(vibe=ask.vibe, seed=1)
            ranks = [
                standing(scored(library, ask, replace(recipe, taste=taste)).total, rows).mean()
                for server in servers
                for taste in (learner.taste(rated, vibe=ask.vibe, day=PLAYLISTS, server=server),)
            ]
            rises.append(100 * (ranks[0] - ranks[1]) / len(library))
        found.append(float(np.abs(np.mean(rises))))
    return tuple(found)
