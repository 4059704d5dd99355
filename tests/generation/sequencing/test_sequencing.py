"""Orders: every song once, the same seed the same order, gaps that hold, tempo and keys that follow."""

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.generation.sequencing.annealing import Board, Cooling, anneal
from bot.generation.sequencing.artist_spacing import Spacing, spaced, too_close, widest_gap
from bot.generation.sequencing.order import key_clash, levels, sequence, tempo_distance
from bot.generation.tracks import COLUMN, FEATURES


def features(seed, count, holes=0.0):
    rng = np.random.default_rng(seed)
    values = rng.random((count, len(FEATURES))).astype(np.float32)
    values[:, COLUMN["tempo"]] = rng.uniform(60, 190, count)
    values[:, COLUMN["key"]] = rng.integers(-1, 12, count)
    values[:, COLUMN["mode"]] = rng.integers(0, 2, count)
    values[rng.random(values.shape) < holes] = rng.choice([np.nan, np.inf, 0.0])
    return values


@settings(max_examples=30, deadline=None, derandomize=True)
@given(
    st.integers(0, 2**32), st.integers(0, 60), st.integers(1, 12), st.sampled_from([0.0, 0.3, 1.0]), st.integers(0, 6)
)
def test_every_song_once_and_the_widest_gap(seed, count, artists, holes, gap):
    played = np.random.default_rng(seed).integers(0, artists, count).astype(np.int32)
    order = sequence(features(seed, count, holes), played, ((0, 0), (1, 1)), seed, gap=gap)
    assert sorted(order.tolist()) == list(range(count))
    counts = np.unique(played, return_counts=True)[1]
    assert not too_close(played[order], widest_gap(counts, gap)).any()


def test_the_same_seed_gives_the_same_order():
    songs, artists = features(4, 30), np.arange(30, dtype=np.int32)
    one, again, other = (sequence(songs, artists, None, seed).tolist() for seed in (1, 1, 2))
    assert one == again
    assert one != other


@settings(max_examples=40, deadline=None, derandomize=True)
@given(st.lists(st.integers(0, 3), min_size=1, max_size=8), st.integers(0, 6))
def test_the_widest_gap_is_exact(artists, wanted):
    played = np.array(artists, dtype=np.int32)
    counts = np.unique(played, return_counts=True)[1]
    orders = set(permutations(artists))
    possible = [gap for gap in range(wanted + 1) if any(not too_close(np.array(order), gap).any() for order in orders)]
    if max(counts) > 1:
        assert widest_gap(counts, wanted) == max(possible)
    else:
        assert widest_gap(counts, wanted) == wanted


def test_a_gap_is_kept_where_exchanges_lead_nowhere():
    played = np.array([0] * 5 + [1] * 5 + [2] * 5, dtype=np.int32)
    board = Board(transition=np.zeros((15, 15), np.float32), place=np.zeros((15, 15), np.float32))
    order = spaced(board, np.arange(15), Spacing(artists=played, gap=2))
    assert not too_close(played[order], 2).any()


@pytest.mark.parametrize(
    ("one", "other", "near"),
    [(120, 120, True), (120, 60, True), (60, 120, True), (120, 129, True), (120, 131, False), (80, 118, False)],
)
def test_half_and_double_time_are_the_same_tempo(one, other, near):
    distance = tempo_distance(np.array([one, other], np.float32))
    assert (distance[0, 1] <= 0.08) == near
    assert distance[0, 1] == distance[1, 0]


@pytest.mark.parametrize(
    ("one", "other", "clash"),
    [
        ((0, 1), (0, 1), 0.0),  # C major, C major
        ((0, 1), (7, 1), 0.0),  # G major
        ((0, 1), (9, 0), 0.0),  # A minor, the relative
        ((0, 1), (0, 0), 1.0),  # C minor
        ((0, 1), (2, 1), 1.0),  # D major
        ((9, 0), (4, 0), 0.0),  # A minor, E minor
    ],
)
def test_keys_match_as_on_the_camelot_wheel(one, other, clash):
    keys, modes = (np.array(values, np.float32) for values in zip(one, other, strict=True))
    assert key_clash(keys, modes)[0, 1] == clash


def test_unknown_keys_say_nothing():
    assert np.isnan(key_clash(np.array([-1, 5, np.nan], np.float32), np.ones(3, np.float32))).sum() == 8


def test_annealing_finds_the_best_order_of_a_small_set():
    rng = np.random.default_rng(8)
    for seed in range(5):
        transition = rng.random((7, 7)).astype(np.float32)
        board = Board(transition=transition + transition.T, place=rng.random((7, 7)).astype(np.float32))
        best = min(float(board.cost(np.array(order)[:, None])[0]) for order in permutations(range(7)))
        found = anneal(board, Cooling(), seed)
        assert float(board.cost(found[:, None])[0]) == pytest.approx(best, rel=1e-5)


def test_annealing_chooses_from_a_bench():
    place = np.zeros((20, 5), np.float32)
    place[:15] = 1.0
    board = Board(transition=np.zeros((20, 20), np.float32), place=place)
    assert sorted(anneal(board, Cooling(), 1).tolist()) == [15, 16, 17, 18, 19]


def test_levels_are_read_between_the_points_of_an_arc():
    assert levels(((0, 0), (0.5, 1), (1, 0)), 5).tolist() == [0, 0.5, 1, 0.5, 0]
    assert levels(((0, float("nan")),), 3).tolist() == [0.5, 0.5, 0.5]
