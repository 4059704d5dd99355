"""Choosing and ordering together: the set is taken from the pool so that it flows, and is as long as it was asked."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bot.generation.length import Span, corrected
from bot.generation.library import Library, Rows
from bot.generation.scoring.score import Scores
from bot.generation.selection import Pool, gap_of
from bot.generation.sequencing.annealing import Board, Cooling, Places, anneal, pinned
from bot.generation.sequencing.artist_spacing import Spacing, spaced
from bot.generation.sequencing.lower_bounds import MOST_PROVED, best_order, order_gap
from bot.generation.sequencing.order import (
    ASKED,
    CHOOSING,
    CHOOSING_GENTLE,
    GENTLE,
    Flow,
    arc_costs,
    budget,
    levels,
    transitions,
)
from bot.generation.tracks import COLUMN, Floats
from bot.generation.values import Recipe

_WORTH = 4.0
_LEVEL_WORTH = 6.0
_FIRM_WORTH = 50.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Ordered:
    """The rows of a set in their order, and the board that their order was found on, its items in that order.

    `proved` tells that no other order of these songs is better.
    """

    rows: Rows
    board: Board
    proved: bool

    def gap(self) -> float | None:
        """At most this share of the order's cost could be saved by another order of these songs."""
        if self.proved:
            return 0.0 if len(self.rows) else None
        return order_gap(self.board, np.arange(len(self.rows)))


def ordered(
    library: Library, recipe: Recipe, scores: Scores, pool: Pool, span: Span, *, cooling: Cooling | None = None
) -> Ordered:
    """The set in its order, for the length that was asked; of up to 12 songs it is the best order there is.

    `cooling` stands in for the budget that the number of songs asks for.
    """
    board, worth = _board(library, recipe, scores, pool, pool.tracks)
    cooling = cooling or budget(pool.tracks)
    order = anneal(board, cooling, recipe.seed) if pool.tracks else np.empty(0, dtype=np.intp)
    if pool.tracks and span.tracks is None:
        durations = library.table.duration_ms[pool.rows]
        fitted = corrected(order, durations, worth, span, pool.firm)
        if not np.array_equal(fitted, order):
            pool = _chosen(pool, fitted)
            board, _ = _board(library, recipe, scores, pool, len(fitted))
            order = anneal(board, budget(len(fitted)), recipe.seed)
    gap = gap_of(recipe.rules, len(order))
    order, proved = _spaced(board, order, Spacing(artists=library.table.artist[pool.rows], gap=gap))
    return Ordered(rows=pool.rows[order], board=_part(board, order), proved=proved)


def _spaced(board: Board, order: Places, spacing: Spacing) -> tuple[Places, bool]:
    """The order with its gaps, and whether it was proved to be the best one of the chosen songs."""
    if len(order) <= MOST_PROVED:
        proved = best_order(_part(board, order), Spacing(artists=spacing.artists[order], gap=spacing.gap))
        if proved is not None:
            return order[proved], True
    return spaced(board, order, spacing), False


def _part(board: Board, order: Places) -> Board:
    """The board of the items of an order alone, numbered as they stand in it."""
    number = {int(item): place for place, item in enumerate(order.tolist())}
    return Board(
        transition=board.transition[np.ix_(order, order)],
        place=board.place[order],
        pins=tuple((number[item], place) for item, place in board.pins if item in number),
    )


def flow_for(recipe: Recipe, places: int, songs: int) -> Flow:
    """What flow is worth to a set of so many places chosen from so many songs."""
    if songs > 2 * places:
        return CHOOSING if recipe.vibe.arc else CHOOSING_GENTLE
    return ASKED if recipe.vibe.arc else GENTLE


def _chosen(pool: Pool, fitted: Places) -> Pool:
    """The pool of a set that was corrected: these songs and no others, in this order."""
    number = {int(item): place for place, item in enumerate(fitted.tolist())}
    return Pool(
        rows=pool.rows[fitted],
        level=pool.level[fitted],
        tracks=len(fitted),
        cap=pool.cap,
        asked_cap=pool.asked_cap,
        pins=tuple((number[item], at) for item, at in pool.pins if item in number and at < len(fitted)),
    )


def _board(library: Library, recipe: Recipe, scores: Scores, pool: Pool, places: int) -> tuple[Board, Floats]:
    """The costs of the pool's songs side by side and on each place, and what playing each of them is worth."""
    flow = flow_for(recipe, places, len(pool.rows))
    features = library.features[:, pool.rows].T
    artists = library.table.artist[pool.rows]
    transition = transitions(features, flow) + np.float32(flow.artist) * (artists[:, None] == artists)
    worth = (_WORTH * scores.sharpness * scores.total[pool.rows] - _LEVEL_WORTH * pool.level).astype(np.float32)
    place = arc_costs(features[:, COLUMN["energy"]], levels(recipe.vibe.arc, places), flow.arc)
    worth[: pool.firm] += np.float32(_FIRM_WORTH)
    board = Board(transition=transition.astype(np.float32), place=place - worth[:, None], firm=pool.firm)
    return pinned(board, pool.pins), worth
