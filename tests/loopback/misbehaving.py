"""A server on this machine that answers as a public one does, and misbehaves when told to."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Literal

from aiohttp import web
from aiohttp.typedefs import Handler

Fault = Literal["hang", "cut", "html", "rubbish", "huge", "redirect", "busy", "too fast", "502", "500"]


class Misbehaving:
    """The routes of a subclass on 127.0.0.1; `asked` are the paths with their queries, in their order.

    `faults` are met by the next requests, one each; `always` by every one after them. `slow_s` delays every answer.
    `retry_after` goes with "busy" and with "too fast", which some servers tell by a 503. Where `says` is set, that JSON
    is the answer to everything.
    """

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.faults: list[Fault] = []
        self.always: Fault | None = None
        self.slow_s = 0.0
        self.says: str | None = None
        self.misbehaved = asyncio.Event()
        self.retry_after: str | None = "3600"
        self.base = ""
        self._leaving = asyncio.Event()

    def routes(self) -> list[web.RouteDef]:
        raise TypeError("a subclass has the routes")

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        app = web.Application(middlewares=[self._middleware()])
        app.add_routes(self.routes())
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        self.base = f"http://127.0.0.1:{runner.addresses[0][1]}"
        try:
            yield
        finally:
            self._leaving.set()
            await runner.cleanup()

    def _middleware(self):
        @web.middleware
        async def misbehave(request: web.Request, handler: Handler) -> web.StreamResponse:
            self.asked.append(request.path_qs)
            if self.slow_s:
                await asyncio.sleep(self.slow_s)
            fault = self.faults.pop(0) if self.faults else self.always
            if fault is None and self.says is not None:
                return web.Response(text=self.says, content_type="application/json")
            return await handler(request) if fault is None else await self._meet(fault, request)

        return misbehave

    async def _meet(self, fault: Fault, request: web.Request) -> web.StreamResponse:
        self.misbehaved.set()
        if fault == "hang":
            await self._leaving.wait()
        if fault in ("hang", "cut"):
            if request.transport is not None:  # it hung up itself meanwhile
                request.transport.close()
            return web.Response()
        headers = {"Retry-After": self.retry_after} if self.retry_after is not None else {}
        return {
            "html": lambda: web.Response(text="<html>Sign in to the hotel's network</html>", content_type="text/html"),
            "rubbish": lambda: web.Response(text='{"content": [{"href": ', content_type="application/json"),
            "huge": lambda: web.Response(
                text='{"content": "' + "x" * 3_000_000 + '"}', content_type="application/json"
            ),
            "redirect": lambda: web.Response(status=302, headers={"Location": "http://127.0.0.1:1/"}),
            "busy": lambda: web.json_response({"error": "Too Many Requests"}, status=429, headers=headers),
            "too fast": lambda: web.json_response(
                {"error": "Your requests are exceeding the allowable rate limit."}, status=503, headers=headers
            ),
            "502": lambda: web.Response(status=502, text="Bad Gateway"),
            "500": lambda: web.json_response({"timestamp": "now", "status": 500}, status=500),
        }[fault]()
