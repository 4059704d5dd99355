"""One track as a file or a generator gives it, before it is a document or a row of the table."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.generation.tracks import Feature

_SPOTIFY_ID = re.compile(r"[0-9A-Za-z]{22}")


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackRecord:
    """A track with everything that its source said of it; None, or a missing feature, is unknown.

    `spotify_id` is "demo:<n>" for an invented song. `artists` holds at least one name, the main one first. `genres`
    are lower case with spaces, `tags` are moods and uses. `features` holds each feature at most once, in the units
    of `bot.generation.tracks.Feature`. `popularity` is 0 to 100. `origins` names the source of those features, and of
    `genres`, that is not the import's own. `described_by` ("spotify", "reccobeats") is where title, artists and length
    come from, to be kept beside them with the moment: what Spotify says has a time to live. `asked` are the questions
    that a source was asked in vain, `priors` guesses for want of features; see `bot.features`.
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
    origins: tuple[tuple[str, str], ...] = ()
    described_by: str | None = None
    asked: tuple[str, ...] = ()
    priors: tuple[tuple[Feature, float], ...] = ()


def is_spotify_id(track_id: str) -> bool:
    """Whether Spotify has a page for this id: invented songs and those of a hand-made file have none."""
    return _SPOTIFY_ID.fullmatch(track_id) is not None
