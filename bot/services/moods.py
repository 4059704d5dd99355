"""The moods of a server: the built-in ones and its own, for the list, for the parser and for a press."""

from __future__ import annotations

from collections.abc import Mapping

from bot.database import guarded
from bot.documents import Mood
from bot.services.values import MoodView
from nlp.vibe import Axis, AxisRange, MoodWord

_WORDS: Mapping[Axis, tuple[str, str, str]] = {
    "energy": ("low energy", "medium energy", "high energy"),
    "brightness": ("dark", "neither dark nor bright", "bright"),
    "tempo": ("slow", "medium tempo", "fast"),
    "danceability": ("not for dancing", "a light groove", "danceable"),
    "acousticness": ("electric", "partly acoustic", "acoustic"),
    "instrumentalness": ("with singing", "some singing", "mostly instrumental"),
    "speechiness": ("few words", "some words", "many words"),
    "liveness": ("studio sound", "some live sound", "live"),
    "loudness": ("quiet", "medium loud", "loud"),
}
"""What the low, middle and high third of each axis is called."""

_BOUNDS: Mapping[Axis, tuple[float, float]] = {"tempo": (60.0, 160.0), "loudness": (-30.0, 0.0)}
"""The ends of the axes that do not run from 0 to 1: BPM and dB."""


_LOW, _HIGH = 0.36, 0.6
"""Where the middle of a range has to lie for the low and for the high word; judgement, read off the six moods."""


class MoodService:
    """Reads moods; a server's own "<guildId>:happy" stands in for the built-in "happy" there."""

    async def all(self, guild_id: str | None) -> tuple[MoodView, ...]:
        """The moods of a server, or the built-in ones, in their order. Raises DatabaseDown."""
        return tuple(
            MoodView(key=mood.key, label=mood.label, icon=mood.icon or "", meaning=meaning(mood.word().defaults))
            for mood in await self._moods(guild_id)
        )

    async def words(self, guild_id: str | None) -> tuple[MoodWord, ...]:
        """The moods of a server as the parser takes them. Raises DatabaseDown."""
        return tuple(mood.word() for mood in await self._moods(guild_id))

    async def _moods(self, guild_id: str | None) -> list[Mood]:
        with guarded():
            return await Mood.for_guild(guild_id)


def meaning(ranges: tuple[AxisRange, ...]) -> str:
    """A line in words of what the ranges ask for, the weightiest first: "danceable, high energy, bright"."""
    weightiest_first = sorted(ranges, key=lambda wish: -wish.weight)
    return ", ".join(_WORDS[wish.axis][_third(wish)] for wish in weightiest_first)


def _third(wish: AxisRange) -> int:
    """0, 1 or 2: in which third of its axis the middle of a range lies."""
    start, end = _BOUNDS.get(wish.axis, (0.0, 1.0))
    low = start if wish.low is None else wish.low
    high = end if wish.high is None else wish.high
    place = ((low + high) / 2 - start) / (end - start)
    return 0 if place < _LOW else 2 if place > _HIGH else 1
