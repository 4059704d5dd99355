"""The demo as a newcomer starts it, and a Chromium that looks at it."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import signal
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from playwright.async_api import Browser, Locator, Page, async_playwright, expect

from bot.pictures.energy import WIDTH

PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
ROOT = Path(__file__).parents[2]
PATIENCE_MS = 60_000
"""What a slow machine may need for one step."""

# Asked for frame by frame inside the page, whose policy forbids what Playwright would do for it.
_UNTIL_READY = """() => new Promise(done => {
    const look = () => window.simcordPreview.ready ? done() : requestAnimationFrame(look);
    look();
})"""


def find_browser() -> str | None:
    """The path of a Chromium of this machine, None where there is none."""
    return next((path for name in PROGRAMS if (path := shutil.which(name))), None)


@asynccontextmanager
async def running_demo(folder: Path, **variables: str) -> AsyncIterator[str]:
    """`python -m bot demo` with its data in `folder`; gives the printed address, and ends it as Ctrl+C does.

    `variables` are set in its environment.
    """
    environ = {name: value for name, value in os.environ.items() if name not in ("MONGODB_URI", "DISPLAY")}
    demo = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "demo", "--port", _free_port()),
        cwd=ROOT,
        env={**environ, "DATA_DIR": str(folder), "CI": "true", "PYTHONUNBUFFERED": "1", **variables},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said: list[str] = []
    try:
        yield await asyncio.wait_for(_address(demo, said), PATIENCE_MS / 1000)
    finally:
        if demo.returncode is None:
            demo.send_signal(signal.SIGINT)
        rest, _ = await asyncio.wait_for(demo.communicate(), PATIENCE_MS / 1000)
    said.append(rest.decode())
    if "Traceback" in "".join(said):
        raise AssertionError("the demo showed a traceback:\n" + "".join(said))


def _free_port() -> str:
    """One that nobody uses, so that two runs on one machine do not meet."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])


async def _address(demo: asyncio.subprocess.Process, said: list[str]) -> str:
    assert demo.stdout is not None
    while line := (await demo.stdout.readline()).decode():
        said.append(line)
        if found := re.search(r"http://127\.0\.0\.1:\d+/#\S+", line):
            return found[0]
    raise AssertionError("the demo gave no address:\n" + "".join(said))


@asynccontextmanager
async def running_browser() -> AsyncIterator[Browser]:
    """A headless Chromium."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=find_browser(), args=list(FLAGS))
        yield browser
        await browser.close()


@asynccontextmanager
async def opened_page(
    address: str, *, browser: Browser | None = None, width: int = 1280, height: int = 960
) -> AsyncIterator[Page]:
    """The demo's page in `browser`, or in one of its own."""
    async with AsyncExitStack() as stack:
        browser = browser or await stack.enter_async_context(running_browser())
        page = await browser.new_page(viewport={"width": width, "height": height})
        page.set_default_timeout(PATIENCE_MS)
        await page.goto(address)
        await page.locator("#channel-composer-input").wait_for()
        yield page
        await page.close()


async def settled(page: Page) -> None:
    """Wait until the page shows all that happened."""
    await page.evaluate(_UNTIL_READY)


async def run_command(page: Page, command: str, **options: str | Path) -> None:
    """Type a command (its name with spaces, without the slash) with its options, and Enter, as a member does.

    A path is the file of an attachment.
    """
    await settled(page)
    await page.locator("#channel-composer-input").click()
    await page.keyboard.type(f"/{command}")
    await page.locator(".command-entry").filter(has=page.get_by_text(f"/{command}", exact=True)).click()
    chip = page.locator(".command-chip")
    await chip.wait_for()
    for name, value in options.items():
        await _fill_option(page, name, value)
    # The first Enter may only close the suggestions of an option.
    await page.keyboard.press("Escape")
    await settled(page)
    await chip.focus()
    await page.keyboard.press("Enter")
    await chip.wait_for(state="detached")


async def _fill_option(page: Page, name: str, value: str | Path) -> None:
    pill = page.locator(f".command-pill[data-option='{name}']")
    if not await pill.count():
        await page.locator(".command-ghost").click()
        await page.get_by_role("option").filter(has=page.get_by_text(name, exact=True)).click()
    if isinstance(value, Path):
        await pill.locator(".command-file-input").set_input_files(value)
    else:
        await pill.locator(".command-option-input").fill(value)


async def run_vibe(page: Page, words: str) -> None:
    """Ask for a playlist in words."""
    await run_command(page, "vibe", text=words)


def cards(page: Page) -> Locator:
    """The playlists in the channel: the messages with a button that makes the next one."""
    return page.locator("article.channel-message").filter(has=page.get_by_role("button", name="More energy"))


async def card(page: Page, number: int) -> Locator:
    """The card with this number, counted from 1, once its picture is there and the bot's reactions stand under it."""
    found = cards(page).nth(number - 1)
    await found.locator(".reaction-chip").nth(3).wait_for()
    picture = found.get_by_role("img", name="curve of the energy")
    await expect(picture).to_have_js_property("naturalWidth", WIDTH, timeout=PATIENCE_MS)
    return found
