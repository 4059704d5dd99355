"""Figures of fit and flow together: the six moods and fifty requests in words, each a playlist of 25 songs.

Beside each playlist stands a plain nearest-neighbour list: the song that fits best, and the 24 whose features lie next
to it. Coherence is the share of pairs of songs with a genre in common, spread their mean distance in features in
standard deviations of the library, and artists the share of different ones.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from bot.generation.engine import compose, prepare
from bot.generation.library import Library
from bot.generation.values import Composition, Recipe, Rules
from nlp.parser import VibeParser
from nlp.vibe import Vibe
from tests.benchmarks.engine.flows import ARC, flow
from tests.benchmarks.engine.tables import measured_on
from tests.benchmarks.figures import Figure

SONGS = 25
SEEDS = (0, 1_000, 2_000)
MOODS = ("sad", "happy", "chill", "energetic", "focus", "party")
GENRES = (
    "late night jazz",
    "aggressive metal",
    "dark techno",
    "melancholic indie folk",
    "upbeat disco",
    "calm ambient",
    "sad country songs",
    "energetic punk rock",
    "mellow hip hop",
    "happy reggae",
    "sensual r&b",
    "dreamy shoegaze",
    "heavy dubstep",
    "sunny bossa nova",
    "gritty blues",
    "romantic classical piano",
    "fast drum and bass",
    "acoustic singer-songwriter",
    "euphoric trance",
    "slow soul",
    "danceable house music",
    "gloomy black metal",
    "cheerful k-pop",
    "lively salsa",
    "quiet guitar music",
)
ACTIVITIES = (
    "rainy sunday morning with coffee",
    "running in the park, fast and loud",
    "studying for an exam",
    "cooking dinner with friends",
    "falling asleep",
    "summer road trip with the windows down",
    "cleaning the flat on a saturday",
    "yoga at dawn",
    "gym, heavy lifting",
    "house party, everybody dances",
    "walking home alone at night",
    "candlelight dinner for two",
    "working late, no distractions",
    "beach day",
    "breakup, crying on the sofa",
    "meditation",
    "gaming all night",
    "reading by the fireplace",
    "bbq in the garden",
    "train ride through the snow",
    "getting ready to go out",
    "painting on a quiet afternoon",
    "morning commute, wake me up",
    "stargazing",
    "angry, need to let it out",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Made:
    """One request, what was understood, a playlist of it, and playlists with a drawn arc, one for each of SEEDS."""

    text: str
    vibe: Vibe
    plain: Composition
    drawn: tuple[Composition, ...]


def figures(data: Path | None) -> Iterator[Figure]:
    """All of them, on the 114k table where `data` holds it, else on the demo catalogue."""
    table, called = measured_on(data)
    library = prepare(table)
    made = list(_playlists(library))
    on = f"{len(made)} requests, {len(library):,} tracks of {called}"
    yield Figure(name="fit.axes", value=_right_axes(library, made), unit="% on the right side", on=on, wanted=">= 98")
    yield from _flows(library, made, on)
    yield from _beside_neighbours(library, made, on)


def _playlists(library: Library) -> Iterator[_Made]:
    parser = VibeParser.load()
    for seed, text in enumerate((*MOODS, *GENRES, *ACTIVITIES)):
        vibe = parser.parse(text)
        rules = Rules(tracks=SONGS)
        plain = compose(library.table, Recipe(vibe=vibe, seed=seed, rules=rules), library=library)
        asked = replace(vibe, arc=ARC)
        drawn = tuple(
            compose(library.table, Recipe(vibe=asked, seed=seed + more, rules=rules), library=library) for more in SEEDS
        )
        yield _Made(text=text, vibe=vibe, plain=plain, drawn=drawn)


def _right_axes(library: Library, made: list[_Made]) -> float:
    """The percent of asked axes on which the mean percentile of the playlist lies on the asked side of the library's
    middle, or its mean in the asked range."""
    right = []
    for one in made:
        rows = [pick.row for pick in one.plain.ordering]
        for target in one.vibe.targets:
            values = library.axis(target.axis)[rows]
            mean = float(np.nanmean(values))
            percentile = float(np.nanmean(library.scales[target.axis].share(values)))
            inside = (target.low is None or mean >= target.low) and (target.high is None or mean <= target.high)
            beyond = (target.high is None and percentile > 0.5) or (target.low is None and percentile < 0.5)
            right.append(inside or beyond)
    return round(100 * float(np.mean(right)), 1)


def _flows(library: Library, made: list[_Made], on: str) -> Iterator[Figure]:
    """The flow of playlists with a drawn arc, and the fit that it costs."""
    drawn = [one for each in made for one in each.drawn]
    on = on.replace("requests", f"requests, {len(SEEDS)} seeds each", 1)
    flows = np.array([flow(library, [pick.row for pick in one.ordering]) for one in drawn])
    for name, value, wanted in zip(
        ("jumps", "key", "rho"), flows.mean(axis=0), ("<= 5", ">= 80", ">= .90"), strict=True
    ):
        unit = "correlation" if name == "rho" else "%"
        yield Figure(name=f"fit.{name}", value=round(float(value), 3), unit=unit, on=on, wanted=wanted)
    lost = [1 - _mean_score(one.ordering) / _mean_score(one.candidates[: len(one.ordering)]) for one in drawn]
    unit = "% of the fit of the best candidates"
    yield Figure(name="fit.lost", value=round(100 * float(np.mean(lost)), 2), unit=unit, on=on, wanted="<= 3")


def _mean_score(picks) -> float:
    return float(np.mean([pick.score for pick in picks]))


def _beside_neighbours(library: Library, made: list[_Made], on: str) -> Iterator[Figure]:
    features = np.nan_to_num(
        (library.features - np.nanmean(library.features, axis=1, keepdims=True))
        / np.nanstd(library.features, axis=1, keepdims=True)
    ).T
    ours = [[pick.row for pick in one.plain.ordering] for one in made]
    nearest = [
        _neighbours(library, features, one.plain.candidates[0].row, len(rows))
        for one, rows in zip(made, ours, strict=True)
    ]
    for who, lists in (("ours", ours), ("nearest", nearest)):
        told = np.mean([_told(library, features, rows) for rows in lists], axis=0)
        for name, value, unit in zip(
            ("coherence", "spread", "artists"), told, ("% of pairs", "deviations", "% different"), strict=True
        ):
            yield Figure(name=f"fit.{name}.{who}", value=round(float(value), 2), unit=unit, on=on)


def _neighbours(library: Library, features: np.ndarray, row: int, songs: int) -> list[int]:
    """The row and those next to it, each song once."""
    order = np.argsort(((features - features[row]) ** 2).sum(axis=1), kind="stable")[: 20 * songs]
    _, first = np.unique(library.table.song[order], return_index=True)
    return order[np.sort(first)][:songs].tolist()


def _told(library: Library, features: np.ndarray, rows: list[int]) -> tuple[float, float, float]:
    """Coherence in percent, spread in deviations, artists in percent."""
    genres = [set(library.table.genres.of(row)) for row in rows]
    one, other = np.triu_indices(len(rows), 1)
    shared = [bool(genres[first] & genres[second]) for first, second in zip(one, other, strict=True)]
    spread = np.sqrt(((features[rows][one] - features[rows][other]) ** 2).mean(axis=1))
    different = len(np.unique(library.table.artist[rows])) / len(rows)
    return 100 * float(np.mean(shared)), float(spread.mean()), 100 * different
