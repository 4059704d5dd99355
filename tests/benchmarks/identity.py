"""Versions of one song: how often different songs are merged, and how often a version is missed.

The 300 pairs of `identity_pairs.tsv` are near-equal titles of one artist, one pair an artist, drawn from the 114k table
with SEED by `draw`. They were labelled by titles, albums and lengths, by somebody who had not seen the rule of
`bot.catalogue.identity`: "same" is one composition by that artist in another recording, mix, length, language or with
a guest; "different" is everything else, numbered parts and medleys among it; "unclear" is what these facts leave open,
and counts nowhere.
"""

import csv
import itertools
import math
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from rapidfuzz import fuzz

from bot.catalogue.identity import song_key
from tests.benchmarks.figures import Figure

SEED = 20261122
PAIRS = 300
CONFIDENCE = 0.95
FILE = Path(__file__).with_name("identity_pairs.tsv")

_TABLE = "cat_spotify_tracks_114k/dataset.csv"
_NEAR_IN_LETTERS, _NEAR_IN_WORDS = 75, 90


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two titles of one artist; `label` is "same", "different" or "unclear"."""

    artist: str
    one: str
    other: str
    label: str = "unclear"

    @property
    def merged(self) -> bool:
        """Whether the product takes the two for one song."""
        return song_key(self.one, self.artist)[0] == song_key(self.other, self.artist)[0]


def labelled() -> tuple[Pair, ...]:
    """The pairs with their labels."""
    with FILE.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        return tuple(Pair(artist=row["artist"], one=row["one"], other=row["other"], label=row["label"]) for row in rows)


def draw(table: Path) -> tuple[Pair, ...]:
    """The pairs without labels, out of the table: artists in an order drawn with SEED, one near pair of each.

    Near is what shares 75 % of its letters in their order, or all but few of the shorter title's words.
    """
    titles: dict[str, dict[str, str]] = {}
    with table.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["track_name"] and row["artists"]:
                artist = row["artists"].split(";")[0]
                titles.setdefault(artist, {}).setdefault(row["track_name"].casefold(), row["track_name"])
    chance = random.Random(SEED)
    artists = sorted(titles)
    chance.shuffle(artists)
    drawn = []
    for artist in artists:
        near = [pair for pair in itertools.combinations(sorted(titles[artist]), 2) if _near(*pair)]
        if near:
            one, other = chance.choice(near)
            drawn.append(Pair(artist=artist, one=titles[artist][one], other=titles[artist][other]))
    return tuple(drawn[:PAIRS])


def _near(one: str, other: str) -> bool:
    return fuzz.ratio(one, other) >= _NEAR_IN_LETTERS or fuzz.token_set_ratio(one, other) >= _NEAR_IN_WORDS


def upper_bound(hits: int, trials: int, confidence: float = CONFIDENCE) -> float:
    """The one-sided upper bound of a share by Clopper and Pearson (1934): with a greater share, `hits` or fewer of
    `trials` would be seen with a probability below 1 - `confidence`.
    """
    low, high = hits / trials, 1.0
    for _ in range(60):
        share = (low + high) / 2
        if _at_most(hits, trials, share) > 1 - confidence:
            low = share
        else:
            high = share
    return high


def _at_most(hits: int, trials: int, share: float) -> float:
    return sum(math.comb(trials, k) * share**k * (1 - share) ** (trials - k) for k in range(hits + 1))


def figures(data: Path | None) -> Iterator[Figure]:
    """False merges among different songs and among merged pairs, each with its bound; missed versions."""
    pairs = labelled()
    different = [pair for pair in pairs if pair.label == "different"]
    same = [pair for pair in pairs if pair.label == "same"]
    false = [pair for pair in different if pair.merged]
    missed = [pair for pair in same if not pair.merged]
    merged = len(same) - len(missed) + len(false)
    table = None if data is None else data / _TABLE
    if table is not None and table.is_file():
        plain = {(pair.artist, pair.one, pair.other) for pair in pairs}
        again = sum((pair.artist, pair.one, pair.other) in plain for pair in draw(table))
        yield Figure(name="identity: pairs drawn again", value=again, unit="pairs", on=f"seed {SEED}", wanted="300")
    yield from _share("false merges of different songs", len(false), len(different), "different pairs")
    yield from _share("false merges among merged pairs", len(false), merged, "merged pairs")
    yield from _share("missed versions", len(missed), len(same), "same pairs")


def _share(name: str, hits: int, trials: int, of: str) -> Iterator[Figure]:
    on = f"{hits} of {trials} {of}, {PAIRS} pairs drawn with seed {SEED}"
    yield Figure(name=f"identity: {name}", value=round(100 * hits / trials, 2), unit="%", on=on)
    bound = round(100 * upper_bound(hits, trials), 2)
    yield Figure(name=f"identity: {name}, upper 95 % bound", value=bound, unit="%", on=on)
