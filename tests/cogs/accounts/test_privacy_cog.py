"""/privacy: a member sees what is kept, takes it with them, pauses learning, deletes everything."""

from __future__ import annotations

import io
import json
import logging
import zipfile
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.documents import DOCUMENTS, FeedbackEvent, GuildSettings, MoodQuery, Playlist, User
from bot.errors import DatabaseDown
from bot.services.privacy.service import LEFT_GUILDS_KEPT
from tests.cogs.staging import open_stage

OURS = {"moods", "modelregistries", "tracks", "limits"}
"""Collections in which something may stay when every member is gone."""


async def opened(stage: Any) -> Any:
    return (await stage.ada.slash(stage.channel, "privacy")).response


async def remaining() -> dict[str, int]:
    counts = {document.get_collection_name(): await document.count() for document in DOCUMENTS}
    return {name: count for name, count in counts.items() if count and name not in OURS}


async def test_it_says_what_is_kept_and_how_long_to_the_member_alone(stage: Any, card: Any) -> None:
    shown = await stage.ada.slash(stage.channel, "privacy")
    assert shown.ephemeral
    assert "nothing" in card(shown.response).text
    assert await remaining() == {}
    posted = (await stage.vibe("calm piano")).response
    await stage.ada.click(posted, label="Love it")
    words = card(await opened(stage)).text
    assert "**1** request, **1** playlist, **1** rating" in words
    assert "90 days" in words
    assert "Learning is on" in words


async def test_it_works_in_a_direct_message(stage: Any, card: Any) -> None:
    shown = await stage.ada.user.slash("privacy")
    assert "What I keep about you" in card(shown.response).text
    copy = await stage.ada.user.click(shown.response, label="Give me a copy")
    assert [attachment.filename for attachment in copy.response.attachments]


async def test_a_copy_is_handed_out_to_the_member_alone(stage: Any, card: Any) -> None:
    await stage.vibe("calm rainy sunday")
    copy = await stage.ada.click(await opened(stage), label="Give me a copy")
    assert copy.ephemeral
    [attachment] = copy.response.attachments
    assert attachment.filename.endswith(".zip")
    with stage.env.time_context(), zipfile.ZipFile(io.BytesIO(await attachment.read())) as archive:
        tables = json.loads(archive.read("vibrato.json"))
        assert {"README.txt", "requests.csv", "playlists.csv", "songs.csv"} <= set(archive.namelist())
    assert [request["rawText"] for request in tables["requests"]] == ["calm rainy sunday"]
    assert tables["profile"][0]["discordUserId"] == str(stage.ada.id)


async def test_where_files_are_not_allowed_the_copy_comes_as_a_direct_message(stage: Any, card: Any) -> None:
    channel = stage.closed_channel("bare", attach_files=False)
    shown = (await stage.ada.slash(channel, "privacy")).response
    told = await stage.ada.click(shown, label="Give me a copy")
    assert "direct message" in card(told.response).text
    [sent] = stage.ada.user.dm_channel.history()
    assert [attachment.filename[-4:] for attachment in sent.attachments] == [".zip"]
    stage.env.inject_error("POST", "/channels/*/messages", status=403, code=50007)
    told = await stage.ada.click(shown, label="Give me a copy")
    assert "I cannot hand you the file here" in card(told.response).text


async def test_deleting_everything_asks_first(stage: Any, card: Any) -> None:
    await stage.vibe("calm piano")
    shown = await opened(stage)
    asked = await stage.ada.click(shown, label="Delete everything")
    assert "no way back" in card(asked.response or shown).text
    kept = await stage.ada.click(asked.response or shown, label="Keep it")
    assert "Nothing was deleted" in card(kept.response or shown).text
    assert await Playlist.count() == 1


async def test_deleting_everything_leaves_nothing(stage: Any, card: Any) -> None:
    posted = (await stage.vibe("calm piano")).response
    await stage.ada.click(posted, label="Love it")
    await stage.ada.react(posted.message, "👍")
    await stage.ada.click(posted, label="More energy")
    shown = await opened(stage)
    asked = await stage.ada.click(shown, label="Delete everything")
    gone = await stage.ada.click(asked.response or shown, label="Yes, delete everything about me")
    words = card(gone.response or shown).text
    assert "Everything about you is deleted: 2 requests" in words
    assert "3 ratings" in words
    assert await remaining() == {}
    told = await stage.bo.click(posted, label="Again")
    assert "no longer there" in card(told.followups[0]).text
    # And who asks again starts anew.
    assert "I heard" in card((await stage.vibe("calm piano")).response).text


async def test_others_keep_what_is_theirs(stage: Any, card: Any) -> None:
    posted = (await stage.vibe("calm piano")).response
    theirs = await stage.bo.click(posted, label="Darker")
    shown = await opened(stage)
    asked = await stage.ada.click(shown, label="Delete everything")
    await stage.ada.click(asked.response or shown, label="Yes, delete everything about me")
    [playlist] = await Playlist.find().to_list()
    assert (playlist.user_id, playlist.name) == (User.id_of(str(stage.bo.id)), "")
    why = await stage.bo.click(theirs.response, label="Why")
    assert "▰" in card(why.response).text
    assert "Calm Piano" not in card(why.response).text


@pytest.mark.parametrize("stage_of_request", ["listening", "choosing", "keeping", "publish"])
async def test_a_request_under_way_leaves_nothing_behind(
    stage: Any, card: Any, monkeypatch: pytest.MonkeyPatch, stage_of_request: str
) -> None:
    """Ada has everything deleted at each stage of a request of hers."""
    from bot.client.publishing.card_poster import CardPoster
    from bot.services.values import Requester

    ada = Requester(user_id=str(stage.ada.id), display_name="Ada", guild_id=None, channel_id="1")
    progress, publish = CardPoster.progress, CardPoster.publish

    async def progressing(self: Any, at: Any) -> None:
        if at == stage_of_request:
            await stage.bot.services.privacy.erase(ada)
        await progress(self, at)

    async def publishing(self: Any, *card: Any) -> Any:
        posted = await publish(self, *card)
        if stage_of_request == "publish":
            await stage.bot.services.privacy.erase(ada)
        return posted

    monkeypatch.setattr(CardPoster, "progress", progressing)
    monkeypatch.setattr(CardPoster, "publish", publishing)
    result = await stage.vibe("calm piano")
    assert await remaining() == {}
    if stage_of_request != "publish":
        assert "Your data is being deleted" in card(result.followups[0]).text
    monkeypatch.undo()
    assert "I heard" in card((await stage.vibe("calm piano")).response).text


async def test_a_database_that_goes_away_in_the_middle_is_told(
    stage: Any, card: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def broken(_: object) -> None:
        raise DatabaseDown(cause="gone")

    shown = await opened(stage)
    asked = await stage.ada.click(shown, label="Delete everything")
    monkeypatch.setattr(stage.bot.services.privacy, "erase", broken)
    with caplog.at_level(logging.WARNING):
        told = await stage.ada.click(asked.response or shown, label="Yes, delete everything about me")
    assert "Not everything is deleted yet" in card(told.response or shown).text


async def test_learning_is_paused_and_resumed(stage: Any, card: Any) -> None:
    posted = (await stage.vibe("calm piano")).response
    shown = await opened(stage)
    paused = await stage.ada.click(shown, label="Pause learning")
    assert "Learning is paused" in card(paused.response or shown).text
    await stage.ada.click(posted, label="Love it")
    resumed = await stage.ada.click(paused.response or shown, label="Resume learning")
    assert "Learning is on" in card(resumed.response or shown).text
    await stage.ada.click(posted, label="Not it")
    marks = [event.context_json.get("learning") for event in await FeedbackEvent.find().sort("createdAt").to_list()]
    assert marks == [False, None]


async def test_a_server_that_the_bot_leaves_is_forgotten_and_one_that_takes_it_back_is_not(stage: Any) -> None:
    await stage.vibe("calm piano")
    guild_id = str(stage.guild.id)
    stage.env.backend.emit("GUILD_DELETE", {"id": guild_id, "unavailable": True})
    await stage.env.settle()
    assert await GuildSettings.count() == 0
    stage.env.backend.emit("GUILD_DELETE", {"id": guild_id})
    await stage.env.settle()
    settings = await GuildSettings.of_guild(guild_id)
    assert settings.left_at is not None
    assert abs(settings.left_at - datetime.now(UTC)) < timedelta(minutes=1)
    assert (
        await stage.bot.services.privacy.forget_left_guilds(datetime.now(UTC) + LEFT_GUILDS_KEPT + timedelta(days=1))
        == 1
    )
    [query] = await MoodQuery.find().to_list()
    assert query.guild_id is None


async def test_what_was_left_while_we_were_away_is_noted_at_the_start(stock: Any, make_bot: Any) -> None:
    await GuildSettings.of("4242").save()
    async for _ in open_stage(make_bot(stock)):
        assert (await GuildSettings.of_guild("4242")).left_at is not None
