"""From predictions to the artifact: what the model is sure of, word by word."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from nlp.components.meaning.trained_meaning import FULL, NOTHING, Meanings
from nlp.vibe import AXES

Floats = npt.NDArray[np.float32]

SUREST = 1.0
"""The prediction that is the fullest level: a row of the lexicon that means its main axis."""


def distil(words: Sequence[str], columns: Sequence[str], predicted: Floats, least: Floats, version: str) -> Meanings:
    """The meanings of the `words` that something is told about; the others are left out, and so are silent."""
    axes = [columns.index(axis) for axis in AXES]
    levels = _levels(predicted[:, axes], least[axes])
    contexts, context = _choices("context", columns, predicted, least)
    speaks = levels.any(axis=1) | (context != NOTHING)
    told = sorted(np.flatnonzero(speaks).tolist(), key=words.__getitem__)
    return Meanings(
        version=version,
        words={words[row]: number for number, row in enumerate(told)},
        levels=levels[told],
        context=context[told],
        contexts=contexts,
    )


def _levels(predicted: Floats, least: Floats) -> npt.NDArray[np.int8]:
    """Whole levels from -`FULL` to `FULL`: 1 where the model is just sure enough, 0 where it is not."""
    sizes = np.abs(predicted)
    sure = sizes >= least
    with np.errstate(invalid="ignore"):
        shares = np.where(sure, (sizes - least) / np.maximum(SUREST - least, 0.1), 0.0)
    levels = np.sign(predicted) * np.clip(np.ceil(shares * FULL), 1, FULL)
    return np.where(sure, levels, 0).astype(np.int8)


def _choices(
    group: str, columns: Sequence[str], predicted: Floats, least: Floats
) -> tuple[tuple[str, ...], npt.NDArray[np.uint8]]:
    """The names of a group's columns, and the number of each word's likeliest, or `NOTHING`."""
    places = [place for place, column in enumerate(columns) if column.startswith(f"{group}=")]
    names = tuple(columns[place].partition("=")[2] for place in places)
    if not places or len(places) >= NOTHING:
        return (), np.full(len(predicted), NOTHING, dtype=np.uint8)
    best = predicted[:, places].argmax(axis=1)
    sure = predicted[np.arange(len(predicted)), np.array(places)[best]] >= least[places][best]
    return names, np.where(sure, best, NOTHING).astype(np.uint8)
