"""Weights of the score's parts that were learned from what members did, and how they are learned.

A song's score is a weighted mean of named parts, so within one playlist it is linear in the weights: of two songs that
a member judged differently, the better one should have the higher score. The fit is a logistic regression over such
pairs, pulled towards the weights of today, in which no member counts for much more than others. Songs that were shown
and not rated count little, and the less the deeper they stood; that songs further up are rated more often is a term of
its own (propensities as in Joachims, Swaminathan and Schnabel, "Unbiased Learning-to-Rank with Biased Feedback", 2017).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Doubles = npt.NDArray[np.float64]
Places = npt.NDArray[np.int64]
Names = tuple[str, ...]

RANKER = "ranker"
"""What the learned weights are called among the models."""

BUILT_IN = "built-in"
"""The version of the weights that come with the engine."""

LEAST, MOST = 0.25, 4.0
"""No part is made to count less than a quarter, or more than four times, of what it counts by judgement."""

THOUSAND = 1000.0
"""Parts are kept in thousandths."""

DEEPEST = 64
"""Places beyond this are taken for this one."""

TRUST = 0.5
"""By how much a multiplier may be believed to lie off 1 before anything was seen: the deviation of the prior."""

UNRATED = 0.3
"""What a pair with a song that was shown and not rated counts, where its place is sure to have been looked at."""

MEMBER_CAP = 2.0
"""No member counts for more than so many times the one in the middle."""

MOST_PAIRS = 2_500_000
"""Pairs that are looked at; of larger data each rating meets fewer others."""

_MOST_PARTNERS = 12
_LEAST_SLOPE = 1.0
_ROUNDS = 30
_CHUNK = 200_000
_LEAST_SEEN = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class RankingWeights:
    """By what the weight of each named part is multiplied; parts that are not named keep their weight."""

    version: str = BUILT_IN
    multipliers: tuple[tuple[str, float], ...] = ()

    def of(self, part: str) -> float:
        """The multiplier of one part."""
        return next((amount for name, amount in self.multipliers if name == part), 1.0)

    def row(self, parts: Names) -> Doubles:
        """The multipliers of these parts, in their order."""
        known = dict(self.multipliers)
        return np.array([known.get(part, 1.0) for part in parts])


@dataclass(frozen=True, slots=True, kw_only=True)
class Ratings:
    """What was shown, and what members thought of it.

    Shown: `values` holds the parts of every shown song, songs x parts in thousandths; the songs of playlist e are the
    rows from `starts[e]` to `starts[e + 1]`, in their order. `weights` is playlists x parts: what each part counted by
    judgement, 0 where the playlist had no such part.

    Ratings, one in each place of the other arrays: the `playlist`, the song's `position` in it from 0, the `member`,
    the `gain` from -1 (never again) to 1 (loved), the time `at` which the playlist was first rated by this member, in
    seconds, and whether the playlist was the member's `own`: parts named "taste..." are of the one it was made for.
    """

    parts: Names
    values: npt.NDArray[np.uint16]
    starts: Places
    weights: npt.NDArray[np.float32]
    playlist: Places
    position: Places
    member: Places
    gain: npt.NDArray[np.float32]
    at: Doubles
    own: npt.NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.gain)

    def only(self, chosen: npt.NDArray[np.bool_]) -> Ratings:
        """The same with some of the ratings."""
        return Ratings(
            parts=self.parts,
            values=self.values,
            starts=self.starts,
            weights=self.weights,
            playlist=self.playlist[chosen],
            position=self.position[chosen],
            member=self.member[chosen],
            gain=self.gain[chosen],
            at=self.at[chosen],
            own=self.own[chosen],
        )

    def members(self) -> int:
        """How many members rated."""
        return len(np.unique(self.member))


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairs:
    """Pairs of songs of one playlist: `better` and `worse` are rows of `Ratings.values`, `rating` the rating that the
    pair comes from, `weight` how much it counts; `explicit` where the member rated both.
    """

    better: Places
    worse: Places
    rating: Places
    weight: Doubles
    explicit: npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """The multiplier of each part, and how certain it is: the half width of a 95 % interval. `pairs` went into it."""

    multipliers: tuple[tuple[str, float], ...]
    uncertain: tuple[tuple[str, float], ...]
    slope: float
    place: float
    pairs: int


def fit(ratings: Ratings, *, seed: int) -> Fit:
    """The multipliers that put what members preferred first, as far as they differ from 1 beyond what is usual.

    Without pairs all are 1. Same ratings, same seed: same multipliers.
    """
    found = pairs_of(ratings, seed=seed)
    parts = len(ratings.parts)
    if not len(found.better):
        ones = tuple((name, 1.0) for name in ratings.parts)
        return Fit(multipliers=ones, uncertain=ones, slope=_LEAST_SLOPE, place=0.0, pairs=0)
    weight = found.weight * _member_shares(ratings, found)
    seen = np.log(propensities(ratings))
    place = _places(ratings, found, seen)
    whole = np.ones((parts, 1))
    slope, shift = _newton(ratings, found, weight, place, whole, np.array([0.0]), np.array([1e-6]))[0]
    slope = max(_LEAST_SLOPE, float(slope))
    pull = np.full(parts, 1 / (TRUST * slope) ** 2)
    best, spread = _newton(ratings, found, weight, place, np.eye(parts), np.full(parts, slope), pull, shift=shift)
    multipliers = np.clip(best[:parts] / slope, LEAST, MOST)
    return Fit(
        multipliers=_named(ratings.parts, multipliers),
        uncertain=_named(ratings.parts, 1.96 * spread[:parts] / slope),
        slope=slope,
        place=float(best[parts]),
        pairs=len(found.better),
    )


def pairs_of(ratings: Ratings, *, seed: int) -> Pairs:
    """Each rating with others of the same member on the same playlist that say something else, and with a song that
    was shown there and not rated.
    """
    draw = np.random.default_rng(seed)
    group = _groups(ratings)
    order = np.lexsort((draw.random(len(group)), group))
    sizes = np.bincount(group)
    first = np.cumsum(sizes) - sizes
    own_first, own_size = first[group[order]], sizes[group[order]]
    local = np.arange(len(order)) - own_first
    partners = int(np.clip(MOST_PAIRS // (2 * max(1, len(order))), 1, _MOST_PARTNERS))
    found = []
    for step in range(1, partners + 1):
        # Beyond half of the group a step would meet the same pairs again.
        meets = np.flatnonzero((step <= own_size // 2) & (own_size > 1))
        other = order[own_first[meets] + (local[meets] + step) % own_size[meets]]
        found.append(_explicit(ratings, order[meets], other))
    found.append(_implicit(ratings, group, draw))
    joined = [np.concatenate(arrays) for arrays in zip(*found, strict=True)]
    better, worse, rating, weight, explicit = joined
    return Pairs(better=better, worse=worse, rating=rating, weight=weight, explicit=explicit)


def rows_of(ratings: Ratings) -> Places:
    """The row of `values` that each rating is about."""
    rows: Places = ratings.starts[ratings.playlist] + ratings.position
    return rows


def propensities(ratings: Ratings) -> Doubles:
    """How likely a song at each place is to be rated, against the likeliest place; 1 at that one."""
    _, firsts = np.unique(_groups(ratings), return_index=True)
    looked = ratings.playlist[firsts]
    lengths = np.minimum(ratings.starts[looked + 1] - ratings.starts[looked], DEEPEST)
    shown = np.cumsum(np.bincount(lengths, minlength=DEEPEST + 1)[::-1])[::-1][1:]
    rated = np.bincount(np.minimum(ratings.position, DEEPEST - 1), minlength=DEEPEST)
    usual = len(ratings) / max(1, int(shown.sum()))
    # Ten more playlists of which the usual share was rated: a place that was hardly shown is like the others.
    share = (rated + 10 * usual) / (shown + 10)
    likely: Doubles = np.clip(share / max(float(share.max()), 1e-12), _LEAST_SEEN, 1.0)
    return likely


def differences(ratings: Ratings, better: Places, worse: Places, rating: Places) -> Doubles:
    """By how much each part speaks for the better song of each pair, in shares of the score; pairs x parts."""
    weights = ratings.weights[ratings.playlist[rating]].astype(np.float64)
    taste = np.array([name.startswith("taste") for name in ratings.parts])
    weights[np.ix_(~ratings.own[rating], taste)] = 0.0
    sums = weights.sum(axis=1, keepdims=True)
    weights /= np.where(sums > 0, sums, 1.0)
    apart = ratings.values[better].astype(np.float64) - ratings.values[worse]
    return weights * apart / THOUSAND


def _named(parts: Names, amounts: Doubles) -> tuple[tuple[str, float], ...]:
    return tuple((name, round(float(amount), 4)) for name, amount in zip(parts, amounts, strict=True))


def _groups(ratings: Ratings) -> Places:
    """The number of the member and playlist that each rating belongs to."""
    keys = ratings.member.astype(np.int64) * max(1, len(ratings.starts)) + ratings.playlist
    group: Places = np.unique(keys, return_inverse=True)[1].astype(np.int64)
    return group


_Found = tuple[Places, Places, Places, Doubles, npt.NDArray[np.bool_]]


def _explicit(ratings: Ratings, one: Places, other: Places) -> _Found:
    rows, gains = rows_of(ratings), ratings.gain.astype(np.float64)
    apart = gains[one] - gains[other]
    differ = np.abs(apart) > 1e-6
    one, other, apart = one[differ], other[differ], apart[differ]
    up = apart > 0
    better, worse = rows[np.where(up, one, other)], rows[np.where(up, other, one)]
    return better, worse, one, np.abs(apart), np.ones(len(one), dtype=np.bool_)


def _implicit(ratings: Ratings, group: Places, draw: np.random.Generator) -> _Found:
    """Each rating with one song that this member saw there and did not rate."""
    rows, seen = rows_of(ratings), propensities(ratings)
    lengths = ratings.starts[ratings.playlist + 1] - ratings.starts[ratings.playlist]
    place = (draw.random(len(ratings)) * lengths).astype(np.int64)
    width = int(lengths.max(initial=1))
    rated = np.sort(group * width + ratings.position)
    wanted = group * width + place
    found = np.searchsorted(rated, wanted)
    taken = rated[np.minimum(found, len(rated) - 1)] == wanted if len(rated) else np.zeros(0, dtype=np.bool_)
    chosen = np.flatnonzero(~taken & (np.abs(ratings.gain) > 1e-6))
    other = ratings.starts[ratings.playlist[chosen]] + place[chosen]
    up = ratings.gain[chosen] > 0
    better, worse = np.where(up, rows[chosen], other), np.where(up, other, rows[chosen])
    looked_at = seen[np.minimum(place[chosen], DEEPEST - 1)]
    weight = UNRATED * np.abs(ratings.gain[chosen]).astype(np.float64) * looked_at
    return better, worse, chosen, weight, np.zeros(len(chosen), dtype=np.bool_)


def _member_shares(ratings: Ratings, found: Pairs) -> Doubles:
    """What each pair counts beside its weight, so that all together count like the ratings that they come from and no
    member counts for much more than the others.
    """
    member = ratings.member[found.rating]
    pairs = np.bincount(member, weights=found.weight)
    # A rating meets several others, which are not so many opinions more.
    ratings_of = np.bincount(ratings.member, minlength=len(pairs))[: len(pairs)].astype(np.float64)
    took_part = pairs > 0
    cap = MEMBER_CAP * float(np.median(ratings_of[took_part]))
    worth = np.minimum(ratings_of, cap) / 2
    shares: Doubles = (worth / np.where(took_part, pairs, 1.0))[member]
    return shares


def _places(ratings: Ratings, found: Pairs, seen: Doubles) -> Doubles:
    """By how much likelier the better song's place was to be rated than the worse one's, in logarithms; 0 where both
    were rated.
    """
    first = ratings.starts[ratings.playlist[found.rating]]
    better, worse = (np.minimum(rows - first, DEEPEST - 1) for rows in (found.better, found.worse))
    apart: Doubles = np.where(found.explicit, 0.0, seen[better] - seen[worse])
    return apart


def _newton(
    ratings: Ratings,
    found: Pairs,
    weight: Doubles,
    place: Doubles,
    columns: Doubles,
    centre: Doubles,
    pull: Doubles,
    shift: float = 0.0,
) -> tuple[Doubles, Doubles]:
    """The logistic regression of "the better one is preferred" on `columns` of the parts and on the place.

    `pull` is the strength by which each coefficient is held to its `centre`; the place's is free. Coefficients, the
    place's last, and their deviations.
    """
    count = len(centre)
    best = np.append(centre, shift)
    centre, pull = np.append(centre, 0.0), np.append(pull, 1e-3)
    curve = np.diag(pull)
    for _ in range(_ROUNDS):
        slope, curve = -pull * (best - centre), np.diag(pull).astype(np.float64)
        for start in range(0, len(weight), _CHUNK):
            part = slice(start, start + _CHUNK)
            parts = differences(ratings, found.better[part], found.worse[part], found.rating[part]) @ columns
            known = np.column_stack((parts, place[part]))
            missed = 1 / (1 + np.exp(np.clip(known @ best, -30, 30)))
            slope += known.T @ (weight[part] * missed)
            curve += (known * (weight[part] * missed * (1 - missed))[:, None]).T @ known
        step = np.linalg.solve(curve, slope)
        # A long first step of a nearly separable fit would overshoot.
        best = best + step * min(1.0, 20.0 / max(1e-9, float(np.abs(step[:count]).max())))
        if float(np.abs(step).max()) < 1e-4:
            break
    return best, np.sqrt(np.diag(np.linalg.inv(curve)))
