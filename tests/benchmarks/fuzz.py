"""Figures of promises: random requests on random libraries, and how many sets broke what was asked.

VIBRATO_FUZZ says how many requests, 100,000 unless set; each thousand is drawn from a seed of its own, the first from
VIBRATO_FUZZ_FROM, 0 unless set. What broke a promise is told on the error output.
"""

import os
import sys
import time
import traceback
from collections.abc import Iterator
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, seed, settings

from bot.generation.engine import compose
from tests.benchmarks.figures import Figure
from tests.generation.test_engine_properties import (
    is_as_long_as_asked_or_says_so,
    keeps_its_promises,
    libraries,
    plays_every_song_once_few_of_an_artist_and_far_apart,
    scores_are_the_means_of_their_parts,
)
from tests.generation.wishes import recipes

REQUESTS = 100_000
CHUNK = 1_000


def figures(_data: Path | None) -> Iterator[Figure]:
    """Broken promises, and the seconds that all requests took."""
    wanted, first = int(os.environ.get("VIBRATO_FUZZ", REQUESTS)), int(os.environ.get("VIBRATO_FUZZ_FROM", "0"))
    start = time.perf_counter()
    asked = broken = 0
    for chunk in range(-(-wanted // CHUNK)):
        done, failed = _chunk(first + chunk, min(CHUNK, wanted - chunk * CHUNK))
        asked, broken = asked + done, broken + failed
    on = f"{asked:,} random requests on random libraries of 0 to 300 songs"
    yield Figure(name="fuzz.broken", value=broken, unit="broken promises", on=on, wanted="0")
    yield Figure(name="fuzz.seconds", value=round(time.perf_counter() - start, 1), unit="s", on=on)


def _chunk(number: int, requests: int) -> tuple[int, int]:
    """How many requests were made, and how many of them broke a promise."""
    asked = broken = 0

    @seed(number)
    @settings(
        max_examples=requests,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(libraries, recipes)
    def ask(library, recipe) -> None:
        nonlocal asked, broken
        asked += 1
        composition = compose(library.table, recipe, library=library)
        try:
            keeps_its_promises(library, recipe, composition)
            plays_every_song_once_few_of_an_artist_and_far_apart(library, recipe, composition)
            is_as_long_as_asked_or_says_so(library, recipe, composition)
            scores_are_the_means_of_their_parts(composition)
        except AssertionError:
            broken += 1
            print(f"seed {number}: {recipe}\n{traceback.format_exc(limit=-1)}", file=sys.stderr, flush=True)

    ask()
    return asked, broken
