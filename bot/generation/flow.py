"""Choosing and ordering together: the set is taken from the pool so that it flows, and is as long as it was asked."""

from __future__ import annotations

import numpy as np

from bot.generation.annealing import Board, Places, anneal
from bot.generation.length import Span, corrected
from bot.generation.library import Library, Rows
from bot.generation.scoring import Scores
from bot.generation.selection import Pool, gap_of
from bot.generation.sequencing import (
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
from bot.generation.spacing import Spacing, spaced
from bot.generation.tracks import COLUMN, Floats
from bot.generation.values import Recipe

_WORTH = 4.0
_LEVEL_WORTH = 6.0


def ordered(library: Library, recipe: Recipe, scores: Scores, pool: Pool, span: Span) -> Rows:
    """The rows of the set in their order, for the length that was asked."""
    if not pool.tracks:
        return np.empty(0, dtype=np.intp)
    board, worth = _board(library, recipe, scores, pool, pool.tracks)
    order = anneal(board, budget(pool.tracks), recipe.seed)
    if span.tracks is None:
        durations = library.table.duration_ms[pool.rows]
        fitted = corrected(order, durations, worth, span)
        if not np.array_equal(fitted, order):
            order = _again(library, recipe, scores, pool, fitted)
            board, _ = _board(library, recipe, scores, pool, len(order))
    gap = gap_of(recipe.rules, len(order))
    order = spaced(board, order, Spacing(artists=library.table.artist[pool.rows], gap=gap))
    return pool.rows[order]


def flow_for(recipe: Recipe, places: int, songs: int) -> Flow:
    """What flow is worth to a set of so many places chosen from so many songs."""
    if songs > 2 * places:
        return CHOOSING if recipe.vibe.arc else CHOOSING_GENTLE
    return ASKED if recipe.vibe.arc else GENTLE


def _again(library: Library, recipe: Recipe, scores: Scores, pool: Pool, fitted: Places) -> Places:
    """The order of a set that was corrected."""
    chosen = Pool(
        rows=pool.rows[fitted],
        level=pool.level[fitted],
        tracks=len(fitted),
        cap=pool.cap,
        asked_cap=pool.asked_cap,
    )
    board, _ = _board(library, recipe, scores, chosen, len(fitted))
    order = anneal(board, budget(len(fitted)), recipe.seed)
    return fitted[order]


def _board(library: Library, recipe: Recipe, scores: Scores, pool: Pool, places: int) -> tuple[Board, Floats]:
    """The costs of the pool's songs side by side and on each place, and what playing each of them is worth."""
    flow = flow_for(recipe, places, len(pool.rows))
    features = library.features[:, pool.rows].T
    artists = library.table.artist[pool.rows]
    transition = transitions(features, flow) + np.float32(flow.artist) * (artists[:, None] == artists)
    worth = (_WORTH * scores.total[pool.rows] - _LEVEL_WORTH * pool.level).astype(np.float32)
    place = arc_costs(features[:, COLUMN["energy"]], levels(recipe.vibe.arc, places), flow.arc)
    return Board(transition=transition.astype(np.float32), place=place - worth[:, None]), worth
