"""Whether new weights are better than the old ones, on ratings that the fit has not seen: the gate before their use.

Better means beyond noise. Members are drawn with replacement, since a member's ratings are not independent of each
other, and the difference between the two is taken draw by draw.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bot.generation.learning.ranking import Doubles, Pairs, RankingWeights, Ratings, differences, pairs_of, rows_of

SURE = 0.99
"""How sure a gain has to be, on one side. A training without anything to learn passes once in a hundred times or
less, and the promise is at most five in a hundred."""

LEAST_GAIN = 0.002
"""A gain in pairwise AUC below this is not worth another version, however sure."""

DRAWS = 1000
_SPREADS = 2.6
_CHUNK = 200_000
_DRAWN_AT_ONCE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """A figure with its 95 % interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Old weights and new ones on the same ratings.

    AUC is the share of pairs in which the preferred song has the higher score (0.5 is chance), nDCG how near each
    playlist's rated songs come to their best order. `sure_gain` is the gain in AUC that there is at least, with the
    certainty of SURE.
    """

    members: int
    pairs: int
    auc_old: Interval
    auc_new: Interval
    auc_gain: Interval
    ndcg_old: float
    ndcg_new: float
    sure_gain: float

    @property
    def better(self) -> bool:
        """Whether the new weights are better beyond noise."""
        return self.sure_gain > 0 and self.auc_gain.value >= LEAST_GAIN


def compare(ratings: Ratings, old: RankingWeights, new: RankingWeights, *, seed: int) -> Comparison:
    """Old and new on these ratings, each member counting alike but for those with few pairs."""
    found = pairs_of(ratings, seed=seed)
    before, after = (_agreed(ratings, found, weights) for weights in (old, new))
    member, total = np.unique(ratings.member[found.rating], return_inverse=True)
    count = len(member)
    worth: Doubles = np.bincount(total, weights=found.weight, minlength=count).astype(np.float64)
    # Each member counts by their pairs, but none for more than the one in the middle.
    cap = np.median(worth) if count else 0.0
    share = np.minimum(worth, cap) / np.where(worth > 0, worth, 1.0)
    sums = [np.bincount(total, weights=found.weight * ok, minlength=count) * share for ok in (before, after)]
    worth = worth * share
    draws = _draws(worth, sums[0], sums[1], seed=seed)
    first, second = (float(agreed.sum() / max(1e-9, worth.sum())) for agreed in sums)
    return Comparison(
        members=count,
        pairs=len(found.better),
        auc_old=_interval(first, draws[0]),
        auc_new=_interval(second, draws[1]),
        auc_gain=_interval(second - first, draws[1] - draws[0]),
        ndcg_old=ndcg(ratings, old),
        ndcg_new=ndcg(ratings, new),
        sure_gain=_sure_gain(worth, sums[1] - sums[0], draws[1] - draws[0]),
    )


def ndcg(ratings: Ratings, weights: RankingWeights) -> float:
    """The mean, over members and playlists, of how near the rated songs come to their best order; 1 is the best.

    Gains below zero count as zero; playlists without anything liked say nothing.
    """
    groups = ratings.member.astype(np.int64) * max(1, len(ratings.starts)) + ratings.playlist
    if not len(groups):
        return 0.0
    rows, number = rows_of(ratings), np.arange(len(ratings))
    scores = np.empty(len(ratings))
    for start in range(0, len(ratings), _CHUNK):
        part = slice(start, start + _CHUNK)
        # Against nothing at all: the values themselves, weighed.
        apart = differences(ratings, rows[part], ratings.starts[ratings.playlist[part]], number[part])
        scores[part] = apart @ weights.row(ratings.parts)
    gains = np.maximum(ratings.gain.astype(np.float64), 0.0)
    found, best = _discounted(groups, scores, gains), _discounted(groups, gains, gains)
    told = best > 0
    return float((found[told] / best[told]).mean()) if told.any() else 0.0


def _discounted(groups: npt.NDArray[np.int64], keys: Doubles, gains: Doubles) -> Doubles:
    """The discounted gain of each group, its songs by falling key."""
    order = np.lexsort((-keys, groups))
    _, starts = np.unique(groups[order], return_index=True)
    sizes = np.diff(np.append(starts, len(order)))
    rank = np.arange(len(order)) - np.repeat(starts, sizes)
    sums: Doubles = np.add.reduceat(gains[order] / np.log2(rank + 2), starts)
    return sums


def _agreed(ratings: Ratings, found: Pairs, weights: RankingWeights) -> Doubles:
    """1 for each pair whose better song scores higher, 0.5 for level ones."""
    row = weights.row(ratings.parts)
    agreed = np.empty(len(found.better))
    for start in range(0, len(agreed), _CHUNK):
        part = slice(start, start + _CHUNK)
        apart = differences(ratings, found.better[part], found.worse[part], found.rating[part]) @ row
        agreed[part] = np.where(np.abs(apart) < 1e-9, 0.5, apart > 0)
    return agreed


def _draws(worth: Doubles, first: Doubles, second: Doubles, *, seed: int) -> Doubles:
    """The two shares for each of DRAWS draws of members with replacement; 2 x draws."""
    draw, count = np.random.default_rng([seed, 1]), len(worth)
    shares = []
    for _ in range(0, DRAWS, _DRAWN_AT_ONCE):
        times = draw.multinomial(count, np.full(count, 1 / count), size=_DRAWN_AT_ONCE) if count else np.ones((1, 0))
        total = np.maximum(times @ worth, 1e-9)
        shares.append(np.stack(((times @ first) / total, (times @ second) / total)))
    return np.concatenate(shares, axis=1)


def _interval(value: float, draws: Doubles) -> Interval:
    low, high = np.quantile(draws, (0.025, 0.975))
    return Interval(value=value, low=float(low), high=float(high))


def _sure_gain(worth: Doubles, gains: Doubles, draws: Doubles) -> float:
    """The smaller of two lower bounds: that of the draws, and a wider one by the spread between members.

    With few members draws alone are too sure of themselves.
    """
    total = float(worth.sum())
    if len(worth) < 2 or total <= 0:
        return -1.0
    mean = float(gains.sum()) / total
    rest = gains - mean * worth
    spread = float(np.sqrt((rest**2).sum() * len(worth) / (len(worth) - 1))) / total
    return min(float(np.quantile(draws, 1 - SURE)), mean - _SPREADS * spread)
