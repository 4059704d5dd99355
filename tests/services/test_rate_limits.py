"""Kind limits: so many requests a minute, one at a time, across processes; and nobody waits for nothing."""

from __future__ import annotations

import asyncio
import sys
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.database import Database
from bot.documents import Limit
from bot.errors import DatabaseDown, NothingFits, NotYet
from bot.services.rate_limits import KEEP, UNLIMITED, LimitService, RequestLimits
from bot.services.values import Requester
from bot.settings import Settings


def member(number: int, guild_id: str | None = "77") -> Requester:
    return Requester(user_id=f"200{number}", display_name="Member", guild_id=guild_id, channel_id="88")


async def asked(service: LimitService, requester: Requester) -> NotYet | None:
    """One request, from its start to its end; what it was refused with."""
    try:
        async with service.request(requester):
            return None
    except NotYet as refused:
        return refused


async def age(key: str, span: timedelta) -> None:
    """As if everything under `key` had happened that much earlier."""
    earlier = {"$map": {"input": "$recent", "in": {"$mergeObjects": ["$$this", {"at": _less("$$this.at", span)}]}}}
    stages = [
        {"$set": {"recent": earlier, "busyUntil": _less("$busyUntil", span), "toldUntil": _less("$toldUntil", span)}}
    ]
    await Limit.get_motor_collection().update_one({"_id": key}, stages)


def _less(field: str, span: timedelta) -> dict[str, Any]:
    return {"$subtract": [field, int(span.total_seconds() * 1000)]}


async def test_three_a_minute_for_a_member_and_the_answer_says_when_the_next_is_possible(database: Database) -> None:
    service, start = LimitService(), datetime.now(UTC)
    assert [await asked(service, member(1)) for _ in range(3)] == [None] * 3
    refused = await asked(service, member(1))
    assert refused is not None
    assert (refused.whose, refused.most, refused.busy) == ("member", 3, False)
    assert start + timedelta(seconds=55) < refused.until < start + timedelta(seconds=70)
    assert await asked(service, member(2)) is None


async def test_the_next_one_is_possible_when_it_was_said_to_be(database: Database) -> None:
    service = LimitService()
    for _ in range(3):
        await asked(service, member(1))
    await age("member:2001", timedelta(seconds=59))
    assert await asked(service, member(1)) is not None
    await age("member:2001", timedelta(seconds=1))
    assert await asked(service, member(1)) is None


async def test_a_refused_request_does_not_put_the_next_one_off(database: Database) -> None:
    service = LimitService()
    for _ in range(3):
        await asked(service, member(1))
    first, second = await asked(service, member(1)), await asked(service, member(1))
    assert first is not None
    assert second is not None
    assert first.until == second.until


async def test_twenty_a_minute_for_a_server_and_none_of_it_for_direct_messages(database: Database) -> None:
    service = LimitService()
    assert [await asked(service, member(number)) for number in range(20)] == [None] * 20
    refused = await asked(service, member(20))
    assert refused is not None
    assert (refused.whose, refused.most) == ("guild", 20)
    assert await asked(service, member(20, guild_id="78")) is None
    assert [await asked(service, member(number, guild_id=None)) for number in range(30, 60)] == [None] * 30


async def test_who_is_refused_for_the_server_keeps_their_own_three(database: Database) -> None:
    service = LimitService(RequestLimits(per_guild=1))
    await asked(service, member(1))
    for _ in range(5):
        refused = await asked(service, member(2))
        assert refused is not None
        assert refused.whose == "guild"
    assert [await asked(service, member(2, guild_id=None)) for _ in range(3)] == [None] * 3


async def test_one_at_a_time_whichever_process_has_it(database: Database) -> None:
    one, other = LimitService(), LimitService()
    async with one.request(member(1)):
        refused = await asked(other, member(1))
        assert refused is not None
        assert refused.busy
        assert await asked(other, member(2)) is None
    assert await asked(other, member(1)) is None


async def test_of_twenty_at_once_one_is_let_in(database: Database) -> None:
    services, gate = [LimitService() for _ in range(20)], asyncio.Event()

    async def ask(service: LimitService) -> bool:
        try:
            async with service.request(member(1)):
                await gate.wait()
                return True
        except NotYet:
            return False

    tasks = [asyncio.create_task(ask(service)) for service in services]
    while sum(task.done() for task in tasks) < 19:
        await asyncio.wait([task for task in tasks if not task.done()], return_when=asyncio.FIRST_COMPLETED)
    gate.set()
    assert sum(await asyncio.gather(*tasks)) == 1


async def test_of_forty_members_at_once_twenty_are_let_in(database: Database) -> None:
    services = [LimitService() for _ in range(4)]
    refusals = await asyncio.gather(*(asked(services[number % 4], member(number)) for number in range(40)))
    assert sum(refused is None for refused in refusals) == 20


_PROCESS = """
import asyncio, sys
from pydantic import SecretStr
from bot.database import open_database
from bot.errors import NotYet
from bot.services.rate_limits import LimitService
from bot.services.values import Requester
from bot.settings import Settings

async def main(uri, name, number):
    settings = Settings.read(_env_file=None, mongodb_uri=SecretStr(uri), mongodb_database=name)
    admitted = 0
    async with open_database(settings) as database:
        await database.wait_ready(30)
        for member in range(40):
            requester = Requester(user_id=str(member), display_name="M", guild_id="77", channel_id="88")
            try:
                async with LimitService().request(requester):
                    admitted += 1
            except NotYet:
                pass
    print(admitted)

asyncio.run(main(*sys.argv[1:]))
"""


async def test_three_processes_share_one_count(database: Database, settings: Settings) -> None:
    assert settings.mongodb_uri is not None
    command = (sys.executable, "-c", _PROCESS, settings.mongodb_uri.get_secret_value(), database.name)
    processes = [
        await asyncio.create_subprocess_exec(*command, str(number), stdout=asyncio.subprocess.PIPE)
        for number in range(3)
    ]
    told = await asyncio.gather(*(process.communicate() for process in processes))
    assert sum(int(out) for out, _ in told) == 20


async def test_a_process_that_died_holds_nobody_up_for_long(database: Database) -> None:
    service = LimitService()
    lost = service.request(member(1))
    await lost.__aenter__()
    assert (await asked(service, member(1))) is not None
    await age("member:2001", timedelta(seconds=61))
    assert await asked(service, member(1)) is None
    await lost.__aexit__(None, None, None)


async def test_what_fails_through_no_fault_of_the_member_does_not_count(database: Database) -> None:
    service = LimitService()
    for error in (DatabaseDown(), ZeroDivisionError(), asyncio.CancelledError()):
        for _ in range(2):
            with pytest.raises(type(error)):
                async with service.request(member(1)):
                    raise error
    for _ in range(3):
        with pytest.raises(NothingFits):
            async with service.request(member(1)):
                raise NothingFits
    assert await asked(service, member(1)) is not None


async def test_a_refusal_is_told_once_in_a_while(database: Database) -> None:
    service = LimitService()
    for _ in range(3):
        await asked(service, member(1))
    refusals = [await asked(service, member(1)) for _ in range(3)]
    assert [refused.told for refused in refusals if refused] == [False, True, True]
    await age("member:2001", timedelta(seconds=21))
    refused = await asked(service, member(1))
    assert refused is not None
    assert not refused.told


async def test_where_nobody_is_in_the_way_there_is_no_limit(database: Database) -> None:
    service = LimitService(UNLIMITED)
    async with service.request(member(1)):
        assert [await asked(service, member(1)) for _ in range(30)] == [None] * 30


async def test_what_moderators_set_up_is_not_counted(database: Database) -> None:
    service = LimitService(RequestLimits(per_member=1))
    moderator = Requester(user_id="1", display_name="Mo", guild_id="77", channel_id="88", appointed=True)
    assert [await asked(service, moderator) for _ in range(5)] == [None] * 5
    assert await Limit.count() == 0


async def test_a_message_is_taken_by_one_process(database: Database) -> None:
    taken = await asyncio.gather(*(LimitService().claim("900") for _ in range(10)))
    assert sum(taken) == 1


async def test_counters_do_not_stay(database: Database) -> None:
    service, now = LimitService(), datetime.now(UTC)
    await asked(service, member(1))
    await service.claim("900")
    assert await service.forget(now + KEEP - timedelta(minutes=1)) == 0
    assert await service.forget(now + KEEP + timedelta(minutes=1)) == 3
    assert await Limit.count() == 0


async def test_without_a_database_nobody_is_let_in(broken_database: Database) -> None:
    with pytest.raises(DatabaseDown):
        async with LimitService().request(member(1)):
            raise AssertionError("not reached")
