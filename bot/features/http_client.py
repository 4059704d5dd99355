"""The one way out to a source: a request for JSON, paced, timed, capped, behind a breaker."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import aiohttp

from bot.errors import SourceDown
from bot.features.circuit_breaker import Breaker
from bot.features.rate_limiter import RateLimiter
from bot.features.values import FeatureSource

LARGEST_BYTES = 2_000_000
"""What an answer may weigh; 40 songs weigh 20 kB."""

TIMEOUT_S = 4.0
"""The longest wait for one answer; a request of a member has a shorter deadline of its own."""

SLOW_S = 0.75
"""Whoever gives up after that long has met a source that does not answer."""

LONGEST_REST_S = 60.0
"""A window of a rate limit is waited for up to so long; a source that wants more is left alone instead."""

AGENT = "Vibrato/0.1"
"""Who we are to a source; one that wants to know whom to write to is told that as well, see `agent_with`."""

_WAIT_S = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """Where sources live, how fast they may be asked (`calls` in `per_s` seconds), and how they are made of a door.

    `sources` are asked while a member may be waiting. One that `wants_contact` is not asked before an operator has said
    whom it can write to.
    """

    name: str
    base: str
    calls: int
    per_s: float
    sources: tuple[Callable[[HttpClient], FeatureSource], ...] = ()
    wants_contact: bool = False
    timeout_s: float = TIMEOUT_S


def agent_with(contact: str) -> str:
    """The User-Agent in the form that MetaBrainz asks for: name, version, and where we can be reached."""
    return f"{AGENT} ( {contact} )"


class HttpClient:
    """Asks one source. Repeats no call, but for one on a kept connection that turned out to be gone (aiohttp does that
    with a GET), and follows no redirect.
    """

    def __init__(
        self,
        session: aiohttp.ClientSession,
        base: str,
        *,
        breaker: Breaker,
        pace: RateLimiter,
        timeout_s: float = TIMEOUT_S,
        agent: str = AGENT,
    ) -> None:
        self._session = session
        self._base = base.rstrip("/")
        self._breaker = breaker
        self._pace = pace
        self._timeout_s = timeout_s
        self._headers = {"Accept": "application/json", "User-Agent": agent}

    async def get(self, path: str, params: Mapping[str, str]) -> Any:
        """The JSON at a path; None when the source says that there is no such thing (400, 404).

        Raises SourceDown when it does not answer, is busy, or answers with something else than JSON.
        """
        return await self._asked("GET", path, params=params)

    async def post(self, path: str, body: Mapping[str, Any]) -> Any:
        """The same for a question that is sent as JSON; only for reading, as it may be asked twice."""
        return await self._asked("POST", path, json=body)

    async def _asked(self, method: str, path: str, **question: Any) -> Any:
        self._breaker.check()
        await self._pace.turn()
        self._breaker.check()
        started = time.monotonic()
        try:
            async with asyncio.timeout(self._timeout_s):
                answer = await self._answer(method, path, question)
        except SourceDown:
            raise
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
            self._breaker.failed()
            raise self._breaker.down(f"{type(error).__name__}: {error}"[:200]) from error
        except asyncio.CancelledError:
            if time.monotonic() - started > SLOW_S:
                self._breaker.failed()
            raise
        self._breaker.answered()
        return answer

    async def _answer(self, method: str, path: str, question: Mapping[str, Any]) -> Any:
        async with self._session.request(
            method, self._base + path, headers=self._headers, allow_redirects=False, **question
        ) as response:
            self._heed(response)
            # MusicBrainz tells those who ask too fast with a 503; one without a time is a fault like any other.
            if response.status == 429 or (response.status == 503 and "Retry-After" in response.headers):
                said = response.headers.get("Retry-After") or response.headers.get("X-RateLimit-Reset-In")
                self._breaker.told_to_wait(_retry_after_s(said))
                raise self._breaker.down(f"asks to be left alone ({response.status})")
            if response.status in (400, 404):
                return None
            if response.status != 200:
                self._breaker.failed()
                raise self._breaker.down(f"answers {response.status}")
            return json.loads(await _body(response))

    def _heed(self, response: aiohttp.ClientResponse) -> None:
        """Ask no more in a window of which the source says that nothing of it is left."""
        left, over_in = (response.headers.get(f"X-RateLimit-{name}", "").strip() for name in ("Remaining", "Reset-In"))
        if left != "0" or not over_in.isdigit():
            return
        if float(over_in) > LONGEST_REST_S:
            self._breaker.told_to_wait(float(over_in))
        else:
            self._pace.rest(float(over_in))


async def _body(response: aiohttp.ClientResponse) -> bytes:
    """The whole body. Raises ValueError for one that is too large, before it is read."""
    body = bytearray()
    async for chunk in response.content.iter_any():
        body += chunk
        if len(body) > LARGEST_BYTES:
            response.close()
            raise ValueError(f"more than {LARGEST_BYTES} bytes")
    return bytes(body)


def _retry_after_s(text: str | None) -> float:
    """The seconds that a Retry-After asks for, given as seconds or as a date; a minute where it says nothing."""
    if text is None:
        return _WAIT_S
    if text.strip().isdigit():
        return float(text)
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return _WAIT_S
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return (aware - datetime.now(UTC)).total_seconds()
