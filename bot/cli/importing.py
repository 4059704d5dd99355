"""``import``: songs of a CSV file into the catalogue."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli.screen import errors, explained, output, print_json

if TYPE_CHECKING:
    from rich.progress import TaskID

    from bot.catalogue.importer import ImportReport, OnProgress, Stage

_STAGES: dict[Stage, str] = {"read": "reading", "store": "storing"}
_REJECTED_SHOWN = 20
PATIENCE_S = 15.0
"""How long a database that is down is waited for."""


def import_songs(
    file: Annotated[Path, typer.Argument(help="A CSV file with one song a row; its header says which layout it is.")],
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the counts and all bad rows as one JSON object.")
    ] = False,
) -> None:
    """Bring the songs of a CSV file into the catalogue; importing twice changes nothing."""
    with explained(), _bar() as on_progress:
        report = asyncio.run(_import(file, on_progress))
    if as_json:
        print_json(as_object(file, report))
    else:
        _show(report)


async def _import(file: Path, on_progress: OnProgress) -> ImportReport:
    from bot.catalogue.importer import import_csv
    from bot.cli.places import kept_settings
    from bot.database import open_database

    async with open_database(kept_settings()) as database:
        await database.wait_ready(PATIENCE_S)
        return await import_csv(file, on_progress)


@contextmanager
def _bar() -> Iterator[OnProgress]:
    """Progress bars on standard error: bytes read, then songs stored."""
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
    with Progress(*columns, console=errors(), transient=True) as progress:
        tasks: dict[Stage, TaskID] = {
            stage: progress.add_task(words, total=None, start=stage == "read") for stage, words in _STAGES.items()
        }

        def on_progress(stage: Stage, done: int, total: int) -> None:
            progress.start_task(tasks[stage])
            progress.update(tasks[stage], completed=done, total=total)

        yield on_progress


def as_object(file: Path, report: ImportReport) -> dict[str, Any]:
    """What `import --json` prints."""
    return {
        "file": file.name,
        "rows": report.rows,
        "new": report.new,
        "updated": report.updated,
        "unchanged": report.unchanged,
        "rejected": [{"line": row.line, "reason": row.reason} for row in report.rejected],
    }


def _show(report: ImportReport) -> None:
    output().print(
        f"{report.rows} rows: {report.new} new songs, {report.updated} updated, {report.unchanged} unchanged, "
        f"{len(report.rejected)} rows rejected"
    )
    console = errors()
    for row in report.rejected[:_REJECTED_SHOWN]:
        console.print(f"line {row.line}: {row.reason}", style="yellow", markup=False, soft_wrap=True)
    if len(report.rejected) > _REJECTED_SHOWN:
        console.print(f"and {len(report.rejected) - _REJECTED_SHOWN} more; --json lists all of them")
