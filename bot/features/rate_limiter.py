"""Kindness to a source: at most so many calls in so many seconds."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable


class RateLimiter:
    """Lets at most `calls` begin in any `per_s` seconds; whoever comes too early waits for their turn."""

    def __init__(
        self,
        calls: int,
        per_s: float,
        *,
        now: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        self._per_s = per_s
        self._now = now
        self._sleep = sleep
        self._begun: deque[float] = deque((float("-inf"),) * calls, maxlen=calls)
        self._rested_at = float("-inf")

    async def turn(self) -> None:
        """Returns when the next call may begin. The turn is taken at once: those who wait do so in their order."""
        start = max(self._now(), self._begun[0] + self._per_s, self._rested_at)
        self._begun.append(start)
        wait_s = start - self._now()
        if wait_s > 0:
            await self._sleep(wait_s)

    def rest(self, seconds: float) -> None:
        """No further turn is given for so long; turns that were given already stand."""
        self._rested_at = max(self._rested_at, self._now() + seconds)
