"""Artists to begin with where nothing is known yet: a table of genres with some artists that they are known by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import zip_longest
from pathlib import Path

from bot.generation.scoring.priors import guess
from bot.generation.tracks import Feature
from nlp.genres import genre_graph
from nlp.names import fold

NEAR = 0.5
"""The closeness from which on a genre of the table stands for one that was asked for."""

MOST_GENRES = 8
"""Genres that are begun with at once."""

_UNSAID = 0.4
_TABLE = Path(__file__).with_name("seed_artists.tsv")


@dataclass(frozen=True, slots=True, kw_only=True)
class Seed:
    """An artist, and the genre that the table has them under."""

    genre: str
    artist: str


def seeds_for(
    genres: Sequence[str], targets: Mapping[Feature, float], rejected: Sequence[str] = ()
) -> tuple[Seed, ...]:
    """Artists for these genres, else for the genres that sound most like the targets; the genres take turns."""
    graph = genre_graph()
    table = {name: names for name, names in seed_artists() if not any(graph.excluded(out, name) for out in rejected)}
    if genres:
        near = {name: max(graph.closeness(wanted, name) for wanted in genres) for name in table}
        chosen = sorted((name for name in table if near[name] >= NEAR), key=lambda name: -near[name])
    else:
        chosen = sorted(table, key=lambda name: _distance(name, targets))
    columns = [[Seed(genre=name, artist=artist) for artist in table[name]] for name in chosen[:MOST_GENRES]]
    turns = [seed for turn in zip_longest(*columns) for seed in turn if seed is not None]
    return tuple({fold(seed.artist): seed for seed in reversed(turns)}.values())[::-1]


@cache
def seed_artists() -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The table: genres with their artists."""
    lines = _TABLE.read_text(encoding="utf-8").splitlines()
    rows = (line.split("\t") for line in lines if line and not line.startswith("#"))
    return tuple((genre, tuple(artists.split("|"))) for genre, artists in rows if genre != "genre")


class KnownNames:
    """The artists of the table, and those of a catalogue, for the parser; satisfies `nlp.names.Names`."""

    def __init__(self, others: Mapping[str, str] | None = None) -> None:
        own = {fold(artist): artist for _, artists in seed_artists() for artist in artists}
        self._written = {**{name: artist for name, artist in own.items() if " " in name}, **(others or {})}

    @property
    def longest(self) -> int:
        """Words in the longest name."""
        return max((name.count(" ") + 1 for name in self._written), default=0)

    def lookup(self, folded: str) -> str | None:
        """The artist's name as it is written."""
        return self._written.get(folded)


def _distance(genre: str, targets: Mapping[Feature, float]) -> float:
    """How far what the genre usually sounds like is from the targets; what it says nothing about counts as far."""
    usual = dict(guess((genre,)))
    known = [(usual.get(name), value) for name, value in targets.items() if 0 <= value <= 1]
    gaps = [_UNSAID if middle is None else abs(middle - value) for middle, value in known]
    return sum(gaps) / len(gaps) if gaps else 0.0
