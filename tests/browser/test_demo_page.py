"""A newcomer's first minutes: the real demo, in a real browser, down to the database."""

from __future__ import annotations

from contextlib import asynccontextmanager

import pytest
from playwright.async_api import expect
from pymongo import AsyncMongoClient

from bot.cli.places import DEMO_DATABASE
from bot.mongod import run_mongod
from tests.browser.driving import PATIENCE_MS, card, cards, opened_page, run_vibe, running_browser, running_demo

pytestmark = pytest.mark.browser


@asynccontextmanager
async def stored(folder):
    """What the demo left in its data folder."""
    async with run_mongod(folder / "mongodb") as server, AsyncMongoClient(server.uri) as client:
        yield client[DEMO_DATABASE]


async def test_words_become_playlists_and_presses_become_events_that_last(tmp_path):
    async with running_browser() as browser:
        async with running_demo(tmp_path) as address, opened_page(address, browser=browser) as page:
            await run_vibe(page, "rainy sunday, soft piano, 8 songs")
            first = await card(page, 1)

            await first.get_by_role("button", name="More energy").click()
            second = await card(page, 2)

            await second.get_by_role("button", name="Love it").click()
            await expect(page.locator("article.channel-message")).to_have_count(4, timeout=PATIENCE_MS)

            await react(second, "👍")
            await expect(cards(page)).to_have_count(2)

        # The next day: another server with the same members.
        async with running_demo(tmp_path) as address, opened_page(address, browser=browser) as page:
            await run_vibe(page, "happy, 5 songs")
            await react(await card(page, 1), "❤")

    async with stored(tmp_path) as database:
        playlists = await database["playlists"].find().sort("createdAt").to_list()
        events = await database["feedbackevents"].find().sort("createdAt").to_list()
        sessions = await database["generationsessions"].find().to_list()
        ada = await database["users"].find_one({"displayName": "Ada"})
    chain_start, chain_end, next_day = (playlist["_id"] for playlist in playlists)
    assert [playlist.get("parentId") for playlist in playlists] == [None, chain_start, None]
    assert [(event["event"], event["playlistId"]) for event in events] == [
        ("more", chain_start),
        ("love", chain_end),
        ("like", chain_end),
        ("love", next_day),
    ]
    assert {document["userId"] for document in (*playlists, *events, *sessions)} == {ada["_id"]}
    assert [session["status"] for session in sessions] == ["completed"] * 3


async def react(posted, emoji):
    """Press a reaction that the bot has put there, as a member does; the bot's own and this one make two."""
    chip = posted.locator(".reaction-chip", has_text=emoji)
    await expect(chip).to_contain_text("1")
    await chip.click()
    await expect(chip).to_contain_text("2", timeout=PATIENCE_MS)
