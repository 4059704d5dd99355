"""Schedules as they are stored, turned into what a card shows."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from bot.documents import Schedule
from bot.documents.schedule import Rule
from bot.services.schedules.recurrence import When
from bot.services.schedules.views import Outcome, ScheduleView


def rule_of(when: When) -> Rule:
    """A repeating time as it is stored."""
    return Rule(
        unit=when.unit,
        every=when.every,
        days=list(when.days),
        minute=when.minute,
        anchor=when.anchor.isoformat(),
    )


def when_of(rule: Rule) -> When:
    """A repeating time as it was stored."""
    return When(
        unit=rule.unit,
        every=rule.every,
        days=tuple(rule.days),
        minute=rule.minute,
        anchor=date.fromisoformat(rule.anchor),
    )


def view_of(schedule: Schedule, labels: Mapping[str, str]) -> ScheduleView:
    """A schedule as a card shows it; `labels` are those of the server's moods by key."""
    key = schedule.mood_key
    last = schedule.last
    return ScheduleView(
        schedule_id=str(schedule.id),
        guild_id=schedule.guild_id,
        channel_id=schedule.channel_id,
        vibe=schedule.text or "" if key is None else labels.get(key) or key.rpartition(":")[2],
        mood=key,
        when=when_of(schedule.rule),
        time_zone=schedule.time_zone,
        state=schedule.state,
        reason=schedule.reason,
        next_at=schedule.next_at,
        last=None
        if last is None
        else Outcome(slot=last.slot, result=last.outcome, reason=last.reason, message_id=last.message_id),
    )
