"""What a member does on the demo's page, as steps that can be written down in a row."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from pathlib import Path

import aiohttp
from playwright.async_api import Locator, Page, expect

from tests.browser.driving import PATIENCE_MS, run_command, settled

Step = Callable[[Page], Awaitable[None]]

MESSAGE = "article.channel-message"
FORM = "#modal-root .modal-dialog"


def command(name: str, **options: str | Path) -> Step:
    """A slash command."""

    async def act(page: Page) -> None:
        await settled(page)
        await run_command(page, name, **options)

    return act


def press(label: str) -> Step:
    """A button: the newest with this label, or the one of the open form."""

    async def act(page: Page) -> None:
        await settled(page)
        form = page.locator(FORM)
        place = form if await form.is_visible() else page.locator(MESSAGE)
        # Where a button has an emoji, its name begins with it.
        await place.get_by_role("button", name=re.compile(rf"(^|\s){re.escape(label)}$")).last.click()

    return act


def choose(menu: str, option: str) -> Step:
    """An option of the newest menu with this placeholder."""

    async def act(page: Page) -> None:
        await settled(page)
        chooser = page.locator(".preview-select", has_text=menu).last
        await chooser.locator(".select-trigger").click()
        await page.locator(".select-option:visible", has_text=option).first.click()
        apply = page.locator(".select-apply")
        if await apply.count():
            await apply.click()

    return act


def write(**fields: str) -> Step:
    """Fields of the open form, by the first words of their labels with _ for a space."""

    async def act(page: Page) -> None:
        for label, words in fields.items():
            field = page.locator(".modal-field", has_text=label.replace("_", " ")).first
            await field.locator("input, textarea").first.fill(words)

    return act


def agree_at_spotify() -> Step:
    """Agree on the page behind the newest link, and paste the address at which that ended, as a member does."""

    async def act(page: Page) -> None:
        await settled(page)
        link = await page.locator(MESSAGE).last.locator("a[href*='/authorize']").get_attribute("href")
        async with aiohttp.ClientSession() as browser, browser.get(str(link), allow_redirects=False) as answer:
            ended_at = answer.headers["Location"]
        for step in (press("Paste the address"), write(Address=ended_at), press("Submit")):
            await step(page)

    return act


def sees(words: str) -> Step:
    """Nothing is done until the newest message has these words."""

    async def act(page: Page) -> None:
        await expect(page.locator(MESSAGE).last).to_contain_text(words, timeout=PATIENCE_MS)

    return act


async def view_as(page: Page, name: str) -> None:
    """Look at the channel as this member."""
    picker = page.locator("#viewer-picker")
    if (await picker.locator("option:checked").inner_text()).strip() != name:
        await settled(page)
        await picker.select_option(label=name)
    await settled(page)


async def shown(page: Page, words: str, *, form: bool) -> Locator:
    """The newest card that says these words, or the open form, once its pictures are there."""
    if form:
        await expect(page.locator(FORM)).to_contain_text(words, timeout=PATIENCE_MS)
        await settled(page)
        return page.locator(FORM)
    newest = page.locator(MESSAGE).filter(has_text=words).last
    await newest.wait_for(timeout=PATIENCE_MS)
    await settled(page)
    # The page tells times from its last refresh on.
    await page.locator("#refresh").click()
    await settled(page)
    for picture in await newest.locator(".message-components img").all():
        await expect(picture).not_to_have_js_property("naturalWidth", 0)
    return newest.locator(".message-components")
