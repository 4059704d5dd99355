"""Vibes that a server has posted again and again: what moderators do with them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.database import guarded
from bot.documents import Schedule
from bot.errors import EmptyRequest, Gone, TooMany
from bot.services.guilds.settings import SettingsService, zone_named
from bot.services.members import member
from bot.services.moods.service import MoodService
from bot.services.playlists.object_ids import stored_key
from bot.services.schedules.poster import SchedulePoster
from bot.services.schedules.recurrence import next_after
from bot.services.schedules.recurrence_parser import read_when
from bot.services.schedules.view_builder import rule_of, view_of, when_of
from bot.services.schedules.views import MOST_SCHEDULES, NewSchedule, Rooms, ScheduleView
from bot.services.values import PlaylistView, Requester

KEEP_REMOVED = timedelta(days=1)
"""How long a schedule that was removed can be brought back."""


class ScheduleService:
    """Keeps the schedules of servers. Every call names the server, and finds nothing of another one."""

    def __init__(
        self,
        *,
        moods: MoodService,
        settings: SettingsService,
        rooms: Rooms,
        poster: SchedulePoster,
        clock: Callable[[], datetime],
    ) -> None:
        self._moods = moods
        self._settings = settings
        self._rooms = rooms
        self._poster = poster
        self._clock = clock

    async def add(self, requester: Requester, guild_id: str, new: NewSchedule) -> ScheduleView:
        """A new schedule, on at once.

        Raises BadTime and BadEntry for a time or a zone that is none, EmptyRequest without text or mood,
        RequestTooLong and NotUnderstood for words that would make no playlist, Gone for a mood or channel that is not
        there, NotAllowed where the bot may not write, TooMany, DatabaseDown.
        """
        when = read_when(new.when)
        zone_name = zone_named(new.time_zone) if new.time_zone else (await self._settings.of(guild_id)).time_zone
        wish = await self._wish(guild_id, new)
        await self._rooms.room(guild_id, new.channel_id)
        zone, now = ZoneInfo(zone_name), self._clock()
        when = when.starting(zone, now)
        who = await member(requester)
        schedule = Schedule(
            guild_id=guild_id,
            channel_id=new.channel_id,
            user_id=who.id,
            rule=rule_of(when),
            time_zone=zone_name,
            next_at=next_after(when, zone, now),
            **wish,
        )
        with guarded():
            if len(await Schedule.of_guild(guild_id)) >= MOST_SCHEDULES:
                raise TooMany(what="schedules", limit=MOST_SCHEDULES)
            await schedule.insert()
        return await self._view(schedule)

    async def all(self, guild_id: str) -> tuple[ScheduleView, ...]:
        """A server's schedules, in the order they were made. Raises DatabaseDown."""
        with guarded():
            schedules = await Schedule.of_guild(guild_id)
        labels = await self._labels(guild_id)
        return tuple(view_of(schedule, labels) for schedule in schedules)

    async def one(self, guild_id: str, schedule_id: str) -> ScheduleView:
        """One of them. Raises Gone("schedule"), DatabaseDown."""
        return await self._view(await self._stored(guild_id, schedule_id))

    async def pause(self, guild_id: str, schedule_id: str) -> ScheduleView:
        """Nothing is posted until it goes on. Raises Gone("schedule"), DatabaseDown."""
        return await self._change(guild_id, schedule_id, state="paused", nextAt=None, reason=None)

    async def resume(self, guild_id: str, schedule_id: str) -> ScheduleView:
        """It goes on with its next time; nothing is made up for.

        Raises Gone("schedule"), NotAllowed or Gone("channel") while its channel is closed to the bot, DatabaseDown.
        """
        schedule = await self._stored(guild_id, schedule_id)
        await self._rooms.room(guild_id, schedule.channel_id)
        return await self._change(guild_id, schedule_id, state="on", nextAt=self._next(schedule), reason=None)

    async def toggle(self, guild_id: str, schedule_id: str) -> ScheduleView:
        """Pauses one that is on, and lets any other go on; raises as those do."""
        schedule = await self._stored(guild_id, schedule_id)
        change = self.pause if schedule.state == "on" else self.resume
        return await change(guild_id, schedule_id)

    async def remove(self, guild_id: str, schedule_id: str) -> ScheduleView:
        """Takes it away; `restore` brings it back within KEEP_REMOVED. Raises Gone("schedule"), DatabaseDown."""
        schedule = await self._stored(guild_id, schedule_id)
        return await self._change(guild_id, schedule_id, state="removed", before=schedule.state, nextAt=None)

    async def restore(self, guild_id: str, schedule_id: str) -> ScheduleView:
        """Brings one back that was removed, as it was. Raises Gone("schedule"), TooMany, DatabaseDown."""
        key = stored_key(schedule_id, what="schedule")
        with guarded():
            schedule = await Schedule.on_guild(guild_id, key, removed=True)
            if schedule is None:
                raise Gone(what="schedule")
            if len(await Schedule.of_guild(guild_id)) >= MOST_SCHEDULES:
                raise TooMany(what="schedules", limit=MOST_SCHEDULES)
            state = schedule.before or "paused"
            fields = {"state": state, "before": None, "nextAt": self._next(schedule) if state == "on" else None}
            restored = await Schedule.alter(guild_id, key, fields, removed=True)
        if restored is None:
            raise Gone(what="schedule")
        return await self._view(restored)

    async def post_now(self, guild_id: str, schedule_id: str, *, press_id: str) -> PlaylistView:
        """Posts it at once, beside its times; the same press posts once.

        Raises Gone, NotAllowed, DiscordRefused, and what making a playlist raises.
        """
        schedule = await self._stored(guild_id, schedule_id)
        return await self._poster.post_now(await self._view(schedule), press_id=press_id)

    async def forget_removed(self, now: datetime) -> int:
        """Removes for good what was removed longer ago than KEEP_REMOVED; how many they were. Raises DatabaseDown."""
        with guarded():
            return await Schedule.forget_removed(now - KEEP_REMOVED)

    async def _wish(self, guild_id: str, new: NewSchedule) -> dict[str, Any]:
        """The text or the mood, as it is stored."""
        if new.mood:
            moods = {mood.key: mood for mood in await self._moods.all(guild_id)}
            mood = moods.get(new.mood) or moods.get(f"{guild_id}:{new.mood}")
            if mood is None:
                raise Gone(what="mood")
            return {"mood_key": mood.key}
        if not new.text:
            raise EmptyRequest
        return {"text": await self._poster.check(new.text, guild_id)}

    def _next(self, schedule: Schedule) -> datetime:
        return next_after(when_of(schedule.rule), ZoneInfo(schedule.time_zone), self._clock())

    async def _stored(self, guild_id: str, schedule_id: str) -> Schedule:
        key = stored_key(schedule_id, what="schedule")
        with guarded():
            schedule = await Schedule.on_guild(guild_id, key)
        if schedule is None:
            raise Gone(what="schedule")
        return schedule

    async def _change(self, guild_id: str, schedule_id: str, **fields: Any) -> ScheduleView:
        key = stored_key(schedule_id, what="schedule")
        with guarded():
            schedule = await Schedule.alter(guild_id, key, fields)
        if schedule is None:
            raise Gone(what="schedule")
        return await self._view(schedule)

    async def _view(self, schedule: Schedule) -> ScheduleView:
        return view_of(schedule, await self._labels(schedule.guild_id) if schedule.mood_key else {})

    async def _labels(self, guild_id: str) -> dict[str, str]:
        return {mood.key: f"{mood.icon} {mood.label}".strip() for mood in await self._moods.all(guild_id)}
