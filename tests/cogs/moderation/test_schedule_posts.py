"""How a scheduled vibe comes by itself: once, late or never, and stops when it cannot go on."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import Any

from bot.documents import FeedbackEvent, JobRun, Mood, Playlist, Schedule, User
from bot.services.job_ledger import LeaseHold, TurnLost
from bot.services.privacy.erasure import erase_guild
from bot.services.schedules.poster import GRACE, POSTS
from tests.cogs.staging import Stage
from tests.cogs.timekeeping import FRIDAY, allow, the_schedule


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
    assert f"**Send Messages** in <#{channel.id}>" in card(refused.followups[0]).text
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
        assert await stage.bot.services.schedules._poster.post_due(turn) == "1 left"
    assert await Playlist.count() == 1
    assert stage.channel.history() == []
    assert await tick(timedelta(minutes=1), slot=slot) == "1 posted"
    assert len(stage.channel.history()) == 1
    assert await Playlist.count() == 1


class LateTurn(LeaseHold):
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


async def move_clock(stage: Stage, to: datetime) -> None:
    await stage.env.advance_time((to - stage.env.now()).total_seconds())


async def test_one_that_was_removed_long_ago_leaves_no_member_and_its_cards_work_on(
    stage: Stage, mo: Any, tick: Any, card: Any
) -> None:
    added = await mo.slash(stage.channel, "schedule add", **FRIDAY)
    assert await tick() == "1 posted"
    posted = stage.channel.last_message
    asked = await mo.click(added.response, label="Remove")
    await mo.click(asked.response, label="Remove it")
    later = datetime.now(UTC) + timedelta(days=2)
    assert await stage.bot.services.schedules.forget_removed(later) == 1
    assert await Schedule.count() == await User.find({"discordUserId": {"$regex": "^schedule:"}}).count() == 0
    assert "Calmer" in card((await stage.ada.click(posted, label="Calmer")).response).text
    await erase_guild(str(stage.guild.id))
    [of_ada] = await Playlist.find_all().to_list()
    assert of_ada.user_id == User.id_of(str(stage.ada.id))
