"""Libraries and wishes that nobody should have: a clear answer each, no crash, and no filler in silence."""

import math

import numpy as np
import pytest

from bot.client.texts.facts.sentences import told_all
from bot.generation.engine import compose
from bot.generation.values import Recipe, Rules
from nlp.vibe import AxisRange, Length, Vibe
from tests.generation.tables import Song, table_of

NOTHING = {"tempo": 0.0, "key": -1.0, "energy": math.nan, "loudness": math.inf, "valence": -math.inf}


def song(number, **features):
    return Song(artists=(f"Artist {number}",), features={"tempo": 120.0, "energy": 0.5, "key": 3.0} | features)


def made(songs, vibe=None, **rules):
    table = table_of(songs)
    return table, compose(table, Recipe(vibe=vibe or Vibe(understood=True), seed=1, rules=Rules(**rules)))


@pytest.mark.parametrize("axis", ["tempo", "energy", "loudness", "brightness"])
def test_what_means_nothing_is_told_as_unknown(axis):
    wish = Vibe(understood=True, targets=(AxisRange(axis=axis, low=0.4),))
    _, composition = made([song(number, **NOTHING) for number in range(30)], wish)
    assert len(composition.ordering) == 25
    assert any(f"knows no {axis} of any song" in note for note in told_all(composition.notes))
    assert all(math.isfinite(pick.score) for pick in composition.ordering)


@pytest.mark.parametrize("axis", ["tempo", "energy", "loudness", "brightness"])
def test_what_means_nothing_never_keeps_a_hard_wish(axis):
    features = {"tempo": 128.0, "energy": 0.9, "loudness": -5.0, "valence": 0.9}
    songs = [song(number, **(features if number < 5 else NOTHING)) for number in range(40)]
    wish = Vibe(understood=True, targets=(AxisRange(axis=axis, low=-50 if axis == "loudness" else 0.4, hard=True),))
    _, composition = made(songs, wish)
    assert {pick.row for pick in composition.ordering} == set(range(5))
    assert any("Only 5 songs of the 25" in note for note in told_all(composition.notes))


@pytest.mark.parametrize("end", [math.nan, math.inf, -math.inf, 1e30])
def test_wishes_without_a_number_are_no_wish(end):
    wish = Vibe(understood=True, targets=(AxisRange(axis="energy", low=end, high=end, weight=1.0),))
    _, composition = made([song(number, energy=number / 60) for number in range(60)], wish)
    assert len(composition.ordering) == 25


@pytest.mark.parametrize("minutes", [0.0, 300.0])
def test_songs_of_no_length_and_of_five_hours_are_not_passed_off_as_half_an_hour(minutes):
    songs = [Song(artists=(f"Artist {number}",), minutes=minutes) for number in range(30)]
    table, composition = made(songs, Vibe(understood=True, length=Length(minutes=30)))
    total = sum(int(table.duration_ms[pick.row]) for pick in composition.ordering) / 60_000
    assert abs(total - 30) > 1
    assert any("you asked for" in note or "add up to" in note for note in told_all(composition.notes))


def test_five_hours_are_met():
    songs = [Song(artists=(f"Artist {number}",), minutes=3 + number % 3) for number in range(200)]
    table, composition = made(songs, Vibe(understood=True, length=Length(minutes=300)))
    total = sum(int(table.duration_ms[pick.row]) for pick in composition.ordering) / 60_000
    assert abs(total - 300) <= 6


@pytest.mark.parametrize("minutes", [0, -1, math.nan, math.inf])
def test_a_length_that_is_none_is_refused_with_a_sentence(minutes):
    _, composition = made([song(0)], minutes=minutes)
    assert composition.ordering == ()
    assert told_all(composition.conflicts)[0].startswith("A set of no minutes is empty")


def test_no_fit_names_the_wish_that_nothing_keeps():
    wish = Vibe(understood=True, targets=(AxisRange(axis="energy", low=0.9, hard=True),))
    _, composition = made([song(number) for number in range(40)], wish)
    assert composition.ordering == ()
    assert told_all(composition.conflicts) == ("No song here keeps “energy above 0.90”. Without it: 40 songs.",)


def test_the_table_that_was_given_is_not_changed():
    table = table_of([song(number, **NOTHING) for number in range(5)])
    before = table.features.copy()
    compose(table, Recipe(vibe=Vibe(understood=True), seed=1))
    assert np.array_equal(table.features, before, equal_nan=True)
