"""The gateway: what goes out is what Spotify takes today, what comes back is plain, and nothing is done twice."""

from __future__ import annotations

import asyncio
import base64
import logging
import time
import traceback
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests
from aiohttp import web

from bot.documents import DOCUMENTS, Quota
from bot.errors import LinkExpired, SpotifyBusy, SpotifyRefused, SpotifyUnreachable, VibratoError
from bot.spotify import gateway as gateways
from bot.spotify.gateway import SpotifyGateway
from bot.spotify.http_call import CallPatience
from bot.spotify.values import AccessToken, track_uri
from bot.web.metrics import Metrics
from tests.loopback.spotify import ALL_SCOPES, Fault, LoopbackSpotify, raw_track
from tests.spotify.conftest import SOON

PLAYLIST = f"{1:022d}"


def uris(count: int) -> list[str]:
    return [track_uri(f"{number:022d}") for number in range(count)]


async def test_every_call_is_one_that_spotify_takes_today(gateway: SpotifyGateway, spotify: LoopbackSpotify) -> None:
    token, ada = spotify.grant("ada"), spotify.account("ada")
    now = datetime.now(UTC).replace(microsecond=0)
    ada.saved = [(raw_track(number), now) for number in range(60)]
    ada.top = {"short_term": [raw_track(7)]}
    ada.played = [(raw_track(8), now), (raw_track(9), now - timedelta(days=2))]
    spotify.catalogue = [raw_track(number, name=f"Rain {number}") for number in range(30)]

    assert (await gateway.me(token)).account_id == "accada"
    made = await gateway.create_playlist(token, "Rainy", 'calm & "soft" / v-1', False)
    assert (made.id, made.name, made.url) == (PLAYLIST, "Rainy", f"https://open.spotify.com/playlist/{PLAYLIST}")
    await gateway.replace_items(token, made.id, uris(230))
    await gateway.change_details(token, made.id, "Rainier", "still calm")
    await gateway.upload_cover(token, made.id, base64.b64encode(b"\xff\xd8\xff picture").decode())
    (kept,) = spotify.of("ada")
    assert (kept.uris, kept.name, kept.cover) == (uris(230), "Rainier", b"\xff\xd8\xff picture")
    page = await gateway.own_playlists(token)
    assert (page.total, page.items[0].description, page.items[0].total) == (1, "still calm", 230)
    await gateway.unfollow(token, made.id)
    assert spotify.of("ada") == []

    first, second = await gateway.saved_tracks(token), await gateway.saved_tracks(token, offset=50)
    assert (len(first.items), len(second.items), second.total) == (50, 10, 60)
    assert first.items[1].saved_at == now
    track = first.items[1].track
    assert (track.name, track.artists[0].name, track.year, track.isrc) == ("Song 1", "Artist 1", 1999, "QZABC0000001")
    assert [found.name for found in await gateway.top_tracks(token, "short_term")] == ["Song 7"]
    lately = await gateway.recently_played(token, now - timedelta(days=1))
    assert [(played.track.name, played.played_at) for played in lately] == [("Song 8", now)]
    assert len(await gateway.search_tracks(token, "rain", 99)) == 10
    # 3 calls for 230 songs, one for each of the other things.
    assert len(spotify.seen) == 14


async def test_a_read_is_tried_again_and_a_write_never(
    gateway: SpotifyGateway, spotify: LoopbackSpotify, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gateways, "PAUSES_S", (0.01, 0.01))
    token = spotify.grant("ada")
    spotify.faults = [Fault("error"), Fault("cut")]
    assert (await gateway.me(token)).user_id == "ada"
    assert [seen.status for seen in spotify.seen] == [502, 0, 200]

    for fault, maybe in (("error", True), ("cut", True), ("done_error", True), ("done_rubbish", True)):
        spotify.faults, spotify.seen = [Fault(fault)], []  # type: ignore[arg-type]
        with pytest.raises(SpotifyUnreachable) as error:
            await gateway.create_playlist(token, "Rainy", "", False)
        assert (error.value.maybe_done, len(spotify.seen)) == (maybe, 1)
        await gateway.me(token)  # it works again: failures in a row begin anew
    assert len(spotify.of("ada")) == 2


async def test_what_never_left_was_never_done(database: Any, spotify: LoopbackSpotify) -> None:
    nowhere = SpotifyGateway(api_base="http://127.0.0.1:1/v1/", patience=SOON)
    with closing(nowhere), pytest.raises(SpotifyUnreachable) as error:
        await nowhere.create_playlist(spotify.grant("ada"), "Rainy", "", False)
    assert not error.value.maybe_done


async def test_what_spotify_says_no_to(gateway: SpotifyGateway, spotify: LoopbackSpotify) -> None:
    token = spotify.grant("ada", scopes=ALL_SCOPES - {"ugc-image-upload"})
    await gateway.create_playlist(token, "Rainy", "", True)
    with pytest.raises(SpotifyRefused) as error:
        await gateway.upload_cover(token, PLAYLIST, base64.b64encode(b"\xff\xd8\xff cover").decode())
    assert error.value.status == 403
    with pytest.raises(SpotifyRefused) as error:
        await gateway.replace_items(token, f"{9:022d}", uris(1))
    assert error.value.status == 404
    # An id out of the database that is none never becomes a part of an address.
    with pytest.raises(SpotifyRefused):
        await gateway.replace_items(token, "../me/library", uris(1))
    spotify.revoke(token)
    with pytest.raises(LinkExpired):
        await gateway.me(token)
    with pytest.raises(LinkExpired):
        await gateway.me(AccessToken(secret="BQ\r\nHost: evil"))
    assert len(spotify.seen) == 4


@pytest.mark.parametrize("body", [b"[]", b"null", b'"x"', b'{"items": {}}', b'{"items": [1, {}, null]}', b"\xff\xfe"])
async def test_rubbish_is_no_answer_and_no_bug(
    gateway: SpotifyGateway, spotify: LoopbackSpotify, body: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gateways, "PAUSES_S", ())
    token = spotify.grant("ada")

    async def rubbish(*_: Any) -> web.Response:
        return web.Response(body=body, status=200, content_type="application/json")

    spotify.instead = rubbish
    if body.endswith(b"null]}"):
        assert (await gateway.saved_tracks(token)).items == ()
    else:
        with pytest.raises(SpotifyUnreachable) as error:
            await gateway.saved_tracks(token)
        assert not error.value.maybe_done
    with pytest.raises(SpotifyUnreachable) as error:
        await gateway.create_playlist(token, "x", "", False)
    assert error.value.maybe_done
    # A proxy's page with status 200 is no proof that the songs are there.
    with pytest.raises(SpotifyUnreachable):
        await gateway.replace_items(token, PLAYLIST, uris(3))
    if body == b"\xff\xfe":
        with pytest.raises(SpotifyUnreachable):
            await gateway.unfollow(token, PLAYLIST)


async def test_a_hanging_spotify_holds_neither_the_loop_nor_the_others(database: Any, spotify: LoopbackSpotify) -> None:
    token = spotify.grant("ada")
    with closing(SpotifyGateway(api_base=spotify.base, patience=CallPatience(read_s=0.4, whole_s=0.5))) as gateway:
        spotify.talking.clear()
        started, lag = time.perf_counter(), 0.0
        calls = [asyncio.create_task(gateway.create_playlist(token, "x", "", False)) for _ in range(8)]
        while not all(call.done() for call in calls):
            before = time.perf_counter()
            await asyncio.sleep(0.01)
            lag = max(lag, time.perf_counter() - before - 0.01)
        took = time.perf_counter() - started
        results = await asyncio.gather(*calls, return_exceptions=True)
    assert all(isinstance(result, SpotifyUnreachable) for result in results)
    # Four had a thread; for the others nobody waits longer.
    assert len(spotify.of("ada")) == 0
    assert took < 2
    assert lag < 0.5


async def test_an_answer_without_end_is_given_up(database: Any, spotify: LoopbackSpotify) -> None:
    async def endless(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        while True:
            await response.write(b" ")
            await asyncio.sleep(0.02)

    spotify.instead = endless
    with closing(SpotifyGateway(api_base=spotify.base, patience=SOON)) as gateway:
        with pytest.raises(SpotifyUnreachable):
            await gateway.unfollow(spotify.grant("ada"), PLAYLIST)
        await asyncio.sleep(0.1)
        assert gateway._threads._work_queue.empty()


async def test_no_token_and_no_word_in_any_log_error_metric_or_document(
    gateway: SpotifyGateway,
    spotify: LoopbackSpotify,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Any,
) -> None:
    monkeypatch.setattr(gateways, "PAUSES_S", ())
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login x password of-the-netrc\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    lines: list[str] = []

    class Everything(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(f"{record.getMessage()} {record.__dict__} {logging.Formatter().format(record)}")

    handler, root = Everything(), logging.getLogger()
    names = [name for name in logging.root.manager.loggerDict if name.startswith(("spotipy", "urllib3", "requests"))]
    levels = {name: logging.getLogger(name).level for name in ("", "bot.spotify.gateway", *names)}
    root.addHandler(handler)
    for name in levels:
        logging.getLogger(name).setLevel(logging.DEBUG)
    # Put together here, so that no line of a traceback shows it as it stands in this file.
    word = "can" + "ary"
    secret, said = f"BQ{word}" + "x" * 80, []
    token = spotify.grant("ada", secret=secret)
    try:
        await gateway.me(token)
        for kind in ("error", "cut", "rubbish", "expired", "done_error", "limited"):
            spotify.faults = [Fault(kind)]  # type: ignore[arg-type]
            with pytest.raises(VibratoError) as error:
                await gateway.create_playlist(token, word, word, False)
            said.append("".join(traceback.format_exception(error.value)) + repr(error.value) + str(error.value))
            await gateway._admission.worked()
        await Quota.get_motor_collection().delete_many({})
        gateway._admission._refusals.clear()
        with pytest.raises(LinkExpired) as bad:
            await gateway.me(AccessToken(secret=f"{secret}\n"))
        said.append("".join(traceback.format_exception(bad.value)))
    finally:
        root.removeHandler(handler)
        for name, level in levels.items():
            logging.getLogger(name).setLevel(level)
    assert {seen.token for seen in spotify.seen} == {secret}
    metrics = Metrics()
    metrics.show(gateway.figures())
    kept = [str(raw) for kind in DOCUMENTS async for raw in kind.get_motor_collection().find()]
    everything = "\n".join([*lines, *said, *kept, metrics.text().decode(), repr(token), str(token)])
    assert word not in everything
    assert "Spotify answered create_playlist with 502" in everything


async def test_requests_go_through_no_spotipy_session_of_its_own() -> None:
    # spotipy builds one that repeats writes when it is given anything but a session.
    from bot.spotify.http_call import _OneAnswer

    with _OneAnswer(0.0) as session:
        assert isinstance(session, requests.Session)
        assert session.get_adapter("https://api.spotify.com").max_retries.total == 0  # type: ignore[attr-defined]


async def test_busy_says_until_when(gateway: SpotifyGateway, spotify: LoopbackSpotify) -> None:
    spotify.faults = [Fault("limited", retry_after="7200")]
    with pytest.raises(SpotifyBusy) as error:
        await gateway.create_playlist(spotify.grant("ada"), "x", "", False)
    assert timedelta(hours=1.9) < error.value.until - datetime.now(UTC) <= timedelta(hours=2)
