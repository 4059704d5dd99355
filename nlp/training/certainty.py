"""How sure the model has to be before it speaks, and how often it is right then: measured on held-out rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from nlp.training.examples import OCCASIONS, Examples
from nlp.vibe import AXES

Floats = npt.NDArray[np.float32]
Rows = npt.NDArray[np.bool_]

WANTED_PRECISION = 0.9
"""Of the directions that are told about held-out rows, the share that has to be right."""

FEWEST_TOLD = 60
"""Held-out directions that have to be told before an axis is spoken of at all: fewer prove nothing."""

LOUDEST_BACKGROUND = 0.06
"""The share of held-out everyday words that may be told a direction of one axis: most have none."""

SMALLEST_LEVEL = 0.2
NEVER = float("inf")

_WORDS_OF_MOOD = frozenset({"mood", "sound"}) | OCCASIONS


@dataclass(frozen=True, slots=True, kw_only=True)
class Certainty:
    """The least absolute prediction at which each column is spoken of, and the figures behind it."""

    least: Floats
    figures: dict[str, Any]


def calibrate(examples: Examples, predicted: Floats, predicted_of_rows: Floats) -> Certainty:
    """The certainty of every column.

    Axes and genres are judged by what was `predicted` of examples whose families were held out, contexts by
    `predicted_of_rows`, when only their rows were.
    """
    kinds = np.array(examples.kinds)
    asked = np.isin(kinds, sorted(_WORDS_OF_MOOD))
    background = kinds == "background"
    least = np.full(len(examples.columns), NEVER, dtype=np.float32)
    figures: dict[str, Any] = {"axes": {}}
    for place, axis in enumerate(AXES):
        truth, told = examples.targets[asked, place], predicted[asked, place]
        least[place] = _least_of_axis(truth, told, predicted[background, place])
        figures["axes"][axis] = _axis_figures(truth, told, predicted[background, place], float(least[place]))
    for group in ("context", "genre"):
        places = np.flatnonzero([column.startswith(f"{group}=") for column in examples.columns])
        rows = np.isin(kinds, ["genre"] if group == "genre" else sorted(OCCASIONS))
        rows &= examples.targets[:, places].any(axis=1)
        told = predicted if group == "genre" else predicted_of_rows
        if rows.any():
            truth = examples.targets[np.ix_(rows, places)] > 0
            figures[group], level = _choice_figures(truth, told[np.ix_(rows, places)], told[np.ix_(background, places)])
            least[places] = level
    return Certainty(least=least, figures=figures)


def _least_of_axis(truth: Floats, told: Floats, background: Floats) -> float:
    moved = truth != 0
    levels = np.abs(told[moved])
    right = np.sign(told[moved]) == np.sign(truth[moved])
    quiet = float(np.quantile(np.abs(background), 1 - LOUDEST_BACKGROUND)) if len(background) else 0.0
    return _least(levels, right, max(quiet, SMALLEST_LEVEL))


def _least(levels: Floats, right: Rows, floor: float) -> float:
    """The lowest level, from `floor` on, above which the wanted share is right; `NEVER` when too few are left."""
    order = np.argsort(-levels)
    precision = np.cumsum(right[order]) / np.arange(1, len(order) + 1)
    good = np.flatnonzero((precision >= WANTED_PRECISION) & (levels[order] >= floor))
    if not len(good) or good[-1] + 1 < FEWEST_TOLD:
        return NEVER
    return float(levels[order][good[-1]])


def _axis_figures(truth: Floats, told: Floats, background: Floats, least: float) -> dict[str, Any]:
    moved = truth != 0
    spoken = np.abs(told) >= least
    right = np.sign(told) == np.sign(truth)
    return {
        "rows": int(moved.sum()),
        "least": _rounded(least),
        "precision": _share(right[moved & spoken]),
        "coverage": _share(spoken[moved]),
        "precision_when_always_speaking": _share(right[moved]),
        "spoken_where_the_row_says_nothing": _share(spoken[~moved]),
        "spoken_of_everyday_words": _share(np.abs(background) >= least),
    }


def _choice_figures(truth: Rows, told: Floats, background: Floats) -> tuple[dict[str, Any], float]:
    order = np.argsort(-told, axis=1)
    rows = np.arange(len(truth))
    hits = truth[rows[:, None], order[:, :3]]
    first, third = hits[:, 0], hits.any(axis=1)
    levels = told[rows, order[:, 0]]
    least = _least(levels, first, SMALLEST_LEVEL)
    spoken = levels >= least
    figures = {
        "rows": len(truth),
        "top_1": _share(first),
        "top_3": _share(third),
        "least": _rounded(least),
        "precision": _share(first[spoken]),
        "coverage": _share(spoken),
        "spoken_of_everyday_words": _share(background.max(axis=1) >= least),
    }
    return figures, least


def _share(rows: npt.ArrayLike) -> float | None:
    told = np.atleast_1d(np.asarray(rows, dtype=np.float64))
    return round(float(told.mean()), 4) if len(told) else None


def _rounded(level: float) -> float | None:
    return None if level == NEVER else round(level, 4)
