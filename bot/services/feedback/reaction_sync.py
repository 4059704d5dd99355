"""Reactions that came or went while the bot was away: taken in when it is back, as if they had come just then.

Discord tells what stands under a message, not since when. So what stands is compared with what was stored, card by
card, the newest first, at no more than one call a second; each difference goes the way of every reaction
(`FeedbackService`), where the same change told twice is one event.
"""

from __future__ import annotations

import logging
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from bot.database import guarded
from bot.documents import FeedbackEvent, Key, PostedCard, User
from bot.documents.card import passed_over_as
from bot.errors import BeingErased, DiscordRefused, Gone, NotAllowed
from bot.services.job_ledger import LeaseHold
from bot.services.values import ReactionChange, ReactionRules

_log = logging.getLogger(__name__)

CALL_EVERY_S = 1.0
"""One call of Discord's in so many seconds: there are members to be answered meanwhile."""

PATIENCE = timedelta(minutes=9)
"""How long one return is worked on: what matters is taken in within ten minutes."""

REACH = timedelta(days=30)
"""Older cards are not looked at."""

MOST_CARDS = 500
"""Cards that one return looks at, the newest of all servers."""

READ_S = 60.0
"""How long reading what was stored may take; no index leads from a playlist to its reactions."""

_VARIATION = "\N{VARIATION SELECTOR-16}"

Pause = Callable[[float], Awaitable[None]]
Clock = Callable[[], float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What stands under one message: for each emoji how many members but us reacted with it."""

    message_id: str
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reactors:
    """Members who reacted, bots left out; `last` is where to go on from, None at the end."""

    members: tuple[str, ...]
    last: str | None = None


class ReactionCounts(Protocol):
    """Looks at messages through Discord. Each of these is one call, and raises Gone, NotAllowed, DiscordRefused."""

    async def standing(self, channel_id: str, message_id: str) -> tuple[Standing, ...]:
        """What stands under this message and under up to 99 of ours before it, the newest first, so far back as they
        were looked at: a card that is not among them and younger than the last one is gone.
        """

    async def reactors(self, channel_id: str, message_id: str, emoji: str, after: str | None) -> Reactors:
        """Up to 100 of those who reacted with it, from `after` on."""


class Feedback(Protocol):
    """Where changes go."""

    async def react(self, change: ReactionChange) -> bool:
        """Stores a change of a reaction."""

    async def reactions(self, guild_id: str | None) -> ReactionRules:
        """The reactions that a server uses."""


@dataclass(slots=True, kw_only=True)
class _Round:
    """One return: what is left to do, and what came of it."""

    until: float
    stored: Mapping[tuple[Key, str], frozenset[str]]
    cards: int = 0
    taken: int = 0
    left: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Doubt:
    """An emoji under a card, of which it has to be asked who stands behind it."""

    card: PostedCard
    emoji: str
    stored: frozenset[str]


class ReactionReconciler:
    """Makes up for what was missed. `pause` and `clock`, in seconds, are of this process."""

    def __init__(
        self, *, feedback: Feedback, messages: ReactionCounts, pause: Pause, clock: Clock = time.monotonic
    ) -> None:
        self._feedback = feedback
        self._messages = messages
        self._pause = pause
        self._clock = clock
        self._owed = False
        self._called = -CALL_EVERY_S
        self._live: set[tuple[str, str, str]] | None = None

    @property
    def owed(self) -> bool:
        """Whether the bot has come back since the last round was finished."""
        return self._owed

    def returned(self) -> None:
        """The bot is connected, and may have missed something."""
        self._owed = True

    def note_live(self, change: ReactionChange) -> None:
        """A change came the usual way just now: what was read before it no longer holds for that member."""
        if self._live is not None:
            self._live.add((change.message_id, change.user_id, _plain(change.emoji)))

    async def reconcile(self, turn: LeaseHold) -> str:
        """Looks at the newest cards; says how many changes were taken in. Raises DatabaseDown, TurnLost.

        What could not be reached in time, or because Discord did not answer, is left: the newest come first.
        """
        self._owed, self._live = False, set()
        try:
            done = await self._round(turn)
        except BaseException:
            self._owed = True
            raise
        finally:
            self._live = None
        left = f", {done.left} left" if done.left else ""
        return f"{done.taken} changes taken in, {done.cards} cards looked at{left}"

    async def _round(self, turn: LeaseHold) -> _Round:
        with guarded(within_s=READ_S):
            cards = await PostedCard.newest(turn.slot - REACH, MOST_CARDS)
            stored = await _stored(cards, turn.slot - REACH)
        done = _Round(until=self._clock() + PATIENCE.total_seconds(), stored=stored)
        later: list[_Doubt] = []
        async for card, counts in self._found(cards, done):
            turn.check()
            done.cards += 1
            for doubt, count in await self._doubts(card, counts, done):
                # Where the number is right, somebody may still have taken another's place: that can wait.
                if count == len(doubt.stored):
                    later.append(doubt)
                else:
                    await self._settle(doubt, count, done)
        for doubt in later:
            turn.check()
            await self._settle(doubt, len(doubt.stored), done)
        return done

    async def _found(
        self, cards: list[PostedCard], done: _Round
    ) -> AsyncIterator[tuple[PostedCard, Mapping[str, int]]]:
        """The cards that still stand in Discord, with what stands under them; one call for many where they are near."""
        seen: dict[str, Mapping[str, int]] = {}
        passed: set[str] = set()
        of_channel: dict[str, list[PostedCard]] = defaultdict(list)
        for card in cards:
            of_channel[card.channel_id].append(card)
        for card in cards:
            if card.id not in seen and card.id not in passed:
                if not await self._turn(done):
                    continue
                page = await self._page(card)
                seen |= {standing.message_id: standing.counts for standing in page}
                oldest = min((int(standing.message_id) for standing in page), default=int(card.id))
                passed |= {other.id for other in of_channel[card.channel_id] if oldest <= int(other.id) <= int(card.id)}
            if card.id in seen:
                yield card, seen[card.id]

    async def _page(self, card: PostedCard) -> tuple[Standing, ...]:
        try:
            return await self._messages.standing(card.channel_id, card.id)
        except (Gone, NotAllowed, DiscordRefused) as error:
            _log.info("the reactions under message %s cannot be read: %r", card.id, error)
            return ()

    async def _doubts(self, card: PostedCard, counts: Mapping[str, int], done: _Round) -> list[tuple[_Doubt, int]]:
        """The emoji of a card that mean something here, where anybody reacts or did, with how many do."""
        standing: dict[str, int] = defaultdict(int)
        names: dict[str, str] = {}
        for emoji, count in counts.items():
            standing[_plain(emoji)] += count
            names.setdefault(_plain(emoji), emoji)
        found = []
        for emoji, _ in (await self._feedback.reactions(card.guild_id)).events:
            plain = _plain(emoji)
            stored = done.stored.get((card.shows, plain), frozenset())
            if standing[plain] or stored:
                doubt = _Doubt(card=card, emoji=names.get(plain, emoji), stored=stored)
                found.append((doubt, standing[plain]))
        return found

    async def _settle(self, doubt: _Doubt, count: int, done: _Round) -> None:
        """Takes in who came and who went."""
        card, now = doubt.card, await self._reactors(doubt, done) if count else frozenset()
        if now is None:
            done.left += 1
            return
        ignored = set(card.passed_over)
        came = {user for user in now - doubt.stored if passed_over_as(card.id, user) not in ignored}
        for user, added in (*((user, True) for user in sorted(came)), *((user, False) for user in doubt.stored - now)):
            change = ReactionChange(
                user_id=user,
                message_id=card.id,
                channel_id=card.channel_id,
                guild_id=card.guild_id,
                emoji=doubt.emoji,
                added=added,
            )
            if (card.id, user, _plain(doubt.emoji)) in (self._live or ()):
                continue
            with suppress(BeingErased):
                done.taken += await self._feedback.react(change)

    async def _reactors(self, doubt: _Doubt, done: _Round) -> frozenset[str] | None:
        """Everybody who reacted with it; None when that could not be asked."""
        card, found = doubt.card, set[str]()
        after: str | None = None
        while True:
            if not await self._turn(done):
                return None
            try:
                page = await self._messages.reactors(card.channel_id, card.id, doubt.emoji, after)
            except (Gone, NotAllowed, DiscordRefused) as error:
                _log.info("who reacted under message %s cannot be read: %r", card.id, error)
                return None
            found |= set(page.members)
            after = page.last
            if after is None:
                return frozenset(found)

    async def _turn(self, done: _Round) -> bool:
        """Waits until the next call may be made; False when there is no time left for it."""
        wait = self._called + CALL_EVERY_S - self._clock()
        if self._clock() + max(0.0, wait) > done.until:
            done.left += 1
            return False
        if wait > 0:
            await self._pause(wait)
        self._called = self._clock()
        return True


async def _stored(cards: list[PostedCard], since: datetime) -> Mapping[tuple[Key, str], frozenset[str]]:
    """For each playlist and emoji the Discord ids of the members whose reaction stands, as far as it was stored."""
    found = await FeedbackEvent.standing_reactions([card.shows for card in cards], since)
    ids = await User.discord_ids({user for _, user, _ in found})
    standing: dict[tuple[Key, str], set[str]] = defaultdict(set)
    for playlist, user, emoji in found:
        if user in ids:
            standing[playlist, _plain(emoji)].add(ids[user])
    return {key: frozenset(users) for key, users in standing.items()}


def _plain(emoji: str) -> str:
    """An emoji as it is compared: with or without the sign that asks for its coloured form."""
    return emoji.replace(_VARIATION, "")
