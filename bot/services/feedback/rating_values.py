"""What feedback says of songs: each event as an opinion, and what was asked for when it was given."""

from __future__ import annotations

from collections.abc import Mapping

from bot.generation.learning.taste import mood_of
from bot.generation.values import Numbers
from nlp.vibe import Axis, AxisRange, Vibe

VALUES: Mapping[str, float] = {
    "love": 1.0,
    "save": 0.7,
    "like": 0.6,
    "more": 0.4,
    "remove": -0.3,
    "skip": -0.3,
    "dislike": -0.7,
    "never": -1.0,
}
"""What each event says of its song, from -1 to 1. Judgement, in the order that members mean them.

"more" and "remove" are those of a typed edit: "more like number 3", "without number 7".
"""

SET_WEIGHT = 0.5
"""What an opinion about the mean of a whole set counts beside one about a song."""

_MIDDLE: Mapping[Axis, tuple[float, float]] = {"tempo": (120.0, 60.0), "loudness": (-9.0, 10.0)}


def mood_of_vibe(vibe: Vibe) -> Numbers:
    """What a request asks for, as a direction: its axes with their sides, its genres and scenes."""
    words = (*(f"genre {name}" for name in vibe.genres.wanted), *(f"scene {name}" for name in vibe.contexts))
    return mood_of(((wish.axis, wish.weight * _side(wish)) for wish in vibe.targets), words)


def _side(wish: AxisRange) -> float:
    """Which side of its axis a range is on, from -1 to 1."""
    middle, width = _MIDDLE.get(wish.axis, (0.5, 0.5))
    low = -1.0 if wish.low is None else max(-1.0, min(1.0, (wish.low - middle) / width))
    high = 1.0 if wish.high is None else max(-1.0, min(1.0, (wish.high - middle) / width))
    return (low + high) / 2
