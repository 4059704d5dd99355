"""One of several schedulers on one database: ``python -m tests.scheduler.turn_worker`` and a JSON object.

The clock is accelerated: a slot is a second, and the next one comes once the last is over. What happens to whom, a
file of commands tells: the process that begins a named slot is frozen, or killed, in the middle of it by itself.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
import time
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from bot.database import open_database
from bot.documents import JobRun, run_key
from bot.errors import DatabaseDown
from bot.scheduler.clockwork import Clockwork
from bot.scheduler.table import Job, Plan
from bot.services.job_ledger import LeaseHold, Ledger
from bot.settings import Settings

PLAN = Plan(name="a-job", every=timedelta(seconds=1), what="something, on an accelerated clock")


class Work:
    """A slot's work: a line when it begins, a line for its effect, and a line when it ends, each with the moment."""

    def __init__(self, told: dict[str, Any]) -> None:
        self._first = datetime.fromisoformat(told["first"])
        self._doomed = {int(slot): name for slot, name in told["doomed"].items()}
        self._folder = Path(told["folder"])

    async def __call__(self, turn: LeaseHold) -> str:
        number = round((turn.slot - self._first).total_seconds())
        self._note("begin", number)
        await asyncio.sleep(0)
        if self._first_at(number):
            self._note(self._doomed[number], number)
            os.kill(os.getpid(), {"freeze": signal.SIGSTOP, "kill": signal.SIGKILL}[self._doomed[number]])
        turn.check()
        self._note("effect", number)
        await asyncio.sleep(0)
        self._note("end", number)
        return "done"

    def _first_at(self, number: int) -> bool:
        """Whether this is the first process to come to a slot at which something happens."""
        if number not in self._doomed:
            return False
        try:
            (self._folder / f"doom-{number}").touch(exist_ok=False)
        except FileExistsError:
            return False
        return True

    def _note(self, what: str, number: int) -> None:
        line = json.dumps({"at": time.monotonic(), "what": what, "slot": number, "pid": os.getpid()})
        with (self._folder / "log").open("a", encoding="ascii") as log:
            log.write(line + "\n")


async def work(told: dict[str, Any]) -> None:
    settings = Settings.read(
        _env_file=None, mongodb_uri=SecretStr(told["uri"]), mongodb_database=told["database"], log_level="ERROR"
    )
    async with open_database(settings) as database:
        await database.wait_ready(30)
        job = Job(plan=PLAN, run=Work(told))
        clockwork = Clockwork(ledger=Ledger(lease_s=told["lease_s"]), jobs=(job,))
        print("ready", flush=True)
        await asyncio.get_running_loop().run_in_executor(None, sys.stdin.readline)
        first = datetime.fromisoformat(told["first"])
        for number in range(told["slots"]):
            slot = first + timedelta(seconds=number)
            while not await over(clockwork, job, slot):  # noqa: ASYNC110 - a slot that ends elsewhere tells nobody
                await asyncio.sleep(0.01)


async def over(clockwork: Clockwork, job: Job, slot: datetime) -> bool:
    """Whether the slot is over, here or elsewhere."""
    try:
        return await clockwork.run_due(job, slot) or await JobRun.is_over(run_key(job.plan.name, slot))
    except DatabaseDown:
        return False


if __name__ == "__main__":
    asyncio.run(work(json.loads(sys.argv[1])))
