"""The referee: every request that the bot makes in a test is checked against what Discord says it takes.

With `from tests.referee import referee` in the root conftest, each test that runs the bot in simcord fails when one
of its requests is not valid, whether or not the simulation minded.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest
from simcord.http import router

from tests.specifications.document import Document
from tests.specifications.written_rules import body_faults


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A request as it left the bot. `json` is the body or its `payload_json`; `files` the names of the uploads."""

    method: str
    path: str
    params: Mapping[str, Any] = field(default_factory=dict)
    json: Any = None
    files: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Violation:
    """A request that Discord would not take, and why."""

    method: str
    path: str
    fault: str

    def __str__(self) -> str:
        return f"{self.method} {self.path}: {self.fault}"


def check(entries: Iterable[Any]) -> list[Violation]:
    """What is wrong with these requests: `Request`s, or the entries of simcord's `env.http_requests`."""
    return [
        Violation(method=entry.method, path=entry.path, fault=fault) for entry in entries for fault in _faults(entry)
    ]


def _faults(entry: Any) -> tuple[str, ...]:
    """What is wrong with a request. The same request is judged once: each simulated bot sends all its commands."""
    files = getattr(entry, "files", None)
    sent = _named_alike(repr((entry.method, entry.path, entry.params, entry.json, files)))
    if sent not in _JUDGED:
        faults = list(Document.load().faults(entry.method, entry.path, entry.params or {}, entry.json))
        if not faults:
            faults = list(body_faults(entry.method, entry.path, entry.json, files))
        _JUDGED[sent] = tuple(faults)
    return _JUDGED[sent]


_JUDGED: dict[str, tuple[str, ...]] = {}
_ID = re.compile(r"(?<![0-9a-f])(?:[0-9a-f]{24}|[1-9][0-9]{16,19})(?![0-9a-f])")


def _named_alike(sent: str) -> str:
    """A request with its ids numbered in their order, each as long as it was: what is the same but for the ids of
    stored things and of Discord's is judged alike. Ids that are equal stay equal.
    """
    numbers: dict[str, str] = {}
    return _ID.sub(lambda found: numbers.setdefault(found[0], f"<{len(numbers)}:{len(found[0])}>"), sent)


@pytest.fixture(autouse=True)
def referee(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Request]]:
    """Watch the requests of one test; it fails at its end when Discord would have refused any of them."""
    requests: list[Request] = []
    dispatch = router.dispatch

    def watched(backend: Any, method: str, path: str, **options: Any) -> Any:
        names = tuple(file.filename for file in options.get("files") or ())
        body, params = copy.deepcopy(options.get("json")), dict(options.get("params") or {})
        requests.append(Request(method=method, path=path, params=params, json=body, files=names))
        return dispatch(backend, method, path, **options)

    monkeypatch.setattr(router, "dispatch", watched)
    yield requests
    if violations := check(requests):
        advice = "\n(what discord.py adds of its own is taken off by bot.client.openapi_payloads.speak_exactly)"
        pytest.fail("Discord would not take this:\n" + "\n".join(map(str, violations)) + advice, pytrace=False)
