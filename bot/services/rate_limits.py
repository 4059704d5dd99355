"""Kind limits: so many requests a minute for a member and for a server, and one at a time, across all processes.

Every door makes playlists through `PlaylistService`, which asks here. Ratings never count.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from bot.database import guarded
from bot.documents import Key, Limit, new_key
from bot.errors import AskedWrong, DatabaseDown, NotYet
from bot.services.values import Requester

_log = logging.getLogger(__name__)

WINDOW = timedelta(minutes=1)
"""What "a minute" is: any 60 seconds, by the clock of the database."""

LEASE = timedelta(minutes=1)
"""After this a request under way is taken for lost, with the process that worked on it."""

QUIET = timedelta(seconds=20)
"""Refusals are told in public once in this time; more often would be what the limit is there to prevent."""

KEEP = timedelta(hours=1)
"""How long a counter that nobody touches stays."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestLimits:
    """Requests in any minute, of a member and of a server; whether a member's requests go one by one."""

    per_member: int = 3
    per_guild: int = 20
    one_at_a_time: bool = True


UNLIMITED = RequestLimits(per_member=1_000_000, per_guild=1_000_000, one_at_a_time=False)
"""For places where nobody can be in anybody's way."""


class LimitService:
    """Lets requests in, or says when the next one is possible."""

    def __init__(self, limits: RequestLimits | None = None) -> None:
        self._limits = limits or RequestLimits()

    @asynccontextmanager
    async def request(self, requester: Requester) -> AsyncIterator[None]:
        """Around one request. Raises NotYet, DatabaseDown.

        A request that fails for no fault of the member's does not count, nor does one that moderators set up.
        """
        if requester.appointed:
            yield
            return
        token, keys = new_key(), _keys(requester)
        await self._let_in(requester, token)
        give_back = True
        try:
            yield
            give_back = False
        except AskedWrong:
            give_back = False
            raise
        finally:
            await asyncio.shield(_release(keys, token, give_back=give_back))

    async def claim(self, message_id: str) -> bool:
        """True for the first process that takes a message, False for all others. Raises DatabaseDown."""
        with guarded():
            return await Limit.claim(f"message:{message_id}")

    async def forget(self, now: datetime) -> int:
        """Removes the counters that nobody needs any more; how many those were. Raises DatabaseDown."""
        with guarded():
            return await Limit.forget(now - KEEP)

    async def _let_in(self, requester: Requester, token: Key) -> None:
        limits = self._limits
        lease = LEASE if limits.one_at_a_time else None
        key, owner = f"member:{requester.user_id}", {"discordUserId": requester.user_id}
        await self._ask("member", key, owner, token=token, most=limits.per_member, lease=lease)
        if requester.guild_id is None:
            return
        key, owner = f"guild:{requester.guild_id}", {"guildId": requester.guild_id}
        try:
            await self._ask("guild", key, owner, token=token, most=limits.per_guild, lease=None)
        except BaseException:
            await asyncio.shield(_release(_keys(requester), token, give_back=True))
            raise

    @staticmethod
    async def _ask(
        whose: Literal["member", "guild"],
        key: str,
        owner: dict[str, str],
        *,
        token: Key,
        most: int,
        lease: timedelta | None,
    ) -> None:
        with guarded():
            asked = await Limit.ask(key, owner, token=token, most=most, window=WINDOW, lease=lease, quiet=QUIET)
        if asked.admitted(token):
            return
        if len(asked.recent) >= most:
            free = asked.recent[len(asked.recent) - most].at + WINDOW
            raise NotYet(until=free, whose=whose, most=most, told=asked.told)
        if asked.busy_until is None:
            raise AssertionError("a refusal has a cause")
        raise NotYet(until=asked.busy_until, whose=whose, most=most, busy=True, told=asked.told)


def _keys(requester: Requester) -> tuple[str, ...]:
    guild = () if requester.guild_id is None else (f"guild:{requester.guild_id}",)
    return (f"member:{requester.user_id}", *guild)


async def _release(keys: tuple[str, ...], token: Key, *, give_back: bool) -> None:
    try:
        with guarded():
            for key in keys:
                await Limit.release(key, token, give_back=give_back)
    except DatabaseDown:
        _log.warning("a request is over, and the database does not take that; it counts as over in %s", LEASE)
