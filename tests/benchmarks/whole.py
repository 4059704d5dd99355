"""Figures of the whole bot: how soon it is ready, how long `/vibe` takes in the simulated Discord, what it weighs.

The bot runs in a process of its own, as it does in life: ``python -m tests.benchmarks.whole FOLDER`` is that process.
"""

from __future__ import annotations

import asyncio
import json
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from pathlib import Path

import simcord

from bot.app import App, open_app
from bot.catalogue.importer import import_csv, import_records
from bot.database import open_database
from bot.demo.songs import demo_records
from bot.settings import Settings
from tests.benchmarks.figures import Figure

_TABLE = "cat_spotify_tracks_114k/dataset.csv"
_REQUESTS = (
    "rainy sunday, soft piano, no vocals, about an hour",
    "gym playlist 150bpm no rap",
    "sad but not slow, 45 minutes",
    "happy summer road trip",
    "dark techno that builds up",
    "chill jazz for cooking",
    "party, no rock, 30 songs",
    "melancholic acoustic evening",
    "aggressive metal",
    "study, no vocals, calm",
)
_ROUNDS = 3


async def figures(data: Path | None) -> AsyncIterator[Figure]:
    """Fills a database, then starts the bot on it and asks it for playlists."""
    path = None if data is None or not (data / _TABLE).is_file() else data / _TABLE
    with tempfile.TemporaryDirectory() as folder:
        async with open_database(_settings(Path(folder))) as database:
            await database.wait_ready(30)
            report = await (import_records(demo_records(), "demo") if path is None else import_csv(path))
        on = f"{report.new} tracks, database on the same machine"
        started = time.perf_counter()
        bot = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.benchmarks.whole", folder, stdout=asyncio.subprocess.PIPE
        )
        if bot.stdout is None:
            raise AssertionError("a pipe was asked for")
        await bot.stdout.readline()
        yield Figure(name="ready after start", value=time.perf_counter() - started, unit="s", on=on, wanted="<= 6")
        told = json.loads(await bot.stdout.readline())
        await bot.wait()
        many = f"{on}; {len(_REQUESTS) * _ROUNDS} requests in the simulation, database writes included"
        yield Figure(name="/vibe, median", value=told["median_ms"], unit="ms", on=many, wanted="<= 250")
        yield Figure(name="/vibe, slowest", value=told["slowest_ms"], unit="ms", on=many)
        yield Figure(name="first answer, median", value=told["first_ms"], unit="ms", on=many, wanted="<= 1000")
        yield Figure(name="resident memory", value=told["resident_mb"], unit="MB", on=many, wanted="<= 450")


def _settings(folder: Path) -> Settings:
    return Settings.read(
        _env_file=None, mongodb_uri=None, data_dir=folder, log_level="WARNING", member_limit=10_000, server_limit=10_000
    )


async def _bot(folder: Path) -> None:
    """Start, say so, answer the requests, and say how long it took."""
    async with open_app(_settings(folder)) as app:
        await app.prepared.wait()
        print("ready", flush=True)
        print(json.dumps(await _asked(app)), flush=True)


async def _asked(app: App) -> dict[str, float]:
    bot = app.make_bot()
    times, firsts = [], []
    async with simcord.run(bot, settle_timeout=60.0) as env:
        with env.time_context():
            await bot.tree.sync()
        guild = env.create_guild("The Server")
        channel = guild.create_text_channel("music")
        ada = guild.add_member(env.create_user("ada"))
        await ada.slash(channel, "vibe", text="warm up")
        for text in _REQUESTS * _ROUNDS:
            start = time.perf_counter()
            answered = asyncio.create_task(_first_answer(env))
            await ada.slash(channel, "vibe", text=text)
            times.append(1e3 * (time.perf_counter() - start))
            firsts.append(1e3 * (await answered - start))
    return {
        "median_ms": statistics.median(times),
        "slowest_ms": max(times),
        "first_ms": statistics.median(firsts),
        "resident_mb": _resident_mb(),
    }


async def _first_answer(env: simcord.Env) -> float:
    """When the bot sent its next request to Discord."""
    before = len(env.http_requests)
    while len(env.http_requests) == before:  # noqa: ASYNC110 - the simulation tells nobody of a request
        await asyncio.sleep(0.001)
    return time.perf_counter()


def _resident_mb() -> float:
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS")) / 1024


if __name__ == "__main__":
    asyncio.run(_bot(Path(sys.argv[1])))
