"""Guesses about a song of which nothing is known but its genres and tags, from the tables of words in the repository.

A guess is the middle of the range that the genre or mood stands for. It is never taken for the song's own value: no
promise is checked against it, and it does not count as a known sound.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from bot.features.values import Finding, Found, Song, Wanted
from bot.generation.tracks import Feature
from nlp.genres import genre_graph
from nlp.lexicon import LIMITS, read_entries
from nlp.names import fold
from nlp.vibe import Axis, AxisRange

NAME = "words"

GUESSED: dict[Axis, Feature] = {
    "energy": "energy",
    "brightness": "valence",
    "danceability": "danceability",
    "acousticness": "acousticness",
    "instrumentalness": "instrumentalness",
}
"""The axes that a genre or a mood says something about. No tempo and no key: songs of a genre differ in them."""

_KINDS = frozenset({"genre", "mood", "activity"})


class Priors:
    """The weak source at the end of the chain. Needs nobody's answer."""

    name = NAME
    question = "words"
    gives: frozenset[Wanted] = frozenset(GUESSED.values())
    batch = 500
    prior = True

    def takes(self, song: Song) -> bool:
        """Songs that carry a word."""
        return bool(song.genres or song.tags)

    async def fetch(self, songs: Sequence[Song]) -> Found:
        """The guesses; None for songs whose words say nothing."""
        guesses = {song.spotify_id: guess((*song.genres, *song.tags)) for song in songs}
        return {song: Finding(features=features) if features else None for song, features in guesses.items()}


def guess(words: Sequence[str]) -> tuple[tuple[Feature, float], ...]:
    """The mean over the words of the middle of their ranges, weighted as the tables weight them."""
    sums: dict[Feature, list[float]] = {}
    for word in words:
        for wish in _effects().get(_known(word), ()):
            if wish.axis in GUESSED:
                total = sums.setdefault(GUESSED[wish.axis], [0.0, 0.0])
                total[0] += wish.weight * _middle(wish)
                total[1] += wish.weight
    return tuple((name, round(value / weight, 4)) for name, (value, weight) in sums.items() if weight > 0)


def _known(word: str) -> str:
    """The name under which the tables have a word; a genre that they do not have stands for the nearest above it."""
    graph = genre_graph()
    name = graph.canonical(word)
    if name is None and fold(word) not in _effects():
        name = min(graph.broader(word), key=lambda above: (len(graph.broader(above)) * -1, above), default=None)
    return fold(name or word)


@cache
def _effects() -> dict[str, tuple[AxisRange, ...]]:
    """What each word of the tables says, by its folded name and its other forms."""
    entries = [entry for entry in read_entries() if entry.kind in _KINDS and entry.effects]
    found: dict[str, tuple[AxisRange, ...]] = {}
    for entry in sorted(entries, key=lambda entry: entry.kind != "genre"):
        for form in entry.forms:
            found.setdefault(fold(form), entry.effects)
    return found


def _middle(wish: AxisRange) -> float:
    low, high = LIMITS[wish.axis]
    return ((low if wish.low is None else wish.low) + (high if wish.high is None else wish.high)) / 2
