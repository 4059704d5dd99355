"""A stand-in for accounts.spotify.com on the loopback: authorize and token endpoints by RFC 6749 and 7636.

It checks what Spotify checks: the client, the registered redirect URI, the code used once, the PKCE verifier, the
refresh token that may be dead. It can be told to rotate refresh tokens, to be slow, to refuse, and to send rubbish.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from urllib.parse import urlencode

from aiohttp import web


@dataclass(slots=True, kw_only=True)
class Asked:
    """What the one who agreed was asked for, until its code is used."""

    account_id: str
    redirect_uri: str
    scope: str
    challenge: str


@dataclass(slots=True)
class AccountsServer:
    """The server and its state; `base` is its address. `calls` are the grant types of the requests for tokens.

    `account_id` names who is signed in at Spotify; `on_access` is told of every access token: it, whose, its scopes.
    """

    base: str = ""
    client_id: str = "clientofvibrato"
    secret: str | None = None
    redirect_uris: set[str] = field(default_factory=set)
    account_id: str = "account-of-ada"
    rotate: bool = True
    expires_in: int = 3600
    delay_s: float = 0.0
    answer: tuple[int, str] | None = None
    deny: bool = False
    calls: list[str] = field(default_factory=list)
    issued: list[str] = field(default_factory=list)
    codes: dict[str, Asked] = field(default_factory=dict)
    refreshes: dict[str, Asked] = field(default_factory=dict)
    access: dict[str, str] = field(default_factory=dict)
    on_access: Callable[[str, str, frozenset[str]], None] | None = None

    def revoke(self) -> None:
        """What the account's owner does at spotify.com/account/apps."""
        self.refreshes.clear()

    def _fresh(self, kind: str) -> str:
        token = f"CANARY-{kind}-{secrets.token_urlsafe(24)}"
        self.issued.append(token)
        return token

    async def authorize(self, request: web.Request) -> web.StreamResponse:
        asked = request.query
        if asked.get("client_id") != self.client_id or asked.get("redirect_uri") not in self.redirect_uris:
            # RFC 6749, section 4.1.2.1: such a request must not be redirected.
            return web.Response(status=400, text="INVALID_CLIENT: Invalid redirect URI")
        back = {"state": asked["state"]} if "state" in asked else {}
        if self.deny:
            return self._back(asked["redirect_uri"], error="access_denied", **back)
        if asked.get("response_type") != "code" or asked.get("code_challenge_method") != "S256":
            return self._back(asked["redirect_uri"], error="invalid_request", **back)
        code = self._fresh("code")
        self.codes[code] = Asked(
            account_id=self.account_id,
            redirect_uri=asked["redirect_uri"],
            scope=asked.get("scope", ""),
            challenge=asked["code_challenge"],
        )
        return self._back(asked["redirect_uri"], code=code, **back)

    def _back(self, uri: str, **query: str) -> web.StreamResponse:
        return web.Response(status=303, headers={"Location": f"{uri}?{urlencode(query)}"})

    async def token(self, request: web.Request) -> web.Response:
        form = await request.post()
        kind = str(form.get("grant_type"))
        self.calls.append(kind)
        await asyncio.sleep(self.delay_s)
        if self.answer is not None:
            status, text = self.answer
            return web.Response(status=status, text=text, content_type="application/json")
        if not self._is_client(request, form):
            return _error(400, "invalid_client")
        if kind == "authorization_code":
            return self._exchange(form)
        return self._refresh(form) if kind == "refresh_token" else _error(400, "unsupported_grant_type")

    def _is_client(self, request: web.Request, form: object) -> bool:
        named = form.get("client_id") == self.client_id  # type: ignore[attr-defined]
        if self.secret is None:
            return bool(named) and "Authorization" not in request.headers
        pair = base64.b64encode(f"{self.client_id}:{self.secret}".encode()).decode()
        return request.headers.get("Authorization") == f"Basic {pair}"

    def _exchange(self, form: object) -> web.Response:
        asked = self.codes.pop(form.get("code"), None)  # type: ignore[attr-defined]
        verifier = str(form.get("code_verifier") or "")  # type: ignore[attr-defined]
        digest = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")
        if not 43 <= len(verifier) <= 128 or asked is None or digest != asked.challenge:
            return _error(400, "invalid_grant")
        if form.get("redirect_uri") != asked.redirect_uri:  # type: ignore[attr-defined]
            return _error(400, "invalid_grant")
        return self._tokens(asked, rotate=True)

    def _refresh(self, form: object) -> web.Response:
        used = str(form.get("refresh_token"))  # type: ignore[attr-defined]
        asked = self.refreshes.get(used)
        if asked is None:
            return _error(400, "invalid_grant")
        if self.rotate:
            del self.refreshes[used]
        return self._tokens(asked, rotate=self.rotate)

    def _tokens(self, asked: Asked, *, rotate: bool) -> web.Response:
        access = self._fresh("access")
        self.access[access] = asked.account_id
        if self.on_access is not None:
            self.on_access(access, asked.account_id, frozenset(asked.scope.split()))
        body = {"access_token": access, "token_type": "Bearer", "expires_in": self.expires_in, "scope": asked.scope}
        if rotate:
            body["refresh_token"] = self._fresh("refresh")
            self.refreshes[body["refresh_token"]] = asked
        return web.json_response(body, headers={"Cache-Control": "no-store"})


def _error(status: int, code: str) -> web.Response:
    return web.json_response({"error": code, "error_description": "as it stands in RFC 6749"}, status=status)


@asynccontextmanager
async def running_accounts() -> AsyncIterator[AccountsServer]:
    """The server at a free port of the loopback."""
    server = AccountsServer()
    application = web.Application()
    application.router.add_get("/authorize", server.authorize)
    application.router.add_post("/api/token", server.token)
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.2)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        server.base = f"http://127.0.0.1:{runner.addresses[0][1]}"
        yield server
    finally:
        await runner.cleanup()
