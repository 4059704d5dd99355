"""How long a set shall be, and the exact correction of its minutes."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bot.facts import Fact
from bot.generation.facts.conflicts import NoMinutesAsked, NoTracksAsked
from bot.generation.facts.notes import FewerSongs, LongestSet, OtherLength
from bot.generation.tracks import Floats
from bot.generation.values import Recipe
from nlp.vibe import LengthKind

MOST_TRACKS = 300
"""Songs in one set at most; more are cut off, and it is told."""

TOLERANCE = 0.02
"""How far the minutes of a set may lie from the asked ones, as a share of them."""

_TRIES = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """What a set's length must be: a number of `tracks`, or a total between `low_ms` and `high_ms`.

    `aim_ms` is the total that is best. `notes` tell what was cut off.
    """

    tracks: int | None
    low_ms: float = 0.0
    high_ms: float = math.inf
    aim_ms: float = 0.0
    notes: tuple[Fact, ...] = ()

    def holds(self, total_ms: float) -> bool:
        """Whether a total is within the asked minutes."""
        return self.low_ms <= total_ms <= self.high_ms


def asked_length(recipe: Recipe) -> Span | Fact:
    """The length of a recipe, options before words before the default; why not when it asks for nothing at all."""
    rules, length = recipe.rules, recipe.vibe.length
    if rules.tracks is not None:
        return _tracks(rules.tracks)
    if rules.minutes is not None:
        return _minutes(rules.minutes, "about")
    if length is not None and length.tracks is not None:
        return _tracks(length.tracks)
    if length is not None and length.minutes is not None:
        return _minutes(length.minutes, length.kind)
    return _tracks(rules.default_tracks)


def _tracks(count: int) -> Span | Fact:
    if count <= 0:
        return NoTracksAsked(tracks=count)
    if count > MOST_TRACKS:
        return Span(tracks=MOST_TRACKS, notes=(LongestSet(tracks=MOST_TRACKS),))
    return Span(tracks=count)


def _minutes(minutes: float, kind: LengthKind) -> Span | Fact:
    if not math.isfinite(minutes) or minutes <= 0:
        return NoMinutesAsked()
    aim = minutes * 60_000
    low, high = aim * (1 - TOLERANCE), aim * (1 + TOLERANCE)
    if kind == "at_most":
        return Span(tracks=None, low_ms=low, high_ms=aim, aim_ms=aim * (1 - TOLERANCE / 2))
    if kind == "at_least":
        return Span(tracks=None, low_ms=aim, high_ms=high, aim_ms=aim * (1 + TOLERANCE / 2))
    return Span(tracks=None, low_ms=low, high_ms=high, aim_ms=aim)


def tracks_for(span: Span, durations_ms: npt.NDArray[np.int32]) -> int:
    """How many songs of such lengths, best first, come nearest to the asked minutes; one at least."""
    if span.tracks is not None:
        return min(span.tracks, len(durations_ms))
    if not len(durations_ms):
        return 0
    typical = float(np.median(durations_ms[: 4 * MOST_TRACKS].clip(min=1_000)))
    return min(max(1, round(span.aim_ms / typical)), MOST_TRACKS, len(durations_ms))


def corrected(
    chosen: npt.NDArray[np.intp], durations_ms: npt.NDArray[np.int32], worth: Floats, span: Span, firm: int = 0
) -> npt.NDArray[np.intp]:
    """A choice of pool places changed as little as needed for its total to be within the span.

    `chosen` are places of the pool; any other choice of places must be allowed too. Each step replaces, drops or adds
    one song: the step that reaches the span with the best worth if there is one, else the one that comes nearest to
    the aim. What cannot be reached is left as near as it was brought. The first `firm` places of the pool stay.
    """
    lengths = durations_ms.astype(np.float64)
    current = chosen.copy()
    for _ in range(_TRIES):
        total = float(lengths[current].sum())
        if span.holds(total):
            break
        better = _step(current, lengths, worth, span, total, firm)
        if better is None:
            break
        current = better
    return current


def _step(
    current: npt.NDArray[np.intp],
    lengths: npt.NDArray[np.float64],
    worth: Floats,
    span: Span,
    total: float,
    firm: int,
) -> npt.NDArray[np.intp] | None:
    free = np.setdiff1d(np.arange(len(lengths)), current)
    none = np.array([-1])
    leave, enter = (
        side.ravel()
        for side in np.meshgrid(np.append(current[current >= firm], none), np.append(free, none), indexing="ij")
    )
    after = total - np.where(leave >= 0, lengths[leave], 0) + np.where(enter >= 0, lengths[enter], 0)
    gain = np.where(enter >= 0, worth[enter], 0) - np.where(leave >= 0, worth[leave], 0)
    changed = np.abs((leave >= 0).astype(np.int8) - (enter >= 0))
    count = len(current) + (enter >= 0).astype(np.int64) - (leave >= 0)
    allowed = (count >= 1) & (count <= MOST_TRACKS)
    inside = allowed & (after >= span.low_ms) & (after <= span.high_ms)
    if inside.any():
        best = int(np.argmax(np.where(inside, gain - changed, -np.inf)))
    else:
        error = np.where(allowed, np.abs(after - span.aim_ms), np.inf)
        best = int(np.argmin(error))
        if error[best] >= abs(total - span.aim_ms):
            return None
    kept = current[current != leave[best]]
    return np.append(kept, enter[best]) if enter[best] >= 0 else kept


def length_note(span: Span, songs: int, total_ms: float) -> Fact | None:
    """The note that a set is not as long as it was asked for; None when it is."""
    if span.tracks is not None:
        if songs < span.tracks:
            return FewerSongs(songs=songs, asked=span.tracks)
        return None
    if span.holds(total_ms):
        return None
    return OtherLength(minutes=total_ms / 60_000, asked=span.aim_ms / 60_000)
