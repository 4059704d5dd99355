"""/spotify: linking an account against every trick that we know of, the songs one knows, and taking it all back."""

from __future__ import annotations

import asyncio
import json
import logging
import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from aiohttp import web

from bot.database import Database
from bot.documents import DOCUMENTS, AuthToken, OAuthState, User, UserLibrary
from bot.services.accounts.token_store import OWNER_ID
from bot.services.accounts.views import ends_at
from tests.cogs.linking import CODE, Browser, Linking, link_on, open_linking, said
from tests.cogs.staging import Card
from tests.loopback.spotify import raw_track

START = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.fixture
async def linking(parser: Any, stock: Any, executor: Any) -> AsyncIterator[Linking]:
    async with open_linking(parser, stock, executor) as opened:
        yield opened


@pytest.fixture
async def without_address(parser: Any, stock: Any, executor: Any) -> AsyncIterator[Linking]:
    async with open_linking(parser, stock, executor, public=False) as opened:
        yield opened


async def users() -> dict[str, Any]:
    """Raw members by their name on Discord."""
    return {raw["displayName"]: raw async for raw in User.get_motor_collection().find()}


async def linked_accounts() -> list[str]:
    return [raw["accountId"] async for raw in AuthToken.get_motor_collection().find()]


async def dump() -> str:
    """The whole database as text."""
    found = [[raw async for raw in document.get_motor_collection().find()] for document in DOCUMENTS]
    return json.dumps(found, default=str)


async def test_a_member_links_and_unlinks_and_no_token_is_left_anywhere(
    linking: Linking, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    account, ada = linking.spotify.account("adas"), linking.stage.ada
    account.saved = [(raw_track(number), START - timedelta(days=number)) for number in range(70)]
    account.top = {"medium_term": [raw_track(number) for number in (5, 900)]}
    result, link = await linking.begin(ada)
    assert "good until" in said(result)
    browser = await linking.browser("adas")
    code = await browser.code(link)
    assert "Ada" in browser.pages[0]
    assert await linked_accounts() == []  # the grant waits
    done = said(await linking.type_code(ada, result, f" {code.lower().replace('-', ' ')} "))
    assert "Linked with **Adas**" in done
    assert "**70** new songs of yours" in done
    assert "I know **70** songs of yours, and **1** that you play most" in done
    user = (await users())["Ada"]
    assert user["spotifyUserId"] == "accadas"
    assert user["capabilities"] == {"linked": True, "premium": False, "export": True, "library": True, "cover": True}
    [token] = [raw async for raw in AuthToken.get_motor_collection().find()]
    status = said(await ada.slash(linking.stage.channel, "spotify status"))
    assert f"<t:{int(ends_at(token['authorisedAt']).timestamp())}:D>" in status
    shown = await dump() + caplog.text + "".join(browser.pages) + done + status
    assert [secret for secret in linking.accounts.issued if secret in shown] == []
    assert len(linking.accounts.issued) == 3
    assert linking.spotify.violations == []

    asked = await ada.slash(linking.stage.channel, "spotify unlink")
    await ada.click(asked.response, label="Yes, unlink it")
    assert "is unlinked" in said(asked)
    user = (await users())["Ada"]
    assert user["spotifyUserId"] == f"discord:{user['discordUserId']}"
    assert user["capabilities"]["linked"] is False
    assert await AuthToken.count() == await OAuthState.count() == await UserLibrary.count() == 0


async def test_a_link_that_was_passed_on_binds_nobody(linking: Linking) -> None:
    """Bo is the attacker: the link is Bo's, and Ada, the victim, opens it and agrees in her own browser."""
    bo, ada = linking.stage.bo, linking.stage.ada
    bos_link, link = await linking.begin(bo)
    victim = await linking.browser("adas")
    code = await victim.code(link)
    assert "Discord member “Bo”" in victim.pages[0]  # she could have seen it
    assert "as “Bo”" in victim.pages[1]
    # Bo does not see the code, and cannot guess it.
    for number, guess in enumerate(("", "0000-0000", "AAAA-AAAA", "ZZZZ-ZZZZ", "1234-5678")):
        answer = said(await linking.type_code(bo, bos_link, guess or "ÄÖ"))
        assert ("wrong too often" if number == 4 else "not the code") in answer
    assert "too long" in said(await linking.type_code(bo, bos_link, code))  # by now even the right one is dead
    # The reverse: Ada types the code that her browser showed into her own Discord.
    link_of_bo, link = await linking.begin(bo)
    code = await (await linking.browser("adas")).code(link)
    adas_link, _ = await linking.begin(ada)
    assert "too long" in said(await linking.type_code(ada, adas_link, code))
    # And Bo pressing on Ada's card is about Bo, not Ada.
    assert await linked_accounts() == []
    assert {raw["spotifyUserId"].partition(":")[0] for raw in (await users()).values()} == {"discord"}
    assert "Linked" in said(await linking.type_code(bo, link_of_bo, code))  # only the two together are a link


async def test_one_browser_begins_and_ends_and_each_answer_counts_once(linking: Linking) -> None:
    result, link = await linking.begin(linking.stage.ada)
    mine, other = await linking.browser("adas"), await linking.browser("adas")
    first = await mine.get(link)
    assert "Set-Cookie" in mine.headers[0]
    cookie = mine.headers[0]["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    onward = re.findall(r'href="([^"]+)"', first)[0].replace("&amp;", "&")
    await mine.get(onward, follow=False)
    answer = mine.addresses[-1]
    # Somebody else's browser, also one that never opened the link, and what looks at links before people do.
    assert "not the browser that began" in await other.get(answer)
    async with other.session.head(link) as looked:
        assert looked.status == 405
    async with mine.session.head(answer) as looked:
        assert looked.status == 405
    pages = await asyncio.gather(*(mine.get(answer) for _ in range(20)))
    assert len([page for page in pages if CODE.search(page)]) == 1
    assert len([page for page in pages if "used already" in page]) == 19
    assert linking.accounts.calls == ["authorization_code"]
    for page, headers in zip(mine.pages, mine.headers, strict=True):
        if page:
            assert headers["Cache-Control"] == "no-store"
            assert headers["Referrer-Policy"] == "no-referrer"
            assert headers["Content-Security-Policy"].startswith("default-src 'none'")
            assert "<script" not in page
    # A newer link ends the older one.
    _, newer = await linking.begin(linking.stage.ada)
    assert "took too long" in await mine.get(link)
    assert "Go on to Spotify" in await mine.get(newer)
    assert "Linked" not in said(result)


@pytest.mark.parametrize(
    ("how", "words"),
    [
        ("denied", "You said no at Spotify"),
        ("late", "That took too long"),
        ("late code", "That took too long"),
        ("down", "You can close this page"),
        ("guest", "Spotify does not know you here"),
        ("hostile name", "&lt;script&gt;"),
        ("erased", "That took too long"),
        ("rubbish", "Spotify did not go along"),
    ],
)
async def test_whatever_goes_wrong_is_told_and_binds_nobody(linking: Linking, how: str, words: str) -> None:
    ada = linking.stage.ada
    if how == "hostile name":
        ada = linking.stage.guild.add_member(linking.stage.env.create_user("eve", global_name="<script>alert(1)"))
    result, link = await linking.begin(ada)
    browser = await linking.browser("adas")
    past = {"$set": {"expiresAt": datetime.now(UTC) - timedelta(seconds=1)}}
    if how == "denied":
        linking.accounts.deny = True
    elif how == "erased":
        await browser.get(link)  # and then she thinks better of all of it
        await User.get_motor_collection().update_many({}, {"$set": {"erasingAt": datetime.now(UTC)}})
    elif how == "down":
        linking.accounts.answer = (503, "no")
    elif how == "late":
        first = await browser.get(link)
        await OAuthState.get_motor_collection().update_one({}, past)
        assert words in await browser.get(re.findall(r'href="([^"]+)"', first)[0].replace("&amp;", "&"))
        return
    if how == "rubbish":
        assert words in await browser.get(f"{linking.address}/spotify/callback?state=x&code=<b>")
        assert browser.statuses == [400]
        return
    if how in ("late code", "guest"):
        code = await browser.code(link)
        if how == "guest":
            linking.spotify.instead = _forbidden
        else:
            await OAuthState.get_motor_collection().update_one({}, past)
        assert words in said(await linking.type_code(ada, result, code))
    else:
        assert words in await browser.agree(link)
    assert await linked_accounts() == []
    if how == "erased":
        assert await OAuthState.count() == 0


async def _forbidden(request: Any) -> Any:
    return web.json_response({"error": {"status": 403, "message": "User not registered"}}, status=403)


async def test_an_account_is_one_members_and_a_code_that_failed_for_spotify_counts_still(linking: Linking) -> None:
    ada, bo = linking.stage.ada, linking.stage.bo
    result, link = await linking.begin(ada)
    code = await (await linking.browser("shared")).code(link)
    linking.spotify.instead = _rubbish
    assert "Linked" not in said(await linking.type_code(ada, result, code))
    linking.spotify.instead = None
    assert "Linked with **Shared**" in said(await linking.type_code(ada, result, code))
    assert "linked to another member" in said(await linking.link(bo, "shared"))
    assert await linked_accounts() == ["accshared"]
    assert "Linked with **Bos**" in said(await linking.link(bo, "bos"))
    # Linking anew, with another account, replaces the first; the songs of the first are gone.
    assert "Linked with **Other**" in said(await linking.link(ada, "other"))
    assert sorted(await linked_accounts()) == ["accbos", "accother"]
    assert "Linked with **Shared**" in said(await linking.link(bo, "shared"))


async def _rubbish(request: Any) -> Any:
    return web.json_response([])


async def test_without_an_address_the_member_pastes_where_their_browser_ended(without_address: Linking) -> None:
    linking = without_address
    ada, bo = linking.stage.ada, linking.stage.bo
    result, url = await linking.begin(ada)
    assert "does not load" in said(result)
    asked = parse_qs(urlsplit(url).query)
    assert asked["redirect_uri"] == ["http://127.0.0.1:9465/spotify/callback"]
    assert asked["code_challenge_method"] == ["S256"]

    async def ended_at(browser: Browser, url: str) -> str:
        await browser.get(url, follow=False)
        return browser.addresses[-1]

    address = await ended_at(await linking.browser("adas"), url)
    for wrong in ("hello", "http://127.0.0.1:9465/spotify/callback", "http://[bad", url):
        assert "no answer of Spotify" in said(await linking.type_code(ada, result, wrong, label="Paste the address"))
    # Bo, the attacker, got Ada to paste Bo's address, or got hold of Ada's: neither binds.
    bos, bos_url = await linking.begin(bo)
    bos_address = await ended_at(await linking.browser("bos"), bos_url)
    assert "not your link" in said(await linking.type_code(ada, result, bos_address, label="Paste the address"))
    assert "not your link" in said(await linking.type_code(bo, bos, address, label="Paste the address"))
    assert await linked_accounts() == []
    done = await linking.type_code(ada, result, f"  <{address}>\n", label="Paste the address")
    assert "Linked with **Adas**" in said(done)
    assert "used already" in said(await linking.type_code(ada, result, address, label="Paste the address"))
    assert await linked_accounts() == ["accadas"]


async def test_the_account_for_everyone_is_the_operators_to_set_up(linking: Linking) -> None:
    ada, bo = linking.stage.ada, linking.stage.bo
    linking.stage.bot.owner_id = ada.id
    theirs = await bo.slash(linking.stage.channel, "spotify status")
    assert "Set up the account for everyone" not in Card(theirs.response.components).labels
    result = await ada.slash(linking.stage.channel, "spotify status")
    begun = await ada.click(result.response, label="Set up the account for everyone")
    code = await (await linking.browser("house")).code(link_on(begun))
    linking.stage.bot.owner_id = bo.id  # whose application it is is asked anew at every step
    assert "That is not yours to do" in said(await linking.type_code(ada, begun, code))
    linking.stage.bot.owner_id = ada.id
    assert "The account for everyone is **House**" in said(await linking.type_code(ada, begun, code))
    owner = await linking.services.accounts.owner_token()
    assert owner is not None
    assert owner.account_id == "acchouse"
    assert "user-library-read" not in owner.scopes
    [token] = [raw async for raw in AuthToken.get_motor_collection().find()]
    assert str(token["userId"]) == OWNER_ID
    assert (await users())["Ada"]["capabilities"]["linked"] is False  # it is nobody's own
    shown = await ada.slash(linking.stage.channel, "spotify status")
    await ada.click(shown.response, label="Remove the account for everyone")
    assert await AuthToken.count() == 0


async def test_where_nothing_is_set_up_it_says_what_works_all_the_same(stage: Any, database: Database) -> None:
    words = said(await stage.ada.slash(stage.channel, "spotify link"))
    assert "cannot be linked here" in words
    assert "/spotify upload" in words
    assert "No Spotify account is linked" in said(await stage.ada.slash(stage.channel, "spotify status"))
    assert "SPOTIFY_CLIENT_ID" in words
    assert await OAuthState.count() == 0
