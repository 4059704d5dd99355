"""What changes on the playlist before, as events: a press on a step, or words ("less energy", "without number 7")."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from beanie import PydanticObjectId

from bot.documents import derived_id
from bot.services.chains import step_event
from bot.services.events import Event, context, store_event, store_events, where_posted
from bot.services.members import Member
from bot.services.stored import StoredPlaylist
from bot.services.values import Change, FeedbackKind
from bot.services.wishes import Wish


async def store_edits(wish: Wish, parent: StoredPlaylist) -> None:
    """Stores what the words of `wish` change on `parent`; told again, nothing is stored twice. Raises DatabaseDown."""
    await store_events([(event, wish.who) for event in edits(wish, parent)])


async def store_press(change: Change, parent: StoredPlaylist, who: Member) -> None:
    """Stores a press on `parent` that asks for the next set; delivered again, nothing is stored twice."""
    where = where_posted(parent, guild_id=change.asker.guild_id, channel_id=change.asker.channel_id)
    axes = {step.axis: step.amount for step in change.changes}
    more = {"axis": change.changes[0].axis, "changes": axes} if change.changes else {}
    event = Event(
        key=derived_id(change.press_id),
        user_id=who.id,
        playlist_id=parent.playlist["_id"],
        kind=step_event(change.changes),
        context=context(parent, source="button", where=where, **more),
    )
    await store_event(event, who)


def edits(wish: Wish, parent: StoredPlaylist) -> Iterator[Event]:
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


def _event(wish: Wish, parent: StoredPlaylist, kind: str, *, number: int | None = None, **more: Any) -> Event:
    said: dict[str, FeedbackKind] = {"more": "more", "less": "less", "remove": "remove"}
    where = where_posted(parent, guild_id=wish.asker.guild_id, channel_id=wish.asker.channel_id)
    return Event(
        key=derived_id("edit", str(wish.keys.playlist), kind, str(number)),
        user_id=wish.who.id,
        playlist_id=parent.playlist["_id"],
        kind=said[kind],
        track_id=None if number is None else PydanticObjectId(parent.track_ids[number - 1]),
        position=number,
        context=context(parent, source="words", where=where, **more),
    )
