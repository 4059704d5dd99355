"""Doing something once, by however many processes: a lease by the server's clock, and the ledger of slots.

A slot is written into the ledger before its work begins and closed when it ended, so nobody does it again. The lease
keeps two processes from working on one job at a time, and tells by its fence when a process that was frozen, or cut
off from the database, has lost its turn to another.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import secrets
import socket
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bot.database import guarded
from bot.documents import JobRun, Lease, run_key
from bot.errors import DatabaseDown

_log = logging.getLogger(__name__)

LEASE_S = 60.0
"""How long a process that says nothing more is believed to be working."""

ATTEMPTS = 3
"""How often a slot is begun before it is given up: work that ends its process shall not end them all."""


class TurnLost(Exception):
    """Somebody else may be doing this by now, so it must not go on here."""


class LeaseHold:
    """The right to do the work of one slot, for as long as the lease is held. `fence` grows with every lease."""

    def __init__(self, *, job: str, slot: datetime, fence: int, holder: str, until: float) -> None:
        self.job = job
        self.slot = slot
        self.fence = fence
        self.holder = holder
        self._until = until

    @property
    def left_s(self) -> float:
        """Seconds that it surely lasts; this clock goes on while the process is stopped."""
        return self._until - time.monotonic()

    def check(self) -> None:
        """Raises TurnLost unless it is surely held at this moment; called right before what cannot be taken back."""
        if self.left_s <= 0:
            raise TurnLost

    def extend(self, until: float) -> None:
        """Held until that moment of the monotonic clock."""
        self._until = until


Work = Callable[[LeaseHold], Awaitable[str]]
"""What a slot is about; it answers with a short note of what came of it. Doing it twice must do no harm."""


class Ledger:
    """Gives turns out. `lease_s` is how long a silent process is believed to be at work."""

    def __init__(self, *, lease_s: float = LEASE_S) -> None:
        self._lease_s = lease_s

    async def now(self) -> datetime:
        """This moment by the server's clock, in UTC. Raises DatabaseDown."""
        with guarded():
            return await Lease.server_time()

    async def once(self, job: str, slot: datetime, work: Work) -> bool:
        """Do the work of a slot unless it was done, or is being done elsewhere; True when it is over.

        What fails is noted in the ledger and in the log, and is over too. Raises DatabaseDown.
        """
        key = run_key(job, slot)
        with guarded():
            if await JobRun.is_over(key):
                return True
        turn = await self._turn(job, slot)
        if turn is None:
            return False
        try:
            return await self._begun(key, turn, work)
        finally:
            await self._give_back(turn)

    async def _turn(self, job: str, slot: datetime) -> LeaseHold | None:
        holder = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"
        until = time.monotonic() + self._lease_s
        with guarded():
            fence = await Lease.take(job, holder=holder, seconds=self._lease_s)
        return None if fence is None else LeaseHold(job=job, slot=slot, fence=fence, holder=holder, until=until)

    async def _begun(self, key: str, turn: LeaseHold, work: Work) -> bool:
        with guarded():
            await JobRun.close_left(turn.job, before=turn.slot, fence=turn.fence)
            attempt = await JobRun.begin(
                key,
                job=turn.job,
                slot=turn.slot,
                holder=turn.holder,
                fence=turn.fence,
                attempts=ATTEMPTS,
                facts={},
            )
        if attempt is None:
            return True
        if attempt > 1:
            _log.warning("%s was left unfinished and is taken over (attempt %d)", key, attempt)
        started = time.monotonic()
        try:
            note, state = await self._working(turn, work), "finished"
        except (TurnLost, DatabaseDown) as error:
            _log.warning("%s was broken off: %r", key, error)
            return False
        except Exception as error:  # noqa: BLE001 - a door: what fails is noted, and the next slot comes
            _log.exception("%s failed", key)
            note, state = type(error).__name__, "failed"
        await self._end(key, turn, state=state, note=note, started=started)
        return True

    async def _end(self, key: str, turn: LeaseHold, *, state: Any, note: str, started: float) -> None:
        duration_ms = (time.monotonic() - started) * 1000
        with guarded():
            mine = await JobRun.end(key, fence=turn.fence, state=state, note=note, durationMs=duration_ms)
        if not mine:
            _log.warning("%s was taken over by another process before it ended here", key)

    async def _working(self, turn: LeaseHold, work: Work) -> str:
        """The work, for as long as the lease is kept; it is cancelled when that is lost."""
        working = asyncio.ensure_future(work(turn))
        keeping = asyncio.create_task(self._keep(turn))
        try:
            await asyncio.wait({working, keeping}, return_when=asyncio.FIRST_COMPLETED)
            if not working.done():
                raise TurnLost
            return working.result()
        finally:
            for task in (working, keeping):
                task.cancel()
                with contextlib.suppress(asyncio.CancelledError, Exception):
                    await task

    async def _keep(self, turn: LeaseHold) -> None:
        """Renews the lease three times in its life; returns once it is lost."""
        while turn.left_s > 0:
            await asyncio.sleep(self._lease_s / 3)
            until = time.monotonic() + self._lease_s
            try:
                with guarded():
                    if not await Lease.renew(turn.job, fence=turn.fence, seconds=self._lease_s):
                        turn.extend(0.0)
                        return
            except DatabaseDown as down:
                _log.warning("the lease of %s could not be renewed: %s", turn.job, down.cause)
            else:
                turn.extend(until)

    async def _give_back(self, turn: LeaseHold) -> None:
        try:
            with guarded():
                await Lease.free(turn.job, fence=turn.fence)
        except DatabaseDown as down:
            _log.warning("the lease of %s could not be given back and runs out by itself: %s", turn.job, down.cause)


@dataclass(frozen=True, slots=True, kw_only=True)
class RunView:
    """What the ledger says about the latest slot of a job."""

    slot: datetime
    state: str
    note: str
    attempt: int
    started_at: datetime | None
    duration_ms: float | None


async def latest_run(job: str) -> RunView | None:
    """The latest slot of a job that was begun. Raises DatabaseDown."""
    with guarded():
        run = await JobRun.latest(job)
    if run is None:
        return None
    return RunView(
        slot=run.slot,
        state=run.state,
        note=run.note or "",
        attempt=run.attempt,
        started_at=run.started_at,
        duration_ms=run.duration_ms,
    )


async def forget_runs(before: datetime) -> int:
    """Remove what the ledger says about slots before that moment, but each job's latest. Raises DatabaseDown."""
    with guarded():
        return await JobRun.forget(before.astimezone(UTC))
