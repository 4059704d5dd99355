"""/again and /history: what was made before is found, run again, renamed, deleted and put back."""

from __future__ import annotations

from typing import Any

import pytest

from bot.client.cards.custom_ids import own_ids
from bot.documents import Playlist
from bot.services.values import Requester


async def opened(stage: Any, who: Any = None, channel: Any = None) -> Any:
    return (await (who or stage.ada).slash(channel or stage.channel, "history")).response


async def chosen(stage: Any, playlist_id: str) -> Any:
    return (await stage.ada.select(await opened(stage), [playlist_id], custom_id=own_ids.CHOOSE_PAST)).response


async def stored(stage: Any, who: Any = None) -> list[Any]:
    requester = Requester(user_id=str((who or stage.ada).id), display_name="x", guild_id=None, channel_id="1")
    return list((await stage.bot.services.history.page(requester)).playlists)


# /again


async def test_again_is_the_last_one_here_with_other_songs(stage: Any, card: Any) -> None:
    await stage.vibe("happy party", songs=8)
    first = card((await stage.vibe("calm rainy sunday, soft piano", songs=8)).response)
    again = await stage.ada.slash(stage.channel, "again")
    assert not again.ephemeral
    second = card(again.response)
    assert "Calm Rainy Sunday" in second.text
    songs = [set(_titles(await stage.bot.services.playlists.view(shown.playlist_id))) for shown in (first, second)]
    assert not songs[0] & songs[1]
    child = await Playlist.get(second.playlist_id)
    assert child is not None
    assert str(child.parent_id) == first.playlist_id


def _titles(view: Any) -> list[str]:
    return [song.title for song in view.songs]


async def test_here_is_the_channel_and_else_the_server(stage: Any, card: Any) -> None:
    other = stage.guild.create_text_channel("other")
    await stage.vibe("calm piano")
    await stage.ada.slash(other, "vibe", text="happy party")
    assert "Calm Piano" in card((await stage.ada.slash(stage.channel, "again")).response).text
    third = stage.guild.create_text_channel("third")
    assert "Calm Piano" in card((await stage.ada.slash(third, "again")).response).text


async def test_again_is_about_ones_own(stage: Any, card: Any) -> None:
    await stage.vibe("calm piano")
    told = await stage.bo.slash(stage.channel, "again")
    assert told.ephemeral
    assert "You have no playlist here yet" in card(told.response).text
    told = await stage.ada.user.slash("again")
    assert "You have no playlist here yet" in card(told.response).text


async def test_what_only_one_saw_stays_so_unless_they_say_otherwise(stage: Any) -> None:
    await stage.vibe("calm piano", only_me=True)
    assert (await stage.ada.slash(stage.channel, "again")).ephemeral
    assert not (await stage.ada.slash(stage.channel, "again", only_me=False)).ephemeral
    assert (await stage.ada.slash(stage.channel, "again", only_me=True)).ephemeral


# /history


async def test_an_empty_history_says_so(stage: Any, card: Any) -> None:
    shown = await stage.ada.slash(stage.channel, "history")
    assert shown.ephemeral
    assert "You have none yet" in card(shown.response).text


async def test_ones_own_playlists_are_listed_by_pages_and_nobody_elses(stage: Any, card: Any) -> None:
    texts = ["calm", "happy", "sad", "party", "focus", "jazz", "rock"]
    for text in texts:
        await stage.vibe(text, songs=3)
    await stage.bo.slash(stage.channel, "vibe", text="techno")
    listed = await opened(stage)
    shown = card(listed)
    assert "7 playlists · page 1 of 2" in shown.text
    assert [option["label"] for option in shown.menu["options"]] == ["Rock", "Jazz", "Focus", "Party", "Sad"]
    assert "3 songs" in shown.text
    turned = await stage.ada.click(listed, label="Next")
    assert [option["label"] for option in card(turned.response or listed).menu["options"]] == ["Happy", "Calm"]
    back = await stage.ada.click(turned.response or listed, label="Back")
    assert "page 1 of 2" in card(back.response or listed).text
    assert "Techno" in card(await opened(stage, stage.bo)).text


async def test_it_works_in_a_direct_message(stage: Any, card: Any) -> None:
    await stage.vibe("calm piano")
    assert "Calm Piano" in card((await stage.ada.user.slash("history")).response).text


async def test_one_is_opened_again_with_all_its_buttons(stage: Any, card: Any) -> None:
    posted = card((await stage.vibe("calm piano")).response)
    past = await chosen(stage, posted.playlist_id)
    assert "Go to its card" in card(past).text
    reopened = await stage.ada.click(past, label="Open")
    assert reopened.ephemeral
    shown = card(reopened.response)
    assert shown.playlist_id == posted.playlist_id
    assert {"Again", "Love it", "Why"} <= set(shown.labels)


async def test_one_is_run_again_in_the_channel(stage: Any, card: Any) -> None:
    posted = card((await stage.vibe("calm piano")).response)
    run = await stage.ada.click(await chosen(stage, posted.playlist_id), label="Run again")
    assert not run.ephemeral
    assert card(run.response).playlist_id != posted.playlist_id
    assert len(await stored(stage)) == 2


async def test_one_is_renamed_with_a_form_that_outlives_a_restart(stage: Any, card: Any) -> None:
    posted = card((await stage.vibe("calm piano")).response)
    past = await chosen(stage, posted.playlist_id)
    form = await stage.ada.click(past, label="Rename")
    await stage.env.restart_bot()
    done = await stage.ada.submit_modal(form, {"name": "  Sunday\n <@1> *mine*  "})
    assert "Renamed" in card(done.response or past).text
    assert "<@1>" not in card(done.response or past).text
    [playlist] = await stored(stage)
    assert playlist.name == "Sunday <@1> *mine*"
    await stage.ada.click(stage.channel.history()[0], label="Next")
    assert "Sunday" in card(stage.channel.history()[0]).text


@pytest.mark.parametrize("name", ["   ", "\u200b\u3164", "\u202e"])
async def test_an_empty_name_is_refused(stage: Any, card: Any, name: str) -> None:
    posted = card((await stage.vibe("calm piano")).response)
    form = await stage.ada.click(await chosen(stage, posted.playlist_id), label="Rename")
    refused = await stage.ada.submit_modal(form, {"name": name})
    told = refused.followups[0] if refused.followups else refused.response
    assert "A playlist needs a name" in card(told).text
    assert (await stored(stage))[0].name == "Calm Piano"


async def test_one_is_deleted_and_put_back(stage: Any, card: Any, events: Any) -> None:
    posted = (await stage.vibe("calm piano")).response
    past = await chosen(stage, card(posted).playlist_id)
    deleted = await stage.ada.click(past, label="Delete")
    assert "For a day you can put it back" in card(deleted.response or past).text
    assert await stored(stage) == []
    told = await stage.bo.click(posted, label="Love it")
    assert "no longer there" in card(told.response).text
    await stage.bo.react(posted.message, "❤️")
    assert await events() == []
    back = await stage.ada.click(deleted.response or past, label="Put it back")
    assert "It is back" in card(back.response or past).text
    assert len(await stored(stage)) == 1
    assert "I will remember" in card((await stage.bo.click(posted, label="Love it")).response).text


@pytest.mark.parametrize("action", ["open", "again", "rename", "delete", "restore"])
async def test_a_forged_press_reaches_nobody_elses(stage: Any, card: Any, action: Any) -> None:
    """Bo holds a card whose buttons carry the id of Ada's playlist."""
    posted = card((await stage.vibe("calm piano")).response)
    await stage.bo.slash(stage.channel, "vibe", text="happy")
    [own] = await stored(stage, stage.bo)
    listed = (await stage.bo.select(await opened(stage, stage.bo), [own.playlist_id])).response
    message = stage.env.backend.get_message(listed.channel_id, listed.id)
    _forge(message.components, own_ids.past(own.playlist_id, "open"), own_ids.past(posted.playlist_id, action))
    told = await stage.bo.click(listed, custom_id=own_ids.past(posted.playlist_id, action))
    words = card(told.followups[0] if told.followups else told.response).text
    assert "no longer there" in words
    assert (await stored(stage))[0].name == "Calm Piano"
    assert await Playlist.find(Playlist.deleted_at != None).count() == 0  # noqa: E711 - a query, not a comparison


def _forge(parts: Any, custom_id: str, other: str) -> None:
    for part in parts:
        if part.get("custom_id") == custom_id:
            part["custom_id"] = other
        _forge(part.get("components") or (), custom_id, other)


async def test_a_hostile_name_does_nothing(stage: Any, card: Any) -> None:
    await stage.vibe("calm piano")
    await Playlist.get_motor_collection().update_one({}, {"$set": {"name": "@everyone [x](https://evil.example)" * 9}})
    shown = card(await opened(stage)).text
    assert "@everyone" not in shown
    assert "https://" not in shown


async def test_a_playlist_whose_words_are_gone_is_still_shown(stage: Any, card: Any) -> None:
    posted = (await stage.vibe("calm piano")).response
    await Playlist.get_motor_collection().update_one({}, {"$set": {"name": "", "description": ""}})
    assert "A playlist" in card(await opened(stage)).text
    await stage.ada.click(posted, label="Next")
    assert "A playlist" in card(stage.channel.history()[0]).text
