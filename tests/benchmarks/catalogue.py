"""Figures of the catalogue: reading, storing and loading a large file, and what the tables weigh."""

from __future__ import annotations

import asyncio
import resource
import time
import tracemalloc
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from bot.catalogue.files.csv_files import read_csv
from bot.catalogue.importer import import_csv, import_records
from bot.catalogue.index import Catalogue
from bot.catalogue.records import TrackRecord
from bot.catalogue.table import table_of
from bot.database import open_database
from bot.demo.songs import demo_records
from bot.settings import Settings
from tests.benchmarks.figures import Figure

_TABLE = "cat_spotify_tracks_114k/dataset.csv"


async def figures(data: Path | None) -> AsyncIterator[Figure]:
    """Import, load and refresh against an embedded MongoDB; on the demo catalogue where there is no real table."""
    start = time.perf_counter()
    demo = demo_records()
    yield Figure(name="demo songs", value=_since(start), unit="s", on=f"{len(demo)} invented tracks", wanted="< 2")
    path = None if data is None else data / _TABLE
    if path is None or not path.is_file():
        path = None
        records: Sequence[TrackRecord] = demo
    else:
        start = time.perf_counter()
        records = read_csv(path).records
        yield Figure(name="read csv", value=_since(start), unit="s", on=_TABLE)
    on = f"{len(records)} tracks"
    start = time.perf_counter()
    table_of(records)
    yield Figure(name="table of records", value=_since(start), unit="s", on=on)
    del records
    async with open_database(Settings.read(_env_file=None)) as database:
        await database.wait_ready(30)
        async for figure in _with_database(path, on):
            yield figure


async def _with_database(path: Path | None, on: str) -> AsyncIterator[Figure]:
    for name, wanted in (("import", "<= 20"), ("import again", "")):
        async with _watched() as stalls:
            start = time.perf_counter()
            await (import_records(demo_records(), "demo") if path is None else import_csv(path))
            yield Figure(name=name, value=_since(start), unit="s", on=on, wanted=wanted)
        yield Figure(name=f"{name}: longest stall", value=max(stalls), unit="ms", on=on)
    async with _watched() as stalls:
        start = time.perf_counter()
        catalogue = await Catalogue.load()
        yield Figure(name="load catalogue", value=_since(start), unit="s", on=on)
    yield Figure(name="load catalogue: longest stall", value=max(stalls), unit="ms", on=on)
    start = time.perf_counter()
    await catalogue.refresh()
    yield Figure(name="refresh, nothing changed", value=1e3 * _since(start), unit="ms", on=on)
    tracemalloc.start()
    kept = await Catalogue.load()
    weight = tracemalloc.get_traced_memory()[0] / 1e6
    tracemalloc.stop()
    yield Figure(name="catalogue in memory", value=weight, unit="MB", on=f"{kept.size} tracks", wanted="< 150")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    yield Figure(name="peak memory of all this", value=peak, unit="MB", on=on)


@asynccontextmanager
async def _watched() -> AsyncIterator[list[float]]:
    """Milliseconds by which a task was late that wanted its turn every 5 ms."""
    late: list[float] = [0.0]

    async def watch() -> None:
        while True:
            start = time.perf_counter()
            await asyncio.sleep(0.005)
            late.append(1e3 * (_since(start) - 0.005))

    task = asyncio.create_task(watch())
    try:
        yield late
    finally:
        task.cancel()


def _since(start: float) -> float:
    return time.perf_counter() - start
