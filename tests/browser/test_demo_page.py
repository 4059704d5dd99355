"""A newcomer's first minutes: the real demo, in a real browser, down to the database."""

from __future__ import annotations

from contextlib import asynccontextmanager

import pytest
from playwright.async_api import expect
from pymongo import AsyncMongoClient

from bot.cli.places import DEMO_DATABASE
from bot.mongod import run_mongod
from tests.browser.driving import PATIENCE_MS, card, cards, opened_page, run_vibe, running_demo

pytestmark = pytest.mark.browser


@asynccontextmanager
async def stored(folder):
    """What the demo left in its data folder."""
    async with run_mongod(folder / "mongodb") as server, AsyncMongoClient(server.uri) as client:
        yield client[DEMO_DATABASE]


async def test_words_become_playlists_and_presses_become_events(tmp_path):
    async with running_demo(tmp_path) as address, opened_page(address) as page:
        await run_vibe(page, "rainy sunday, soft piano, 8 songs")
        first = await card(page, 1)
        await first.get_by_role("button", name="More energy").click()
        second = await card(page, 2)

        await second.get_by_role("button", name="Love it").click()
        await expect(page.locator("article.channel-message")).to_have_count(4, timeout=PATIENCE_MS)

        thumb = second.locator(".reaction-chip", has_text="👍")
        await expect(thumb).to_contain_text("1")
        await thumb.click()
        await expect(thumb).to_contain_text("2", timeout=PATIENCE_MS)
        await expect(cards(page)).to_have_count(2)

    async with stored(tmp_path) as database:
        playlists = await database["playlists"].find().sort("createdAt").to_list()
        events = await database["feedbackevents"].find().sort("createdAt").to_list()
        assert [playlist.get("parentId") for playlist in playlists] == [None, playlists[0]["_id"]]
        assert [(event["event"], event["playlistId"]) for event in events] == [
            ("more", playlists[0]["_id"]),
            ("love", playlists[1]["_id"]),
            ("like", playlists[1]["_id"]),
        ]
        assert len({event["userId"] for event in events}) == 1
        sessions = await database["generationsessions"].find().to_list()
        assert [session["status"] for session in sessions] == ["completed", "completed"]


async def test_members_and_history_survive_a_restart(tmp_path):
    for _ in range(2):
        async with running_demo(tmp_path) as address, opened_page(address) as page:
            await run_vibe(page, "happy, 5 songs")
            await (await card(page, 1)).locator(".reaction-chip", has_text="❤").click()
            await expect((await card(page, 1)).locator(".reaction-chip.is-selected")).to_have_count(1)

    async with stored(tmp_path) as database:
        events = await database["feedbackevents"].find().to_list()
        assert [event["event"] for event in events] == ["love", "love"]
        assert len({event["playlistId"] for event in events}) == 2
        assert len({event["userId"] for event in events}) == 1
        assert await database["users"].count_documents({"displayName": "Ada"}) == 1
