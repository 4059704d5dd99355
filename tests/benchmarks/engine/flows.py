"""How an order flows: what the figures of the engine and of fit count alike."""

from __future__ import annotations

import numpy as np

from bot.generation.library import Library
from bot.generation.sequencing.order import JUMP, key_clash, levels, tempo_distance
from bot.generation.tracks import COLUMN

ARC = ((0.0, 0.25), (0.25, 0.5), (0.6, 1.0), (0.8, 0.75), (1.0, 0.3))
"""An arc as members draw it: place in the set and energy, both from 0 to 1."""


def flow(library: Library, rows: list[int]) -> tuple[float, float, float]:
    """Percent of tempo jumps, percent of matching keys, rank correlation of the energy with `ARC`."""
    features = library.table.features[rows]
    steps = np.arange(len(rows) - 1)
    jumps = tempo_distance(features[:, COLUMN["tempo"]])[steps, steps + 1] > JUMP
    clash = key_clash(features[:, COLUMN["key"]], features[:, COLUMN["mode"]])[steps, steps + 1]
    energy, level = features[:, COLUMN["energy"]], levels(ARC, len(rows))
    ranks = [np.argsort(np.argsort(values, kind="stable")) for values in (energy, level)]
    return 100 * float(jumps.mean()), 100 * float((clash == 0).mean()), float(np.corrcoef(*ranks)[0, 1])
