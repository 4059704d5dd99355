"""What operators see over HTTP: it lives, it can serve, and its figures, without a word about anybody."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest

from bot.database import Database
from bot.errors import BadSettings
from bot.web.health_state import Parts, watched
from bot.web.metrics import Metrics
from bot.web.server import open_web
from tests.web.samples import Samples


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


async def get(address: str) -> tuple[int, str]:
    async with aiohttp.ClientSession() as session, session.get(address) as answer:
        return answer.status, await answer.text()


@pytest.fixture
def parts(database: Database) -> Parts:
    prepared = asyncio.Event()
    prepared.set()
    return Parts(database=database, prepared=prepared, songs=lambda: 600)


@asynccontextmanager
async def served(parts: Parts) -> AsyncIterator[tuple[str, Metrics]]:
    port = free_port()
    async with watched(parts, host="127.0.0.1", port=port) as metrics:
        assert metrics is not None
        yield f"http://127.0.0.1:{port}", metrics


async def test_a_process_that_lives_says_so_even_when_it_cannot_serve(parts: Parts) -> None:
    parts.prepared.clear()
    async with served(parts) as (address, _):
        status, text = await get(f"{address}/health")
    assert (status, json.loads(text)) == (200, {"name": "vibrato", "alive": True})


async def test_it_is_ready_once_database_catalogue_and_gateway_are(parts: Parts) -> None:
    async with served(parts) as (address, _):
        parts.prepared.clear()
        status, text = await get(f"{address}/ready")
        assert status == 503
        assert json.loads(text)["checks"] == {
            "database": "ok",
            "catalogue": "not read yet",
            "gateway": "not connected",
        }
        parts.prepared.set()
        assert (await get(f"{address}/ready"))[0] == 503
        parts.bot = Connected()  # type: ignore[assignment]
        status, text = await get(f"{address}/ready")
        assert (status, json.loads(text)["ready"]) == (200, True)
        parts.bot.ws.open = False  # type: ignore[attr-defined]
        assert json.loads((await get(f"{address}/ready"))[1])["checks"]["gateway"] == "not connected"


class Connected:
    """A bot whose gateway is open: what only a real connection to Discord has."""

    latency = 0.042

    class ws:  # noqa: N801 - as discord.py calls it
        open = True

    def is_ready(self) -> bool:
        return True

    def is_closed(self) -> bool:
        return False


async def test_a_database_that_is_gone_is_not_ready(broken_database: Database) -> None:
    parts = Parts(database=broken_database, prepared=asyncio.Event(), songs=lambda: 0)
    async with served(parts) as (address, _):
        status, text = await get(f"{address}/ready")
    assert status == 503
    assert json.loads(text)["checks"]["database"] == "does not answer"


async def test_a_database_that_hangs_does_not_hang_the_answer(stoppable_mongod: Any) -> None:
    parts = Parts(database=stoppable_mongod.database, prepared=asyncio.Event(), songs=lambda: 0)
    async with served(parts) as (address, _):
        stoppable_mongod.freeze()
        status, text = await asyncio.wait_for(get(f"{address}/ready"), 10)
        assert (await get(f"{address}/health"))[0] == 200
    assert status == 503
    assert json.loads(text)["checks"]["database"] == "does not answer"


async def test_a_probe_that_breaks_is_not_ready_and_shows_nothing_of_it() -> None:
    async def broken() -> str | None:
        raise ZeroDivisionError("secret")

    async with open_web(host="127.0.0.1", port=0, probes={"part": broken}, metrics=Metrics()) as address:
        status, text = await get(f"{address}/ready")
    assert status == 503
    assert "secret" not in text


async def test_a_loop_that_stalls_shows(parts: Parts) -> None:
    async with served(parts) as (address, metrics):
        metrics._lag.observe(0.3)
        values = Samples.of((await get(f"{address}/metrics"))[1])
    assert values["vibrato_event_loop_lag_seconds_bucket", "0.5"] >= 1


async def test_names_out_of_a_fault_do_not_fill_the_memory() -> None:
    metrics = Metrics()
    for n in range(400):
        assert metrics._known(f"door {n}") == (f"door {n}" if n < 200 else "other")


async def test_nothing_but_get_is_taken_and_nothing_is_kept_by_browsers(parts: Parts) -> None:
    async with served(parts) as (address, _), aiohttp.ClientSession() as session:
        async with session.post(f"{address}/health", data=b"x" * 10_000) as answer:
            assert answer.status == 405
        async with session.get(f"{address}/metrics") as answer:
            assert answer.headers["Cache-Control"] == "no-store"
        async with session.get(f"{address}/etc/passwd") as answer:
            assert answer.status == 404


async def test_a_port_that_is_taken_is_told_with_its_fix(parts: Parts) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        with pytest.raises(BadSettings, match=r"WEB_PORT.*Choose a free port"):
            async with watched(parts, host="127.0.0.1", port=other.getsockname()[1]):
                pass


async def test_without_a_port_there_is_no_server(parts: Parts) -> None:
    async with watched(parts, host="127.0.0.1", port=None) as metrics:
        assert metrics is None
