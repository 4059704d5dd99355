"""One training on a stored database, measured: ``python -m tests.benchmarks.learning.million`` and a JSON object."""

from __future__ import annotations

import asyncio
import contextlib
import json
import resource
import sys
import threading
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from bot.catalogue.files.csv_files import read_csv
from bot.catalogue.table import table_of
from bot.database import open_database
from bot.demo.songs import demo_records
from bot.generation.engine import prepare
from bot.services.training.model_registry import ModelService
from bot.services.training.service import TrainingService
from bot.settings import Settings


async def train(told: dict[str, Any]) -> dict[str, Any]:
    """Train with the catalogue in memory, as the bot does; seconds, and the most megabytes of both processes."""
    records = read_csv(Path(told["songs"])).records if told["songs"] else demo_records()
    library = prepare(table_of(records))
    del records
    settings = Settings.read(
        _env_file=None, mongodb_uri=SecretStr(told["uri"]), mongodb_database=told["database"], log_level="ERROR"
    )
    now = datetime.fromisoformat(told["now"])
    async with open_database(settings) as database:
        await database.wait_ready(30)
        training = TrainingService(models=ModelService(), library=lambda: library, clock=lambda: now)
        before = _megabytes("self", "VmRSS")
        _count_anew()
        with _watching() as others, _lag() as late:
            started, worked = time.perf_counter(), time.process_time()
            done = await training.train()
            seconds, worked = time.perf_counter() - started, time.process_time() - worked
    return {
        "seconds": seconds,
        "workedHere": worked,
        "workedApart": _worked_by_children(),
        "before": before,
        "here": _megabytes("self", "VmHWM"),
        "apart": max(others, default=0.0),
        "late": max(late, default=0.0),
        "note": done.note,
        "activated": done.activated,
        "ratings": done.verdict.earlier.ratings if done.verdict and done.verdict.earlier else 0,
    }


@contextlib.contextmanager
def _watching() -> Iterator[list[float]]:
    """The most memory of any process that this one starts, looked at again and again."""
    found: list[float] = []
    over = threading.Event()

    def watch() -> None:
        while not over.wait(0.05):
            children = Path("/proc/self/task").glob("*/children")
            for child in " ".join(path.read_text() for path in children).split():
                with contextlib.suppress(OSError, StopIteration):
                    found.append(_megabytes(child, "VmHWM"))

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield found
    finally:
        over.set()
        thread.join()


@contextlib.contextmanager
def _lag() -> Iterator[list[float]]:
    """By how many milliseconds the loop was late, each time it was asked."""
    late: list[float] = []

    async def ask() -> None:
        while True:
            due = time.perf_counter() + 0.01
            await asyncio.sleep(0.01)
            late.append(1000 * (time.perf_counter() - due))

    task = asyncio.ensure_future(ask())
    try:
        yield late
    finally:
        task.cancel()


def _worked_by_children() -> float:
    """Seconds of processor time of the processes that this one started and that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _count_anew() -> None:
    """The most that was used so far, while the table was read, does not count."""
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")


def _megabytes(process: str, name: str) -> float:
    lines = Path(f"/proc/{process}/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(name)) / 1024


if __name__ == "__main__":
    print(json.dumps(asyncio.run(train(json.loads(sys.argv[1])))))
