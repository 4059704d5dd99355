"""A small sample of what `make bench` does a thousand times: saves whose process dies and whose Spotify fails."""

from __future__ import annotations

from bot.database import Database
from tests.benchmarks.publishing import faulty_saves
from tests.loopback.spotify import loopback_spotify

RUNS = 8


async def test_no_fault_at_any_step_makes_a_second_playlist(database: Database) -> None:
    async with loopback_spotify() as spotify:
        outcome = await faulty_saves(spotify, runs=RUNS, seed=7)
    assert (outcome.saved, outcome.twice, outcome.wrong) == (RUNS, 0, 0)
    assert outcome.faults + outcome.deaths >= RUNS
    assert spotify.violations == []
