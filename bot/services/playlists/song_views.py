"""Songs as cards show them: those of a stored set, and those of a table where nothing is stored of them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from bot.catalogue.records import is_spotify_id
from bot.facts import facts_of
from bot.generation.scoring.exploration import NEW
from bot.generation.tracks import COLUMN, TrackTable
from bot.generation.values import Pick, Previous, ScorePart
from bot.services.values import SongView
from nlp.vibe import AXES, Axis

FEATURE_OF_AXIS: dict[Axis, str] = {axis: "valence" if axis == "brightness" else axis for axis in AXES}
"""The audio feature that each axis is measured by."""

UNNAMED = "(name no longer kept)"
"""The title of a song that Spotify named, and that nobody names any more."""

_OCTAVE_BPM = 200.0
"""A tempo over this is nearly always counted twice."""


def song_url(spotify_id: str) -> str | None:
    """Where Spotify plays a song; None for ids that are ours ("demo:7", "file:...")."""
    return f"https://open.spotify.com/track/{spotify_id}" if is_spotify_id(spotify_id) else None


def picked_songs(table: TrackTable, ordering: Iterable[Pick]) -> tuple[SongView, ...]:
    """Songs of a table in this order, as a preview shows them: no set is made of them."""
    return tuple(_picked(table, pick, position) for position, pick in enumerate(ordering, start=1))


def _picked(table: TrackTable, pick: Pick, position: int) -> SongView:
    year = int(table.year[pick.row])
    return SongView(
        position=position,
        track_id=str(pick.key),
        title=str(table.titles[pick.row]),
        artists=table.artists.of(pick.row),
        duration_ms=int(table.duration_ms[pick.row]),
        year=year or None,
        url=song_url(str(table.spotify_ids[pick.row])),
        energy=_known(table.features[pick.row, COLUMN["energy"]]),
        tempo_bpm=_known(table.features[pick.row, COLUMN["tempo"]]),
        score=pick.score,
    )


def _is_new(parts: Iterable[tuple[str, float]]) -> bool:
    """Whether a song is in its set to find out whether it is liked."""
    return any(name == NEW and value == 1 for name, value in parts)


def has_features(track: Mapping[str, Any]) -> bool:
    """Whether any audio feature of a document of `tracks` is known."""
    return any(value is not None for value in (track.get("audioFeatures") or {}).values())


def stored_song(track: Mapping[str, Any], candidate: Mapping[str, Any], position: int) -> SongView:
    """A song of a stored set: its document of `tracks`, and what its session wrote about it."""
    features = track.get("audioFeatures") or {}
    weights = candidate.get("weights") or {}
    return SongView(
        position=position,
        track_id=str(track["_id"]),
        title=track.get("name") or UNNAMED,
        artists=tuple(artist.get("name", "") for artist in track.get("artists") or ()),
        duration_ms=int(track.get("durationMs") or 0),
        year=track.get("year"),
        url=song_url(track.get("spotifyTrackId") or ""),
        energy=features.get("energy"),
        tempo_bpm=features.get("tempo"),
        score=float(candidate.get("score") or 0.0),
        reasons=facts_of(candidate.get("reasons")),
        parts=tuple(
            ScorePart(name=name, value=float(value), weight=float(weights.get(name, 1.0)))
            for name, value in (candidate.get("parts") or {}).items()
        ),
        new=_is_new((candidate.get("parts") or {}).items()),
    )


def mean_features(tracks: Iterable[Mapping[str, Any]]) -> Previous:
    """The mean of each axis over the tracks that know it, in its own units: what "more energy" is measured from.

    Tempos over 200 BPM count half: they are the same beat counted twice.
    """
    known: dict[Axis, list[float]] = {axis: [] for axis in AXES}
    for track in tracks:
        features = track.get("audioFeatures") or {}
        for axis, feature in FEATURE_OF_AXIS.items():
            value = features.get(feature)
            if isinstance(value, (int, float)) and math.isfinite(value):
                known[axis].append(value / 2 if axis == "tempo" and value > _OCTAVE_BPM else float(value))
    return Previous(means=tuple((axis, sum(values) / len(values)) for axis, values in known.items() if values))


def _known(value: np.float32) -> float | None:
    number = float(value)
    return None if math.isnan(number) else number
