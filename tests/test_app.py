"""The app opens, prepares, serves, and stops as it is told to."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import discord
import numpy as np
import pytest
from aiohttp import web
from pydantic import SecretStr

from bot import app
from bot.catalogue.importer import import_records
from bot.catalogue.snapshot import read_snapshot
from bot.database import Database
from bot.documents import GenerationSession, ModelRegistry, MoodQuery, User
from bot.errors import BadSettings, DiscordRefused
from bot.settings import Settings
from tests.remembering import demo_songs


@pytest.fixture
async def own_documents(opened_database: Database) -> AsyncIterator[None]:
    """Binds the documents to the server of the run again after a test that opened an app."""
    yield
    await opened_database.prepare()


@pytest.fixture
def some_songs(database: Database) -> Any:
    return import_records(demo_songs()[:50], "demo")


async def test_the_first_start_registers_the_models_with_figures(
    own_documents: None, some_songs: Any, settings: Settings
) -> None:
    await some_songs
    for _ in range(2):
        async with app.open_app(settings) as opened:
            assert opened.prepared.is_set()
            assert opened.services.catalogue.size == 50
            models = {model.name: model async for model in ModelRegistry.find_all()}
            assert await ModelRegistry.count() == 4
            assert set(models) == {"parser", "meaning", "scorer", "ranker"}
            assert models["parser"].metrics_json["entries"] > 300
            assert models["meaning"].metrics_json["held_out"]["axes"]
            assert models["scorer"].metrics_json["weights"]
            for model in models.values():
                assert model.version
                assert model.artifact
                assert model.activated_at is not None


async def test_songs_that_come_are_played_within_five_seconds_and_kept_for_the_next_start(
    own_documents: None, some_songs: Any, settings: Settings, tmp_path: Path
) -> None:
    await some_songs
    keeping = settings.model_copy(update={"data_dir": tmp_path})
    async with app.open_app(keeping) as opened:
        catalogue = opened.services.catalogue
        await import_records(demo_songs()[50:60], "demo")
        async with asyncio.timeout(60):
            while catalogue.size < 60:  # noqa: ASYNC110 - a catalogue tells nobody that it grew
                await asyncio.sleep(0.05)
        async with asyncio.timeout(60):
            while _songs_kept(tmp_path / "catalogue") < 60:  # noqa: ASYNC110 - nor that it was kept
                await asyncio.sleep(0.05)
    async with app.open_app(keeping) as opened:
        assert opened.services.catalogue.size == 60
        assert isinstance(opened.services.catalogue.table.duration_ms, np.memmap)


def _songs_kept(folder: Path) -> int:
    kept = read_snapshot(folder)
    return 0 if kept is None else len(kept[0].table)


async def test_a_start_fails_what_the_last_run_left_unfinished(
    own_documents: None, database: Database, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    user = await User.of_discord("1", "Ada")
    query = await MoodQuery(user_id=user.id, raw_text="sad").insert()
    session = await GenerationSession(user_id=user.id, mood_query_id=query.id, status="processing").insert()
    with caplog.at_level(logging.WARNING):
        async with app.open_app(settings):
            stored = await GenerationSession.get(session.id)
    assert stored is not None
    assert stored.status == "failed"
    assert stored.error
    assert "1 requests of the last run" in caplog.text


async def test_the_bot_has_its_commands_and_nobody_is_pinged(
    own_documents: None, database: Database, settings: Settings
) -> None:
    async with app.open_app(settings) as opened:
        bot = opened.make_bot()
        await bot.setup_hook()
        assert {command.name for command in bot.tree.get_commands()} >= {"vibe", "moods", "mood", "settings"}
        assert bot.allowed_mentions is not None
        assert bot.allowed_mentions.everyone is False
        assert bot.intents.value == 13953


async def test_an_app_without_its_database_stands_and_says_so(
    own_documents: None, opened_database: Database, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    gone = SecretStr(f"mongodb://{str(tmp_path / 'gone.sock').replace('/', '%2F')}")
    with caplog.at_level(logging.ERROR):
        async with app.open_app(Settings.read(_env_file=None, mongodb_uri=gone)) as opened:
            assert not opened.prepared.is_set()
            assert not opened.database.ready.is_set()
            assert opened.make_bot().tree is not None
    assert "MongoDB cannot be used" in caplog.text


async def test_without_a_token_there_is_a_sentence_that_helps(tmp_path: Path) -> None:
    with pytest.raises(BadSettings, match="DISCORD_TOKEN"):
        await app.run(Settings.read(_env_file=None), tmp_path / "digest")
    with pytest.raises(BadSettings, match="DISCORD_TOKEN"):
        await app.sync(Settings.read(_env_file=None), tmp_path / "digest", None)


async def test_sigterm_lets_requests_finish_and_ends_the_rest() -> None:
    ended: list[str] = []

    async def serve() -> None:
        asyncio.create_task(request(), name="CommandTree-invoker")  # noqa: RUF006 - as discord.py starts it
        try:
            await asyncio.Event().wait()
        finally:
            ended.append("serving")

    async def request() -> None:
        os.kill(os.getpid(), signal.SIGTERM)
        for _ in range(5):
            await asyncio.sleep(0)
        ended.append("request")

    await asyncio.wait_for(app.until_told_to_stop(serve()), 60)
    assert ended == ["request", "serving"]


async def test_a_request_that_hangs_does_not_keep_us_from_stopping(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app, "STOP_S", 0.05)
    cancelled = asyncio.Event()

    async def request() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            cancelled.set()

    async def serve() -> None:
        asyncio.create_task(request(), name="discord.py: on_interaction")  # noqa: RUF006 - as discord.py starts it
        asyncio.get_running_loop().call_soon(os.kill, os.getpid(), signal.SIGTERM)
        await asyncio.Event().wait()

    await asyncio.wait_for(app.until_told_to_stop(serve()), 60)
    assert cancelled.is_set()


async def test_what_ends_the_work_ends_the_process_with_it() -> None:
    async def serve() -> None:
        raise BadSettings(("DISCORD_TOKEN: wrong",))

    with pytest.raises(BadSettings):
        await app.until_told_to_stop(serve())


def exactly_json(value: object, status: int = 200) -> web.Response:
    """JSON as Discord sends it: discord.py takes no other content type, not even with a charset."""
    return web.Response(body=json.dumps(value).encode(), status=status, content_type="application/json")


@asynccontextmanager
async def discord_at(monkeypatch: pytest.MonkeyPatch, *, known: bool) -> AsyncIterator[list[str]]:
    """A Discord on this machine that knows the token or does not, and whose gateway is down; yields what was asked."""
    asked: list[str] = []

    async def answer(request: web.Request) -> web.Response:
        asked.append(f"{request.method} {request.path.removeprefix('/api/v10')}")
        if not known:
            return exactly_json({"message": "401: Unauthorized", "code": 0}, status=401)
        if request.path.endswith("/gateway"):
            return exactly_json({"url": "ws://127.0.0.1:9"})
        if request.method == "PUT":
            return exactly_json([])
        me = {"id": "1", "username": "vibrato", "discriminator": "0", "avatar": None, "bot": True}
        app_info = {
            "id": "2",
            "name": "Vibrato",
            "description": "",
            "icon": None,
            "bot_public": True,
            "bot_require_code_grant": False,
            "verify_key": "",
            "flags": 0,
            "owner": me,
            "team": None,
        }
        return exactly_json(me if request.path.endswith("/users/@me") else app_info)

    server = web.Application()
    server.router.add_route("*", "/{path:.*}", answer)
    runner = web.AppRunner(server)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    monkeypatch.setattr(discord.http.Route, "BASE", f"http://127.0.0.1:{port}/api/v10")
    monkeypatch.setattr(
        "discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY", discord.gateway.yarl.URL("ws://127.0.0.1:9/")
    )
    try:
        yield asked
    finally:
        await runner.cleanup()


@pytest.fixture
async def services(own_documents: None, database: Database, settings: Settings) -> AsyncIterator[app.App]:
    async with app.open_app(settings) as opened:
        yield opened


async def test_a_wrong_token_ends_the_run_with_a_sentence(services: app.App, monkeypatch: pytest.MonkeyPatch) -> None:
    async with discord_at(monkeypatch, known=False):
        with pytest.raises(BadSettings, match="does not know this token"):
            await app._serve(services.make_bot, "wrong")


async def test_a_gateway_that_is_down_is_tried_again(
    services: app.App, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(app, "PAUSES_S", (0.01, 0.02))
    monkeypatch.setattr(logging.getLogger("discord.client"), "filters", [app._in_one_line])
    monkeypatch.setattr("discord.backoff.ExponentialBackoff.delay", lambda _: 0.0)
    async with discord_at(monkeypatch, known=True) as asked:
        serving = asyncio.create_task(app._serve(services.make_bot, "right"))
        while sum(path.endswith("/users/@me") for path in asked) < 3:
            assert not serving.done()
            await asyncio.sleep(0.01)
        await app._ended(serving)
    assert "Discord cannot be reached (its gateway does not answer); trying again" in caplog.text
    assert "Traceback" not in caplog.text


async def test_sync_registers_once_and_on_one_server_always(
    own_documents: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    settings = Settings.read(_env_file=None, discord_token=SecretStr("right"))
    async with discord_at(monkeypatch, known=True) as asked:
        assert await app.sync(settings, tmp_path / "digest", None)
        assert not await app.sync(settings, tmp_path / "digest", None)
        assert await app.sync(settings, tmp_path / "digest", 77)
    registered = [request for request in asked if request.startswith("PUT")]
    assert registered == ["PUT /applications/2/commands", "PUT /applications/2/guilds/77/commands"]


async def test_sync_without_discord_is_told(
    own_documents: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(discord.http.Route, "BASE", "http://127.0.0.1:9/api")
    settings = Settings.read(_env_file=None, discord_token=SecretStr("right"))
    with pytest.raises(DiscordRefused):
        await app.sync(settings, tmp_path / "digest", None)


async def test_the_demo_opens_its_page_with_the_invented_songs_and_stops(
    own_documents: None, settings: Settings, tmp_path: Path
) -> None:
    told: list[str] = []

    def on_ready(text: str) -> None:
        told.append(text)
        os.kill(os.getpid(), signal.SIGTERM)

    own = Settings.read(
        _env_file=None, mongodb_uri=settings.mongodb_uri, mongodb_database="vibrato_test_demo", data_dir=tmp_path
    )
    await asyncio.wait_for(app.demo(own, catalogue=None, port=8765, on_ready=on_ready), 60)
    assert "http://127.0.0.1:" in told[0]
