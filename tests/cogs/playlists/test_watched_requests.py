"""What the operators' figures and the log tell of members' requests: how they went, and nothing of the members."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator

import pytest

from bot.client.bot import VibratoBot
from bot.log import set_up_logging
from bot.web.metrics import Metrics
from tests.cogs.staging import Card, open_stage
from tests.web.samples import Samples

SECRET = "valentine"


async def test_requests_show_in_the_figures_and_no_member_does(bot: VibratoBot) -> None:
    bot.watcher = metrics = Metrics()
    async for stage in open_stage(bot):
        posted = (await stage.vibe(f"calm rainy sunday for my {SECRET}")).response
        await stage.bo.click(posted, label="Love it")
        await stage.vibe("   ")
        await stage.ada.react(posted, "👍")
        ids = [str(thing.id) for thing in (stage.ada, stage.bo, stage.guild, stage.channel)]
    text = metrics.text().decode()
    values = Samples.of(text)
    assert values["vibrato_requests_total", "/vibe", "done"] == 1
    assert values["vibrato_requests_total", "/vibe", "refused"] == 1
    assert values["vibrato_requests_total", "press set", "done"] == 1
    assert values["vibrato_requests_total", "reaction", "done"] >= 1
    assert values["vibrato_failures_total", "EmptyRequest"] == 1
    assert values["vibrato_stage_seconds_count", "parse"] == 1
    assert values["vibrato_stage_seconds_count", "select"] == 1
    assert values["vibrato_request_seconds_count", "/vibe"] == 2
    assert not [word for word in (*ids, SECRET, "Ada", "ada", "music", "rainy") if word in text]


@pytest.fixture
def logged() -> Iterator[io.StringIO]:
    stream, root = io.StringIO(), logging.getLogger()
    handlers, level = root.handlers[:], root.level
    set_up_logging("INFO", "json", stream)
    yield stream
    root.handlers[:] = handlers
    root.setLevel(level)


async def test_a_bug_is_counted_and_found_in_the_log_by_the_id_the_member_was_told(
    bot: VibratoBot, monkeypatch: pytest.MonkeyPatch, logged: io.StringIO
) -> None:
    def broken(*words: object) -> None:
        raise ZeroDivisionError(f"cannot parse {words[0]}")

    bot.watcher = metrics = Metrics()
    monkeypatch.setattr(bot.services.playlists._reader._parser, "parse", broken, raising=False)
    async for stage in open_stage(bot):
        (failure,) = (await stage.vibe(f"calm {SECRET}")).followups
        told = Card(failure.components).text
    assert Samples.of(metrics.text().decode())["vibrato_requests_total", "/vibe", "bug"] == 1
    assert Samples.of(metrics.text().decode())["vibrato_failures_total", "ZeroDivisionError"] == 1
    (line,) = (one for one in map(json.loads, logged.getvalue().splitlines()) if "error" in one)
    assert line["request"] in told
    assert "ZeroDivisionError" in line["error"]
    assert SECRET not in logged.getvalue()
