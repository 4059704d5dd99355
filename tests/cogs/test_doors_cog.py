"""The other doors: members say it where they are, and get the same playlist as with /vibe."""

from __future__ import annotations

import logging
from typing import Any

import discord
import pytest

from bot.catalogue.index import Catalogue
from bot.documents import Limit, MoodQuery, Playlist, User
from bot.documents import PostedCard as StoredCard
from tests.cogs.doors import HOSTILE, answers, called
from tests.cogs.staging import keeping_time, open_stage


async def test_a_mention_is_answered_with_a_playlist(stage: Any, card: Any, events: Any) -> None:
    asked = await stage.ada.send(stage.channel, called(stage, "rainy sunday, soft piano, 8 songs"))
    [answer] = answers(stage)
    shown = card(answer)
    assert "I heard" in shown.text
    assert "8 songs" in shown.text
    assert shown.pictures
    assert answer.reference is not None
    assert answer.reference.message_id == asked.id
    assert [reaction.emoji for reaction in answer.reactions] == ["👍", "👎", "❤️", "⏭️"]
    [query] = await MoodQuery.find().to_list()
    assert query.raw_text == "rainy sunday, soft piano, 8 songs"
    assert query.user_id == User.id_of(str(stage.ada.id))
    assert query.guild_id == str(stage.guild.id)
    playlist = await Playlist.of_message(str(answer.id))
    assert playlist is not None
    assert str(playlist.id) == shown.playlist_id
    # It is a card like any other.
    await stage.bo.react(answer, "❤️")
    await stage.bo.click(answer, label="More energy")
    assert sorted(event["event"] for event in await events()) == ["love", "more"]


@pytest.mark.parametrize("words", ["<@{me}> calm", "calm <@{me}>", "calm <@!{me}> please", "hey <@{me}>: calm!"])
async def test_the_mention_may_stand_anywhere(stage: Any, card: Any, words: str) -> None:
    await stage.ada.send(stage.channel, words.replace("{me}", str(stage.bot.user.id)))
    [answer] = answers(stage)
    assert "I heard" in card(answer).text
    [query] = await MoodQuery.find().to_list()
    assert "<@" not in query.raw_text


async def test_an_empty_mention_gives_help_that_can_be_pressed(stage: Any, card: Any) -> None:
    await stage.ada.send(stage.channel, called(stage, "  "))
    [helped] = answers(stage)
    assert "Tell me how the music should feel" in card(helped).text
    assert await MoodQuery.count() == await User.count() == 0
    played = await stage.ada.click(helped, label=card(helped).labels[0])
    assert "I heard" in card(played.response).text


async def test_talk_without_the_bot_is_never_read(stage: Any) -> None:
    await stage.ada.send(stage.channel, "calm rainy sunday")
    await stage.ada.send(stage.channel, f"<@{stage.bo.id}> calm piano?")
    await stage.ada.send(stage.channel, "@Vibrato calm")
    assert answers(stage) == []
    assert await MoodQuery.count() == await Limit.count() == 0


async def test_a_mere_reply_to_a_card_is_no_request(stage: Any) -> None:
    card = (await stage.vibe("calm piano")).response.message
    await stage.bo.send(stage.channel, "so sad, thanks!", reply_to=card)
    assert len(answers(stage)) == 1
    assert await MoodQuery.count() == 1


async def test_bots_and_webhooks_are_ignored(stage: Any) -> None:
    robot = stage.guild.add_member(stage.env.create_user("robot", bot=True))
    await robot.send(stage.channel, called(stage, "calm piano"))
    hook = stage.guild.create_webhook(stage.channel)
    await hook.send(called(stage, "calm piano"))
    await robot.user.send_dm("calm piano")
    assert answers(stage) == []
    assert await MoodQuery.count() == 0


async def test_hostile_words_in_a_mention_do_nothing(stage: Any, card: Any) -> None:
    await stage.ada.send(stage.channel, called(stage, HOSTILE))
    [answer] = answers(stage)
    shown = card(answer).text
    assert "@everyone" not in shown
    assert "@here" not in shown
    assert "<@" not in shown
    assert "evil" not in shown
    assert answer.mentions == []
    assert not answer.mention_everyone
    bodies = [entry.json for entry in stage.env.http_requests if isinstance(entry.json, dict)]
    assert [body["allowed_mentions"]["parse"] for body in bodies if body.get("components")] == [[], []]


async def test_words_that_make_no_request_are_answered_once(stage: Any, card: Any) -> None:
    await stage.ada.send(stage.channel, called(stage, "flurbish zzyx"))
    await stage.ada.send(stage.channel, called(stage, "calm " * 120))
    told = [card(message).text for message in answers(stage)]
    assert len(told) == 2
    assert any("I did not hear a vibe" in words for words in told)
    assert any("I read up to 500" in words for words in told)
    assert await Playlist.count() == 0


async def test_where_little_is_allowed_the_answer_is_simpler(stage: Any, card: Any) -> None:
    bare = stage.closed_channel(
        "bare", attach_files=False, embed_links=False, add_reactions=False, read_message_history=False
    )
    await stage.ada.send(bare, called(stage, "calm piano"))
    [answer] = answers(stage, bare)
    assert answer.reference is None
    shown = card(answer)
    assert shown.pictures == []
    assert "The buttons below do the same" in shown.text
    mute = stage.closed_channel("mute", send_messages=False)
    await stage.ada.send(mute, called(stage, "calm piano"))
    assert answers(stage, mute) == []
    assert await Playlist.count() == 1


async def test_it_works_in_a_thread(stage: Any, card: Any) -> None:
    with stage.env.time_context():
        thread = await stage.bot.get_channel(stage.channel.id).create_thread(
            name="late night", type=discord.ChannelType.public_thread
        )
    await stage.env.settle()
    handle = next(handle for handle in stage.channel.threads if handle.id == thread.id)
    await stage.ada.send(handle, called(stage, "calm piano"))
    [answer] = [message for message in answers(stage, handle) if message.components]
    assert "I heard" in card(answer).text


async def test_a_server_with_rooms_for_vibes_is_obeyed(stage: Any, card: Any) -> None:
    other = stage.guild.create_text_channel("vibes-only")
    await stage.bot.services.settings.set_channels(str(stage.guild.id), [str(other.id)])
    await stage.ada.send(stage.channel, called(stage, "calm piano"))
    [told] = answers(stage)
    assert f"<#{other.id}>" in card(told).text
    assert await Playlist.count() == 0
    await stage.ada.send(other, called(stage, "calm piano"))
    assert await Playlist.count() == 1


async def test_a_message_that_comes_twice_is_one_playlist(stage: Any) -> None:
    message = await stage.ada.send(stage.channel, called(stage, "calm piano"))
    payload = {
        "id": str(message.id),
        "channel_id": str(stage.channel.id),
        "guild_id": str(stage.guild.id),
        "author": {"id": str(stage.ada.id), "username": "ada", "discriminator": "0", "avatar": None},
        "content": called(stage, "calm piano"),
        "timestamp": "2026-01-01T00:00:00+00:00",
        "edited_timestamp": None,
        "tts": False,
        "mention_everyone": False,
        "mentions": [],
        "mention_roles": [],
        "attachments": [],
        "embeds": [],
        "pinned": False,
        "type": 0,
    }
    stage.env.backend.emit("MESSAGE_CREATE", payload)
    await stage.env.settle()
    assert await Playlist.count() == 1
    assert len(answers(stage)) == 1


async def test_a_refused_picture_leaves_the_answer(stage: Any, card: Any) -> None:
    stage.env.inject_error("PATCH", "/channels/*/messages/*", status=400, code=40005)
    await stage.ada.send(stage.channel, called(stage, "calm piano"))
    [answer] = answers(stage)
    assert card(answer).pictures == []
    assert "I heard" in card(answer).text


async def test_a_working_card_that_was_deleted_is_posted_anew(stage: Any, card: Any) -> None:
    stage.env.inject_error("PATCH", "/channels/*/messages/*", status=404, code=10008)
    await stage.ada.send(stage.channel, called(stage, "calm piano"))
    playlist = await Playlist.find_one()
    assert playlist is not None
    assert playlist.discord is not None
    assert await StoredCard.get(playlist.discord.message_id) is not None


async def test_a_channel_that_takes_nothing_is_for_the_log(stage: Any, caplog: pytest.LogCaptureFixture) -> None:
    stage.env.inject_error("POST", "/channels/*/messages", status=403, code=50013, times=None)
    with caplog.at_level(logging.WARNING):
        await stage.ada.send(stage.channel, called(stage, "calm piano"))
    assert answers(stage) == []
    assert any("could not be told" in entry.getMessage() for entry in caplog.records)


async def test_our_own_bug_has_a_report(
    stage: Any, card: Any, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("secret of the machine")

    monkeypatch.setattr(stage.bot.services.playlists, "create", broken)
    with caplog.at_level(logging.ERROR):
        await stage.ada.send(stage.channel, called(stage, "calm piano"))
    [told] = answers(stage)
    assert "my fault" in card(told).text
    assert "secret" not in card(told).text


async def test_a_direct_message_needs_no_mention(stage: Any, card: Any) -> None:
    await stage.ada.user.send_dm("calm piano, 5 songs")
    [answer] = answers(stage, stage.ada.user.dm_channel)
    assert "5 songs" in card(answer).text
    [query] = await MoodQuery.find().to_list()
    assert (query.raw_text, query.guild_id) == ("calm piano, 5 songs", None)
    pressed = await stage.ada.user.click(answer, label="Again")
    assert "I heard" in card(pressed.response).text


async def test_an_empty_direct_message_gives_help(stage: Any, card: Any) -> None:
    await stage.ada.user.send_dm(f"<@{stage.bot.user.id}>")
    [helped] = answers(stage, stage.ada.user.dm_channel)
    assert "Write to me here" in card(helped).text


async def test_a_database_that_is_down_is_told(stoppable_mongod: Any, make_bot: Any, card: Any) -> None:
    async for stage in open_stage(make_bot(Catalogue.from_records(()))):
        stoppable_mongod.freeze()
        async with keeping_time(stage.env):
            await stage.ada.send(stage.channel, called(stage, "calm piano"))
        [told] = answers(stage)
        assert "cannot reach my memory" in card(told).text
        stoppable_mongod.thaw()
