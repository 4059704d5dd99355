"""What a mood would play here: how many songs fit it, ten of them, and which other moods fit the same songs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from bot.generation.library import Library, Masks
from bot.generation.scoring.vibe_fit import fit
from bot.generation.values import Pick, Rules
from bot.services.guilds.settings import eligible
from bot.services.playlists.song_views import picked_songs
from bot.services.values import SongView
from nlp.vibe import AxisRange, MoodWord, Vibe

SHOWN = 10
"""Songs of a preview."""

OVERLAPS = 3
"""Moods that are named beside one."""

_TRIED = 500
"""Best songs that are looked through for SHOWN of different artists."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlap:
    """Another mood, and the share of the songs that fit either of the two and fit both (Jaccard), 0 to 1."""

    key: str
    label: str
    share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class MoodPreview:
    """What a mood would play: `fits` of the server's `total` songs lie within all of its ranges.

    `songs` are the best ones, of different artists; `overlaps` the nearest moods, the nearest first, without those
    that share nothing.
    """

    fits: int
    total: int
    songs: tuple[SongView, ...]
    overlaps: tuple[Overlap, ...]


def preview(library: Library, ranges: Sequence[AxisRange], others: Sequence[MoodWord], rules: Rules) -> MoodPreview:
    """Measures a mood of these ranges against a library less what the server's rules leave out. Pure, for a thread."""
    left = eligible(library, rules)
    inside = left & within(library, ranges)
    shares = [
        Overlap(key=other.key, label=other.label, share=jaccard(inside, left & within(library, other.defaults)))
        for other in others
        if other.defaults
    ]
    nearest = sorted((found for found in shares if found.share > 0), key=lambda found: -found.share)
    return MoodPreview(
        fits=_songs(library, inside),
        total=_songs(library, left),
        songs=picked_songs(library.table, _best(library, ranges, left)),
        overlaps=tuple(nearest[:OVERLAPS]),
    )


def within(library: Library, ranges: Sequence[AxisRange]) -> Masks:
    """The rows whose value is known and inside on every axis that is asked for."""
    kept: Masks = np.ones(len(library), dtype=np.bool_)
    for wish in ranges:
        values = library.felt_tempo if wish.axis == "tempo" else library.axis(wish.axis)
        with np.errstate(invalid="ignore"):
            low = -np.inf if wish.low is None else np.float32(wish.low)
            high = np.inf if wish.high is None else np.float32(wish.high)
            kept &= (values >= low) & (values <= high)
    return kept


def jaccard(one: Masks, other: Masks) -> float:
    """The share of the rows of either that are rows of both; 0 when there are none."""
    either = int((one | other).sum())
    return int((one & other).sum()) / either if either else 0.0


def _songs(library: Library, rows: Masks) -> int:
    """How many songs the rows are, versions of one counted once."""
    return len(np.unique(library.table.song[rows]))


def _best(library: Library, ranges: Sequence[AxisRange], left: Masks) -> Iterator[Pick]:
    """The rows that the engine would score best, one an artist."""
    scores = np.where(left, fit(library.table, Vibe(targets=tuple(ranges)), library=library), -1.0)
    inside = within(library, ranges)
    order = np.lexsort((np.arange(len(scores)), -scores, ~inside))[:_TRIED]
    seen: set[int] = set()
    for row in order.tolist():
        artist = int(library.table.artist[row])
        if scores[row] < 0 or len(seen) == SHOWN:
            return
        if artist not in seen:
            seen.add(artist)
            yield Pick(row=row, key=str(library.table.keys[row]), score=float(scores[row]), parts=())
