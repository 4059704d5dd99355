"""What the genre labels of a table mean, told by the company they keep.

A label is what somebody wrote: "party" may be schlager, "funk" Brazilian. What it stands for here is the mean of what
its known artists play, one voice an artist and more for those with more songs, together with what its name says.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bot.generation.tracks import Floats
from nlp.knowledge.kinds import Shares, all_kinds

NAME_COUNTS_FOR = 2.0
"""What a label's name counts for beside its known artists, in artists of one song. Judgement."""

AGREES = 0.2
"""A label whose company is less than this of what its name says means something else here. Judgement, by reading the
labels of three tables."""

KNOWN_ENOUGH = 8
"""Known artists from which a label's company is told against its name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Labels:
    """The labels of a table. `means` has a row of kinds for each label, adding up to 1 (0 where nothing is known);
    `named` is what the names alone say; `known` counts the known artists under each.
    """

    words: tuple[str, ...]
    means: Floats
    named: Floats
    known: npt.NDArray[np.int64]

    def agreement(self) -> Floats:
        """For each label how much of its company is what its name says, or near it, from 0 to 1; NaN without a name."""
        asked = self.named / np.maximum(self.named.max(axis=1, keepdims=True), 1e-9)
        around = np.stack([all_kinds().around(row) for row in asked]) if len(asked) else asked
        agreed = (self.means * around).sum(axis=1)
        return np.where(self.named.any(axis=1), agreed, np.nan).astype(np.float32)

    def strangers(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """The labels that mean something else here than their names say, each with the kinds it really holds."""
        kinds, agreement = all_kinds(), self.agreement()
        found = []
        for number, word in enumerate(self.words):
            if self.known[number] >= KNOWN_ENOUGH and agreement[number] < AGREES:
                found.append((word, tuple(name for name, _ in kinds.pairs(self.means[number], most=3))))
        return tuple(found)


def named_kinds(words: Sequence[str]) -> Floats:
    """What the names of labels say, a row each that adds up to 1; zeros for a name that nothing is known of."""
    kinds = all_kinds()
    rows = np.zeros((len(words), len(kinds)), dtype=np.float32)
    for number, word in enumerate(words):
        if (shares := kinds.of_genre(word)) is not None:
            rows[number] = shares**2 / (shares**2).sum()
    return rows


def read_labels(words: Sequence[str], carried: Floats, known: npt.NDArray[np.intp], shares: Floats) -> Labels:
    """The meaning of labels: `carried` counts the songs of each artist (row) under each label (column), `known` are
    the rows of the known artists, and `shares` what each of those plays.
    """
    named = named_kinds(words)
    voices = np.sqrt(carried[known])
    sums = voices.T @ shares + NAME_COUNTS_FOR * named
    total = sums.sum(axis=1, keepdims=True)
    means: Shares = np.divide(sums, total, out=np.zeros_like(sums), where=total > 0)
    counts = np.count_nonzero(carried[known], axis=0)
    return Labels(words=tuple(words), means=means.astype(np.float32), named=named, known=counts)
