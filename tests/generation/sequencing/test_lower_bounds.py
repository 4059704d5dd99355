"""The proof of an order: the optimum against brute force, gaps and pins in it, and a bound that nothing beats."""

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.generation.engine import compose, prepare
from bot.generation.sequencing.annealing import FAR, Board, anneal, pinned
from bot.generation.sequencing.artist_spacing import Spacing, too_close, widest_gap
from bot.generation.sequencing.lower_bounds import best_order, lower_bound, order_gap
from bot.generation.sequencing.order import budget, sequence
from bot.generation.tracks import FEATURES
from bot.generation.values import Recipe, Rules
from nlp.vibe import Vibe
from tests.generation.tables import random_table

few = settings(max_examples=20, deadline=None, derandomize=True)


def board_of(seed, count):
    rng = np.random.default_rng(seed)
    transition = rng.random((count, count)).astype(np.float32).round(1)
    place = rng.random((count, count)).astype(np.float32)
    return Board(transition=transition + transition.T, place=place)


def cost(board, order):
    return float(board.cost(np.array(order, dtype=np.intp)[:, None])[0])


@few
@given(st.integers(0, 2**32), st.integers(1, 7), st.integers(1, 7), st.integers(0, 3))
def test_the_proved_order_is_the_cheapest_that_keeps_the_gap(seed, count, artists, gap):
    board = board_of(seed, count)
    played = np.random.default_rng(seed).integers(0, artists, count).astype(np.int32)
    kept = widest_gap(np.unique(played, return_counts=True)[1], gap) if len(set(played.tolist())) < count else 0
    allowed = [order for order in permutations(range(count)) if not too_close(played[list(order)], kept).any()]
    found = best_order(board, Spacing(artists=played, gap=gap))
    assert sorted(found.tolist()) == list(range(count))
    assert not too_close(played[found], kept).any()
    assert cost(board, found) == pytest.approx(min(cost(board, order) for order in allowed), rel=1e-4)


@few
@given(st.integers(0, 2**32), st.integers(1, 7))
def test_no_order_beats_the_bound(seed, count):
    board = board_of(seed, count)
    best = min(cost(board, order) for order in permutations(range(count)))
    assert lower_bound(board, 1.5 * best + 1) <= best + 1e-3
    order = np.random.default_rng(seed).permutation(count)
    offered = best - float(board.place.min(axis=1).sum())
    spent = cost(board, order) - float(board.place.min(axis=1).sum())
    assert spent * (1 - order_gap(board, order)) <= offered + 1e-3


@few
@given(st.integers(0, 2**32), st.integers(2, 30), st.integers(0, 6), st.integers(1, 30))
def test_pinned_songs_stand_where_they_were_put(seed, count, pins, artists):
    rng = np.random.default_rng(seed)
    pins = min(pins, count)
    pairs = tuple(zip(rng.permutation(count)[:pins].tolist(), rng.permutation(count)[:pins].tolist(), strict=True))
    songs = rng.random((count, len(FEATURES))).astype(np.float32)
    played = rng.integers(0, artists, count).astype(np.int32)
    order = sequence(songs, played, None, 1, gap=2, pins=pairs)
    assert sorted(order.tolist()) == list(range(count))
    assert all(order[place] == item for item, place in pairs)


def test_a_board_with_a_bench_plays_what_is_firm_and_pinned():
    place = np.zeros((40, 9), np.float32)
    place[:4] = -50
    board = Board(transition=np.zeros((40, 40), np.float32), place=place, firm=4)
    order = anneal(pinned(board, ((2, 7),)), budget(9), 5)
    assert {0, 1, 2, 3} <= set(order.tolist())
    assert order[7] == 2


def test_what_is_pinned_costs_nothing_more_than_before():
    board = board_of(3, 6)
    assert cost(pinned(board, ((4, 0),)), [4, 0, 1, 2, 3, 5]) == pytest.approx(cost(board, [4, 0, 1, 2, 3, 5]))
    assert cost(pinned(board, ((4, 0),)), [0, 4, 1, 2, 3, 5]) > FAR


@few
@given(st.integers(0, 8), st.integers(1, 30))
def test_short_sets_are_proved_and_longer_ones_tell_their_gap(seed, tracks):
    library = prepare(random_table(seed, 120))
    composition = compose(library.table, Recipe(vibe=Vibe(), seed=seed, rules=Rules(tracks=tracks)), library=library)
    assert composition.order_gap is not None
    assert 0 <= composition.order_gap <= 1
    if len(composition.ordering) <= 12:
        assert composition.order_gap == 0
    assert len(composition.transitions) == len(composition.ordering) - 1


def test_a_set_that_cannot_be_made_has_no_gap():
    table = random_table(1, 40)
    assert compose(table, Recipe(vibe=Vibe(), seed=1, rules=Rules(tracks=0))).order_gap is None
