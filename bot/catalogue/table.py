"""Tracks as arrays: columns are gathered row by row, and put into one order at the end.

The order and the digest depend on the tracks alone, not on the order they came in or the place they came from: a file
and the database it was imported into give the same table but for the keys.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, compress, islice
from math import nan
from operator import itemgetter
from typing import Any, TypeVar

import numpy as np

from bot.catalogue.identity import RULES_VERSION, song_key
from bot.catalogue.records import TrackRecord
from bot.catalogue.table_builder import Stock, in_order, song_number
from bot.generation.texts import Coded, Texts
from bot.generation.tracks import COLUMN, FEATURES, UNKNOWN, Floats, Tagged, TrackTable

GROUP = 64
"""Rows whose columns are made together: enough to be quick, and too few to hold the interpreter for long."""

Row = TypeVar("Row")

_ALL_FEATURES = itemgetter(*FEATURES)
_NAN_ROW: dict[str, Any] = dict.fromkeys(FEATURES, nan)
_YEARS = range(1, 10_000)


def table_of(records: Iterable[TrackRecord]) -> TrackTable:
    """The table of these records; the keys are their `spotify_id`s."""
    columns = TableColumns()
    columns.add_records(records)
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

    def add_records(self, records: Iterable[TrackRecord]) -> None:
        """Add these records."""
        for some in _groups(records):
            self._keys += [record.spotify_id for record in some]
            self._spotify_ids += [record.spotify_id for record in some]
            self._titles += [record.title for record in some]
            self._add_songs([song_key(record.title, record.artists[0]) for record in some])
            self._features.extend(chain.from_iterable(_row(dict(record.features)) for record in some))
            self._durations.extend([record.duration_ms for record in some])
            self._years.extend([_year(record.year) for record in some])
            self._explicit.extend([_explicit(record.explicit) for record in some])
            self._popularity.extend([nan if record.popularity is None else record.popularity for record in some])
            self._artists.add([record.artists for record in some])
            self._genres.add([record.genres for record in some])
            self._tags.add([record.tags for record in some])

    def add_documents(self, documents: Iterable[Mapping[str, Any]]) -> None:
        """Add raw documents. One without id, title, artist or length cannot be played or named, and is left out."""
        for group in _groups(documents):
            artists = [_artists(document) for document in group]
            playable = [bool(names) and _whole(document) for document, names in zip(group, artists, strict=True)]
            some, artists = list(compress(group, playable)), list(compress(artists, playable))
            self._keys += [str(document["_id"]) for document in some]
            self._spotify_ids += [document["spotifyTrackId"] for document in some]
            self._titles += [document["name"] for document in some]
            self._add_songs([_identity(*one) for one in zip(some, artists, strict=True)])
            self._features.extend(chain.from_iterable(_row(document.get("audioFeatures") or {}) for document in some))
            self._durations.extend([int(document["durationMs"]) for document in some])
            self._years.extend([_year(document.get("year")) for document in some])
            self._explicit.extend([_explicit(document.get("explicit")) for document in some])
            popularity = [document.get("popularity") for document in some]
            self._popularity.extend([nan if value is None else value for value in popularity])
            self._artists.add(artists)
            self._genres.add([document.get("genres") or () for document in some])
            self._tags.add([document.get("tags") or () for document in some])

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

    def _add_songs(self, songs: Sequence[tuple[str, str]]) -> None:
        self._songs.extend([song_number(key) for key, _ in songs])
        self._versions += [version for _, version in songs]


class _Numbers(dict[str, int]):
    """Words, numbered as they come."""

    def __missing__(self, word: str) -> int:
        self[word] = number = len(self)
        return number


class _Words:
    """The words of each row."""

    def __init__(self) -> None:
        self._numbers = _Numbers()
        self._indices = array("i")
        self._counts = array("i")

    def add(self, rows: Iterable[Sequence[str]]) -> None:
        """Add the words of some rows; one that a row has twice counts once."""
        numbers = self._numbers
        distinct = [dict.fromkeys(words) if len(words) > 1 else words for words in rows]
        self._indices.extend([numbers[word] for words in distinct for word in words])
        self._counts.extend(map(len, distinct))

    def tagged(self) -> Tagged:
        """The rows and words as they came."""
        starts = np.concatenate(([0], np.cumsum(np.array(self._counts, dtype=np.int64))))
        return Tagged(words=tuple(self._numbers), starts=starts, indices=np.array(self._indices, dtype=np.int32))


def _groups(rows: Iterable[Row]) -> Iterator[list[Row]]:
    left = iter(rows)
    while group := list(islice(left, GROUP)):
        yield group


def _artists(document: Mapping[str, Any]) -> list[str]:
    return [artist["name"] for artist in document.get("artists") or () if artist.get("name")]


def _whole(document: Mapping[str, Any]) -> bool:
    get = document.get
    return bool(get("spotifyTrackId") and get("name") and (get("durationMs") or 0) > 0)


def _row(features: Mapping[str, Any]) -> Iterable[float]:
    try:
        row: tuple[Any, ...] = _ALL_FEATURES(features)
    except KeyError:
        row = _ALL_FEATURES(_NAN_ROW | dict(features))
    # Another application may have written null.
    return [nan if value is None else float(value) for value in row] if None in row else row


def _year(year: Any) -> int:
    return int(year) if year is not None and year in _YEARS else 0


def _explicit(explicit: bool | None) -> int:
    return -1 if explicit is None else int(explicit)


def _identity(document: Mapping[str, Any], artists: Sequence[str]) -> tuple[str, str]:
    stored = document.get("identity") or {}
    if stored.get("rules") == RULES_VERSION:
        return stored["key"], stored["version"]
    return song_key(document["name"], artists[0])


def _known(features: Floats) -> Floats:
    for name, unknown in UNKNOWN.items():
        column = features[:, COLUMN[name]]
        column[column == unknown] = np.nan
    return features
