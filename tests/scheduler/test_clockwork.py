"""The clockwork: whose turn it is, what happens in the middle of a slot, and the table of jobs itself."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from bot.catalogue.index import Catalogue
from bot.database import Database
from bot.documents import JobRun
from bot.errors import DatabaseDown
from bot.scheduler import clockwork
from bot.scheduler.clockwork import Clockwork
from bot.scheduler.table import PLANS, Job, Plan
from bot.services.job_ledger import LEASE_S, LeaseHold, Ledger
from bot.wiring import wire
from tests.conftest import StoppableMongod

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
MINUTELY = Plan(name="minutely", every=timedelta(minutes=1), what="a test")
DAILY = Plan(name="daily", every=timedelta(days=1), at=timedelta(hours=4), what="a test")
SECONDLY = Plan(name="secondly", every=timedelta(seconds=1), what="a test")


class Work:
    """Writes down its slots; waits in the middle of one for as long as `gate` is closed."""

    def __init__(self, *, open: bool = True) -> None:  # noqa: A002 - that is what a gate is
        self.slots: list[datetime] = []
        self.begun = asyncio.Event()
        self.gate = asyncio.Event()
        if open:
            self.gate.set()

    async def __call__(self, turn: LeaseHold) -> str:
        self.begun.set()
        await self.gate.wait()
        turn.check()
        self.slots.append(turn.slot)
        return "done"


def of(plan: Plan, work: Any, *, lease_s: float = LEASE_S, **options: Any) -> tuple[Clockwork, Job]:
    job = Job(plan=plan, run=work, **options)
    return Clockwork(ledger=Ledger(lease_s=lease_s), jobs=(job,)), job


def test_slots_are_the_same_in_every_process() -> None:
    assert MINUTELY.slot_at(NOON + timedelta(seconds=59.9)) == NOON
    assert MINUTELY.slot_at(NOON) == NOON
    assert MINUTELY.next_after(NOON) == NOON + timedelta(minutes=1)
    assert DAILY.slot_at(NOON) == NOON.replace(hour=4)
    assert DAILY.slot_at(NOON.replace(hour=3)) == NOON.replace(hour=4) - timedelta(days=1)
    assert DAILY.next_after(NOON) == NOON.replace(hour=4) + timedelta(days=1)


async def test_a_slot_that_was_missed_is_made_up_for_once(database: Database) -> None:
    work = Work()
    first, job = of(DAILY, work)
    for hour in (12, 13, 14):
        assert await first.run_due(job, NOON.replace(hour=hour))
    second, job = of(DAILY, work)
    assert await second.run_due(job, NOON.replace(hour=15))
    assert work.slots == [NOON.replace(hour=4)]


async def test_a_process_that_cannot_leaves_it_to_another(database: Database) -> None:
    work = Work()
    offline, job = of(MINUTELY, work, ready=lambda: False)
    assert not await offline.run_due(job, NOON)
    assert await JobRun.count() == 0
    online, job = of(MINUTELY, work)
    assert await online.run_due(job, NOON)
    assert work.slots == [NOON]


async def test_while_one_works_the_others_go_on_with_their_lives(database: Database) -> None:
    work = Work(open=False)
    one, job = of(MINUTELY, work)
    working = asyncio.create_task(one.run_due(job, NOON))
    await work.begun.wait()
    other, other_job = of(MINUTELY, work)
    assert not await other.run_due(other_job, NOON)
    work.gate.set()
    assert await working
    assert await other.run_due(other_job, NOON)
    assert work.slots == [NOON]


async def test_a_restart_in_the_middle_is_taken_up_at_once(
    database: Database, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(clockwork, "LOOK_S", 1)
    stuck, work = Work(open=False), Work()
    first, _ = of(DAILY, stuck)
    async with first.running():
        await asyncio.wait_for(stuck.begun.wait(), 60)
    assert [record.getMessage() for record in caplog.records if record.exc_info] == []
    run = await JobRun.latest("daily")
    assert run is not None
    assert run.state == "started"
    second, job = of(DAILY, work)
    assert await second.run_due(job, run.slot)
    assert work.slots == [run.slot]
    run = await JobRun.latest("daily")
    assert run is not None
    assert (run.state, run.attempt) == ("finished", 2)
    assert stuck.slots == []


async def test_the_clock_wakes_everybody_and_one_works(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clockwork, "LOOK_S", 1)
    work, third = Work(), asyncio.Event()

    async def counted(turn: LeaseHold) -> str:
        note = await work(turn)
        if len(work.slots) == 3:
            third.set()
        return note

    clocks = [of(SECONDLY, counted)[0] for _ in range(3)]
    async with clocks[0].running(), clocks[1].running(), clocks[2].running():
        await asyncio.wait_for(third.wait(), 60)
    assert len(set(work.slots)) == len(work.slots)


async def test_a_database_that_goes_and_comes_back(
    stoppable_mongod: StoppableMongod, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(clockwork, "LOOK_S", 1)
    work = Work()
    wheels, job = of(SECONDLY, work, lease_s=2.0)  # of what it held when the server went
    async with wheels.running():
        await asyncio.wait_for(work.begun.wait(), 60)
        await stoppable_mongod.kill()
        with pytest.raises(DatabaseDown):
            await wheels.run_due(job, NOON)
        await stoppable_mongod.start()
        work.begun.clear()
        await asyncio.wait_for(work.begun.wait(), 60)
    assert len(set(work.slots)) == len(work.slots)


async def test_a_round_that_fails_does_not_stop_the_clock(
    database: Database, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    work = Work()
    wheels, job = of(SECONDLY, work)

    async def broken() -> datetime:
        raise ZeroDivisionError

    with monkeypatch.context() as patched:
        patched.setattr(wheels._ledger, "now", broken)
        await wheels._look(job)
    assert "secondly failed" in caplog.text
    await wheels._look(job)
    assert len(work.slots) == 1


async def test_every_plan_has_its_work_and_the_work_says_what_it_did(database: Database) -> None:
    with ThreadPoolExecutor(max_workers=1) as executor:
        parser: Any = SimpleNamespace(version="none")
        table = wire(parser, Catalogue.from_records(()), executor).jobs()
    assert tuple(job.plan for job in table) == PLANS
    assert len({plan.name for plan in PLANS}) == len(PLANS)
    for job in table:
        assert job.plan.every >= timedelta(seconds=clockwork.LOOK_S)
        await Ledger().once(job.plan.name, job.plan.slot_at(NOON), job.run)
        run = await JobRun.latest(job.plan.name)
        assert run is not None
        assert run.state == "finished", run.note
        assert run.note
