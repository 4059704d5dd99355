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

Pins = tuple[tuple[int, int], ...]
"""Items, and the place from 0 on that each of them must stand on."""

FAR = 1_000.0
"""What an item costs away from its pin: more than everything else together."""

_PATTERNS = 64
_LONGEST_STRETCH = 10
_RENEWED_SHARE = 4
_RENEWED_UNTIL = 0.9
_DRAWN = 128
_BENCH_PATTERNS = 24
_STRIDE = 512


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """What orders cost: `transition[a, b]` for b next to a (symmetric), `place[a, p]` for a on place p.

    Items are numbered from 0. There may be more of them than places: then the best ones are chosen too, and what an
    item is worth is part of the costs of its places. The first `firm` items play for sure, and each of the `pins`
    (item, place) holds an item on its place; their costs say so too (`pinned`).
    """

    transition: Floats
    place: Floats
    firm: int = 0
    pins: Pins = ()

    @property
    def items(self) -> int:
        """How many items there are, 511 at most."""
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


def pinned(board: Board, pins: Pins) -> Board:
    """The board with items held on places; no place and no item may be named twice."""
    if not pins:
        return board
    place = board.place.copy()
    for item, at in pins:
        free = place[item, at]
        place[item] += np.float32(FAR)
        place[:, at] += np.float32(FAR)
        place[item, at] = free
    return Board(transition=board.transition, place=place, firm=board.firm, pins=pins)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cooling:
    """How orders are cooled: `copies` of them, for `steps` steps, from the `hot` to the `cold` temperature.

    Temperatures are in units of cost. Every `renewed_every` steps the worst quarter becomes copies of the best.
    """

    copies: int = 32
    steps: int = 600
    hot: float = 0.6
    cold: float = 0.1
    renewed_every: int = 40


_Term = tuple[Places, Places, int]
"""A term of a cost: rows whose items, scaled and added, lead to a place of the table."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Move:
    """Several changes that do not touch each other, one a column of these rows of `_Copies.at`.

    Each change writes what stands in the `sources` rows into the `targets` rows. Its cost is read from a table at
    ``at[left] * scale + at[right]``: the first half of the terms is what it brings, the second half what it takes away.
    """

    targets: Places
    sources: Places
    left: Places
    right: Places
    scale: Places


class _Rows:
    """Where things stand in `_Copies.at`: an empty row, the places from 1 on, an empty row, the columns, the bench.

    The row of a column holds the number that leads from an item to its cost on that place.
    """

    def __init__(self, places: int) -> None:
        self.places, self.columns, self.bench = places, places + 2, 2 * places + 3

    def edge(self, left: Places, right: Places) -> tuple[Places, Places, int]:
        """The term for the items of two rows side by side; the bench has nobody at its side."""
        return left, right, _STRIDE

    def stand(self, item: Places, place: Places) -> tuple[Places, Places, int]:
        """The term for the item of a row on a place; the bench costs nothing."""
        return item, self.columns + np.where(place <= self.places, place, 0), self.places + 1

    def beside(self, place: Places, step: int) -> Places:
        """The rows next to places; next to the bench is the empty row."""
        return np.where(place <= self.places, place + step, 0)

    def move(self, targets: list[Places], sources: list[Places], brought: list[_Term], taken: list[_Term]) -> _Move:
        """A move from the terms that it brings and takes, as many of each."""
        terms = brought + taken
        return _Move(
            targets=np.stack(targets),
            sources=np.stack(sources),
            left=np.stack([left for left, _, _ in terms]),
            right=np.stack([right for _, right, _ in terms]),
            scale=np.array([scale for _, _, scale in terms], dtype=np.intp)[:, None, None],
        )

    def exchange(self, here: Places, there: Places) -> _Move:
        """Exchange the items of places, or of a place and the bench."""
        sides = [(here, there), (there, here)]
        return self.move(
            [here, there],
            [there, here],
            [self.edge(self.beside(at, -1), other) for at, other in sides]
            + [self.edge(other, self.beside(at, 1)) for at, other in sides]
            + [self.stand(other, at) for at, other in sides],
            [self.edge(self.beside(at, -1), at) for at, _ in sides]
            + [self.edge(at, self.beside(at, 1)) for at, _ in sides]
            + [self.stand(at, at) for at, _ in sides],
        )

    def rearrange(self, starts: Places, length: int, turn: int) -> _Move:
        """Reverse stretches of places, or with `turn` > 0 move their first `turn` items to their ends."""
        targets = [starts + step for step in range(length)]
        sources = targets[turn:] + targets[:turn] if turn else targets[::-1]
        brought = [self.edge(starts - 1, sources[0]), self.edge(sources[-1], starts + length)]
        taken = [self.edge(starts - 1, targets[0]), self.edge(targets[-1], starts + length)]
        if turn:
            brought.append(self.edge(targets[-1], targets[0]))
            taken.append(self.edge(targets[turn - 1], targets[turn]))
        return self.move(
            targets,
            sources,
            brought + [self.stand(item, place) for item, place in zip(sources, targets, strict=True)],
            taken + [self.stand(place, place) for place in targets],
        )


@lru_cache(maxsize=128)
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


@lru_cache(maxsize=128)
def _exchanges(places: int) -> tuple[_Move, ...]:
    """Exchanges within the set."""
    rows = _Rows(places)
    halves = ((chosen, len(chosen) // 2) for chosen in _apart(places))
    return tuple(rows.exchange(chosen[:half], chosen[half : 2 * half]) for chosen, half in halves if half)


def _exchanges_with(bench: int, places: int, rng: np.random.Generator) -> tuple[_Move, ...]:
    """Exchanges between the set and a bench of so many items."""
    rows = _Rows(places)
    found = []
    for chosen in _apart(places)[:_BENCH_PATTERNS]:
        here = chosen[:bench]
        found.append(rows.exchange(here, rows.bench + rng.permutation(bench)[: len(here)]))
    return tuple(found)


@lru_cache(maxsize=128)
def _rearrangements(places: int) -> tuple[_Move, ...]:
    """Cuts of the places into stretches with a place between them, reversed, or turned by some of their items."""
    rng = np.random.default_rng((places, 1))
    rows = _Rows(places)
    found = []
    for length in range(2, min(_LONGEST_STRETCH, places) + 1):
        for offset in range(min(length + 1, places - length + 1)):
            starts = np.arange(1 + offset, places - length + 2, length + 1)
            turn = int(rng.integers(1, length))
            found += [rows.rearrange(starts, length, 0), rows.rearrange(starts, length, turn)]
    return tuple(found)


class _Copies:
    """The orders of all copies, one a column; `_Rows` says what stands in which row."""

    def __init__(self, board: Board, cooling: Cooling, rng: np.random.Generator) -> None:
        items, places = board.items, board.places
        self.board, self.places = board, places
        edges = np.zeros((items + 1, _STRIDE), dtype=np.float32)
        edges[:items, :items] = board.transition
        stands = np.pad(board.place, ((0, 1), (1, 0))).astype(np.float32)
        self.table = np.concatenate([edges.ravel(), stands.ravel()])
        mixed = _mixed(board, rng.random((items, cooling.copies)))
        empty = np.full((1, cooling.copies), items)
        columns = np.repeat(edges.size + np.arange(places + 1)[:, None], cooling.copies, axis=1)
        self.at = np.concatenate([empty, mixed[:places], empty, columns, mixed[places:]]).astype(np.intp)

    def propose(self, move: _Move, threshold: Floats) -> None:
        """Make each change of the move in each copy where the cost rises by less than the threshold."""
        index = self.at.take(move.left, axis=0)
        index *= move.scale
        index += self.at.take(move.right, axis=0)
        costs = self.table.take(index)
        half = len(costs) // 2
        moved = np.add.reduce(costs[:half]) - np.add.reduce(costs[half:]) < threshold[: costs.shape[1]]
        self.at[move.targets] = np.where(moved, self.at.take(move.sources, axis=0), self.at.take(move.targets, axis=0))

    def orders(self) -> Places:
        """The items by place, a column a copy."""
        return self.at[1 : self.places + 1]

    def costs(self) -> Floats:
        """The cost of each copy."""
        return self.board.cost(self.orders())

    def renew(self) -> None:
        """Let the best quarter of the copies replace the worst."""
        ranked = np.argsort(self.costs(), kind="stable")
        share = len(ranked) // _RENEWED_SHARE
        if share:
            self.at[:, ranked[-share:]] = self.at[:, ranked[:share]]


def _mixed(board: Board, drawn: npt.NDArray[np.float64]) -> Places:
    """Random orders, a column a copy, with what must play among the places and what is pinned on its own."""
    drawn[: board.firm] -= 1
    for item, _ in board.pins:
        drawn[item] -= 1
    mixed = np.argsort(drawn, axis=0)
    copies = np.arange(mixed.shape[1])
    for item, place in board.pins:
        stood = np.argmax(mixed == item, axis=0)
        mixed[stood, copies] = mixed[place]
        mixed[place] = item
    return mixed


def anneal(board: Board, cooling: Cooling, seed: int) -> Places:
    """The best order found, as items by place. Same board, same seed: same order. At most 511 items."""
    rng = np.random.default_rng(seed)
    copies = _Copies(board, cooling, rng)
    if board.items > 1:
        _cool(copies, board, cooling, rng)
    return copies.orders()[:, int(np.argmin(copies.costs()))].copy()


def _cool(copies: _Copies, board: Board, cooling: Cooling, rng: np.random.Generator) -> None:
    steps, bench = cooling.steps, board.items - board.places
    exchanges, rearranged = _exchanges(board.places), _rearrangements(board.places)
    if bench:
        exchanges += _exchanges_with(bench, board.places, rng)
    kinds = [moves for moves in (exchanges, rearranged) if moves]
    widest = max(move.targets.shape[1] for moves in kinds for move in moves)
    heat = np.geomspace(cooling.hot, cooling.cold, steps).astype(np.float32)[:, None, None]
    picked = rng.integers(1 << 30, size=(steps, len(kinds))).tolist()
    for first in range(0, steps, _DRAWN):
        part = heat[first : first + _DRAWN]
        drawn = rng.standard_exponential((len(part), len(kinds), widest, cooling.copies), dtype=np.float32)
        drawn *= part[:, None]
        for step, allowed in enumerate(drawn, start=first):
            for kind, moves in enumerate(kinds):
                copies.propose(moves[picked[step][kind] % len(moves)], allowed[kind])
            if step % cooling.renewed_every == cooling.renewed_every - 1 and step < _RENEWED_UNTIL * steps:
                copies.renew()
