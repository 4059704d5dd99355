"""The whole way of a member with a Spotify account: link, library, vibe, save, edit, unlink."""

from __future__ import annotations

import asyncio
import io
import logging
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import pytest

from bot.cli import spotify as terminal
from bot.documents import AuthToken, OAuthState, Playlist, Track, UserLibrary
from bot.web.health_state import Parts, watched
from tests.cogs.accounts.test_spotify_cog import dump
from tests.cogs.linking import Linking, open_linking, said
from tests.cogs.staging import Card
from tests.loopback.spotify import Fault, raw_track
from tests.web.test_operators_server import free_port


async def test_link_library_vibe_save_edit_unlink(
    parser: Any, stock: Any, executor: Any, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    async with open_linking(parser, stock, executor) as linking, watching(linking) as figures:
        ada, channel, spotify = linking.stage.ada, linking.stage.channel, linking.spotify
        account = spotify.account("adas")
        saved = [(raw_track(number), datetime(2026, 1, 1, tzinfo=UTC) - timedelta(days=number)) for number in range(30)]
        account.saved = saved
        # Link, and the library comes by itself.
        assert "**30** new songs of yours" in said(await linking.link(ada, "adas"))
        # A vibe of songs she knows, ready to be played at once.
        result = await ada.slash(channel, "vibe", text="songs i know", songs=10)
        card = Card(result.response.components)
        playlist = await newest()
        mine = await UserLibrary.get_motor_collection().distinct("trackId", {"savedAt": {"$ne": None}})
        assert songs_of(playlist) <= set(mine)
        assert len(playlist["tracks"]) == 10
        # Save: Spotify says that her token is too old, and repeats it; with a new one two calls do it.
        spotify.faults, before = [Fault("expired", on="create_playlist")], len(spotify.seen)
        done = await ada.click(result.response, label="Save to Spotify")
        assert "open.spotify.com/playlist/" in str(done.response.components)
        [kept] = spotify.of("adas")
        assert len(kept.uris) == 10
        assert [seen.name for seen in spotify.seen[before:] if seen.done][:2] == ["create_playlist", "replace_items"]
        # Edit: the next of the chain is still of her songs.
        again = await ada.click(result.response, label="Again")
        assert Card(again.response.components).labels
        other = await newest()
        assert other["parentId"] == playlist["_id"]
        assert songs_of(other) <= set(mine)
        # Edit by words: the first five stay, and it goes where the one before it is saved, when she says so.
        typed = await ada.slash(channel, "vibe", text="less energy, keep 1 to 5")
        child = await newest()
        assert child["parentId"] == other["_id"]
        assert places(child)[:5] == places(other)[:5]
        asked = await ada.click(typed.response, label="Save to Spotify")
        assert "spotifyPlaylistId" not in child
        await ada.click(asked.response, label="Update the saved one")
        assert (await newest())["spotifyPlaylistId"] == kept.id
        [kept] = spotify.of("adas")
        assert kept.uris == await uris(child)
        # The day's calls are used up, and that is told in words.
        spotify.faults = [Fault("quota", retry_after="21600")]
        failed = said(await ada.click(again.response, label="Save to Spotify"))
        assert "used up" in failed
        # Unlink: nothing of the account is left here, and the playlist stays hers.
        left = await ada.slash(channel, "spotify unlink")
        await ada.click(left.response, label="Yes, unlink it")
        assert "is unlinked" in said(left)
        assert await AuthToken.count() == await OAuthState.count() == await UserLibrary.count() == 0
        assert len(spotify.of("adas")) == 1
        shown = await figures()
        assert "vibrato_spotify" in shown
        assert 'vibrato_failures_total{kind="SpotifyBusy"}' in shown
        text = await dump() + caplog.text + shown + failed + str([one.components for one in channel.history()])
        assert [secret for secret in linking.accounts.issued if secret in text] == []
        assert len(linking.accounts.issued) > 3  # the token that was too old was renewed
        assert spotify.violations == []
        assert (
            "I know no library of yours"
            in Card((await ada.slash(channel, "vibe", text="songs i know", songs=5)).response.components).text
        )
        assert card.labels


@asynccontextmanager
async def watching(linking: Linking) -> AsyncIterator[Callable[[], Awaitable[str]]]:
    """The operators' figures of this bot, as they are read over HTTP."""
    prepared = asyncio.Event()
    parts = Parts(
        database=None,  # type: ignore[arg-type]  # only /ready asks it
        prepared=prepared,
        songs=lambda: 0,
        figures=linking.gateway.figures(),
        refresh=linking.gateway.refresh_figures,
    )
    port = free_port()
    async with watched(parts, host="127.0.0.1", port=port) as metrics, aiohttp.ClientSession() as session:
        linking.stage.bot.watcher = metrics

        async def figures() -> str:
            async with session.get(f"http://127.0.0.1:{port}/metrics") as answer:
                return await answer.text()

        yield figures


async def newest() -> dict[str, Any]:
    raw: dict[str, Any] = await Playlist.get_motor_collection().find_one({}, sort=[("createdAt", -1)])
    return raw


def places(playlist: dict[str, Any]) -> list[Any]:
    """Its songs, in their order."""
    return [entry["trackId"] for entry in sorted(playlist["tracks"], key=lambda entry: entry["position"])]


def songs_of(playlist: dict[str, Any]) -> set[Any]:
    return set(places(playlist))


async def uris(playlist: dict[str, Any]) -> list[str]:
    """What a playlist is on Spotify: the songs that it knows."""
    ids = [(await Track.get_motor_collection().find_one({"_id": key}))["spotifyTrackId"] for key in places(playlist)]
    return [f"spotify:track:{spotify_id}" for spotify_id in ids if len(spotify_id) == 22]


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
