"""What is asked about an artist, and of whom: each question is asked once, answered whole, and then rests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from bot.documents.artist_facts import NearArtist
from bot.features.listenbrainz import LABS_NAME, ListenBrainz, SimilarArtists
from bot.features.listenbrainz import NAME as LISTENBRAINZ
from bot.features.musicbrainz import NAME as MUSICBRAINZ
from bot.features.musicbrainz import TAGS, ArtistEntry, MusicBrainz
from bot.features.sources import Doors
from nlp.names import fold

CLEARLY = 10
"""Of several artists of one name, the one whom so many times more people hear than any other is meant."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedArtist:
    """An artist as the stored songs name them, with the code of one of their recordings, and their id where known."""

    name: str
    isrc: str | None = None
    mbid: str | None = None


class ArtistQuestion(Protocol):
    """One question. `name` is noted where it was answered, `source` is the provider that is asked.

    One that `needs_id` is asked about artists whose id at MusicBrainz is known.
    """

    @property
    def name(self) -> str:
        """How it is noted: a name without dots."""

    @property
    def source(self) -> str:
        """Who is asked."""

    @property
    def needs_id(self) -> bool:
        """Whether the artist's id is needed."""

    async def answer(self, artist: AskedArtist) -> Mapping[str, Any]:
        """Fields of `KnownArtist` by their names; empty where nothing is known. Raises SourceDown."""


class WhoTheyAre:
    """Who it is: by a recording of theirs, which knows no namesakes, else by name. Says id, country and years."""

    name = source = MUSICBRAINZ
    needs_id = False

    def __init__(self, musicbrainz: MusicBrainz, listenbrainz: ListenBrainz | None = None) -> None:
        self._musicbrainz = musicbrainz
        self._listenbrainz = listenbrainz

    async def answer(self, artist: AskedArtist) -> Mapping[str, Any]:
        """One to three requests; nothing for an artist whom nobody of that name clearly is. Raises SourceDown."""
        mbid, languages = artist.mbid, tuple[str, ...]()
        if mbid is None and artist.isrc is not None:
            recording = await self._musicbrainz.recording(artist.isrc)
            if recording is not None:
                mbid = recording.artists.get(fold(artist.name))
                languages = recording.languages if mbid is not None else ()
        entry = await (self._named(artist.name) if mbid is None else self._musicbrainz.artist(mbid))
        if entry is None:
            return {}
        first_year = entry.first_year or await self._musicbrainz.first_release(entry.mbid)
        return {
            "mbid": entry.mbid,
            "name": entry.name if fold(entry.name) == fold(artist.name) else artist.name,
            "country": entry.country,
            "first_year": first_year,
            "last_year": entry.last_year,
            "languages": languages,
        }

    async def _named(self, name: str) -> ArtistEntry | None:
        """The artist of this name, if there is one, or one whom clearly more people hear. Raises SourceDown."""
        hits = await self._musicbrainz.named(name)
        if len(hits) < 2 or self._listenbrainz is None:
            return hits[0] if len(hits) == 1 else None
        fame = await self._listenbrainz.fame([hit.mbid for hit in hits])
        heard = {hit.mbid: fame[hit.mbid].listeners if hit.mbid in fame else 0 for hit in hits}
        best, second = sorted(hits, key=lambda hit: -heard[hit.mbid])[:2]
        return best if heard[best.mbid] > CLEARLY * heard[second.mbid] else None


class WhatTheyPlay:
    """What they play, by the tags of MusicBrainz: an operator switches it on, as other terms hold for these."""

    name = TAGS
    source = MUSICBRAINZ
    needs_id = True

    def __init__(self, musicbrainz: MusicBrainz) -> None:
        self._musicbrainz = musicbrainz

    async def answer(self, artist: AskedArtist) -> Mapping[str, Any]:
        """One request. Raises SourceDown."""
        return {"genres": await self._musicbrainz.genres(artist.mbid or "")}


class HowWidelyHeard:
    """How widely they are heard."""

    name = source = LISTENBRAINZ
    needs_id = True

    def __init__(self, listenbrainz: ListenBrainz) -> None:
        self._listenbrainz = listenbrainz

    async def answer(self, artist: AskedArtist) -> Mapping[str, Any]:
        """One request. Raises SourceDown."""
        mbid = artist.mbid or ""
        known = (await self._listenbrainz.fame([mbid])).get(mbid)
        return {} if known is None else {"listens": known.listens, "listeners": known.listeners}


class HeardBeside:
    """Who is heard beside them."""

    name = source = LABS_NAME
    needs_id = True

    def __init__(self, similar: SimilarArtists) -> None:
        self._similar = similar

    async def answer(self, artist: AskedArtist) -> Mapping[str, Any]:
        """One request. Raises SourceDown."""
        found = await self._similar.like(artist.mbid or "")
        return {"similar": [NearArtist(name=one.name, mbid=one.mbid, closeness=one.closeness) for one in found]}


def artist_questions(doors: Doors, *, tags: bool = False) -> Sequence[ArtistQuestion]:
    """The questions that these doors can answer, in their order; none without MusicBrainz, which knows the ids."""
    if MUSICBRAINZ not in doors:
        return ()
    musicbrainz = MusicBrainz(doors[MUSICBRAINZ])
    listenbrainz = ListenBrainz(doors[LISTENBRAINZ]) if LISTENBRAINZ in doors else None
    questions: list[ArtistQuestion] = [WhoTheyAre(musicbrainz, listenbrainz)]
    if tags:
        questions.append(WhatTheyPlay(musicbrainz))
    if listenbrainz is not None:
        questions.append(HowWidelyHeard(listenbrainz))
    if LABS_NAME in doors:
        questions.append(HeardBeside(SimilarArtists(doors[LABS_NAME])))
    return questions
