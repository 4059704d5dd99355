"""Browser tests run where a Chromium is found. Elsewhere the last lines of the run say that they did not."""

import pytest

from tests.browser.driving import find_browser

_NOT_RUN = pytest.StashKey[int]()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Take the browser tests out of the run where there is no browser."""
    marked = [item for item in items if item.get_closest_marker("browser")]
    if marked and find_browser() is None:
        items[:] = [item for item in items if item not in marked]
        config.stash[_NOT_RUN] = len(marked)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Say so at the end."""
    if count := config.stash.get(_NOT_RUN, 0):
        names = "chromium or google-chrome on PATH"
        terminalreporter.write_line(f"not run: no browser ({count} browser tests need {names})", yellow=True)
