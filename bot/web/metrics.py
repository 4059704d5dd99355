"""The figures of one process for Prometheus: requests, stages, failures, the catalogue, the event loop.

No figure is about a member, a server or a song: labels are names out of our code alone.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest

from bot.errors import WorldDown
from bot.requests import Request

_log = logging.getLogger(__name__)

CONTENT_TYPE = CONTENT_TYPE_LATEST
"""The format of `Metrics.text`."""

LAG_EVERY_S = 0.5
"""How often the event loop is asked how late it is."""

REFRESH_S = 1.0
"""How long one look at what is not known here may take, when the figures are asked for."""

_REQUEST_BUCKETS_S = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)
_STAGE_BUCKETS_S = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0)
_LAG_BUCKETS_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0)

_MOST_NAMES = 200
"""Doors, stages and failures that are told apart; there are some dozens, and a fault may not fill the memory."""


class Metrics:
    """Counts; satisfies `bot.requests.Watcher`. Each has a registry of its own, so two do not meet."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self._requests = Counter(
            "vibrato_requests", "Requests that ended, by door and outcome.", ("door", "outcome"), registry=self.registry
        )
        self._seconds = Histogram(
            "vibrato_request_seconds",
            "How long requests took, by door.",
            ("door",),
            buckets=_REQUEST_BUCKETS_S,
            registry=self.registry,
        )
        self._stages = Histogram(
            "vibrato_stage_seconds",
            "How long the stages of a playlist took.",
            ("stage",),
            buckets=_STAGE_BUCKETS_S,
            registry=self.registry,
        )
        self._failures = Counter(
            "vibrato_failures", "Requests that failed, by the kind of failure.", ("kind",), registry=self.registry
        )
        self._lag = Histogram(
            "vibrato_event_loop_lag_seconds",
            "By how much the event loop was late.",
            buckets=_LAG_BUCKETS_S,
            registry=self.registry,
        )
        self._names: set[str] = set()
        self._refreshes: list[Callable[[], Awaitable[None]]] = []

    def ended(self, request: Request, seconds: float) -> None:
        """Count a request with its stages and its failure."""
        door = self._known(request.door)
        self._requests.labels(door, request.outcome).inc()
        self._seconds.labels(door).observe(seconds)
        for stage, took in request.stages:
            self._stages.labels(self._known(stage)).observe(took)
        if request.failure:
            self._failures.labels(self._known(request.failure)).inc()

    def show(self, gauges: Mapping[str, tuple[str, Callable[[], float]]]) -> None:
        """Read these values whenever the figures are asked for: name -> what it is, and how it is read."""
        for name, (meaning, read) in gauges.items():
            Gauge(f"vibrato_{name}", meaning, registry=self.registry).set_function(read)

    def refresh_with(self, refresh: Callable[[], Awaitable[None]]) -> None:
        """Call this before the figures are read; what it cannot learn in REFRESH_S stays as it was."""
        self._refreshes.append(refresh)

    async def fresh_text(self) -> bytes:
        """All figures, after whatever has to be asked for was asked for."""
        for refresh in self._refreshes:
            try:
                async with asyncio.timeout(REFRESH_S):
                    await refresh()
            except (TimeoutError, WorldDown) as error:
                _log.info("some figures are old: %r", error)
        return self.text()

    def text(self) -> bytes:
        """All figures as Prometheus reads them."""
        return generate_latest(self.registry)

    @contextlib.asynccontextmanager
    async def watching_the_loop(self) -> AsyncIterator[None]:
        """Measure how late the event loop is, for as long as the block lasts."""
        task = asyncio.create_task(self._watch(), name="event-loop-lag")
        try:
            yield
        finally:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task

    async def _watch(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            due = loop.time() + LAG_EVERY_S
            await asyncio.sleep(LAG_EVERY_S)
            self._lag.observe(max(0.0, loop.time() - due))

    def _known(self, name: str) -> str:
        if name not in self._names and len(self._names) >= _MOST_NAMES:
            return "other"
        self._names.add(name)
        return name
