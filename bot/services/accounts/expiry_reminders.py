"""Letters to members about their links: two weeks before one ends, and when one has turned out to be dead."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Any, Protocol

from beanie import PydanticObjectId

from bot.database import guarded
from bot.documents import AuthToken, User, stamped
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
            mine = {"_id": raw["_id"], "authorisedAt": raw["authorisedAt"], "remindedAt": None}
            with guarded():
                noted = await AuthToken.get_motor_collection().update_one(
                    mine, stamped({"$set": {"remindedAt": moment}})
                )
            if noted.modified_count:
                told += await self._tell(raw)
        return f"{told} members reminded"

    async def _tell(self, raw: dict[str, Any]) -> int:
        end = ends_at(raw["authorisedAt"])
        if raw["userId"] == OWNER_ID:
            _log.warning(
                "the Spotify account for everyone is let go on %s: python -m bot spotify login", f"{end:%Y-%m-%d}"
            )
            await self._letters.owner_link_ends(end)
            return 1
        with guarded():
            user = await User.get_motor_collection().find_one({"_id": raw["userId"]}, {"discordUserId": 1})
        if not user or not user.get("discordUserId"):
            return 0
        await self._letters.link_ends(user["discordUserId"], end)
        return 1


async def tell_ended(letters: LinkNotifier, user_id: PydanticObjectId) -> None:
    """Write to a member whose link turned out to be dead. Raises DatabaseDown."""
    with guarded():
        user = await User.get_motor_collection().find_one({"_id": user_id}, {"discordUserId": 1})
    if user and user.get("discordUserId"):
        await letters.link_ended(user["discordUserId"])


async def _due(moment: datetime) -> list[dict[str, Any]]:
    old = {"provider": PROVIDER, "remindedAt": None, "authorisedAt": {"$lt": moment - _OLD_ENOUGH}}
    with guarded():
        found = [raw async for raw in AuthToken.get_motor_collection().find(old, {"userId": 1, "authorisedAt": 1})]
    return [raw for raw in found if ends_at(raw["authorisedAt"]) - REMIND_BEFORE <= moment]
