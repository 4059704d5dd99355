"""A repeating time out of words: "every friday 18:00", "daily 9:30", "weekdays at 8am", "every 2 weeks on mon 8pm"."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field

from bot.errors import BadTime, TimeFault
from bot.services.schedules.recurrence import MOST_DAYS, MOST_WEEKS, WEEK, Unit, When

LONGEST = 100
"""Characters that are read."""

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_SHORT = {"tues": 1, "weds": 2, "thur": 3, "thurs": 3}
_NAMES = {
    **{name: place for place, name in enumerate(_DAYS)},
    **{f"{name}s": place for place, name in enumerate(_DAYS)},
    **{name[:3]: place for place, name in enumerate(_DAYS)},
    **_SHORT,
}
_GROUPS = {
    **dict.fromkeys(("weekday", "weekdays", "workday", "workdays"), range(5)),
    **dict.fromkeys(("weekend", "weekends"), range(5, 7)),
}
_DAILY = frozenset({"daily", "everyday", "nightly", "day", "days", "night", "nights", "morning", "evening"})
_WEEKLY = frozenset({"weekly", "week", "weeks"})
_FORTNIGHT = frozenset({"fortnight", "fortnightly", "biweekly"})
_COUNTS = {"other": 2, "second": 2, "two": 2, "three": 3, "four": 4, "third": 3, "fourth": 4}
_FILLERS = frozenset({"every", "each", "all", "on", "at", "and", "the", "from", "of", "in", "o'clock", "a", "once"})
_TOO_OFTEN = frozenset({"hour", "hours", "hourly", "minute", "minutes"})
_TOO_RARE = frozenset({"month", "months", "monthly", "year", "years", "yearly", "annually", "first", "last"})
_ONCE = frozenset({"today", "tonight", "tomorrow", "next", "now"})

_TIME = re.compile(
    r"(?P<at>\bat )?\b(?P<hour>\d{1,2})(?:[:.h](?P<minute>\d{2})(?!\d))?"
    r"(?:\s*(?P<half>a\.?m\b\.?|p\.?m\b\.?|in the (?:morning|afternoon|evening)|at night)"
    r"|\s*(?P<clock>h\b|uhr\b|o'?clock\b)|(?![\w:]))"
    r"|\b(?P<named>noon|midday|midnight)\b"
)
_DATE = re.compile(r"\b\d{1,4}([-./])\d{1,2}(?:\1\d{1,4}\b|\.(?!\d))")
_RANGE = re.compile(
    rf"\b({'|'.join(_NAMES)})\s*(?:-|–|—|\bto\b|\bthrough\b|\bthru\b|\btill\b)\s*({'|'.join(_NAMES)})\b"
)
_WORD = re.compile(r"[^\s,;&/+]+")


@dataclass(slots=True, kw_only=True)
class _Said:
    """What the words came to so far."""

    days: set[int] = field(default_factory=set)
    unit: Unit | None = None
    every: int | None = None


def read_when(text: str) -> When:
    """The repeating time that a text says, without an anchor. Raises BadTime, which names what is wrong with it."""
    line = " ".join(unicodedata.normalize("NFKC", text[:LONGEST]).casefold().replace("’", "'").split())
    if not line:
        raise BadTime(fault="empty")
    if dated := _DATE.search(line):
        raise BadTime(fault="once", word=dated[0])
    found = [match for match in _TIME.finditer(line) if _is_time(match)]
    said = _said(_TIME.sub(lambda match: " " if _is_time(match) else match[0], line))
    if len(found) > 1:
        raise BadTime(fault="two_times")
    when = _repetition(said)
    if not found:
        raise BadTime(fault="no_time")
    minute = _minute(found[0])
    if when is None:
        raise BadTime(fault="no_day")
    unit, every, days = when
    return When(unit=unit, every=every, days=days, minute=minute)


def _is_time(match: re.Match[str]) -> bool:
    """Whether a number is meant as a time: with minutes, after "at", before "pm" or "o'clock"."""
    return any(match[part] for part in ("named", "at", "minute", "half", "clock"))


def _said(rest: str) -> _Said:
    said = _Said()
    for match in _RANGE.finditer(rest):
        said.days.update(_between(_NAMES[match[1]], _NAMES[match[2]]))
    for word in _WORD.findall(_RANGE.sub(" ", rest)):
        _take(said, word.strip(".'!?"))
    return said


def _take(said: _Said, word: str) -> None:
    """One word more. Raises BadTime for one that has no place in a repeating time."""
    if not word or word in _FILLERS:
        return
    if word in _NAMES:
        said.days.add(_NAMES[word])
    elif word in _GROUPS:
        said.days.update(_GROUPS[word])
    elif word in _COUNTS or word.isdecimal():
        _count(said, word)
    elif word in _DAILY or word in _WEEKLY:
        said.unit = "day" if word in _DAILY else "week"
    elif word in _FORTNIGHT:
        said.unit, said.every = "week", 2
    else:
        raise BadTime(fault=_fault(word), word=word)


def _count(said: _Said, word: str) -> None:
    if said.every is not None:
        raise BadTime(fault="unknown", word=word)
    said.every = _COUNTS.get(word) or int(word[:4])


def _fault(word: str) -> TimeFault:
    if word in _TOO_OFTEN:
        return "too_often"
    if word in _TOO_RARE or re.fullmatch(r"\d+(st|nd|rd|th)", word):
        return "too_rare"
    return "once" if word in _ONCE else "unknown"


def _repetition(said: _Said) -> tuple[Unit, int, tuple[int, ...]] | None:
    """Days or weeks, how many, and on which weekdays; None when the words say neither."""
    every = 1 if said.every is None else said.every
    if said.days:
        if said.unit == "day" and every > 1:
            raise BadTime(fault="unknown", word=str(every))
        _limited(every, MOST_WEEKS)
        whole = len(said.days) == WEEK and every == 1
        return ("day", 1, ()) if whole else ("week", every, tuple(sorted(said.days)))
    if said.unit is None:
        if said.every is not None:
            raise BadTime(fault="unknown", word=str(said.every))
        return None
    _limited(every, MOST_DAYS if said.unit == "day" else MOST_WEEKS)
    return said.unit, every, ()


def _limited(every: int, most: int) -> None:
    if every < 1:
        raise BadTime(fault="unknown", word=str(every))
    if every > most:
        raise BadTime(fault="too_rare", word=str(every))


def _minute(match: re.Match[str]) -> int:
    """The time of a day in minutes. Raises BadTime for one that no clock shows."""
    if match["named"]:
        return 0 if match["named"] == "midnight" else 12 * 60
    hour, minute = int(match["hour"]), int(match["minute"] or 0)
    half = (match["half"] or "").replace(".", "")
    if minute > 59 or hour > 23 or (half and not 1 <= hour <= 12):
        raise BadTime(fault="no_such_time", word=match[0].strip())
    if half:
        late = half == "pm" or half.endswith(("afternoon", "evening", "night"))
        hour = hour % 12 + (12 if late else 0)
    return hour * 60 + minute


def _between(first: int, last: int) -> Iterable[int]:
    """The weekdays from the first to the last; friday to monday goes over the weekend."""
    return ((first + ahead) % WEEK for ahead in range((last - first) % WEEK + 1))
