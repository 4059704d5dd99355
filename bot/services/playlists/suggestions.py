"""Requests that work, for a member whose own was not understood: out of the moods and what the catalogue holds."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from bot.generation.tracks import TrackTable
from nlp.vibe import MoodWord

COUNT = 3
_GENRES = 12
_YEARS = 100
"""Songs of a decade that it takes to suggest it."""


def suggestions(table: TrackTable, moods: Sequence[MoodWord], works: Callable[[str], bool]) -> tuple[str, ...]:
    """Three requests, each one tried with `works` before it is offered; fewer when too few work."""
    found: list[str] = []
    for text in _candidates(table, moods):
        if len(found) == COUNT:
            break
        if works(text):
            found.append(text)
    return tuple(found)


def frequent_genres(table: TrackTable, limit: int = _GENRES) -> tuple[str, ...]:
    """The genres that most songs carry, the commonest first."""
    counts = np.bincount(table.genres.indices, minlength=len(table.genres.words))
    order = np.argsort(-counts, kind="stable")[:limit]
    return tuple(table.genres.words[place] for place in order if counts[place])


def _candidates(table: TrackTable, moods: Sequence[MoodWord]) -> Iterator[str]:
    """A mood with a genre, a mood with a decade, a mood with a length, and then what else there is."""
    labels = [mood.label.lower() for mood in moods] or ["happy", "calm"]
    genres, decade = frequent_genres(table), _frequent_decade(table)
    if genres:
        yield f"{labels[0]} {genres[0]}"
    if decade:
        yield f"{labels[-1]} music from the {decade}s"
    yield f"{labels[len(labels) // 2]}, about an hour"
    for place, label in enumerate(labels):
        yield f"{label} {genres[(place + 1) % len(genres)]}" if genres else f"{label} music"


def _frequent_decade(table: TrackTable) -> int | None:
    years = table.year[table.year > 0].astype(np.int64) // 10 * 10
    if len(years) < _YEARS:
        return None
    decades, counts = np.unique(years, return_counts=True)
    return int(decades[np.argmax(counts)])
