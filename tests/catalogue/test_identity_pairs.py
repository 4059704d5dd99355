"""The labelled pairs: they are what they claim to be, and no two different songs of them are merged."""

from __future__ import annotations

import pytest

from tests.benchmarks.identity import PAIRS, labelled, upper_bound


def test_there_are_300_pairs_of_distinct_artists() -> None:
    pairs = labelled()
    assert len(pairs) == PAIRS == len({pair.artist for pair in pairs})
    assert {pair.label for pair in pairs} == {"same", "different", "unclear"}
    assert all(pair.one.casefold() != pair.other.casefold() for pair in pairs)


def test_no_two_different_songs_are_merged() -> None:
    assert not [pair for pair in labelled() if pair.label == "different" and pair.merged]


@pytest.mark.parametrize(
    ("hits", "trials", "bound"),
    # 0 of n has the closed form 1 - 0.05 ** (1 / n); the others are in the tables of Clopper and Pearson.
    [(0, 78, 0.037679), (0, 10, 0.258866), (1, 10, 0.394163), (5, 10, 0.777559)],
)
def test_the_bound_is_that_of_the_tables(hits: int, trials: int, bound: float) -> None:
    assert upper_bound(hits, trials) == pytest.approx(bound, abs=1e-5)
