"""One set for several members: the least satisfied of them is as satisfied as can be, not the mean of all.

A member's satisfaction with a set is where it stands between the worst set for them (0) and the set they would choose
for themselves (1) out of the same songs, which all fit the request. Whoever likes much and whoever likes little are
measured alike. Of sets with the same smallest satisfaction the one with the greatest mean is chosen. A debt, from
earlier sets that served others better, is taken off before the smallest one is looked for.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from bot.generation.learning.preferences import preferences
from bot.generation.library import Library
from bot.generation.selection import Pool
from bot.generation.values import Guest, Recipe

DEBT_KEPT = 0.8
"""What of a debt is still owed after one more set."""

DEBT_LIMIT = 0.5
"""The most that is owed to a member, or taken from them, in satisfaction."""

_SAID = 0.02
_MEAN = 1e-3
_ROUNDS = 60
_STEP = 0.5
_SWAPS = 400
_TINY = 1e-9
_LOOSE = 3

Matrix = npt.NDArray[np.float64]
Places = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True, kw_only=True)
class Blend:
    """Songs chosen for several: their numbers among the candidates, and each member's satisfaction with them.

    A member to whom all candidates are the same has none.
    """

    chosen: tuple[int, ...]
    satisfaction: tuple[float | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupPool:
    """The pool of a set for several, and what each of them thinks of its songs: members x candidates, by row."""

    pool: Pool
    rows: Places = field(default_factory=lambda: np.empty(0, dtype=np.intp))
    liking: Matrix = field(default_factory=lambda: np.empty((0, 0)))

    def satisfaction(self, played: npt.NDArray[np.intp]) -> tuple[float | None, ...]:
        """How satisfied each member is with a set of rows; None for one of whom nothing is known."""
        place = {row: number for number, row in enumerate(self.rows.tolist())}
        inside = np.array([place[row] for row in played.tolist() if row in place], dtype=np.intp)
        return satisfactions(self.liking, inside)


def blend(
    liking: Matrix, songs: int, *, debts: Sequence[float] = (), firm: Sequence[int] = (), among: Places | None = None
) -> Blend:
    """The songs for members whose `liking` of each candidate is known (members x candidates, any scale).

    `debts` are taken off the satisfactions, one a member; `firm` candidates are chosen for sure, and others only of
    `among`, where it is given.
    """
    count = liking.shape[1]
    songs = min(songs, count)
    free = np.setdiff1d(np.arange(count) if among is None else among, firm)
    held = np.array(list(firm)[:songs], dtype=np.intp)
    more = min(songs - len(held), len(free))
    values, owed = _values(liking, songs, np.array(list(debts) or [0.0] * len(liking)))
    base = values[:, held].sum(axis=1) - owed
    chosen = _chosen(values[:, free], base, more) if more and len(values) else np.arange(more)
    picked = np.concatenate([held, free[chosen]])
    return Blend(chosen=tuple(picked.tolist()), satisfaction=satisfactions(liking, picked))


def satisfactions(liking: Matrix, chosen: Places) -> tuple[float | None, ...]:
    """Each member's satisfaction with these candidates, 0 to 1; None where the candidates are all the same to them."""
    found: list[float | None] = []
    for row in liking:
        best, worst = _ends(row, len(chosen))
        known = len(chosen) > 0 and best - worst > _TINY
        found.append(float((row[chosen].sum() - worst) / (best - worst)) if known else None)
    return tuple(found)


def owed_after(debts: Sequence[float], satisfaction: Sequence[float | None]) -> tuple[float, ...]:
    """What is owed to each member after a set: less of what was, and by how much they had less than the mean."""
    known = [one for one in satisfaction if one is not None]
    mean = float(np.mean(known)) if known else 0.0
    return tuple(
        float(np.clip(DEBT_KEPT * debt + (0.0 if one is None else mean - one), -DEBT_LIMIT, DEBT_LIMIT))
        for debt, one in zip(debts, satisfaction, strict=True)
    )


def with_bans(recipe: Recipe) -> Recipe:
    """The recipe with what anybody present never wants to hear again left out."""
    if not recipe.group:
        return recipe
    rules = recipe.rules
    return replace(
        recipe,
        rules=replace(
            rules,
            left_out=rules.left_out.union(*(guest.left_out for guest in recipe.group)),
            artists_out=tuple(dict.fromkeys((*rules.artists_out, *_artists(recipe.group)))),
        ),
    )


def together(library: Library, recipe: Recipe, pool: Pool, *, exact: bool) -> GroupPool:
    """The pool with the set for everybody in front; the pool as it is where nobody else is there, or nothing known.

    With `exact` the set is these songs; else, where the length counts, a few places stay free.
    """
    if not recipe.group or not len(pool.rows):
        return GroupPool(pool=pool)
    last = int(pool.level[max(0, pool.tracks - 1)])
    rows = pool.rows[pool.level <= last]
    liking = np.array([_liking(library, guest)[rows] for guest in recipe.group], dtype=np.float64)
    company = GroupPool(pool=pool, rows=rows, liking=liking)
    if not (np.ptp(liking, axis=1) > _TINY).any():
        return company
    levels = pool.level[: len(rows)]
    firm = dict.fromkeys([*range(pool.firm), *np.flatnonzero(levels < last).tolist()])
    debts = [guest.debt for guest in recipe.group]
    chosen = np.array(blend(liking, pool.tracks, debts=debts, firm=list(firm)).chosen, dtype=np.intp)
    others = np.setdiff1d(np.arange(len(pool.rows)), chosen)
    order = np.concatenate([chosen, others])
    held = len(chosen) if exact else max(pool.firm, len(chosen) - _LOOSE)
    return replace(company, pool=replace(pool, rows=pool.rows[order], level=pool.level[order], firm=held))


def _artists(group: Sequence[Guest]) -> tuple[str, ...]:
    return tuple(name for guest in group for name in guest.artists_out)


def _liking(library: Library, guest: Guest) -> npt.NDArray[np.float32]:
    """What a member thinks of every row; next to nothing is nothing: it shall not count like a taste."""
    total = preferences(library, guest.taste).total
    if total is None or float(np.abs(total).max(initial=0.0)) < _SAID:
        return np.zeros(len(library), dtype=np.float32)
    return total


def _ends(row: Matrix, songs: int) -> tuple[float, float]:
    """What the best and the worst set of so many songs come to for a member."""
    ranked = np.sort(row)
    return float(ranked[len(ranked) - songs :].sum()), float(ranked[:songs].sum())


def _values(liking: Matrix, songs: int, debts: Matrix) -> tuple[Matrix, Matrix]:
    """What each candidate adds to each satisfaction, and what is taken off, of the members who tell songs apart."""
    rows, owed = [], []
    for row, debt in zip(liking, debts, strict=True):
        best, worst = _ends(row, songs)
        if songs and best - worst > _TINY:
            rows.append((row - worst / songs) / (best - worst))
            owed.append(debt)
    return np.array(rows).reshape(len(rows), liking.shape[1]), np.array(owed)


def _chosen(values: Matrix, base: Matrix, songs: int) -> Places:
    """The best of three beginnings, each bettered by swaps: by the mean, by what lacks most, by turns of weights."""
    starts = (
        np.argsort(-values.mean(axis=0), kind="stable")[:songs],
        _greedy(values, base, songs),
        _weighed(values, base, songs),
    )
    found = [_swapped(values, base, start) for start in starts]
    return max(found, key=lambda chosen: _worth(base + values[:, chosen].sum(axis=1)))


def _worth(sums: Matrix) -> float:
    return float(sums.min() + _MEAN * sums.mean())


def _greedy(values: Matrix, base: Matrix, songs: int) -> Places:
    """One song after the other, each the best for the smallest satisfaction so far."""
    sums, taken = base.copy(), np.zeros(values.shape[1], dtype=np.bool_)
    for _ in range(songs):
        after = sums[:, None] + values
        worth = after.min(axis=0) + _MEAN * after.mean(axis=0)
        worth[taken] = -np.inf
        best = int(np.argmax(worth))
        taken[best] = True
        sums += values[:, best]
    return np.flatnonzero(taken)


def _weighed(values: Matrix, base: Matrix, songs: int) -> Places:
    """The best of many weighted means, those who lack most weighing more each time (multiplicative weights).

    Arora, Hazan and Kale, The Multiplicative Weights Update Method, Theory of Computing 8 (2012), section 3.3.
    """
    weights = np.full(len(values), 1 / len(values))
    best, worth = np.arange(songs), -np.inf
    for _ in range(_ROUNDS):
        chosen = np.argpartition(-(weights @ values), songs - 1)[:songs]
        sums = base + values[:, chosen].sum(axis=1)
        if _worth(sums) > worth:
            best, worth = chosen, _worth(sums)
        weights *= np.exp(-_STEP * (sums - sums.mean()))
        weights /= weights.sum()
    return best


def _swapped(values: Matrix, base: Matrix, start: Places) -> Places:
    """The best exchange of one song for another, again and again, until none is better."""
    chosen = np.array(start, dtype=np.intp)
    others = np.setdiff1d(np.arange(values.shape[1]), chosen)
    sums = base + values[:, chosen].sum(axis=1)
    for _ in range(_SWAPS if len(others) else 0):
        after = (sums[:, None] - values[:, chosen])[:, :, None] + values[:, others][:, None, :]
        worth = after.min(axis=0) + _MEAN * after.mean(axis=0)
        out, come = np.unravel_index(int(np.argmax(worth)), worth.shape)
        if worth[out, come] <= _worth(sums) + _TINY:
            break
        sums = sums - values[:, chosen[out]] + values[:, others[come]]
        chosen[out], others[come] = others[come], chosen[out]
    return chosen
