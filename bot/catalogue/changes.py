"""What a record changes in a stored track: nothing that is unknown, nothing that is the same."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from bot.catalogue.identity import RULES_VERSION, song_key
from bot.catalogue.records import TrackRecord
from bot.catalogue.vectors import SCALE, VECTOR_VERSION, vector_of


def changes(stored: Mapping[str, Any], record: TrackRecord, source: str, at: datetime) -> dict[str, Any]:
    """The fields of `stored` that `record` changes, whole and as MongoDB keeps them; all of them for an empty one.

    What the record knows replaces what was stored, genres and tags are added to those that were there, and what it
    does not know stays. `source` and the moment `at` are noted for every feature whose value changes.
    """
    said = _plain_fields(stored, record) | _derived_fields(stored, record, source, at)
    return {key: value for key, value in said.items() if key not in stored or stored[key] != value}


def _plain_fields(stored: Mapping[str, Any], record: TrackRecord) -> dict[str, Any]:
    artists = stored.get("artists") or []
    if [artist.get("name") for artist in artists] != list(record.artists):
        artists = [{"name": name} for name in record.artists]
    fields: dict[str, Any] = {
        "name": record.title,
        "artists": artists,
        "durationMs": record.duration_ms,
        "explicit": record.explicit,
        "year": _year(stored, record),
        "popularity": record.popularity,
        "isrc": record.isrc,
        "album": {**(stored.get("album") or {}), "name": record.album} if record.album else None,
    }
    known = {key: value for key, value in fields.items() if value is not None}
    # Of an invented song there is one source: what an earlier edition of it said is no longer so.
    before = {} if record.spotify_id.startswith("demo:") else stored
    return known | {
        "genres": _united(before.get("genres"), record.genres),
        "tags": _united(before.get("tags"), record.tags),
    }


def _year(stored: Mapping[str, Any], record: TrackRecord) -> int | None:
    """The record's year; but the year of an edition does not replace an earlier one that was looked up."""
    looked_up = ((stored.get("analysis") or {}).get("fields") or {}).get("year")
    before = stored.get("year") if looked_up else None
    return None if before is not None and record.year is not None and record.year > before else record.year


def _derived_fields(stored: Mapping[str, Any], record: TrackRecord, source: str, at: datetime) -> dict[str, Any]:
    key, version = song_key(record.title, record.artists[0])
    before = stored.get("audioFeatures") or {}
    features = {**before, **dict(record.features)}
    analysis = stored.get("analysis") or {}
    origins = dict(record.origins)
    changed = {
        name: {"source": origins.get(name, source), "at": at}
        for name, value in features.items()
        if name not in before or before[name] != value
    }
    return {
        "audioFeatures": features,
        "featureVector": vector_of(features),
        "featureVectorVersion": VECTOR_VERSION,
        "analysis": {
            **analysis,
            "status": _status(features),
            "fields": {**(analysis.get("fields") or {}), **changed, **_genres_from(analysis, record, origins, at)},
            **_noted(analysis, record, at),
        },
        "identity": {**(stored.get("identity") or {}), "key": key, "version": version, "rules": RULES_VERSION},
    }


def _genres_from(
    analysis: Mapping[str, Any], record: TrackRecord, origins: Mapping[str, str], at: datetime
) -> dict[str, Any]:
    """Where the genres come from, where that was said; the same source again is no change."""
    source, before = origins.get("genres"), (analysis.get("fields") or {}).get("genres") or {}
    return (
        {"genres": {"source": source, "at": at}} if source and record.genres and source != before.get("source") else {}
    )


def _noted(analysis: Mapping[str, Any], record: TrackRecord, at: datetime) -> dict[str, Any]:
    """What the analysis keeps beside the sources of fields: who described it, what was asked in vain, guesses."""
    noted: dict[str, Any] = {}
    if record.described_by:
        noted["metadata"] = {"source": record.described_by, "at": at}
    if record.asked:
        noted["asked"] = {**(analysis.get("asked") or {}), **dict.fromkeys(record.asked, at)}
    if record.priors:
        guesses = {name: {"value": value, "source": "words", "at": at} for name, value in record.priors}
        noted["priors"] = {**(analysis.get("priors") or {}), **guesses}
    return noted


def _status(features: Mapping[str, Any]) -> str:
    known = sum(features.get(name) is not None for name in SCALE)
    return "complete" if known == len(SCALE) else "partial" if known else "none"


def _united(stored: Iterable[str] | None, said: Iterable[str]) -> list[str]:
    return list(dict.fromkeys((*(stored or ()), *said)))
