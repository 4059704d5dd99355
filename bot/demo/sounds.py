"""How the genres of the demo sound: the joint distribution of the audio features, from aggregated statistics.

`sounds.tsv` holds, for each genre, seven quantiles of every feature and the correlations between the features' normal
scores, computed over the tracks of the genres named in its last column (Spotify Tracks Dataset, 114 genres) and moved
by seven tenths towards the genre's mean in the table of genre means 1921-2020. A song is drawn from the Gaussian
copula of both, so that loud songs are energetic and acoustic ones quiet, as in the real genre.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import resources
from statistics import NormalDist

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]

MEASURES = (
    "tempo",
    "energy",
    "valence",
    "danceability",
    "acousticness",
    "instrumentalness",
    "speechiness",
    "liveness",
    "loudness",
    "seconds",
)
"""The columns of a draw, as in `sounds.tsv`: Spotify's features in their units, and the length."""

_QUANTILES = (0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99)
_SCORES = tuple(NormalDist().inv_cdf(quantile) for quantile in _QUANTILES)

_OLDER = {"loudness": -0.9, "acousticness": 0.5, "energy": -0.3, "seconds": -0.5}
"""Normal scores by which a song of 1955 differs from one of 1990; the directions of the table of yearly means."""

_ARTIST_SHARE = 0.5
"""How much of what sets a song apart from its genre it shares with its artist's other songs."""


_TYPICAL = 0.85
"""Scores are drawn in a little: tables of real genres hold mislabelled songs, and invented ones need none."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sound:
    """One genre: the vocabulary its names are made of, its years, how many artists it has, and how it sounds.

    `explicit` and `major` are shares of its songs. `quantiles` is len(MEASURES) x 7, `factor` the Cholesky factor
    of the correlations.
    """

    genre: str
    words: str
    first_year: int
    last_year: int
    artists: int
    explicit: float
    major: float
    quantiles: Array
    factor: Array

    def plays_in(self, year: int) -> bool:
        """Whether the genre was there in `year`."""
        return self.first_year <= year <= self.last_year

    def draw(self, lean: Array, year: int, rng: np.random.Generator) -> dict[str, float]:
        """One song of `year` by an artist who leans from the genre's middle by `lean`, by the names of `MEASURES`."""
        own = rng.standard_normal(len(MEASURES))
        scores = _TYPICAL * self.factor @ (np.sqrt(_ARTIST_SHARE) * lean + np.sqrt(1 - _ARTIST_SHARE) * own)
        age = float(np.clip((1990 - year) / 35, -0.5, 1))
        return {
            name: float(np.interp(scores[row] + age * _OLDER.get(name, 0.0), _SCORES, self.quantiles[row]))
            for row, name in enumerate(MEASURES)
        }


def read_sounds() -> tuple[Sound, ...]:
    """All genres of the demo, in the order of the file."""
    return tuple(_sounds())


def _sounds() -> Iterator[Sound]:
    text = resources.files("bot.demo").joinpath("sounds.tsv").read_text(encoding="utf-8")
    for row in csv.DictReader(text.splitlines(), delimiter="\t"):
        yield Sound(
            genre=row["genre"],
            words=row["words"],
            first_year=int(row["first_year"]),
            last_year=int(row["last_year"]),
            artists=int(row["artists"]),
            explicit=float(row["explicit"]),
            major=float(row["major"]),
            quantiles=np.array([[float(value) for value in row[name].split()] for name in MEASURES]),
            factor=_factor([float(value) for value in row["correlations"].split()]),
        )


def _factor(below_diagonal: list[float]) -> Array:
    """The Cholesky factor; rounded correlations are drawn a little together to stay a correlation matrix."""
    matrix = np.eye(len(MEASURES))
    matrix[np.tril_indices(len(MEASURES), -1)] = below_diagonal
    matrix = matrix + np.tril(matrix, -1).T
    return np.asarray(np.linalg.cholesky(0.98 * matrix + 0.02 * np.eye(len(MEASURES))), dtype=np.float64)
