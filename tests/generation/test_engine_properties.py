"""What holds for every recipe on every library: promises, identity, cap, gap, length, determinism, true reasons."""

import math
from collections import Counter
from functools import cache

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.client.texts.facts.sentences import told_all
from bot.generation.engine import compose, prepare
from bot.generation.length import asked_length
from bot.generation.library import AXIS_FEATURE
from bot.generation.reasons.song_reasons import LEVEL, fall
from bot.generation.scoring.hard_constraints import hard_constraints
from bot.generation.scoring.score import score
from bot.generation.scoring.target import aim
from bot.generation.sequencing.artist_spacing import too_close, widest_gap
from nlp.genres import genre_graph
from tests.generation.tables import random_table
from tests.generation.wishes import recipes

SIZES = (0, 1, 2, 7, 40, 120, 300)


@cache
def library(seed, size):
    return prepare(random_table(seed, size, artists=(1, 4, 30)[seed % 3], holes=(0.0, 0.1, 1.0)[seed // 3 % 3]))


libraries = st.builds(library, st.integers(0, 8), st.sampled_from(SIZES))
many = settings(max_examples=500, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))


def timeless(composition):
    return [getattr(composition, name) for name in composition.__slots__ if name != "stage_ms"]


@many
@given(libraries, recipes)
def test_every_set_keeps_what_is_promised(library, recipe):
    composition = compose(library.table, recipe, library=library)
    keeps_its_promises(library, recipe, composition)
    plays_every_song_once_few_of_an_artist_and_far_apart(library, recipe, composition)
    is_as_long_as_asked_or_says_so(library, recipe, composition)
    scores_are_the_means_of_their_parts(composition)


def keeps_its_promises(library, recipe, composition):
    table = library.table
    rows = [pick.row for pick in composition.ordering]
    assert rows or composition.conflicts
    assert not (rows and composition.conflicts)
    vibe, rules = recipe.vibe, recipe.rules
    for wish in vibe.targets:
        if wish.hard and library.scales[wish.axis].known:
            column = table.column(AXIS_FEATURE[wish.axis])[rows]
            low = wish.low if wish.low is not None and not math.isnan(wish.low) else -math.inf
            high = wish.high if wish.high is not None and not math.isnan(wish.high) else math.inf
            assert all(np.float32(low) <= value <= np.float32(high) for value in column)
    graph = genre_graph()
    for genre in vibe.genres.rejected + rules.genres_out:
        assert not any(graph.excluded(genre, word) for row in rows for word in table.genres.of(row))
    for artist in vibe.artists.rejected + rules.artists_out:
        assert not any(artist in table.artists.of(row) for row in rows)
    if vibe.artists.wanted:
        assert all(set(vibe.artists.wanted) & set(table.artists.of(row)) for row in rows)
    if (vibe.clean or rules.clean) and (table.explicit >= 0).any():
        assert all(table.explicit[row] == 0 for row in rows)
    if vibe.years.wanted and (table.year > 0).any():
        assert all(any(within(int(table.year[row]), span) for span in vibe.years.wanted) for row in rows)
    for span in vibe.years.rejected:
        assert not any(table.year[row] > 0 and within(int(table.year[row]), span) for row in rows)
    assert not {f"k{row}" for row in rows} & rules.left_out


def within(year, span):
    first, last = (1 if span[0] is None else span[0]), (9999 if span[1] is None else span[1])
    if span[0] is not None and span[1] is not None:
        first, last = min(span), max(span)
    return year > 0 and first <= year <= last


def plays_every_song_once_few_of_an_artist_and_far_apart(library, recipe, composition):
    table, rules = library.table, recipe.rules
    rows = np.array([pick.row for pick in composition.ordering], dtype=int)
    assert len(set(table.song[rows].tolist())) == len(rows)
    if not len(rows):
        return
    artists = table.artist[rows]
    most = max(Counter(artists.tolist()).values())
    if rules.per_artist is not None and most > rules.per_artist:
        assert any("of one artist instead of" in sentence for sentence in told_all(composition.relaxed))
    if rules.artist_gap is not None:
        counts = np.array(list(Counter(artists.tolist()).values()))
        assert not too_close(artists, widest_gap(counts, rules.artist_gap)).any()


def is_as_long_as_asked_or_says_so(library, recipe, composition):
    span = asked_length(recipe)
    if isinstance(span, str):
        assert composition.conflicts == (span,)
    elif composition.ordering:
        total = sum(int(library.table.duration_ms[pick.row]) for pick in composition.ordering)
        right = len(composition.ordering) == span.tracks if span.tracks is not None else span.holds(total)
        assert right or any("you asked for" in note or "add up to" in note for note in told_all(composition.notes))


@settings(many, max_examples=15)
@given(st.integers(0, 8), st.sampled_from(SIZES), recipes)
def test_the_same_recipe_gives_the_same_set(seed, size, recipe):
    table = library(seed, size).table
    again = random_table(seed, size, artists=(1, 4, 30)[seed % 3], holes=(0.0, 0.1, 1.0)[seed // 3 % 3])
    assert repr(timeless(compose(table, recipe))) == repr(timeless(compose(again, recipe)))


def scores_are_the_means_of_their_parts(composition):
    for pick in composition.candidates:
        weight = sum(part.weight for part in pick.parts)
        mean = sum(part.value * part.weight for part in pick.parts) / weight if weight else 0.5
        assert math.isclose(pick.score, mean, abs_tol=1e-4)
        assert 0 <= pick.score <= 1
    candidates = {pick.row for pick in composition.candidates}
    for pick in composition.ordering:
        assert pick.row in candidates
        assert {reason.part for reason in pick.reasons} <= {part.name for part in pick.parts}


@settings(many, max_examples=75)
@given(libraries, recipes)
def test_a_song_falls_when_a_cited_part_is_taken_out(library, recipe):
    composition = compose(library.table, recipe, library=library)
    if not any(pick.reasons for pick in composition.ordering):
        return
    span = asked_length(recipe)
    eligible = hard_constraints(library, recipe).rows(len(library))
    songs = span.tracks or max(1, round(span.aim_ms / 210_000))
    scores = score(library, recipe, aim(library, recipe, eligible, songs))
    for pick in composition.ordering:
        for reason in pick.reasons:
            part = scores.names.index(reason.part)
            before = place(scores.total, pick.row)
            kept = [number for number in range(len(scores.names)) if number != part]
            known = np.nan_to_num(scores.values[kept], nan=0.5)
            weights = scores.weights[kept]
            without = weights @ known / weights.sum() if len(kept) else np.full(len(library), 0.5)
            assert place(without.astype(np.float32), pick.row) > before
    assert fall(scores, [composition.ordering[0].row]).shape == (len(scores.names), 1)


def place(total, row):
    """The mean place among all songs, by counting."""
    own = np.float64(total[row])
    near = np.isclose(total, own, rtol=0, atol=LEVEL)
    return float((total[~near] > own).sum() + near.sum() / 2)
