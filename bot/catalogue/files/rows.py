"""One row of a CSV file as a track, or the reason why it is none."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.catalogue.files.layouts import Columns
from bot.catalogue.records import TrackRecord
from bot.generation.tracks import RANGES, UNKNOWN, Feature
from nlp.genres import genre_graph
from nlp.names import fold

LONGEST_TEXT = 1000
LONGEST_TRACK_MS = 24 * 60 * 60 * 1000

_ID = re.compile(r"(?:spotify:track:|https?://open\.spotify\.com/(?:[a-z-]+/)?track/)?([0-9A-Za-z_-]{1,64})(?:\?.*)?")
_YEAR = re.compile(r"((?:18|19|20)\d\d)(?:\D.*)?")
_TRUTH = {"true": True, "false": False, "1": True, "0": False, "yes": True, "no": False, "": None}
_WHOLE: frozenset[str] = frozenset({"key", "mode"})
_CONTROL = re.compile(r"[\x00-\x1f\x7f\u2028\u2029]+")


class BadRowError(Exception):
    """A row that is no track; its text says why."""


class RowReader:
    """Reads the rows of one file. Equal texts of different rows become one object, to save memory."""

    def __init__(self, columns: Columns) -> None:
        self._columns = columns
        self._features = tuple((_FeatureCells(name), column) for name, column in columns.features)
        self._same: dict[str, str] = {}
        self._artists: dict[str, tuple[str, ...]] = {}
        self._genres: dict[tuple[str, ...], tuple[str, ...]] = {}

    def record(self, cells: Sequence[str]) -> TrackRecord:
        """The track of a row. Raises BadRowError."""
        columns = self._columns
        if len(cells) != columns.width:
            raise BadRowError(f"has {len(cells)} columns where the header has {columns.width}")
        genres = self._genres_of(tuple(cells[column] for column in columns.genres))
        return TrackRecord(
            spotify_id=_spotify_id(cells[columns.spotify_id]),
            title=_text(cells[columns.title], "title"),
            artists=self._artists_of(cells[columns.artists]),
            album=self._album(cells),
            duration_ms=_duration_ms(cells[columns.duration_ms]),
            explicit=None if columns.explicit is None else _truth(cells[columns.explicit], "explicit"),
            year=None if columns.released is None else _year(cells[columns.released]),
            genres=genres,
            tags=tuple(genre for genre in genres if genre in columns.layout.uses),
            features=tuple(filter(None, [known[cells[column]] for known, column in self._features])),
            popularity=None if columns.popularity is None else _popularity(cells[columns.popularity]),
            isrc=(cells[columns.isrc].strip() or None) if columns.isrc is not None else None,
        )

    def _artists_of(self, cell: str) -> tuple[str, ...]:
        known = self._artists.get(cell)
        if known is None:
            between = self._columns.layout.artists_between
            parts = between.split(cell) if between is not None else [cell]
            known = tuple(dict.fromkeys(filter(None, (_clean(part.replace("\\,", ",")) for part in parts))))
            if not known:
                raise BadRowError("artist is missing")
            _short(max(known, key=len), "artist")
            known = tuple(self._same.setdefault(name, name) for name in known)
            self._artists[cell] = known
        return known

    def _genres_of(self, cells: tuple[str, ...]) -> tuple[str, ...]:
        known = self._genres.get(cells)
        if known is None:
            between = self._columns.layout.genres_between
            parts = [part for cell in cells for part in (between.split(cell) if between is not None else [cell])]
            known = self._genres[cells] = tuple(dict.fromkeys(filter(None, map(_genre, parts))))
        return known

    def _album(self, cells: Sequence[str]) -> str:
        if self._columns.album is None:
            return ""
        album = _clean(cells[self._columns.album])[:LONGEST_TEXT]
        return self._same.setdefault(album, album)


class _FeatureCells(dict[str, tuple[Feature, float] | None]):
    """What the cells of one column say, by their text: None for an unknown value.

    A million cells hold a hundred thousand values; each is read and kept once.
    """

    def __init__(self, name: Feature) -> None:
        super().__init__()
        self._name = name

    def __missing__(self, text: str) -> tuple[Feature, float] | None:
        cell = self[text] = self._read(text.strip())
        return cell

    def _read(self, text: str) -> tuple[Feature, float] | None:
        if not text:
            return None
        name = self._name
        value = _number(text, name)
        low, high = RANGES[name]
        if not low <= value <= high:
            raise BadRowError(f"{name} {text} is not between {low:g} and {high:g}")
        if name in _WHOLE and not value.is_integer():
            raise BadRowError(f"{name} {text} is not a whole number")
        return None if value == UNKNOWN.get(name) else (name, value)


def _spotify_id(text: str) -> str:
    found = _ID.fullmatch(text.strip())
    if found is None:
        raise BadRowError("id is missing" if not text.strip() else f"id {text.strip()[:60]!r} is not one of Spotify")
    return found[1]


def _text(text: str, what: str) -> str:
    clean = _clean(text)
    if not clean:
        raise BadRowError(f"{what} is missing")
    return _short(clean, what)


def _clean(text: str) -> str:
    return text.strip() if text.isprintable() else _CONTROL.sub(" ", text).strip()


def _short(text: str, what: str) -> str:
    if len(text) > LONGEST_TEXT:
        raise BadRowError(f"{what} has more than {LONGEST_TEXT} characters")
    return text


def _number(text: str, what: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise BadRowError(f"{what} {text.strip()[:40]!r} is not a number") from None


def _duration_ms(text: str) -> int:
    if not text.strip():
        raise BadRowError("duration is missing")
    duration_ms = _number(text, "duration")
    if not 0 < duration_ms <= LONGEST_TRACK_MS:
        raise BadRowError(f"duration {text.strip()} is not between 1 ms and a day")
    return max(1, int(duration_ms))


def _popularity(text: str) -> float | None:
    if not text.strip():
        return None
    popularity = _number(text, "popularity")
    if not 0 <= popularity <= 100:
        raise BadRowError(f"popularity {text.strip()} is not between 0 and 100")
    return popularity


def _truth(text: str, what: str) -> bool | None:
    try:
        return _TRUTH[text.strip().casefold()]
    except KeyError:
        raise BadRowError(f"{what} {text.strip()[:40]!r} is neither true nor false") from None


def _year(text: str) -> int | None:
    """The year of a date; an odd date is an unknown one, as Spotify has "0000" for some."""
    found = _YEAR.fullmatch(text.strip())
    return int(found[1]) if found else None


def _genre(text: str) -> str:
    """A genre with spaces, spelt as the parser spells it: "hip-hop" is "hip hop", "r-n-b" is "r&b"."""
    spaced = " ".join(_clean(text).casefold().replace("-", " ").split())
    name = genre_graph().canonical(spaced)
    return name if name is not None and _spoken(name) == _spoken(spaced) else spaced


def _spoken(genre: str) -> str:
    return fold(genre.replace("&", " and ")).replace(" n ", " and ")
