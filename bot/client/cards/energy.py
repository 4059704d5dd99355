"""The energy of a set without a picture: a line of blocks, and its shape for a sentence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import fmean
from typing import Literal

BLOCKS = "▁▂▃▄▅▆▇█"
UNKNOWN = "·"
WIDEST = 12
"""Blocks of the longest line; longer sets are gathered into as many stretches."""

Level = Literal["gentle", "moderate", "strong"]

_GENTLE_BELOW, _STRONG_FROM = 0.4, 0.68
_FLAT_BELOW = 0.12
"""A set whose stretches differ by less than this is heard as one level."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EnergyShape:
    """How the energy of a set runs: levels at both ends, place of the peak and of the lowest point (0 to 1).

    `flat` is a set that keeps one level.
    """

    start: Level
    end: Level
    peak: float
    low: float
    flat: bool


def level_of(energy: float) -> Level:
    """The word for an energy from 0 to 1."""
    if energy < _GENTLE_BELOW:
        return "gentle"
    return "moderate" if energy < _STRONG_FROM else "strong"


def blocks(energies: Sequence[float | None]) -> str:
    """One block a song, or a stretch of songs in a long set; a dot where nothing is known."""
    return "".join(_block(stretch) for stretch in _stretches(energies, WIDEST))


def shape_of(energies: Sequence[float | None]) -> EnergyShape | None:
    """The shape of a set, None when fewer than two of its songs have a known energy.

    It is read from at most eight stretches, so that one odd song does not name the whole.
    """
    known = [energy for energy in energies if energy is not None]
    if len(known) < 2:
        return None
    levels = [level for level in _stretches(known, 8) if level is not None]
    last = len(levels) - 1
    return EnergyShape(
        start=level_of(levels[0]),
        end=level_of(levels[-1]),
        peak=levels.index(max(levels)) / last,
        low=levels.index(min(levels)) / last,
        flat=max(levels) - min(levels) < _FLAT_BELOW,
    )


def _stretches(energies: Sequence[float | None], most: int) -> list[float | None]:
    count = min(len(energies), most)
    edges = [round(place * len(energies) / count) for place in range(count + 1)] if count else [0]
    return [_mean(energies[first:last]) for first, last in pairwise(edges)]


def _mean(energies: Sequence[float | None]) -> float | None:
    known = [energy for energy in energies if energy is not None]
    return fmean(known) if known else None


def _block(energy: float | None) -> str:
    if energy is None:
        return UNKNOWN
    return BLOCKS[min(int(min(max(energy, 0.0), 1.0) * len(BLOCKS)), len(BLOCKS) - 1)]
