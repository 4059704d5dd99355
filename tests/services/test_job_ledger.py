"""Turns: one at a time, each slot once, by the server's clock, and lost for good by who was away too long."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.database import Database
from bot.documents import JobRun, Lease
from bot.errors import DatabaseDown
from bot.services.job_ledger import ATTEMPTS, LeaseHold, Ledger, TurnLost, forget_runs
from tests.conftest import StoppableMongod

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


class Diary:
    """Work that writes down which slots it was done for."""

    def __init__(self) -> None:
        self.slots: list[datetime] = []

    async def __call__(self, turn: LeaseHold) -> str:
        turn.check()
        self.slots.append(turn.slot)
        return "written"


async def test_a_slot_is_done_once_however_many_try(database: Database) -> None:
    diary = Diary()
    await asyncio.gather(*(Ledger().once("write", NOON, diary) for _ in range(20)))
    assert diary.slots == [NOON]
    run = await JobRun.latest("write")
    assert run is not None
    assert (run.id, run.state, run.note) == ("write:2026-11-22T12:00:00Z", "finished", "written")
    assert run.duration_ms is not None


async def test_every_slot_is_done_in_its_turn(database: Database) -> None:
    diary, ledger = Diary(), Ledger()
    slots = [NOON + timedelta(minutes=ahead) for ahead in range(5)]
    for slot in slots * 2:
        assert await ledger.once("write", slot, diary)
    assert diary.slots == slots


async def test_a_lease_goes_to_one_and_its_fence_grows(database: Database) -> None:
    taken = await asyncio.gather(*(Lease.take("write", holder=str(who), seconds=60) for who in range(20)))
    (fence,) = [fence for fence in taken if fence is not None]
    assert fence == 1
    await Lease.free("write", fence=fence)
    assert await Lease.take("write", holder="next", seconds=60) == 2
    assert not await Lease.renew("write", fence=1, seconds=60)
    await Lease.free("write", fence=1)
    assert await Lease.take("write", holder="late", seconds=60) is None


async def test_a_lease_that_ran_out_is_taken_and_the_old_holder_loses(database: Database) -> None:
    assert await Lease.take("write", holder="slow", seconds=-1) == 1
    assert await Lease.take("write", holder="$holder", seconds=60) == 2
    stored = await Lease.get("write")
    assert stored is not None
    assert stored.holder == "$holder"
    assert not await Lease.renew("write", fence=1, seconds=60)


async def test_the_time_is_the_servers(database: Database) -> None:
    assert abs(await Ledger().now() - datetime.now(UTC)) < timedelta(minutes=1)


async def test_work_that_lost_its_lease_is_broken_off_and_taken_over(database: Database) -> None:
    diary, begun, ended = Diary(), asyncio.Event(), []

    async def endless(turn: LeaseHold) -> str:
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            ended.append(turn)
        raise AssertionError

    slow = asyncio.create_task(Ledger(lease_s=0.3).once("write", NOON, endless))
    await begun.wait()
    await Lease.get_motor_collection().update_one({"_id": "write"}, {"$set": {"until": NOON}})
    assert await Ledger().once("write", NOON, diary)
    assert not await slow
    assert diary.slots == [NOON]
    with pytest.raises(TurnLost):
        ended[0].check()
    run = await JobRun.latest("write")
    assert run is not None
    assert (run.state, run.attempt) == ("finished", 2)


async def test_who_was_taken_over_can_end_nothing(database: Database) -> None:
    facts: dict[str, Any] = {"job": "write", "slot": NOON, "attempts": 3, "facts": {}}
    assert await JobRun.begin("key", holder="first", fence=1, **facts) == 1
    assert await JobRun.begin("key", holder="same", fence=1, **facts) is None
    assert await JobRun.begin("key", holder="second", fence=2, **facts) == 2
    assert not await JobRun.end("key", fence=1, state="finished", note="late")
    assert await JobRun.end("key", fence=2, state="finished", note="done")
    assert await JobRun.begin("key", holder="third", fence=3, **facts) is None


async def test_work_that_ends_every_process_is_given_up(database: Database) -> None:
    facts: dict[str, Any] = {"job": "write", "slot": NOON, "attempts": ATTEMPTS, "facts": {}, "holder": "me"}
    begun = [await JobRun.begin("key", fence=fence, **facts) for fence in range(1, ATTEMPTS + 3)]
    assert begun == [1, 2, 3, None, None]
    run = await JobRun.get("key")
    assert run is not None
    assert run.state == "lost"


async def test_what_fails_is_noted_and_the_next_slot_comes(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    async def broken(turn: LeaseHold) -> str:
        raise ZeroDivisionError

    assert await Ledger().once("write", NOON, broken)
    run = await JobRun.latest("write")
    assert run is not None
    assert (run.state, run.note) == ("failed", "ZeroDivisionError")
    assert "write:2026-11-22T12:00:00Z failed" in caplog.text
    diary = Diary()
    assert await Ledger().once("write", NOON + timedelta(minutes=1), diary)
    assert diary.slots


async def test_a_slot_that_was_left_is_lost_once_a_later_one_comes(database: Database) -> None:
    await JobRun.begin("write:old", job="write", slot=NOON, holder="dead", fence=0, attempts=3, facts={})
    await Ledger().once("write", NOON + timedelta(minutes=1), Diary())
    left = await JobRun.get("write:old")
    assert left is not None
    assert left.state == "lost"


async def test_a_stop_in_the_middle_lets_another_go_on_at_once(database: Database) -> None:
    begun = asyncio.Event()

    async def endless(turn: LeaseHold) -> str:
        begun.set()
        await asyncio.Event().wait()
        raise AssertionError

    stopped = asyncio.create_task(Ledger().once("write", NOON, endless))
    await begun.wait()
    stopped.cancel()
    await asyncio.wait({stopped})
    assert stopped.cancelled()
    diary = Diary()
    assert await Ledger().once("write", NOON, diary)
    assert diary.slots == [NOON]


async def test_old_runs_are_forgotten_but_the_latest_of_each_job(database: Database) -> None:
    for days in (40, 30, 20):
        await Ledger().once("write", NOON - timedelta(days=days), Diary())
    await Ledger().once("rare", NOON - timedelta(days=300), Diary())
    assert await forget_runs(NOON - timedelta(days=25)) == 2
    assert await JobRun.count() == 2


async def test_without_its_database_nothing_is_begun_and_it_recovers(stoppable_mongod: StoppableMongod) -> None:
    diary, ledger = Diary(), Ledger()
    await stoppable_mongod.kill()
    with pytest.raises(DatabaseDown):
        await ledger.once("write", NOON, diary)
    assert diary.slots == []
    await stoppable_mongod.start()
    while True:
        try:
            assert await ledger.once("write", NOON, diary)
            break
        except DatabaseDown:
            continue
    assert diary.slots == [NOON]


async def test_work_during_which_the_database_goes_is_done_again_by_who_comes_first(
    stoppable_mongod: StoppableMongod,
) -> None:
    diary, ledger = Diary(), Ledger(lease_s=0.5)

    async def interrupted(turn: LeaseHold) -> str:
        await diary(turn)
        await stoppable_mongod.kill()
        return "never noted"

    with pytest.raises(DatabaseDown):
        await ledger.once("write", NOON, interrupted)
    await stoppable_mongod.start()
    while not await _done(ledger, diary):
        continue  # until the lease of the one that was interrupted has run out
    assert diary.slots == [NOON, NOON]
    run = await JobRun.latest("write")
    assert run is not None
    assert (run.state, run.attempt) == ("finished", 2)


async def _done(ledger: Ledger, diary: Diary) -> bool:
    try:
        return await ledger.once("write", NOON, diary)
    except DatabaseDown:
        return False
