"""Feedback as it is written down: what happened, about what, and what the member was looking at."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from beanie import PydanticObjectId
from pymongo.errors import BulkWriteError

from bot.database import guarded
from bot.documents import FeedbackEvent, GuildSettings, User, derived_id, now, stamped_new
from bot.errors import BeingErased, DatabaseDown
from bot.services.feedback.rating_values import mood_of_vibe
from bot.services.members import ERASING, Member
from bot.services.playlists.playlist_loader import StoredPlaylist
from bot.services.values import FeedbackKind

Raw = Mapping[str, Any]
Source = Literal["button", "menu", "reaction", "words"]

MOST_AT_ONCE = 2_000
"""Events in one write."""

_DUPLICATE = 11000


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One FeedbackEvent before it is stored. `key` follows from what caused it; `context` goes to contextJson."""

    key: PydanticObjectId
    user_id: PydanticObjectId
    playlist_id: PydanticObjectId
    kind: FeedbackKind
    context: Raw
    track_id: PydanticObjectId | None = None
    position: int | None = None
    undoes: PydanticObjectId | None = None


async def store_event(event: Event, who: Member) -> bool:
    """Stores the event of a member, once. False when it stood already.

    What is done while the member, or the server, has paused learning says so in its context, and never teaches
    anything. Raises BeingErased when the member has everything deleted meanwhile, DatabaseDown.
    """
    (stored,) = await store_events([(event, who)])
    if stored is None:
        raise BeingErased
    return stored


async def store_events(events: Sequence[tuple[Event, Member]]) -> list[bool | None]:
    """Stores many events at once, each as `store_event` does; None stands for one whose member is being erased.

    Raises DatabaseDown when not all could be stored; told again, those that were are not stored twice.
    """
    collection = FeedbackEvent.get_motor_collection()
    with guarded():
        quiet = await _quiet_guilds(event for event, _ in events)
        known = await _insert([_raw(event, who, quiet) for event, who in events])
        gone = await _erased(who for _, who in events)
        lost = [event.key for event, who in events if who.id in gone]
        if lost:
            await collection.delete_many({"_id": {"$in": lost}, "userId": {"$in": list(gone)}})
    return [None if who.id in gone else event.key not in known for event, who in events]


class EventWriter:
    """Stores events that come at the same time together: one write for all that wait while another is under way."""

    def __init__(self) -> None:
        self._waiting: list[tuple[Event, Member, asyncio.Future[bool | None]]] = []
        self._turn = asyncio.Lock()

    async def store(self, event: Event, who: Member) -> bool:
        """As `store_event`."""
        told: asyncio.Future[bool | None] = asyncio.get_running_loop().create_future()
        self._waiting.append((event, who, told))
        async with self._turn:
            # Whoever is let in first writes for all; it goes on where its own caller is cancelled.
            if not told.done():
                await asyncio.shield(asyncio.ensure_future(self._write()))
        stored = await told
        if stored is None:
            raise BeingErased
        return stored

    async def _write(self) -> None:
        batch, self._waiting = self._waiting[:MOST_AT_ONCE], self._waiting[MOST_AT_ONCE:]
        # Of one event that is told twice at once, the second is stored after the first, and so stands already.
        first = {event.key: place for place, (event, _, _) in reversed(list(enumerate(batch)))}
        chosen = [(batch[place][0], batch[place][1]) for place in sorted(first.values())]
        error = DatabaseDown("stopped while events were stored")
        try:
            answers = dict(zip((event.key for event, _ in chosen), await store_events(chosen), strict=True))
            for place, (event, _, told) in enumerate(batch):
                answer = answers[event.key]
                _tell(told, answer=answer if first[event.key] == place else answer and False)
        except DatabaseDown as down:
            error = down
        finally:
            for _, _, told in batch:
                _tell(told, error=error)


def _tell(told: asyncio.Future[bool | None], *, answer: bool | None = None, error: DatabaseDown | None = None) -> None:
    if told.done():
        return
    if error is None:
        told.set_result(answer)
    else:
        told.set_exception(error)
        # Whoever waits is told; that nobody waits any more is no fault.
        told.exception()


def _raw(event: Event, who: Member, quiet: frozenset[str]) -> dict[str, Any]:
    """The event as it is kept; what is not known is not written."""
    where = event.context.get("where") or {}
    teaches = who.preferences.learning and where.get("guildId") not in quiet
    known = {
        "trackId": event.track_id,
        "position": event.position,
        "undoes": event.undoes,
    }
    return {
        "_id": event.key,
        "userId": event.user_id,
        "playlistId": event.playlist_id,
        "event": event.kind,
        "contextJson": {**event.context, **({} if teaches else {"learning": False})},
        **{name: value for name, value in known.items() if value is not None},
    }


async def _insert(documents: Sequence[Mapping[str, Any]]) -> frozenset[PydanticObjectId]:
    """Inserts what is not there yet; the ids of those that stood already."""
    try:
        collection = FeedbackEvent.get_motor_collection()
        await collection.insert_many([stamped_new(document) for document in documents], ordered=False)
    except BulkWriteError as error:
        refused = (error.details or {}).get("writeErrors") or []
        other = [fault for fault in refused if fault.get("code") != _DUPLICATE]
        if other or (error.details or {}).get("writeConcernErrors"):
            raise DatabaseDown(f"{len(other)} events could not be stored") from error
        return frozenset(documents[fault["index"]]["_id"] for fault in refused)
    return frozenset()


async def _quiet_guilds(events: Iterable[Event]) -> frozenset[str]:
    """Those of the events' servers that paused learning."""
    guilds = {guild for event in events if (guild := (event.context.get("where") or {}).get("guildId"))}
    if not guilds:
        return frozenset()
    keys = [derived_id("guild", guild) for guild in sorted(guilds)]
    found = GuildSettings.get_motor_collection().find({"_id": {"$in": keys}, "learning": False}, {"guildId": 1})
    return frozenset([raw["guildId"] async for raw in found])


async def _erased(members: Iterable[Member]) -> set[PydanticObjectId]:
    """Those of the members who have had everything deleted since they were read, or are having it deleted."""
    since = {who.id: who.since for who in members}
    still = {"_id": {"$in": list(since)}, "$nor": [{"erasingAt": {"$gt": now() - ERASING}}]}
    found = User.get_motor_collection().find(still, {"createdAt": 1})
    standing = {raw["_id"] async for raw in found if raw.get("createdAt") == since[raw["_id"]]}
    return set(since) - standing


async def find_event(key: PydanticObjectId) -> Raw | None:
    """The stored event with that id. Raises DatabaseDown."""
    with guarded():
        found: Raw | None = await FeedbackEvent.get_motor_collection().find_one({"_id": key})
    return found


def context(stored: StoredPlaylist, *, source: Source, where: Raw, **more: Any) -> dict[str, Any]:
    """What the member saw, where, and which versions of the engine had made it."""
    session = stored.session
    return {
        "source": source,
        "shown": {"songs": len(stored.track_ids), "sessionId": session["_id"], "seed": session.get("seed")},
        "mood": [list(side) for side in mood_of_vibe(stored.vibe)],
        "where": dict(where),
        "models": {
            "parser": stored.queries[-1].get("modelVersion"),
            **{step["name"]: step["version"] for step in session.get("algorithms") or ()},
        },
        **more,
    }


def where_posted(stored: StoredPlaylist, *, guild_id: str | None, channel_id: str) -> dict[str, Any]:
    """Guild, channel and message of the card that was pressed."""
    posted = stored.playlist.get("discord") or {}
    return {"guildId": guild_id, "channelId": channel_id, "messageId": posted.get("messageId")}
