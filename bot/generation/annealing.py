"""Population annealing over orders: many copies of a set cool down together, and good copies replace bad ones.

Pure numpy: each step proposes several independent exchanges and a rearranged stretch to all copies at once, so that
its cost is a few array operations whatever the number of copies. The budget is a number of steps, never a time.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from bot.generation.tracks import Floats

Places = npt.NDArray[np.intp]

_PATTERNS = 64
_LONGEST_STRETCH = 10
_RENEWED_SHARE = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """What orders cost: `transition[a, b]` for b next to a (symmetric), `place[a, p]` for a on place p.

    Items are numbered from 0. There may be more of them than places: then the best ones are chosen too, and what an
    item is worth is part of the costs of its places.
    """

    transition: Floats
    place: Floats

    @property
    def items(self) -> int:
        """How many items there are."""
        return int(self.transition.shape[0])

    @property
    def places(self) -> int:
        """How many places are to be filled."""
        return int(self.place.shape[1])

    def cost(self, orders: Places) -> Floats:
        """The cost of orders of items, one order a column."""
        steps = self.transition[orders[:-1], orders[1:]].sum(axis=0)
        total: Floats = steps + self.place[orders, np.arange(self.places)[:, None]].sum(axis=0)
        return total


@dataclass(frozen=True, slots=True, kw_only=True)
class Cooling:
    """How orders are cooled: `copies` of them, for `steps` steps, from the `hot` to the `cold` temperature.

    Temperatures are in units of cost. Every `renewed_every` steps the worst quarter becomes copies of the best.
    """

    copies: int = 32
    steps: int = 600
    hot: float = 0.6
    cold: float = 0.08
    renewed_every: int = 25


@dataclass(frozen=True, slots=True, kw_only=True)
class _Exchanges:
    """Rows of places that swap their items (`here` with `there`), and the rows of both sides of each touched edge."""

    here: Places
    there: Places
    left: Places
    right: Places
    rows: Places
    columns: Places


@lru_cache(maxsize=64)
def _apart(places: int) -> tuple[Places, ...]:
    """Random sets of places from 1 on, no two of a set neighbours: exchanges on them do not touch each other."""
    rng = np.random.default_rng(places)
    sets: list[Places] = []
    for _ in range(_PATTERNS):
        taken = [False] * (places + 2)
        chosen: list[int] = []
        for place in (rng.permutation(places) + 1).tolist():
            if not (taken[place - 1] or taken[place] or taken[place + 1]):
                taken[place] = True
                chosen.append(place)
        sets.append(np.array(chosen, dtype=np.intp))
    return tuple(sets)


@lru_cache(maxsize=64)
def _exchanges(places: int, bench: int) -> tuple[_Exchanges, ...]:
    """The exchanges that are proposed: within the set, and in every other pattern with the bench if there is one."""
    rng = np.random.default_rng((places, bench))
    before = np.concatenate([[0], np.arange(places), [0], np.zeros(bench, dtype=np.intp)]).astype(np.intp)
    after = np.concatenate([[0], np.arange(2, places + 2), [0], np.zeros(bench, dtype=np.intp)]).astype(np.intp)
    column = np.concatenate([[places], np.arange(places), np.full(bench + 1, places)]).astype(np.intp)
    found = []
    for number, chosen in enumerate(_apart(places)):
        if bench and (number % 2 or len(chosen) < 2):
            here = chosen[:bench]
            there = (places + 2 + rng.permutation(bench)[: len(here)]).astype(np.intp)
        else:
            half = len(chosen) // 2
            here, there = chosen[:half], chosen[half : 2 * half]
        found.append(
            _Exchanges(
                here=here,
                there=there,
                left=np.stack([before[here], there, before[there], here, before[here], here, before[there], there]),
                right=np.stack([there, after[here], here, after[there], here, after[here], there, after[there]]),
                rows=np.stack([there, here, here, there]),
                columns=np.stack([column[here], column[there], column[here], column[there]])[:, :, None],
            )
        )
    return tuple(found)


class _Copies:
    """The orders of all copies, one a column: an empty row, the places, an empty row, the bench."""

    def __init__(self, board: Board, cooling: Cooling, rng: np.random.Generator) -> None:
        items, places = board.items, board.places
        self.board, self.places, self.stride, self.width = board, places, items + 1, places + 1
        self.transition = np.pad(board.transition, (0, 1)).astype(np.float32).ravel()
        self.place = np.pad(board.place, (0, 1)).astype(np.float32).ravel()
        mixed = np.argsort(rng.random((items, cooling.copies)), axis=0)
        empty = np.full((1, cooling.copies), items)
        self.at = np.concatenate([empty, mixed[:places], empty, mixed[places:]]).astype(np.intp)

    def exchange(self, move: _Exchanges, threshold: Floats) -> None:
        """Exchange items where the cost rises by less than the threshold."""
        at = self.at
        edges = self.transition.take(at[move.left] * self.stride + at[move.right])
        stands = self.place.take(at[move.rows] * self.width + move.columns)
        change = edges[:4].sum(axis=0) - edges[4:].sum(axis=0) + stands[:2].sum(axis=0) - stands[2:].sum(axis=0)
        here, there = at[move.here], at[move.there]
        moved = (there - here) * (change < threshold[: len(here)])
        at[move.here] = here + moved
        at[move.there] = there - moved

    def rearrange(self, first: int, length: int, turn: int, threshold: Floats) -> None:
        """Reverse the stretch of places from `first` on, or with `turn` > 0 move its first `turn` items to its end."""
        old = self.at[first - 1 : first + length + 1]
        new = old.copy()
        if turn:
            new[1 : 1 + length - turn], new[1 + length - turn : -1] = old[1 + turn : -1], old[1 : 1 + turn]
        else:
            new[1:-1] = old[-2:0:-1]
        columns = np.arange(first - 1, first - 1 + length)[:, None]
        both = np.stack([new, old])
        edges = self.transition.take(both[:, :-1] * self.stride + both[:, 1:]).sum(axis=1)
        stands = self.place.take(both[:, 1:-1] * self.width + columns).sum(axis=1)
        change = edges[0] - edges[1] + stands[0] - stands[1]
        np.copyto(old, new, where=change < threshold)

    def costs(self) -> Floats:
        """The cost of each copy."""
        return self.board.cost(self.at[1 : self.places + 1])

    def renew(self) -> None:
        """Let the best quarter of the copies replace the worst."""
        ranked = np.argsort(self.costs(), kind="stable")
        share = len(ranked) // _RENEWED_SHARE
        if share:
            self.at[:, ranked[-share:]] = self.at[:, ranked[:share]]


def anneal(board: Board, cooling: Cooling, seed: int) -> tuple[Places, Places]:
    """The best order found, as items by place, and the items left on the bench. Same seed, same order."""
    rng = np.random.default_rng(seed)
    copies = _Copies(board, cooling, rng)
    if board.places > 1 or board.items > board.places:
        _cool(copies, board, cooling, rng)
    best = int(np.argmin(copies.costs()))
    return copies.at[1 : board.places + 1, best].copy(), copies.at[board.places + 2 :, best].copy()


def _cool(copies: _Copies, board: Board, cooling: Cooling, rng: np.random.Generator) -> None:
    places, steps = board.places, cooling.steps
    moves = _exchanges(places, board.items - places)
    widest = max(len(move.here) for move in moves)
    heat = np.geomspace(cooling.hot, cooling.cold, steps).astype(np.float32)[:, None, None]
    allowed = rng.standard_exponential((steps, widest + 1, cooling.copies), dtype=np.float32) * heat
    picked = rng.integers(len(moves), size=steps)
    firsts = rng.integers(1, max(2, places), size=steps)
    lengths = np.minimum(rng.integers(2, _LONGEST_STRETCH + 1, size=steps), places - firsts + 1)
    turns = np.where(rng.random(steps) < 0.5, 0, rng.integers(1, np.maximum(2, lengths)))
    for step in range(steps):
        copies.exchange(moves[picked[step]], allowed[step])
        if places > 1:
            copies.rearrange(int(firsts[step]), int(lengths[step]), int(turns[step]), allowed[step, -1])
        if step % cooling.renewed_every == cooling.renewed_every - 1 and step < 0.9 * steps:
            copies.renew()
