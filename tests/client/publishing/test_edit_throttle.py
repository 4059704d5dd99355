"""Edits keep their distance, and a double click is one press."""

import asyncio

from bot.client.publishing.edit_throttle import EDIT_SECONDS, REMEMBERED, EditThrottle, PressGuard


async def test_the_first_edit_of_a_message_waits_for_nothing() -> None:
    loop, pace = asyncio.get_running_loop(), EditThrottle()
    before = loop.time()
    assert await pace.turn(1)
    assert await pace.turn(2)
    assert loop.time() - before < EDIT_SECONDS


async def test_of_many_edits_only_the_last_is_made_and_it_keeps_the_distance() -> None:
    loop, pace = asyncio.get_running_loop(), EditThrottle()
    pace.note(1)
    before = loop.time()
    assert await asyncio.gather(*(pace.turn(1) for _ in range(5))) == [False, False, False, False, True]
    assert loop.time() - before >= EDIT_SECONDS


async def test_old_messages_are_forgotten() -> None:
    pace = EditThrottle()
    for message_id in range(REMEMBERED + 1):
        pace.note(message_id)
    before = asyncio.get_running_loop().time()
    assert await pace.turn(0)
    assert asyncio.get_running_loop().time() - before < EDIT_SECONDS


def test_a_press_counts_once_while_it_is_answered() -> None:
    presses = PressGuard()
    with presses.one(1, "love") as first, presses.one(1, "love") as second, presses.one(2, "love") as other:
        assert (first, second, other) == (True, False, True)
    with presses.one(1, "love") as again:
        assert again
