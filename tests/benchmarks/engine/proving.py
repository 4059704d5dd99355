"""Figures of the proof: what an order of few songs costs to prove, and how near to a bound longer orders are."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from bot.generation.engine import compose, prepare
from bot.generation.values import Recipe, Rules
from nlp.vibe import Choice, Vibe
from tests.benchmarks.engine.tables import measured_on
from tests.benchmarks.figures import Figure

GENRES = ("jazz", "metal", "techno", "hip hop", "country", "ambient", "folk", "soul", "punk", "house")


def figures(data: Path | None) -> Iterator[Figure]:
    """All of them, on the 114k table where `data` holds it, else on the demo catalogue."""
    table, called = measured_on(data)
    library = prepare(table)
    for tracks in (12, 25, 50):
        on = f"{tracks} songs of each of ten genres, {called}"
        made = [
            compose(
                table,
                Recipe(
                    vibe=Vibe(understood=True, genres=Choice(wanted=(genre,))), seed=seed, rules=Rules(tracks=tracks)
                ),
                library=library,
            )
            for seed, genre in enumerate(GENRES)
        ]
        gaps = [found.order_gap for found in made if found.order_gap is not None]
        spent = [dict(found.stage_ms)["sequence"] for found in made if found.ordering]
        yield Figure(name=f"order.gap.{tracks}", value=round(100 * float(np.mean(gaps)), 1), unit="% at most", on=on)
        yield Figure(name=f"order.sequence.{tracks}", value=float(np.median(spent)), unit="ms", on=on)
