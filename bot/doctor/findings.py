"""What the doctor says: one finding for each thing that was looked at."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from bot.log import redacted

State = Literal["ok", "warn", "broken"]
"""Fine; works, but look at it; does not work."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that was looked at: its `name`, what was `found` and, unless that is fine, the `fix`.

    `down` tells that a service does not answer, which may pass by itself; everything else is for the operator to mend.
    """

    name: str
    state: State
    found: str
    fix: str = ""
    down: bool = False


def fine(name: str, found: str) -> Finding:
    """Nothing to do."""
    return Finding(name=name, state="ok", found=redacted(found))


def doubtful(name: str, found: str, fix: str) -> Finding:
    """It works, and should be looked at."""
    return Finding(name=name, state="warn", found=redacted(found), fix=fix)


def broken(name: str, found: str, fix: str, *, down: bool = False) -> Finding:
    """It does not work."""
    return Finding(name=name, state="broken", found=redacted(found), fix=fix, down=down)


def exit_code(findings: Iterable[Finding]) -> int:
    """0 when nothing is broken, 3 when all that is broken is a service that does not answer, else 1."""
    bad = [finding for finding in findings if finding.state == "broken"]
    if not bad:
        return 0
    return 3 if all(finding.down for finding in bad) else 1
