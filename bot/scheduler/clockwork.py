"""The clockwork: looks every minute which slots are due, and sees to it that each is run once.

APScheduler only wakes us; its memory store keeps nothing that matters. What was run, and who may run, is in the lease
and the ledger (`bot.services.job_ledger`). A slot that was missed, because no process was there, is run when one comes,
unless a later slot has come meanwhile.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime, timedelta

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger

from bot.errors import DatabaseDown
from bot.requests import Watcher, request
from bot.scheduler.table import Job
from bot.services.job_ledger import Ledger

_log = logging.getLogger(__name__)

LOOK_S = 60
"""How often every process looks; no job has more frequent slots."""

EARLY = timedelta(seconds=5)
"""A process whose clock is this much ahead of the database's runs a slot early, not a minute late."""


class Clockwork:
    """Runs jobs for as long as `running` is open. Every look at a slot has an id that its lines of the log carry."""

    def __init__(self, *, ledger: Ledger, jobs: Sequence[Job], watcher: Watcher | None = None) -> None:
        self._ledger = ledger
        self._watcher = watcher
        self._jobs = tuple(jobs)
        self._over: dict[str, datetime] = {}
        self._looking: set[asyncio.Task[None]] = set()

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Runs until the block ends; what is under way then is broken off, and taken over by another process."""
        logging.getLogger("apscheduler").setLevel(logging.WARNING)
        clock = AsyncIOScheduler(timezone=UTC)
        trigger = IntervalTrigger(seconds=LOOK_S, start_date=datetime(1970, 1, 1, tzinfo=UTC), timezone=UTC)
        for job in self._jobs:
            clock.add_job(
                self._look,
                trigger,
                args=(job,),
                id=job.plan.name,
                coalesce=True,
                max_instances=1,
                misfire_grace_time=None,
            )
        clock.start()
        try:
            yield
        finally:
            clock.shutdown(wait=False)
            under_way = tuple(self._looking)
            for task in under_way:
                task.cancel()
            # The clock stops in the next round of the loop, what is under way after it.
            await asyncio.sleep(0)
            await asyncio.gather(*under_way, return_exceptions=True)

    async def run_due(self, job: Job, at: datetime) -> bool:
        """Runs the slot of a job that is due at that moment; True when it is over, here or elsewhere.

        Raises DatabaseDown.
        """
        slot = job.plan.slot_at(at)
        if self._over.get(job.plan.name) == slot:
            return True
        if not job.ready():
            return False
        with request(f"job {job.plan.name}", self._watcher):
            over = await self._ledger.once(job.plan.name, slot, job.run)
        if over:
            self._over[job.plan.name] = slot
        return over

    async def _look(self, job: Job) -> None:
        task = asyncio.current_task()
        if task is None:
            raise AssertionError("jobs run in tasks")
        self._looking.add(task)
        try:
            await self.run_due(job, await self._ledger.now() + EARLY)
        except asyncio.CancelledError:
            # Nobody waits for this task; the clock would log a traceback.
            _log.info("%s is broken off by the stop; the next process takes it up", job.plan.name)
        except DatabaseDown as down:
            _log.warning("%s waits, MongoDB does not answer: %s", job.plan.name, down.cause)
        except Exception:  # noqa: BLE001 - a door: one bad round may not end the clockwork
            _log.exception("%s failed", job.plan.name)
        finally:
            self._looking.discard(task)
