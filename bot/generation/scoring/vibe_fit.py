"""How well every track of a table fits a vibe: the engine's score without choosing a set."""

from __future__ import annotations

import numpy as np

from bot.generation.library import Library, prepare
from bot.generation.scoring.hard_constraints import hard_constraints
from bot.generation.scoring.score import score
from bot.generation.scoring.target import aim
from bot.generation.tracks import Floats, TrackTable
from bot.generation.values import Recipe
from nlp.vibe import Vibe

_BROKEN = 0.8
_USUAL_SET = 25


def fit(table: TrackTable, vibe: Vibe, *, library: Library | None = None) -> Floats:
    """The score of every row, 0 to 1; what breaks a hard wish keeps four fifths of it.

    A vibe without wishes scores all alike. `library` is what `prepare(table)` made of the same table, if it is at hand.
    """
    library = library if library is not None else prepare(table)
    recipe = Recipe(vibe=vibe, seed=0)
    kept = hard_constraints(library, recipe).rows(len(library))
    eligible = kept if kept.any() else np.ones(len(library), dtype=np.bool_)
    total = score(library, recipe, aim(library, recipe, eligible, _USUAL_SET)).total
    fits: Floats = np.where(eligible, total, total * np.float32(_BROKEN)).astype(np.float32)
    return fits
