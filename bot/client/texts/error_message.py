"""The form in which a member is told that something went wrong."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorMessage:
    """What happened and what to do next.

    `items` are lines in between, `tries` requests that a press asks for, `report` is the id that is in our log.
    """

    title: str
    cause: str
    step: str
    items: tuple[str, ...] = ()
    tries: tuple[str, ...] = ()
    report: str | None = None


def permission_name(permission: str) -> str:
    """The name that Discord's own settings show for a permission; in its interface a guild is called a server."""
    return permission.replace("_", " ").title().replace("Guild", "Server").replace(" In ", " in ")
