"""Letters to members about their links: two weeks before one ends, and when one has turned out to be dead."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Protocol

from bot.database import guarded
from bot.documents import AuthToken, Key, User
from bot.services.accounts.token_store import OWNER_ID, PROVIDER
from bot.services.accounts.views import REMIND_BEFORE, ends_at

_log = logging.getLogger(__name__)

_OLD_ENOUGH = timedelta(days=160)
"""No grant of six months has less than two weeks left before this age."""


class LinkNotifier(Protocol):
    """Writes to members. Nothing raises: who takes no letters reads it with their next command."""

    async def link_ends(self, discord_id: str, moment: datetime) -> None:
        """Their link ends at that moment."""

    async def link_ended(self, discord_id: str) -> None:
        """Their link is dead, and what we had of it is deleted."""

    async def owner_link_ends(self, moment: datetime) -> None:
        """The account for everyone ends; to whom the application belongs."""


class Reminders:
    """Tells each member once for each grant."""

    def __init__(self, *, letters: LinkNotifier) -> None:
        self._letters = letters

    async def remind(self, moment: datetime) -> str:
        """Write to everyone whose link ends within two weeks from that moment; a word on how many. Raises DatabaseDown.

        Who is written to is noted first: a letter that does not arrive is not sent again and again.
        """
        told = 0
        for raw in await _due(moment):
            with guarded():
                noted = await AuthToken.note_reminded(raw, moment)
            if noted:
                told += await self._tell(raw)
        return f"{told} members reminded"

    async def _tell(self, raw: Mapping[str, Any]) -> int:
        end = ends_at(raw["authorisedAt"])
        if raw["userId"] == OWNER_ID:
            _log.warning(
                "the Spotify account for everyone is let go on %s: python -m bot spotify login", f"{end:%Y-%m-%d}"
            )
            await self._letters.owner_link_ends(end)
            return 1
        with guarded():
            discord_id = await User.discord_id(raw["userId"])
        if discord_id is None:
            return 0
        await self._letters.link_ends(discord_id, end)
        return 1


async def tell_ended(letters: LinkNotifier, user_id: Key) -> None:
    """Write to a member whose link turned out to be dead. Raises DatabaseDown."""
    with guarded():
        discord_id = await User.discord_id(user_id)
    if discord_id is not None:
        await letters.link_ended(discord_id)


async def _due(moment: datetime) -> list[Mapping[str, Any]]:
    with guarded():
        found = await AuthToken.unreminded(PROVIDER, moment - _OLD_ENOUGH)
    return [raw for raw in found if ends_at(raw["authorisedAt"]) - REMIND_BEFORE <= moment]
