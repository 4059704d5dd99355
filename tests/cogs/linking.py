"""Everything that linking needs, for real: the bot in the simulation, its pages, Spotify and its accounts service.

A browser is a client session with cookies of its own, which does what a browser does and shows what it shows.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from html import unescape
from typing import Any

import aiohttp
from aiohttp import web

from bot.services.accounts.token_encryption import Vault, new_key
from bot.services.rate_limits import UNLIMITED
from bot.spotify.gateway import SpotifyGateway
from bot.spotify.oauth import Application, SpotifyAccounts
from bot.web.callback import link_routes
from bot.wiring import SpotifySide, WiredServices, wire
from tests.cogs.staging import Card, Stage, open_stage
from tests.loopback.accounts import AccountsServer, running_accounts
from tests.loopback.spotify import LoopbackSpotify, loopback_spotify

CODE = re.compile(r'class="code">([^<]+)<')


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(slots=True, kw_only=True)
class Browser:
    """Somebody's browser, signed in at Spotify as `account`."""

    session: aiohttp.ClientSession
    accounts: AccountsServer
    account: str
    pages: list[str] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    addresses: list[str] = field(default_factory=list)

    async def get(self, url: str, *, follow: bool = True) -> str:
        """Open an address and read the page."""
        self.accounts.account_id = self.account
        async with self.session.get(url, allow_redirects=follow) as answer:
            text = await answer.text()
            self.pages.append(text)
            self.statuses.append(answer.status)
            self.headers.append(dict(answer.headers))
            self.addresses.append(answer.headers.get("Location", str(answer.url)))
        return text

    async def agree(self, link: str) -> str:
        """Open the bot's link, go on to Spotify, agree; what the last page shows."""
        first = await self.get(link)
        [onward] = re.findall(r'href="([^"]+)"', first)
        return await self.get(unescape(onward))

    async def code(self, link: str) -> str:
        """The code at the end of that way."""
        [code] = CODE.findall(await self.agree(link))
        return code


@dataclass(frozen=True, slots=True, kw_only=True)
class Linking:
    """The whole, running. `address` is where browsers find the bot."""

    stage: Stage
    services: WiredServices
    accounts: AccountsServer
    spotify: LoopbackSpotify
    gateway: SpotifyGateway
    address: str
    stack: AsyncExitStack

    async def browser(self, account: str) -> Browser:
        """A browser of its own."""
        session = aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True))
        return Browser(session=await self.stack.enter_async_context(session), accounts=self.accounts, account=account)

    async def begin(self, member: Any, command: str = "spotify link") -> tuple[Any, str]:
        """A member asks for a link: the answer, and the address on its button."""
        result = await member.slash(self.stage.channel, command)
        return result, link_on(result)

    async def type_code(self, member: Any, result: Any, code: str, *, label: str = "Enter the code") -> Any:
        """The member presses the button under a link and sends the form off."""
        form = await member.click(result.response, label=label)
        return await member.submit_modal(form, {"proof": code})

    async def link(self, member: Any, account: str) -> Any:
        """The whole way of an honest member."""
        result, link = await self.begin(member)
        return await self.type_code(member, result, await (await self.browser(account)).code(link))


def link_on(result: Any) -> str:
    [url] = [part["url"] for part in Card(result.response.components).parts if part.get("url")]
    return url


def said(result: Any) -> str:
    """Everything that the one who asked reads; nobody else reads a word of it."""
    messages = [message for message in (result.response, *result.followups) if message is not None]
    assert all(message.ephemeral for message in messages)
    return "\n".join(Card(message.components).text for message in messages)


@asynccontextmanager
async def open_linking(
    parser: Any, catalogue: Any, executor: Any, *, public: bool = True, keys: str | None = None
) -> AsyncIterator[Linking]:
    async with AsyncExitStack() as stack:
        accounts = await stack.enter_async_context(running_accounts())
        spotify = await stack.enter_async_context(loopback_spotify())
        accounts.on_access = lambda token, whose, scopes: spotify.accept(token, whose, scopes)
        gateway = SpotifyGateway(api_base=spotify.base)
        side = SpotifySide(
            gateway=gateway,
            accounts=SpotifyAccounts(Application(client_id=accounts.client_id), clock=_now, base=accounts.base),
            vault=Vault.of_setting(keys or new_key()),
        )
        stack.callback(side.close)
        services = wire(parser, catalogue, executor, seeds=lambda: 7, limits=UNLIMITED, spotify=side)
        address = await stack.enter_async_context(_pages(services)) if public else ""
        services.accounts.public_url = address or None
        accounts.redirect_uris = {services.accounts.redirect_uri}
        opened = open_stage(services.make_bot())
        stage = await anext(opened)
        stack.push_async_callback(_end, opened)
        yield Linking(
            stage=stage,
            services=services,
            accounts=accounts,
            spotify=spotify,
            gateway=gateway,
            address=address,
            stack=stack,
        )


async def _end(opened: Any) -> None:
    async for _ in opened:
        raise AssertionError("a stage opens once")


@asynccontextmanager
async def _pages(services: WiredServices) -> AsyncIterator[str]:
    application = web.Application()
    application.router.add_routes(link_routes(services.accounts, secure=False))
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()
