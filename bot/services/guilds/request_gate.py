"""Who may ask here, and how often: what every request passes before anything is made of it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.services.guilds.settings import GuildRules, SettingsService
from bot.services.members import Member, member
from bot.services.rate_limits import LimitService
from bot.services.values import Requester


class RequestGate:
    """The rules that a server has set for itself, then the kind limits."""

    def __init__(self, *, settings: SettingsService, limits: LimitService) -> None:
        self._settings = settings
        self._limits = limits

    async def rules(self, guild_id: str | None) -> GuildRules:
        """What holds on a server. Raises DatabaseDown."""
        return await self._settings.of(guild_id)

    async def admit(self, requester: Requester, *, only_me: bool = False) -> GuildRules:
        """The rules that hold for this requester here. Raises NotHere when the server does not take it, DatabaseDown.

        A door that asks before the request is made need not take back what it showed; it hands on what it got.
        """
        rules = await self.rules(requester.guild_id)
        rules.admit(requester, only_me=only_me)
        return rules

    @asynccontextmanager
    async def opened(
        self, requester: Requester, *, only_me: bool, rules: GuildRules | None = None
    ) -> AsyncIterator[tuple[Member, GuildRules]]:
        """Around one request: who asks, and the server's `rules`, fetched where the door did not.

        Raises NotHere, NotYet, DatabaseDown.
        """
        if rules is None:
            rules = await self.rules(requester.guild_id)
        rules.admit(requester, only_me=only_me)
        async with self._limits.request(requester):
            yield await member(requester), rules
