"""An exact minimal gap between songs of one artist, kept with as little harm to the order as possible."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bot.generation.library import Masks
from bot.generation.sequencing.annealing import Board, Places

_STEPS = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Spacing:
    """At least `gap` other songs between two of one artist; `artists` numbers the artist of each item."""

    artists: npt.NDArray[np.int32]
    gap: int


def widest_gap(counts: npt.NDArray[np.intp], wanted: int) -> int:
    """The widest gap, up to `wanted`, that songs of artists with these counts can be ordered with.

    Songs of the artists with most songs (m of them, by k artists) fit with a gap g when (m - 1) (g + 1) + k places
    are there; the others fill the spaces (the bound of task scheduling with cooldown, which is exact).
    """
    most = int(counts.max(initial=0))
    if most < 2:
        return wanted
    places, leaders = int(counts.sum()), int((counts == most).sum())
    return max(0, min(wanted, (places - leaders) // (most - 1) - 1))


def spaced(board: Board, order: Places, spacing: Spacing) -> Places:
    """The order with the widest possible gap up to the asked one.

    Each step takes the exchange of two songs that leaves fewest pairs too close, and among those the cheapest; if
    exchanges lead nowhere, the order is dealt anew, artist by artist. Pins of the board hold: they go before the gap.
    """
    _, counts = np.unique(spacing.artists[order], return_counts=True)
    gap = widest_gap(counts, spacing.gap)
    current = order.copy()
    for _ in range(_STEPS):
        close = too_close(spacing.artists[current], gap)
        if not close.any():
            return current
        better = _exchanged(board, current, spacing.artists, gap, close)
        if better is None:
            break
        current = better
    return current if board.pins else _dealt(current, spacing.artists, gap)


def too_close(artists: npt.NDArray[np.int32], gap: int) -> Masks:
    """Which places hold a song with another of its artist within the next or last `gap` places."""
    close = np.zeros(len(artists), dtype=np.bool_)
    for step in range(1, min(gap, len(artists) - 1) + 1):
        same = artists[:-step] == artists[step:]
        close[:-step] |= same
        close[step:] |= same
    return close


def _violations(artists: npt.NDArray[np.int32], gap: int) -> npt.NDArray[np.intp]:
    """Pairs too close, for each column of artists by place."""
    count = np.zeros(artists.shape[1], dtype=np.intp)
    for step in range(1, min(gap, len(artists) - 1) + 1):
        count += (artists[:-step] == artists[step:]).sum(axis=0)
    return count


def _exchanged(board: Board, order: Places, artists: npt.NDArray[np.int32], gap: int, close: Masks) -> Places | None:
    free = np.ones(len(order), dtype=np.bool_)
    free[[place for _, place in board.pins]] = False
    sides = np.meshgrid(np.flatnonzero(close & free), np.flatnonzero(free), indexing="ij")
    here, there = (side.ravel() for side in sides)
    if not len(here):
        return None
    tried = np.repeat(order[:, None], len(here), axis=1)
    tried[here, np.arange(len(here))] = order[there]
    tried[there, np.arange(len(here))] = order[here]
    left = _violations(artists[tried], gap)
    fewest = int(left.min())
    if fewest >= int(_violations(artists[order][:, None], gap)[0]):
        return None
    good = np.flatnonzero(left == fewest)
    return tried[:, good[int(np.argmin(board.cost(tried[:, good])))]]


def _dealt(order: Places, artists: npt.NDArray[np.int32], gap: int) -> Places:
    """An order that keeps the gap for sure: always the artist with most songs left that may play again.

    Of an artist's songs, and among artists with as many left, the one that stood earlier comes first.
    """
    waiting: dict[int, list[int]] = {}
    for item in order.tolist():
        waiting.setdefault(int(artists[item]), []).append(item)
    stood = {item: place for place, item in enumerate(order.tolist())}
    free_at = dict.fromkeys(waiting, 0)
    dealt: list[int] = []
    for place in range(len(order)):
        able = [artist for artist, songs in waiting.items() if songs and free_at[artist] <= place]
        able = able or [artist for artist, songs in waiting.items() if songs]
        artist = min(able, key=lambda name: (-len(waiting[name]), stood[waiting[name][0]]))
        dealt.append(waiting[artist].pop(0))
        free_at[artist] = place + gap + 1
    return np.array(dealt, dtype=np.intp)
