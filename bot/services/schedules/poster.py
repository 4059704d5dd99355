"""Posting scheduled vibes: each slot once, by however many processes, and never twice after a crash.

A slot is begun in the ledger before anything is made, and its playlist has an id that follows from the slot. When a
process dies in between, another one takes the slot over: what was made is not made again, and where it may have been
posted the channel is searched for its card before it is posted. What is too late is skipped, and that is told.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Literal
from zoneinfo import ZoneInfo

from bot.database import guarded
from bot.documents import JobRun, Schedule, derived_key, run_key
from bot.documents.job_run import RunState
from bot.documents.schedule import LastRun
from bot.errors import DatabaseDown, Gone, NotAllowed, VibratoError, WorldDown
from bot.services.job_ledger import LeaseHold, TurnLost
from bot.services.schedules.recurrence import next_after
from bot.services.schedules.view_builder import view_of, when_of
from bot.services.schedules.views import Playlists, Reactions, Result, Room, RoomPublisher, Rooms, ScheduleView
from bot.services.values import PlaylistView, Posted, Requester, VibeRequest

_log = logging.getLogger(__name__)

POSTS = "scheduled-vibe"
"""The job under which the ledger keeps the slots of schedules."""

SKEW = timedelta(minutes=5)
"""How far Discord's clock and ours may be apart."""

GRACE = timedelta(hours=1)
"""A vibe that could not be posted for so long is skipped: nobody expects it any more."""

ATTEMPTS = 5
"""How often one slot is tried, a minute or more apart, before it has failed."""

AT_ONCE = 4
"""Vibes that are made and posted at a time."""

MOST_DUE = 500
"""Slots of one turn; the next turn, a minute later, goes on."""

Came = Result | Literal["left"] | None
"""What came of a slot in this turn; what is left is taken up in a later one. None: it was dealt with elsewhere."""


class _TooLate(Exception):
    """Nobody expects this post any more."""


class _Unsure(Exception):
    """It may have been posted, and the channel cannot be searched."""


class SchedulePoster:
    """Posts what is due, where it belongs."""

    def __init__(self, *, playlists: Playlists, feedback: Reactions, rooms: Rooms) -> None:
        self._playlists = playlists
        self._feedback = feedback
        self._rooms = rooms

    async def post_due(self, turn: LeaseHold) -> str:
        """Posts every slot whose time has come, and those that another process left; says how many came to what."""
        with guarded():
            left = await JobRun.left(POSTS, fence=turn.fence, limit=MOST_DUE)
            due = await Schedule.due(turn.slot, MOST_DUE)
        gate = asyncio.Semaphore(AT_ONCE)
        works = [partial(self._resume, run, turn) for run in left]
        works += [partial(self._begin, schedule, turn) for schedule in due]
        came = Counter(await asyncio.gather(*(_apart(gate, work) for work in works)))
        return ", ".join(f"{count} {result}" for result, count in came.items() if result) or "nothing due"

    async def post_now(self, schedule: ScheduleView, *, press_id: str) -> PlaylistView:
        """Posts it beside its times, once for a press. Raises Gone, NotAllowed, DiscordRefused, and as `create`."""
        key = f"{POSTS}:now:{press_id}"
        room = await self._rooms.room(schedule.guild_id, schedule.channel_id)
        if (made := await self._playlists.made(key)) is not None:
            return made
        publisher = room.publisher(schedule, nonce=_nonce(key), check=lambda: None)
        playlist = await self._make(schedule, key, publisher)
        await publisher.add_reactions()
        return playlist

    async def check(self, text: str, guild_id: str) -> str:
        """The words as a request has them. Raises what making a playlist of them would raise."""
        return await self._playlists.check(text, guild_id)

    async def _begin(self, schedule: Schedule, turn: LeaseHold) -> Came:
        """The latest slot of a schedule whose time has come; earlier ones, and one that is too old, are skipped."""
        turn.check()
        if schedule.next_at is None:
            raise AssertionError("what is due has a time")
        slot, missed, following = _slots(schedule, schedule.next_at, turn.slot)
        attempt = None
        with guarded():
            if missed is not None:
                await self._skip(schedule, missed, turn)
            if slot is not None:
                attempt = await self._enter(schedule, slot, turn)
            await Schedule.advance(schedule.own_key, slot=schedule.next_at, next_at=following)
        if slot is None:
            return "skipped"
        return None if attempt is None else await self._settle(schedule, slot, turn, attempt=attempt)

    async def _resume(self, run: JobRun, turn: LeaseHold) -> Came:
        """A slot that was begun and never ended: by a process that died, or because Discord did not answer."""
        turn.check()
        with guarded():
            attempt = await JobRun.take_over(run.id, holder=turn.holder, fence=turn.fence, attempts=ATTEMPTS)
            schedule = await Schedule.named(run.scheduled_by) if run.scheduled_by else None
            if schedule is None:
                return None
            if attempt is None:
                if await JobRun.is_over(run.id):
                    await Schedule.note(schedule.own_key, LastRun(slot=run.slot, outcome="lost", reason="attempts"))
                return None
        _log.warning("%s was left unfinished and is taken up (attempt %d)", run.id, attempt)
        return await self._settle(schedule, run.slot, turn, attempt=attempt)

    async def _settle(self, schedule: Schedule, slot: datetime, turn: LeaseHold, *, attempt: int) -> Came:
        """Posts a slot, and writes what came of it into the ledger and on the schedule."""
        try:
            posted, publisher = await self._post(schedule, slot, turn, again=attempt > 1)
        except (TurnLost, DatabaseDown):
            raise
        except Exception as error:  # noqa: BLE001 - a door: whatever comes is noted on the schedule
            return await self._not_posted(schedule, slot, turn, error, attempt=attempt)
        last = LastRun(slot=slot, outcome="posted", message_id=posted.message_id)
        with guarded():
            await self._close(schedule, last, turn, messageId=posted.message_id)
        if publisher is not None:
            await publisher.add_reactions()
        return "posted"

    async def _post(
        self, schedule: Schedule, slot: datetime, turn: LeaseHold, *, again: bool
    ) -> tuple[Posted, RoomPublisher | None]:
        """The message of a slot, posted now or found where an earlier attempt had posted it."""
        key, view = _key(schedule, slot), view_of(schedule, {})
        room = await self._rooms.room(schedule.guild_id, schedule.channel_id)
        made = await self._playlists.made(key) if again else None
        if made is not None and (found := await _search(room, made, slot)) is not None:
            await self._playlists.note_posted(made.playlist_id, found)
            return found, None
        if again and (turn.slot - slot > GRACE or schedule.state != "on"):
            raise _TooLate
        publisher = room.publisher(view, nonce=_nonce(key), check=turn.check)
        if made is None:
            made = await self._make(view, key, publisher)
        else:
            await publisher.publish(made, await self._feedback.reactions(schedule.guild_id))
        if publisher.posted is None:
            raise AssertionError("a publisher that did not raise has posted")
        await self._playlists.note_posted(made.playlist_id, publisher.posted)
        return publisher.posted, publisher

    async def _make(self, schedule: ScheduleView, key: str, publisher: RoomPublisher) -> PlaylistView:
        # A schedule is a member of its own: it has no taste, and it does not play the same songs every week.
        requester = Requester(
            user_id=Schedule.member_name(schedule.schedule_id),
            display_name="Scheduled vibe",
            guild_id=schedule.guild_id,
            channel_id=schedule.channel_id,
            appointed=True,
        )
        if schedule.mood is not None:
            return await self._playlists.play_mood(schedule.mood, requester, publisher, press_id=key)
        request = VibeRequest(text=schedule.vibe, requester=requester, press_id=key)
        return await self._playlists.create(request, publisher=publisher)

    async def _not_posted(
        self, schedule: Schedule, slot: datetime, turn: LeaseHold, error: Exception, *, attempt: int
    ) -> Came:
        result, reason = _result_of(error)
        if isinstance(error, WorldDown) and attempt < ATTEMPTS:
            _log.warning("schedule %s could not be posted and is tried again: %s", schedule.id, error.cause)
            return "left"
        if reason == "OurBug":
            _log.error("schedule %s failed", schedule.id, exc_info=error)
        with guarded():
            await self._close(schedule, LastRun(slot=slot, outcome=result, reason=reason), turn)
            if isinstance(error, NotAllowed | Gone):
                await self._stop(schedule, reason)
        return result

    async def _stop(self, schedule: Schedule, reason: str) -> None:
        """Nothing more is tried until a moderator lets it go on; they are told once."""
        _log.warning("schedule %s of server %s is stopped: %s", schedule.id, schedule.guild_id, reason)
        stopped = await Schedule.stop(schedule.own_key, reason)
        if stopped is not None:
            await self._rooms.tell_stopped(view_of(stopped, {}))

    async def _enter(self, schedule: Schedule, slot: datetime, turn: LeaseHold) -> int | None:
        facts = {"scheduleId": schedule.own_key, "guildId": schedule.guild_id}
        return await JobRun.begin(
            _key(schedule, slot),
            job=POSTS,
            slot=slot,
            holder=turn.holder,
            fence=turn.fence,
            attempts=ATTEMPTS,
            facts=facts,
        )

    async def _skip(self, schedule: Schedule, slot: datetime, turn: LeaseHold) -> None:
        _log.warning("schedule %s: its slot of %s is skipped, nobody was there to post it", schedule.id, slot)
        if await self._enter(schedule, slot, turn) is not None:
            await self._close(schedule, LastRun(slot=slot, outcome="skipped", reason="away"), turn)

    async def _close(self, schedule: Schedule, last: LastRun, turn: LeaseHold, **facts: str) -> None:
        state: RunState = "finished" if last.outcome == "posted" else last.outcome
        note = f"{last.outcome}: {last.reason}" if last.reason else last.outcome
        key = _key(schedule, last.slot)
        if await JobRun.end(key, fence=turn.fence, state=state, note=note, **facts):
            await Schedule.note(schedule.own_key, last)


async def _apart(gate: asyncio.Semaphore, work: Callable[[], Awaitable[Came]]) -> Came:
    """One slot, whatever becomes of the others."""
    async with gate:
        try:
            return await work()
        except (TurnLost, DatabaseDown) as error:
            _log.warning("a scheduled vibe is left for the next turn: %r", error)
            return "left"


async def _search(room: Room, made: PlaylistView, slot: datetime) -> Posted | None:
    """The card of an earlier attempt. Raises _Unsure where nobody can tell."""
    try:
        return await room.find(made.playlist_id, since=slot - SKEW)
    except NotAllowed as closed:
        raise _Unsure from closed


def _slots(schedule: Schedule, first: datetime, now: datetime) -> tuple[datetime | None, datetime | None, datetime]:
    """The slot to post, the latest one that was missed, and the next to come."""
    when, zone = when_of(schedule.rule), ZoneInfo(schedule.time_zone)
    slot, missed = first, None
    while (following := next_after(when, zone, slot)) <= now:
        missed, slot = slot, following
    return (None, slot, following) if now - slot > GRACE else (slot, missed, following)


def _result_of(error: Exception) -> tuple[Result, str]:
    """What to note about a slot that could not be posted: the result, and the name of the reason."""
    if isinstance(error, _TooLate):
        return "skipped", "away"
    if isinstance(error, _Unsure):
        return "lost", "unsure"
    if isinstance(error, NotAllowed):
        return "failed", error.permission
    if isinstance(error, Gone):
        return "failed", error.what
    return "failed", type(error).__name__ if isinstance(error, VibratoError) else "OurBug"


def _key(schedule: Schedule, slot: datetime) -> str:
    return run_key(f"{POSTS}:{schedule.id}", slot)


def _nonce(key: str) -> str:
    """24 characters for a slot, always the same."""
    return str(derived_key("nonce", key))
