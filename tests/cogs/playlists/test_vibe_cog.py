"""/vibe, as members meet it: the answer, the card where little is allowed, and every way it can fail."""

from __future__ import annotations

import logging
from typing import Any

import discord
import pytest

from bot.catalogue.index import Catalogue
from bot.documents import GenerationSession, MoodQuery, Playlist
from bot.services.values import PlaylistView, Requester
from tests.cogs.staging import RECORDS, keeping_time, open_stage

HOSTILE = "calm @everyone <@1> <@&2> [x](https://evil.example) **b** `c` ||s|| \u202eabc"


def requests(stage: Any, method: str, ending: str) -> list[Any]:
    return [entry for entry in stage.env.http_requests if entry.method == method and entry.path.endswith(ending)]


async def test_the_answer_is_the_playlist(stage: Any, card: Any) -> None:
    result = await stage.vibe(songs=12)
    shown = card(result.response)
    assert not result.ephemeral
    assert "12 songs" in shown.text
    assert "I heard" in shown.text
    assert "Songs 1–10 of 12" in shown.text
    assert "Energy" in shown.text
    assert "invented" in shown.text
    assert {"Again", "More energy", "Calmer", "Brighter", "Darker", "Love it", "Not it", "Why"} <= set(shown.labels)
    assert shown.pictures[0]["media"]["url"].endswith("energy.png")
    assert shown.pictures[0]["description"]


async def test_the_first_answer_is_a_card_that_says_what_is_going_on(stage: Any) -> None:
    await stage.vibe("calm piano")
    (first,) = requests(stage, "POST", "/callback")
    assert first.json["type"] == 4
    assert "Listening to: calm piano" in str(first.json["data"]["components"])


async def test_the_card_is_tied_to_its_message(stage: Any, card: Any) -> None:
    result = await stage.vibe()
    playlist = await Playlist.of_message(str(result.response.id))
    assert playlist is not None
    assert str(playlist.id) == card(result.response).playlist_id


async def test_feedback_reactions_follow_a_public_card(stage: Any) -> None:
    result = await stage.vibe()
    assert [reaction.emoji for reaction in result.response.message.reactions] == ["👍", "👎", "❤️", "⏭️"]


async def test_only_me_is_seen_by_nobody_else(stage: Any, card: Any) -> None:
    result = await stage.vibe(only_me=True)
    assert result.ephemeral
    assert "I heard" in card(result.response).text
    assert stage.channel.history(viewer=stage.bo) == []
    assert not requests(stage, "PUT", "/@me")


async def test_minutes_are_kept(stage: Any) -> None:
    await stage.vibe("calm", minutes=45)
    playlist = await Playlist.find_one()
    assert playlist is not None
    view: PlaylistView = await stage.bot.services.playlists.view(str(playlist.id))
    assert 44 * 60_000 <= view.duration_ms <= 46 * 60_000


async def test_where_nothing_is_allowed_the_card_is_simpler_and_complete(stage: Any, card: Any) -> None:
    channel = stage.closed_channel("bare", attach_files=False, embed_links=False, add_reactions=False)
    result = await stage.ada.slash(channel, "vibe", text="calm piano")
    shown = card(result.response)
    assert shown.pictures == []
    assert "https://" not in shown.text
    assert "Energy" in shown.text
    assert "The buttons below do the same" in shown.text
    assert result.response.message.reactions == []
    assert "Love it" in shown.labels


async def test_it_works_in_a_thread(stage: Any, card: Any) -> None:
    with stage.env.time_context():
        thread = await stage.bot.get_channel(stage.channel.id).create_thread(
            name="late night", type=discord.ChannelType.public_thread
        )
    await stage.env.settle()
    handle = next(handle for handle in stage.channel.threads if handle.id == thread.id)
    result = await stage.ada.slash(handle, "vibe", text="calm piano")
    assert "I heard" in card(result.response).text
    assert len(result.response.message.reactions) == 4
    assert await Playlist.of_message(str(result.response.id)) is not None


async def test_it_works_in_a_direct_message(stage: Any, card: Any) -> None:
    result = await stage.ada.user.slash("vibe", text="calm piano")
    assert "I heard" in card(result.response).text
    playlist = await Playlist.of_message(str(result.response.id))
    assert playlist is not None


async def test_hostile_words_ping_nobody(stage: Any, card: Any) -> None:
    result = await stage.vibe(HOSTILE)
    shown = card(result.response)
    assert "@everyone" not in shown.text
    assert "<@" not in shown.text
    assert "](https://evil" not in shown.text
    assert result.response.message.mentions == []
    bodies = [entry.json.get("data") or entry.json for entry in stage.env.http_requests if isinstance(entry.json, dict)]
    assert [body["allowed_mentions"]["parse"] for body in bodies if "components" in body] == [[], []]


@pytest.mark.parametrize(
    ("text", "words"),
    [("   ", "There were no words"), ("\u200b\u3164", "There were no words"), ("x" * 501, "501 characters")],
)
async def test_what_cannot_be_a_request_is_told_to_the_asker_alone(
    stage: Any, card: Any, text: str, words: str
) -> None:
    result = await stage.vibe(text)
    assert result.ephemeral
    assert words in card(result.response).text
    assert stage.channel.history() == []
    assert await MoodQuery.count() == 0


async def test_words_without_a_vibe_are_told_to_the_asker_alone(stage: Any, card: Any) -> None:
    result = await stage.vibe("flurbish zzyx")
    (told,) = result.followups
    assert told.ephemeral
    assert "I did not hear a vibe" in card(told).text
    assert "`flurbish`" in card(told).text
    assert result.response is None
    session = await GenerationSession.find_one()
    assert session is not None
    assert session.status == "failed"
    assert session.error


async def test_a_working_card_that_cannot_be_taken_away_stays(stage: Any, card: Any) -> None:
    stage.env.inject_error("DELETE", "/webhooks/*/messages/@original", status=404, code=10008)
    (told,) = (await stage.vibe("flurbish zzyx")).followups
    assert "I did not hear a vibe" in card(told).text


async def test_a_suggestion_can_be_pressed(stage: Any, card: Any) -> None:
    (told,) = (await stage.vibe("flurbish zzyx")).followups
    suggestion = card(told).labels[0]
    played = await stage.ada.click(told, label=suggestion)
    assert not played.ephemeral
    assert "I heard" in card(played.response).text


async def test_wishes_that_exclude_each_other_are_told(stage: Any, card: Any) -> None:
    (told,) = (await stage.vibe("happy songs of the 1920s")).followups
    assert told.ephemeral
    assert "No song meets all of these wishes" in card(told).text


async def test_a_private_failure_takes_the_place_of_the_working_card(stage: Any, card: Any) -> None:
    result = await stage.vibe("flurbish zzyx", only_me=True)
    assert result.ephemeral
    assert "I did not hear a vibe" in card(result.response).text
    assert result.followups == []


async def test_an_empty_catalogue_is_told(database: Any, make_bot: Any, card: Any) -> None:
    async for stage in open_stage(make_bot(Catalogue.from_records(()))):
        (told,) = (await stage.vibe()).followups
        assert "no songs here yet" in card(told).text


async def test_a_database_that_is_down_is_told(stoppable_mongod: Any, make_bot: Any, card: Any) -> None:
    async for stage in open_stage(make_bot(Catalogue.from_records(RECORDS))):
        stoppable_mongod.freeze()
        async with keeping_time(stage.env):
            (told,) = (await stage.vibe()).followups
        assert told.ephemeral
        assert "cannot reach my memory" in card(told).text
        assert stage.channel.history() == []


async def test_a_refused_picture_leaves_the_card(stage: Any, card: Any) -> None:
    stage.env.inject_error("PATCH", "/webhooks/*/messages/@original", status=400, code=40005)
    shown = card((await stage.vibe()).response)
    assert shown.pictures == []
    assert "I heard" in shown.text


async def test_a_refused_card_leaves_the_simplest_one(stage: Any, card: Any) -> None:
    stage.env.inject_error("PATCH", "/webhooks/*/messages/@original", status=400, code=50035, times=2)
    shown = card((await stage.vibe()).response)
    assert "I heard" not in shown.text
    assert "`1`" in shown.text.replace("` 1`", "`1`")


async def test_a_card_that_discord_does_not_take_at_all_is_told_and_kept(stage: Any, card: Any) -> None:
    stage.env.inject_error("PATCH", "/webhooks/*/messages/@original", status=400, code=50035, times=None)
    (told,) = (await stage.vibe()).followups
    assert "Discord did not take my answer" in card(told).text
    assert "The playlist itself is kept" in card(told).text
    assert await Playlist.count() == 1


async def test_a_working_card_that_was_deleted_is_posted_anew(stage: Any, card: Any) -> None:
    stage.env.inject_error("PATCH", "/webhooks/*/messages/@original", status=404, code=10008)
    result = await stage.vibe()
    (posted,) = result.followups
    assert "I heard" in card(posted).text
    assert card(posted).pictures
    assert await Playlist.of_message(str(posted.id)) is not None


async def test_a_channel_that_is_gone_is_for_the_log(stage: Any, caplog: pytest.LogCaptureFixture) -> None:
    stage.env.inject_error("*", "/webhooks/*", status=404, code=10003, times=None)
    with caplog.at_level(logging.WARNING):
        result = await stage.vibe()
    assert result.followups == []
    assert any("could not be told" in entry.getMessage() for entry in caplog.records)


async def test_an_answer_that_comes_too_late_is_left_alone(stage: Any, caplog: pytest.LogCaptureFixture) -> None:
    stage.env.inject_error("POST", "/interactions/*/callback", status=404, code=10062)
    with caplog.at_level(logging.INFO):
        result = await stage.vibe()
    assert not result.acknowledged
    assert await MoodQuery.count() == 0
    assert any("too late" in entry.getMessage() for entry in caplog.records)


async def test_an_answer_whose_receipt_was_lost_counts(stage: Any, card: Any) -> None:
    stage.env.inject_error("POST", "/interactions/*/callback", status=400, code=40060)
    result = await stage.vibe()
    assert await Playlist.count() == 1
    assert "could" not in str(result)


@pytest.mark.parametrize(("status", "code"), [(403, 50013), (404, 10008), (400, 10014), (403, 90001), (400, 30010)])
async def test_a_refused_reaction_is_for_the_log_and_the_card_stands(
    stage: Any, card: Any, caplog: pytest.LogCaptureFixture, status: int, code: int
) -> None:
    stage.env.inject_error("PUT", "/channels/*/messages/*/reactions/*", status=status, code=code, times=None)
    with caplog.at_level(logging.WARNING):
        result = await stage.vibe()
    assert "I heard" in card(result.response).text
    assert result.followups == []
    assert any("reaction" in entry.getMessage() for entry in caplog.records)


async def test_our_own_bug_has_a_report_and_no_traceback(
    stage: Any, card: Any, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("secret of the machine")

    monkeypatch.setattr(stage.bot.services.playlists, "create", broken)
    with caplog.at_level(logging.ERROR):
        (told,) = (await stage.vibe()).followups
    words = card(told).text
    report = words.rpartition("Report ")[2]
    assert "my fault" in words
    assert "secret" not in words
    assert any(report in entry.getMessage() and entry.exc_info for entry in caplog.records)


async def test_slow_requests_show_their_stages(stage: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.client.publishing.card_poster.EDIT_SECONDS", 0.0)
    await stage.vibe()
    edits = [str(entry.json) for entry in requests(stage, "PATCH", "/messages/@original")]
    assert ["Choosing songs" in edit for edit in edits[:-1]] == [True, False]
    assert "Writing it down" in edits[1]


async def test_quick_requests_are_edited_once(stage: Any) -> None:
    await stage.vibe()
    assert len(requests(stage, "PATCH", "/messages/@original")) == 1


async def test_the_limits_of_the_options_are_discords_to_keep(stage: Any) -> None:
    (command,) = (command for command in stage.bot.tree.get_commands() if command.name == "vibe")
    options = {option["name"]: option for option in command.to_dict(stage.bot.tree)["options"]}
    assert (options["songs"]["min_value"], options["songs"]["max_value"]) == (1, 100)
    assert (options["minutes"]["min_value"], options["minutes"]["max_value"]) == (1, 300)
    assert [name for name, option in options.items() if option["required"]] == ["text"]


async def test_the_asker_is_known_by_id_and_name(stage: Any) -> None:
    asked: list[Requester] = []
    create = stage.bot.services.playlists.create

    async def listening(request: Any, **more: Any) -> Any:
        asked.append(request.requester)
        return await create(request, **more)

    stage.bot.get_cog("VibeCog")._playlists.create = listening
    await stage.vibe()
    (requester,) = asked
    assert requester == Requester(
        user_id=str(stage.ada.id),
        display_name="Ada",
        guild_id=str(stage.guild.id),
        channel_id=str(stage.channel.id),
    )
