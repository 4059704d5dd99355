"""Feedback as it is written down: what happened, about what, and what the member was looking at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from beanie import PydanticObjectId

from bot.database import guarded
from bot.documents import FeedbackEvent
from bot.errors import BeingErased
from bot.services.members import Member, is_erased
from bot.services.stored import StoredPlaylist
from bot.services.values import FeedbackKind

Raw = Mapping[str, Any]
Source = Literal["button", "menu", "reaction"]


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

    What is done while learning is paused says so in its context, and never teaches anything. Raises BeingErased when
    the member has everything deleted meanwhile, DatabaseDown.
    """
    paused = {} if who.preferences.learning else {"learning": False}
    with guarded():
        new = await FeedbackEvent.record(
            event.key,
            user_id=event.user_id,
            event=event.kind,
            playlist_id=event.playlist_id,
            track_id=event.track_id,
            position=event.position,
            context={**event.context, **paused},
            undoes=event.undoes,
        )
    if await is_erased(who):
        with guarded():
            await FeedbackEvent.get_motor_collection().delete_one({"_id": event.key, "userId": who.id})
        raise BeingErased
    return new


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
