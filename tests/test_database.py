"""The database starts, breaks, recovers, and says so."""

from __future__ import annotations

from bot.database import Database
from bot.documents import User


async def test_the_database_is_ready_and_answers(database: Database) -> None:
    assert database.ready.is_set()
    assert await database.ping() >= 0


async def test_twenty_calls_at_once_make_one_user(database: Database) -> None:
    import asyncio

    users = await asyncio.gather(*(User.of_discord("42", "Ada") for _ in range(20)))
    assert {user.id for user in users} == {User.id_of("42")}
    assert await User.count() == 1
