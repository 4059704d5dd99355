"""Deleting everything about a member, and everything of a server, in steps that any size of data fits into."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from functools import partial
from typing import Any, TypeVar

from bot.database import guarded
from bot.documents import (
    FeedbackEvent,
    GenerationSession,
    Key,
    MoodQuery,
    Playlist,
    PostedCard,
    Publication,
    Schedule,
    User,
    now,
)
from bot.documents.base import STEP
from bot.documents.data_inventory import OF_GUILDS, OF_MEMBERS, MemberIds
from bot.documents.data_inventory import ids_of as stored_ids
from bot.errors import DatabaseDown
from bot.services.publishing.takedown import give_up
from bot.services.training.lineage import mark_forgotten

T = TypeVar("T")

TRIES_S = (0.5, 1.0, 2.0, 4.0)
"""Pauses before a step that the database did not take is tried again."""


async def ids_of(discord_id: str) -> MemberIds:
    """All ids of a member, whoever wrote their documents. Raises DatabaseDown."""
    with guarded():
        return await stored_ids(discord_id)


async def erase_member(discord_id: str) -> dict[str, int]:
    """Deletes every document about a member: how many of each kind.

    First the member is marked, so that nothing new is stored; whoever was already storing looks afterwards and takes
    it out again (`members.is_erased`). The mark goes with the member's own document, at the very end. Broken off, it
    can be begun again. Raises DatabaseDown.
    """
    ids = await _patiently(lambda: ids_of(discord_id))
    await _patiently(lambda: _mark(ids))
    ids = await _patiently(lambda: ids_of(discord_id))
    await _patiently(lambda: _unname_followers(ids))
    await _patiently(lambda: _pass_over_reactions(ids))
    await _patiently(lambda: give_up(ids.playlist_ids))
    counts = {}
    for holding in OF_MEMBERS:
        counts[holding.name] = await in_steps(partial(holding.forget_some, ids))
    await _patiently(lambda: mark_forgotten(ids.user_ids))
    return counts


async def erase_guild(guild_id: str) -> int:
    """Forgets a server: how many documents were deleted or lost its name. Raises DatabaseDown.

    Each schedule is a member of its own (`schedule_posts`), with playlists that are the server's: those go too, also
    of schedules that were removed long ago.
    """
    with guarded():
        schedules = [Schedule.member_name(key) for key in await Schedule.keys_on(guild_id)]
    # So are its recaps (`recaps`).
    schedules.append(f"recap:{guild_id}")
    of_schedules = sum([sum((await erase_member(schedule)).values()) for schedule in schedules])
    with guarded():
        # Those of schedules that were removed for good.
        left = await Playlist.of_nobody(guild_id)
    of_schedules += await erase_playlists(left)
    return of_schedules + sum([await in_steps(partial(holding.forget_some, guild_id)) for holding in OF_GUILDS])


async def erase_playlists(playlists: Iterable[Mapping[str, Any]]) -> int:
    """Deletes these raw playlists with their sessions and cards, and the words that they were made of; how many.

    What is saved of them on the server's Spotify account is taken down in time.

    The request itself stays, without words: a playlist that was made from this one goes on from it. Raises
    DatabaseDown.
    """
    count = 0
    for raw in playlists:
        await give_up([raw["_id"]])
        session_id, message_id = raw.get("sourceSessionId"), (raw.get("discord") or {}).get("messageId")
        with guarded():
            session = await GenerationSession.raw(session_id, "moodQueryId")
            if session is not None:
                await MoodQuery.blank(session["moodQueryId"])
            await PostedCard.drop(message_id)
            await GenerationSession.remove(session_id)
            await Playlist.remove(raw["_id"])
        count += 1
    return count


async def in_steps(step: Callable[[], Awaitable[tuple[int, int]]]) -> int:
    """Takes steps like those of `Stored.sweep` until nothing is left; the sum of what they deleted or changed.

    A step that the database does not take is tried again. Raises DatabaseDown.
    """
    total = 0
    while True:
        found, changed = await _patiently(step)
        total += changed
        if found < STEP:
            return total


async def _mark(ids: MemberIds) -> None:
    """From here on nothing new is stored about the member; one who was never stored is marked too."""
    with guarded():
        await User.mark_erasing(ids.user_ids, now())
        known = await User.raws(ids.user_ids, "_id")
    if not known:
        # They may be asking for the first time just now.
        with guarded():
            await User.of_discord(ids.discord_id)
            await User.mark_erasing([User.key_of(ids.discord_id)], now())


async def _unname_followers(ids: MemberIds) -> None:
    """Other members' playlists that were made from this one's carry its words in their names: those go."""
    mine = set(ids.playlist_ids)
    parents: list[Key] = list(ids.playlist_ids)
    seen = set(parents)
    while parents:
        step, parents = parents[:STEP], parents[STEP:]
        with guarded():
            children = await Playlist.made_from(step)
            others = [key for key in children if key not in mine]
            if others:
                await Playlist.unname(others)
                await Publication.unname(others)
        fresh = [key for key in children if key not in seen]
        seen.update(fresh)
        parents += fresh


async def _pass_over_reactions(ids: MemberIds) -> None:
    """What the member leaves standing under cards shall not become feedback again when the bot next comes back."""
    with guarded():
        await PostedCard.pass_over(await FeedbackEvent.messages_reacted_to(ids.user_ids), ids.discord_id)


async def _patiently(step: Callable[[], Awaitable[T]]) -> T:
    """The result of a step; while the database does not answer it is tried a few times more. Raises DatabaseDown."""
    for pause_s in TRIES_S:
        try:
            with guarded():
                return await step()
        except DatabaseDown:
            await asyncio.sleep(pause_s)
    with guarded():
        return await step()
