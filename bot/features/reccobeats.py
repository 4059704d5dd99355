"""ReccoBeats: audio features by Spotify id, and for what it does not know by that, by the recording's code (ISRC).

``GET /v1/audio-features?ids=`` takes 1 to 40 ids and leaves unknown ones out. Its rows come in any order under ids of
its own: a row is told by the address of its song on Spotify, or by its recording's code, never by its place.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import median
from typing import Any

from bot.features.http_client import HttpClient, Provider
from bot.features.validation import features_of, is_spotify_id, isrc_of, rows_of, spotify_id_of
from bot.features.values import EVERY_FEATURE, Found, Song, SourceReading, Wanted
from bot.generation.tracks import Feature

NAME = "reccobeats"
MOST_IDS = 40
"""Ids in one request; more are refused."""

_PATH = "/v1/audio-features"
_CIRCLE: frozenset[Feature] = frozenset({"key", "mode"})


class ReccoBeatsById:
    """Features by Spotify id."""

    name = NAME
    question = "reccobeats"
    gives: frozenset[Wanted] = EVERY_FEATURE | {"isrc"}
    batch = MOST_IDS
    prior = False

    def __init__(self, door: HttpClient) -> None:
        self._door = door

    def takes(self, song: Song) -> bool:
        """Songs of Spotify."""
        return is_spotify_id(song.spotify_id)

    async def fetch(self, songs: Sequence[Song]) -> Found:
        """One request for all of them, joined by the address of each row's song."""
        asked = {song.spotify_id for song in songs}
        answer = await self._door.get(_PATH, {"ids": ",".join(sorted(asked))})
        found: dict[str, SourceReading | None] = dict.fromkeys(asked)
        for row in rows_of(answer, "content"):
            spotify_id = spotify_id_of(row.get("href"))
            features = features_of(row)
            if spotify_id is not None and spotify_id in asked and features and found[spotify_id] is None:
                found[spotify_id] = SourceReading(features=features, isrc=isrc_of(row.get("isrc")))
        return found


class ReccoBeatsByIsrc:
    """Features by recording, for songs that it knows under another Spotify id."""

    name = NAME
    question = "reccobeats-isrc"
    gives: frozenset[Wanted] = EVERY_FEATURE
    batch = MOST_IDS
    prior = False

    def __init__(self, door: HttpClient) -> None:
        self._door = door

    def takes(self, song: Song) -> bool:
        """Songs whose recording's code is known."""
        return isrc_of(song.isrc) is not None

    async def fetch(self, songs: Sequence[Song]) -> Found:
        """One request for all of them. One recording may have several rows: they are made into one."""
        codes = {song.spotify_id: isrc_of(song.isrc) for song in songs}
        answer = await self._door.get(_PATH, {"ids": ",".join(sorted({code for code in codes.values() if code}))})
        rows: dict[str, list[Mapping[str, Any]]] = {}
        for row in rows_of(answer, "content"):
            code = isrc_of(row.get("isrc"))
            if code is not None:
                rows.setdefault(code, []).append(row)
        found: dict[str, SourceReading | None] = {}
        for song in songs:
            features = one_of(rows.get(codes[song.spotify_id] or "", []))
            found[song.spotify_id] = SourceReading(features=features) if features else None
        return found


def one_of(rows: Sequence[Mapping[str, Any]]) -> tuple[tuple[Feature, float], ...]:
    """The features of several rows about one recording: the median of each; keys and modes only where all agree."""
    values: dict[Feature, list[float]] = {}
    for row in rows:
        for name, value in features_of(row):
            values.setdefault(name, []).append(value)
    return tuple((name, median(known)) for name, known in values.items() if name not in _CIRCLE or len(set(known)) == 1)


PROVIDER = Provider(
    name=NAME,
    base="https://api.reccobeats.com",
    calls=3,
    per_s=2.0,  # its limits are not published; 1 to 2 requests a second go well
    sources=(ReccoBeatsById, ReccoBeatsByIsrc),
)
