"""Learning the weights of the parts, and the gate before they are used: on members whose truth is known."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from bot.generation.learning.model_evaluation import compare, ndcg
from bot.generation.learning.ranking import LEAST, MOST, RankingWeights, fit, pairs_of
from bot.services.training.trainer import Verdict, learn
from tests.generation.rated_worlds import AS_TODAY, OTHERWISE, PARTS, rated_world

TODAY = RankingWeights()


def judged(seed: int, **world: object) -> Verdict:
    return learn(rated_world(seed, **world), TODAY, seed=1)  # type: ignore[arg-type]


def test_better_weights_are_found_and_pass() -> None:
    verdict = judged(3, members=200)
    assert verdict.comparison is not None
    assert verdict.comparison.better
    assert verdict.comparison.auc_new.value > verdict.comparison.auc_old.value + 0.03
    assert verdict.comparison.ndcg_new > verdict.comparison.ndcg_old
    found = dict(verdict.multipliers)
    assert found["energy"] > 2 > 1 > found["genre"]
    assert all(LEAST <= amount <= MOST for amount in found.values())
    assert verdict == judged(3, members=200), "the same ratings give the same weights"


@pytest.mark.parametrize("truth", [None, AS_TODAY])
def test_where_nothing_better_is_to_be_learned_nothing_passes(truth: tuple[float, ...] | None) -> None:
    verdicts = [judged(seed, members=30, truth=truth) for seed in range(8)]
    assert not any(verdict.comparison is None or verdict.comparison.better for verdict in verdicts)


def test_likes_alone_teach_too() -> None:
    verdict = judged(4, members=300, only_likes=True)
    assert verdict.comparison is not None
    assert verdict.comparison.better


def test_a_part_that_falls_down_the_list_is_not_taken_for_liked() -> None:
    """Songs further up are rated more often; those who press a heart by a coin do not like what stands up there."""
    ratings = rated_world(6, members=400, truth=None, deeper=0.88, down_the_list=0.4, only_likes=True)
    found = dict(fit(ratings, seed=1).multipliers)
    assert 0.6 < found["energy"] < 1.6


def test_no_member_outweighs_the_others() -> None:
    ratings = rated_world(7, members=40, truth=AS_TODAY)
    loud = rated_world(8, members=1, playlists=200, truth=(4.0, -4.0, -4.0, 1.0, 1.0, 1.0), slope=60.0)
    shift = len(ratings.starts) - 1
    both = replace(
        ratings,
        values=np.concatenate((ratings.values, loud.values)),
        starts=np.concatenate((ratings.starts, ratings.starts[-1] + loud.starts[1:])),
        weights=np.concatenate((ratings.weights, loud.weights)),
        playlist=np.concatenate((ratings.playlist, loud.playlist + shift)),
        position=np.concatenate((ratings.position, loud.position)),
        member=np.concatenate((ratings.member, loud.member + 40)),
        gain=np.concatenate((ratings.gain, loud.gain)),
        at=np.concatenate((ratings.at, loud.at)),
        own=np.concatenate((ratings.own, loud.own)),
    )
    before, after = dict(fit(ratings, seed=1).multipliers), dict(fit(both, seed=1).multipliers)
    assert max(abs(after[part] - before[part]) for part in PARTS) < 0.5


def test_others_tastes_say_nothing_about_my_ratings() -> None:
    """On somebody else's playlist the taste is theirs: what I think of its songs does not judge it."""
    truth = (1.0, 1.0, 1.0, 1.0, 4.0, 1.0)
    ratings = rated_world(9, members=100, truth=truth)
    strangers = replace(ratings, own=np.zeros(len(ratings), dtype=np.bool_))
    assert dict(fit(ratings, seed=1).multipliers)["taste genre"] > 1.5
    assert dict(fit(strangers, seed=1).multipliers)["taste genre"] == pytest.approx(1.0, abs=0.01)


def test_the_best_order_has_an_ndcg_of_one_and_pairs_are_of_one_playlist() -> None:
    ratings = rated_world(10, members=20, truth=OTHERWISE, slope=1e6)
    known = RankingWeights(version="truth", multipliers=tuple(zip(PARTS, OTHERWISE, strict=True)))
    assert ndcg(ratings, known) == pytest.approx(1.0, abs=0.001)
    assert ndcg(ratings, TODAY) < 0.97
    assert compare(ratings, TODAY, known, seed=1).better
    found = pairs_of(ratings, seed=1)
    of_row = np.searchsorted(ratings.starts, np.arange(len(ratings.values)), side="right") - 1
    assert (of_row[found.better] == of_row[found.worse]).all()
    assert (found.better != found.worse).all()


def test_nothing_to_learn_from_is_no_error() -> None:
    nothing = rated_world(1, members=1, playlists=1).only(np.zeros(8, dtype=np.bool_))
    assert "0 earlier ratings" in learn(nothing, TODAY, seed=1).lacking
    assert dict(fit(nothing, seed=1).multipliers) == dict.fromkeys(PARTS, 1.0)
    assert ndcg(nothing, TODAY) == 0.0
