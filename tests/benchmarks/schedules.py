"""Figures of schedules: what a slot costs, done or found done; how long a full hour takes; reading a time."""

from __future__ import annotations

import asyncio
import statistics
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.database import open_database
from bot.documents import Schedule
from bot.documents.schedule import Rule
from bot.scheduler.clockwork import Clockwork
from bot.scheduler.table import POST_VIBES, Job
from bot.services.feedback.service import FeedbackService
from bot.services.job_ledger import LeaseHold, Ledger
from bot.services.schedules.poster import SchedulePoster
from bot.services.schedules.recurrence import next_after
from bot.services.schedules.recurrence_parser import read_when
from bot.services.schedules.views import ScheduleView
from bot.services.values import PlaylistView, Posted, Publisher, ReactionRules, Requester, Stage, VibeRequest
from bot.settings import Settings
from tests.benchmarks.figures import Figure, median_ms

_SLOTS = 200
_SCHEDULES = 200
_NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
_TEXT = "every 2 weeks on monday, wednesday and friday at 8:30 pm"


async def figures(data: Path | None) -> AsyncIterator[Figure]:
    """Everything but the making of playlists and Discord, which have figures of their own."""
    del data
    yield Figure(name="time read out of words, median", value=median_ms(lambda: read_when(_TEXT)), unit="ms", on=_TEXT)
    zone = ZoneInfo("Europe/Berlin")
    when = read_when("every 12 weeks on friday 18:00").starting(zone, _NOON)
    value = median_ms(lambda: next_after(when, zone, _NOON + timedelta(days=7)))
    yield Figure(name="next slot, median", value=value, unit="ms", on="every 12 weeks, Europe/Berlin")
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings.read(_env_file=None, mongodb_uri=None, data_dir=Path(folder), log_level="ERROR")
        async with open_database(settings) as database:
            await database.wait_ready(30)
            async for figure in _slots():
                yield figure
            yield await _full_hour()


async def _slots() -> AsyncIterator[Figure]:
    async def nothing(turn: LeaseHold) -> str:
        return "nothing due"

    ledger = Ledger()
    slots = [_NOON + timedelta(minutes=ahead) for ahead in range(_SLOTS)]
    on = f"{_SLOTS} slots, database on the same machine"
    yield await _each(
        "slot run, with lease and ledger, median", slots, lambda slot: ledger.once("a", slot, nothing), on
    )
    yield await _each("slot found done, median", slots, lambda slot: ledger.once("a", slot, nothing), on)
    clocks = [Clockwork(ledger=Ledger(), jobs=()) for _ in range(5)]
    job = Job(plan=POST_VIBES, run=nothing)
    started = time.perf_counter()
    for slot in slots:
        while not all(await asyncio.gather(*(clock.run_due(job, slot) for clock in clocks))):
            continue
    value = (time.perf_counter() - started) * 1000 / _SLOTS
    yield Figure(name="slot that five want at once, mean", value=value, unit="ms", on=on)


async def _each(name: str, slots: list[datetime], run: Callable[[datetime], Awaitable[object]], on: str) -> Figure:
    times = []
    for slot in slots:
        started = time.perf_counter()
        await run(slot)
        times.append((time.perf_counter() - started) * 1000)
    return Figure(name=name, value=statistics.median(times), unit="ms", on=on)


async def _full_hour() -> Figure:
    """As many schedules at the same minute, with playlists and Discord that take no time."""
    rule = Rule(unit="day", minute=12 * 60, anchor=_NOON.date().isoformat())
    for _ in range(_SCHEDULES):
        await Schedule(guild_id="1", channel_id="2", text="calm", rule=rule, time_zone="UTC", next_at=_NOON).insert()
    channel = _Channel()
    poster = SchedulePoster(playlists=channel, feedback=FeedbackService(), rooms=channel)
    started = time.perf_counter()
    await Ledger().once("b", _NOON, poster.post_due)
    value = (time.perf_counter() - started) * 1000
    if channel.posts != _SCHEDULES:
        raise AssertionError(f"{channel.posts} posts of {_SCHEDULES} schedules")
    on = f"{_SCHEDULES} schedules due at once; playlists and Discord not counted"
    return Figure(name="schedules due at once", value=value, unit="ms", on=on)


class _Channel:
    """A channel and a maker of playlists that answer at once: `Rooms`, `Room`, `RoomPublisher` and `Playlists`."""

    connected = True

    def __init__(self) -> None:
        self.posts = 0
        self.posted: Posted | None = Posted(guild_id="1", channel_id="2", message_id="3")

    async def room(self, guild_id: str, channel_id: str) -> _Channel:
        return self

    def publisher(self, schedule: ScheduleView, *, nonce: str, check: Callable[[], None]) -> _Channel:
        check()
        return self

    async def find(self, playlist_id: str, *, since: datetime) -> Posted | None:
        return None

    async def progress(self, stage: Stage) -> None:
        pass

    async def publish(self, playlist: PlaylistView, reactions: ReactionRules) -> Posted | None:
        self.posts += 1
        return self.posted

    async def add_reactions(self) -> None:
        pass

    async def tell_stopped(self, schedule: ScheduleView) -> None:
        pass

    async def create(self, request: VibeRequest, *, publisher: Publisher) -> PlaylistView:
        made = PlaylistView(playlist_id="0" * 24, session_id="", name="", text="", songs=(), seed=0, owner_id="")
        await publisher.publish(made, ReactionRules())
        return made

    async def play_mood(
        self,
        key: str,
        requester: Requester,
        publisher: Publisher,
        only_me: bool = False,
        *,
        press_id: str | None = None,
    ) -> PlaylistView:
        raise AssertionError("these schedules have words")

    async def made(self, press_id: str) -> PlaylistView | None:
        return None

    async def note_posted(self, playlist_id: str, posted: Posted) -> None:
        pass

    async def check(self, text: str, guild_id: str | None) -> str:
        return text
