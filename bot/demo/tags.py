"""Moods and uses of an invented song, read from how it sounds, as listeners would tag it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from random import Random

_Sound = Mapping[str, float]

_RULES: tuple[tuple[str, Callable[[_Sound], bool]], ...] = (
    ("sleep", lambda sound: sound["energy"] < 0.2 and sound["instrumentalness"] > 0.5),
    ("focus", lambda sound: sound["instrumentalness"] > 0.6 and sound["energy"] < 0.6 and sound["speechiness"] < 0.12),
    ("happy", lambda sound: sound["valence"] > 0.68 and sound["energy"] > 0.45),
    ("sad", lambda sound: sound["valence"] < 0.3 and sound["energy"] < 0.5),
    ("party", lambda sound: sound["danceability"] > 0.68 and sound["energy"] > 0.65),
    ("workout", lambda sound: sound["energy"] > 0.8 and 118 <= sound["tempo"] <= 180 and sound["danceability"] > 0.5),
    ("energetic", lambda sound: sound["energy"] > 0.85),
    ("dark", lambda sound: sound["valence"] < 0.25 and sound["energy"] > 0.6),
    ("chill", lambda sound: sound["energy"] < 0.5 and sound["valence"] > 0.25 and sound["speechiness"] < 0.2),
    ("romantic", lambda sound: 0.3 < sound["valence"] < 0.7 and sound["energy"] < 0.5 and sound["acousticness"] > 0.4),
    ("melancholic", lambda sound: sound["valence"] < 0.35 and sound["energy"] < 0.7),
)

_OF_FAMILY: dict[str, tuple[str, ...]] = {
    "dream": ("dreamy",),
    "calm": ("atmospheric",),
    "neon": ("retro", "night drive"),
    "oldies": ("retro",),
    "lofi": ("study",),
    "latin": ("spanish",),
    "brazil": ("portuguese",),
}


def tags_of(sound: Mapping[str, float], family: str, random: Random) -> tuple[str, ...]:
    """Up to four tags: those of the family, and about two thirds of the moods that the features allow."""
    moods = [tag for tag, holds in _RULES if holds(sound) and random.random() < 0.66]
    return (*_OF_FAMILY.get(family, ()), *moods)[:4]
