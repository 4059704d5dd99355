"""One track as a file or a generator gives it, before it is a document or a row of the table."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.generation.tracks import Feature

RANGES: dict[Feature, tuple[float, float]] = {
    "tempo": (0.0, 300.0),
    "energy": (0.0, 1.0),
    "valence": (0.0, 1.0),
    "danceability": (0.0, 1.0),
    "acousticness": (0.0, 1.0),
    "instrumentalness": (0.0, 1.0),
    "speechiness": (0.0, 1.0),
    "liveness": (0.0, 1.0),
    "loudness": (-70.0, 10.0),
    "key": (-1.0, 11.0),
    "mode": (0.0, 1.0),
}
"""What a value may be: tempo in BPM, loudness in dB. Real tables reach 243 BPM and -49.5 to 4.5 dB."""

UNKNOWN: dict[Feature, float] = {"tempo": 0.0, "key": -1.0}
"""The values that Spotify writes where it found none."""

_SPOTIFY_ID = re.compile(r"[0-9A-Za-z]{22}")


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackRecord:
    """A track with everything that its source said of it; None, or a missing feature, is unknown.

    `spotify_id` is "demo:<n>" for an invented song. `artists` holds at least one name, the main one first. `genres`
    are lower case with spaces, `tags` are moods and uses. `features` holds each feature at most once, in the units
    of `bot.generation.tracks.Feature`. `popularity` is 0 to 100.
    """

    spotify_id: str
    title: str
    artists: tuple[str, ...]
    duration_ms: int
    album: str = ""
    explicit: bool | None = None
    year: int | None = None
    genres: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    features: tuple[tuple[Feature, float], ...] = ()
    popularity: float | None = None
    isrc: str | None = None


def is_spotify_id(track_id: str) -> bool:
    """Whether Spotify has a page for this id: invented songs and those of a hand-made file have none."""
    return _SPOTIFY_ID.fullmatch(track_id) is not None
