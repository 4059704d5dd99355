"""Save to Spotify under a card: the link, what is missing, the choice for an edited one, and taking it down."""

from __future__ import annotations

import csv
import io
from collections.abc import AsyncIterator
from contextlib import closing
from dataclasses import replace
from typing import Any

import pytest

from bot.catalogue.index import Catalogue
from bot.documents import Playlist, Track, User
from bot.services.publishing.service import PublishingService
from bot.services.publishing.workflow import PublicationPatience as StepPatience
from bot.spotify.gateway import SpotifyGateway
from bot.spotify.http_call import CallPatience
from tests.cogs.staging import Card, Stage, open_stage
from tests.loopback.publishing import GivenTokens
from tests.loopback.spotify import Fault, LoopbackSpotify, loopback_spotify


@pytest.fixture
async def spotify() -> AsyncIterator[LoopbackSpotify]:
    async with loopback_spotify() as server:
        yield server
    assert server.violations == []


@pytest.fixture
def tokens(spotify: LoopbackSpotify) -> GivenTokens:
    return GivenTokens(owner=spotify.grant("host"))


@pytest.fixture
async def saving_stage(make_bot: Any, stock: Catalogue, spotify: Any, tokens: Any) -> AsyncIterator[Stage]:
    """The bot with a Spotify account; the songs of the catalogue have ids there."""
    await Track.get_motor_collection().update_many({}, _real())
    with closing(SpotifyGateway(api_base=spotify.base, patience=CallPatience(read_s=0.3, whole_s=0.5))) as gateway:
        bot = make_bot(stock)
        publishing = PublishingService(gateway=gateway, tokens=tokens, patience=StepPatience(hold_s=1, settle_s=0.3))
        bot.services = replace(bot.services, publishing=publishing)
        async for stage in open_stage(bot):
            yield stage


def links(message: Any) -> list[str]:
    return [part["url"] for part in Card(message.components).parts if part["type"] == 2 and "url" in part]


async def test_a_press_saves_it_and_another_takes_it_down(
    saving_stage: Stage, spotify: LoopbackSpotify, events: Any, card: Any
) -> None:
    posted = (await saving_stage.vibe(songs=12)).response
    unknown = (await Playlist.find_one()).tracks[2].track_id  # type: ignore[union-attr]
    hostile = {"$set": {"spotifyTrackId": "demo:1", "name": "**x** [y](http://evil) @everyone"}}
    await Track.get_motor_collection().update_one({"_id": unknown}, hostile)
    told = (await saving_stage.bo.click(posted, label="Save to Spotify")).response
    (kept,) = spotify.of("host")
    assert told.ephemeral
    assert links(told) == [f"https://open.spotify.com/playlist/{kept.id}"]
    words = Card(told.components).text
    assert "11 songs" in words
    assert "\\*\\*x\\*\\*" in words
    assert "@everyone" not in words
    assert len(kept.uris) == 11
    assert kept.cover is not None
    (event,) = await events()
    assert (event["event"], event["contextJson"]["source"]) == ("save", "button")

    again = (await saving_stage.ada.click(posted, label="Save to Spotify")).response
    assert "already" in Card(again.components).text
    assert len(spotify.playlists) == 1

    down = (await saving_stage.bo.click(told, label="Take it down")).response
    assert "taken down" in Card((down or told).components).text
    assert spotify.of("host") == []


async def test_an_edited_set_asks_where_it_shall_go(
    saving_stage: Stage, spotify: LoopbackSpotify, tokens: GivenTokens
) -> None:
    tokens.own[User.key_of(str(saving_stage.ada.id))] = spotify.grant("ada")
    posted = (await saving_stage.vibe(songs=5)).response
    await saving_stage.ada.click(posted, label="Save to Spotify")
    child = (await saving_stage.ada.click(posted, label="Calmer")).response
    asked = (await saving_stage.ada.click(child, label="Save to Spotify")).response
    assert {"Update the saved one", "Save as new"} < set(Card(asked.components).labels)
    before = spotify.of("ada")[0].uris
    await saving_stage.ada.click(asked, label="Update the saved one")
    (kept,) = spotify.of("ada")
    assert kept.uris != before
    # Bo has no own account: his press goes to the server's, and asks nothing.
    told = (await saving_stage.bo.click(child, label="Save to Spotify")).response
    assert links(told)
    assert len(spotify.of("host")) == 1


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (Fault("quota", retry_after="21600"), "used up"),
        (Fault("expired"), "has to be linked again"),
    ],
)
async def test_what_spotify_says_becomes_a_sentence(
    saving_stage: Stage, spotify: LoopbackSpotify, events: Any, fault: Fault, words: str
) -> None:
    posted = (await saving_stage.vibe()).response
    spotify.faults = [fault]
    told = (await saving_stage.bo.click(posted, label="Save to Spotify")).response
    assert told.ephemeral
    assert words in Card(told.components).text
    assert await events() == []


async def test_without_an_account_the_press_hands_out_files_and_links(stage: Stage, events: Any) -> None:
    posted = (await stage.vibe(songs=30)).response
    await Track.get_motor_collection().update_many({"spotifyTrackId": {"$regex": "[13579]$"}}, _real())
    told = (await stage.bo.click(posted, label="Save to Spotify")).response
    assert told.ephemeral
    files = {file.filename.rpartition(".")[2]: await file.read() for file in told.attachments}
    assert set(files) == {"csv", "m3u8", "jspf"}
    rows = list(csv.DictReader(io.StringIO(files["csv"].decode("utf-8-sig"), newline="")))
    words = Card(told.components).text
    for row in rows:
        assert (f"/track/{row['Track URI'][14:]})" in words) or not row["Track URI"]
    assert any(row["Track URI"] for row in rows)
    assert "needs a Spotify application" in words
    assert "/spotify link" not in words, "nobody can link here"
    assert [event["event"] for event in await events()] == ["export"]


async def test_where_nothing_may_be_attached_the_links_are_there_all_the_same(stage: Stage) -> None:
    closed = stage.closed_channel("closed", attach_files=False)
    posted = (await stage.ada.slash(closed, "vibe", text="calm piano")).response
    told = (await stage.bo.click(posted, label="Save to Spotify")).response
    assert not told.attachments
    assert "needs a Spotify application" in Card(told.components).text


def _real() -> list[dict[str, Any]]:
    """An update that gives songs ids as Spotify has them, made of ours."""
    return [{"$set": {"spotifyTrackId": {"$substrCP": [{"$toString": "$_id"}, 2, 22]}}}]
