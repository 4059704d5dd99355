"""Repeating times: what words say, and when they come, daylight saving and leap days included."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import BadTime
from bot.services.schedules.recurrence import When, next_after, zones_like
from bot.services.schedules.recurrence_parser import read_when

BERLIN = ZoneInfo("Europe/Berlin")
SUNDAY = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
"""A Sunday, at 13:00 in Berlin."""


def said(unit: str, minute: int, every: int = 1, days: tuple[int, ...] = ()) -> When:
    return When(unit=unit, minute=minute, every=every, days=days)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "when"),
    [
        ("every friday 18:00", said("week", 1080, days=(4,))),
        ("Fridays at 6pm", said("week", 1080, days=(4,))),
        ("fri 6:30 p.m.", said("week", 1110, days=(4,))),
        ("daily 9:30", said("day", 570)),
        ("every day at noon", said("day", 720)),
        ("each morning at 8", said("day", 480)),
        ("9:30 every night", said("day", 570)),
        ("nightly at midnight", said("day", 0)),
        ("daily 12am", said("day", 0)),
        ("daily 12 pm", said("day", 720)),
        ("weekdays at 8am", said("week", 480, days=(0, 1, 2, 3, 4))),
        ("on weekends, 10.15", said("week", 615, days=(5, 6))),
        ("mon, wed and fri 07:05", said("week", 425, days=(0, 2, 4))),
        ("monday to thursday at 19h", said("week", 1140, days=(0, 1, 2, 3))),
        ("fri-mon 20:00", said("week", 1200, days=(0, 4, 5, 6))),
        ("every 2 weeks on tuesday at 18h30", said("week", 1110, every=2, days=(1,))),
        ("every other friday 18:00", said("week", 1080, every=2, days=(4,))),
        ("fortnightly on sunday at 9 in the evening", said("week", 1260, every=2, days=(6,))),
        ("every two weeks 18:00", said("week", 1080, every=2)),
        ("weekly 18:00", said("week", 1080)),
        ("once a week on thurs at 5 o'clock", said("week", 300, days=(3,))),
        ("every 3 days at 6 in the morning", said("day", 360, every=3)),
        ("mon-sun 18:00", said("day", 1080)),
        ("EVERY  FRIDAY 18:00", said("week", 1080, days=(4,))),
    ],
)
def test_words_are_taken_as_people_mean_them(text: str, when: When) -> None:
    assert read_when(text) == when


@pytest.mark.parametrize(
    ("text", "fault", "word"),
    [
        ("", "empty", ""),
        ("   ", "empty", ""),
        ("every friday", "no_time", ""),
        ("18:00", "no_day", ""),
        ("friday 9:00 and 18:00", "two_times", ""),
        ("daily 25:00", "no_such_time", "25:00"),
        ("daily 13pm", "no_such_time", "13pm"),
        ("daily 9:75", "no_such_time", "9:75"),
        ("every hour", "too_often", "hour"),
        ("every 5 minutes", "too_often", "minutes"),
        ("monthly 18:00", "too_rare", "monthly"),
        ("1st of the month 18:00", "too_rare", "1st"),
        ("every 40 weeks on friday 18:00", "too_rare", "40"),
        ("tomorrow 18:00", "once", "tomorrow"),
        ("24.12.2026 18:00", "once", "24.12.2026"),
        ("every fryday 18:00", "unknown", "fryday"),
        ("every 2 18:00", "unknown", "2"),
        ("every 0 weeks 18:00", "unknown", "0"),
        ("$where 18:00", "unknown", "$where"),
    ],
)
def test_what_is_wrong_is_named(text: str, fault: str, word: str) -> None:
    with pytest.raises(BadTime) as told:
        read_when(text)
    assert (told.value.fault, told.value.word) == (fault, word)


@given(st.text(max_size=300))
def test_any_text_is_a_time_or_told_why_not(text: str) -> None:
    try:
        when = read_when(text)
    except BadTime:
        return
    assert 0 <= when.minute < 1440
    assert next_after(when.starting(BERLIN, SUNDAY), BERLIN, SUNDAY) > SUNDAY


def coming(text: str, zone: ZoneInfo, after: datetime, count: int) -> list[str]:
    when = read_when(text).starting(zone, after)
    moments = []
    for _ in range(count):
        after = next_after(when, zone, after)
        moments.append(f"{after.astimezone(zone):%a %Y-%m-%d %H:%M %z}")
    return moments


def test_a_week_later_it_comes_again() -> None:
    assert coming("every friday 18:00", BERLIN, SUNDAY, 2) == [
        "Fri 2026-11-27 18:00 +0100",
        "Fri 2026-12-04 18:00 +0100",
    ]


def test_the_moment_itself_is_not_later() -> None:
    at = datetime(2026, 11, 27, 17, 0, tzinfo=UTC)
    assert coming("every friday 18:00", BERLIN, at, 1) == ["Fri 2026-12-04 18:00 +0100"]
    assert coming("every friday 18:00", BERLIN, at - timedelta(milliseconds=1), 1) == ["Fri 2026-11-27 18:00 +0100"]


def test_every_two_weeks_skips_a_week_over_the_turn_of_the_year() -> None:
    assert coming("every 2 weeks on mon and fri 18:00", BERLIN, datetime(2026, 12, 16, tzinfo=UTC), 4) == [
        "Fri 2026-12-18 18:00 +0100",
        "Mon 2026-12-28 18:00 +0100",
        "Fri 2027-01-01 18:00 +0100",
        "Mon 2027-01-11 18:00 +0100",
    ]


def test_weeks_without_a_day_begin_with_the_next_one_that_comes() -> None:
    assert coming("every 2 weeks 12:59", BERLIN, SUNDAY, 2) == [
        "Mon 2026-11-23 12:59 +0100",
        "Mon 2026-12-07 12:59 +0100",
    ]
    assert coming("every 2 weeks 13:01", BERLIN, SUNDAY, 1) == ["Sun 2026-11-22 13:01 +0100"]


def test_a_time_that_spring_leaves_out_comes_an_hour_later_and_once() -> None:
    assert coming("daily 2:30", BERLIN, datetime(2026, 3, 27, 12, tzinfo=UTC), 3) == [
        "Sat 2026-03-28 02:30 +0100",
        "Sun 2026-03-29 03:30 +0200",
        "Mon 2026-03-30 02:30 +0200",
    ]


def test_a_time_that_autumn_has_twice_comes_once_the_first_time() -> None:
    assert coming("daily 2:30", BERLIN, datetime(2026, 10, 24, 12, tzinfo=UTC), 2) == [
        "Sun 2026-10-25 02:30 +0200",
        "Mon 2026-10-26 02:30 +0100",
    ]


def test_the_clock_of_the_wall_is_kept_over_both_changes() -> None:
    assert {entry[-11:-6] for entry in coming("daily 18:00", BERLIN, datetime(2026, 1, 1, tzinfo=UTC), 365)} == {
        "18:00"
    }


def test_half_hours_of_lord_howe_and_a_day_that_samoa_left_out() -> None:
    howe = ZoneInfo("Australia/Lord_Howe")
    assert coming("daily 2:15", howe, datetime(2026, 10, 3, 12, tzinfo=UTC), 2) == [
        "Sun 2026-10-04 02:45 +1100",
        "Mon 2026-10-05 02:15 +1100",
    ]
    days = coming("daily 18:00", ZoneInfo("Pacific/Apia"), datetime(2011, 12, 29, 20, tzinfo=UTC), 3)
    assert [day[:14] for day in days] == ["Thu 2011-12-29", "Sat 2011-12-31", "Sun 2012-01-01"]


@given(
    st.sampled_from(
        ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "Africa/Casablanca"]
    ),
    st.integers(0, 1439),
    st.dates(date(2020, 1, 1), date(2030, 12, 31)),
)
def test_every_day_has_it_exactly_once(name: str, minute: int, first: date) -> None:
    zone, when = ZoneInfo(name), When(unit="day", minute=minute)
    moment = datetime(first.year, first.month, first.day, tzinfo=zone).astimezone(UTC) - timedelta(milliseconds=1)
    days = []
    for _ in range(10):
        moment = next_after(when, zone, moment)
        days.append(moment.astimezone(zone).date())
    assert days == [first + timedelta(days=ahead) for ahead in range(10)]


def test_zones_are_offered_by_their_city_first() -> None:
    assert zones_like("berl", 3)[0] == "Europe/Berlin"
    assert "America/New_York" in zones_like("new yo", 5)
    assert len(zones_like("", 25)) == 25
    assert zones_like("zzz", 25) == ()
