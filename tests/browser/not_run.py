"""What is not run for want of a browser, said in the last lines of a run: by one process or by several workers.

The root conftest takes these hooks in, as the process that writes the last lines reads no conftest of a room.
"""

from __future__ import annotations

from typing import Any

import pytest

_NOT_RUN = pytest.StashKey[int]()
_TOLD = "browser tests not run"


def leave_out(config: pytest.Config, count: int) -> None:
    """Note that so many tests are left out."""
    config.stash[_NOT_RUN] = count


def pytest_sessionfinish(session: pytest.Session) -> None:
    """A worker tells the process that it works for."""
    told: dict[str, Any] | None = getattr(session.config, "workeroutput", None)
    if told is not None:
        told[_TOLD] = session.config.stash.get(_NOT_RUN, 0)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """A worker is done: each of them has left out the same tests."""
    told = getattr(node, "workeroutput", {})
    if count := told.get(_TOLD, 0):
        leave_out(node.config, count)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Say so at the end."""
    if count := config.stash.get(_NOT_RUN, 0):
        names = "chromium or google-chrome on PATH"
        terminalreporter.write_line(f"not run: no browser ({count} browser tests need {names})", yellow=True)
