"""What came in over the line, checked: only numbers, texts and names that can be what they say get further."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Any

from bot.generation.tracks import FEATURES, RANGES, UNKNOWN, Feature

LONGEST_TEXT = 500
"""Characters of a title or a name; longer ones are cut."""

LONGEST_TRACK_MS = 24 * 60 * 60 * 1000
MOST_ARTISTS = 20

_SPOTIFY_ID = re.compile(r"[0-9A-Za-z]{22}")
_HREF = re.compile(r"https://open\.spotify\.com/(?:intl-[a-z]+/)?track/([0-9A-Za-z]{22})(?:\?.*)?")
_ISRC = re.compile(r"[A-Z]{2}[A-Z0-9]{3}\d{7}")
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]+")
_YEAR = re.compile(r"((?:18|19|20)\d\d)-\d\d-\d\d")
_YEAR_AT_LEAST = re.compile(r"((?:18|19|20)\d\d)(?:-\d\d){0,2}")
_MBID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_WHOLE: frozenset[Feature] = frozenset({"key", "mode"})


def is_spotify_id(text: str) -> bool:
    """Whether it is an id of Spotify: invented songs and those of a hand-made file have none."""
    return _SPOTIFY_ID.fullmatch(text) is not None


def spotify_id_of(href: Any) -> str | None:
    """The Spotify id in an address of Spotify's page of a track."""
    found = _HREF.fullmatch(href) if isinstance(href, str) else None
    return found[1] if found else None


def isrc_of(text: Any) -> str | None:
    """A recording's code in its one spelling: twelve signs, upper case, without hyphens."""
    plain = text.replace("-", "").strip().upper() if isinstance(text, str) else ""
    return plain if _ISRC.fullmatch(plain) else None


def features_of(row: Any, names: tuple[Feature, ...] = FEATURES) -> tuple[tuple[Feature, float], ...]:
    """The features in a row; one that is missing, no number or out of its range is unknown.

    A row that is 0 all over was never measured.
    """
    if not isinstance(row, Mapping):
        return ()
    values = ((name, number_in(row.get(name), *RANGES[name])) for name in names)
    known = tuple(
        (name, value)
        for name, value in values
        if value is not None and value != UNKNOWN.get(name) and (name not in _WHOLE or value.is_integer())
    )
    return known if any(value for _, value in known) else ()


def number_in(value: Any, low: float, high: float) -> float | None:
    """A finite number from `low` to `high`, or None."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if math.isfinite(number) and low <= number <= high else None


def text_of(value: Any) -> str:
    """A text without signs that nobody sees, of a bearable length; empty for anything else."""
    return " ".join(_UNSEEN.sub(" ", value).split())[:LONGEST_TEXT] if isinstance(value, str) else ""


def year_of(value: Any) -> int | None:
    """The year of a date like 2001-03-07."""
    found = _YEAR.fullmatch(value) if isinstance(value, str) else None
    return int(found[1]) if found else None


def partial_year_of(value: Any) -> int | None:
    """The year of a date of which month or day may be missing: 2001, 2001-03, 2001-03-07."""
    found = _YEAR_AT_LEAST.fullmatch(value) if isinstance(value, str) else None
    return int(found[1]) if found else None


def mbid_of(value: Any) -> str | None:
    """An id of MusicBrainz."""
    return value if isinstance(value, str) and _MBID.fullmatch(value) else None


def rows_of(answer: Any, key: str) -> list[Mapping[str, Any]]:
    """The objects in a list of an answer; anything else in it is left out."""
    return rows_in(answer.get(key) if isinstance(answer, Mapping) else None)


def rows_in(listed: Any) -> list[Mapping[str, Any]]:
    """The objects in an answer that is a list itself."""
    return [row for row in listed if isinstance(row, Mapping)] if isinstance(listed, list) else []
