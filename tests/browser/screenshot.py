"""The picture in the README, taken from the demo.

python -m tests.browser.screenshot [FILE.png]
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from pathlib import Path

from playwright.async_api import Page

from tests.browser.driving import ROOT, card, opened_page, run_vibe, running_demo, settled

TARGET = ROOT / "docs" / "demo.png"
WORDS = "late night drive, synthwave, builds up, no rap, 10 songs"


async def take(target: Path) -> None:
    """Run the demo with a fresh folder, ask for a playlist, and keep what the channel looks like then."""
    with tempfile.TemporaryDirectory(prefix="vibrato-picture-") as folder:
        async with running_demo(Path(folder)) as address, opened_page(address, width=840, height=1330) as page:
            await run_vibe(page, WORDS)
            await card(page, 1)
            await _frame(page)
            await settled(page)
            target.parent.mkdir(parents=True, exist_ok=True)
            await page.locator("#channel-layout").screenshot(path=target)


async def _frame(page: Page) -> None:
    """Close what is beside the conversation, and take the pointer away."""
    toggle = page.locator("#messages-toggle")
    if await toggle.get_attribute("aria-expanded") == "true":
        await toggle.click()
    await page.mouse.move(0, 0)
    await page.locator("#channel-timeline").evaluate("timeline => timeline.scrollTo(0, timeline.scrollHeight)")


if __name__ == "__main__":
    asyncio.run(take(Path(sys.argv[1]) if len(sys.argv) > 1 else TARGET))
