"""Figures of the guesses by genres and tags: how well sets of songs that nobody measured keep what was asked.

The songs of a table lose all their measured features, sets are made of them, and what those songs really sound like is
looked up afterwards.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np

from bot.catalogue.files.csv_files import read_csv
from bot.catalogue.table import table_of
from bot.demo.songs import demo_records
from bot.generation.engine import compose
from bot.generation.library import Library, prepare
from bot.generation.scoring.distance import axis_distance
from bot.generation.scoring.priors import guesses
from bot.generation.scoring.target import AxisAim
from bot.generation.tracks import Floats
from bot.generation.values import Recipe
from nlp.vibe import Axis, AxisRange, Vibe
from tests.benchmarks.figures import Figure

_TABLE = "cat_spotify_tracks_114k/dataset.csv"
_AXES: tuple[Axis, ...] = ("energy", "brightness", "danceability", "acousticness")
_ENDS = ((None, 0.35), (0.65, None))
WISHES = tuple(AxisRange(axis=axis, low=low, high=high, weight=1.0) for axis in _AXES for low, high in _ENDS)
SEEDS = range(3)


def figures(data: Path | None) -> Iterator[Figure]:
    """The share of the songs of a set that really lie in the asked range: unmeasured, measured, and any songs."""
    path = None if data is None else data / _TABLE
    known = path is not None and path.is_file()
    table = table_of(read_csv(path).records if path is not None and known else demo_records())
    measured = prepare(table)
    unmeasured = prepare(replace(table, features=np.full_like(table.features, np.nan)))
    wishes = [wish for wish in WISHES if measured.scales[wish.axis].known]
    on = f"{len(wishes)} wishes, {len(SEEDS)} sets each, of {len(table):,} songs" + ("" if known else " (demo)")
    any_song = np.mean([_inside(measured, wish).mean() for wish in wishes])
    for name, library in (("unmeasured", unmeasured), ("measured", measured)):
        shares = [_kept(measured, library, wish, seed) for wish in wishes for seed in SEEDS]
        yield Figure(
            name=f"guesses.{name}",
            value=round(100 * float(np.mean(shares)), 1),
            unit="% of a set's songs in the asked range",
            on=f"{on}; of any songs {100 * any_song:.1f} %",
        )
    for wish in WISHES[::2]:
        guessed, values = guesses(unmeasured, wish.axis), measured.axis(wish.axis)
        if guessed is not None:
            both = ~np.isnan(guessed) & ~np.isnan(values)
            yield Figure(
                name=f"guesses.{wish.axis}",
                value=round(float(np.corrcoef(guessed[both], values[both])[0, 1]), 2),
                unit="correlation with what was measured",
                on=f"{int(both.sum()):,} songs of {len(table):,} that can be guessed at",
            )


def _kept(measured: Library, library: Library, wish: AxisRange, seed: int) -> float:
    made = compose(library.table, Recipe(vibe=Vibe(understood=True, targets=(wish,)), seed=seed), library=library)
    rows = np.array([pick.row for pick in made.ordering], dtype=np.intp)
    return float(_inside(measured, wish)[rows].mean())


def _inside(library: Library, wish: AxisRange) -> Floats:
    low, high = (-np.inf if wish.low is None else wish.low), (np.inf if wish.high is None else wish.high)
    aim = AxisAim(axis=wish.axis, low=low, high=high, weight=1.0, text="")
    inside: Floats = (axis_distance(library, aim) <= 0).astype(np.float32)
    return inside
