"""MusicBrainz: who an artist is, and in which year a recording first came out.

Web service version 2 (https://musicbrainz.org/doc/MusicBrainz_API): one request a second, a User-Agent with a contact.
Names, dates, countries and releases are core data (CC0). Genres are made of tags, which are CC BY-NC-SA: `genres` alone
reads them, and nobody calls it unless that was switched on.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.errors import SourceDown
from bot.features.http_client import HttpClient, Provider
from bot.features.validation import isrc_of, mbid_of, partial_year_of, rows_of, text_of
from bot.features.values import Found, Song, SourceReading, Wanted
from nlp.genres import genre_graph
from nlp.names import fold

NAME = "musicbrainz"
TAGS = "musicbrainz-tags"
"""The source of what was read from tags, as it is noted beside it: other terms hold for it."""

LEAST_SCORE = 90
"""The score, of 100, from which on a hit of a search may be the artist that was looked for."""

MOST_NAMESAKES = 10
MOST_GENRES = 8

_JSON = {"fmt": "json"}
_NO_COUNTRIES = frozenset({"XE", "XW"})
"""Europe and the whole world have codes there."""

_LANGUAGES = {
    "ara": "ar", "ben": "bn", "bul": "bg", "cat": "ca", "ces": "cs", "cmn": "zh", "cym": "cy", "dan": "da", "deu": "de",
    "ell": "el", "eng": "en", "est": "et", "eus": "eu", "fas": "fa", "fin": "fi", "fra": "fr", "gle": "ga", "glg": "gl",
    "heb": "he", "hin": "hi", "hrv": "hr", "hun": "hu", "ind": "id", "isl": "is", "ita": "it", "jpn": "ja", "kor": "ko",
    "lat": "la", "lav": "lv", "lit": "lt", "msa": "ms", "nld": "nl", "nor": "no", "pan": "pa", "pol": "pl", "por": "pt",
    "ron": "ro", "rus": "ru", "slk": "sk", "slv": "sl", "spa": "es", "srp": "sr", "swa": "sw", "swe": "sv", "tam": "ta",
    "tel": "te", "tgl": "tl", "tha": "th", "tur": "tr", "ukr": "uk", "urd": "ur", "vie": "vi", "yor": "yo", "yue": "zh",
    "zho": "zh", "zul": "zu",
}  # fmt: skip
"""ISO 639-3, as works are marked there, to the two letters that our tables use."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ArtistEntry:
    """An artist as MusicBrainz lists them. `country` is ISO 3166-1, such as GB.

    The years are those of the music: a person is born long before the first song, so `first_year` is None for people.
    """

    mbid: str
    name: str
    country: str = ""
    first_year: int | None = None
    last_year: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingEntry:
    """A recording: the year it first came out, the ids of its artists by folded name, the languages it is sung in."""

    year: int | None = None
    artists: Mapping[str, str]
    languages: tuple[str, ...] = ()


class MusicBrainz:
    """Artists and recordings."""

    def __init__(self, door: HttpClient) -> None:
        self._door = door

    async def named(self, name: str) -> tuple[ArtistEntry, ...]:
        """Everybody of exactly this name, the best hit first; hits of other names are left out. Raises SourceDown."""
        quoted = name.replace("\\", "\\\\").replace('"', '\\"')
        params = {"query": f'artist:"{quoted}"', "limit": str(MOST_NAMESAKES), **_JSON}
        rows = rows_of(await self._door.get("/ws/2/artist", params), "artists")
        hits = (_entry(row) for row in rows if _score(row) >= LEAST_SCORE)
        return tuple(hit for hit in hits if hit is not None and fold(hit.name) == fold(name))

    async def artist(self, mbid: str) -> ArtistEntry | None:
        """The artist with this id, or None for one that was removed. Raises SourceDown."""
        answer = await self._door.get(f"/ws/2/artist/{mbid}", _JSON)
        return _entry(answer) if isinstance(answer, Mapping) else None

    async def genres(self, mbid: str) -> tuple[str, ...]:
        """Genres of our graph that people tag the artist with, the most agreed upon first. Raises SourceDown."""
        # The space is sent as the plus sign that their documentation shows.
        answer = await self._door.get(f"/ws/2/artist/{mbid}", {"inc": "genres tags", **_JSON})
        return _genres(answer) if isinstance(answer, Mapping) else ()

    async def first_release(self, mbid: str) -> int | None:
        """The year of the artist's first album, single or EP, of the hundred that are listed. Raises SourceDown."""
        params = {
            "artist": mbid,
            "type": "album|single|ep",
            "release-group-status": "website-default",  # without what came out as a bootleg or a promotion only
            "limit": "100",
            **_JSON,
        }
        rows = rows_of(await self._door.get("/ws/2/release-group", params), "release-groups")
        return min(filter(None, (partial_year_of(row.get("first-release-date")) for row in rows)), default=None)

    async def recording(self, isrc: str) -> RecordingEntry | None:
        """What is known by this code; None where it is unknown, or stands for strangers. Raises SourceDown."""
        answer = await self._door.get(f"/ws/2/isrc/{isrc}", {"inc": "artist-credits work-rels", **_JSON})
        return _recording(rows_of(answer, "recordings"))


class MusicBrainzYears:
    """The year in which a recording first came out, whatever the year of the edition that a table has."""

    name = NAME
    question = "musicbrainz-isrc"
    gives: frozenset[Wanted] = frozenset({"year"})
    batch = 10
    prior = False

    def __init__(self, door: HttpClient) -> None:
        self._recordings = MusicBrainz(door)

    def takes(self, song: Song) -> bool:
        """Songs whose recording's code is known."""
        return isrc_of(song.isrc) is not None

    async def fetch(self, songs: Sequence[Song]) -> Found:
        """A request a song, one after the other."""
        found: dict[str, SourceReading | None] = {}
        for song in songs:
            try:
                recording = await self._recordings.recording(isrc_of(song.isrc) or "")
            except SourceDown:
                if not found:
                    raise
                break
            year = recording.year if recording is not None else None
            found[song.spotify_id] = SourceReading(year=year) if year is not None else None
            await asyncio.sleep(0)
        return found


def _entry(row: Mapping[str, Any]) -> ArtistEntry | None:
    """An artist of an answer; None for what is no artist, such as "[unknown]" and "Various Artists"."""
    mbid, name = mbid_of(row.get("id")), text_of(row.get("name"))
    if mbid is None or not name or name.startswith("[") or fold(name) == "various artists":
        return None
    span = row.get("life-span")
    life: Mapping[str, Any] = span if isinstance(span, Mapping) else {}
    person = row.get("type") in ("Person", "Character", None)
    return ArtistEntry(
        mbid=mbid,
        name=name,
        country=_country(row),
        first_year=None if person else partial_year_of(life.get("begin")),
        last_year=partial_year_of(life.get("end")),
    )


def _country(row: Mapping[str, Any]) -> str:
    """The code of the country, else that of the country that the area is, or lies in."""
    said = row.get("area")
    area: Mapping[str, Any] = said if isinstance(said, Mapping) else {}
    listed = (area.get("iso-3166-1-codes"), area.get("iso-3166-2-codes"))
    codes = (row.get("country"), *(codes[0] for codes in listed if isinstance(codes, list) and codes))
    for code in codes:
        found = text_of(code)[:2]
        if len(found) == 2 and found.isascii() and found.isupper() and found not in _NO_COUNTRIES:
            return found
    return ""


def _genres(row: Mapping[str, Any]) -> tuple[str, ...]:
    """Genres, then tags, that our graph knows, each list by how many agree; what nobody agrees with is left out."""
    graph, found = genre_graph(), list[str]()
    for key in ("genres", "tags"):
        rows = [said for said in rows_of(row, key) if isinstance(said.get("count"), int) and said["count"] > 0]
        for said in sorted(rows, key=lambda said: -said["count"]):
            name = graph.canonical(text_of(said.get("name")))
            if name:
                found.append(name)
    return tuple(dict.fromkeys(found))[:MOST_GENRES]


def _recording(rows: Sequence[Mapping[str, Any]]) -> RecordingEntry | None:
    """One recording of all that carry a code. Those that share no artist are a mix-up, and say nothing."""
    credited = [_credits(row) for row in rows]
    shared = set.intersection(*(set(named.values()) for named in credited)) if credited else set()
    if not shared:
        return None
    years = filter(None, (partial_year_of(row.get("first-release-date")) for row in rows))
    artists = {name: mbid for named in credited for name, mbid in named.items() if mbid in shared}
    languages = dict.fromkeys(language for row in rows for language in _languages(row))
    return RecordingEntry(year=min(years, default=None), artists=artists, languages=tuple(languages))


def _credits(row: Mapping[str, Any]) -> dict[str, str]:
    """The ids of a recording's artists by their folded names: their own, and what they are called on it."""
    found: dict[str, str] = {}
    for credit in rows_of(row, "artist-credit"):
        artist = credit.get("artist")
        mbid = mbid_of(artist.get("id")) if isinstance(artist, Mapping) else None
        if mbid is not None and isinstance(artist, Mapping):
            names = (fold(text_of(name)) for name in (credit.get("name"), artist.get("name")))
            found |= {name: mbid for name in names if name}
    return found


def _languages(row: Mapping[str, Any]) -> list[str]:
    found: list[str] = []
    for relation in rows_of(row, "relations"):
        work = relation.get("work")
        said = work.get("languages") if isinstance(work, Mapping) else None
        found += [_LANGUAGES[code] for code in said if code in _LANGUAGES] if isinstance(said, list) else []
    return found


def _score(row: Mapping[str, Any]) -> int:
    """How well a hit fits what was searched for, 0 to 100; older answers have it as a text."""
    score = row.get("score")
    if isinstance(score, str) and score.isdigit():
        return int(score)
    return score if isinstance(score, int) else 0


PROVIDER = Provider(
    name=NAME,
    base="https://musicbrainz.org",
    calls=1,
    per_s=1.1,  # one a second and address is what it allows; lines are uneven
    wants_contact=True,
    timeout_s=10.0,
)
