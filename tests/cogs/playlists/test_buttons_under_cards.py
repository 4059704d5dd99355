"""What stands under a card works: for anyone, for as long as the card stands, and after a restart."""

from __future__ import annotations

from typing import Any

import pytest

from bot.catalogue.importer import import_records
from bot.catalogue.index import Catalogue
from bot.documents import GenerationSession, MoodQuery, Playlist
from bot.services.values import Rating, Requester
from tests.cogs.staging import RECORDS, Card, keeping_time, open_stage


@pytest.fixture
async def posted(stage: Any) -> Any:
    """Ada's card with three pages."""
    return (await stage.vibe(songs=25)).response


@pytest.mark.parametrize(
    ("label", "event", "axis"),
    [
        ("Again", "again", None),
        ("More energy", "more", "energy"),
        ("Calmer", "less", "energy"),
        ("Brighter", "more", "brightness"),
        ("Darker", "less", "brightness"),
    ],
)
async def test_the_next_playlist_answers_the_card(
    stage: Any, posted: Any, card: Any, events: Any, label: str, event: str, axis: str | None
) -> None:
    result = await stage.bo.click(posted, label=label)
    shown = card(result.response)
    assert not result.ephemeral
    assert result.response.id != posted.id
    assert f"for <@{stage.bo.id}>" in shown.text
    assert card(posted).text == card(stage.channel.history()[0]).text
    child = await Playlist.of_message(str(result.response.id))
    parent = await Playlist.of_message(str(posted.id))
    assert child is not None
    assert parent is not None
    assert child.parent_id == parent.id
    assert await MoodQuery.count() == await GenerationSession.count() == 2
    (stored,) = await events()
    assert stored["event"] == event
    assert stored["playlistId"] == parent.id
    assert stored["contextJson"].get("axis") == axis
    assert len(result.response.message.reactions) == 4


async def test_what_follows_a_private_card_is_private(stage: Any) -> None:
    private = (await stage.vibe(only_me=True)).response
    result = await stage.ada.click(private, label="Again")
    assert result.ephemeral
    assert stage.channel.history(viewer=stage.bo) == []


@pytest.mark.parametrize(("label", "event"), [("Love it", "love"), ("Not it", "dislike")])
async def test_a_set_is_rated_and_the_rating_taken_back(
    stage: Any, posted: Any, card: Any, events: Any, label: str, event: str
) -> None:
    rated = await stage.bo.click(posted, label=label)
    assert rated.ephemeral
    assert "I will remember" in card(rated.response).text
    undone = await stage.bo.click(rated.response, label="Take it back")
    assert "Taken back" in card(undone.response).text
    love, undo = await events()
    assert (love["event"], undo["event"], undo["undoes"]) == (event, "undo", love["_id"])
    assert "trackId" not in love or love["trackId"] is None


async def test_why_opens_for_the_one_who_asks_and_turns_pages(stage: Any, posted: Any, card: Any) -> None:
    opened = await stage.bo.click(posted, label="Why")
    first = card(opened.response).text
    assert opened.ephemeral
    assert "▰" in first
    assert "`5`" in first
    turned = await stage.bo.click(opened.response, label="Next")
    second = card(turned.response).text
    assert "`6`" in second
    assert "`5`" not in second
    assert "`1`" in card((await stage.bo.click(turned.response, label="Back")).response).text


async def test_pages_turn_for_everyone_and_keep_the_picture(stage: Any, posted: Any, card: Any) -> None:
    await stage.bo.click(posted, label="Next")
    shown = card(stage.channel.last_message)
    assert stage.channel.last_message.id == posted.id
    assert "Songs 11–20 of 25" in shown.text
    assert shown.pictures[0]["media"]["url"].endswith("energy.png")
    (edit,) = (entry.json for entry in stage.env.http_requests[-1:])
    assert edit["attachments"] == [{"id": str(posted.attachments[0].id), "filename": "energy.png"}]
    assert [option["value"] for option in shown.menu["options"]] == [str(place) for place in range(11, 21)]


async def test_a_page_turns_even_when_the_picture_cannot_be_kept(stage: Any, posted: Any, card: Any) -> None:
    stage.env.inject_error("PATCH", "/webhooks/*/messages/@original", status=400, code=50035)
    await stage.bo.click(posted, label="Next")
    shown = card(stage.channel.last_message)
    assert "Songs 11–20 of 25" in shown.text
    assert shown.pictures == []


@pytest.mark.parametrize(("label", "event"), [("Love", "love"), ("Skip", "skip"), ("Never again", "never")])
async def test_a_song_is_chosen_rated_and_the_rating_taken_back(
    stage: Any, posted: Any, card: Any, events: Any, label: str, event: str
) -> None:
    playlist = await stage.bot.services.playlists.view(card(posted).playlist_id)
    chosen = await stage.bo.select(posted, ["3"])
    assert chosen.ephemeral
    assert playlist.songs[2].title in card(chosen.response).text
    rated = await stage.bo.click(chosen.response, label=label)
    assert playlist.songs[2].title in card(rated.response).text
    undone = await stage.bo.click(rated.response, label="Take it back")
    assert "Taken back" in card(undone.response).text
    await stage.bo.click(undone.response, label="Love")
    stored = await events()
    assert [entry["event"] for entry in stored] == [event, "undo", "love"]
    assert {str(entry["trackId"]) for entry in stored} == {playlist.songs[2].track_id}
    assert stored[0]["position"] == 3


async def test_a_rating_can_be_taken_back_once(stage: Any, posted: Any, card: Any, events: Any) -> None:
    rated = await stage.bo.click(posted, label="Love it")
    back = card(rated.response).id_of("Take it back")
    await stage.bot.services.feedback.undo(_rating(stage, card(posted).playlist_id, back.rpartition(":")[2]))
    await stage.bo.click(rated.response, label="Take it back")
    assert [entry["event"] for entry in await events()] == ["love", "undo"]


def _rating(stage: Any, playlist_id: str, event_id: str) -> Any:
    requester = Requester(user_id=str(stage.bo.id), display_name="Bo", guild_id=None, channel_id="1")
    return Rating(requester=requester, playlist_id=playlist_id, event="undo", press_id="1", undoes=event_id)


async def test_everything_works_after_a_restart(stage: Any, posted: Any, card: Any, make_bot: Any, events: Any) -> None:
    rated = await stage.bo.click(posted, label="Love it")
    chosen = await stage.bo.select(posted, ["2"])
    await stage.env.restart_bot(make_bot(await Catalogue.load()))
    assert "for <@" in card((await stage.bo.click(posted, label="More energy")).response).text
    assert "▰" in card((await stage.bo.click(posted, label="Why")).response).text
    assert "Taken back" in card((await stage.bo.click(rated.response, label="Take it back")).response).text
    assert "I will remember" in card((await stage.bo.click(chosen.response, label="Love")).response).text
    await stage.bo.click(posted, label="Next")
    assert "Songs 11–20" in card(stage.channel.history()[0]).text
    assert [entry["event"] for entry in await events()] == ["love", "more", "undo", "love"]


async def test_the_same_bot_can_start_again(stage: Any, posted: Any, card: Any) -> None:
    await stage.env.restart_bot()
    assert "I will remember" in card((await stage.bo.click(posted, label="Love it")).response).text
    assert "I heard" in card((await stage.vibe()).response).text


async def test_the_second_press_of_a_double_click_does_nothing(stage: Any, posted: Any, events: Any) -> None:
    with stage.bot.presses.one(stage.bo.id, _id(stage, posted, "Love it")):
        result = await stage.bo.click(posted, label="Love it")
    assert result.acknowledged
    assert result.followups == []
    assert await events() == []


def _id(stage: Any, message: Any, label: str) -> str:
    return Card(message.components).id_of(label)


async def test_a_playlist_that_is_gone_is_told(stage: Any, posted: Any, card: Any) -> None:
    await Playlist.get_motor_collection().delete_many({})
    for label in ("Again", "Calmer"):
        (told,) = (await stage.bo.click(posted, label=label)).followups
        assert told.ephemeral
        assert "That playlist is no longer there" in card(told).text
    for label in ("Love it", "Not it", "Why"):
        result = await stage.bo.click(posted, label=label)
        assert result.ephemeral
        assert "That playlist is no longer there" in card(result.response).text
    (told,) = (await stage.bo.click(posted, label="Next")).followups
    assert told.ephemeral
    assert "That playlist is no longer there" in card(told).text
    assert "Songs 1–10" in card(stage.channel.history()[0]).text


async def test_a_press_that_could_not_be_stored_says_so(stoppable_mongod: Any, make_bot: Any, card: Any) -> None:
    await import_records(RECORDS, "demo")
    async for stage in open_stage(make_bot(await Catalogue.load())):
        posted = (await stage.vibe()).response
        stoppable_mongod.freeze()
        async with keeping_time(stage.env):
            told = card((await stage.bo.click(posted, label="Love it")).response)
        assert "cannot reach my memory" in told.text
        assert "nothing was stored" in told.text


async def test_our_bug_in_a_press_is_told(stage: Any, posted: Any, card: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(*_: object) -> None:
        raise ZeroDivisionError("secret of the machine")

    monkeypatch.setattr(stage.bot.services.feedback, "rate", broken)
    told = card((await stage.bo.click(posted, label="Love it")).response).text
    assert "my fault" in told
    assert "secret" not in told


@pytest.mark.parametrize(("status", "code"), [(404, 10062), (400, 40060)])
async def test_a_press_that_discord_forgot_or_took_twice_is_no_error(
    stage: Any, posted: Any, events: Any, status: int, code: int
) -> None:
    stage.env.inject_error("POST", "/interactions/*/callback", status=status, code=code)
    await stage.bo.click(posted, label="Love it")
    assert len(await events()) == (1 if code == 40060 else 0)


async def test_no_card_is_kept_in_memory(stage: Any, posted: Any) -> None:
    await stage.bo.click(posted, label="Why")
    await stage.bo.click(posted, label="Love it")
    store = stage.bot._connection._view_store
    assert not store._views
    assert not store._synced_message_views
