"""Tracks as arrays: columns are gathered row by row, and put into one order at the end.

The order and the digest depend on the tracks alone, not on the order they came in or the place they came from: a file
and the database it was imported into give the same table but for the keys.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Mapping, Sequence
from math import nan
from typing import Any

import numpy as np

from bot.catalogue.identity import RULES_VERSION, song_key
from bot.catalogue.records import TrackRecord
from bot.catalogue.stock import Stock, in_order, song_number
from bot.generation.texts import Coded, Texts
from bot.generation.tracks import COLUMN, FEATURES, UNKNOWN, Floats, Tagged, TrackTable

_NAN_ROW: dict[str, Any] = dict.fromkeys(FEATURES, nan)
_YEARS = range(1, 10_000)


def table_of(records: Iterable[TrackRecord]) -> TrackTable:
    """The table of these records; the keys are their `spotify_id`s."""
    columns = TableColumns()
    for record in records:
        columns.add_record(record)
    return columns.table()


def build_table(documents: Iterable[Mapping[str, Any]]) -> TrackTable:
    """The table of raw documents of `tracks`; the keys are their `_id`s as text."""
    columns = TableColumns()
    columns.add_documents(documents)
    return columns.table()


class TableColumns:
    """The columns of a table that is being made. Not to be used from two threads at once."""

    def __init__(self) -> None:
        self._keys: list[str] = []
        self._spotify_ids: list[str] = []
        self._titles: list[str] = []
        self._versions: list[str] = []
        self._songs = array("Q")
        self._features = array("f")
        self._durations = array("i")
        self._years = array("h")
        self._explicit = array("b")
        self._popularity = array("f")
        self._artists = _Words()
        self._genres = _Words()
        self._tags = _Words()

    def __len__(self) -> int:
        return len(self._keys)

    def add_record(self, record: TrackRecord) -> None:
        """Add one record."""
        song, version = song_key(record.title, record.artists[0])
        self._add(record.spotify_id, record.spotify_id, record.title, song, version)
        self._add_numbers(
            record.features, record.duration_ms, record.year, explicit=record.explicit, popularity=record.popularity
        )
        self._artists.add(record.artists)
        self._genres.add(record.genres)
        self._tags.add(record.tags)

    def add_documents(self, documents: Iterable[Mapping[str, Any]]) -> None:
        """Add raw documents. One without id, title, artist or length cannot be played or named, and is left out."""
        for document in documents:
            get = document.get
            spotify_id, title, duration_ms = get("spotifyTrackId"), get("name"), get("durationMs")
            artists = [artist["name"] for artist in document.get("artists") or () if artist.get("name")]
            if spotify_id and title and artists and duration_ms and duration_ms > 0:
                song, version = _identity(document, title, artists[0])
                self._add(str(document["_id"]), spotify_id, title, song, version)
                self._add_numbers(
                    (document.get("audioFeatures") or {}).items(),
                    int(duration_ms),
                    document.get("year"),
                    explicit=document.get("explicit"),
                    popularity=document.get("popularity"),
                )
                self._artists.add(artists)
                self._genres.add(document.get("genres") or ())
                self._tags.add(document.get("tags") or ())

    def table(self) -> TrackTable:
        """The table of everything added so far, ordered by Spotify id."""
        return self.stock().table

    def stock(self) -> Stock:
        """Everything added so far, ordered by Spotify id, so that more can be added."""
        rows = len(self)
        unordered = TrackTable(
            keys=Texts.of(self._keys),
            spotify_ids=Texts.of(self._spotify_ids),
            titles=Texts.of(self._titles),
            artist=np.empty(rows, dtype=np.int32),
            artists=self._artists.tagged(),
            genres=self._genres.tagged(),
            tags=self._tags.tagged(),
            features=_known(np.array(self._features, dtype=np.float32).reshape(-1, len(FEATURES))),
            duration_ms=np.array(self._durations, dtype=np.int32),
            year=np.array(self._years, dtype=np.int16),
            explicit=np.array(self._explicit, dtype=np.int8),
            popularity=np.array(self._popularity, dtype=np.float32),
            song=np.empty(rows, dtype=np.int32),
            version=Coded.of(self._versions),
            digest="",
        )
        return in_order(unordered, np.array(self._songs, dtype=np.uint64))

    def _add(self, key: str, spotify_id: str, title: str, song: str, version: str) -> None:
        self._keys.append(key)
        self._spotify_ids.append(spotify_id)
        self._titles.append(title)
        self._songs.append(song_number(song))
        self._versions.append(version)

    def _add_numbers(
        self,
        features: Iterable[tuple[str, Any]],
        duration_ms: int,
        year: int | None,
        *,
        explicit: bool | None,
        popularity: float | None,
    ) -> None:
        values = _NAN_ROW | dict(features)
        try:
            self._features.fromlist([values[name] for name in FEATURES])
        except TypeError:  # another application's null
            self._features.fromlist([nan if values[name] is None else float(values[name]) for name in FEATURES])
        self._durations.append(duration_ms)
        self._years.append(int(year) if year is not None and year in _YEARS else 0)
        self._explicit.append(-1 if explicit is None else int(explicit))
        self._popularity.append(nan if popularity is None else popularity)


class _Words:
    """The words of each row, numbered as they come."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._indices = array("i")
        self._counts = array("i")

    def add(self, words: Sequence[str]) -> None:
        numbers = self._numbers
        if len(words) < 2:
            self._indices.extend([numbers.setdefault(word, len(numbers)) for word in words])
            self._counts.append(len(words))
            return
        distinct = dict.fromkeys(words)
        self._indices.extend([numbers.setdefault(word, len(numbers)) for word in distinct])
        self._counts.append(len(distinct))

    def tagged(self) -> Tagged:
        """The rows and words as they came."""
        starts = np.concatenate(([0], np.cumsum(np.array(self._counts, dtype=np.int64))))
        return Tagged(words=tuple(self._numbers), starts=starts, indices=np.array(self._indices, dtype=np.int32))


def _identity(document: Mapping[str, Any], title: str, artist: str) -> tuple[str, str]:
    stored = document.get("identity") or {}
    if stored.get("rules") == RULES_VERSION:
        return stored["key"], stored["version"]
    return song_key(title, artist)


def _known(features: Floats) -> Floats:
    for name, unknown in UNKNOWN.items():
        column = features[:, COLUMN[name]]
        column[column == unknown] = np.nan
    return features
