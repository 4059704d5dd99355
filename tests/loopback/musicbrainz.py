"""MusicBrainz as its documentation shows it: artists by name and by id, what they released, recordings by their code.

Written after https://musicbrainz.org/doc/MusicBrainz_API, its pages Search, Examples and Rate Limiting, and the tests
of musicbrainz-server; the artists and songs are invented.
"""

from __future__ import annotations

import re
import uuid
from typing import Any

from aiohttp import web

from tests.loopback.misbehaving import Misbehaving

_AGENT = re.compile(r"\S+/\S+ \( \S+ \)")
_QUERY = re.compile(r'artist:"((?:[^"\\]|\\.)*)"')


def mbid(name: object) -> str:
    """An id as it would be there."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, str(name)))


class MusicBrainz(Misbehaving):
    """Knows the artists and recordings that were put into it. Refuses whoever does not say who they are."""

    def __init__(self) -> None:
        super().__init__()
        self.artists: dict[str, dict[str, Any]] = {}
        self.releases: dict[str, list[str]] = {}
        self.recordings: dict[str, list[dict[str, Any]]] = {}

    def know(self, name: str, *, number: int = 0, score: int = 100, released: tuple[str, ...] = (), **said: Any) -> str:
        """An artist; `number` tells namesakes apart, `released` are first release dates. The id."""
        artist_id = mbid(f"{name}{number}")
        self.artists[artist_id] = {
            "id": artist_id,
            "type": "Group",
            "type-id": "e431f5f6-b5d2-343d-8b36-72607fffb74b",
            "score": score,
            "name": name,
            "sort-name": name,
            "country": "GB",
            "area": {"id": mbid("GB"), "type": "Country", "name": "United Kingdom", "iso-3166-1-codes": ["GB"]},
            "disambiguation": "",
            "life-span": {"begin": "1985-06", "end": None, "ended": False},
            "genres": [],
            "tags": [],
            **said,
        }
        self.releases[artist_id] = list(released)
        return artist_id

    def record(self, code: str, artist_id: str, *, credited: str | None = None, **said: Any) -> None:
        """A recording by a known artist; languages of its work as `languages`."""
        artist = self.artists[artist_id]
        brief = {key: artist[key] for key in ("id", "name", "sort-name", "disambiguation", "type")}
        work = {"id": mbid(code + "work"), "title": "A Song", "languages": list(said.pop("languages", ()))}
        relation = {"type": "performance", "target-type": "work", "direction": "forward", "work": work}
        row = {
            "id": mbid(f"{code}{len(self.recordings.get(code, []))}"),
            "title": "A Song",
            "length": 224_000,
            "video": False,
            "disambiguation": "",
            "first-release-date": "1979-11-30",
            "artist-credit": [{"name": credited or artist["name"], "joinphrase": "", "artist": brief}],
            "relations": [relation],
            **said,
        }
        self.recordings.setdefault(code, []).append(row)

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/ws/2/artist", self._search),
            web.get("/ws/2/artist/{mbid}", self._artist),
            web.get("/ws/2/release-group", self._release_groups),
            web.get("/ws/2/isrc/{isrc}", self._isrc),
        ]

    def _admit(self, request: web.Request) -> None:
        if not _AGENT.fullmatch(request.headers.get("User-Agent", "")) or request.query.get("fmt") != "json":
            raise web.HTTPForbidden(text="no such agent, or no JSON asked for")

    async def _search(self, request: web.Request) -> web.Response:
        self._admit(request)
        asked = _QUERY.fullmatch(request.query["query"])
        if asked is None:
            return web.json_response({"error": "Unable to parse search"}, status=400)
        words = set(re.sub(r"\\(.)", r"\1", asked[1]).casefold().split())
        hits = [row for row in self.artists.values() if words & set(row["name"].casefold().split())]
        hits.sort(key=lambda row: -row["score"])
        rows = [{key: value for key, value in row.items() if key != "genres"} for row in hits]
        return web.json_response(
            {"created": "2026-11-22T12:00:00.000Z", "count": len(rows), "offset": 0, "artists": rows}
        )

    async def _artist(self, request: web.Request) -> web.Response:
        self._admit(request)
        row = self.artists.get(request.match_info["mbid"])
        if row is None:
            return web.json_response({"error": "Not Found"}, status=404)
        wanted = request.query.get("inc", "").split()
        left_out = {"score", *({"genres", "tags"} - set(wanted))}
        return web.json_response({key: value for key, value in row.items() if key not in left_out})

    async def _release_groups(self, request: web.Request) -> web.Response:
        self._admit(request)
        dates = self.releases.get(request.query["artist"], [])
        rows = [
            {"id": mbid(date), "title": "A Record", "first-release-date": date, "primary-type": "Album"}
            for date in dates
        ]
        return web.json_response({"release-group-count": len(rows), "release-group-offset": 0, "release-groups": rows})

    async def _isrc(self, request: web.Request) -> web.Response:
        self._admit(request)
        code = request.match_info["isrc"]
        if code not in self.recordings:
            return web.json_response({"error": "Not Found"}, status=404)
        left_out = {"artist-credits": "artist-credit", "work-rels": "relations"}
        absent = {key for inc, key in left_out.items() if inc not in request.query.get("inc", "").split()}
        rows = [{key: value for key, value in row.items() if key not in absent} for row in self.recordings[code]]
        return web.json_response({"isrc": code, "recordings": rows})
