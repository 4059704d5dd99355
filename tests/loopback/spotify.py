"""A Spotify on the loopback: it keeps playlists and libraries, checks every call, and fails in every way when told to.

    async with loopback_spotify() as spotify:
        token = spotify.grant("ada")                    # an AccessToken of an account made for it
        gateway = SpotifyGateway(api_base=spotify.base)
        spotify.faults.append(Fault("done_error", on="create_playlist"))

What died for apps made today is refused as Spotify does it. Calls that break the contract are in `violations`, which a
test should find empty. While `talking` is cleared the server hangs.
"""

from __future__ import annotations

import asyncio
import base64
import html
import json
import re
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from aiohttp import web

from bot.spotify.values import AccessToken
from tests.loopback.spotify_contract import DEAD, Route, faults, route_of

ALL_SCOPES = frozenset(
    {
        "playlist-modify-public",
        "playlist-modify-private",
        "playlist-read-private",
        "ugc-image-upload",
        "user-library-read",
        "user-top-read",
        "user-read-recently-played",
    }
)

FaultKind = Literal[
    "slow", "late", "limited", "quota", "error", "done_error", "cut", "done_cut", "rubbish", "done_rubbish", "expired"
]
"""slow: waits `seconds`, then does it and answers. late: does it, then waits. limited, quota: 429. error: 502, nothing
done. cut: the line is cut, nothing done. rubbish: 200, no JSON, nothing done. expired: 401. done_...: it was done."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What goes wrong with the next call named `on`, or with the next one at all."""

    kind: FaultKind
    on: str | None = None
    seconds: float = 0.0
    retry_after: str | None = None
    status: int = 502


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A call that came. `done` tells whether its work was done, `status` what was answered (0: the line was cut)."""

    name: str
    method: str
    path: str
    query: Mapping[str, str]
    body: Any
    token: str
    status: int
    done: bool


@dataclass(slots=True, kw_only=True)
class KeptPlaylist:
    """A playlist as it stands on the server."""

    id: str
    owner: str
    name: str
    description: str
    public: bool
    uris: list[str] = field(default_factory=list)
    cover: bytes | None = None
    followed: bool = True


@dataclass(slots=True, kw_only=True)
class Account:
    """Somebody's account, with a library of raw tracks: (track, when it was saved or played)."""

    user_id: str
    account_id: str
    display_name: str
    saved: list[tuple[dict[str, Any], datetime]] = field(default_factory=list)
    top: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    played: list[tuple[dict[str, Any], datetime]] = field(default_factory=list)


def raw_track(number: int, name: str | None = None, artist: str = "Artist", **changes: Any) -> dict[str, Any]:
    """A song as the API describes it today; its id follows from the number."""
    facts: dict[str, Any] = {
        "id": f"{number:022d}",
        "type": "track",
        "name": name or f"Song {number}",
        "uri": f"spotify:track:{number:022d}",
        "artists": [{"id": f"{number % 97:022d}", "name": f"{artist} {number % 97}", "type": "artist"}],
        "album": {"id": f"{number % 89:022d}", "name": f"Album {number % 89}", "release_date": "1999-05-01"},
        "duration_ms": 180_000 + number,
        "explicit": False,
        "is_local": False,
        "external_ids": {"isrc": f"QZABC{number % 10_000_000:07d}"},
    }
    return facts | changes


class LoopbackSpotify:
    """The server's state: what it keeps, what came, and what shall go wrong."""

    def __init__(self) -> None:
        self.base = ""
        self.accounts: dict[str, Account] = {}
        self.playlists: dict[str, KeptPlaylist] = {}
        self.catalogue: list[dict[str, Any]] = []
        self.seen: list[Seen] = []
        self.violations: list[str] = []
        self.faults: list[Fault] = []
        self._own_faults: dict[str, list[Fault]] = {}
        self.instead: Callable[[web.Request], Awaitable[web.StreamResponse]] | None = None
        self.talking = asyncio.Event()
        self.talking.set()
        self._grants: dict[str, tuple[str, frozenset[str]]] = {}

    def account(self, name: str) -> Account:
        """The account of that name; made when it is new."""
        made = Account(user_id=name, account_id=f"acc{name}", display_name=name.title())
        return self.accounts.setdefault(name, made)

    def grant(self, name: str, scopes: frozenset[str] = ALL_SCOPES, secret: str | None = None) -> AccessToken:
        """A token for an account."""
        account, secret = self.account(name), secret or f"BQ{secrets.token_urlsafe(60)}"
        self._grants[secret] = (name, scopes)
        return AccessToken(
            secret=secret,
            account_id=account.account_id,
            scopes=scopes,
            expires_at=datetime.now(UTC) + timedelta(hours=1),
        )

    def accept(self, secret: str, name: str, scopes: frozenset[str] = ALL_SCOPES) -> None:
        """Take a token that another server gave out."""
        self.account(name)
        self._grants[secret] = (name, scopes)

    def faults_of(self, name: str) -> list[Fault]:
        """What shall go wrong for one account alone."""
        return self._own_faults.setdefault(name, [])

    def revoke(self, token: AccessToken) -> None:
        """Take the token no more."""
        self._grants.pop(token.secret, None)

    def named(self, name: str) -> list[Seen]:
        """The calls of that name."""
        return [seen for seen in self.seen if seen.name == name]

    def of(self, name: str) -> list[KeptPlaylist]:
        """The playlists in an account's library, the latest first."""
        return [kept for kept in reversed(self.playlists.values()) if kept.owner == name and kept.followed]

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """One request; whatever stands in `instead` answers it in our place."""
        if self.instead is not None:
            return await self.instead(request)
        path, method = request.match_info["path"], request.method
        raw = await request.read()
        content_type = request.content_type if raw else ""
        body: Any = raw.decode("utf-8", "replace") if raw else None
        if raw and content_type == "application/json":
            body = json.loads(raw)
        found = route_of(method, path)
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        facts: dict[str, Any] = {
            "name": found[0].name if found else "?",
            "method": method,
            "path": path,
            "query": dict(request.query),
            "body": body,
            "token": token,
        }
        owner = self._grants.get(token, ("", frozenset()))[0]
        fault = _next_fault(facts["name"], self._own_faults.get(owner, [])) or _next_fault(facts["name"], self.faults)
        await self.talking.wait()
        if fault and fault.kind == "slow":
            await asyncio.sleep(fault.seconds)
        if fault and fault.kind in ("cut", "limited", "quota", "error", "rubbish", "expired"):
            return self._fail(request, fault, facts, done=False)
        status, answer = self._served(found, facts, content_type)
        if fault and fault.kind == "late":
            await asyncio.sleep(fault.seconds)
        if fault and fault.kind.startswith("done_"):
            return self._fail(request, fault, facts, done=status < 300)
        self.seen.append(Seen(**facts, status=status, done=status < 300))
        return web.Response() if answer is None and status == 200 else _answer(status, answer)

    def _fail(self, request: web.Request, fault: Fault, facts: dict[str, Any], *, done: bool) -> web.StreamResponse:
        kind = fault.kind.removeprefix("done_")
        status = {"cut": 0, "rubbish": 200, "limited": 429, "quota": 429, "expired": 401}.get(kind, fault.status)
        self.seen.append(Seen(**facts, status=status, done=done))
        if kind == "cut":
            if request.transport is not None:
                request.transport.abort()
            return web.Response()
        if kind == "rubbish":
            return web.Response(text="<html>502 \0 Bad {gateway", content_type="application/json")
        if kind in ("limited", "quota"):
            error = {"status": 429, "message": "API rate limit exceeded"}
            more = {"reason": "QUOTA_EXCEEDED"} if kind == "quota" else {}
            headers = {} if fault.retry_after is None else {"Retry-After": fault.retry_after}
            return web.json_response({"error": error | more}, status=429, headers=headers)
        # Some of Spotify's servers repeat what they were sent.
        return _answer(status, _error(status, f"The access token {facts['token']} expired"))

    def _served(
        self, found: tuple[Route, Mapping[str, str]] | None, facts: dict[str, Any], content_type: str
    ) -> tuple[int, Any]:
        if found is None:
            self.violations.append(f"{facts['method']} {facts['path']} is no call that works today")
            gone = next((status for status, path in DEAD if re.fullmatch(path, facts["path"])), 404)
            return gone, _error(gone, "Forbidden" if gone == 403 else "Not found.")
        route, named = found
        grant = self._grants.get(facts["token"])
        if grant is None:
            return 401, _error(401, f"Invalid access token: {facts['token']}")
        owner, scopes = grant
        if wrong := faults(route, facts["query"], content_type, facts["body"]):
            self.violations += [f"{route.name}: {fault}" for fault in wrong]
            return 400, _error(400, wrong[0])
        if route.scopes and not route.scopes & scopes:
            return 403, _error(403, "Insufficient client scope")
        return self._done(route.name, owner, scopes, facts, named.get("playlist", ""))

    def _done(
        self, name: str, owner: str, scopes: frozenset[str], facts: dict[str, Any], playlist_id: str
    ) -> tuple[int, Any]:
        query, body = facts["query"], facts["body"]
        start, limit = int(query.get("offset", 0)), int(query.get("limit", 20))
        account = self.accounts[owner]
        if name == "me":
            return 200, _profile(account)
        if name == "own_playlists":
            mine = self.of(owner)
            return 200, _page([_playlist(kept) for kept in mine[start : start + limit]], len(mine))
        if name == "saved_tracks":
            entries = [{"added_at": _stamp(at), "track": track} for track, at in account.saved]
            return 200, _page(entries[start : start + limit], len(entries))
        if name == "top_tracks":
            top = account.top.get(query.get("time_range", "medium_term"), [])
            return 200, _page(top[start : start + limit], len(top))
        if name == "recently_played":
            since = datetime.fromtimestamp(int(query.get("after", 0)) / 1000, UTC)
            entries = [{"played_at": _stamp(at), "track": track} for track, at in account.played if at > since]
            return 200, _page(entries[:limit], len(entries))
        if name == "search_tracks":
            words = re.sub(r'\b(?:artist|genre|isrc):|\byear:\S+|"', " ", query["q"].casefold()).split()
            hits = [track for track in self.catalogue if all(word in json.dumps(track).casefold() for word in words)]
            return 200, {"tracks": _page(hits[start : start + limit], len(hits))}
        if name == "create_playlist":
            return self._create(owner, scopes, body)
        return self._changed(name, owner, facts, playlist_id)

    def _create(self, owner: str, scopes: frozenset[str], body: dict[str, Any]) -> tuple[int, Any]:
        public = body.get("public", True)
        if ("playlist-modify-public" if public else "playlist-modify-private") not in scopes:
            return 403, _error(403, "Insufficient client scope")
        kept = KeptPlaylist(
            id=f"{len(self.playlists) + 1:022d}",
            owner=owner,
            name=body["name"],
            # As Spotify hands it out again.
            description=html.escape(body.get("description", "")).replace("/", "&#x2F;"),
            public=public,
        )
        self.playlists[kept.id] = kept
        return 201, _playlist(kept)

    def _changed(self, name: str, owner: str, facts: dict[str, Any], playlist_id: str) -> tuple[int, Any]:
        kept = self.playlists.get(playlist_id or facts["query"].get("uris", "").rpartition(":")[2])
        if kept is None:
            return 404, _error(404, "Resource not found")
        if kept.owner != owner:
            return 403, _error(403, "You cannot change a playlist you don't own")
        body = facts["body"]
        if name == "unfollow":
            kept.followed = False
            return 200, None
        if name == "change_details":
            kept.name = body.get("name", kept.name)
            kept.description = html.escape(body.get("description", kept.description)).replace("/", "&#x2F;")
            return 200, None
        if name == "upload_cover":
            kept.cover = base64.b64decode(body)
            return 202, None
        kept.uris = body["uris"] if name == "replace_items" else [*kept.uris, *body["uris"]]
        return (200 if name == "replace_items" else 201), {"snapshot_id": secrets.token_hex(8)}


@asynccontextmanager
async def loopback_spotify() -> AsyncIterator[LoopbackSpotify]:
    """The server at a free port, for as long as the block lasts."""
    spotify = LoopbackSpotify()
    application = web.Application(client_max_size=2_000_000)
    application.router.add_route("*", "/v1/{path:.*}", spotify.handle)
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        spotify.base = f"http://127.0.0.1:{runner.addresses[0][1]}/v1/"
        yield spotify
    finally:
        spotify.talking.set()
        await runner.cleanup()


def _next_fault(name: str, faults: list[Fault]) -> Fault | None:
    """The first that is meant for a call of that name; it happens once."""
    for fault in faults:
        if fault.on in (None, name):
            faults.remove(fault)
            return fault
    return None


def _answer(status: int, body: Any) -> web.Response:
    return web.Response(status=status) if body is None else web.json_response(body, status=status)


def _error(status: int, message: str) -> dict[str, Any]:
    return {"error": {"status": status, "message": message}}


def _page(items: list[Any], total: int) -> dict[str, Any]:
    return {"items": items, "total": total, "next": None, "limit": len(items), "offset": 0}


def _playlist(kept: KeptPlaylist) -> dict[str, Any]:
    return {
        "id": kept.id,
        "type": "playlist",
        "name": kept.name,
        "description": kept.description,
        "public": kept.public,
        "uri": f"spotify:playlist:{kept.id}",
        "external_urls": {"spotify": f"https://open.spotify.com/playlist/{kept.id}"},
        "owner": {"id": kept.owner},
        "items": {"total": len(kept.uris)},
    }


def _profile(account: Account) -> dict[str, Any]:
    """What `GET /me` still says: no country, email, product or followers."""
    return {
        "id": account.user_id,
        "account_id": account.account_id,
        "display_name": account.display_name,
        "images": [{"url": "https://i.scdn.co/image/x", "height": 64, "width": 64}],
        "type": "user",
        "uri": f"spotify:user:{account.user_id}",
    }


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
