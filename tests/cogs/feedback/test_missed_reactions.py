"""Reactions made while the bot was away: taken in when it is back, once, and at no more than a call a second."""

from __future__ import annotations

from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest

from bot.catalogue.index import Catalogue
from bot.client.publishing.reaction_counts import DiscordReactionCounts
from bot.documents import FeedbackEvent, PostedCard, now
from bot.errors import DatabaseDown
from bot.services.feedback.reaction_sync import ReactionReconciler, Reactors, Standing
from bot.services.job_ledger import LeaseHold
from bot.services.privacy.erasure import erase_member
from bot.services.rate_limits import UNLIMITED
from bot.services.values import ReactionChange
from bot.wiring import WiredServices, wire
from nlp.parser import VibeParser
from tests.cogs.staging import Stage, open_stage


class Watched(DiscordReactionCounts):
    """Asks the simulated Discord, and keeps when; `meanwhile` happens after the next question who reacted."""

    def __init__(self, client: Any, clock: Any) -> None:
        super().__init__(client)
        self._clock = clock
        self.calls: list[float] = []
        self.meanwhile: Any = None

    async def standing(self, channel_id: str, message_id: str) -> tuple[Standing, ...]:
        self.calls.append(self._clock())
        return await super().standing(channel_id, message_id)

    async def reactors(self, channel_id: str, message_id: str, emoji: str, after: str | None) -> Reactors:
        self.calls.append(self._clock())
        found = await super().reactors(channel_id, message_id, emoji, after)
        if self.meanwhile is not None:
            then, self.meanwhile = self.meanwhile, None
            await then()
        return found


class Away:
    """A bot whose ears can be closed for a while, on a clock that only pauses move."""

    def __init__(self, services: WiredServices) -> None:
        self.time = 0.0
        self.messages = Watched(services.rooms.client, lambda: self.time)
        self.reconciler = ReactionReconciler(
            feedback=services.feedback, messages=self.messages, pause=self._pause, clock=lambda: self.time
        )
        self.services = replace(services, reconciler=self.reconciler)
        self.stage: Stage

    async def _pause(self, seconds: float) -> None:
        self.time += seconds

    async def leave(self) -> None:
        """From here on nothing is heard."""
        await self.stage.bot.remove_cog("FeedbackCog")

    async def come_back(self) -> str:
        """Connected again: what the job then says it did."""
        await self._listen()
        self.reconciler.returned()
        return await self.round()

    async def round(self) -> str:
        assert self.reconciler.owed
        return await self.reconciler.reconcile(
            LeaseHold(job="reconcile", slot=now(), fence=1, holder="here", until=float("inf"))
        )

    async def _listen(self) -> None:
        from cogs.feedback import FeedbackCog

        await self.stage.bot.add_cog(FeedbackCog(self.stage.bot, reconciler=self.reconciler))


@pytest.fixture
async def away(stock: Catalogue, parser: VibeParser, executor: ThreadPoolExecutor) -> AsyncIterator[Away]:
    there = Away(wire(parser, stock, executor, limits=UNLIMITED))
    async for stage in open_stage(there.services.make_bot()):
        there.stage = stage
        yield there


async def kinds(events: Any) -> list[str]:
    return [stored["event"] for stored in await events()]


async def test_what_came_and_went_is_taken_in_once_and_slowly(away: Away, events: Any) -> None:
    stage = away.stage
    cards = [(await stage.vibe()).response.message for _ in range(3)]
    assert away.reconciler.owed, "the first connection is a return too"
    await stage.bo.react(cards[0], "❤️")
    await stage.ada.react(cards[1], "👍")
    before = len(await events())
    await away.leave()
    robot = stage.guild.add_member(stage.env.create_user("robot", bot=True))
    await stage.bo.unreact(cards[0], "❤️")
    await stage.ada.react(cards[0], "👎")
    await stage.bo.react(cards[2], "❤️")
    await stage.bo.react(cards[2], "🧀")
    await robot.react(cards[2], "👍")
    await stage.ada.unreact(cards[1], "👍")
    await stage.bo.react(cards[1], "👍")
    assert len(await events()) == before
    assert await away.come_back() == "5 changes taken in, 3 cards looked at"
    stored = (await events())[before:]
    assert sorted(event["event"] for event in stored) == ["dislike", "like", "love", "remove", "remove"]
    [gone] = [event for event in stored if event["event"] == "remove" and event["contextJson"]["stands"] == "love"]
    assert gone["undoes"] == (await events())[0]["_id"]
    assert stored[0]["contextJson"]["shown"]
    times = away.messages.calls
    assert all(later - earlier >= 1.0 for earlier, later in pairwise(times))
    # The simulation does not tell which reactions are our own, so each of the four is looked behind.
    assert len(times) == 1 + 4 * 3, "one look at the channel, one at each emoji under which somebody stands"
    away.reconciler.returned()
    assert (await away.round()).startswith("0 changes")
    await stage.bo.react(cards[0], "❤️")
    assert (await kinds(events))[-1] == "love", "and then everything goes on as before"


async def test_what_happens_meanwhile_is_not_undone_by_an_older_look(away: Away, events: Any) -> None:
    stage = away.stage
    card = (await stage.vibe()).response.message
    await away.leave()
    await stage.bo.react(card, "👍")
    away.messages.meanwhile = lambda: stage.bo.unreact(card, "👍")
    assert (await away.come_back()).startswith("0 changes")
    assert await kinds(events) == []
    away.reconciler.returned()
    await stage.bo.react(card, "👍")
    assert (await away.round()).startswith("0 changes")
    assert await kinds(events) == ["like"]


async def test_what_cannot_be_read_is_passed_over_and_what_breaks_is_done_again(
    away: Away, events: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage = away.stage
    private = (await stage.ada.user.slash("vibe", text="calm piano")).response.message
    card = (await stage.vibe()).response.message
    deleted = (await stage.vibe()).response.message
    await away.leave()
    await stage.bo.react(card, "👍")
    await stage.bo.react(deleted, "❤️")
    await stage.ada.user.set_reaction(private, "👍", reacted=True)
    stage.env.backend.delete_message(deleted.channel.id, deleted.id)
    noted = await PostedCard.get(str(card.id))
    assert noted is not None
    closed = {"_id": "999999999999999999", "channelId": "123", "playlistId": noted.playlist_id, "createdAt": now()}
    await PostedCard.get_motor_collection().insert_one(closed)

    async def down(change: ReactionChange) -> bool:
        raise DatabaseDown(cause="gone")

    with monkeypatch.context() as patched:
        patched.setattr(away.services.feedback, "react", down)
        with pytest.raises(DatabaseDown):
            await away.come_back()
    assert (await away.round()).startswith("2 changes taken in")
    assert await kinds(events) == ["like", "like"]


async def test_a_long_absence_is_worked_on_for_minutes_newest_first(away: Away, events: Any) -> None:
    stage = away.stage
    card = (await stage.vibe()).response.message
    await away.leave()
    await stage.bo.react(card, "👍")
    [told] = [raw async for raw in PostedCard.get_motor_collection().find()]
    older = [
        {**told, "_id": str(card.id - 1000 * number), "channelId": str(number), "createdAt": now() - timedelta(hours=1)}
        for number in range(1, 800)
    ]
    await PostedCard.get_motor_collection().insert_many(older)
    assert (await away.come_back()).startswith("1 changes taken in")
    assert away.time <= 9 * 60
    assert await kinds(events) == ["like"]


async def test_what_a_deleted_member_left_standing_stays_forgotten(away: Away, events: Any) -> None:
    stage = away.stage
    card = (await stage.vibe()).response.message
    await stage.bo.react(card, "❤️")
    await erase_member(str(stage.bo.id))
    assert await FeedbackEvent.count() == 0
    assert (await away.round()).startswith("0 changes")
    assert await kinds(events) == []
    await stage.bo.unreact(card, "❤️")
    await stage.bo.react(card, "👍")
    assert await kinds(events) == ["like"], "what they do anew counts"
