"""Figures of the engine: milliseconds from target to reasons, and how songs drawn from everywhere are ordered."""

import statistics
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from bot.generation.engine import compose, prepare
from bot.generation.library import Library
from bot.generation.sequencing.order import sequence
from bot.generation.values import Recipe
from nlp.vibe import AxisRange, Choice, Vibe
from tests.benchmarks.engine.flows import ARC, flow
from tests.benchmarks.engine.tables import measured_on
from tests.benchmarks.figures import Figure, median_ms

SETS = 40


def wish(axis, low=None, high=None, weight=1.0):
    """A soft range."""
    return AxisRange(axis=axis, low=low, high=high, weight=weight)


MOODS = {
    "sad": (wish("energy", high=0.4), wish("brightness", high=0.35), wish("tempo", high=110, weight=0.4)),
    "happy": (wish("brightness", 0.6), wish("energy", 0.5)),
    "chill": (wish("energy", high=0.45), wish("acousticness", 0.3, weight=0.5)),
    "energetic": (wish("energy", 0.75), wish("tempo", 120, weight=0.5)),
    "focus": (wish("instrumentalness", 0.4, weight=0.7), wish("energy", 0.2, 0.55)),
    "party": (wish("danceability", 0.65), wish("energy", 0.65), wish("brightness", 0.45)),
}
GENRES = ("jazz", "metal", "techno", "hip hop", "country", "ambient", "folk", "soul", "punk", "house", "blues", "disco")


def figures(data: Path | None) -> Iterator[Figure]:
    """All of them, on the 114k table where `data` holds it, else on the demo catalogue."""
    table, called = measured_on(data)
    on = f"{len(table):,} tracks of {called}"
    library = prepare(table)
    yield Figure(name="engine.prepare", value=median_ms(lambda: prepare(table), runs=3), unit="ms", on=on)
    yield from _speed(library, on)
    for count in (25, 50):
        yield from _flow_of_given(library, count, on)


def _requests() -> list[Vibe]:
    moods = [Vibe(understood=True, targets=targets) for targets in MOODS.values()]
    genres = [Vibe(understood=True, genres=Choice(wanted=(genre,))) for genre in GENRES]
    return moods + genres


def _speed(library: Library, on: str) -> Iterator[Figure]:
    times = []
    for vibe in _requests():
        recipe = Recipe(vibe=vibe, seed=1)
        times.append(median_ms(lambda recipe=recipe: compose(library.table, recipe, library=library), runs=5))
    yield Figure(name="engine.compose", value=statistics.median(times), unit="ms", on=f"25 songs, {on}", wanted="<= 80")


def _flow_of_given(library: Library, count: int, on: str) -> Iterator[Figure]:
    """Orders of sets drawn from everywhere: their songs have less in common than those of a real playlist."""
    rng = np.random.default_rng(42)
    sets = [rng.choice(len(library), count, replace=False) for _ in range(SETS)]
    flows = []
    for seed, rows in enumerate(sets):
        order = sequence(library.table.features[rows], library.table.artist[rows], ARC, seed)
        flows.append(flow(library, rows[order].tolist()))
    for name, value in zip(("jumps", "key", "rho"), np.mean(flows, axis=0), strict=True):
        unit = "correlation" if name == "rho" else "%"
        yield Figure(
            name=f"order.{count}.{name}",
            value=round(float(value), 3),
            unit=unit,
            on=f"random sets, {on}",
        )
    features, artists = library.table.features[sets[0]], library.table.artist[sets[0]]
    yield Figure(
        name=f"order.{count}.ms",
        value=median_ms(lambda: sequence(features, artists, ARC, 1)),
        unit="ms",
        on=f"{count} songs",
        wanted="<= 30" if count == 25 else "<= 120",
    )
