"""The real process, from its start to SIGTERM: it becomes ready, serves, and is gone in time."""

from __future__ import annotations

import asyncio
import base64
import json
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import WSCloseCode, web

from bot.settings import Settings

ROOT = Path(__file__).parent.parent
TOKEN = base64.urlsafe_b64encode(b"123456789012345678").decode().rstrip("=") + ".GhIjKl." + "m" * 38

START_SECONDS = 300
"""Only what hangs reaches this: beside twelve busy processes a start got a tenth of a core, and 60 s were too few."""

STOP_SECONDS = 10
"""What the issue and `docker stop` give us."""

# Discord's addresses are constants of the library; everything else is the process as operators run it.
RUN = """
import sys, discord, yarl
discord.http.Route.BASE = sys.argv.pop(1) + "/api/v10"
discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(sys.argv.pop(1))
from bot.__main__ import main
sys.argv[0] = "bot"
main()
"""


@dataclass(slots=True)
class Gateway:
    """A Discord on this machine: it knows the token and opens its gateway, and notes how that was closed."""

    port: int = 0
    identified: asyncio.Event = field(default_factory=asyncio.Event)
    closed_with: list[int | None] = field(default_factory=list)

    async def http(self, request: web.Request) -> web.StreamResponse:
        """The few requests of a start."""
        if request.headers.get("Upgrade", "").lower() == "websocket":
            return await self.gateway(request)
        user = {"id": "1", "username": "vibrato", "discriminator": "0", "avatar": None, "bot": True}
        path = request.path
        if path.endswith("/gateway/bot"):
            limit = {"total": 1000, "remaining": 1000, "reset_after": 1, "max_concurrency": 1}
            return _json({"url": f"ws://127.0.0.1:{self.port}", "shards": 1, "session_start_limit": limit})
        if path.endswith("/gateway"):
            return _json({"url": f"ws://127.0.0.1:{self.port}"})
        if path.endswith("/commands"):
            return _json([])
        if path.endswith("/users/@me"):
            return _json(user)
        facts = {"id": "2", "name": "Vibrato", "description": "", "icon": None, "verify_key": "", "flags": 0}
        return _json(facts | {"bot_public": True, "bot_require_code_grant": False, "owner": user, "team": None})

    async def gateway(self, request: web.Request) -> web.WebSocketResponse:
        """Hello, READY, and answers to heartbeats."""
        line = web.WebSocketResponse()
        await line.prepare(request)
        await line.send_json({"op": 10, "d": {"heartbeat_interval": 40_000}, "s": None, "t": None})
        async for message in line:
            said = json.loads(message.data)
            if said["op"] == 2:
                await line.send_json({"op": 0, "t": "READY", "s": 1, "d": self.ready})
                self.identified.set()
            elif said["op"] == 1:
                await line.send_json({"op": 11})
        self.closed_with.append(line.close_code)
        return line

    @property
    def ready(self) -> dict[str, Any]:
        """What the gateway says first."""
        user = {"id": "1", "username": "vibrato", "discriminator": "0", "avatar": None, "bot": True}
        address = f"ws://127.0.0.1:{self.port}"
        application = {"id": "2", "flags": 0}
        return {
            "v": 10,
            "user": user,
            "guilds": [],
            "session_id": "s",
            "resume_gateway_url": address,
            "application": application,
        }


def _json(value: object) -> web.Response:
    return web.Response(body=json.dumps(value).encode(), content_type="application/json")


@pytest.fixture
async def gateway() -> AsyncIterator[Gateway]:
    fake, application = Gateway(), web.Application()
    application.router.add_route("*", "/{path:.*}", fake.http)
    runner = web.AppRunner(application, shutdown_timeout=1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    fake.port = runner.addresses[0][1]
    yield fake
    await runner.cleanup()


def crowd() -> float:
    """How many times longer than on an idle machine the same work may take here, as others wait for its cores too."""
    return max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))


@dataclass(slots=True, kw_only=True)
class Running:
    """The process, and where operators ask it."""

    process: asyncio.subprocess.Process
    web: str

    async def stopped(self) -> tuple[int, str]:
        """Exit code and log after SIGTERM; fails when that takes too long."""
        self.process.send_signal(signal.SIGTERM)
        _, log = await asyncio.wait_for(self.process.communicate(), STOP_SECONDS * crowd())
        return self.process.returncode or 0, log.decode()


@asynccontextmanager
async def running(tmp_path: Path, discord_port: int, **environment: str) -> AsyncIterator[Running]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR", "LD_LIBRARY_PATH") if name in os.environ}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-W", "ignore", "-c", RUN),
        *(f"http://127.0.0.1:{discord_port}", f"ws://127.0.0.1:{discord_port}/", "run"),
        cwd=tmp_path,
        env=kept
        | {"PYTHONPATH": str(ROOT), "DISCORD_TOKEN": TOKEN, "DATA_DIR": str(tmp_path), "WEB_PORT": str(port)}
        | {"LOG_FORMAT": "json"}
        | environment,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        yield Running(process=process, web=f"http://127.0.0.1:{port}")
    finally:
        if process.returncode is None:
            process.kill()
            await process.communicate()


async def ready(address: str) -> dict[str, Any]:
    """The answer of /ready once it is there and says yes."""
    async with aiohttp.ClientSession() as session, asyncio.timeout(START_SECONDS):
        while True:
            try:
                async with session.get(f"{address}/ready") as answer:
                    found: dict[str, Any] = await answer.json()
                    if answer.status == 200:
                        return found
            except aiohttp.ClientError:
                pass
            await asyncio.sleep(0.05)


async def test_a_bot_becomes_ready_serves_its_figures_and_stops_in_time(
    tmp_path: Path, gateway: Gateway, settings: Settings
) -> None:
    assert settings.mongodb_uri is not None
    given = {"MONGODB_URI": settings.mongodb_uri.get_secret_value(), "MONGODB_DATABASE": settings.mongodb_database}
    async with running(tmp_path, gateway.port, **given) as bot:
        assert (await ready(bot.web))["checks"] == {"database": "ok", "catalogue": "ok", "gateway": "ok"}
        async with aiohttp.ClientSession() as session, session.get(f"{bot.web}/metrics") as answer:
            assert "vibrato_gateway_connected 1.0" in await answer.text()
        code, log = await bot.stopped()
    assert code == 0
    assert "Traceback" not in log
    lines = [json.loads(line) for line in log.splitlines()]
    assert any("told to stop" in line["message"] for line in lines)
    assert gateway.closed_with == [WSCloseCode.OK]


async def test_a_bot_with_its_own_database_stops_it_too(tmp_path: Path, gateway: Gateway) -> None:
    async with running(tmp_path, gateway.port) as bot:
        await ready(bot.web)
        code, log = await bot.stopped()
    assert code == 0
    assert "Traceback" not in log
    # The server took its last write and let go of its data.
    assert (tmp_path / "mongodb" / "mongod.lock").read_bytes() == b""


async def test_a_bot_that_never_reached_discord_stops_in_time(tmp_path: Path, settings: Settings) -> None:
    assert settings.mongodb_uri is not None
    given = {"MONGODB_URI": settings.mongodb_uri.get_secret_value(), "MONGODB_DATABASE": settings.mongodb_database}
    async with running(tmp_path, 9, **given) as bot:
        async with aiohttp.ClientSession() as session, asyncio.timeout(START_SECONDS):
            while True:
                try:
                    async with session.get(f"{bot.web}/health") as answer:
                        assert answer.status == 200
                        break
                except aiohttp.ClientError:
                    await asyncio.sleep(0.05)
        code, log = await bot.stopped()
    assert code == 0
    assert "Traceback" not in log


async def test_a_port_that_is_taken_ends_the_start_with_the_fix(tmp_path: Path, settings: Settings) -> None:
    assert settings.mongodb_uri is not None
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        uri, port = settings.mongodb_uri.get_secret_value(), str(other.getsockname()[1])
        async with running(tmp_path, 9, MONGODB_URI=uri, WEB_PORT=port) as bot:
            _, log = await asyncio.wait_for(bot.process.communicate(), START_SECONDS)
    assert bot.process.returncode == 2
    assert "Choose a free port" in log.decode()
    assert "Traceback" not in log.decode()
