"""Linking as a phone shows it: the way to the code, and what stands there when it goes wrong."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from aiohttp import web
from playwright.async_api import Browser, Page, async_playwright, expect

from bot.documents import AuthToken, OAuthState
from bot.services.accounts.service import AccountService
from bot.services.accounts.token_encryption import Vault, new_key
from bot.services.accounts.token_store import TokenStore
from bot.services.values import Requester
from bot.spotify.gateway import SpotifyGateway
from bot.spotify.oauth import Application, SpotifyAccounts
from bot.web.callback import link_routes
from tests.browser.driving import FLAGS, PATIENCE_MS, find_browser
from tests.loopback.accounts import AccountsServer, running_accounts
from tests.loopback.spotify import loopback_spotify

pytestmark = pytest.mark.browser

PHONE = {"width": 360, "height": 640}
LONG = "Ada " + "Lovelace" * 9  # no space to break at


@dataclass(frozen=True, slots=True, kw_only=True)
class Set:
    service: AccountService
    accounts: AccountsServer
    browser: Browser
    requester: Requester

    @asynccontextmanager
    async def phone(self) -> AsyncIterator[tuple[Page, list[str]]]:
        """A phone of its own, and the addresses that it asks for by itself."""
        context = await self.browser.new_context(viewport=PHONE, device_scale_factor=2)
        page, asked = await context.new_page(), []
        page.set_default_timeout(PATIENCE_MS)
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda message: asked.append(f"console: {message.text}"))
        yield page, asked
        await context.close()


def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
async def pages(database: object) -> AsyncIterator[Set]:
    async with AsyncExitStack() as stack:
        accounts = await stack.enter_async_context(running_accounts())
        spotify = await stack.enter_async_context(loopback_spotify())
        accounts.on_access = spotify.accept
        vault, gateway = Vault.of_setting(new_key()), SpotifyGateway(api_base=spotify.base)
        stack.callback(gateway.close)
        client = SpotifyAccounts(Application(client_id=accounts.client_id), clock=now, base=accounts.base)
        service = AccountService(
            tokens=TokenStore(vault=vault, accounts=client, clock=now),
            profiles=gateway,
            clock=now,
            vault=vault,
            accounts=client,
        )
        application = web.Application()
        application.router.add_routes(link_routes(service, secure=False))
        runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        stack.push_async_callback(runner.cleanup)
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        service.public_url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        accounts.redirect_uris = {service.redirect_uri}
        playwright = await stack.enter_async_context(async_playwright())
        browser = await playwright.chromium.launch(executable_path=find_browser(), args=list(FLAGS))
        stack.push_async_callback(browser.close)
        requester = Requester(user_id="1", display_name=LONG, guild_id=None, channel_id="1")
        yield Set(service=service, accounts=accounts, browser=browser, requester=requester)


async def is_readable(page: Page) -> None:
    """Nothing runs out of the side of a phone, letters are large, and the page is from here alone."""
    assert await page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert await page.evaluate("parseFloat(getComputedStyle(document.querySelector('p')).fontSize) >= 16")
    assert await page.evaluate("document.styleSheets.length === 1 && document.scripts.length === 0")
    await expect(page.locator("h1")).to_be_visible()


async def test_a_phone_goes_the_whole_way_and_every_wrong_turn_is_told(pages: Set) -> None:
    begun = await pages.service.begin(pages.requester)
    async with pages.phone() as (page, asked):
        await page.goto(begun.url)
        await is_readable(page)
        await expect(page.get_by_text("with the Discord member “Ada")).to_be_visible()
        await page.get_by_role("link", name="Go on to Spotify").click()
        code = page.locator(".code")
        await expect(code).to_be_visible()
        await is_readable(page)
        box = await code.bounding_box()
        assert box is not None
        assert box["height"] < 120, "the code stands on one line"
        shown = (await code.inner_text()).strip()
        ours = [url for url in asked if not url.startswith((pages.service.public_url or "", pages.accounts.base))]
        assert [url for url in ours if "favicon" not in url] == []
        # Reading the page again uses nothing up, and says what still counts.
        answer = page.url
        await page.reload()
        await expect(page.get_by_role("heading", name="This link was used already")).to_be_visible()
        await is_readable(page)
        linked = await pages.service.confirm(pages.requester, shown)
        assert linked.account
        assert await AuthToken.count() == 1

        await page.goto(begun.url)
        await expect(page.get_by_role("heading", name="That took too long")).to_be_visible()
        await is_readable(page)

    # The same answer in another phone, and one whose owner says no.
    begun = await pages.service.begin(pages.requester)
    async with pages.phone() as (mine, _), pages.phone() as (others, _):
        await mine.goto(begun.url)
        onward = await mine.get_by_role("link", name="Go on to Spotify").get_attribute("href")
        await others.goto(onward or "")
        await expect(others.get_by_role("heading", name="This is not the browser that began")).to_be_visible()
        await is_readable(others)
        pages.accounts.deny = True
        await mine.get_by_role("link", name="Go on to Spotify").click()
        await expect(mine.get_by_role("heading", name="You said no at Spotify")).to_be_visible()
        await is_readable(mine)
    assert await OAuthState.count() == 0
    assert answer.startswith(pages.service.redirect_uri)
