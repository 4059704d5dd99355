"""All that members read is one class, put together from one file a room."""

from __future__ import annotations

from bot.client.texts.messages import Messages


def test_no_room_writes_over_the_words_of_another() -> None:
    rooms = [room for room in Messages.__mro__ if room.__module__.startswith("bot.client")]
    said = [(name, room.__name__) for room in rooms for name in vars(room) if not name.startswith("_")]
    names = [name for name, _ in said]
    assert len(rooms) > 3
    assert {name: room for name, room in said if names.count(name) > 1} == {}
