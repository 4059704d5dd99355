"""Guesses about a song of which nothing is known but its genres and tags, for whoever reads the stored songs.

The engine makes the same guesses itself, of the words that a song carries at the moment:
`bot.generation.scoring.priors`.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.features.values import Found, Song, SourceReading, Wanted
from bot.generation.scoring.priors import GUESSED, guess

NAME = "words"


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
        return {song: SourceReading(features=features) if features else None for song, features in guesses.items()}
