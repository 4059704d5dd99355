"""The folders of the embedded MongoDB: private, used by one process at a time, and gone when nobody needs them."""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import os
import shutil
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

from bot.errors import NoServer

LOCK_SECONDS = 10.0
"""How long a folder in use is waited for: after a crash of ours, the server needs a moment to stop."""
SOCKET_PATH_BYTES = 100
"""The longest path of a socket: macOS takes 103 bytes, Linux 107."""

_PREFIX = "vibrato-"
_LOCK = "vibrato.lock"


@contextlib.contextmanager
def short_folder() -> Iterator[Path]:
    """A fresh folder that only we may enter, with a path short enough for a Unix socket in it."""
    for parent in (tempfile.gettempdir(), "/tmp", "/dev/shm"):  # noqa: S108 - mkdtemp makes it safe
        longest = Path(parent) / f"{_PREFIX}12345678" / "mongodb-27017.sock"
        if len(os.fsencode(longest)) <= SOCKET_PATH_BYTES and os.access(parent, os.W_OK):
            folder = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=parent))
            try:
                yield folder
            finally:
                shutil.rmtree(folder, ignore_errors=True)
            return
    raise NoServer("There is no writable folder for the socket of the embedded MongoDB. Set TMPDIR to a short path.")


def sweep() -> None:
    """Remove temporary folders that a killed process of ours left behind: a minute old, and locked by nobody."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        with contextlib.suppress(OSError):
            state = folder.lstat()
            if state.st_uid != os.getuid() or state.st_mtime > time.time() - 60:
                continue
            lock = os.open(folder / _LOCK, os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW)
            try:
                if _try_lock(lock):
                    shutil.rmtree(folder, ignore_errors=True)
            finally:
                os.close(lock)


def private_folder(path: Path) -> Path:
    """The folder, made where it is missing, closed to others, as an absolute path. Raises NoServer."""
    folder = path.expanduser().absolute()
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.chmod(0o700)
    except OSError as error:
        raise NoServer(_unusable(folder, error)) from error
    return folder


def _unusable(folder: Path, error: OSError) -> str:
    return f"The data folder {folder} cannot be used: {error.strerror}. Set DATA_DIR to another."


@contextlib.asynccontextmanager
async def locked(folder: Path) -> AsyncIterator[int]:
    """Hold the folder for us and for the server, which inherits the lock: it ends with the last of the two.

    A folder in use is waited for, since a server of ours may be about to stop. Raises NoServer.
    """
    try:
        lock = os.open(folder / _LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise NoServer(_unusable(folder, error)) from error
    try:
        deadline = time.monotonic() + LOCK_SECONDS
        while not _try_lock(lock):
            if time.monotonic() > deadline:
                raise NoServer(
                    f"The data folder {folder} is in use by another Vibrato. Stop that one, or set DATA_DIR to another."
                )
            await asyncio.sleep(0.05)
        yield lock
    finally:
        os.close(lock)


def _try_lock(lock: int) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
