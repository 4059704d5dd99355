"""The order of a set: smooth tempo, matching keys, the asked arc of energy, and space between songs of one artist."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from bot.generation.sequencing.annealing import Board, Cooling, Pins, Places, anneal, pinned
from bot.generation.sequencing.artist_spacing import Spacing, spaced
from bot.generation.sequencing.lower_bounds import MOST_PROVED, best_order
from bot.generation.tracks import COLUMN, Floats

Arc = Sequence[tuple[float, float]]

GENTLE_ARC: tuple[tuple[float, float], ...] = ((0.0, 0.35), (0.3, 0.6), (0.7, 0.8), (1.0, 0.4))
"""The arc of a set for which none was asked: it opens softly, rises, and comes down at the end."""

JUMP = 0.08
"""A change of tempo beyond this share is heard as a jump; half and double time are the same tempo."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """What the order is worth: the costs of a tempo jump, of keys that clash, of an energy step, and of the arc.

    `arc` is the cost of the squared distance, in ranks from 0 to 1, of a song from the place the arc gives it.
    """

    jump: float = 1.14
    key: float = 0.84
    energy_step: float = 0.05
    arc: float = 3.15
    artist: float = 6.0


ASKED = Flow()
"""For a set that is given, and an arc that was asked for."""

GENTLE = Flow(arc=1.5)
"""For a set that is given when no arc was asked for."""

CHOOSING = Flow(jump=1.6, arc=8.5)
"""For songs chosen from more that fit as well: then the arc takes little from the transitions."""

CHOOSING_GENTLE = Flow(jump=1.6, arc=4.5)


def levels(arc: Arc | None, places: int) -> npt.NDArray[np.float64]:
    """The level of an arc at each place, 0 to 1, piecewise linear between its points, flat beyond them."""
    points = sorted((p, v) for p, v in (arc or GENTLE_ARC) if math.isfinite(p) and math.isfinite(v)) or [(0.0, 0.5)]
    return np.interp(np.linspace(0, 1, places), [p for p, _ in points], [min(max(v, 0.0), 1.0) for _, v in points])


def tempo_distance(tempo: Floats) -> Floats:
    """The change of tempo between any two songs as a share, half and double time folded; NaN where one is unknown."""
    known = np.where(tempo > 0, tempo, np.nan).astype(np.float32)
    ratio = known[None, :] / known[:, None]
    apart = np.minimum(np.minimum(np.abs(1 - ratio), np.abs(1 - 2 * ratio)), np.abs(1 - ratio / 2))
    distance: Floats = np.maximum(apart, apart.T)
    return distance


def key_clash(key: Floats, mode: Floats) -> Floats:
    """1 where two keys clash, 0 where they are the same, neighbours or relatives on the Camelot wheel, NaN unknown."""
    known = (key >= 0) & (key <= 11) & np.isfinite(mode)
    tone = np.where(known, key, 0).astype(np.int64)
    major = np.where(known, mode, 1) == 1
    hour = np.where(major, 7 * tone + 7, 7 * (tone + 3) + 7) % 12
    apart = np.minimum((hour[:, None] - hour) % 12, (hour - hour[:, None]) % 12)
    fits = np.where(major[:, None] == major, apart <= 1, apart == 0)
    clash: Floats = np.where(known[:, None] & known, ~fits, np.nan).astype(np.float32)
    return clash


def transitions(features: Floats, flow: Flow) -> Floats:
    """The cost of each pair of songs side by side. `features` is n x len(FEATURES); what is unknown costs half."""
    energy = features[:, COLUMN["energy"]]
    tempo = tempo_distance(features[:, COLUMN["tempo"]])
    jump = np.where(np.isnan(tempo), 0.5, (tempo > JUMP) + np.minimum(np.nan_to_num(tempo), 0.5) * 0.1)
    clash = np.nan_to_num(key_clash(features[:, COLUMN["key"]], features[:, COLUMN["mode"]]), nan=0.5)
    step = np.nan_to_num(np.abs(energy[:, None] - energy), nan=0.2)
    cost: Floats = (flow.jump * jump + flow.key * clash + flow.energy_step * step).astype(np.float32)
    return cost


def arc_costs(energy: Floats, wanted: npt.NDArray[np.float64], weight: float) -> Floats:
    """What each song costs on each place, by the rank of its energy among the songs and of the place's level.

    There may be more songs than places. A song of unknown energy costs nothing anywhere.
    """
    known = np.isfinite(energy)
    rank = _ranks(np.where(known, energy, np.inf)) / max(1, int(known.sum()) - 1)
    place = _ranks(wanted) / max(1, len(wanted) - 1)
    cost: Floats = (weight * np.where(known[:, None], (rank[:, None] - place) ** 2, 0.0)).astype(np.float32)
    return cost


def _ranks(values: npt.NDArray[np.floating[Any]]) -> npt.NDArray[np.intp]:
    return np.argsort(np.argsort(values, kind="stable"), kind="stable")


def budget(places: int) -> Cooling:
    """How long an order of so many places is cooled; a fixed number of steps."""
    return Cooling(copies=36, steps=min(1_500, max(250, 36 * places - 280)))


def sequence(
    features: Floats,
    artists: npt.NDArray[np.int32],
    arc: Arc | None,
    seed: int,
    *,
    gap: int = 1,
    pins: Pins = (),
) -> Places:
    """The best order found of a fixed set, as numbers of its rows; for up to 12 songs the best there is.

    `features` is n x len(FEATURES) with NaN where unknown, `artists` numbers the artist of each row; at least `gap`
    other songs stand between two of one artist, where the set allows it. `pins` are (row, place) from 0 on: songs that
    stand there whatever it costs.
    """
    count = len(features)
    if count < 2:
        return np.arange(count)
    flow = ASKED if arc else GENTLE
    clean = np.where(np.isfinite(features), features, np.nan).astype(np.float32)
    cost = transitions(clean, flow) + flow.artist * (artists[:, None] == artists)
    board = Board(transition=cost, place=arc_costs(clean[:, COLUMN["energy"]], levels(arc, count), flow.arc))
    return arranged(pinned(board, pins), Spacing(artists=artists, gap=gap), seed)


def arranged(board: Board, spacing: Spacing, seed: int) -> Places:
    """The best order found of all items of a board: proved for few, else cooled; the gap kept as far as pins allow."""
    if board.items <= MOST_PROVED:
        proved = best_order(board, spacing)
        if proved is not None:
            return proved
    return spaced(board, anneal(board, budget(board.items), seed), spacing)
