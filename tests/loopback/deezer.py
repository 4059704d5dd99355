"""Deezer as its samples show it: a track by its recording's code, and its album; errors come inside a 200."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from tests.loopback.misbehaving import Misbehaving


class Deezer(Misbehaving):
    """Knows the recordings that were put into it by `know`. While `over_quota`, it says so inside a 200."""

    def __init__(self) -> None:
        super().__init__()
        self.tracks: dict[str, dict[str, Any]] = {}
        self.albums: dict[int, dict[str, Any]] = {}
        self.over_quota = False

    def know(self, code: str, *, genres: tuple[str, ...] = (), **said: Any) -> None:
        album_id = len(self.albums) + 1
        album = {"id": album_id, "title": "An Album", "type": "album"}
        self.tracks[code] = {
            "id": 3_000_000 + album_id,
            "readable": True,
            "title": "A Song",
            "isrc": code,
            "duration": 224,
            "rank": 760033,
            "release_date": "2001-03-07",
            "explicit_lyrics": False,
            "bpm": 123,
            "gain": -12.4,
            "artist": {"id": 27, "name": "Ann Onym", "type": "artist"},
            "album": album,
            "type": "track",
            **said,
        }
        listed = [{"id": place, "name": name, "type": "genre"} for place, name in enumerate(genres, start=100)]
        self.albums[album_id] = {**album, "genre_id": -1, "genres": {"data": listed}, "explicit_lyrics": False}

    def routes(self) -> list[web.RouteDef]:
        return [web.get("/track/isrc:{code}", self._track), web.get("/album/{id}", self._album)]

    async def _track(self, request: web.Request) -> web.Response:
        return self._answer(self.tracks.get(request.match_info["code"]))

    async def _album(self, request: web.Request) -> web.Response:
        return self._answer(self.albums.get(int(request.match_info["id"])))

    def _answer(self, found: dict[str, Any] | None) -> web.Response:
        if self.over_quota:
            return web.json_response({"error": {"type": "Exception", "message": "Quota limit exceeded", "code": 4}})
        if found is None:
            return web.json_response({"error": {"type": "DataException", "message": "no data", "code": 800}})
        return web.json_response(found)
