"""All sentences for facts, gathered: importing this teaches `told` every one of them."""

from __future__ import annotations

from collections.abc import Iterable

from bot.client.texts.facts import (
    artifact_faults,
    conflicts,
    files,
    notes,
    reasons,
    relaxed,
    services,
    setting_faults,
    why_not,
    wishes,
)
from bot.client.texts.facts.dispatch import told
from bot.facts import Fact

__all__ = [
    "artifact_faults",
    "conflicts",
    "files",
    "notes",
    "reasons",
    "relaxed",
    "services",
    "setting_faults",
    "told",
    "told_all",
    "why_not",
    "wishes",
]


def told_all(facts: Iterable[Fact]) -> tuple[str, ...]:
    """A sentence for each fact."""
    return tuple(map(told, facts))
