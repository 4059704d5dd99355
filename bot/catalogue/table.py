"""Tracks as arrays: columns are gathered row by row, and put into one order at the end.

The order and the digest depend on the tracks alone, not on the order they came in or the place they came from: a file
and the database it was imported into give the same table but for the keys.
"""

from __future__ import annotations

import hashlib
from array import array
from collections.abc import Iterable, Mapping
from math import nan
from typing import Any

import numpy as np

from bot.catalogue.identity import RULES_VERSION, song_key
from bot.catalogue.records import UNKNOWN, TrackRecord
from bot.generation.texts import Coded, Texts
from bot.generation.tracks import COLUMN, FEATURES, Floats, Ints, Tagged, TrackTable

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
        self._songs: list[str] = []
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
            spotify_id, title, duration_ms = (document.get(key) for key in ("spotifyTrackId", "name", "durationMs"))
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
        spotify_ids = Texts.of(self._spotify_ids)
        order = spotify_ids.order()
        artists = self._artists.tagged(order)
        parts: dict[str, Any] = {
            "spotify_ids": spotify_ids.taken(order),
            "titles": Texts.of(self._titles).taken(order),
            "artists": artists,
            "genres": self._genres.tagged(order),
            "tags": self._tags.tagged(order),
            "features": _known(np.array(self._features, dtype=np.float32).reshape(-1, len(FEATURES)), order),
            "duration_ms": np.array(self._durations, dtype=np.int32)[order],
            "year": np.array(self._years, dtype=np.int16)[order],
            "explicit": np.array(self._explicit, dtype=np.int8)[order],
            "popularity": np.array(self._popularity, dtype=np.float32)[order],
        }
        return TrackTable(
            **parts,
            digest=_digest(parts.values()),
            keys=Texts.of(self._keys).taken(order),
            artist=artists.indices[artists.starts[:-1]],
            song=_numbered(self._songs, order),
            version=Coded.of([self._versions[row] for row in order.tolist()]),
        )

    def _add(self, key: str, spotify_id: str, title: str, song: str, version: str) -> None:
        self._keys.append(key)
        self._spotify_ids.append(spotify_id)
        self._titles.append(title)
        self._songs.append(song)
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

    def add(self, words: Iterable[str]) -> None:
        numbers = self._numbers
        distinct = dict.fromkeys(words)
        self._indices.extend([numbers.setdefault(word, len(numbers)) for word in distinct])
        self._counts.append(len(distinct))

    def tagged(self, order: Ints) -> Tagged:
        """The rows in `order`, the words in that of the alphabet."""
        words = sorted(self._numbers)
        rank = np.zeros(len(words), dtype=np.int32)
        rank[[self._numbers[word] for word in words]] = np.arange(len(words), dtype=np.int32)
        starts = np.concatenate(([0], np.cumsum(np.array(self._counts, dtype=np.int64))))
        indices = rank[np.array(self._indices, dtype=np.int32)]
        return Tagged(words=tuple(words), starts=starts, indices=indices).taken(order)


def _identity(document: Mapping[str, Any], title: str, artist: str) -> tuple[str, str]:
    stored = document.get("identity") or {}
    if stored.get("rules") == RULES_VERSION:
        return stored["key"], stored["version"]
    return song_key(title, artist)


def _known(features: Floats, order: Ints) -> Floats:
    """The features in order, NaN for what means unknown; each feature's values lie side by side in memory."""
    columns = np.ascontiguousarray(features.T)[:, order]
    for name, unknown in UNKNOWN.items():
        column = columns[COLUMN[name]]
        column[column == unknown] = np.nan
    return columns.T


def _numbered(songs: list[str], order: Ints) -> Ints:
    numbers: dict[str, int] = {}
    return np.array([numbers.setdefault(songs[row], len(numbers)) for row in order.tolist()], dtype=np.int32)


def _digest(columns: Iterable[Any]) -> str:
    """A name of 32 signs for what the columns hold."""
    digest = hashlib.blake2b(digest_size=16)
    for column in columns:
        if isinstance(column, Texts):
            digest.update(column.joined())
        elif isinstance(column, Tagged):
            digest.update("\0".join(column.words).encode("utf-8", "surrogatepass"))
            digest.update(column.indices.data)
            digest.update(column.starts.data)
        else:
            digest.update(np.ascontiguousarray(column).data)
    return digest.hexdigest()
