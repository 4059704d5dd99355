"""The whole way of a member with a Spotify account: link, library, vibe, save, edit, unlink."""

from __future__ import annotations

import asyncio
import io
import logging
import sys
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.cli import spotify as terminal
from bot.documents import AuthToken, OAuthState, Playlist, UserLibrary
from tests.cogs.linking import open_linking, said
from tests.cogs.staging import Card
from tests.cogs.test_spotify_cog import dump
from tests.loopback.spotify import raw_track


async def test_link_library_vibe_save_edit_unlink(
    parser: Any, stock: Any, executor: Any, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    async with open_linking(parser, stock, executor) as linking:
        ada, channel, spotify = linking.stage.ada, linking.stage.channel, linking.spotify
        account = spotify.account("adas")
        saved = [(raw_track(number), datetime(2026, 1, 1, tzinfo=UTC) - timedelta(days=number)) for number in range(30)]
        account.saved = saved
        # Link, and the library comes by itself.
        assert "**30** new songs of yours" in said(await linking.link(ada, "adas"))
        # A vibe of songs she knows, ready to be played at once.
        result = await ada.slash(channel, "vibe", text="songs i know", songs=10)
        card = Card(result.response.components)
        [playlist] = [raw async for raw in Playlist.get_motor_collection().find()]
        mine = await UserLibrary.get_motor_collection().distinct("trackId", {"savedAt": {"$ne": None}})
        assert {entry["trackId"] for entry in playlist["tracks"]} <= set(mine)
        assert len(playlist["tracks"]) == 10
        # Save: two calls, into her own account.
        before = len(spotify.seen)
        done = await ada.click(result.response, label="Save to Spotify")
        assert "open.spotify.com/playlist/" in str(done.response.components)
        [kept] = spotify.of("adas")
        assert len(kept.uris) == 10
        assert [seen.name for seen in spotify.seen[before:]][:2] == ["create_playlist", "replace_items"]
        # Edit: the next of the chain is still of her songs.
        again = await ada.click(result.response, label="Again")
        assert Card(again.response.components).labels
        newest = await Playlist.get_motor_collection().find_one({}, sort=[("createdAt", -1)])
        assert newest["parentId"] == playlist["_id"]
        assert {entry["trackId"] for entry in newest["tracks"]} <= set(mine)
        # Unlink: nothing of the account is left here, and the playlist stays hers.
        asked = await ada.slash(channel, "spotify unlink")
        await ada.click(asked.response, label="Yes, unlink it")
        assert "is unlinked" in said(asked)
        assert await AuthToken.count() == await OAuthState.count() == await UserLibrary.count() == 0
        assert len(spotify.of("adas")) == 1
        text = await dump() + caplog.text
        assert [secret for secret in linking.accounts.issued if secret in text] == []
        assert spotify.violations == []
        assert (
            "I know no library of yours"
            in Card((await ada.slash(channel, "vibe", text="songs i know", songs=5)).response.components).text
        )
        assert card.labels


async def test_an_operator_signs_the_account_for_everyone_in_at_the_terminal(
    parser: Any, stock: Any, executor: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    async with open_linking(parser, stock, executor) as linking:
        accounts, browser = linking.services.accounts, await linking.browser("house")
        linking.accounts.redirect_uris.add("http://127.0.0.1:9465/spotify/callback")

        monkeypatch.setattr(sys, "stdin", io.StringIO())  # nobody types
        login = asyncio.create_task(terminal._logged_in(accounts))
        printed = ""
        while "authorize?" not in printed:
            await asyncio.sleep(0.01)
            printed += capsys.readouterr().err
        [url] = [line for line in printed.split() if "authorize?" in line]
        assert "Thank you" in await browser.get(url)
        linked = await login
        assert (linked.account, linked.owner) == ("House", True)
        # On another machine the page does not load, and its address is pasted.
        begun = await accounts.begin_at_terminal()
        await browser.get(begun.url, follow=False)
        assert (await accounts.finish_at_terminal(f" {browser.addresses[-1]}\n")).owner
        token = await accounts.owner_token()
        assert token is not None
        assert token.account_id == "acchouse"
        assert await accounts.unlink_owner()
        assert await accounts.owner_token() is None
