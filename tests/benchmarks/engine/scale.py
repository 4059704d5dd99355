"""Figures of growth: from 10,000 tracks to a million, drawn with noise from the demo songs.

VIBRATO_SCALE names other sizes, such as ``10000,100000``. Each size is measured in a process of its own that starts
with a kept catalogue: seconds until it can choose, milliseconds of 18 requests for 25 songs each, and memory.
"""

from __future__ import annotations

import ctypes
import gc
import os
import statistics
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from bot.catalogue.names import names_of
from bot.catalogue.snapshot import read_snapshot, write_snapshot
from bot.catalogue.table import table_of
from bot.catalogue.table_builder import Stock
from bot.demo.songs import demo_records
from bot.generation.engine import compose, prepare
from bot.generation.values import Recipe
from tests.benchmarks.engine.generation import _requests
from tests.benchmarks.engine.growing import grown
from tests.benchmarks.figures import Figure

SIZES = (10_000, 30_000, 100_000, 300_000, 1_000_000)
WANTED_MS = {100_000: "<= 60", 1_000_000: "<= 190"}
_RUNS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """What a catalogue of so many tracks costs. `compose_ms` is the median from target to reasons, `sequence_ms` the
    sequencing in it; `memory_mb` is the process' own memory, `mapped_mb` what lies in files beside it."""

    tracks: int
    start_s: float
    compose_ms: float
    sequence_ms: float
    memory_mb: float
    mapped_mb: float


def figures(_data: Path | None) -> Iterator[Figure]:
    """The figures of each size."""
    for size in growth():
        on = f"{size.tracks:,} tracks"
        million = size.tracks == 1_000_000
        yield Figure(
            name="scale.start", value=round(size.start_s, 2), unit="s", on=on, wanted="<= 3" if million else ""
        )
        wanted = WANTED_MS.get(size.tracks, "")
        yield Figure(name="scale.compose", value=round(size.compose_ms, 1), unit="ms", on=on, wanted=wanted)
        yield Figure(name="scale.sequence", value=round(size.sequence_ms, 1), unit="ms", on=on, wanted="<= 30")
        wanted = "<= 150" if million else ""
        yield Figure(name="scale.memory", value=round(size.memory_mb), unit="MB in memory", on=on, wanted=wanted)
        yield Figure(name="scale.mapped", value=round(size.mapped_mb), unit="MB mapped from files", on=on)


def growth() -> Iterator[Size]:
    """The costs of each size, one after the other."""
    named = os.environ.get("VIBRATO_SCALE", "")
    sizes = tuple(int(size) for size in named.split(",")) if named else SIZES
    demo = table_of(demo_records())
    for tracks in sizes:
        with TemporaryDirectory() as folder:
            table = grown(demo, tracks)
            write_snapshot(Path(folder), Stock(table=table, songs=table.song.astype(np.uint64)), {})
            del table
            gc.collect()
            with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as process:
                yield process.submit(measured, folder).result()


def measured(folder: str) -> Size:
    """The costs of the catalogue that is kept in `folder`, for a process that has measured nothing yet."""
    before = _memory_mb()
    start = time.perf_counter()
    kept = read_snapshot(Path(folder))
    if kept is None:
        raise AssertionError("it was written a moment ago")
    table = kept[0].table
    names, library = names_of(table), prepare(table)
    started = time.perf_counter() - start
    times: list[float] = []
    sequencing: list[float] = []
    for _ in range(_RUNS):
        for vibe in _requests():
            start = time.perf_counter()
            composition = compose(table, Recipe(vibe=vibe, seed=1), library=library)
            times.append(1e3 * (time.perf_counter() - start))
            sequencing.append(dict(composition.stage_ms)["sequence"])
    gc.collect()
    memory = _memory_mb() - before
    mapped = sum(path.stat().st_size for path in Path(folder).rglob("*.npy")) / 1e6
    return Size(
        tracks=len(table) if names.longest else 0,
        start_s=started,
        compose_ms=statistics.median(times),
        sequence_ms=statistics.median(sequencing),
        memory_mb=memory,
        mapped_mb=mapped,
    )


def _memory_mb() -> float:
    """The memory in use by this process that is no file's; what the allocator keeps for later is given back first."""
    ctypes.CDLL(None).malloc_trim(0)
    lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("RssAnon")) / 1024
