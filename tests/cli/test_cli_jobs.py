"""`python -m bot jobs`: what happens by itself, as an operator reads it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.database import Database
from bot.scheduler.table import EXPIRE_TEXTS, PLANS
from bot.services.job_ledger import LeaseHold, Ledger
from bot.settings import Settings
from tests.cli.test_cli import apart, here


async def test_jobs_are_listed_with_their_last_and_next_runs(
    database: Database, settings: Settings, tmp_path: Path
) -> None:
    async def blank(turn: LeaseHold) -> str:
        return "3 blanked"

    slot = EXPIRE_TEXTS.slot_at(datetime.now(UTC))
    await Ledger().once(EXPIRE_TEXTS.name, slot, blank)
    assert settings.mongodb_uri is not None
    server = {"MONGODB_URI": settings.mongodb_uri.get_secret_value(), "MONGODB_DATABASE": settings.mongodb_database}
    told = apart("jobs", "--json", cwd=tmp_path, **server).object()
    rows = {row["name"]: row for row in told["jobs"]}
    assert list(rows) == [plan.name for plan in PLANS]
    assert rows["post-vibes"]["last"] is None
    assert rows["post-vibes"]["due"]
    assert not rows["reconcile-reactions"]["due"], "it comes when the bot was away"
    assert not rows["expire-texts"]["due"]
    last = rows["expire-texts"]["last"]
    assert (last["state"], last["note"], last["attempt"]) == ("finished", "3 blanked", 1)
    assert last["durationMs"] >= 0
    assert datetime.fromisoformat(last["slot"]) == slot
    assert datetime.fromisoformat(told["now"]) < datetime.fromisoformat(rows["expire-texts"]["next"])
    table = apart("jobs", cwd=tmp_path, COLUMNS="200", **server)
    assert table.code == 0
    assert "finished: 3 blanked" in table.out
    assert "never" in table.out
    assert "due now" in table.out


def test_without_a_database_jobs_say_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.cli.jobs.PATIENCE_S", 0.1)
    address = str(tmp_path / "gone.sock").replace("/", "%2F")
    done = here("jobs", MONGODB_URI=f"mongodb://{address}")
    assert done.code == 3
    assert "MongoDB does not answer" in done.err
