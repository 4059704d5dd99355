"""What every test may ask for.

`database`          the real MongoDB of this run, emptied but for songs in stock, with the six moods seeded. One
                    embedded server for the whole run, or the one that MONGODB_URI names (a database of its own there,
                    dropped afterwards).
`parser`            the parser of the words, and `executor`, its thread.
`settings`          settings that read no `.env`, for that server.
`stoppable_mongod`  an embedded server of the test's own, with the documents bound to it, which the test may freeze and
                    thaw, kill and start: for faults in the middle of something. See `StoppableMongod`.
`broken_database`   the database of such a server, which is gone: every call is a DatabaseDown within a second.
`referee`           watches every test unasked: one whose bot sends Discord an invalid request fails.
"""

from __future__ import annotations

import os
import signal

# Small matrices are slower on many threads, and several workers fight for the cores: before numpy is imported.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack
from dataclasses import dataclass

import pytest
from pydantic import SecretStr

from bot.database import Database, Patience, open_database
from bot.documents import DOCUMENTS, Mood, Track
from bot.mongod import Mongod, run_mongod
from bot.settings import Settings
from nlp.parser import VibeParser
from tests.browser.not_run import pytest_sessionfinish as pytest_sessionfinish
from tests.browser.not_run import pytest_terminal_summary as pytest_terminal_summary
from tests.browser.not_run import pytest_testnodedown as pytest_testnodedown
from tests.emptying import emptied, with_built_in_moods
from tests.referee import referee as referee
from tests.remembering import each_text_encoded_once

IMPATIENT = Patience(selection_ms=700, interactive_ms=2_500, heartbeat_ms=1_000)
"""For servers that are broken on purpose: what gives up after seconds elsewhere gives up sooner, in the same way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoppableMongod:
    """An embedded server, the database on it, and what a test may do to it."""

    server: Mongod
    database: Database

    def freeze(self) -> None:
        """Make the server hang: connections stay open and nothing is answered from now on."""
        os.kill(self.server.pid, signal.SIGSTOP)
        os.waitid(os.P_PID, self.server.pid, os.WSTOPPED)

    def thaw(self) -> None:
        """Let it go on."""
        os.kill(self.server.pid, signal.SIGCONT)

    async def kill(self) -> None:
        """Kill it as a crash does."""
        os.kill(self.server.pid, signal.SIGKILL)
        await self.server.ended()

    async def start(self) -> None:
        """Start it again, with its data."""
        await self.server.start()


@pytest.fixture(scope="session")
def parser() -> VibeParser:
    """Loaded once for the run; it keeps nothing of what it reads."""
    return VibeParser.load()


@pytest.fixture(scope="session", autouse=True)
def encoded_once() -> Iterator[None]:
    """The same sentences are read by many tests; encoding them is half of what a reading costs."""
    with each_text_encoded_once():
        yield


@pytest.fixture(scope="session")
def executor() -> Iterator[ThreadPoolExecutor]:
    """The parser's one thread."""
    with ThreadPoolExecutor(max_workers=1) as threads:
        yield threads


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
async def database(opened_database: Database, request: pytest.FixtureRequest) -> Database:
    kept = {Track} if "stocked" in request.fixturenames else set()
    await emptied(tuple(document for document in DOCUMENTS if document not in {*kept, Mood}))
    await with_built_in_moods()
    return opened_database


@pytest.fixture(scope="session")
async def spare_server() -> AsyncIterator[Mongod]:
    """A second embedded server for the tests that break one, which ask for `stoppable_mongod`."""
    async with run_mongod(restart=False) as server:
        yield server


@pytest.fixture
def patience() -> Patience:
    """How long such a server is waited for."""
    return IMPATIENT


@pytest.fixture
async def stoppable_mongod(
    opened_database: Database, spare_server: Mongod, patience: Patience
) -> AsyncIterator[StoppableMongod]:
    async with open_database(_settings(spare_server.uri), patience=patience) as own:
        await own.wait_ready(30)
        stoppable = StoppableMongod(server=spare_server, database=own)
        try:
            yield stoppable
        finally:
            if spare_server.running:
                stoppable.thaw()
            else:
                await stoppable.start()
            await own.drop()
            await opened_database.prepare()  # binds the documents to the server of the run again


@pytest.fixture
async def broken_database(stoppable_mongod: StoppableMongod) -> Database:
    await stoppable_mongod.kill()
    return stoppable_mongod.database
