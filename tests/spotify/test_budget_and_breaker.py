"""What a day of calls allows, and the pause that Spotify asked for: one state for all processes, told at once."""

from __future__ import annotations

import asyncio
import time
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.documents import Quota, now
from bot.errors import DatabaseDown, SpotifyBusy, SpotifyUnreachable
from bot.spotify import quota_gate as admissions
from bot.spotify.gateway import SpotifyGateway
from bot.web.metrics import Metrics
from tests.loopback.spotify import Fault, LoopbackSpotify
from tests.spotify.conftest import SOON


def another(spotify: LoopbackSpotify, daily_calls: int = 1000) -> Any:
    """The gateway of another process."""
    return closing(SpotifyGateway(api_base=spotify.base, patience=SOON, daily_calls=daily_calls))


@pytest.mark.parametrize(
    ("kind", "retry_after", "low_s", "high_s", "why"),
    [
        ("quota", "21600", 21_590, 21_600, "quota"),
        ("quota", None, 3_590, 3_600, "quota"),
        ("limited", "3", 1, 3, "pause"),
        ("limited", "rubbish", 25, 30, "pause"),
        ("limited", "-5", 25, 30, "pause"),
        ("limited", "nan", 25, 30, "pause"),
        ("limited", "1e99", 172_000, 172_800, "pause"),
    ],
)
async def test_a_429_holds_every_process_back_and_says_until_when(
    gateway: SpotifyGateway,
    spotify: LoopbackSpotify,
    kind: Any,
    retry_after: str | None,
    low_s: int,
    high_s: int,
    why: str,
) -> None:
    token = spotify.grant("ada")
    spotify.faults = [Fault(kind, retry_after=retry_after)]
    with another(spotify) as other:
        for caller, most_ms in ((gateway, 1000), (gateway, 50), (other, 1000), (other, 50)):
            started = time.perf_counter()
            with pytest.raises(SpotifyBusy) as error:
                await caller.me(token)
            assert (time.perf_counter() - started) * 1000 < most_ms
            assert error.value.why == why
            left = (error.value.until - datetime.now(UTC)).total_seconds()
            assert low_s - 1 < left <= high_s + 0.5
    assert len(spotify.seen) == 1


async def test_a_longer_pause_is_not_shortened_and_ends(gateway: SpotifyGateway, spotify: LoopbackSpotify) -> None:
    began = datetime.now(UTC)
    await Quota.block("spotify", seconds=3.0, reason="pause")
    await Quota.block("spotify", seconds=1.0, reason="pause")
    with pytest.raises(SpotifyBusy) as busy:
        await gateway.me(spotify.grant("ada"))
    assert busy.value.until - began > timedelta(seconds=2.5)
    await asyncio.sleep(max(0.0, (busy.value.until - datetime.now(UTC)).total_seconds()) + 0.05)
    assert (await gateway.me(spotify.grant("ada"))).user_id == "ada"


async def test_what_is_less_urgent_leaves_the_rest_to_what_is_more(
    gateway: SpotifyGateway, spotify: LoopbackSpotify
) -> None:
    token = spotify.grant("ada")
    with another(spotify, daily_calls=20) as one, another(spotify, daily_calls=20) as two:

        async def calls(priority: Any) -> int:
            """How many of 24 calls, of two processes at once, were made."""
            made = await asyncio.gather(
                *(caller.me(token, priority=priority) for caller in (one, two) for _ in range(12)),
                return_exceptions=True,
            )
            assert all(isinstance(result, SpotifyBusy) for result in made if isinstance(result, Exception))
            return sum(not isinstance(result, Exception) for result in made)

        assert [await calls(kind) for kind in admissions.SHARES.__reversed__()] == [10, 5, 4, 1]
        assert len(spotify.seen) == 20
        with pytest.raises(SpotifyBusy) as error:
            await one.me(token, priority="publishing")
    assert error.value.why == "budget"
    assert timedelta(hours=23.9) < error.value.until - datetime.now(UTC) < timedelta(hours=24.3)


async def test_a_day_rolls(gateway: SpotifyGateway, spotify: LoopbackSpotify) -> None:
    moment = now().replace(second=0, microsecond=0)
    slot = moment - timedelta(minutes=moment.minute % 15)
    spent = [
        {"slot": slot - timedelta(hours=25), "calls": 999},
        {"slot": slot - timedelta(hours=23), "calls": 4},
        {"slot": slot - timedelta(hours=1), "calls": 6},
    ]
    await Quota.get_motor_collection().insert_one({"_id": "spotify", "spent": spent})
    token = spotify.grant("ada")
    with another(spotify, daily_calls=11) as small:
        await small.me(token, priority="publishing")
        with pytest.raises(SpotifyBusy) as error:
            await small.me(token, priority="publishing")
    # The four of yesterday are a day old in about an hour; then there is room again.
    assert timedelta(minutes=55) < error.value.until - datetime.now(UTC) <= timedelta(minutes=76)
    kept = await Quota.look("spotify")
    assert (kept.calls, len(kept.spent)) == (11, 3)


async def test_a_spotify_that_keeps_failing_is_left_alone_and_looked_at_again(
    gateway: SpotifyGateway, spotify: LoopbackSpotify
) -> None:
    token = spotify.grant("ada")
    spotify.faults = [Fault("error")] * 3
    for _ in range(3):
        with pytest.raises(SpotifyUnreachable):
            await gateway.unfollow(token, f"{1:022d}")
    with another(spotify) as other:
        for caller in (gateway, other):
            with pytest.raises(SpotifyBusy) as error:
                await caller.me(token)
            assert error.value.why == "trouble"
        # Its pause over, one failure is enough for the next, longer one; one success ends it.
        await _pause_over()
        other._admission._refusals.clear()
        spotify.faults = [Fault("error")]
        with pytest.raises(SpotifyUnreachable):
            await other.unfollow(token, f"{1:022d}")
        assert (await Quota.look("spotify")).blocked_s > 50
        await _pause_over()
        other._admission._refusals.clear()
        await other.me(token)
    assert (await Quota.look("spotify")).strikes == 0


async def _pause_over() -> None:
    await Quota.get_motor_collection().update_one({}, {"$set": {"blockedUntil": now() - timedelta(seconds=1)}})


async def test_operators_see_the_budget_and_the_pause(gateway: SpotifyGateway, spotify: LoopbackSpotify) -> None:
    token, metrics = spotify.grant("ada"), Metrics()
    metrics.show(gateway.figures())
    metrics.refresh_with(gateway.refresh_figures)
    with another(spotify) as other:
        for _ in range(3):
            await other.me(token)
        spotify.faults = [Fault("quota", retry_after="600")]
        with pytest.raises(SpotifyBusy):
            await other.me(token)
    shown = dict(
        line.rsplit(" ", 1)
        for line in (await metrics.fresh_text()).decode().splitlines()
        if line.startswith("vibrato_spot")
    )
    assert shown["vibrato_spotify_calls_day"] == "4.0"
    assert shown["vibrato_spotify_calls_allowed"] == "1000.0"
    assert 590 < float(shown["vibrato_spotify_blocked_seconds"]) <= 600
    assert shown["vibrato_spotify_calls_limited"] == "0.0"


async def test_without_the_database_nothing_is_called_but_a_pause_is_kept(
    stoppable_mongod: Any, spotify: LoopbackSpotify
) -> None:
    token = spotify.grant("ada")
    with another(spotify) as gateway:
        await gateway.me(token)
        await stoppable_mongod.kill()
        refused, told = await asyncio.gather(
            gateway.me(token),
            gateway._admission.told_to_wait(60, quota_exceeded=True),
            return_exceptions=True,
        )
        assert isinstance(refused, DatabaseDown)
        assert isinstance(told, SpotifyBusy)
        with pytest.raises(SpotifyBusy) as error:
            await gateway.me(token)
    assert error.value.until == told.until
    assert len(spotify.seen) == 1
