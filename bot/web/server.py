"""The HTTP server: /health, /ready and /metrics for operators. Off unless a port is set, on the loopback unless told.

These have no secret and no personal data to give, take nothing but GET, and read no body. Pages for members, such as
those that an account is linked by, are handed in by whoever opens it.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence

from aiohttp import web

from bot.errors import BadSettings
from bot.web.metrics import CONTENT_TYPE, Metrics

_log = logging.getLogger(__name__)

Probe = Callable[[], Awaitable[str | None]]
"""Asks one part whether it can serve: None when it can, else a word on what is missing."""

PROBE_S = 3.0
"""How long one part may take to answer before it counts as not ready."""

NAME = "vibrato"
"""How /health names us, so that `doctor` knows its own."""

_CLOSE_S = 1.0


@contextlib.asynccontextmanager
async def open_web(
    *,
    host: str,
    port: int,
    probes: Mapping[str, Probe],
    metrics: Metrics,
    pages: Sequence[web.AbstractRouteDef] = (),
) -> AsyncIterator[str]:
    """The server with these `pages` too, for as long as the block lasts; yields its address. Port 0 is a free one.

    Raises BadSettings when the port is taken or the host is not one of this machine.
    """
    runner = web.AppRunner(_application(probes, metrics, pages), access_log=None, shutdown_timeout=_CLOSE_S)
    await runner.setup()
    try:
        try:
            await web.TCPSite(runner, host, port).start()
        except OSError as error:
            raise BadSettings((_cannot_listen(host, port, error),)) from error
        taken = runner.addresses[0][1]
        address = f"http://{f'[{host}]' if ':' in host else host}:{taken}"
        _log.info("operators find /health, /ready and /metrics at %s", address)
        yield address
    finally:
        await runner.cleanup()


def _cannot_listen(host: str, port: int, error: OSError) -> str:
    cause = error.strerror or str(error)
    return f"WEB_PORT: {host}:{port} cannot be used ({cause}). Choose a free port of this machine, or leave it out."


def _application(
    probes: Mapping[str, Probe], metrics: Metrics, pages: Sequence[web.AbstractRouteDef]
) -> web.Application:
    async def health(_: web.Request) -> web.Response:
        return web.json_response({"name": NAME, "alive": True})

    async def ready(_: web.Request) -> web.Response:
        found = dict(zip(probes, await asyncio.gather(*(_asked(probe) for probe in probes.values())), strict=True))
        able = not any(found.values())
        checks = {name: missing or "ok" for name, missing in found.items()}
        return web.json_response({"ready": able, "checks": checks}, status=200 if able else 503)

    async def figures(_: web.Request) -> web.Response:
        return web.Response(body=await metrics.fresh_text(), headers={"Content-Type": CONTENT_TYPE})

    application = web.Application(middlewares=[_careful])
    application.router.add_get("/health", health)
    application.router.add_get("/ready", ready)
    application.router.add_get("/metrics", figures)
    application.router.add_routes(pages)
    return application


async def _asked(probe: Probe) -> str | None:
    try:
        async with asyncio.timeout(PROBE_S):
            return await probe()
    except TimeoutError:
        return "does not answer"
    except Exception:  # noqa: BLE001 - a door: a probe that breaks is a part that is not ready
        _log.exception("a probe failed")
        return "the probe failed"


@web.middleware
async def _careful(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    response = await handler(request)
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
