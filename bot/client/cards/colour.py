"""The colour at the edge of a card, from how the set feels."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import fmean

from bot.services.values import RecognisedPhrase, SongView

CALM_BLUE = 0x5B7FBF

_MOODS = {
    "sad": 0x4F6D9A,
    "happy": 0xF2C14E,
    "energetic": 0xF0694A,
    "chill": 0x5FB3A1,
    "focus": 0x7A8CC4,
    "party": 0xD9468F,
}
"""The moods of the schema, when one of them was named."""

_SCALE = (0x5B6EC7, 0x4E9BB5, 0x5FB38A, 0xE3B04B, 0xEE8050, 0xE2476F)
"""From calm to lively, in equal steps of energy."""


def accent(heard: Sequence[RecognisedPhrase], songs: Sequence[SongView]) -> int:
    """An RGB colour: of the named mood if there is one, else of the mean energy, else a calm blue."""
    for chip in heard:
        if chip.polarity == "+":
            for word in chip.text.casefold().split():
                if word in _MOODS:
                    return _MOODS[word]
    known = [song.energy for song in songs if song.energy is not None]
    return _between(fmean(known)) if known else CALM_BLUE


def _between(energy: float) -> int:
    """The colour at `energy`, 0 to 1, mixed from its two neighbours on the scale."""
    place = min(max(energy, 0.0), 1.0) * (len(_SCALE) - 1)
    first = min(int(place), len(_SCALE) - 2)
    share = place - first
    colour = 0
    for shift in (16, 8, 0):
        low, high = _SCALE[first] >> shift & 0xFF, _SCALE[first + 1] >> shift & 0xFF
        colour |= round(low + (high - low) * share) << shift
    return colour
