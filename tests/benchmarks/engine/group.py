"""Figures of sets for several: how near the smallest satisfaction comes to the best possible, and who gets how much.

Small cases are solved by looking at every set there is; members are drawn at random, every third case with two of them
who like the opposite. Ten playlists in a row are made by the whole engine for groups with planted tastes, each with
what is owed from those before.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from bot.catalogue.files.csv_files import read_csv
from bot.catalogue.table import table_of
from bot.demo.songs import demo_records
from bot.generation.engine import compose, prepare
from bot.generation.group import blend, owed_after
from bot.generation.library import Library
from bot.generation.values import Guest, Recipe, Rules, Taste
from nlp.parser import VibeParser
from nlp.vibe import AXES
from tests.benchmarks.figures import Figure, median_ms

CASES = 300
SEED = 71
GROUPS = 12
PLAYLISTS = 10

_VIBES = ("party", "rainy sunday", "chill for cooking", "energetic running", "sad evening")


def figures(data: Path | None) -> Iterator[Figure]:
    """All of them, on the 114k table where `data` holds it, else on the demo catalogue."""
    shares = [share_of_best(SEED + number) for number in range(CASES)]
    on = f"{CASES} cases of 2-5 members, 8-13 songs, every set looked at, seeds {SEED}-{SEED + CASES - 1}"
    yield Figure(
        name="group.smallest", value=round(100 * min(shares), 1), unit="% of best, worst", on=on, wanted=">= 90"
    )
    found = 100 * float(np.mean(np.array(shares) > 1 - 1e-9))
    yield Figure(name="group.optimal", value=round(found, 1), unit="% of cases solved best", on=on)
    file = None if data is None else data / "cat_spotify_tracks_114k" / "dataset.csv"
    real = file is not None and file.is_file()
    library = prepare(table_of(read_csv(file).records if real and file is not None else demo_records()))
    on = f"{GROUPS} groups of 2-6, {PLAYLISTS} playlists each, {'the 114k table' if real else 'the demo catalogue'}"
    told = [ten_playlists(library, SEED + number) for number in range(GROUPS)]
    least = min(float((means / means.mean()).min()) for means, _ in told)
    yield Figure(name="group.least", value=round(100 * least, 1), unit="% of the group's mean", on=on, wanted=">= 80")
    mean = float(np.mean([means.mean() for means, _ in told]))
    yield Figure(name="group.satisfaction", value=round(100 * mean, 1), unit="% of one's own best set, mean", on=on)
    lowest = float(np.mean([low for _, low in told]))
    yield Figure(
        name="group.lowest", value=round(100 * lowest, 1), unit="% of one's own best, the least of each", on=on
    )
    liking = np.random.default_rng(SEED).normal(size=(12, 325))
    ms = median_ms(lambda: blend(liking, 25), runs=7)
    yield Figure(name="group.blend", value=round(ms, 1), unit="ms", on="12 members, 25 of 325 songs")


def share_of_best(seed: int) -> float:
    """The smallest satisfaction that is found, against the greatest that any set has."""
    rng = np.random.default_rng(seed)
    members, songs, chosen = int(rng.integers(2, 6)), int(rng.integers(8, 14)), int(rng.integers(2, 6))
    liking = rng.normal(size=(members, songs))
    if seed % 3 == 0:
        liking[1] = -liking[0] + 0.1 * rng.normal(size=songs)
    ranked = np.sort(liking, axis=1)
    best, worst = ranked[:, songs - chosen :].sum(axis=1), ranked[:, :chosen].sum(axis=1)
    every = np.array(list(itertools.combinations(range(songs), chosen)))
    smallest = ((liking[:, every].sum(axis=2) - worst[:, None]) / (best - worst)[:, None]).min(axis=0)
    found = [one for one in blend(liking, chosen).satisfaction if one is not None]
    return min(found) / float(smallest.max())


def ten_playlists(library: Library, seed: int) -> tuple[np.ndarray, float]:
    """Each member's mean satisfaction over the playlists, and the mean of the smallest ones."""
    rng = np.random.default_rng(seed)
    tastes = [planted(library, rng) for _ in range(int(rng.integers(2, 7)))]
    debts: tuple[float, ...] = (0.0,) * len(tastes)
    parser, told, recent = VibeParser.load(), [], list[str]()
    for place in range(PLAYLISTS):
        recipe = Recipe(
            vibe=parser.parse(_VIBES[place % len(_VIBES)]),
            seed=seed * 100 + place,
            rules=Rules(recent=frozenset(recent[-125:])),
            group=tuple(Guest(taste=taste, debt=debt) for taste, debt in zip(tastes, debts, strict=True)),
        )
        made = compose(library.table, recipe, library=library)
        debts = owed_after(debts, made.satisfaction)
        told.append([0.5 if one is None else one for one in made.satisfaction])
        recent += [pick.key for pick in made.ordering]
    satisfaction = np.array(told)
    return satisfaction.mean(axis=0), float(satisfaction.min(axis=1).mean())


def planted(library: Library, rng: np.random.Generator) -> Taste:
    """Somebody who likes two axes at one of their ends, and some genres more than others."""
    axes = rng.choice(len(AXES), 2, replace=False)
    ends = [
        (f"{AXES[axis]}@{place:g}", side * (place - 0.5))
        for axis in axes
        for side in rng.choice([-0.8, 0.8], 1)
        for place in (0, 0.25, 0.75, 1)
    ]
    words = library.genres.tagged.words
    genres = rng.choice(len(words), min(8, len(words)), replace=False)
    return Taste(
        axes=tuple((name, float(amount)) for name, amount in ends),
        genres=tuple((words[number], float(rng.normal(0, 0.3))) for number in genres.tolist()),
    )
