"""Deleting everything about a member, and everything of a server, in steps that any size of data fits into."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any, TypeVar

from bson import ObjectId

from bot.database import guarded
from bot.documents import (
    FeedbackEvent,
    GenerationSession,
    MoodQuery,
    Playlist,
    PostedCard,
    Publication,
    Schedule,
    Stored,
    User,
    now,
    stamped,
)
from bot.errors import DatabaseDown
from bot.services.privacy.data_inventory import OF_GUILDS, OF_MEMBERS, MemberIds, Query
from bot.services.publishing.takedown import give_up
from bot.services.training.lineage import mark_forgotten

T = TypeVar("T")

STEP = 2_000
"""Documents that are deleted or changed at once: less than the database may take for one call."""

TRIES_S = (0.5, 1.0, 2.0, 4.0)
"""Pauses before a step that the database did not take is tried again."""


async def ids_of(discord_id: str) -> MemberIds:
    """All ids of a member, whoever wrote their documents. Raises DatabaseDown."""
    own = User.id_of(discord_id)
    mine: Query = {"$or": [{"_id": own}, {"spotifyUserId": f"discord:{discord_id}"}, {"discordUserId": discord_id}]}
    with guarded():
        found = [raw["_id"] async for raw in User.get_motor_collection().find(mine, {"_id": 1})]
        user_ids = tuple(dict.fromkeys((own, *found)))
        playlists = Playlist.get_motor_collection().find({"userId": {"$in": list(user_ids)}}, {"_id": 1})
        playlist_ids = tuple([raw["_id"] async for raw in playlists])
    return MemberIds(discord_id=discord_id, user_ids=user_ids, playlist_ids=playlist_ids)


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
        counts[holding.name] = await _remove(holding.document, holding.query(ids), holding.forgets)
    await _patiently(lambda: mark_forgotten(ids.user_ids))
    return counts


async def erase_guild(guild_id: str) -> int:
    """Forgets a server: how many documents were deleted or lost its name. Raises DatabaseDown.

    Each schedule is a member of its own (`schedule_posts`), with playlists that are the server's: those go too, also
    of schedules that were removed long ago.
    """
    with guarded():
        found = Schedule.get_motor_collection().find({"guildId": guild_id}, {"_id": 1})
        schedules = [Schedule.member_name(raw["_id"]) async for raw in found]
    # So are its recaps (`recaps`).
    schedules.append(f"recap:{guild_id}")
    of_schedules = sum([sum((await erase_member(schedule)).values()) for schedule in schedules])
    of_schedules += await erase_playlists(await _of_nobody(guild_id))
    return of_schedules + sum(
        [await _remove(holding.document, holding.query(guild_id), holding.forgets) for holding in OF_GUILDS]
    )


async def _of_nobody(guild_id: str) -> list[Mapping[str, Any]]:
    """The raw playlists on a server whose member is gone: those of schedules that were removed for good."""
    owner = {"from": User.get_collection_name(), "localField": "userId", "foreignField": "_id", "as": "owner"}
    stages: list[Mapping[str, Any]] = [
        {"$match": {"discord.guildId": guild_id}},
        {"$lookup": owner},
        {"$match": {"owner": []}},
    ]
    with guarded():
        return [raw async for raw in Playlist.get_motor_collection().aggregate(stages)]


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
            sessions = GenerationSession.get_motor_collection()
            session = await sessions.find_one({"_id": session_id}, {"moodQueryId": 1})
            if session is not None:
                wordless = stamped({"$set": {"rawText": "", "unknownSpans": []}})
                await MoodQuery.get_motor_collection().update_one({"_id": session["moodQueryId"]}, wordless)
            await PostedCard.get_motor_collection().delete_one({"_id": message_id})
            await sessions.delete_one({"_id": session_id})
            await Playlist.get_motor_collection().delete_one({"_id": raw["_id"]})
        count += 1
    return count


async def in_steps(document: type[Stored], query: Query, change: Callable[[Any, Query], Awaitable[int]]) -> int:
    """Applies `change` to the documents of the query, STEP at a time, until none is left; the sum of what it returns.

    What `change` does takes a document out of the query. A step that the database does not take is tried again.
    Raises DatabaseDown.
    """
    collection = document.get_motor_collection()

    async def step() -> tuple[int, int]:
        keys = [raw["_id"] async for raw in collection.find(query, {"_id": 1}).limit(STEP)]
        return len(keys), await change(collection, {"_id": {"$in": keys}}) if keys else 0

    total = 0
    while True:
        found, changed = await _patiently(step)
        total += changed
        if found < STEP:
            return total


async def _remove(document: type[Stored], query: Query, forgets: tuple[str, ...]) -> int:
    async def delete(collection: Any, chosen: Query) -> int:
        return int((await collection.delete_many(chosen)).deleted_count)

    async def forget(collection: Any, chosen: Query) -> int:
        update = stamped({"$unset": dict.fromkeys(forgets, "")})
        return int((await collection.update_many(chosen, update)).modified_count)

    return await in_steps(document, query, forget if forgets else delete)


async def _mark(ids: MemberIds) -> None:
    """From here on nothing new is stored about the member; one who was never stored is marked too."""
    users, mark = User.get_motor_collection(), stamped({"$set": {"erasingAt": now()}})
    with guarded():
        await users.update_many({"_id": {"$in": list(ids.user_ids)}}, mark)
    if await _unknown(ids):
        # They may be asking for the first time just now.
        with guarded():
            await User.of_discord(ids.discord_id)
            await users.update_one({"_id": User.id_of(ids.discord_id)}, mark)


async def _unknown(ids: MemberIds) -> bool:
    with guarded():
        return await User.get_motor_collection().find_one({"_id": {"$in": list(ids.user_ids)}}, {"_id": 1}) is None


async def _unname_followers(ids: MemberIds) -> None:
    """Other members' playlists that were made from this one's carry its words in their names: those go."""
    playlists, mine = Playlist.get_motor_collection(), set(ids.playlist_ids)
    parents: list[ObjectId] = list(ids.playlist_ids)
    seen = set(parents)
    while parents:
        step, parents = parents[:STEP], parents[STEP:]
        with guarded():
            children = [raw["_id"] async for raw in playlists.find({"parentId": {"$in": step}}, {"_id": 1})]
            others = [key for key in children if key not in mine]
            if others:
                nameless = stamped({"$set": {"name": "", "description": ""}})
                await playlists.update_many({"_id": {"$in": others}}, nameless)
                await Publication.unname(others)
        fresh = [key for key in children if key not in seen]
        seen.update(fresh)
        parents += fresh


async def _pass_over_reactions(ids: MemberIds) -> None:
    """What the member leaves standing under cards shall not become feedback again when the bot next comes back."""
    stood = {"userId": {"$in": list(ids.user_ids)}, "contextJson.source": "reaction"}
    with guarded():
        messages = await FeedbackEvent.get_motor_collection().distinct("contextJson.where.messageId", stood)
        await PostedCard.pass_over((message for message in messages if message), ids.discord_id)


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
