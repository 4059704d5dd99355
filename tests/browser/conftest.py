"""Browser tests run where a Chromium is found. Elsewhere the last lines of the run say that they did not."""

import pytest

from tests.browser.driving import find_browser
from tests.browser.not_run import leave_out


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Take the browser tests out of the run where there is no browser."""
    marked = [item for item in items if item.get_closest_marker("browser")]
    if marked and find_browser() is None:
        items[:] = [item for item in items if item not in marked]
        leave_out(config, len(marked))
