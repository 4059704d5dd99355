"""What changes on the playlist before, as events: a step by a button, or typed words (less energy, without number 7).

Their ids follow from the playlist that they make, so that they are found again when that one is undone.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bot.database import guarded
from bot.documents import FeedbackEvent, Key, derived_key
from bot.services.feedback.event_store import Event, Raw, context, store_event, store_events, where_posted
from bot.services.members import Member
from bot.services.playlists.follow_up import step_event
from bot.services.playlists.playlist_loader import StoredPlaylist
from bot.services.playlists.request import PlaylistRequest
from bot.services.values import FeedbackKind, FollowUpRequest


async def store_edits(wish: PlaylistRequest, parent: StoredPlaylist) -> None:
    """Stores what the words of `wish` change on `parent`; told again, nothing is stored twice. Raises DatabaseDown."""
    found = [(event, wish.who) for event in edits(wish, parent)]
    if found:
        await store_events(found)


async def store_press(change: FollowUpRequest, parent: StoredPlaylist, who: Member, *, made: Key) -> None:
    """Stores a press that makes the playlist `made` out of `parent`, once. Raises BeingErased, DatabaseDown."""
    where = where_posted(parent, guild_id=change.requester.guild_id, channel_id=change.requester.channel_id)
    axes = {step.axis: step.amount for step in change.changes}
    more = {"axis": change.changes[0].axis, "changes": axes} if change.changes else {}
    kind = step_event(change.changes)
    event = Event(
        key=_key(made, kind, None),
        user_id=who.id,
        playlist_id=parent.playlist["_id"],
        kind=kind,
        context=context(parent, source="button", where=where, **more),
    )
    await store_event(event, who)


async def step_events(made: Key, parent: StoredPlaylist) -> list[Raw]:
    """The events of the step, or of the words, that made a playlist out of `parent`. Raises DatabaseDown."""
    numbers = (None, *range(1, len(parent.track_ids) + 1))
    keys = [_key(made, kind, number) for kind in ("again", "more", "less", "remove") for number in numbers]
    with guarded():
        return list((await FeedbackEvent.raws(keys)).values())


def edits(wish: PlaylistRequest, parent: StoredPlaylist) -> Iterator[Event]:
    """One event for the axes that go up and one for those that go down, and one for each song that was named.

    The songs that go are removed; those that the set shall be more like are asked for more.
    """
    for kind, sign in (("more", 1), ("less", -1)):
        axes = {change.axis: change.amount for change in wish.vibe.changes if change.amount * sign > 0}
        if axes:
            yield _event(wish, parent, kind, axis=next(iter(axes)), changes=axes)
    if wish.edit is None:
        return
    for kind, numbers in (("remove", wish.edit.dropped), ("more", wish.edit.like)):
        for number in dict.fromkeys(numbers):
            if 1 <= number <= len(parent.track_ids):
                yield _event(wish, parent, kind, number=number)


def _event(
    wish: PlaylistRequest, parent: StoredPlaylist, kind: str, *, number: int | None = None, **more: Any
) -> Event:
    said: dict[str, FeedbackKind] = {"more": "more", "less": "less", "remove": "remove"}
    where = where_posted(parent, guild_id=wish.requester.guild_id, channel_id=wish.requester.channel_id)
    return Event(
        key=_key(wish.keys.playlist, kind, number),
        user_id=wish.who.id,
        playlist_id=parent.playlist["_id"],
        kind=said[kind],
        track_id=None if number is None else parent.track_ids[number - 1],
        position=number,
        context=context(parent, source="words", where=where, **more),
    )


def _key(made: Key, kind: str, number: int | None) -> Key:
    return derived_key("edit", str(made), kind, str(number))
