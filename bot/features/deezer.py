"""Deezer: the tempo of a recording, and what else its page says: year, album, explicit or not, genres of the album.

``GET /track/isrc:CODE`` answers 200 also for errors, with an `error` in it; `bpm` is 0 where it was never measured.
Its `gain` is not used: what it is measured against is nowhere said, so it is no loudness in dB.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

from bot.errors import SourceDown
from bot.features.http_client import HttpClient, Provider
from bot.features.validation import features_of, isrc_of, rows_of, text_of, year_of
from bot.features.values import Found, Song, SourceReading, Wanted
from bot.generation.tracks import Feature
from nlp.genres import genre_graph

NAME = "deezer"
QUOTA_CODE = 4
"""The error of a client that asks too fast."""

_BUSY_CODES = frozenset({QUOTA_CODE, 700})
_TEMPO: tuple[Feature, ...] = ("tempo",)
_FACTS: frozenset[Wanted] = frozenset({"tempo", "year", "explicit", "album"})
_ALBUM_FACTS: frozenset[Wanted] = _FACTS | {"genres"}
_SLOWEST_BPM = 30.0
_GENRES = {
    "rap/hip hop": ("hip hop",),
    "electro": ("electronic",),
    "films/games": ("soundtrack",),
    "soul & funk": ("soul", "funk"),
    "latin music": ("latin",),
    "brazilian music": ("brazilian",),
    "kids": ("children's music",),
    "techno/house": ("techno", "house"),
    "dancefloor": ("dance",),
    "dubstep": ("dubstep",),
    "chill out/trip-hop/lounge": ("downtempo",),
}
"""Genres whose name there is no genre of ours."""


class Deezer:
    """Tempo and facts by recording. With `albums`, the genres of its album too, for one more request a song."""

    name = NAME
    question = "deezer"
    batch = 10
    prior = False

    def __init__(self, door: HttpClient, *, albums: bool = True) -> None:
        self._door = door
        self._albums = albums
        self.gives: frozenset[Wanted] = _ALBUM_FACTS if albums else _FACTS

    def takes(self, song: Song) -> bool:
        """Songs whose recording's code is known."""
        return isrc_of(song.isrc) is not None

    async def fetch(self, songs: Sequence[Song]) -> Found:
        """A request a song, several at a time; genres only for those that want them."""
        answers = await asyncio.gather(*(self._one(song) for song in songs), return_exceptions=True)
        found: dict[str, SourceReading | None] = {}
        failures: list[BaseException] = []
        for song, answer in zip(songs, answers, strict=True):
            if isinstance(answer, BaseException):
                failures.append(answer)
            else:
                found[song.spotify_id] = answer
        for failure in failures:
            if not isinstance(failure, SourceDown) or not found:
                raise failure
        return found

    async def _one(self, song: Song) -> SourceReading | None:
        track = await self._asked(f"/track/isrc:{isrc_of(song.isrc)}")
        if track is None or isrc_of(track.get("isrc")) != isrc_of(song.isrc):
            return None
        said = track.get("album")
        album: Mapping[str, Any] = said if isinstance(said, Mapping) else {}
        genres: tuple[str, ...] = ()
        if self._albums and "genres" in song.wanted and isinstance(album.get("id"), int):
            genres = genres_of(await self._asked(f"/album/{album['id']}"))
        explicit = track.get("explicit_lyrics")
        finding = SourceReading(
            features=tempo_of(track),
            year=year_of(track.get("release_date")),
            explicit=explicit if isinstance(explicit, bool) else None,
            album=text_of(album.get("title")),
            genres=genres,
        )
        return finding if finding.says() else None

    async def _asked(self, path: str) -> Mapping[str, Any] | None:
        """An object, or None where there is none. Raises SourceDown."""
        answer = await self._door.get(path, {})
        if not isinstance(answer, Mapping):
            return None
        error = answer.get("error")
        if isinstance(error, Mapping):
            if error.get("code") in _BUSY_CODES:
                raise SourceDown(cause=f"{NAME}: {text_of(error.get('message'))}", name=NAME)
            return None
        return answer


def tempo_of(track: Mapping[str, Any]) -> tuple[tuple[Feature, float], ...]:
    """The tempo, where it was measured."""
    return tuple((name, bpm) for name, bpm in features_of({"tempo": track.get("bpm")}, _TEMPO) if bpm >= _SLOWEST_BPM)


def genres_of(album: Any) -> tuple[str, ...]:
    """The genres of an album as we call them; what is none of ours is left out."""
    listed = album.get("genres") if isinstance(album, Mapping) else None
    found: list[str] = []
    for row in rows_of(listed, "data"):
        name = text_of(row.get("name")).casefold()
        canonical = genre_graph().canonical(name)
        found += _GENRES.get(name, (canonical,) if canonical else ())
    return tuple(dict.fromkeys(found))


PROVIDER = Provider(
    name=NAME,
    base="https://api.deezer.com",
    calls=50,
    per_s=5.0,  # what it allows one address
    sources=(Deezer,),
)
