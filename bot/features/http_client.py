"""The one way out to a source: a GET for JSON, paced, timed, capped, behind a breaker."""

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

_WAIT_S = 60.0
_HEADERS = {"Accept": "application/json", "User-Agent": "Vibrato/0.1"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """Where sources live, how fast they may be asked (`calls` in `per_s` seconds), and how they are made of a door."""

    name: str
    base: str
    calls: int
    per_s: float
    sources: tuple[Callable[[HttpClient], FeatureSource], ...]


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
    ) -> None:
        self._session = session
        self._base = base.rstrip("/")
        self._breaker = breaker
        self._pace = pace
        self._timeout_s = timeout_s

    async def get(self, path: str, params: Mapping[str, str]) -> Any:
        """The JSON at a path; None when the source says that there is no such thing (400, 404).

        Raises SourceDown when it does not answer, is busy, or answers with something else than JSON.
        """
        self._breaker.check()
        await self._pace.turn()
        self._breaker.check()
        started = time.monotonic()
        try:
            async with asyncio.timeout(self._timeout_s):
                answer = await self._answer(path, params)
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

    async def _answer(self, path: str, params: Mapping[str, str]) -> Any:
        async with self._session.get(
            self._base + path, params=params, headers=_HEADERS, allow_redirects=False
        ) as response:
            if response.status == 429:
                self._breaker.told_to_wait(_retry_after_s(response.headers.get("Retry-After")))
                raise self._breaker.down("asks to be left alone (429)")
            if response.status in (400, 404):
                return None
            if response.status != 200:
                self._breaker.failed()
                raise self._breaker.down(f"answers {response.status}")
            return json.loads(await _body(response))


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
