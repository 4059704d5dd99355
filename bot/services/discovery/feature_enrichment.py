"""What is found out about songs that are here already: how they sound, and, in time, anew what they are called.

What Spotify says of a song (title, artists, album, length) may not be kept for ever: after a while ReccoBeats is asked
for it instead, then Spotify again, and what nobody describes is blanked. A blanked song is chosen no more; its features
stay, for they are not Spotify's, and so do the playlists that it is in.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

from bot.catalogue.importer import import_records
from bot.catalogue.records import TrackRecord
from bot.database import guarded
from bot.documents import Key, Track
from bot.errors import DatabaseDown, LinkExpired, NotLinked, SourceDown, SpotifyBusy, SpotifyRefused, WorldDown
from bot.features.provider_chain import FeatureChain, LearnedSong, unknown_features
from bot.features.reccobeats import MOST_IDS
from bot.features.reccobeats_songs import ReccoBeatsSongs
from bot.features.values import Candidate, Song
from bot.services.discovery.candidate_sources import SPOTIFY, candidate_of
from bot.spotify.gateway import SpotifyGateway
from bot.spotify.values import Tokens

_log = logging.getLogger(__name__)

BATCH = 400
"""Songs that are asked about together: ten requests by id."""

KEPT = timedelta(days=30)
"""How long what Spotify says of a song is kept before it is asked for anew."""

BLANKED = "blanked"
"""Who describes a song that is called nothing any more."""

MOST_A_NIGHT = 2000
MOST_SEARCHES = 50
"""Calls to Spotify that one night's refreshing may cost."""


OnProgress = Callable[[int, int], None]
"""Told how many songs of how many were asked about."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Enriched:
    """What came of asking: songs asked about, songs of which more is known now, sources that did not answer."""

    asked: int = 0
    learned: int = 0
    down: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Refreshed:
    """What became of the songs whose description was too old."""

    renewed: int = 0
    blanked: int = 0


Descriptions = Mapping[str, Candidate | None]
"""By Spotify id: None for a song that is not known; one that was not come to is absent."""


class Describer(Protocol):
    """Says what songs are called."""

    async def described(self, documents: Sequence[Mapping[str, Any]]) -> Descriptions:
        """What it says of them, as far as it came. Raises WorldDown."""


class EnrichmentService:
    """Asks the sources about stored songs."""

    def __init__(self, chain: FeatureChain) -> None:
        self._chain = chain

    async def enrich(self, on_progress: OnProgress | None = None, limit: int | None = None) -> Enriched:
        """Ask about every song of Spotify whose sound is not wholly known, up to `limit` of them.

        What is found is stored batch by batch, and what was asked in vain is noted, so that it can be stopped and
        goes on where it was. It stops by itself when a source is down and nothing is learned. Raises DatabaseDown.
        """
        done = Enriched()
        total = await self._count(limit)
        async for batch in _lacking(limit):
            answer = await self._chain.features_of([song_of(document) for document in batch], None)
            learned = {song_id: found for song_id, found in answer.songs.items() if found.features or found.asked}
            records = [
                record_with(document, learned[document["spotifyTrackId"]])
                for document in batch
                if document["spotifyTrackId"] in learned
            ]
            await import_records(records, "enrichment")
            known = sum(1 for found in learned.values() if found.features)
            done = Enriched(asked=done.asked + len(batch), learned=done.learned + known, down=answer.down)
            if on_progress is not None:
                on_progress(done.asked, total)
            if answer.down and not known:
                break
        return done

    async def _count(self, limit: int | None) -> int:
        with guarded():
            count = await Track.count_lacking()
        return count if limit is None else min(count, limit)


class MetadataService:
    """Keeps what Spotify says of songs no longer than it may be kept. `describers` are asked in their order."""

    def __init__(self, describers: Sequence[Describer] = ()) -> None:
        self._describers = tuple(describers)

    async def refresh(self, at: datetime) -> Refreshed:
        """Ask anew about songs that Spotify described more than KEPT before `at`, or blank them. Raises DatabaseDown.

        Songs that a describer did not come to, or did not answer about, are left for the next night, up to twice as
        long.
        """
        old = await _described_before(at - KEPT)
        left = {document["spotifyTrackId"]: document for document in old}
        waiting: set[str] = set()
        renewed = 0
        for describer in self._describers:
            said = await _said_by(describer, list(left.values()))
            waiting |= left.keys() - said.keys()
            known = {song_id: song for song_id, song in said.items() if song is not None and song_id in left}
            await import_records(
                [redescribed(left.pop(song_id), song) for song_id, song in known.items()], "enrichment"
            )
            renewed += len(known)
        late = [key for key, doc in left.items() if key not in waiting or _described_at(doc) < at - 2 * KEPT]
        await _blank(late, at)
        return Refreshed(renewed=renewed, blanked=len(late))


class ByReccoBeats:
    """Descriptions from ReccoBeats, which have no end."""

    def __init__(self, songs: ReccoBeatsSongs) -> None:
        self._songs = songs

    async def described(self, documents: Sequence[Mapping[str, Any]]) -> Descriptions:
        """One request for forty songs. Raises SourceDown when none was answered."""
        found: dict[str, Candidate | None] = {}
        ids = [document["spotifyTrackId"] for document in documents]
        for start in range(0, len(ids), MOST_IDS):
            asked = ids[start : start + MOST_IDS]
            try:
                found |= {**dict.fromkeys(asked), **await self._songs.described(asked)}
            except SourceDown:
                if not found:
                    raise
                break
        return found


class BySpotify:
    """Descriptions from Spotify again, by recording, as far as the day's budget allows."""

    def __init__(self, gateway: SpotifyGateway, tokens: Tokens) -> None:
        self._gateway = gateway
        self._tokens = tokens

    async def described(self, documents: Sequence[Mapping[str, Any]]) -> Descriptions:
        """One call a song, for up to MOST_SEARCHES of them; nothing without an account. Raises WorldDown."""
        found: dict[str, Candidate | None] = {}
        try:
            token = await self._tokens.owner_token() if documents else None
            for document in documents[:MOST_SEARCHES] if token is not None else ():
                song_id, isrc = document["spotifyTrackId"], document.get("isrc")
                tracks = await self._gateway.search_tracks(token, f"isrc:{isrc}") if isrc and token else ()
                found[song_id] = next((candidate_of(track) for track in tracks if track.id == song_id), None)
        except (LinkExpired, NotLinked, SpotifyRefused) as refused:
            _log.info("Spotify describes no songs: %r", refused)
        except SpotifyBusy as busy:
            _log.info("Spotify describes no more songs tonight: %s", busy.cause)
        return found


async def to_be_named(spotify_ids: Sequence[str], source: str, at: datetime) -> frozenset[str]:
    """Those of these stored songs that are worth describing anew where `source` happens to say what they are called.

    That is whoever is called nothing any more, and what Spotify said more than half of KEPT ago where it says it again.
    Raises DatabaseDown.
    """
    due: dict[str, datetime | None] = {BLANKED: None}
    if source == SPOTIFY:
        due[SPOTIFY] = at - KEPT / 2
    with guarded():
        return await Track.described_by(spotify_ids, due)


async def _said_by(describer: Describer, documents: Sequence[Mapping[str, Any]]) -> Descriptions:
    """What a describer says; nothing while it does not answer. Raises DatabaseDown."""
    try:
        return await describer.described(documents)
    except DatabaseDown:
        raise
    except WorldDown as gone:
        _log.info("songs could not be described anew: %s", gone.cause)
        return {}


def song_of(document: Mapping[str, Any]) -> Song:
    """A stored song, as the chain is asked about it."""
    known = (name for name, value in (document.get("audioFeatures") or {}).items() if value is not None)
    asked = (document.get("analysis") or {}).get("asked") or {}
    return Song(
        spotify_id=document["spotifyTrackId"],
        isrc=document.get("isrc"),
        genres=tuple(document.get("genres") or ()),
        tags=tuple(document.get("tags") or ()),
        wanted=unknown_features(known),
        asked={question: at for question, at in asked.items() if isinstance(at, datetime)},
    )


def record_with(document: Mapping[str, Any], learned: LearnedSong) -> TrackRecord:
    """A stored song with what was learned of its sound."""
    features = tuple((name, value.value) for name, value in learned.features.items())
    return replace(
        _plain(document),
        features=features,
        isrc=document.get("isrc") or learned.isrc,
        origins=tuple((name, value.source) for name, value in learned.features.items()),
        asked=tuple(sorted(learned.asked)),
        priors=tuple((name, value.value) for name, value in learned.priors.items()),
    )


def redescribed(document: Mapping[str, Any], said: Candidate) -> TrackRecord:
    """A stored song with what it is called anew."""
    return replace(
        _plain(document),
        title=said.title,
        artists=said.artists,
        duration_ms=said.duration_ms,
        album=said.album,
        isrc=said.isrc or document.get("isrc"),
        described_by=said.source,
    )


def _plain(document: Mapping[str, Any]) -> TrackRecord:
    return TrackRecord(
        spotify_id=document["spotifyTrackId"],
        title=document["name"],
        artists=tuple(artist["name"] for artist in document["artists"]),
        duration_ms=int(document["durationMs"]),
    )


async def _lacking(limit: int | None) -> AsyncIterator[list[Mapping[str, Any]]]:
    """Songs of Spotify whose sound is not wholly known, by id, in batches. Raises DatabaseDown."""
    last: Key | None = None
    left = limit
    while left is None or left > 0:
        size = BATCH if left is None else min(BATCH, left)
        with guarded():
            batch = await Track.lacking(last, size)
        if not batch:
            return
        last, left = batch[-1]["_id"], None if left is None else left - len(batch)
        yield batch
        await asyncio.sleep(0)


async def _described_before(moment: datetime) -> list[Mapping[str, Any]]:
    with guarded():
        return await Track.described_before(SPOTIFY, moment, MOST_A_NIGHT)


def _described_at(document: Mapping[str, Any]) -> datetime:
    at: datetime = document["analysis"]["metadata"]["at"]
    return at if at.tzinfo else at.replace(tzinfo=UTC)


async def _blank(spotify_ids: Sequence[str], at: datetime) -> None:
    """Take out of these songs what Spotify said of them."""
    with guarded():
        await Track.blank(spotify_ids, BLANKED, at)
