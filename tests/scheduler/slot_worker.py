"""One of several processes that post a schedule: ``python -m tests.scheduler.slot_worker`` and a JSON object.

The clock is accelerated: a slot is a day, and the next day comes once the last one is over. Everything is real but
Discord, which is a small server on this machine that keeps the messages of one channel.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from itertools import count
from types import SimpleNamespace
from typing import Any

import aiohttp
from pydantic import SecretStr

from bot.catalogue.index import Catalogue
from bot.database import open_database
from bot.documents import JobRun, run_key
from bot.scheduler.clockwork import Clockwork
from bot.scheduler.table import Job, Plan
from bot.services.feedback.service import FeedbackService
from bot.services.job_ledger import Ledger
from bot.services.schedules.poster import POSTS, SchedulePoster
from bot.services.schedules.views import ScheduleView
from bot.services.values import PlaylistView, Posted, ReactionRules, Stage
from bot.settings import Settings
from tests.services.making import playlist_service

PLAN = Plan(name="post-vibes", every=timedelta(seconds=1), what="post what is due, on an accelerated clock")


class Channel:
    """The channel, through the server that keeps it: `Rooms`, `Room` and `RoomPublisher` in one."""

    connected = True

    def __init__(self, http: aiohttp.ClientSession, url: str) -> None:
        self._http = http
        self._url = url
        self._check: Callable[[], None] = lambda: None
        self.posted: Posted | None = None

    async def room(self, guild_id: str, channel_id: str) -> Channel:
        await self._http.get(f"{self._url}/room", params={"pid": os.getpid()})
        return self

    def publisher(self, schedule: ScheduleView, *, nonce: str, check: Callable[[], None]) -> Channel:
        room = Channel(self._http, self._url)
        room._check = check
        return room

    async def find(self, playlist_id: str, *, since: datetime) -> Posted | None:
        async with self._http.get(f"{self._url}/messages") as answer:
            found = [message for message in await answer.json() if message["playlist"] == playlist_id]
        return _posted(found[0]["id"]) if found else None

    async def progress(self, stage: Stage) -> None:
        pass

    async def publish(self, playlist: PlaylistView, reactions: ReactionRules) -> Posted:
        self._check()
        body = {"playlist": playlist.playlist_id, "pid": os.getpid()}
        async with self._http.post(f"{self._url}/messages", json=body) as answer:
            self.posted = _posted((await answer.json())["id"])
        return self.posted

    async def add_reactions(self) -> None:
        pass

    async def tell_stopped(self, schedule: ScheduleView) -> None:
        pass


def _posted(message_id: str) -> Posted:
    return Posted(guild_id="1", channel_id="2", message_id=message_id)


async def work(told: dict[str, Any]) -> None:
    settings = Settings.read(
        _env_file=None, mongodb_uri=SecretStr(told["uri"]), mongodb_database=told["database"], log_level="ERROR"
    )
    async with open_database(settings) as database, aiohttp.ClientSession() as http:
        await database.wait_ready(30)
        with ThreadPoolExecutor(max_workers=1) as executor:
            playlists = playlist_service(
                SimpleNamespace(version="none"),  # type: ignore[arg-type]  # a mood needs no words
                await Catalogue.load(),
                executor,
                seeds=lambda: random.getrandbits(31),
            )
            rooms = Channel(http, told["url"])
            poster = SchedulePoster(playlists=playlists, feedback=FeedbackService(), rooms=rooms)
            clockwork = Clockwork(ledger=Ledger(lease_s=told["lease_s"]), jobs=(Job(plan=PLAN, run=poster.post_due),))
            print("ready", flush=True)
            await asyncio.get_running_loop().run_in_executor(None, sys.stdin.readline)
            for day in range(told["days"]):
                await live(clockwork, Job(plan=PLAN, run=poster.post_due), told, day)


async def live(clockwork: Clockwork, job: Job, told: dict[str, Any], day: int) -> None:
    """One day, second by second until its slot is over."""
    slot = datetime.fromisoformat(told["first"]) + timedelta(days=day)
    key = run_key(f"{POSTS}:{told['schedule']}", slot)
    for second in count():
        await clockwork.run_due(job, slot + timedelta(seconds=second))
        if await JobRun.is_over(key):
            return
        await asyncio.sleep(0.02)


if __name__ == "__main__":
    asyncio.run(work(json.loads(sys.argv[1])))
