"""ReccoBeats as its samples show it: features by Spotify id or ISRC, descriptions, recommendations, artists."""

from __future__ import annotations

import hashlib
import uuid
from typing import Any

from aiohttp import web

from tests.loopback.misbehaving import Misbehaving

SIGNS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
NUMBERS = ("acousticness", "danceability", "energy", "instrumentalness", "liveness", "speechiness", "valence")


def spotify_id(number: int | str) -> str:
    """An invented id of 22 signs, always the same for a name."""
    digest = int.from_bytes(hashlib.sha256(str(number).encode()).digest(), "big")
    return "".join(SIGNS[digest // 62**place % 62] for place in range(22))


def isrc(number: int) -> str:
    """An invented recording's code."""
    return f"ZZVIB{number:07d}"


def features(**said: float) -> dict[str, float]:
    """Features in the middle, but for those that are said."""
    return {**dict.fromkeys(NUMBERS, 0.4), "key": 5, "mode": 1, "loudness": -9.5, "tempo": 118.0, **said}


class ReccoBeats(Misbehaving):
    """Knows what was put into it by `know`, and what `unmeasured` describes without features."""

    def __init__(self) -> None:
        super().__init__()
        self.tracks: dict[str, dict[str, Any]] = {}
        self.measured: dict[str, dict[str, Any]] = {}
        self.artists: dict[str, str] = {}
        self.by_artist: dict[str, list[str]] = {}
        self.recommended: list[str] = []
        self.extra_rows: list[dict[str, Any]] = []

    def know(
        self, number: int, *, title: str = "", artist: str = "Ann Onym", measured: bool = True, **said: Any
    ) -> str:
        """A song, and its Spotify id."""
        track_id, own_id = spotify_id(number), str(uuid.UUID(int=number))
        artist_id = self.artists.setdefault(artist, str(uuid.uuid5(uuid.NAMESPACE_DNS, artist)))
        code = said.pop("code", isrc(number))
        popularity = said.pop("popularity", 50)
        href = f"https://open.spotify.com/track/{track_id}"
        self.tracks[track_id] = {
            "id": own_id,
            "trackTitle": title or f"Song {number}",
            "artists": [
                {"id": artist_id, "name": artist, "href": f"https://open.spotify.com/artist/{spotify_id(artist)}"}
            ],
            "durationMs": 200_000 + number,
            "isrc": code,
            "ean": None,
            "upc": None,
            "href": href,
            "availableCountries": "AT,DE",
            "popularity": popularity,
        }
        self.by_artist.setdefault(artist_id, []).append(track_id)
        if measured:
            self.measured[track_id] = {"id": own_id, "href": href, "isrc": code, **features(**said)}
        return track_id

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/v1/audio-features", self._features),
            web.get("/v1/track", self._described),
            web.get("/v1/track/recommendation", self._recommendation),
            web.get("/v1/artist/search", self._artist_search),
            web.get("/v1/artist/{id}/track", self._artist_tracks),
        ]

    async def _features(self, request: web.Request) -> web.Response:
        ids = request.query.get("ids", "").split(",")
        if not 1 <= len(ids) <= 40:
            return _refused("size must be between 1 and 40")
        wanted = set(ids)
        rows = [row for key, row in self.measured.items() if key in wanted or row["isrc"] in wanted]
        return web.json_response({"content": [*reversed(rows), *self.extra_rows]})

    async def _described(self, request: web.Request) -> web.Response:
        wanted = request.query.get("ids", "").split(",")
        if not 1 <= len(wanted) <= 40:
            return _refused("size must be between 1 and 40")
        return web.json_response({"content": [self.tracks[key] for key in wanted if key in self.tracks]})

    async def _recommendation(self, request: web.Request) -> web.Response:
        seeds = request.query.get("seeds", "").split(",")
        size = int(request.query.get("size", "0"))
        if not (1 <= len(seeds) <= 5 and all(seeds)) or not 1 <= size <= 100:
            return _refused("seeds must be 1 to 5, size 1 to 100")
        if not any(seed in self.tracks for seed in seeds):
            return _refused("no such seed")
        found = [self.tracks[key] for key in self.recommended if key not in seeds][:size]
        return web.json_response({"content": found})

    async def _artist_search(self, request: web.Request) -> web.Response:
        text = request.query["searchText"].casefold()
        rows = [{"id": own, "name": name, "href": ""} for name, own in self.artists.items() if text in name.casefold()]
        return web.json_response(_page(rows, request))

    async def _artist_tracks(self, request: web.Request) -> web.Response:
        rows = [self.tracks[key] for key in self.by_artist.get(request.match_info["id"], [])]
        return web.json_response(_page(rows, request))


def _page(rows: list[Any], request: web.Request) -> dict[str, Any]:
    page, size = int(request.query.get("page", "0")), int(request.query.get("size", "20"))
    shown = rows[page * size : (page + 1) * size]
    return {
        "content": shown,
        "page": page,
        "size": size,
        "totalElements": len(rows),
        "totalPages": -(-len(rows) // size),
    }


def _refused(message: str) -> web.Response:
    return web.json_response({"status": 4004, "errors": [{"message": message}]}, status=400)
