"""The folder that the demo keeps between its runs, held by one demo at a time."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TextIO

from bot.errors import AlreadyRunning

if sys.platform != "win32":
    import fcntl

_LOCK, _CLOCK = "demo.lock", "demo.clock"


def default_folder() -> Path:
    """Where the demo keeps its database unless it is told: the user's data folder, as the XDG rules name it."""
    home = os.environ.get("XDG_DATA_HOME", "")
    return (Path(home) if Path(home).is_absolute() else Path.home() / ".local" / "share") / "vibrato" / "demo"


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoFolder:
    """A data folder that is ours until the demo ends."""

    path: Path

    def announce(self, address: str) -> None:
        """Note where the page is, for a second demo that finds the folder taken."""
        (self.path / _LOCK).write_text(address, "utf-8")

    def next_start(self, now: datetime) -> datetime:
        """When the world of this run begins: now, and never before an earlier world ended.

        Ids in Discord are made of the time, so those of a new world cannot meet the stored ones of an older world,
        even when the machine's clock was set back.
        """
        try:
            ended = datetime.fromisoformat((self.path / _CLOCK).read_text("utf-8"))
        except (OSError, ValueError):
            return now
        return max(now, ended + timedelta(seconds=1))

    def keep_clock(self, now: datetime) -> None:
        """Remember how far the world's clock came."""
        (self.path / _CLOCK).write_text(now.astimezone(UTC).isoformat(), "utf-8")


@contextmanager
def held_folder(path: Path) -> Iterator[DemoFolder]:
    """Hold the folder, made where it is missing; to be entered before a database is opened in it.

    Raises AlreadyRunning, with the address of its page, while another demo holds the folder. A demo that crashed holds
    nothing.
    """
    path.mkdir(parents=True, exist_ok=True)
    lock = path / _LOCK
    with lock.open("a+", encoding="utf-8") as file:
        if not _taken(file):
            raise AlreadyRunning(address=lock.read_text("utf-8").strip(), folder=str(path))
        file.truncate(0)
        try:
            yield DemoFolder(path=path)
        finally:
            file.truncate(0)


def _taken(file: TextIO) -> bool:
    """Whether the lock is ours now; where there are no such locks, it always is."""
    if sys.platform != "win32":
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
    return True
