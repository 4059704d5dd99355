"""How far songs lie from a wished range, and how well they fit it."""

from __future__ import annotations

import math

import numpy as np

from bot.generation.library import Library, Rows, Scale
from bot.generation.scoring.priors import guesses, scale_for
from bot.generation.scoring.target import AxisAim
from bot.generation.tracks import Floats
from nlp.vibe import AXES

_SOFTNESS = 0.18
_MARGIN = 0.4
_MARGIN_COST = 0.1


def axis_distance(library: Library, axis: AxisAim) -> Floats:
    """How far each row lies outside a range, 0 inside, NaN unknown.

    The larger of two distances counts: in shares of the library (relative), and in the axis' own measure (0 to 1;
    octaves for tempo; 30 dB for loudness), because a fifth of a library may share a value that is far away. A tempo
    may be met by the felt tempo too, at a small cost.
    """
    values, scale = library.axis(axis.axis), library.scales[axis.axis]
    if not scale.known:
        return np.full(len(values), np.nan, dtype=np.float32)
    distance = _distance(scale, axis, values, library.shares[AXES.index(axis.axis)])
    if axis.axis == "tempo":
        felt = library.felt_tempo
        changed = np.flatnonzero(felt != values)
        if len(changed):
            shares = scale.share(felt[changed]).astype(np.float32)
            other = _distance(scale, axis, felt[changed], shares) + np.float32(0.05)
            distance[changed] = np.fmin(distance[changed], other)
    return distance


def guessed_fit(library: Library, axis: AxisAim) -> tuple[Rows, Floats] | None:
    """The rows that only a guess is known of on this axis, and how well they would fit the range if it came true."""
    found = guesses(library, axis.axis)
    if found is None:
        return None
    rows = np.flatnonzero(~np.isnan(found))
    scale, values = scale_for(library, axis.axis), found[rows]
    shares = scale.share(values).astype(np.float32)
    return rows, _fit(scale, axis, _distance(scale, axis, values, shares), shares)


def _distance(scale: Scale, axis: AxisAim, values: Floats, shares: Floats) -> Floats:
    measured, low, high = values, axis.low, axis.high
    if axis.axis == "tempo":
        measured = np.log2(values)
        low, high = (math.log2(end) if end > 0 else -math.inf for end in (low, high))
    elif axis.axis == "loudness":
        measured, low, high = values / np.float32(30), low / 30, high / 30
    distance = np.zeros(len(values), dtype=np.float32)
    for sign, end, bound in ((1, low, axis.low), (-1, high, axis.high)):
        if math.isfinite(end):
            raw = np.float32(sign) * (np.float32(end) - measured)
            relative = np.float32(sign) * (np.float32(scale.share(bound)) - shares)
            distance = np.maximum(distance, np.where(raw > 0, np.maximum(raw, relative), np.minimum(raw, 0)))
    return distance


def axis_fit(library: Library, axis: AxisAim, distance: Floats) -> Floats:
    """How well each row fits a range, 0 to 1, from its distance: 1 deep inside, about 0.95 at the end, falling outside.

    Deep is a part of the range that holds two fifths of the library, or half of a range that holds less: who
    asks for energetic songs means the clear cases rather than the least that counts.
    """
    if not library.scales[axis.axis].known:
        return np.full(len(library), np.nan, dtype=np.float32)
    return _fit(library.scales[axis.axis], axis, distance, library.shares[AXES.index(axis.axis)])


def _fit(scale: Scale, axis: AxisAim, distance: Floats, shares: Floats) -> Floats:
    low = float(scale.share(axis.low)) if math.isfinite(axis.low) else None
    high = float(scale.share(axis.high)) if math.isfinite(axis.high) else None
    width = (1.0 if high is None else high) - (0.0 if low is None else low)
    margin = np.float32(min(_MARGIN, width / 2 if low is not None and high is not None else width))
    lacking = np.zeros(len(shares), dtype=np.float32)
    if low is not None:
        lacking = np.maximum(lacking, margin - (shares - np.float32(low)))
    if high is not None:
        lacking = np.maximum(lacking, margin - (np.float32(high) - shares))
    lacking = np.where(distance > 0, margin, np.minimum(lacking, margin))
    away = distance + np.float32(_MARGIN_COST) * np.nan_to_num(lacking)
    fit: Floats = np.float32(1.0) / (np.float32(1.0) + np.square(away / np.float32(_SOFTNESS)))
    return fit
