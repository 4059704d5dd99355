"""Kernel ridge regression: a phrase moves what the phrases near it move."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]

WIDTH = 0.6
"""Distance between vectors at which one phrase says e^-½ of what the other does; the best of 0.6, 0.9 and 1.2."""

FOLDS = 5
_ROWS = 4_096


@dataclass(frozen=True, slots=True, kw_only=True)
class Regression:
    """A fitted regression: the vectors it knows, and what each adds to the columns."""

    vectors: Floats
    shares: Floats

    def predict(self, vectors: Floats) -> Floats:
        """One row of columns for each vector."""
        parts = [
            kernel(vectors[start : start + _ROWS], self.vectors) @ self.shares
            for start in range(0, len(vectors), _ROWS)
        ]
        result: Floats = np.concatenate(parts)
        return result


def fit(vectors: Floats, targets: Floats, noise: Floats) -> Regression:
    """The regression over examples; more `noise` makes an example count less."""
    matrix = kernel(vectors, vectors)
    matrix[np.diag_indices_from(matrix)] += noise
    return Regression(vectors=vectors, shares=np.linalg.solve(matrix, targets).astype(np.float32))


def held_out(vectors: Floats, targets: Floats, noise: Floats, families: Sequence[str]) -> Floats:
    """What is predicted of every example by a regression that saw no example of its family."""
    numbers = {family: number for number, family in enumerate(dict.fromkeys(families))}
    fold_of = np.random.default_rng(0).integers(0, FOLDS, len(numbers))
    folds = np.array([fold_of[numbers[family]] for family in families])
    predicted = np.zeros_like(targets)
    for fold in range(FOLDS):
        seen = folds != fold
        predicted[~seen] = fit(vectors[seen], targets[seen], noise[seen]).predict(vectors[~seen])
    return predicted


def kernel(left: Floats, right: Floats) -> Floats:
    """The Gaussian kernel between two sets of vectors."""
    squares = (left**2).sum(axis=1)[:, None] + (right**2).sum(axis=1)[None, :] - 2 * left @ right.T
    result: Floats = np.exp(squares * np.float32(-0.5 / WIDTH**2))
    return result
