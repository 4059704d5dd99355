"""One request, from the door it came in by to its end: its id, its stages, how it ended.

The request is kept in a context variable, so that every line logged on its way carries its id and every stage can be
noted without handing anything down. What is noted here are names out of our code and durations: never a word, a name
or an id of a member.
"""

from __future__ import annotations

import contextlib
import secrets
import time
from collections.abc import Iterable, Iterator
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Literal, Protocol

Outcome = Literal["done", "refused", "down", "bug"]
"""How a request ended: well; it cannot be met as it stands; a service did not answer; a fault of ours."""


@dataclass(slots=True, kw_only=True)
class Request:
    """A request under way. `door` is the command, press or event it came in by, `failure` the class of its error.

    `words` are texts of the member that no line of the log may repeat.
    """

    id: str
    door: str
    started: float
    stages: list[tuple[str, float]] = field(default_factory=list)
    outcome: Outcome = "done"
    failure: str = ""
    words: list[str] = field(default_factory=list)


class Watcher(Protocol):
    """Is told of every request when it has ended."""

    def ended(self, request: Request, seconds: float) -> None:
        """The request took `seconds`. Never raises."""


_current: ContextVar[Request | None] = ContextVar("request", default=None)


@contextlib.contextmanager
def request(door: str, watcher: Watcher | None = None) -> Iterator[Request]:
    """A request for as long as the block lasts; a door within a door belongs to the outer request."""
    outer = _current.get()
    if outer is not None:
        yield outer
        return
    own = Request(id=secrets.token_hex(4), door=door, started=time.perf_counter())
    token = _current.set(own)
    try:
        yield own
    finally:
        _current.reset(token)
        if watcher is not None:
            watcher.ended(own, time.perf_counter() - own.started)


def request_id() -> str | None:
    """The id of the request that is under way here, 8 hexadecimal digits; None outside of one."""
    current = _current.get()
    return None if current is None else current.id


def keep_private(words: str) -> None:
    """Keep what the member wrote out of the log, also where an error that nobody foresaw repeats it."""
    current = _current.get()
    if current is not None and words:
        current.words.append(words)


def private_words() -> tuple[str, ...]:
    """What the log may not repeat here."""
    current = _current.get()
    return () if current is None else tuple(current.words)


def note_failure(outcome: Outcome, failure: str) -> None:
    """How the request under way failed: the class of its error as `failure`."""
    current = _current.get()
    if current is not None:
        current.outcome, current.failure = outcome, failure


def note_stages(milliseconds: Iterable[tuple[str, float]]) -> None:
    """How long stages of the request under way took; `name` is one out of the code."""
    current = _current.get()
    if current is not None:
        current.stages.extend((name, ms / 1000) for name, ms in milliseconds)
