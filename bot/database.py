"""The database: its clients, its start, its faults. The only file that knows the driver.

Documents are bound to the interactive client, which gives up soon, because a member waits. What must not be lost goes
through the durable one, which waits and retries. When MongoDB is down at the start, `open_database` does not fail: it
goes on trying until it is stopped, and until then every call is a DatabaseDown.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
import warnings
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from beanie import init_beanie
from beanie.exceptions import CollectionWasNotInitialized
from motor.motor_asyncio import AsyncIOMotorClient
from pymongo import IndexModel
from pymongo import timeout as within
from pymongo.errors import (
    BulkWriteError,
    ConfigurationError,
    ConnectionFailure,
    ExecutionTimeout,
    InvalidOperation,
    InvalidURI,
    OperationFailure,
    PyMongoError,
)

from bot.documents import DOCUMENTS, Mood, Stored, User
from bot.errors import BadSettings, DatabaseDown
from bot.mongod import run_mongod
from bot.settings import Settings

log = logging.getLogger(__name__)

OLDEST_VERSION = 5
"""The oldest MongoDB that we are tested against."""

_SERVER_GONE = frozenset({6, 7, 18, 50, 89, 91, 189, 262, 9001, 10107, 11600, 11602, 13435, 13436})
"""Codes of servers that cannot work now: unreachable hosts, no access, time-outs, shutdown, no primary."""
_DUPLICATE_KEY = 11000
_INDEX_OPTIONS_CONFLICT = frozenset({85, 86})


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long the database is waited for, in milliseconds.

    `selection_ms` is how long an interactive operation looks for a server (see `guarded`: the driver by itself lets
    timeoutMS rule), `interactive_ms` how long it takes at most, with its retry, and `durable_ms` the same for what must
    not be lost. Every `heartbeat_ms` a server is asked whether it lives, so that one that hangs is known soon.
    """

    selection_ms: int = 2_000
    interactive_ms: int = 5_000
    durable_ms: int = 30_000
    heartbeat_ms: int = 3_000


@contextlib.contextmanager
def guarded(*, patient: bool = False, within_s: float | None = None) -> Iterator[None]:
    """Around calls of the database: turns every failure of the server or the network into DatabaseDown.

    While no server is known, what is inside has 2 s in all (`Patience.selection_ms`); `patient` leaves it the time of
    its client, and `within_s` gives it so many seconds in all, instead of that time for each call. What is wrong with
    a call itself, a duplicate key among it, passes as it is.
    """
    try:
        client = User.get_motor_collection().database.client
        with _limited(client, patient=patient, within_s=within_s):
            yield
    except CollectionWasNotInitialized as error:
        raise DatabaseDown("the database has not answered since the start") from error
    except PyMongoError as error:
        if is_down(error):
            raise DatabaseDown(f"{type(error).__name__}: {error}") from error
        raise


def _limited(client: Any, *, patient: bool, within_s: float | None) -> contextlib.AbstractContextManager[None]:
    """How long what is inside may take in all."""
    if within_s is not None:
        return within(within_s)
    return contextlib.nullcontext() if patient or client.nodes else _selecting(client)


def _selecting(client: Any) -> contextlib.AbstractContextManager[None]:
    """A limit for what is inside: as long as this client looks for a server."""
    seconds: float = client.options.server_selection_timeout
    return within(seconds)


def is_down(error: PyMongoError) -> bool:
    """Whether the server or the way to it is at fault, and not the call."""
    if isinstance(error, ConnectionFailure | ExecutionTimeout | InvalidOperation) or error.timeout:
        return True
    if isinstance(error, BulkWriteError):
        return False
    return isinstance(error, OperationFailure) and error.code in _SERVER_GONE


class Database:
    """An open database. `ready` is set once the documents are bound, the indexes made and the moods seeded."""

    def __init__(self, *, interactive: Any, durable: Any) -> None:
        self._interactive = interactive
        self._durable = durable
        self.ready = asyncio.Event()

    @property
    def name(self) -> str:
        """The name of the database on its server."""
        return str(self._interactive.name)

    async def wait_ready(self, timeout_seconds: float | None = None) -> None:
        """Wait until it is ready. Raises DatabaseDown when that takes longer than `timeout_seconds`."""
        try:
            async with asyncio.timeout(timeout_seconds):
                await self.ready.wait()
        except TimeoutError as error:
            raise DatabaseDown(f"not ready within {timeout_seconds} s") from error

    async def ping(self) -> float:
        """Ask the server whether it is there: milliseconds until the answer. Raises DatabaseDown."""
        started = time.perf_counter()
        try:
            with _selecting(self._interactive.client):
                await self._interactive.command("ping")
        except PyMongoError as error:
            raise DatabaseDown(f"{type(error).__name__}: {error}") from error
        return (time.perf_counter() - started) * 1000

    def durable(self, document: type[Stored]) -> Any:
        """The collection of a document through the durable client: 30 s, majority, retried.

        For what must not be lost, written in the background under keys that make a repeat harmless.
        """
        return self._durable[document.Settings.name]

    async def drop(self) -> None:
        """Remove the database with everything in it. Raises DatabaseDown."""
        with guarded(patient=True):
            await self._interactive.client.drop_database(self.name)

    async def prepare(self) -> None:
        """Bind the documents to this database, make their indexes, seed the moods. Raises PyMongoError."""
        started = time.perf_counter()
        with _selecting(self._interactive.client):
            await self._interactive.command("ping")
        await init_beanie(self._interactive, document_models=list(DOCUMENTS), skip_indexes=True)
        await self._warn_of_old_servers()
        await asyncio.gather(*(_make_indexes(document) for document in DOCUMENTS))
        await Mood.seed()
        self.ready.set()
        log.info("database %s is ready after %.0f ms", self.name, (time.perf_counter() - started) * 1000)

    async def _warn_of_old_servers(self) -> None:
        build = await self._interactive.command("buildInfo")
        if build["versionArray"][0] < OLDEST_VERSION:
            log.warning("MongoDB %s is older than %s and not supported; update it", build["version"], OLDEST_VERSION)
        hello = await self._interactive.command("hello")
        if "setName" not in hello and hello.get("msg") != "isdbgrid":
            log.warning("MongoDB is no replica set, so a lost write is not tried again; start it with --replSet")


@contextlib.asynccontextmanager
async def open_database(settings: Settings, *, patience: Patience | None = None) -> AsyncIterator[Database]:
    """The database of the settings, or an embedded one when they name none, for as long as the block lasts.

    The first attempt to prepare it is waited for; when MongoDB is down, others follow in the background. Raises
    BadSettings for an address that cannot be one, NoServer when the embedded MongoDB does not start here.
    """
    patience = patience or Patience()
    async with contextlib.AsyncExitStack() as stack:
        if settings.mongodb_uri is not None:
            uri = settings.mongodb_uri.get_secret_value()
        else:
            data = None if settings.data_dir is None else settings.data_dir / "mongodb"
            uri = (await stack.enter_async_context(run_mongod(data))).uri
        database = Database(
            interactive=stack.enter_context(_client(uri, settings, patience)),
            durable=stack.enter_context(_client(uri, settings, patience, durable=True)),
        )
        if not await _prepared(database):
            await stack.enter_async_context(_keep_trying(database))
        yield database


@contextlib.contextmanager
def _client(uri: str, settings: Settings, patience: Patience, *, durable: bool = False) -> Iterator[Any]:
    """The database through a client of its own."""
    try:
        with warnings.catch_warnings(record=True) as doubts:
            warnings.simplefilter("always")
            client: Any = AsyncIOMotorClient(
                uri,
                appname="vibrato",
                connectTimeoutMS=patience.selection_ms,
                heartbeatFrequencyMS=patience.heartbeat_ms,
                retryReads=True,
                retryWrites=True,
                serverSelectionTimeoutMS=patience.durable_ms if durable else patience.selection_ms,
                timeoutMS=patience.durable_ms if durable else patience.interactive_ms,
                tz_aware=True,
                uuidRepresentation="standard",
                w="majority",
            )
    except (ConfigurationError, InvalidURI, ValueError) as error:
        reason = f"MONGODB_URI cannot be used: {error}. It looks like mongodb://user:password@host:27017/"
        raise BadSettings((reason,)) from error
    for doubt in doubts:
        log.warning("MONGODB_URI: %s", doubt.message)
    try:
        if "mongodb_database" in settings.model_fields_set:
            yield client[settings.mongodb_database]
        else:
            yield client.get_default_database(settings.mongodb_database)
    finally:
        client.close()


async def _prepared(database: Database) -> bool:
    try:
        await database.prepare()
    except PyMongoError as error:
        log.error("MongoDB cannot be used (%s: %s); everything that needs it waits", type(error).__name__, error)
        return False
    return True


@contextlib.asynccontextmanager
async def _keep_trying(database: Database) -> AsyncIterator[None]:
    """Prepare the database in the background, with pauses that grow from 0.5 to 10 s."""

    async def again() -> None:
        pause_seconds = 0.5
        while not await _prepared(database):
            await asyncio.sleep(pause_seconds)
            pause_seconds = min(pause_seconds * 2, 10.0)

    task = asyncio.create_task(again(), name="prepare-database")
    task.add_done_callback(_tell_of_bugs)
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


def _tell_of_bugs(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and (error := task.exception()):
        log.critical("the database will not become ready in this run", exc_info=error)


async def _make_indexes(document: type[Stored]) -> None:
    """Make the indexes that are missing. One of the same name with other options gives way, and that is told."""
    wanted: Sequence[IndexModel] = getattr(document.Settings, "indexes", ())
    collection = document.get_motor_collection()
    stored = await collection.index_information()
    for index in wanted:
        name = index.document["name"]
        if same_index(stored.get(name), index):
            continue
        try:
            await _make_index(collection, index)
        except OperationFailure as error:
            if error.code != _DUPLICATE_KEY:
                raise
            log.error(
                "index %s of %s cannot be unique, as there are duplicates; remove them and start again: %s",
                *(name, collection.name, error),
            )


async def _make_index(collection: Any, index: IndexModel) -> None:
    try:
        await collection.create_indexes([index])
    except OperationFailure as error:
        if error.code not in _INDEX_OPTIONS_CONFLICT:
            raise
        await _drop_rival(collection, index)
        await collection.create_indexes([index])


async def _drop_rival(collection: Any, index: IndexModel) -> None:
    """Drop the stored index that stands in the way: it has the same name, or the same keys under another name."""
    keys = list(index.document["key"].items())
    for name, stored in (await collection.index_information()).items():
        if name == index.document["name"] or stored["key"] == keys:
            log.warning("index %s of %s had other options and is made anew", name, collection.name)
            await collection.drop_index(name)


def same_index(stored: dict[str, Any] | None, index: IndexModel) -> bool:
    """Whether a stored index is the wanted one: its keys in their order, unique or not, and no other option."""
    if stored is None:
        return False
    options = {key: value for key, value in stored.items() if key not in ("v", "key", "ns", "background") and value}
    wanted = {"unique": True} if index.document.get("unique") else {}
    return stored["key"] == list(index.document["key"].items()) and options == wanted
