"""What every test may ask for.

`database`          the real MongoDB of this run, emptied, with the six moods seeded. One embedded server for the whole
                    run, or the one that MONGODB_URI names (a database of its own there, dropped afterwards).
`settings`          settings that read no `.env`, for that server.
`stoppable_mongod`  an embedded server of the test's own, with the documents bound to it, which the test may freeze,
                    thaw, kill and look at: for faults. See `StoppableMongod`.
`broken_database`   the same, frozen already: every call of the database fails within seconds.
`referee`           watches every test unasked: one whose bot sends Discord an invalid request fails.
"""

from __future__ import annotations

import os
import signal
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass

import pytest
from pydantic import SecretStr

from bot.database import Database, open_database
from bot.documents import DOCUMENTS, Mood
from bot.mongod import Mongod, run_mongod
from bot.settings import Settings
from tests.referee import referee as referee


@dataclass(frozen=True, slots=True, kw_only=True)
class StoppableMongod:
    """An embedded server, the database on it, and what a test may do to it."""

    server: Mongod
    database: Database

    def freeze(self) -> None:
        """Make the server hang: connections stay open and nothing is answered."""
        os.kill(self.server.pid, signal.SIGSTOP)

    def thaw(self) -> None:
        """Let it go on."""
        os.kill(self.server.pid, signal.SIGCONT)

    def kill(self) -> None:
        """Kill it as a crash does; it is started again by itself, with its data, within seconds."""
        os.kill(self.server.pid, signal.SIGKILL)


def _settings(uri: str) -> Settings:
    return Settings.read(_env_file=None, mongodb_uri=SecretStr(uri), mongodb_database=f"vibrato_test_{os.getpid()}")


@pytest.fixture(scope="session")
async def settings() -> AsyncIterator[Settings]:
    async with AsyncExitStack() as stack:
        uri = os.environ.get("MONGODB_URI") or (await stack.enter_async_context(run_mongod())).uri
        yield _settings(uri)


@pytest.fixture(scope="session")
async def opened_database(settings: Settings) -> AsyncIterator[Database]:
    """Opened once for the run; tests ask for `database`."""
    async with open_database(settings) as database:
        await database.wait_ready(30)
        yield database
        await database.drop()


@pytest.fixture
async def database(opened_database: Database) -> Database:
    for document in DOCUMENTS:
        await document.get_motor_collection().delete_many({})
    await Mood.seed()
    return opened_database


@pytest.fixture
async def stoppable_mongod(opened_database: Database) -> AsyncIterator[StoppableMongod]:
    async with run_mongod() as server, open_database(_settings(server.uri)) as own:
        await own.wait_ready(30)
        stoppable = StoppableMongod(server=server, database=own)
        try:
            yield stoppable
        finally:
            stoppable.thaw()
            await opened_database.prepare()  # binds the documents to the server of the run again


@pytest.fixture
def broken_database(stoppable_mongod: StoppableMongod) -> Database:
    stoppable_mongod.freeze()
    return stoppable_mongod.database
