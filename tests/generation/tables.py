"""Small tables for the engine's tests: by hand from rows, or random from a seed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from bot.generation.texts import Coded, Texts
from bot.generation.tracks import FEATURES, Tagged, TrackTable

NAN = float("nan")


@dataclass(frozen=True, slots=True, kw_only=True)
class Song:
    """One row; features that are not given are unknown."""

    title: str = ""
    artists: tuple[str, ...] = ("Ann",)
    genres: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    features: dict[str, float] = field(default_factory=dict)
    minutes: float = 3.5
    year: int = 0
    explicit: int = 0
    popularity: float = 50.0
    song: int | None = None
    version: str = ""


def table_of(songs: Sequence[Song]) -> TrackTable:
    """The table of these songs, in their order, with keys "k0", "k1", ..."""
    artists = tagged([song.artists for song in songs])
    return TrackTable(
        keys=Texts.of([f"k{row}" for row in range(len(songs))]),
        spotify_ids=Texts.of([f"demo:{row}" for row in range(len(songs))]),
        titles=Texts.of([song.title or f"Song {row}" for row, song in enumerate(songs)]),
        artist=artists.indices[artists.starts[:-1]],
        artists=artists,
        genres=tagged([song.genres for song in songs]),
        tags=tagged([song.tags for song in songs]),
        features=np.array(
            [[song.features.get(name, NAN) for name in FEATURES] for song in songs], dtype=np.float32
        ).reshape(len(songs), len(FEATURES)),
        duration_ms=np.array([round(song.minutes * 60_000) for song in songs], dtype=np.int32),
        year=np.array([song.year for song in songs], dtype=np.int16),
        explicit=np.array([song.explicit for song in songs], dtype=np.int8),
        popularity=np.array([song.popularity for song in songs], dtype=np.float32),
        song=np.array([row if song.song is None else song.song for row, song in enumerate(songs)], dtype=np.int32),
        version=Coded.of([song.version for song in songs]),
        digest="test",
    )


def tagged(rows: Sequence[Sequence[str]]) -> Tagged:
    """Words by row, compressed."""
    numbers: dict[str, int] = {}
    indices = [numbers.setdefault(word, len(numbers)) for words in rows for word in words]
    starts = np.concatenate([[0], np.cumsum([len(words) for words in rows], dtype=np.int64)])
    return Tagged(words=tuple(numbers), starts=starts.astype(np.int64), indices=np.array(indices, dtype=np.int32))


GENRES = ("jazz", "bebop", "metal", "death metal", "rap", "pop", "techno", "ambient", "folk", "polka")
VERSIONS = ("", "", "", "live", "remaster")


def random_table(seed: int, rows: int, *, artists: int = 30, holes: float = 0.1) -> TrackTable:
    """A random table of a plausible shape: several versions of songs, unknown values, and some nonsense among them."""
    rng = np.random.default_rng(seed)
    return table_of([_random_song(rng, artists, holes, rows) for _ in range(rows)])


def _random_song(rng: np.random.Generator, artists: int, holes: float, rows: int) -> Song:
    features = {name: float(rng.random()) for name in FEATURES}
    features |= {
        "tempo": float(rng.choice([rng.uniform(60, 190), 0.0], p=[0.97, 0.03])),
        "loudness": float(rng.uniform(-40, 0)),
        "key": float(rng.integers(-1, 12)),
        "mode": float(rng.integers(0, 2)),
    }
    odd = {name: float(rng.choice([np.nan, np.inf, -np.inf], p=[0.9, 0.05, 0.05])) for name in features}
    return Song(
        artists=tuple(f"Artist {number}" for number in rng.integers(0, artists, size=rng.choice([1, 1, 1, 2]))),
        genres=tuple(dict.fromkeys(rng.choice(GENRES, size=rng.integers(0, 3)).tolist())),
        tags=("piano",) if rng.random() < 0.1 else (),
        features={name: odd[name] if rng.random() < holes else value for name, value in features.items()},
        minutes=float(rng.choice([rng.uniform(1, 8), 0.0, 300.0], p=[0.97, 0.02, 0.01])),
        year=0 if rng.random() < holes else int(rng.integers(1960, 2025)),
        explicit=int(rng.choice([-1, 0, 1], p=[0.1, 0.7, 0.2])),
        popularity=NAN if rng.random() < holes else float(rng.uniform(0, 100)),
        song=int(rng.integers(0, max(1, int(rows * 0.8)))),
        version=str(rng.choice(VERSIONS)),
    )
