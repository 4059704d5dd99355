"""The story of a scheduled vibe: a moderator makes it, looks after it, and takes it away."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.documents import GuildSettings, Playlist, Schedule
from bot.documents.schedule import LastRun
from tests.cogs.staging import Stage
from tests.cogs.timekeeping import FRIDAY, allow, the_schedule


async def test_from_the_command_to_a_post(stage: Stage, mo: Any, tick: Any, card: Any) -> None:
    await GuildSettings.change(str(stage.guild.id), {"$set": {"timeZone": "Europe/Berlin"}})
    added = await mo.slash(stage.channel, "schedule add", **FRIDAY)
    assert added.ephemeral
    schedule = await the_schedule()
    assert schedule.next_at is not None
    local = schedule.next_at.astimezone(ZoneInfo("Europe/Berlin"))
    assert (local.weekday(), local.hour, local.minute) == (4, 18, 0)
    shown = card(added.response)
    assert f"I will post this in <#{stage.channel.id}>" in shown.text
    assert "every Friday at 18:00 · Europe/Berlin" in shown.text
    assert f"<t:{int(schedule.next_at.timestamp())}:F>" in shown.text
    assert shown.labels == ["Pause", "Post now", "Remove"]
    assert "By the clock of UTC" not in shown.text
    assert stage.channel.history() == []
    assert await tick() == "1 posted"
    (message,) = stage.channel.history()
    assert "Scheduled by this server: every Friday at 18:00" in card(message).text
    assert len(message.reactions) == 4
    assert await Playlist.of_message(str(message.id)) is not None
    later = await the_schedule()
    assert later.next_at == schedule.next_at + timedelta(days=7)
    assert later.last is not None
    assert (later.last.outcome, later.last.message_id) == ("posted", str(message.id))
    listed = await mo.slash(stage.channel, "schedule list")
    assert "Last posted" in card(listed.response).text


async def test_pause_go_on_remove_and_undo(stage: Stage, mo: Any, card: Any) -> None:
    added = await mo.slash(stage.channel, "schedule add", **FRIDAY)
    assert "By the clock of UTC: set the server's time zone" in card(added.response).text
    paused = await mo.click(added.response, label="Pause")
    assert "Paused" in card(paused.response).text
    assert (await the_schedule()).next_at is None
    going = await mo.click(paused.response, label="Go on")
    assert "Next <t:" in card(going.response).text
    asked = await mo.click(going.response, label="Remove")
    assert "Remove the scheduled vibe" in card(asked.response).text
    kept = await mo.click(asked.response, label="Keep it")
    assert "happy 80s" in card(kept.response).text
    asked = await mo.click(kept.response, label="Remove")
    removed = await mo.click(asked.response, label="Remove it")
    assert "Removed: “happy 80s”" in card(removed.response).text
    assert "There are none yet" in card((await mo.slash(stage.channel, "schedule list")).response).text
    undone = await mo.click(removed.response, label="Undo")
    assert "Next <t:" in card(undone.response).text


async def test_the_commands_do_the_same_with_what_autocomplete_offers(stage: Stage, mo: Any, card: Any) -> None:
    await mo.slash(stage.channel, "schedule add", **FRIDAY)
    (choice,) = await mo.autocomplete(stage.channel, "schedule pause", "schedule", "80s")
    assert choice["name"] == "#music · happy 80s · every Friday at 18:00"
    paused = await mo.slash(stage.channel, "schedule pause", schedule=choice["value"])
    assert "Paused" in card(paused.response).text
    going = await mo.slash(stage.channel, "schedule pause", schedule=choice["value"])
    assert "Next <t:" in card(going.response).text
    posted = await mo.slash(stage.channel, "schedule now", schedule=choice["value"])
    assert f"Posted in <#{stage.channel.id}>" in card(posted.response).text
    assert len(stage.channel.history(viewer=stage.bo)) == 1
    asked = await mo.slash(stage.channel, "schedule remove", schedule=choice["value"])
    assert card(asked.response).labels == ["Remove it", "Keep it"]


async def test_a_press_posts_now_and_the_times_stay(stage: Stage, mo: Any, card: Any) -> None:
    added = await mo.slash(stage.channel, "schedule add", **FRIDAY)
    before = (await the_schedule()).next_at
    posted = await mo.click(added.response, label="Post now")
    assert "Posted in" in card(posted.response).text
    assert (await the_schedule()).next_at == before
    assert len(stage.channel.history(viewer=stage.bo)) == 1


async def test_times_and_zones_are_offered_while_typing(stage: Stage, mo: Any) -> None:
    (understood,) = await mo.autocomplete(stage.channel, "schedule add", "when", "fridays at 6pm")
    assert (understood["name"], understood["value"]) == ("Every Friday at 18:00", "fridays at 6pm")
    assert len(await mo.autocomplete(stage.channel, "schedule add", "when", "fri")) > 3
    either = await mo.autocomplete(stage.channel, "schedule add", "when", "fridays at 6")
    assert [choice["name"] for choice in either] == ["Every Friday at 6:00", "Every Friday at 18:00"]
    assert len(await mo.autocomplete(stage.channel, "schedule add", "when", "fridays at 18:00")) == 1
    zones = await mo.autocomplete(stage.channel, "schedule add", "time_zone", "berl")
    assert zones[0]["value"] == "Europe/Berlin"


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"when": "fridays", "text": "calm"}, "not at what time"),
        ({"when": "every fryday 18:00", "text": "calm"}, "I do not know what `fryday` means"),
        ({"when": "daily 18:00", "text": "xqzzt wvvk"}, "I did not hear a vibe in that"),
        ({"when": "daily 18:00", "text": "calm", "mood": "chill"}, "either a text or one of the moods"),
        ({"when": "daily 18:00"}, "either a text or one of the moods"),
        ({"when": "daily 18:00", "mood": "no such"}, "That mood is no longer there"),
        ({"when": "daily 18:00", "text": "calm", "time_zone": "Atlantis"}, "Atlantis"),
        ({"when": "daily 18:00", "text": "a" * 501}, "I read up to 500"),
    ],
)
async def test_what_is_wrong_is_told_and_nothing_is_stored(
    stage: Stage, mo: Any, card: Any, options: dict[str, str], sentence: str
) -> None:
    told = await mo.slash(stage.channel, "schedule add", **options)
    assert told.ephemeral
    assert sentence in card(told.response).text
    assert await Schedule.count() == 0


async def test_a_channel_closed_to_the_bot_is_refused_at_once(stage: Stage, mo: Any, card: Any) -> None:
    channel = stage.closed_channel("closed", send_messages=False)
    told = await mo.slash(stage.channel, "schedule add", channel=channel, **FRIDAY)
    shown = card(told.response).text
    assert "I may not do that there" in shown
    assert f"I lack the permission **Send Messages** in <#{channel.id}>" in shown
    assert await Schedule.count() == 0


async def test_who_may_not_manage_the_server_is_refused_everywhere(stage: Stage, mo: Any, card: Any) -> None:
    with stage.env.time_context():
        commands = {command.name: command for command in await stage.bot.tree.fetch_commands()}
    stage.guild.set_command_permissions(commands["schedule"], {stage.ada: True})
    added = await mo.slash(stage.channel, "schedule add", **FRIDAY)
    key = str((await the_schedule()).id)
    for command, options in (
        ("add", FRIDAY),
        ("list", {}),
        ("pause", {"schedule": key}),
        ("now", {"schedule": key}),
        ("remove", {"schedule": key}),
    ):
        told = await stage.ada.slash(stage.channel, f"schedule {command}", **options)
        assert "That is not yours to do" in card(told.response).text
    assert await stage.ada.autocomplete(stage.channel, "schedule pause", "schedule", "") == []
    assert (await the_schedule()).state == "on"
    assert added.ephemeral


async def test_buttons_on_a_public_notice_are_checked_too(stage: Stage, mo: Any, tick: Any, card: Any) -> None:
    channel = stage.guild.create_text_channel("vibes")
    await mo.slash(stage.channel, "schedule add", channel=channel, **FRIDAY)
    stage.env.backend.edit_guild(stage.guild.id, {"system_channel_id": stage.channel.id})
    await allow(stage, channel, send_messages=False)
    await tick()
    (notice,) = stage.channel.history(viewer=stage.bo)
    refused = await stage.ada.click(notice, label="Go on")
    assert "That is not yours to do" in card(refused.response).text
    await allow(stage, channel, send_messages=True)
    going = await mo.click(notice, label="Go on")
    assert going.ephemeral
    assert "Next <t:" in card(going.response).text


async def test_another_servers_schedule_is_not_there(stage: Stage, mo: Any, card: Any) -> None:
    await mo.slash(stage.channel, "schedule add", **FRIDAY)
    await Schedule.get_motor_collection().update_many({}, {"$set": {"guildId": "12345"}})
    key = str((await the_schedule()).id)
    for command in ("pause", "now", "remove"):
        told = await mo.slash(stage.channel, f"schedule {command}", schedule=key)
        assert "That scheduled vibe is no longer there" in card(told.response).text
    told = await mo.slash(stage.channel, "schedule pause", schedule='{"$ne": null}')
    assert "no longer there" in card(told.response).text
    assert (await the_schedule()).state == "on"


async def test_a_long_list_has_pages_and_an_end(stage: Stage, mo: Any, card: Any) -> None:
    first = await mo.slash(stage.channel, "schedule add", when="daily 0:00", text="calm *piano* @everyone <#1> " * 15)
    raw = (await the_schedule()).to_raw()
    await Schedule.get_motor_collection().insert_many(
        [{**{key: raw[key] for key in raw if key != "_id"}, "rule": {**raw["rule"], "minute": n}} for n in range(1, 25)]
    )
    assert first.ephemeral
    listed = await mo.slash(stage.channel, "schedule list")
    turned = await mo.click(listed.response, label="Next")
    assert "every day at 0:05" in card(turned.response).text
    assert "@everyone" not in card(turned.response).text
    told = await mo.slash(stage.channel, "schedule add", **FRIDAY)
    assert "25" in card(told.response).text
    assert await Schedule.count() == 25


async def test_the_last_outcome_of_each_kind_has_words(stage: Stage, mo: Any, card: Any) -> None:
    await mo.slash(stage.channel, "schedule add", **FRIDAY)
    schedule = await the_schedule()
    assert schedule.id is not None
    for day, (reason, words) in enumerate(
        (("NothingFits", "no song meets"), ("OurBug", "something went wrong"), ("DiscordRefused", "did not take it"))
    ):
        slot = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=day)
        await Schedule.note(schedule.id, LastRun(slot=slot, outcome="failed", reason=reason))
        assert words in card((await mo.slash(stage.channel, "schedule list")).response).text
