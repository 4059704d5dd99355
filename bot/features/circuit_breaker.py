"""Stops asking a source that does not answer, so that nobody waits for it again and again."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from bot.errors import SourceDown

FAILURES = 2
"""Failures in a row after which a source is left alone."""

PAUSES_S = (30.0, 600.0)
"""The first and the longest pause; each that ends in another failure is twice as long as the one before."""

LONGEST_S = 24 * 3600.0
"""The longest pause that a source may ask for."""


class Breaker:
    """Remembers how a source fares. After a pause one call is let through, and decides."""

    def __init__(self, name: str, *, now: Callable[[], float] = time.monotonic) -> None:
        self.name = name
        self._now = now
        self._failures = 0
        self._until = float("-inf")
        self._pause_s = PAUSES_S[0]

    @property
    def open(self) -> bool:
        """Whether the source is left alone at this moment."""
        return self._now() < self._until

    def check(self) -> None:
        """Raises SourceDown, with the moment from which it is asked again, while it is left alone."""
        if self.open:
            raise self.down("left alone after failures")

    def down(self, cause: str) -> SourceDown:
        """The error that says so."""
        left_s = max(0.0, self._until - self._now())
        until = datetime.now(UTC) + timedelta(seconds=left_s) if left_s else None
        return SourceDown(cause=f"{self.name}: {cause}", name=self.name, until=until)

    def answered(self) -> None:
        """It answered: everything is forgiven."""
        self._failures = 0
        self._pause_s = PAUSES_S[0]

    def failed(self) -> None:
        """It did not, or with something that is no answer."""
        self._failures += 1
        if self._failures >= FAILURES and not self.open:
            self._until = self._now() + self._pause_s
            self._pause_s = min(self._pause_s * 2, PAUSES_S[1])

    def told_to_wait(self, seconds: float) -> None:
        """It asked to be left alone for so long."""
        self._until = max(self._until, self._now() + min(max(seconds, 1.0), LONGEST_S))
