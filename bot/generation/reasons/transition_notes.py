"""How each song of a set follows the one before: tempo, key and energy, measured as the order was costed."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np

from bot.generation.library import Library, Rows
from bot.generation.sequencing.order import JUMP, key_clash, tempo_distance
from bot.generation.tracks import COLUMN
from bot.generation.values import SongKey, Transition


def handovers(library: Library, rows: Rows) -> tuple[Transition, ...]:
    """The transitions of a set, one less than it has songs."""
    return tuple(_between(library, int(one), int(other)) for one, other in pairwise(rows))


def _between(library: Library, one: int, other: int) -> Transition:
    songs = library.features[:, [one, other]]
    tempo, energy = songs[COLUMN["tempo"]], songs[COLUMN["energy"]]
    key, mode = songs[COLUMN["key"]], songs[COLUMN["mode"]]
    change, clash = float(tempo_distance(tempo)[0, 1]), float(key_clash(key, mode)[0, 1])
    step = float(energy[1]) - float(energy[0])
    keys = _key(key[0], mode[0]), _key(key[1], mode[1])
    return Transition(
        tempos=None if math.isnan(change) else (float(tempo[0]), float(tempo[1])),
        tempo_change=None if math.isnan(change) else change,
        jump=change > JUMP,
        keys=None if keys[0] is None or keys[1] is None else (keys[0], keys[1]),
        keys_match=None if math.isnan(clash) else clash == 0,
        energy_step=None if math.isnan(step) else step,
    )


def _key(key: float, mode: float) -> SongKey | None:
    """A key; None where it is unknown."""
    return SongKey(tone=int(key), major=bool(mode == 1)) if np.isfinite(key) and np.isfinite(mode) else None
