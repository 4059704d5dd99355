"""The accounts service of Spotify: Authorization Code with PKCE (RFC 6749, RFC 7636), and refreshing.

Nothing in here logs, and no error repeats what the service answered but the error code that RFC 6749 section 5.2 names.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import aiohttp

from bot.errors import LinkExpired, SpotifyRefused, SpotifyUnreachable

ACCOUNTS = "https://accounts.spotify.com"

TIMEOUT_S = 10.0
"""How long one exchange may take in all."""

LONGEST_ANSWER = 64 << 10
"""Bytes of an answer that are read; a token answer has about one kilobyte."""

SPARE = timedelta(seconds=30)
"""A token counts as expired this long before it is, so that it does not run out on its way."""

MEMBER_SCOPES = (
    "user-library-read",
    "user-top-read",
    "playlist-read-private",
    "playlist-modify-public",
    "playlist-modify-private",
    "ugc-image-upload",
)
"""What a member's link may: read the library, and keep playlists with a cover."""

LISTENING_SCOPE = "user-read-recently-played"
"""What it may as well where the member wants heard songs noted."""

OWNER_SCOPES = ("playlist-read-private", "playlist-modify-public", "playlist-modify-private", "ugc-image-upload")
"""What the account that publishes for everyone may."""

_VERIFIER_BYTES = 48
_ERRORS = frozenset(
    {
        "invalid_request",
        "invalid_client",
        "invalid_grant",
        "unauthorized_client",
        "unsupported_grant_type",
        "invalid_scope",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """What the accounts service gave. `refresh` is None where the one used stays good; tokens never show in a repr."""

    access: str = field(repr=False)
    refresh: str | None = field(repr=False, default=None)
    expires_at: datetime
    scope: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """The application at Spotify that asks. Without a `secret` it is a public client, for which PKCE alone stands."""

    client_id: str
    secret: str | None = field(repr=False, default=None)


class SpotifyAccounts:
    """Asks the accounts service at `base`; one attempt a call, `timeout_s` in all. `clock` gives the time in UTC."""

    def __init__(
        self,
        application: Application,
        *,
        clock: Callable[[], datetime],
        base: str = ACCOUNTS,
        timeout_s: float = TIMEOUT_S,
    ) -> None:
        self._application = application
        self._clock = clock
        self._base = base.rstrip("/")
        self._timeout = aiohttp.ClientTimeout(total=timeout_s)

    def authorize_url(self, *, state: str, verifier: str, redirect_uri: str, scopes: Sequence[str]) -> str:
        """Where the browser of the one who is to agree is sent."""
        asked = {
            "response_type": "code",
            "client_id": self._application.client_id,
            "redirect_uri": redirect_uri,
            "scope": " ".join(scopes),
            "state": state,
            "code_challenge_method": "S256",
            "code_challenge": challenge_of(verifier),
            # So that the page says which account it is about, also to somebody who agreed before.
            "show_dialog": "true",
        }
        return f"{self._base}/authorize?{urlencode(asked)}"

    async def exchange(self, code: str, *, verifier: str, redirect_uri: str) -> Grant:
        """The grant of a code. Raises LinkExpired when the code is not good, SpotifyRefused, SpotifyUnreachable."""
        grant = await self._ask(
            {
                "grant_type": "authorization_code",
                "code": code,
                "redirect_uri": redirect_uri,
                "code_verifier": verifier,
            }
        )
        if grant.refresh is None:
            raise SpotifyUnreachable(cause="the accounts service gave no refresh token")
        return grant

    async def refresh(self, refresh_token: str) -> Grant:
        """A new access token, and perhaps a new refresh token in place of this one.

        Raises LinkExpired when the member took the grant back or six months are over, SpotifyRefused,
        SpotifyUnreachable; after the last nobody knows whether the token was used up.
        """
        return await self._ask({"grant_type": "refresh_token", "refresh_token": refresh_token})

    async def _ask(self, asked: Mapping[str, str]) -> Grant:
        headers, form = {"Accept": "application/json"}, dict(asked)
        application = self._application
        # Who has no secret names itself in the form (RFC 6749, section 3.2.1).
        form["client_id"] = application.client_id
        if application.secret is not None:
            pair = f"{application.client_id}:{application.secret}".encode()
            headers["Authorization"] = f"Basic {base64.b64encode(pair).decode()}"
        sent = self._clock()
        try:
            async with (
                aiohttp.ClientSession(timeout=self._timeout, trust_env=True) as session,
                session.post(f"{self._base}/api/token", data=form, headers=headers, allow_redirects=False) as answer,
            ):
                status, raw = answer.status, await answer.content.read(LONGEST_ANSWER)
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            # The error's own text may hold the address that was asked, and nothing else is of use.
            raise SpotifyUnreachable(cause=f"the accounts service: {type(error).__name__}") from None
        return _grant(status, raw, sent)


def new_verifier() -> str:
    """A PKCE verifier of 384 random bits: 64 of the 43 to 128 characters that RFC 7636 allows."""
    return secrets.token_urlsafe(_VERIFIER_BYTES)


def challenge_of(verifier: str) -> str:
    """The S256 challenge of a verifier (RFC 7636, section 4.2)."""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")


def _grant(status: int, raw: bytes, sent: datetime) -> Grant:
    """What an answer gives. Raises as `SpotifyAccounts.refresh`."""
    said = _object(raw)
    if status != 200:
        code = said.get("error")
        named = code if isinstance(code, str) and code in _ERRORS else "no reason that is known"
        if status == 400 and named == "invalid_grant":
            raise LinkExpired
        if status in (400, 401, 403):
            raise SpotifyRefused(cause=f"the accounts service: {status} {named}")
        raise SpotifyUnreachable(cause=f"the accounts service: {status}")
    access, seconds, refresh = said.get("access_token"), said.get("expires_in"), said.get("refresh_token")
    if not isinstance(access, str) or not access or str(said.get("token_type", "")).lower() != "bearer":
        raise SpotifyUnreachable(cause="the accounts service answered without a token")
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or not 0 < seconds < 1e9:
        raise SpotifyUnreachable(cause="the accounts service answered without an end of the token")
    return Grant(
        access=access,
        refresh=refresh if isinstance(refresh, str) and refresh else None,
        expires_at=sent + timedelta(seconds=seconds),
        scope=str(said.get("scope") or ""),
    )


def _object(raw: bytes) -> dict[str, Any]:
    try:
        said = json.loads(raw)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}
