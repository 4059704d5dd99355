"""Figures of five schedulers on one database, of which one is frozen and one is killed in the middle of their work.

VIBRATO_SLOTS names another number of slots than 300.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import tempfile
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot.database import open_database
from bot.documents import JobRun
from bot.mongod import run_mongod
from bot.settings import Settings
from tests.benchmarks.figures import Figure
from tests.scheduler.turn_worker import PLAN
from tests.scheduler.working import run_together

SLOTS = 300
PROCESSES = 5
LEASE_S = 2.0
FIRST = datetime(2026, 3, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What came of it: slots that ended well, effects by slot, slots that two live processes worked on at a time,
    effects of a process that had been frozen, and the seconds until others went on.
    """

    finished: int
    effects: Counter[int]
    overlaps: int
    late: int
    takeovers: tuple[float, ...]
    codes: tuple[int, ...]


async def figures(data: Path | None) -> AsyncIterator[Figure]:
    """One run of them all."""
    del data
    slots = int(os.environ.get("VIBRATO_SLOTS", SLOTS))
    async with run_mongod() as server:
        settings = Settings.read(_env_file=None, mongodb_uri=server.uri, log_level="ERROR")
        async with open_database(settings) as database:
            await database.wait_ready(30)
            told = await run(server.uri, database.name, slots)
    on = f"{PROCESSES} processes, one frozen for {LEASE_S + 1:.0f} s and one killed in the middle of a slot"
    once = sum(count == 1 for count in told.effects.values())
    yield Figure(name="slots finished", value=told.finished, unit=f"of {slots}", on=on, wanted=f"{slots}")
    yield Figure(name="slots whose effect happened once", value=once, unit=f"of {slots}", on=on, wanted=f"{slots}")
    yield Figure(
        name="slots held by two live processes at a time", value=told.overlaps, unit="slots", on=on, wanted="0"
    )
    yield Figure(name="effects by a process that had lost its turn", value=told.late, unit="effects", on=on, wanted="0")
    lease = f"{on}; lease {LEASE_S} s"
    wanted = f"<= {LEASE_S + 1}"
    yield Figure(name="takeover, the slowest", value=max(told.takeovers), unit="s", on=lease, wanted=wanted)


async def run(uri: str, database: str, slots: int, lease_s: float = LEASE_S) -> Told:
    """Lets the schedulers go, thaws the frozen one once its lease is long over, and reads what they wrote."""
    with tempfile.TemporaryDirectory() as folder:
        told = {
            "uri": uri,
            "database": database,
            "first": FIRST.isoformat(),
            "slots": slots,
            "lease_s": lease_s,
            "folder": folder,
            "doomed": {str(slots // 3): "freeze", str(2 * slots // 3): "kill"},
        }
        thawing = asyncio.create_task(_thaw(Path(folder) / "log", lease_s + 1))
        try:
            codes = await run_together("tests.scheduler.turn_worker", PROCESSES, told)
        finally:
            thawing.cancel()
        lines = _read(Path(folder) / "log")
    finished = await JobRun.find(JobRun.job == PLAN.name, JobRun.state == "finished").count()
    return _told(lines, finished, tuple(codes))


async def _thaw(log: Path, after_s: float) -> None:
    """Lets the frozen process go on when nobody waits for it any more."""
    while True:
        await asyncio.sleep(0.05)
        lines = await asyncio.to_thread(_read, log)
        frozen = [line["pid"] for line in lines if line["what"] == "freeze"]
        if frozen:
            await asyncio.sleep(after_s)
            os.kill(frozen[0], signal.SIGCONT)
            return


def _read(log: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in log.read_text(encoding="ascii").splitlines()] if log.exists() else []


def _told(lines: list[dict[str, Any]], finished: int, codes: tuple[int, ...]) -> Told:
    lines.sort(key=lambda line: line["at"])
    effects = Counter(line["slot"] for line in lines if line["what"] == "effect")
    stopped = {(line["slot"], line["pid"]): line["at"] for line in lines if line["what"] in ("freeze", "kill")}
    takeovers = [
        min(line["at"] for line in lines if line["what"] == "begin" and line["slot"] == slot and line["at"] > at) - at
        for (slot, _), at in stopped.items()
    ]
    late = sum((line["slot"], line["pid"]) in stopped for line in lines if line["what"] == "effect")
    return Told(
        finished=finished,
        effects=effects,
        overlaps=_overlaps(lines, set(stopped)),
        late=late,
        takeovers=tuple(takeovers),
        codes=codes,
    )


def _overlaps(lines: list[dict[str, Any]], stopped: set[tuple[int, int]]) -> int:
    """Slots that somebody began while another live process had not ended them."""
    held: dict[int, int] = {}
    found = set()
    for line in lines:
        slot, pid = line["slot"], line["pid"]
        if (slot, pid) in stopped:
            continue
        if line["what"] == "begin" and held.setdefault(slot, pid) != pid:
            found.add(slot)
        if line["what"] == "end":
            held.pop(slot, None)
    return len(found)
