"""A step that was not it is taken back, and a song that is missed is asked about."""

from __future__ import annotations

from typing import Any

import pytest

from bot.catalogue.index import Catalogue
from bot.documents import Playlist
from tests.cogs.staging import RECORDS


@pytest.fixture
async def posted(stage: Any) -> Any:
    """Ada's playlist."""
    return (await stage.vibe(songs=8)).response


def songs(shown: Any) -> list[str]:
    """The titles of a card, as its menu has them."""
    return [option["label"] for option in shown.menu["options"]]


async def test_a_step_is_taken_back_and_the_chain_goes_on_from_the_set_before(
    stage: Any, posted: Any, card: Any, events: Any, make_bot: Any
) -> None:
    assert "Undo" not in card(posted).labels
    calmer = (await stage.ada.click(posted, label="Calmer")).response
    await stage.env.restart_bot(make_bot(await Catalogue.load()))
    back = await stage.ada.click(calmer, label="Undo")
    assert not back.ephemeral
    assert back.response.id not in (posted.id, calmer.id)
    shown = card(back.response)
    assert songs(shown) == songs(card(posted))
    assert "is undone, and the next step starts from here" in shown.text
    assert "Undo" not in shown.labels
    assert len(back.response.message.reactions) == 4
    less, undo = await events()
    assert (less["event"], undo["event"], undo["undoes"]) == ("less", "undo", less["_id"])
    first = await Playlist.of_message(str(back.response.id))
    assert first.id == (await Playlist.of_message(str(posted.id))).id
    typed = (await stage.vibe("same but brighter")).response
    assert (await Playlist.of_message(str(typed.id))).parent_id == first.id


async def test_what_typed_words_changed_is_taken_back_as_a_whole(
    stage: Any, posted: Any, card: Any, events: Any
) -> None:
    edited = (await stage.vibe("less energy, without number 2")).response
    back = await stage.ada.click(edited, label="Undo")
    assert songs(card(back.response)) == songs(card(posted))
    stored = await events()
    said = {event["_id"] for event in stored if event["event"] in ("less", "remove")}
    assert len(said) == 2
    assert {event["undoes"] for event in stored if event["event"] == "undo"} == said


async def test_undoing_twice_takes_back_once_and_counts_as_a_request(
    stage: Any, posted: Any, events: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    calmer = (await stage.ada.click(posted, label="Calmer")).response
    asked = []
    request = stage.bot.services.limits.request

    def counted(requester: Any) -> Any:
        asked.append(requester.user_id)
        return request(requester)

    monkeypatch.setattr(stage.bot.services.limits, "request", counted)
    for _ in range(2):
        await stage.ada.click(calmer, label="Undo")
    assert [event["event"] for event in await events()] == ["less", "undo"]
    assert asked == [str(stage.ada.id)]


async def test_the_step_of_another_member_is_not_theirs_to_undo(
    stage: Any, posted: Any, card: Any, events: Any
) -> None:
    calmer = (await stage.ada.click(posted, label="Calmer")).response
    seen = await stage.bo.click(calmer, label="Undo")
    assert seen.ephemeral
    assert songs(card(seen.response)) == songs(card(posted))
    assert "undone" not in card(seen.response).text
    assert [event["event"] for event in await events()] == ["less"]
    assert await Playlist.find({"undoneAt": {"$ne": None}}).count() == 0
    private = (await stage.vibe(songs=5, only_me=True)).response
    darker = (await stage.ada.click(private, label="Darker")).response
    assert (await stage.ada.click(darker, label="Undo")).ephemeral


async def test_a_set_that_is_gone_cannot_be_brought_back(stage: Any, posted: Any, card: Any, events: Any) -> None:
    calmer = (await stage.ada.click(posted, label="Calmer")).response
    await (await Playlist.of_message(str(posted.id))).delete()
    (told,) = (await stage.ada.click(calmer, label="Undo")).followups
    assert told.ephemeral
    assert "That playlist is no longer there" in card(told).text
    assert [event["event"] for event in await events()] == ["less"]


@pytest.fixture
async def reasons(stage: Any, posted: Any) -> Any:
    """Why, as Bo has opened it."""
    return (await stage.bo.click(posted, label="Why")).response


async def ask(stage: Any, reasons: Any, song: str) -> Any:
    """Bo asks why not that song."""
    form = await stage.bo.click(reasons, label="Why not that song?")
    return await stage.bo.submit_modal(form, {"song": song})


async def test_a_song_that_is_missed_is_asked_about(stage: Any, posted: Any, reasons: Any, card: Any) -> None:
    titles = [label.partition(". ")[2] for label in songs(card(posted))]
    missed = next(record for record in RECORDS if record.title not in titles and "(" not in record.title)
    answer = await ask(stage, reasons, f"{missed.title} by {missed.artists[0]}")
    assert answer.ephemeral
    shown = card(answer.response)
    assert missed.title in shown.text
    assert "that keep every hard wish" in shown.text or "It breaks" in shown.text
    assert "▰" in card(reasons).text  # the reasons stay
    again = await ask(stage, answer.response, titles[0])
    assert "It is number 1 of the set." in card(again.response).text


async def test_a_song_nobody_has_is_said_to_be_missing_whatever_was_written(
    stage: Any, reasons: Any, card: Any, make_bot: Any
) -> None:
    await stage.env.restart_bot(make_bot(await Catalogue.load()))
    shown = card((await ask(stage, reasons, "@everyone [Zorp](http://a.b) **<@1>**")).response)
    assert "I have no song called" in shown.text
    assert "@everyone" not in shown.text
    assert "<@1>" not in shown.text
    assert r"\[Zorp\](http:" in shown.text
    assert "(http://" not in shown.text


async def test_a_title_that_many_songs_have_asks_for_the_artist(stage: Any, reasons: Any, card: Any) -> None:
    shown = card((await ask(stage, reasons, "the")).response)
    assert "Title by Artist" in shown.text
    assert len(shown.text) < 4000


async def test_no_song_of_a_set_that_is_gone(stage: Any, posted: Any, reasons: Any, card: Any) -> None:
    form = await stage.bo.click(reasons, label="Why not that song?")
    await Playlist.find_all().delete()
    told = await stage.bo.submit_modal(form, {"song": "anything"})
    assert "That playlist is no longer there" in card(told.response).text
