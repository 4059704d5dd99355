"""A table with what it takes to add tracks to it: the whole is the same as if all had been read together."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from bot.generation.texts import Coded, Texts
from bot.generation.tracks import Floats, Ints, Tagged, TrackTable

SongKeys = npt.NDArray[np.uint64]
"""The keys of songs by 64 bits of their digest: two of a million differ but for one chance in 30 million."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stock:
    """A table, and for each row the key of the song that it is a version of."""

    table: TrackTable
    songs: SongKeys

    def with_more(self, more: Stock) -> Stock:
        """These tracks and more of them, which must have ids of their own."""
        if not len(more.table):
            return self
        one, other = self.table, more.table
        together = replace(
            one,
            keys=one.keys.followed_by(other.keys),
            spotify_ids=one.spotify_ids.followed_by(other.spotify_ids),
            titles=one.titles.followed_by(other.titles),
            artists=_together(one.artists, other.artists),
            genres=_together(one.genres, other.genres),
            tags=_together(one.tags, other.tags),
            features=np.concatenate((one.features.T, other.features.T), axis=1).T,
            duration_ms=np.concatenate((one.duration_ms, other.duration_ms)),
            year=np.concatenate((one.year, other.year)),
            explicit=np.concatenate((one.explicit, other.explicit)),
            popularity=np.concatenate((one.popularity, other.popularity)),
            version=_all_versions(one.version, other.version),
        )
        return in_order(together, np.concatenate((self.songs, more.songs)))


def song_number(key: str) -> int:
    """The 64 bits that stand for the key of a song."""
    return int.from_bytes(hashlib.blake2b(key.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little")


def in_order(table: TrackTable, songs: SongKeys) -> Stock:
    """The stock of rows that came in any order: ordered by Spotify id, words by the alphabet, songs as they come.

    Of `table` its `artist`, `song` and `digest` may be anything.
    """
    order = table.spotify_ids.order()
    artists = _alphabetical(table.artists.taken(order))
    parts: dict[str, Any] = {
        "spotify_ids": table.spotify_ids.taken(order),
        "titles": table.titles.taken(order),
        "artists": artists,
        "genres": _alphabetical(table.genres.taken(order)),
        "tags": _alphabetical(table.tags.taken(order)),
        "features": _columns(table.features, order),
        "duration_ms": table.duration_ms[order],
        "year": table.year[order],
        "explicit": table.explicit[order],
        "popularity": table.popularity[order],
    }
    songs = songs[order]
    found = TrackTable(
        **parts,
        digest=_digest(parts.values()),
        keys=table.keys.taken(order),
        artist=artists.indices[artists.starts[:-1]],
        song=_numbered(songs),
        version=Coded(words=table.version.words, codes=table.version.codes[order]),
    )
    return Stock(table=found, songs=songs)


def _columns(features: Floats, order: Ints) -> Floats:
    """The features in order; the values of each lie side by side in memory."""
    return np.ascontiguousarray(features.T)[:, order].T


def _numbered(songs: SongKeys) -> Ints:
    """A number for each song, in the order in which they come first."""
    _, first, inverse = np.unique(songs, return_index=True, return_inverse=True)
    number = np.empty(len(first), dtype=np.int32)
    number[np.argsort(first)] = np.arange(len(first), dtype=np.int32)
    return number[inverse]


def _alphabetical(tagged: Tagged) -> Tagged:
    words = sorted(tagged.words)
    if tuple(words) == tagged.words:
        return tagged
    number = {word: place for place, word in enumerate(words)}
    rank = np.array([number[word] for word in tagged.words], dtype=np.int32)
    return Tagged(words=tuple(words), starts=tagged.starts, indices=rank[tagged.indices])


def _together(one: Tagged, other: Tagged) -> Tagged:
    numbers = {word: place for place, word in enumerate(one.words)}
    rank = np.array([numbers.setdefault(word, len(numbers)) for word in other.words], dtype=np.int32)
    indices = rank[other.indices] if len(other.indices) else other.indices
    return Tagged(
        words=tuple(numbers),
        starts=np.concatenate((one.starts, other.starts[1:] + one.starts[-1])),
        indices=np.concatenate((one.indices, indices)),
    )


def _all_versions(one: Coded, other: Coded) -> Coded:
    words = list(dict.fromkeys((*one.words, *other.words)))
    place = {word: code for code, word in enumerate(words)}
    codes = [np.array([place[word] for word in part.words], dtype=np.uint8)[part.codes] for part in (one, other)]
    return Coded(words=np.array(words, dtype=object), codes=np.concatenate(codes))


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
