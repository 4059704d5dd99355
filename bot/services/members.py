"""The member behind a Discord id, as the services need them."""

from __future__ import annotations

from dataclasses import dataclass

from beanie import PydanticObjectId

from bot.database import guarded
from bot.documents import User
from bot.documents.user import Preferences
from bot.services.values import Asker
from bot.services.wording import readable

_NAME_LIMIT = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """Who asks or presses: their id in the database, and how they like playlists to be made."""

    id: PydanticObjectId
    preferences: Preferences


async def member(asker: Asker) -> Member:
    """The one who asks, stored under the name that they have today. Raises DatabaseDown."""
    return await _stored(asker.user_id, readable(asker.display_name)[:_NAME_LIMIT] or None)


async def reacting_member(discord_id: str) -> Member:
    """The one who reacted, of whom Discord tells only the id. Raises DatabaseDown."""
    return await _stored(discord_id, None)


async def _stored(discord_id: str, name: str | None) -> Member:
    with guarded():
        user = await User.of_discord(discord_id, name)
    if user.id is None:
        raise AssertionError("a document that was read has an id")
    return Member(id=user.id, preferences=user.preferences)
