"""The demo's page: it is served, says where, and ends cleanly."""

import asyncio
import re
import socket
from queue import SimpleQueue

import aiohttp
import pytest

from bot.demo.folder import held_folder
from bot.demo.page import _desktop_browser, free_port, run_demo
from tests.demo.test_simulated_server import small_bot


async def started(**options):
    """The running demo and the text that it printed."""
    printed = asyncio.get_running_loop().create_future()
    demo = asyncio.create_task(run_demo(small_bot, on_ready=printed.set_result, **options))
    await asyncio.wait({demo, printed}, return_when=asyncio.FIRST_COMPLETED)
    if demo.done():
        demo.result()
    return demo, printed.result()


async def ended(demo):
    demo.cancel()
    with pytest.raises(asyncio.CancelledError):
        await demo


async def test_the_printed_address_shows_the_page(tmp_path):
    opened = SimpleQueue()
    with held_folder(tmp_path) as folder:
        demo, text = await started(port=free_port(18765), folder=folder, browse=lambda url: bool(opened.put(url)))
        address = re.search(r"http://127\.0\.0\.1:\d+/#\S+", text)[0]
        async with aiohttp.ClientSession() as web, web.get(address) as answer:
            assert answer.status == 200
            assert "text/html" in answer.headers["Content-Type"]
        assert await asyncio.to_thread(opened.get, timeout=60) == address
        await ended(demo)
        assert (tmp_path / "demo.lock").read_text() == address
    assert "mention" in text
    assert "Refresh" in text
    assert "/vibe" in text


async def test_a_taken_port_gives_way_to_the_next_and_says_so():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = other.getsockname()[1]
        demo, text = await started(port=taken)
        await ended(demo)
    assert f"Port {taken} is taken" in text
    assert f"127.0.0.1:{taken}/" not in text


async def test_a_browser_that_does_not_open_is_no_obstacle():
    def broken(_url):
        raise OSError("no such program")

    demo, text = await started(port=free_port(18765), browse=broken)
    assert "http://127.0.0.1" in text
    await ended(demo)


@pytest.mark.parametrize("environ", [{}, {"CI": "true", "DISPLAY": ":0"}])
def test_no_browser_is_opened_where_nobody_would_see_it(monkeypatch, environ):
    monkeypatch.setattr("sys.platform", "linux")
    assert _desktop_browser(environ) is None
    assert _desktop_browser({"DISPLAY": ":0"}) is not None
