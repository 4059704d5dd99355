"""How good an order is, proved: the optimum of short sets, and for any set a bound that no order of it can beat.

Both rest on the same recursion over places (Held and Karp 1962): what the rest of the set costs at least from a song
on a place on. Over sets of songs it is exact; over songs alone, with prices on songs that would be played twice, it is
a bound (the relaxation of the time-dependent travelling salesman, Picard and Queyranne 1978).
"""

from __future__ import annotations

import heapq
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from bot.generation.sequencing.annealing import FAR, Board, Places
from bot.generation.sequencing.artist_spacing import Spacing, widest_gap

MOST_PROVED = 12
"""Songs of a set whose best order is found for certain."""

_EXPANDED = 3_000
_ROUNDS = 32
_FEW_ROUNDS = 6
_LONG = 60
_MOMENTUM = 0.7
_STUCK = 3
_SLOWER = 0.8
_PINS_BROKEN = FAR / 2

_Wide = npt.NDArray[np.float64]


def best_order(board: Board, spacing: Spacing) -> Places | None:
    """The cheapest of all orders of a board whose items all play, with the widest gap up to the asked one.

    `board` has as many items as places, `MOST_PROVED` at most. Its pins go before the gap, which is then the widest
    they leave. None when proving it would take too long.
    """
    count = board.items
    if count < 2:
        return np.arange(count)
    rest = _rest(board)
    counts = np.unique(spacing.artists, return_counts=True)[1]
    widest = widest_gap(counts, spacing.gap) if counts.max() > 1 else 0
    for gap in range(widest, -1, -1):
        found = _searched(board, rest, spacing.artists.tolist(), gap)
        if found is not None or not board.pins:
            return found
    return None


def _rest(board: Board) -> npt.NDArray[np.float32]:
    """What the places after a song cost at least: by the set of songs that were played, and the last of them."""
    count = board.items
    every = (1 << count) - 1
    rest = np.full((every + 1, count), np.inf, dtype=np.float32)
    rest[every] = 0
    songs = np.arange(count)
    for played in range(count - 1, 0, -1):
        sets = _sets(count)[played]
        inside = (sets[:, None] >> songs) & 1 == 1
        after = sets[:, None] | (1 << songs)
        follow = np.where(inside, np.inf, rest[after, songs] + board.place[:, played])
        rest[sets] = np.where(inside, (follow[:, None, :] + board.transition).min(axis=2), np.inf)
    return rest


@lru_cache(maxsize=MOST_PROVED)
def _sets(count: int) -> tuple[npt.NDArray[np.int64], ...]:
    """The sets of so many songs, as bits, by how many songs they hold."""
    sets = np.arange(1 << count)
    sizes = np.array([bits.bit_count() for bits in range(1 << count)])
    return tuple(sets[sizes == size] for size in range(count + 1))


def _searched(board: Board, rest: npt.NDArray[np.float32], artists: list[int], gap: int) -> Places | None:
    """The cheapest order that keeps the gap: beginnings of orders, the most promising first, are made longer.

    What the rest costs without regard to the gap is a bound, so the first order that is finished is the cheapest.
    """
    count = board.items
    place, edge = board.place.tolist(), board.transition.tolist()
    waiting: list[tuple[float, tuple[int, ...], float]] = []
    seen: set[tuple[int, tuple[int, ...]]] = set()
    for song in range(count):
        cost = place[song][0]
        heapq.heappush(waiting, (cost + float(rest[1 << song, song]), (song,), cost))
    for _ in range(_EXPANDED):
        if not waiting:
            return None
        least, order, cost = heapq.heappop(waiting)
        if least >= _PINS_BROKEN and board.pins:
            return None
        if len(order) == count:
            return np.array(order, dtype=np.intp)
        played = sum(1 << song for song in order)
        state = played, order[-max(1, gap) :]
        if state in seen:
            continue
        seen.add(state)
        near = {artists[song] for song in order[-gap:]} if gap else set()
        for song in range(count):
            if not played >> song & 1 and artists[song] not in near:
                longer = cost + edge[order[-1]][song] + place[song][len(order)]
                heapq.heappush(waiting, (longer + float(rest[played | 1 << song, song]), (*order, song), longer))
    return None


def order_gap(board: Board, order: Places) -> float:
    """At most this share of an order's cost could be saved by any other order of the same songs: 0 is proved best.

    Only what songs cost side by side and on their places counts; what they are worth is the same in every order.
    """
    part = part_of(board, order)
    cost = float(part.cost(np.arange(part.items)[:, None])[0])
    if cost <= 0:
        return 0.0
    return min(1.0, max(0.0, (cost - lower_bound(part, cost)) / cost))


def part_of(board: Board, order: Places) -> Board:
    """The board of these items alone, in this order, each one's cheapest place free of charge."""
    place = board.place[order].astype(np.float32)
    return Board(transition=board.transition[np.ix_(order, order)], place=place - place.min(axis=1, keepdims=True))


def lower_bound(board: Board, reached: float) -> float:
    """A cost that no order of the board can beat; `reached` is that of an order that is known.

    Each round finds the cheapest walk through the places, in which a song may come back, though not as the next but
    one, and then changes the prices of songs: dearer where it plays one too often, cheaper where it leaves one out.
    """
    count = board.items
    if count < 2:
        return float(board.place.sum())
    edge = board.transition.astype(np.float64) + np.where(np.eye(count, dtype=np.bool_), np.inf, 0.0)
    place = board.place.astype(np.float64)
    prices, way = np.zeros(count), np.zeros(count)
    best, pace, stuck = -np.inf, 1.0, 0
    for _ in range(_ROUNDS if count <= _LONG else _FEW_ROUNDS):
        cost, played = _walk(edge, place + prices[:, None])
        bound = cost - prices.sum()
        stuck = 0 if bound > best else stuck + 1
        pace = pace if stuck < _STUCK else _SLOWER * pace
        best = max(best, bound)
        over = np.bincount(played, minlength=count) - 1
        way = _MOMENTUM * way + over
        length = float((way * way).sum())
        if not over.any() or not length or best >= reached:
            break
        prices = prices + pace * max(reached - bound, 0.0) / length * way
    return min(best, reached)


def _walk(edge: _Wide, place: _Wide) -> tuple[float, Places]:
    """The cheapest walk from the first place to the last, and the songs that it plays, the last one first.

    A song may come back, but not as the next but one: of each song on each place the best way there is kept, and the
    best with another song before it (Houck, Picard, Queyranne and Vemuganti 1980).
    """
    count, places = place.shape
    songs = np.arange(count)
    best, second = place[:, 0], np.full(count, np.inf)
    before = np.full((places, 2, count), -1, dtype=np.intp)
    for column in range(1, places):
        steps = best[:, None] + edge
        last = before[column - 1, 0]
        if column > 1:
            steps[songs, last] = second + edge[songs, last]
        for way in (0, 1):
            before[column, way] = steps.argmin(axis=0)
            found = steps[before[column, way], songs]
            steps[before[column, way], songs] = np.inf
            best, second = (found + place[:, column], second) if way == 0 else (best, found + place[:, column])
    song, way = int(best.argmin()), 0
    played = [song]
    for column in range(places - 1, 0, -1):
        earlier = int(before[column, way, song])
        way = int(column > 1 and before[column - 1, 0, earlier] == song)
        song = earlier
        played.append(song)
    return float(best.min()), np.array(played, dtype=np.intp)
