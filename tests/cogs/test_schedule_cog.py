"""The story of a scheduled vibe: a moderator makes it, it comes by itself, and stops by itself when it cannot."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import Any
from zoneinfo import ZoneInfo

import discord
import pytest
from simcord.backend.models import Overwrite
from simcord.enums import OverwriteType

from bot.documents import FeedbackEvent, GuildSettings, JobRun, Mood, Playlist, Schedule
from bot.documents.schedule import LastRun
from bot.services.ledger import Ledger, Turn, TurnLost
from bot.services.schedule_posts import GRACE, POSTS
from tests.cogs.staging import Stage

FRIDAY = {"when": "every friday 18:00", "text": "happy 80s"}


@pytest.fixture
def mo(stage: Stage) -> Any:
    """A moderator."""
    role = stage.guild.create_role("Moderator", permissions=discord.Permissions(manage_guild=True))
    return stage.guild.add_member(stage.env.create_user("mo", global_name="Mo"), roles=[role])


@pytest.fixture
def tick(stage: Stage) -> Callable[..., Awaitable[str]]:
    """Lets the clock come to the time of the schedule that is next, or a while later; what the ledger says of it."""

    async def until(later: timedelta = timedelta(0), slot: datetime | None = None) -> str:
        if slot is None:
            raw = await Schedule.get_motor_collection().find_one({"nextAt": {"$gt": datetime(2000, 1, 1)}})
            assert raw is not None
            slot = raw["nextAt"]
        with stage.env.time_context():
            await Ledger().once("post-vibes", slot + later, stage.bot.schedules._poster.post_due)
        run = await JobRun.latest("post-vibes")
        assert run is not None
        return run.note or ""

    return until


async def the_schedule() -> Schedule:
    (schedule,) = await Schedule.find_all().to_list()
    return schedule


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


async def test_the_card_that_came_by_itself_works_as_any_other(stage: Stage, mo: Any, tick: Any, events: Any) -> None:
    await mo.slash(stage.channel, "schedule add", when="daily 9:30", mood="chill")
    await tick()
    (message,) = stage.channel.history()
    await stage.bo.react(message, "❤️")
    again = await stage.bo.click(message, label="Again")
    assert not again.ephemeral
    assert [event["event"] for event in await events()] == ["love", "again"]
    assert await FeedbackEvent.count() == 2


async def test_two_weeks_in_a_row_do_not_play_the_same(stage: Stage, mo: Any, tick: Any) -> None:
    await mo.slash(stage.channel, "schedule add", **FRIDAY)
    await tick()
    await tick()
    first, second = [{entry.track_id for entry in playlist.tracks} for playlist in await Playlist.find_all().to_list()]
    assert len(first & second) < len(first) / 2


async def test_what_a_crash_left_is_posted_by_the_next(stage: Stage, mo: Any, tick: Any) -> None:
    """It died after its entry into the ledger, before anything was made."""
    await mo.slash(stage.channel, "schedule add", **FRIDAY)
    schedule = await the_schedule()
    assert schedule.next_at is not None
    assert schedule.id is not None
    await left_run(schedule, schedule.next_at)
    assert await tick(timedelta(minutes=1)) == "1 posted"
    assert len(stage.channel.history()) == 1
    assert await tick(timedelta(minutes=2), slot=schedule.next_at) == "nothing due"


async def left_run(schedule: Schedule, slot: datetime) -> None:
    """A slot as a process leaves it that dies: begun, and nothing noted."""
    key = f"{POSTS}:{schedule.id}:{slot:%Y-%m-%dT%H:%M:%SZ}"
    facts = {"scheduleId": schedule.id, "guildId": schedule.guild_id}
    await JobRun.begin(key, job=POSTS, slot=slot, holder="dead", fence=0, attempts=5, facts=facts)


async def reopened() -> None:
    """The ledger and the card's note as a crash right after the post leaves them."""
    await JobRun.get_motor_collection().update_many(
        {"job": POSTS}, {"$set": {"state": "started"}, "$unset": {"messageId": "", "finishedAt": ""}}
    )
    await Playlist.get_motor_collection().update_many({}, {"$unset": {"discord": ""}})
    await Playlist.get_motor_collection().database["cards"].delete_many({})


async def test_what_was_posted_before_a_crash_is_found_and_not_posted_again(
    stage: Stage, mo: Any, tick: Any, events: Any
) -> None:
    await mo.slash(stage.channel, "schedule add", **FRIDAY)
    slot = (await the_schedule()).next_at
    assert slot is not None
    await move_clock(stage, slot)
    await tick()
    (message,) = stage.channel.history()
    await reopened()
    assert await tick(timedelta(minutes=1), slot=slot) == "1 posted"
    assert [one.id for one in stage.channel.history()] == [message.id]
    run = await JobRun.latest(POSTS)
    assert run is not None
    assert (run.state, run.attempt, run.message_id) == ("finished", 2, str(message.id))
    await stage.bo.react(message, "👍")
    assert [event["event"] for event in await events()] == ["like"]


async def test_where_the_channel_cannot_be_searched_it_is_not_posted_twice(
    stage: Stage, mo: Any, tick: Any, card: Any
) -> None:
    channel = stage.closed_channel("no-history", read_message_history=False)
    await mo.slash(stage.channel, "schedule add", channel=channel, **FRIDAY)
    slot = (await the_schedule()).next_at
    await tick()
    assert len(channel.history()) == 1
    await reopened()
    assert await tick(timedelta(minutes=1), slot=slot) == "1 lost"
    assert len(channel.history()) == 1
    listed = await mo.slash(stage.channel, "schedule list")
    assert "could not see whether it was there" in card(listed.response).text


async def test_after_a_long_time_away_the_old_is_skipped_and_told(stage: Stage, mo: Any, tick: Any, card: Any) -> None:
    await mo.slash(stage.channel, "schedule add", when="daily 9:30", text="calm piano")
    assert await tick(timedelta(days=3) + GRACE + timedelta(minutes=1)) == "1 skipped"
    assert stage.channel.history() == []
    listed = await mo.slash(stage.channel, "schedule list")
    assert "I was away" in card(listed.response).text
    assert await tick() == "1 posted"


async def test_a_little_late_is_still_posted(stage: Stage, mo: Any, tick: Any) -> None:
    await mo.slash(stage.channel, "schedule add", when="daily 9:30", text="calm piano")
    assert await tick(timedelta(days=2, minutes=50)) == "1 posted"
    assert len(stage.channel.history()) == 1
    states = [run.state async for run in JobRun.find(JobRun.job == POSTS)]
    assert sorted(states) == ["finished", "skipped"]


async def test_a_lost_permission_stops_it_and_moderators_are_told_why(
    stage: Stage, mo: Any, tick: Any, card: Any
) -> None:
    channel = stage.guild.create_text_channel("vibes")
    await mo.slash(stage.channel, "schedule add", channel=channel, **FRIDAY)
    await allow(stage, channel, send_messages=False)
    assert await tick() == "1 failed"
    schedule = await the_schedule()
    assert (schedule.state, schedule.reason, schedule.next_at) == ("stopped", "send_messages", None)
    told = card(stage.guild.owner.dm_channel.history()[-1])
    assert "I stopped the scheduled vibe “happy 80s”" in told.text
    assert "I lack the permission **Send Messages** there" in told.text
    listed = await mo.slash(stage.channel, "schedule list")
    assert "Stopped: I lack the permission" in card(listed.response).text
    refused = await mo.click(listed.response, label="Go on")
    assert "I may not do that here" in card(refused.followups[0]).text
    await allow(stage, channel, send_messages=True)
    again = await mo.click(listed.response, label="Go on")
    assert "Next <t:" in card(again.response).text
    assert await tick(timedelta(days=7)) == "1 posted"


async def test_when_discord_does_not_take_it_it_is_tried_again(stage: Stage, mo: Any, tick: Any) -> None:
    await mo.slash(stage.channel, "schedule add", **FRIDAY)
    slot = (await the_schedule()).next_at
    stage.env.inject_error("POST", "/channels/*/messages", status=503)
    assert await tick() == "1 left"
    assert stage.channel.history() == []
    assert await tick(timedelta(minutes=1), slot=slot) == "1 posted"
    assert len(stage.channel.history()) == 1
    assert await Playlist.count() == 1


async def test_who_lost_the_turn_meanwhile_posts_nothing(stage: Stage, mo: Any, tick: Any) -> None:
    """As after a long sleep of the process: the playlist is made, and somebody else may be posting it."""
    await mo.slash(stage.channel, "schedule add", **FRIDAY)
    slot = (await the_schedule()).next_at
    assert slot is not None
    turn = LateTurn(job="post-vibes", slot=slot, fence=0, holder="asleep", until=monotonic() + 60)
    with stage.env.time_context():
        assert await stage.bot.schedules._poster.post_due(turn) == "1 left"
    assert await Playlist.count() == 1
    assert stage.channel.history() == []
    assert await tick(timedelta(minutes=1), slot=slot) == "1 posted"
    assert len(stage.channel.history()) == 1
    assert await Playlist.count() == 1


class LateTurn(Turn):
    """A turn that is lost once its work has begun."""

    checks = 0

    def check(self) -> None:
        self.checks += 1
        if self.checks > 1:
            raise TurnLost


async def test_a_paused_one_is_not_finished_by_who_takes_it_over(stage: Stage, mo: Any, tick: Any) -> None:
    added = await mo.slash(stage.channel, "schedule add", **FRIDAY)
    schedule = await the_schedule()
    assert schedule.next_at is not None
    await left_run(schedule, schedule.next_at)
    await mo.click(added.response, label="Pause")
    assert await tick(slot=schedule.next_at) == "1 skipped"
    assert stage.channel.history() == []


async def test_a_server_that_was_left_stops_it_and_nobody_is_told(stage: Stage, mo: Any, tick: Any) -> None:
    await mo.slash(stage.channel, "schedule add", **FRIDAY)
    stage.env.backend.remove_guild(stage.guild.id)
    await stage.env.settle()
    assert await tick() == "1 failed"
    schedule = await the_schedule()
    assert (schedule.state, schedule.reason) == ("stopped", "server")


async def test_a_mood_that_is_gone_stops_it(stage: Stage, mo: Any, tick: Any, card: Any) -> None:
    await mo.slash(stage.channel, "schedule add", when="daily 9:30", mood="chill")
    await Mood.get_motor_collection().delete_many({"key": "chill"})
    assert await tick() == "1 failed"
    listed = await mo.slash(stage.channel, "schedule list")
    assert "its mood is no longer there" in card(listed.response).text


async def test_a_channel_that_is_gone_stops_it(stage: Stage, mo: Any, tick: Any, card: Any) -> None:
    channel = stage.guild.create_text_channel("vibes")
    await mo.slash(stage.channel, "schedule add", channel=channel, **FRIDAY)
    stage.env.backend.delete_channel(channel.id)
    await stage.env.settle()
    assert await tick() == "1 failed"
    listed = await mo.slash(stage.channel, "schedule list")
    assert "its channel is no longer there" in card(listed.response).text


async def test_pause_go_on_remove_and_undo(stage: Stage, mo: Any, card: Any) -> None:
    added = await mo.slash(stage.channel, "schedule add", **FRIDAY)
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
    assert "I may not do that here" in card(told.response).text
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


async def allow(stage: Stage, channel: Any, **rights: bool) -> None:
    """Change what the bot may do in a channel."""
    yes, no = discord.PermissionOverwrite(**rights).pair()
    role = stage.guild.roles[stage.env.backend.bot_user.name]
    overwrite = Overwrite(target_id=role.id, type=OverwriteType.ROLE, allow=yes.value, deny=no.value)
    stage.env.backend.set_overwrite(channel.id, overwrite)
    await stage.env.settle()


async def move_clock(stage: Stage, to: datetime) -> None:
    await stage.env.advance_time((to - stage.env.now()).total_seconds())
