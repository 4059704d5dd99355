"""Figures of the sources of features: requests for 10,000 tracks, and what sources that hang cost.

The servers are on this machine and are asked without their pace, so that seconds are ours. A third of a thousand tracks
is not known by id.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import aiohttp

from bot.catalogue.index import Catalogue
from bot.catalogue.table import table_of
from bot.demo.songs import demo_records
from bot.features.http_client import TIMEOUT_S
from bot.features.values import Song
from bot.generation.library import prepare
from bot.generation.values import Recipe, Rules
from bot.services.discovery.coverage_gap import need_of
from bot.services.discovery.factory import discovery_services
from nlp.vibe import Choice, Vibe
from tests.benchmarks.figures import Figure
from tests.loopback.reccobeats import isrc, spotify_id
from tests.loopback.sources import World

TRACKS = 10_000
UNKNOWN = 400
REQUESTS = 10
_BEAT_S = 0.005


async def figures(_data: Path | None) -> AsyncIterator[Figure]:
    """Requests, then delays and the lag of the event loop while everything hangs."""
    async with aiohttp.ClientSession() as session:
        world = World(session=session)
        async with world.reccobeats.running(), world.deezer.running():
            yield await _requests(world)
            for figure in await _hanging(world):
                yield figure


async def _requests(world: World) -> Figure:
    known = [world.reccobeats.know(number, measured=number >= UNKNOWN) for number in range(TRACKS)]
    songs = [Song(spotify_id=track_id, isrc=isrc(number)) for number, track_id in enumerate(known)]
    started = time.perf_counter()
    await world.chain().features_of(songs, None)
    spent = time.perf_counter() - started
    return Figure(
        name="features.requests",
        value=len(world.reccobeats.asked),
        unit="requests to ReccoBeats",
        on=f"{TRACKS:,} tracks, {UNKNOWN} not known by id; {spent:.1f} s without pace",
        wanted=f"<= {TRACKS // 40 + UNKNOWN // 40}",
    )


async def _hanging(world: World) -> list[Figure]:
    """The longest of the waits of requests that need songs, one after the other, and the longest lag meanwhile."""
    world.reccobeats.always = world.deezer.always = "hang"
    records = [replace(record, spotify_id=spotify_id(record.spotify_id)) for record in demo_records()]
    catalogue = Catalogue.from_records(records)
    library = prepare(table_of(records))
    found = discovery_services(world.doors(timeout_s=TIMEOUT_S), catalogue)
    need_of(library, Recipe(vibe=Vibe(understood=True, genres=Choice(wanted=("waltz",))), seed=0))  # warm
    waits: list[float] = []
    lag = asyncio.create_task(_longest_lag())
    async with found.discovery.running():
        for number in range(REQUESTS):
            vibe = Vibe(understood=True, genres=Choice(wanted=("polka", "gamelan")[number % 2 :]))
            recipe = Recipe(vibe=vibe, seed=number, rules=Rules(tracks=20 + number, genres_out=(f"genre {number}",)))
            started = time.perf_counter()
            await found.discovery.more_for(recipe, library)
            waits.append(time.perf_counter() - started)
    lag.cancel()
    longest = await asyncio.gather(lag, return_exceptions=True)
    on = f"{REQUESTS} requests of {len(records):,} songs, every source hanging"
    return [
        Figure(name="features.delay", value=round(max(waits), 3), unit="s", on=on, wanted="<= 1.5"),
        Figure(name="features.delays", value=round(sum(waits), 3), unit="s in all", on=on),
        Figure(name="features.lag", value=round(1000 * float(str(longest[0])), 1), unit="ms", on=on, wanted="<= 100"),
    ]


class _Lag(Exception):
    """The longest lag of the loop in seconds, as the text of this."""


async def _longest_lag() -> None:
    """Measures until it is cancelled, and then ends with what it found."""
    longest = 0.0
    try:
        while True:
            started = time.perf_counter()
            await asyncio.sleep(_BEAT_S)
            longest = max(longest, time.perf_counter() - started - _BEAT_S)
    except asyncio.CancelledError:
        raise _Lag(longest) from None
