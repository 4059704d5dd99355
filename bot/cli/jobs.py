"""``jobs``: what happens by itself, when it came last and comes next, and what came of it."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli.screen import explained, output, print_json

if TYPE_CHECKING:
    from bot.scheduler.table import Plan
    from bot.services.job_ledger import RunView

PATIENCE_S = 15.0
"""How long a database that is down is waited for."""


def jobs(as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False) -> None:
    """List the jobs with their last and next runs, what came of them, and how long it took."""
    with explained():
        now, found = asyncio.run(_found())
    if as_json:
        print_json({"now": now.isoformat(), "jobs": [as_object(plan, run, now) for plan, run in found]})
    else:
        _show(found, now)


async def _found() -> tuple[datetime, list[tuple[Plan, RunView | None]]]:
    from bot.cli.places import kept_settings
    from bot.database import open_database
    from bot.scheduler.table import PLANS
    from bot.services.job_ledger import Ledger, latest_run

    async with open_database(kept_settings()) as database:
        await database.wait_ready(PATIENCE_S)
        return await Ledger().now(), [(plan, await latest_run(plan.name)) for plan in PLANS]


def as_object(plan: Plan, run: RunView | None, now: datetime) -> dict[str, Any]:
    """What `jobs --json` prints about one of them."""
    last = run and {
        "slot": run.slot.isoformat(),
        "state": run.state,
        "note": run.note,
        "attempt": run.attempt,
        "startedAt": run.started_at and run.started_at.isoformat(),
        "durationMs": run.duration_ms,
    }
    return {
        "name": plan.name,
        "what": plan.what,
        "everySeconds": plan.every.total_seconds(),
        "last": last,
        "due": is_due(plan, run, now),
        "next": plan.next_after(now).isoformat(),
    }


def is_due(plan: Plan, run: RunView | None, now: datetime) -> bool:
    """Whether the latest slot was not begun yet, or not ended: the next process that looks takes it up."""
    if run is None or run.slot < plan.slot_at(now):
        return not plan.on_call
    return run.state == "started"


def _show(found: list[tuple[Plan, RunView | None]], now: datetime) -> None:
    from rich.table import Table

    table = Table("job", "last slot (UTC)", "came to", "took", "next slot (UTC)", "what it does", box=None)
    for plan, run in found:
        last = ("never", "", "") if run is None else (_at(run.slot), _came_to(run), _took(run))
        following = "when needed" if plan.on_call else _at(plan.next_after(now))
        following = "due now" if is_due(plan, run, now) else following
        table.add_row(plan.name, *last, following, plan.what)
    output().print(table)


def _at(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M}"


def _came_to(run: RunView) -> str:
    again = f" (attempt {run.attempt})" if run.attempt > 1 else ""
    return f"{run.state}{again}: {run.note}" if run.note else f"{run.state}{again}"


def _took(run: RunView) -> str:
    return "" if run.duration_ms is None else f"{run.duration_ms:.0f} ms"
