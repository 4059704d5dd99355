"""ListenBrainz as its documentation shows it: how widely artists are heard, and its laboratory's similar artists.

Written after https://listenbrainz.readthedocs.io/en/latest/users/api/ and the source of listenbrainz-server.
"""

from __future__ import annotations

from typing import Any

from aiohttp import web

from tests.loopback.misbehaving import Misbehaving
from tests.loopback.musicbrainz import mbid


class ListenBrainz(Misbehaving):
    """Knows listeners by artist id. Its headers say how much of the window is `left`, and in how long it is over."""

    def __init__(self) -> None:
        super().__init__()
        self.listeners: dict[str, int] = {}
        self.left, self.over_in_s = 29, 10

    def routes(self) -> list[web.RouteDef]:
        return [web.post("/1/popularity/artist", self._popularity)]

    async def _popularity(self, request: web.Request) -> web.Response:
        wanted = (await request.json())["artist_mbids"]
        known = self.listeners
        rows = [
            {
                "artist_mbid": artist,
                "total_listen_count": known[artist] * 70 if artist in known else None,
                "total_user_count": known.get(artist),
            }
            for artist in wanted
        ]
        headers = {
            "X-RateLimit-Limit": "30",
            "X-RateLimit-Remaining": str(self.left),
            "X-RateLimit-Reset-In": str(self.over_in_s),
        }
        return web.json_response(rows, headers=headers)


class SimilarityLab(Misbehaving):
    """Knows rows of similar artists by the id they are like."""

    def __init__(self) -> None:
        super().__init__()
        self.near: dict[str, list[dict[str, Any]]] = {}

    def liken(self, artist: str, *others: tuple[str, int]) -> None:
        """Names with raw scores, in no order, as they are stored there."""
        self.near[artist] = [
            {
                "artist_mbid": mbid(name),
                "name": name,
                "comment": "",
                "type": "Group",
                "gender": None,
                "score": score,
                "reference_mbid": artist,
            }
            for name, score in others
        ]

    def routes(self) -> list[web.RouteDef]:
        return [web.get("/similar-artists/json", self._similar)]

    async def _similar(self, request: web.Request) -> web.Response:
        if not request.query.get("algorithm"):
            return web.json_response({"error": "algorithm: field required"}, status=400)
        return web.json_response(self.near.get(request.query["artist_mbids"], []))
