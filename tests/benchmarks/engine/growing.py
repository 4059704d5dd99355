"""Catalogues of any size for the figures of growth: songs of a known table, drawn again with noise."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from bot.generation.texts import Texts
from bot.generation.tracks import COLUMN, Tagged, TrackTable

_NOISE = 0.02
_TEMPO_NOISE = 0.01
_SONGS_OF_AN_ARTIST = 8


def grown(table: TrackTable, size: int, seed: int = 7) -> TrackTable:
    """A table of `size` songs, each like one of `table` but for noise, by artists who have as many songs as real ones.

    Features move by 2 % of their range and tempo by 1 %; genres, tags, years and lengths are those of the song drawn.
    """
    rng = np.random.default_rng(seed)
    drawn = rng.integers(0, len(table), size)
    artists = _artists(rng, size)
    return replace(
        table,
        keys=_texts("{:024x}", rng.permutation(size)),
        spotify_ids=_texts("demo:{:07d}", np.arange(size)),
        titles=_texts("Song {:x}", rng.integers(0, 1 << 40, size)),
        artist=artists.indices,
        artists=artists,
        genres=table.genres.taken(drawn),
        tags=table.tags.taken(drawn),
        features=np.asfortranarray(_moved(rng, table.features[drawn])),
        duration_ms=(table.duration_ms[drawn] * rng.uniform(0.9, 1.1, size)).astype(np.int32),
        year=table.year[drawn],
        explicit=table.explicit[drawn],
        popularity=table.popularity[drawn],
        song=np.where(rng.random(size) < 0.04, rng.integers(0, size, size), np.arange(size)).astype(np.int32),
        version=replace(table.version, codes=table.version.codes[drawn]),
        digest=f"grown to {size}",
    )


def _artists(rng: np.random.Generator, size: int) -> Tagged:
    many = max(1, size // _SONGS_OF_AN_ARTIST)
    return Tagged(
        words=tuple(f"Artist {number:06d}" for number in range(many)),
        starts=np.arange(size + 1, dtype=np.int64),
        indices=(many * rng.random(size) ** 1.5).astype(np.int32),
    )


def _texts(form: str, numbers: np.ndarray) -> Texts:
    return Texts.of(map(form.format, numbers.tolist()))


def _moved(rng: np.random.Generator, features: np.ndarray) -> np.ndarray:
    noise = rng.normal(0, _NOISE, features.shape).astype(np.float32)
    noise[:, COLUMN["tempo"]] *= _TEMPO_NOISE / _NOISE * features[:, COLUMN["tempo"]]
    noise[:, COLUMN["loudness"]] *= 30
    noise[:, [COLUMN["key"], COLUMN["mode"]]] = 0
    return (features + noise).astype(np.float32)
