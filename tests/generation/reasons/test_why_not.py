"""Why a song is not in a set, for every song of random libraries; and how songs of a set follow each other."""

import math
from itertools import pairwise

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.client.texts.facts.sentences import told_all
from bot.client.texts.facts.transitions import transition_text
from bot.generation.engine import compose, prepare
from bot.generation.reasons.why_not import named, why_not
from bot.generation.scoring.hard_constraints import hard_constraints
from bot.generation.sequencing.order import key_clash, tempo_distance
from tests.generation.tables import Song, random_table, table_of
from tests.generation.wishes import recipes

few = settings(max_examples=30, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
LIBRARY = prepare(random_table(7, 150, artists=20))


@few
@given(recipe=recipes, row=st.integers(0, 149))
def test_every_song_has_a_true_answer(recipe, row):
    made = compose(LIBRARY.table, recipe, library=LIBRARY)
    answer = why_not(LIBRARY, recipe, row, composition=made)
    played = [pick.row for pick in made.ordering]
    table = LIBRARY.table
    assert (answer.standing == "played") == (row in played)
    assert (answer.standing == "promise") == (not hard_constraints(LIBRARY, recipe).rows(150)[row])
    assert " ".join(told_all(answer.told)).endswith(".")
    if answer.standing == "version":
        assert table.song[row] in table.song[played]
    if answer.standing == "recent":
        assert str(table.keys[row]) in recipe.rules.recent
    if answer.standing == "artist":
        assert table.artist[row] in table.artist[played]
    if answer.standing == "score":
        assert all(answer.score < pick.score for pick in made.ordering)
    if answer.standing == "chance":
        assert any(answer.score >= pick.score for pick in made.ordering)
    if answer.rank:
        better = sum(pick.score > answer.score for pick in made.candidates)
        assert better < answer.rank <= answer.of


@few
@given(recipe=recipes)
def test_transitions_say_what_the_songs_measure(recipe):
    made = compose(LIBRARY.table, recipe, library=LIBRARY)
    assert len(made.transitions) == max(0, len(made.ordering) - 1)
    for step, (one, other) in zip(made.transitions, pairwise(made.ordering), strict=True):
        features = LIBRARY.features[:, [one.row, other.row]]
        change = float(tempo_distance(features[0])[0, 1])
        clash = float(key_clash(features[9], features[10])[0, 1])
        assert step.tempo_change is None if math.isnan(change) else step.tempo_change == change
        assert step.keys_match is None if math.isnan(clash) else step.keys_match == (clash == 0)
        assert ("tempo unknown" in transition_text(step)) == math.isnan(change)
        assert ("a jump of" in transition_text(step)) == (change > 0.08)
        assert ("which clash" in transition_text(step)) == (clash == 1)
        up = float(features[1, 1] - features[1, 0])
        assert ("energy up" in transition_text(step)) == (up >= 0.05)
        assert np.isnan(up) == ("energy unknown" in transition_text(step))


def test_songs_are_found_by_title_and_artist():
    table = table_of(
        [
            Song(title="Blue Moon", artists=("Ann",)),
            Song(title="Blue Moon", artists=("Bob",)),
            Song(title="Once in a Blue Moon", artists=("Cid",)),
            Song(title="Stand by Me", artists=("Ben",)),
        ]
    )
    library = prepare(table)
    assert named(library, "blue moon") == (0, 1)
    assert named(library, "Blue Moon by Bob") == (1,)
    assert named(library, "Stand by me") == (3,)
    assert named(library, "once in a") == (2,)
    assert named(library, "red moon") == ()
    assert named(library, "") == ()
