"""Where new songs are looked for: each scout knows one way, and gives candidates of which only the name is known."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

from bot.errors import LinkExpired, NotLinked, SpotifyRefused
from bot.features.reccobeats_songs import ReccoBeatsSongs
from bot.features.seed_artists import seeds_for
from bot.features.values import Candidate
from bot.services.discovery.coverage_gap import CoverageGap
from bot.spotify.gateway import SEARCH_LIMIT, SpotifyGateway
from bot.spotify.values import SpotifyTrack, Tokens

SPOTIFY = "spotify"
"""The source of what Spotify says, as it is noted beside it."""

SONGS_OF_ARTIST = 12
"""Songs that one artist of our table is begun with; of one who was asked for all of a page are looked at."""

_PAGE = 50


class CandidateSource(Protocol):
    """One way to new songs. `turn` counts how often this need was looked for: each turn goes another way."""

    @property
    def name(self) -> str:
        """The source that it asks."""

    async def find(self, need: CoverageGap, turn: int) -> Sequence[Candidate]:
        """Candidates; none when it has no way to such songs, or no more. Raises WorldDown."""


class Recommendations:
    """Songs like those of the catalogue that fit, steered to the targets."""

    name = "reccobeats"

    def __init__(self, songs: ReccoBeatsSongs) -> None:
        self._songs = songs

    async def find(self, need: CoverageGap, turn: int) -> Sequence[Candidate]:
        """A hundred songs or less like five of the seeds, other five each turn."""
        seeds = list(need.seeds)
        random.Random(turn).shuffle(seeds)
        return await self._songs.like(seeds, need.targets) if seeds else ()


class ArtistsToBeginWith:
    """Songs of artists that were asked for, or that genres are known by: the way when nothing fitting is known."""

    name = "reccobeats"

    def __init__(self, songs: ReccoBeatsSongs) -> None:
        self._songs = songs

    async def find(self, need: CoverageGap, turn: int) -> Sequence[Candidate]:
        """The best known songs of one artist, another each turn: two requests."""
        wanted = need.vibe.artists.wanted
        if turn < len(wanted):
            return await self._songs.by_artist(wanted[turn], _PAGE)
        if wanted or not need.fresh:
            return ()
        seeds = seeds_for(need.vibe.genres.wanted, need.targets, need.genres_out)
        if turn >= len(seeds):
            return ()
        songs = await self._songs.by_artist(seeds[turn].artist, SONGS_OF_ARTIST)
        return [replace(song, genres=(seeds[turn].genre,), found_by="seed artists") for song in songs]


class SpotifySearch:
    """Spotify's own search, for the genres, artists and years that were asked for; ten songs a call."""

    name = SPOTIFY

    def __init__(self, gateway: SpotifyGateway, tokens: Tokens) -> None:
        self._gateway = gateway
        self._tokens = tokens

    async def find(self, need: CoverageGap, turn: int) -> Sequence[Candidate]:
        """The songs of one search, within what the day's budget leaves to discovery.

        Nothing where no account is set up. What is searched for is made of understood values, never of a member's
        words. Raises WorldDown.
        """
        queries = queries_for(need)
        if turn >= len(queries):
            return ()
        try:
            token = await self._tokens.owner_token()
            if token is None:
                return ()
            query, genres = queries[turn]
            found = await self._gateway.search_tracks(token, query, SEARCH_LIMIT)
        except (LinkExpired, NotLinked, SpotifyRefused):
            return ()
        return [replace(candidate_of(track), genres=genres, found_by="spotify search") for track in found]


def queries_for(need: CoverageGap) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Searches for a need, in the filters that Spotify's search knows, with the genres that each is for."""
    vibe = need.vibe
    years = _years_text(need)
    if vibe.artists.wanted:
        return tuple((f'artist:"{_quoted(artist)}"{years}', ()) for artist in vibe.artists.wanted)
    return tuple((f'genre:"{_quoted(genre)}"{years}', (genre,)) for genre in vibe.genres.wanted)


def candidate_of(track: SpotifyTrack) -> Candidate:
    """A song that Spotify described."""
    return Candidate(
        spotify_id=track.id,
        title=track.name,
        artists=tuple(artist.name for artist in track.artists),
        duration_ms=track.duration_ms,
        source=SPOTIFY,
        isrc=track.isrc,
        album=track.album or "",
        year=track.year,
        explicit=track.explicit,
    )


def _years_text(need: CoverageGap) -> str:
    spans = need.vibe.years.wanted
    if not spans:
        return ""
    first, last = spans[0]
    return f" year:{first or 1900}-{last or 2100}"


def _quoted(name: str) -> str:
    return name.replace('"', " ")
