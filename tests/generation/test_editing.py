"""Edits: what is kept stays on its place, what is taken out goes, and of the rest as little changes as can be."""

from dataclasses import replace

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.client.texts.facts.sentences import told_all
from bot.generation.engine import compose, prepare
from bot.generation.library import AXIS_FEATURE
from bot.generation.scoring.hard_constraints import hard_constraints
from bot.generation.values import Edit, Previous, Recipe, Rules
from nlp.vibe import AxisChange, AxisRange, Choice, Vibe
from tests.generation.tables import random_table
from tests.generation.wishes import recipes

few = settings(max_examples=20, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
LIBRARY = prepare(random_table(5, 400, artists=60))
numbers = st.lists(st.integers(1, 16), max_size=5, unique=True).map(tuple)


def compose_on(recipe):
    return compose(LIBRARY.table, recipe, library=LIBRARY)


def keys(composition):
    return [pick.key for pick in composition.ordering]


def before(seed, tracks=14):
    vibe = Vibe(understood=True, targets=(AxisRange(axis="energy", low=0.2, high=0.8),))
    recipe = Recipe(vibe=vibe, seed=seed, rules=Rules(tracks=tracks))
    return recipe, compose_on(recipe)


@few
@given(seed=st.integers(0, 30), kept=numbers, dropped=numbers)
def test_without_some_numbers_nothing_else_changes(seed, kept, dropped):
    recipe, first = before(seed)
    songs = tuple(keys(first))
    second = compose_on(replace(recipe, edit=Edit(songs=songs, kept=kept, dropped=dropped)))
    for place, (old, new) in enumerate(zip(songs, keys(second), strict=True), start=1):
        assert (old == new) == (place not in dropped)
    gone = {songs[number - 1] for number in dropped if number <= len(songs)}
    assert not gone & set(keys(second))


@few
@given(
    seed=st.integers(0, 30),
    kept=numbers,
    dropped=numbers,
    like=st.lists(st.integers(1, 14), max_size=2, unique=True).map(tuple),
    axis=st.sampled_from(("energy", "brightness", "danceability")),
    amount=st.sampled_from((-0.5, 0.25, 0.5)),
)
def test_a_step_is_taken_and_what_is_on_its_side_stays(seed, kept, dropped, like, axis, amount):
    recipe, first = before(seed)
    songs = tuple(keys(first))
    column = LIBRARY.table.column(AXIS_FEATURE[axis])
    values = np.array([column[pick.row] for pick in first.ordering], dtype=np.float64)
    values[~np.isfinite(values)] = np.nan
    mean = float(np.nanmean(values))
    vibe = replace(recipe.vibe, changes=(AxisChange(axis=axis, amount=amount),))
    edit = Edit(songs=songs, kept=kept, dropped=dropped, like=like)
    second = compose_on(replace(recipe, vibe=vibe, previous=Previous(means=((axis, mean),)), edit=edit))
    assert len(second.ordering) == len(songs)
    held = {number for number in kept if number <= len(songs) and number not in dropped}
    assert all(keys(second)[number - 1] == songs[number - 1] for number in held)
    assert not {songs[number - 1] for number in dropped if number <= len(songs)} & set(keys(second))
    assert any("of the playlist before stayed" in note for note in told_all(second.notes))
    if not like and axis != "energy":
        near = values >= mean if amount > 0 else values <= mean
        right = {songs[place] for place in np.flatnonzero(near) if place + 1 not in dropped}
        assert right <= set(keys(second))


def test_more_of_something_is_more_of_it():
    recipe, first = before(3, tracks=20)
    energy = LIBRARY.features[1]
    mean = float(np.nanmean(energy[[pick.row for pick in first.ordering]]))
    vibe = replace(recipe.vibe, changes=(AxisChange(axis="energy", amount=0.5),))
    edit = Edit(songs=tuple(keys(first)))
    second = compose_on(replace(recipe, vibe=vibe, previous=Previous(means=(("energy", mean),)), edit=edit))
    assert float(np.nanmean(energy[[pick.row for pick in second.ordering]])) > mean + 0.05
    stayed = len(set(keys(first)) & set(keys(second)))
    assert 0 < stayed < 20
    assert told_all(second.notes)[0] == f"{stayed} of 20 songs of the playlist before stayed."


def test_a_promise_goes_before_a_song_that_is_kept():
    recipe, first = before(2)
    row = first.ordering[0].row
    genre = next(iter(LIBRARY.table.genres.of(row)), "jazz")
    vibe = replace(recipe.vibe, genres=Choice(rejected=(genre,)))
    second = compose_on(replace(recipe, vibe=vibe, edit=Edit(songs=tuple(keys(first)), kept=(1, 99))))
    broken = [pick for pick in second.ordering if genre in LIBRARY.table.genres.of(pick.row)]
    assert not broken
    assert "There was no number 99 in the set before." in told_all(second.notes)
    if genre in LIBRARY.table.genres.of(row):
        assert any(
            f"Number 1 could not be kept: it does not go with “no {genre}”." == note for note in told_all(second.notes)
        )


def test_songs_that_are_not_here_any_more_are_told():
    recipe, _ = before(2)
    second = compose_on(replace(recipe, edit=Edit(songs=("k1", "gone"), kept=(1, 2))))
    assert "Number 2 could not be kept: it is not in the library any more." in told_all(second.notes)


@settings(few, max_examples=40)
@given(seed=st.integers(0, 30), recipe=recipes, kept=numbers, dropped=numbers, like=numbers)
def test_any_recipe_takes_any_edit(seed, recipe, kept, dropped, like):
    _, first = before(seed)
    edit = Edit(songs=tuple(keys(first)), kept=kept, dropped=dropped, like=like)
    second = compose_on(replace(recipe, edit=edit))
    rows = [pick.row for pick in second.ordering]
    eligible = hard_constraints(LIBRARY, recipe).rows(len(LIBRARY))
    assert all(eligible[row] for row in rows)
    assert len(set(LIBRARY.table.song[rows].tolist())) == len(rows)
    assert not {edit.songs[number - 1] for number in dropped if number <= len(edit.songs)} & set(keys(second))
    assert rows or told_all(second.conflicts)
