"""Set-ups to break: settings without the machine's own, servers of other kinds, a Discord on this machine."""

from __future__ import annotations

import asyncio
import base64
import json
import tempfile
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote_plus

import discord
import pytest
from aiohttp import web
from pydantic import SecretStr
from pymongo import AsyncMongoClient
from pymongo.errors import PyMongoError

from bot.client.bot import PERMISSIONS
from bot.doctor.checkup import checkup
from bot.doctor.findings import Finding
from bot.mongod import find_mongod
from bot.settings import Settings

TOKEN = base64.urlsafe_b64encode(b"123456789012345678").decode().rstrip("=") + ".GhIjKl." + "m" * 38
"""Shaped as the token of a bot, and nobody's."""

Examined = dict[str, Finding]


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No settings but those of the test."""
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
        monkeypatch.delenv(f"{name.upper()}_FILE", raising=False)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def examine(settings: Settings, tmp_path: Path) -> Callable[..., Any]:
    """The findings by name for settings that are those of a working set-up but for what the test gives."""

    async def run(*, now: Callable[[], float] = time.time, **given: Any) -> Examined:
        whole = {
            "mongodb_uri": settings.mongodb_uri,
            "mongodb_database": settings.mongodb_database,
            "data_dir": tmp_path / "data",
        } | given
        known = {name: value for name, value in whole.items() if value is not None}
        found = checkup(
            lambda: Settings.read(_env_file=None, **known), home=tmp_path, env_file=tmp_path / ".env", now=now
        )
        return {finding.name: finding async for finding in found}

    return run


@asynccontextmanager
async def spawned(*options: str) -> AsyncIterator[str]:
    """A server without a replica set, started with these options; yields its address."""
    with tempfile.TemporaryDirectory(prefix="vd-") as folder:
        socket = Path(folder) / "m.sock"
        (Path(folder) / "data").mkdir()
        command = (str(find_mongod()), "--dbpath", f"{folder}/data", "--bind_ip", str(socket), "--unixSocketPrefix")
        process = await asyncio.create_subprocess_exec(
            *command, folder, "--logpath", f"{folder}/log", *options, stdout=asyncio.subprocess.DEVNULL
        )
        uri = f"mongodb://{quote_plus(str(socket))}/"
        try:
            await _answers(uri)
            yield uri
        finally:
            process.terminate()
            await process.wait()


async def _answers(uri: str) -> None:
    async with AsyncMongoClient[Any](uri, serverSelectionTimeoutMS=20_000, heartbeatFrequencyMS=500) as client:
        try:
            await client.admin.command("ping")
        except PyMongoError as error:
            raise AssertionError("the server did not come up") from error


@dataclass(slots=True)
class FakeDiscord:
    """What Discord answers: changed by a test, asked over HTTP."""

    known: bool = True
    status: int = 200
    application: dict[str, Any] = field(default_factory=lambda: {"id": "2", "flags": 0})
    servers: list[dict[str, Any]] = field(
        default_factory=lambda: [{"id": "3", "name": "Home", "permissions": str(PERMISSIONS.value)}]
    )
    commands: list[dict[str, Any]] = field(default_factory=lambda: [{"id": "4", "name": "vibe"}])
    asked: list[str] = field(default_factory=list)

    async def answer(self, request: web.Request) -> web.Response:
        """One request of the doctor."""
        self.asked.append(request.path)
        if self.status != 200:
            return web.Response(status=self.status, text="<html>upstream</html>")
        if not self.known or request.headers["Authorization"] != f"Bot {TOKEN}":
            return _exactly({"message": "401: Unauthorized", "code": 0}, 401)
        if request.path.endswith("/guilds"):
            return _exactly(self.servers)
        if request.path.endswith("/commands"):
            return _exactly(self.commands)
        return _exactly({"id": "1", "username": "vibrato"} if request.path.endswith("users/@me") else self.application)


def _exactly(value: object, status: int = 200) -> web.Response:
    return web.Response(body=json.dumps(value).encode(), status=status, content_type="application/json")


@pytest.fixture
async def fake_discord(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[FakeDiscord]:
    fake, application = FakeDiscord(), web.Application()
    application.router.add_get("/{path:.*}", fake.answer)
    runner = web.AppRunner(application)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    monkeypatch.setattr(discord.http.Route, "BASE", f"http://127.0.0.1:{runner.addresses[0][1]}/api/v10")
    try:
        yield fake
    finally:
        await runner.cleanup()


@pytest.fixture
def token() -> SecretStr:
    return SecretStr(TOKEN)
