"""Five processes on one database: every slot is posted once, whatever becomes of the processes."""

from __future__ import annotations

import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from aiohttp import web

from bot.catalogue.importer import import_records
from bot.database import Database
from bot.documents import JobRun, Playlist, Schedule
from bot.documents.schedule import Rule
from bot.services.schedules.poster import POSTS
from bot.settings import Settings
from tests.remembering import demo_songs
from tests.scheduler.working import run_together

FIRST = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
DAYS = 60
FREEZE, THAW, KILL_BEFORE, KILL_AFTER = 10, 20, 30, 45
"""How many messages there are when something happens to the process that is about to post the next one."""


class Channel:
    """One channel and its messages; and what happens to those who post into it."""

    def __init__(self) -> None:
        self.messages: list[dict[str, Any]] = []
        self.frozen: int | None = None
        self.killed: list[int] = []

    async def room(self, request: web.Request) -> web.Response:
        """Somebody is about to post: freeze the first at FREEZE, before it has sent anything."""
        if len(self.messages) == FREEZE and self.frozen is None:
            self.frozen = int(request.query["pid"])
            os.kill(self.frozen, signal.SIGSTOP)
        return web.Response()

    async def listed(self, request: web.Request) -> web.Response:
        return web.json_response(self.messages)

    async def post(self, request: web.Request) -> web.Response:
        """A message comes: its sender dies before it is kept at KILL_BEFORE, and after it is kept at KILL_AFTER."""
        body = await request.json()
        if len(self.messages) == KILL_BEFORE and not self.killed:
            return self._kill(body["pid"])
        self.messages.append({**body, "id": str(len(self.messages) + 1)})
        if len(self.messages) == KILL_AFTER:
            return self._kill(body["pid"])
        if len(self.messages) == THAW and self.frozen is not None:
            os.kill(self.frozen, signal.SIGCONT)
        return web.json_response({"id": str(len(self.messages))})

    def _kill(self, pid: int) -> web.Response:
        self.killed.append(pid)
        os.kill(pid, signal.SIGKILL)
        return web.Response(status=500)


@asynccontextmanager
async def served(channel: Channel) -> AsyncIterator[str]:
    app = web.Application()
    app.add_routes(
        [
            web.get("/room", channel.room),
            web.get("/messages", channel.listed),
            web.post("/messages", channel.post),
        ]
    )
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


async def test_five_processes_post_each_of_sixty_slots_once(database: Database, settings: Settings) -> None:
    await import_records(demo_songs()[:200], "demo")
    rule = Rule(unit="day", minute=9 * 60, anchor=FIRST.date().isoformat())
    schedule = await Schedule(
        guild_id="1", channel_id="2", mood_key="chill", rule=rule, time_zone="UTC", next_at=FIRST
    ).insert()
    assert settings.mongodb_uri is not None
    channel = Channel()
    async with served(channel) as url:
        told = {
            "uri": settings.mongodb_uri.get_secret_value(),
            "database": database.name,
            "url": url,
            "schedule": str(schedule.id),
            "first": FIRST.isoformat(),
            "days": DAYS,
            "lease_s": 1.0,
        }
        codes = await run_together("tests.scheduler.slot_worker", 5, told)
    runs = {run.slot: run async for run in JobRun.find(JobRun.job == POSTS)}
    playlists = {str(playlist.id): playlist async for playlist in Playlist.find_all()}
    assert sorted(codes) == [-signal.SIGKILL, -signal.SIGKILL, 0, 0, 0]
    assert len(channel.messages) == len({message["playlist"] for message in channel.messages}) == DAYS
    assert list(runs) == [FIRST + timedelta(days=day) for day in range(DAYS)]
    assert {run.state for run in runs.values()} == {"finished"}
    taken_over = [run.attempt for run in runs.values() if run.attempt > 1]
    assert len(taken_over) >= 3, (
        "the frozen one's, those of the two that were killed, and of whoever a busy machine held up"
    )
    assert [run.message_id for run in runs.values()] == [message["id"] for message in channel.messages]
    for message in channel.messages:
        place = playlists[message["playlist"]].discord
        assert place is not None
        assert place.message_id == message["id"]
    assert len(playlists) == DAYS
    assert channel.frozen not in {message["pid"] for message in channel.messages[FREEZE:THAW]}
    assert len({message["pid"] for message in channel.messages}) > 1
