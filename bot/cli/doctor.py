"""``doctor``: looks at the whole set-up and names what is broken in it, and the fix."""

from __future__ import annotations

import asyncio
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.screen import errors, explained, output, print_json

if TYPE_CHECKING:
    from bot.doctor.findings import Finding

_SIGNS = {"ok": ("ok", "green"), "warn": ("warn", "yellow"), "broken": ("broken", "bold red")}


def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="Print all findings as one JSON object.")] = False,
) -> None:
    """Look at the set-up: token, permissions, database, disk, clock, catalogue and more, each with its fix.

    Exit codes: 0 nothing is broken; 1 something is, and has to be mended; 3 only a service does not answer.
    """
    with explained():
        from bot.doctor.findings import exit_code

        found = asyncio.run(_findings(show=not as_json))
        code = exit_code(found)
        if as_json:
            print_json({"ok": code == 0, "findings": [asdict(finding) for finding in found]})
        else:
            _sum_up(found)
    raise typer.Exit(code)


async def _findings(*, show: bool) -> list[Finding]:
    from bot.cli.places import home, kept_settings
    from bot.doctor.checkup import checkup

    found = []
    async for finding in checkup(kept_settings, home=home()):
        found.append(finding)
        if show:
            _show(finding)
    return found


def _show(finding: Finding) -> None:
    word, style = _SIGNS[finding.state]
    console = output()
    console.print(f"{word:<7}", style=style, end="", markup=False)
    console.print(f"{finding.name:<17}{finding.found}", markup=False, soft_wrap=True)
    if finding.fix:
        console.print(f"{'':<24}-> {finding.fix}", markup=False, soft_wrap=True)


def _sum_up(found: list[Finding]) -> None:
    broken = sum(finding.state == "broken" for finding in found)
    doubtful = sum(finding.state == "warn" for finding in found)
    words = (
        "All is well." if not broken + doubtful else f"{broken} broken, {doubtful} to look at, {len(found)} examined."
    )
    errors().print(words, markup=False)
