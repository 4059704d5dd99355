"""Songs that nobody measured are judged by what their genres and tags usually sound like, modestly, and it is said."""

import numpy as np
import pytest

from bot.client.texts.facts.sentences import told, told_all
from bot.generation.engine import compose
from bot.generation.library import AXIS_FEATURE, prepare
from bot.generation.scoring.priors import GUESSED, guess, guesses
from bot.generation.values import Recipe, Rules
from nlp.vibe import AXES, AxisRange, Vibe
from tests.generation.tables import Song, table_of

CALM = AxisRange(axis="energy", low=None, high=0.4, weight=1.0)
AMBIENT = [Song(title=f"Ambient {row}", artists=(f"A{row}",), genres=("ambient",)) for row in range(6)]
METAL = [Song(title=f"Metal {row}", artists=(f"M{row}",), tags=("death metal",)) for row in range(6)]
WORDLESS = [Song(title=f"Wordless {row}", artists=(f"W{row}",)) for row in range(6)]
SOFT = [Song(title=f"Soft {row}", artists=(f"S{row}",), features={"energy": 0.1 + row / 100}) for row in range(6)]
LOUD = [Song(title=f"Loud {row}", artists=(f"L{row}",), features={"energy": 0.9 + row / 100}) for row in range(6)]


def played(songs, tracks, wish=CALM):
    table = table_of(songs)
    vibe = Vibe(understood=True, targets=(wish,))
    made = compose(table, Recipe(vibe=vibe, seed=3, rules=Rules(tracks=tracks)))
    return {table.titles[pick.row].split()[0] for pick in made.ordering}, made


def test_where_nothing_is_measured_the_words_decide_and_the_card_says_so():
    kinds, made = played(AMBIENT + METAL + WORDLESS, 5)
    assert kinds == {"Ambient"}
    assert "No song here was measured for it: “energy below 0.40” is an estimate by genres and tags." in told_all(
        made.notes
    )
    assert not any("known for" in note for note in told_all(made.notes))
    (said,) = {told(reason.fact) for pick in made.ordering for reason in pick.reasons if reason.part == "energy"}
    assert said.startswith("energy not measured, about 0.")
    assert "an estimate by its being tagged ambient; you asked for below 0.40" in said


def test_a_guess_counts_for_less_than_a_measured_value_and_for_more_than_nothing():
    assert played(SOFT + AMBIENT, 5)[0] == {"Soft"}
    assert played(AMBIENT + WORDLESS + LOUD, 5)[0] == {"Ambient"}
    assert played(METAL + WORDLESS + SOFT[:3], 7)[0] == {"Soft", "Wordless"}
    _, made = played(SOFT[:2] + AMBIENT, 6)
    assert "energy is known for 2 of 6 songs." in told_all(made.notes)


def test_a_guess_keeps_no_promise():
    firm = AxisRange(axis="energy", low=None, high=0.4, weight=1.0, hard=True)
    assert played(SOFT + AMBIENT, 8, firm)[0] == {"Soft"}
    _, made = played(AMBIENT + METAL, 4, firm)
    assert any("could not be checked" in said for said in told_all(made.relaxed))


def test_measured_songs_are_never_guessed_at():
    every = {AXIS_FEATURE[axis]: 0.5 for axis in AXES} | {"tempo": 120.0, "loudness": -8.0}
    library = prepare(table_of([Song(genres=("ambient",), features=every) for _ in range(3)]))
    assert [guesses(library, axis) for axis in AXES] == [None] * len(AXES)


@pytest.mark.parametrize("words", [("ambient", "sad"), ("death metal",), ("norwegian black metal",), ("no genre",)])
def test_the_engine_guesses_as_the_stored_guesses_are_made(words):
    library = prepare(table_of([Song(genres=words[:1], tags=words[1:]), Song()]))
    told = dict(guess(words))
    for axis, feature in GUESSED.items():
        found = guesses(library, axis)
        assert (found is None) == (feature not in told)
        if found is not None:
            assert found[0] == pytest.approx(told[feature], abs=1e-4)
            assert np.isnan(found[1])
