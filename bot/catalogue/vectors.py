"""Features on one scale, as `Track.featureVector` keeps them for whoever compares songs outside of this house."""

from __future__ import annotations

from collections.abc import Mapping

from bot.generation.tracks import Feature

VECTOR_VERSION = "spotify-114k-1"

SCALE: dict[Feature, tuple[float, float]] = {
    "tempo": (122.2, 29.6),
    "energy": (0.634, 0.257),
    "valence": (0.47, 0.263),
    "danceability": (0.562, 0.177),
    "acousticness": (0.328, 0.338),
    "instrumentalness": (0.173, 0.324),
    "speechiness": (0.0874, 0.1133),
    "liveness": (0.217, 0.195),
    "loudness": (-8.5, 5.22),
}
"""Mean and standard deviation of each feature over the 89,740 tracks of the Spotify Tracks Dataset (114 genres)."""


def vector_of(features: Mapping[str, float | None]) -> list[float]:
    """The features in the order of `SCALE`, in standard deviations from the mean; 0, the mean, where unknown."""
    vector = []
    for name, (mean, deviation) in SCALE.items():
        value = features.get(name)
        vector.append(0.0 if value is None else round((value - mean) / deviation, 4))
    return vector
