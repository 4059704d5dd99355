"""The menu of a message: a playlist from what somebody wrote."""

from __future__ import annotations

from typing import Any

from bot.catalogue.index import Catalogue
from bot.documents import MoodQuery, Playlist, User
from tests.cogs.doors import HOSTILE, MENU


async def test_a_message_of_ones_own_becomes_a_playlist(stage: Any, card: Any) -> None:
    message = await stage.ada.send(stage.channel, "calm rainy evening with soft piano")
    made = await stage.ada.context_menu(stage.channel, MENU, message)
    assert not made.ephemeral
    assert "I heard" in card(made.response).text
    [query] = await MoodQuery.find().to_list()
    assert query.raw_text == "calm rainy evening with soft piano"


async def test_of_somebody_elses_message_no_word_is_kept(stage: Any, card: Any) -> None:
    message = await stage.bo.send(stage.channel, "so sad tonight, only piano helps, love you Grandma")
    made = await stage.ada.context_menu(stage.channel, MENU, message)
    assert "`mood: sad`" in card(made.response).text
    [query] = await MoodQuery.find().to_list()
    [playlist] = await Playlist.find().to_list()
    assert query.raw_text == ""
    assert query.user_id == User.id_of(str(stage.ada.id))
    assert not any("grandma" in str(word).lower() for word in (playlist.name, playlist.description, query.parsed))
    assert playlist.name
    # The card goes on, told by what was understood.
    more = await stage.ada.click(made.response, label="Darker")
    assert "I heard" in card(more.response).text


async def test_a_long_message_is_read_from_its_beginning(stage: Any, card: Any) -> None:
    message = await stage.ada.send(stage.channel, "calm piano " + "and so on " * 90)
    made = await stage.ada.context_menu(stage.channel, MENU, message)
    assert "I heard" in card(made.response).text
    [query] = await MoodQuery.find().to_list()
    assert len(query.raw_text) <= 500


async def test_a_message_without_words_is_told_to_the_asker_alone(stage: Any, card: Any) -> None:
    for content in ("https://evil.example/x", "<@1> <#2>"):
        message = await stage.bo.send(stage.channel, content)
        told = await stage.ada.context_menu(stage.channel, MENU, message)
        assert told.ephemeral
        assert "no words in that message" in card(told.response).text
    posted = (await stage.vibe("calm")).response.message
    told = await stage.ada.context_menu(stage.channel, MENU, posted)
    assert "no words in that message" in card(told.response).text


async def test_hostile_words_in_a_message_do_nothing(stage: Any, card: Any) -> None:
    message = await stage.bo.send(stage.channel, HOSTILE)
    made = await stage.ada.context_menu(stage.channel, MENU, message)
    shown = card(made.response).text
    assert "@everyone" not in shown
    assert "<@" not in shown
    assert "evil" not in shown


async def test_the_menu_is_there_after_a_restart(stage: Any, card: Any, make_bot: Any) -> None:
    message = await stage.ada.send(stage.channel, "calm piano")
    await stage.env.restart_bot()
    assert "I heard" in card((await stage.ada.context_menu(stage.channel, MENU, message)).response).text
    await stage.env.restart_bot(make_bot(await Catalogue.load()))
    assert "I heard" in card((await stage.ada.context_menu(stage.channel, MENU, message)).response).text
