"""What is watched of the running process: the parts that /ready asks, the values that /metrics shows."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from aiohttp import web

from bot.client.bot import VibratoBot
from bot.errors import DatabaseDown
from bot.web.metrics import Metrics
from bot.web.server import open_web


class WatchedDatabase(Protocol):
    """What is asked of the database."""

    ready: asyncio.Event

    async def ping(self) -> float:
        """Milliseconds until the server answers. Raises DatabaseDown."""


@dataclass(slots=True, kw_only=True)
class Parts:
    """The parts of a running app. `prepared` is set once the catalogue was read, `songs` counts it, and `damaged` the
    learned weights that were passed over because they cannot be read.

    `bot` is the one that is connected, or being connected; a new one is made when Discord could not be reached.
    `figures` are shown beside ours, after `refresh` has learned what this process does not know by itself.
    """

    database: WatchedDatabase
    prepared: asyncio.Event
    songs: Callable[[], int]
    damaged: Callable[[], int] = lambda: 0
    bot: VibratoBot | None = None
    figures: Mapping[str, tuple[str, Callable[[], float]]] = field(default_factory=dict)
    refresh: Callable[[], Awaitable[None]] | None = None

    async def database_missing(self) -> str | None:
        """Whether MongoDB serves."""
        if not self.database.ready.is_set():
            return "has not answered since the start"
        try:
            await self.database.ping()
        except DatabaseDown:
            return "does not answer"
        return None

    async def catalogue_missing(self) -> str | None:
        """Whether the songs were read. None at all is no fault of the process; `doctor` tells of it."""
        return None if self.prepared.is_set() else "not read yet"

    async def gateway_missing(self) -> str | None:
        """Whether Discord tells us what members do."""
        return None if self.connected else "not connected"

    @property
    def connected(self) -> bool:
        """Whether the gateway is open and has told us where we are."""
        bot = self.bot
        return bot is not None and bot.is_ready() and not bot.is_closed() and bot.ws is not None and bot.ws.open

    @property
    def latency_seconds(self) -> float:
        """How long Discord took to answer the last heartbeat; not a number while there is none."""
        return self.bot.latency if self.bot is not None and self.connected else float("nan")


@contextlib.asynccontextmanager
async def watched(
    parts: Parts, *, host: str, port: int | None, pages: Sequence[web.AbstractRouteDef] = ()
) -> AsyncIterator[Metrics | None]:
    """The server with `pages`, and what it shows operators; yields the watcher of requests, None when `port` is None.

    Raises BadSettings when the port cannot be used.
    """
    if port is None:
        yield None
        return
    metrics = Metrics()
    metrics.show(
        {
            "catalogue_songs": ("Songs in the catalogue.", lambda: float(parts.songs())),
            "models_damaged": ("Learned weights passed over as damaged.", lambda: float(parts.damaged())),
            "gateway_connected": ("1 while Discord's gateway is open.", lambda: float(parts.connected)),
            "gateway_latency_seconds": ("Discord's answer to the last heartbeat.", lambda: parts.latency_seconds),
            **parts.figures,
        }
    )
    if parts.refresh is not None:
        metrics.refresh_with(parts.refresh)
    probes = {
        "database": parts.database_missing,
        "catalogue": parts.catalogue_missing,
        "gateway": parts.gateway_missing,
    }
    async with metrics.watching_the_loop(), open_web(host=host, port=port, probes=probes, metrics=metrics, pages=pages):
        yield metrics
