"""How each song of a set follows the one before: tempo, key and energy, measured as the order was costed, and said."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np

from bot.generation.library import Library, Rows
from bot.generation.sequencing.order import JUMP, key_clash, tempo_distance
from bot.generation.tracks import COLUMN
from bot.generation.values import Transition

_TONES = ("C", "C sharp", "D", "E flat", "E", "F", "F sharp", "G", "A flat", "A", "B flat", "B")
_SAME_TEMPO = 0.005
_LEVEL = 0.05
"""A step of energy below this is not heard as one."""


def handovers(library: Library, rows: Rows) -> tuple[Transition, ...]:
    """The transitions of a set, one less than it has songs."""
    return tuple(_between(library, int(one), int(other)) for one, other in pairwise(rows))


def _between(library: Library, one: int, other: int) -> Transition:
    songs = library.features[:, [one, other]]
    tempo, energy = songs[COLUMN["tempo"]], songs[COLUMN["energy"]]
    key, mode = songs[COLUMN["key"]], songs[COLUMN["mode"]]
    change, clash = float(tempo_distance(tempo)[0, 1]), float(key_clash(key, mode)[0, 1])
    step = float(energy[1]) - float(energy[0])
    said = (
        _tempo(float(tempo[0]), float(tempo[1]), change),
        _keys(_key(key[0], mode[0]), _key(key[1], mode[1]), clash),
        _energy(step),
    )
    return Transition(
        text=", ".join(part for part in said if part),
        tempo_change=None if math.isnan(change) else change,
        keys_match=None if math.isnan(clash) else clash == 0,
        energy_step=None if math.isnan(step) else step,
    )


def _tempo(one: float, other: float, change: float) -> str:
    if math.isnan(change):
        return "tempo unknown"
    ratio = other / one
    times = min((1.0, 2.0, 0.5), key=lambda fold: abs(math.log2(ratio / fold)))
    folded = {1.0: "", 2.0: " (double time)", 0.5: " (half time)"}[times]
    said = f"{one:.0f} to {other:.0f} BPM{folded}"
    if change < _SAME_TEMPO:
        return f"{said}, the same tempo" if not folded else said
    return f"{said}, a jump of {change:.0%}" if change > JUMP else f"{said}, {change:.0%} apart"


def _keys(one: str, other: str, clash: float) -> str:
    if math.isnan(clash):
        return "key unknown"
    if one == other:
        return f"both in {one}"
    return f"{one} to {other}, {'which clash' if clash else 'which go together'}"


def _key(key: float, mode: float) -> str:
    """A key as musicians say it: "A minor"; empty where it is unknown."""
    if not (np.isfinite(key) and np.isfinite(mode)):
        return ""
    return f"{_TONES[int(key)]} {'major' if mode == 1 else 'minor'}"


def _energy(step: float) -> str:
    if math.isnan(step):
        return "energy unknown"
    if abs(step) < _LEVEL:
        return "energy as before"
    return f"energy {'up' if step > 0 else 'down'} {abs(step):.2f}"
