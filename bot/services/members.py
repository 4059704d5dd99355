"""The member behind a Discord id, as the services need them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.database import guarded
from bot.documents import Key, User, now
from bot.documents.user import Preferences
from bot.errors import BeingErased
from bot.services.request_words import readable
from bot.services.values import Requester

ERASING = timedelta(minutes=1)
"""How long deleting everything about a member may take; a mark that is older was left by a process that died."""

_NAME_LIMIT = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """Who asks or presses: their id in the database, and how they like playlists to be made.

    `since` is when they were stored first; after they had everything deleted, it is another one.
    """

    id: Key
    preferences: Preferences
    since: datetime | None = None


async def member(requester: Requester) -> Member:
    """The one who asks, stored under the name that they have today. Raises BeingErased, DatabaseDown."""
    return await _stored(requester.user_id, readable(requester.display_name)[:_NAME_LIMIT] or None)


async def reacting_member(discord_id: str) -> Member:
    """The one who reacted, of whom Discord tells only the id. Raises BeingErased, DatabaseDown."""
    return await _stored(discord_id, None)


async def _stored(discord_id: str, name: str | None) -> Member:
    with guarded():
        user = await User.of_discord(discord_id, name)
    if user.erasing_at is not None and user.erasing_at > now() - ERASING:
        raise BeingErased
    return Member(id=user.own_key, preferences=user.preferences, since=user.created_at)


async def is_erased(who: Member) -> bool:
    """Whether the member has had everything deleted since they were read, or is having it deleted.

    Whoever stores something about a member asks this afterwards, and takes it out again when it is so: then
    nothing is left behind, in whatever order things went. Raises DatabaseDown.
    """
    with guarded():
        return not await User.stands(who.id, since=who.since, not_erasing_since=now() - ERASING)
