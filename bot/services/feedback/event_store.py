"""Feedback as it is written down: what happened, about what, and what the member was looking at."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from bot.database import guarded
from bot.documents import FeedbackEvent, GuildSettings, Key, User, now
from bot.errors import BeingErased, DatabaseDown
from bot.services.feedback.rating_values import mood_of_vibe
from bot.services.members import ERASING, Member
from bot.services.playlists.playlist_loader import StoredPlaylist
from bot.services.values import FeedbackKind

Raw = Mapping[str, Any]
Source = Literal["button", "menu", "reaction", "words"]

MOST_AT_ONCE = 2_000
"""Events in one write."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One FeedbackEvent before it is stored. `key` follows from what caused it; `context` goes to contextJson."""

    key: Key
    user_id: Key
    playlist_id: Key
    kind: FeedbackKind
    context: Raw
    track_id: Key | None = None
    position: int | None = None
    undoes: Key | None = None


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
    with guarded():
        quiet = await _quiet_guilds(event for event, _ in events)
        known = await FeedbackEvent.record_all([_raw(event, who, quiet) for event, who in events])
        gone = await _erased(who for _, who in events)
        lost = [event.key for event, who in events if who.id in gone]
        if lost:
            await FeedbackEvent.drop(lost, gone)
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


async def _quiet_guilds(events: Iterable[Event]) -> frozenset[str]:
    """Those of the events' servers that paused learning."""
    guilds = {guild for event in events if (guild := (event.context.get("where") or {}).get("guildId"))}
    return await GuildSettings.quiet_among(guilds)


async def _erased(members: Iterable[Member]) -> set[Key]:
    """Those of the members who have had everything deleted since they were read, or are having it deleted."""
    since = {who.id: who.since for who in members}
    return set(since) - await User.still_standing(since, not_erasing_since=now() - ERASING)


async def find_event(key: Key) -> Raw | None:
    """The stored event with that id. Raises DatabaseDown."""
    with guarded():
        return await FeedbackEvent.raw(key)


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
