"""ReccoBeats: songs like others, songs by an artist, and what a song is called. None of it costs a call to Spotify."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.features.http_client import HttpClient
from bot.features.reccobeats import MOST_IDS, NAME
from bot.features.validation import (
    LONGEST_TRACK_MS,
    MOST_ARTISTS,
    isrc_of,
    number_in,
    rows_of,
    spotify_id_of,
    text_of,
)
from bot.features.values import Candidate
from bot.generation.tracks import Feature
from nlp.names import fold

MOST_SEEDS = 5
MOST_RECOMMENDED = 100
"""What one request for recommendations takes and gives."""

_PAGE = 50
_ARTISTS_LOOKED_AT = 10
_NOT_STEERED: frozenset[Feature] = frozenset({"key", "mode"})


class ReccoBeatsSongs:
    """Finds songs."""

    def __init__(self, door: HttpClient) -> None:
        self._door = door

    async def like(
        self, seeds: Sequence[str], targets: Mapping[Feature, float], size: int = MOST_RECOMMENDED
    ) -> tuple[Candidate, ...]:
        """Up to `size` songs like up to five others (Spotify ids), steered to the targets. Raises SourceDown."""
        params = {"seeds": ",".join(seeds[:MOST_SEEDS]), "size": str(max(1, min(size, MOST_RECOMMENDED)))}
        params |= {name: f"{value:.3g}" for name, value in sorted(targets.items()) if name not in _NOT_STEERED}
        return _songs(await self._door.get("/v1/track/recommendation", params))

    async def by_artist(self, name: str, most: int = _PAGE) -> tuple[Candidate, ...]:
        """The best known songs by the artist of this name; none where it knows no such artist. Raises SourceDown."""
        params = {"searchText": name, "page": "0", "size": str(_ARTISTS_LOOKED_AT)}
        listed = rows_of(await self._door.get("/v1/artist/search", params), "content")
        artist_id = next((row.get("id") for row in listed if fold(text_of(row.get("name"))) == fold(name)), None)
        if not isinstance(artist_id, str) or not artist_id.replace("-", "").isalnum():
            return ()
        answer = await self._door.get(f"/v1/artist/{artist_id}/track", {"page": "0", "size": str(_PAGE)})
        songs = sorted(_songs(answer), key=lambda song: -(song.popularity or 0.0))
        return tuple(songs[:most])

    async def described(self, spotify_ids: Sequence[str]) -> Mapping[str, Candidate]:
        """What up to 40 songs are called, by their Spotify ids; unknown ones are left out. Raises SourceDown."""
        answer = await self._door.get("/v1/track", {"ids": ",".join(spotify_ids[:MOST_IDS])})
        wanted = set(spotify_ids)
        return {song.spotify_id: song for song in _songs(answer) if song.spotify_id in wanted}


def _songs(answer: Any) -> tuple[Candidate, ...]:
    """The songs in an answer that can be played and named, each once."""
    found: dict[str, Candidate] = {}
    for row in rows_of(answer, "content"):
        song = _song(row)
        if song is not None:
            found.setdefault(song.spotify_id, song)
    return tuple(found.values())


def _song(row: Mapping[str, Any]) -> Candidate | None:
    spotify_id, title = spotify_id_of(row.get("href")), text_of(row.get("trackTitle"))
    names = (text_of(artist.get("name")) for artist in rows_of(row, "artists")[:MOST_ARTISTS])
    artists = tuple(dict.fromkeys(filter(None, names)))
    duration_ms = number_in(row.get("durationMs"), 1, LONGEST_TRACK_MS)
    if spotify_id is None or not title or not artists or duration_ms is None:
        return None
    return Candidate(
        spotify_id=spotify_id,
        title=title,
        artists=artists,
        duration_ms=int(duration_ms),
        source=NAME,
        isrc=isrc_of(row.get("isrc")),
        popularity=number_in(row.get("popularity"), 0, 100),
    )
