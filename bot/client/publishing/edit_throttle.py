"""Edits of one message, at most one in EDIT_SECONDS; and presses, one at a time for each member and button."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager

EDIT_SECONDS = 1.5
"""Discord slows a bot down that edits one message more often."""

REMEMBERED = 512
"""Messages whose last edit is remembered; older ones were edited long ago."""


class EditThrottle:
    """When each message was edited last. Lives as long as the bot, and holds no more than REMEMBERED messages."""

    def __init__(self) -> None:
        self._edited: OrderedDict[int, float] = OrderedDict()
        self._latest: dict[int, object] = {}

    def note(self, message_id: int) -> None:
        """Remember that the message was edited now."""
        self._edited[message_id] = asyncio.get_running_loop().time()
        self._edited.move_to_end(message_id)
        while len(self._edited) > REMEMBERED:
            self._edited.popitem(last=False)

    async def turn(self, message_id: int) -> bool:
        """Wait until the message may be edited, and note the edit.

        False when a later call for the same message came meanwhile: that one edits, this one need not.
        """
        mine = self._latest[message_id] = object()
        now = asyncio.get_running_loop().time()
        await asyncio.sleep(max(0.0, self._edited.get(message_id, now - EDIT_SECONDS) + EDIT_SECONDS - now))
        if self._latest.get(message_id) is not mine:
            return False
        del self._latest[message_id]
        self.note(message_id)
        return True


class PressGuard:
    """The presses being answered, so that a double click does one thing."""

    def __init__(self) -> None:
        self._running: set[tuple[int, str]] = set()

    @contextmanager
    def one(self, user_id: int, custom_id: str) -> Iterator[bool]:
        """True for the first of a member's presses on a button, False while that one is still being answered."""
        key = (user_id, custom_id)
        if key in self._running:
            yield False
            return
        self._running.add(key)
        try:
            yield True
        finally:
            self._running.discard(key)
