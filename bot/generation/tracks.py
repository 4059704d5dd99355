"""The tracks a set is chosen from, as arrays: one row a track, NaN or -1 where something is unknown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, get_args

import numpy as np
import numpy.typing as npt

from bot.generation.texts import Coded, Texts

Feature = Literal[
    "tempo",
    "energy",
    "valence",
    "danceability",
    "acousticness",
    "instrumentalness",
    "speechiness",
    "liveness",
    "loudness",
    "key",
    "mode",
]
"""The columns of `TrackTable.features`: tempo in BPM, loudness in dB, key 0 to 11 from C, mode 1 major or 0 minor,
the others 0 to 1."""

FEATURES: tuple[Feature, ...] = get_args(Feature)
COLUMN: dict[str, int] = {name: column for column, name in enumerate(FEATURES)}

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

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tagged:
    """Which of a vocabulary's words each row carries, in compressed rows.

    Row i carries ``words[j]`` for j in ``indices[starts[i]:starts[i + 1]]``.
    """

    words: tuple[str, ...]
    starts: npt.NDArray[np.int64]
    indices: Ints

    def of(self, row: int) -> tuple[str, ...]:
        """The words of one row."""
        return tuple(self.words[j] for j in self.indices[self.starts[row] : self.starts[row + 1]])

    def taken(self, rows: npt.NDArray[Any]) -> Tagged:
        """The words of these rows, in their order."""
        counts = np.diff(self.starts)[rows]
        starts = np.concatenate(([0], np.cumsum(counts, dtype=np.int64)))
        places = np.arange(starts[-1]) + np.repeat(self.starts[:-1][rows] - starts[:-1], counts)
        return Tagged(words=self.words, starts=starts, indices=self.indices[places])

    def best(self, values: Floats) -> Floats:
        """For each row the largest of ``values`` (one a word) over the row's words; NaN for a row without words."""
        best = np.full(len(self.starts) - 1, np.nan, dtype=np.float32)
        filled = np.flatnonzero(np.diff(self.starts))
        if len(filled):
            best[filled] = np.maximum.reduceat(values[self.indices], self.starts[filled])
        return best


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackTable:
    """The catalogue as arrays of n rows, in a fixed order; `digest` names its contents.

    `keys` are the tracks' ids in the database (or of a file), `spotify_ids` the Spotify ids, or "demo:<n>" and
    "file:<digest>" for songs without one. `features` is n x len(FEATURES), NaN where unknown. `duration_ms` is
    always known. `year` is 0 and `explicit` -1 where unknown; `popularity` is 0 to 100 or NaN. `artist` numbers the
    first artist of each track; `artists` carries the names of all. `song` numbers the song that a track is a
    version of; `version` names the version ("" is the plain studio one, else "live", "remaster", "acoustic", ...).
    """

    keys: Texts
    spotify_ids: Texts
    titles: Texts
    artist: Ints
    artists: Tagged
    genres: Tagged
    tags: Tagged
    features: Floats
    duration_ms: Ints
    year: npt.NDArray[np.int16]
    explicit: npt.NDArray[np.int8]
    popularity: Floats
    song: Ints
    version: Coded
    digest: str

    def __len__(self) -> int:
        return len(self.keys)

    def column(self, feature: Feature) -> Floats:
        """One feature of all rows."""
        column: Floats = self.features[:, COLUMN[feature]]
        return column

    def row_of(self, key: Any) -> int | None:
        """The row of a key, or None."""
        return self.keys.get(str(key))
