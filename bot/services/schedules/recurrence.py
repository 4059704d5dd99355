"""When something repeats: a time of the day on some days, in a time zone, and the next moment that it comes.

Daylight saving: a time that a day does not have comes as much later as the clock is put forward, and one that a day
has twice comes the first time, as RFC 5545 has it. Either way every day has it once.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import Literal
from zoneinfo import ZoneInfo, available_timezones

Unit = Literal["day", "week"]

WEEK = 7
MOST_WEEKS, MOST_DAYS = 12, 31
"""The rarest that something repeats."""


@dataclass(frozen=True, slots=True, kw_only=True)
class When:
    """Every so many days or weeks, at a time of the day.

    `every` counts days or weeks from `anchor`, a day on which it comes. `days` are weekdays, 0 for Monday to 6 for
    Sunday, empty for days. `minute` is the time in minutes after midnight on the clock of the zone, 0 to 1439.
    """

    unit: Unit
    minute: int
    every: int = 1
    days: tuple[int, ...] = ()
    anchor: date = date.min

    def starting(self, zone: ZoneInfo, after: datetime) -> When:
        """The same with its anchor on the first day that it comes after `after`; weeks without a day get that one."""
        often = replace(self, every=1, unit="week" if self.days else "day")
        first = next_after(often, zone, after).astimezone(zone).date()
        days = self.days if self.days or self.unit == "day" else (first.weekday(),)
        return replace(self, anchor=first, days=days)

    def falls_on(self, day: date) -> bool:
        """Whether it comes on that day."""
        if self.unit == "day":
            return (day - self.anchor).days % self.every == 0
        weeks = _week(day) - _week(self.anchor)
        return day.weekday() in self.days and weeks % self.every == 0


def next_after(when: When, zone: ZoneInfo, after: datetime) -> datetime:
    """The first moment later than `after` at which it comes, in UTC."""
    for day in _days_from(after.astimezone(zone).date() - timedelta(days=1)):
        if when.falls_on(day):
            moment = _moment(day, when.minute, zone)
            if moment > after:
                return moment
    raise AssertionError(f"{when} never comes")


def zones_like(words: str, limit: int) -> tuple[str, ...]:
    """The names of time zones for what was typed so far, those whose city begins with it first."""
    typed = words.strip().replace(" ", "_").casefold()
    found = [(_rank(key, typed), name) for key, name in _zones().items() if typed in key]
    return tuple(name for _, name in sorted(found)[:limit])


def _rank(key: str, typed: str) -> int:
    city = key.rpartition("/")[2]
    return 0 if city.startswith(typed) else 1 if key.startswith(typed) else 2


@cache
def _zones() -> dict[str, str]:
    """All time zones a person may live in, by their name in lower case."""
    kept = (name for name in available_timezones() if "/" in name and not name.startswith(("Etc/", "SystemV/")))
    return {name.casefold(): name for name in ("UTC", *sorted(kept))}


def _days_from(first: date) -> Iterator[date]:
    """Enough days for the rarest repetition to come twice, however a zone moves them."""
    return (first + timedelta(days=ahead) for ahead in range(2 * MOST_WEEKS * WEEK + WEEK))


def _moment(day: date, minute: int, zone: ZoneInfo) -> datetime:
    # The first of two equal times and the offset before a gap are both fold=0.
    return datetime.combine(day, time(minute // 60, minute % 60), zone).astimezone(UTC)


def _week(day: date) -> int:
    """Weeks since the first Monday of the calendar."""
    return (day.toordinal() - 1) // WEEK
