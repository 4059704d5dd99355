"""The moods of a server: the built-in ones and its own, for the list, for the parser and for a press."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence

from bot.database import guarded
from bot.documents import GuildSettings, Mood
from bot.errors import Gone
from bot.facts import Fact
from bot.services.facts import AxisThird
from bot.services.guilds.settings import GuildRules
from bot.services.values import MoodView
from nlp.names import fold
from nlp.vibe import Axis, AxisRange, MoodWord

_BOUNDS: Mapping[Axis, tuple[float, float]] = {"tempo": (60.0, 160.0), "loudness": (-30.0, 0.0)}
"""The ends of the axes that do not run from 0 to 1: BPM and dB."""


_LOW, _HIGH = 0.36, 0.6
"""Where the middle of a range has to lie for the low and for the high third; judgement, read off the six moods."""


class MoodService:
    """Reads moods; a server's own "<guildId>:happy" stands in for the built-in "happy" there.

    Moods that a server has hidden are neither listed nor played there, nor are they words of its own.
    """

    async def all(self, guild_id: str | None, rules: GuildRules | None = None) -> tuple[MoodView, ...]:
        """The moods of a server, or the built-in ones, in their order. Raises DatabaseDown."""
        return tuple(mood for mood in await self.every(guild_id, rules) if not mood.hidden)

    async def every(self, guild_id: str | None, rules: GuildRules | None = None) -> tuple[MoodView, ...]:
        """The same with the hidden ones, which say so. Raises DatabaseDown."""
        moods, hidden = await self._moods(guild_id, rules)
        return tuple(_view(mood, hidden=mood.plain_key in hidden) for mood in moods)

    async def words(self, guild_id: str | None, rules: GuildRules | None = None) -> tuple[MoodWord, ...]:
        """The moods of a server as the parser takes them; `rules` are the server's if they are known already.

        Raises DatabaseDown.
        """
        moods, hidden = await self._moods(guild_id, rules)
        return tuple(mood.word() for mood in moods if mood.plain_key not in hidden)

    async def like(self, guild_id: str | None, typed: str, *, hidden: bool = False) -> tuple[MoodView, ...]:
        """The moods whose label begins with what was typed, then those that hold it anywhere. Raises DatabaseDown.

        With `hidden` the hidden ones are among them.
        """
        moods = await self.every(guild_id) if hidden else await self.all(guild_id)
        wanted = fold(typed)
        first = [mood for mood in moods if fold(mood.label).startswith(wanted)]
        return (*first, *(mood for mood in moods if mood not in first and wanted in fold(mood.label)))

    async def named(
        self, guild_id: str | None, typed: str, *, hidden: bool = False, rules: GuildRules | None = None
    ) -> MoodView:
        """The mood that somebody named: by its key, with or without the server's id, or by its label.

        With `hidden` it may be a hidden one. Raises Gone("mood"), DatabaseDown.
        """
        moods = await self.every(guild_id, rules) if hidden else await self.all(guild_id, rules)
        plain = typed.removeprefix(f"{guild_id}:")
        by_key = next((mood for mood in moods if mood.key.rpartition(":")[2] == plain), None)
        found = by_key or next((mood for mood in moods if fold(typed) and fold(mood.label) == fold(typed)), None)
        if found is None:
            raise Gone(what="mood")
        return found

    async def _moods(self, guild_id: str | None, rules: GuildRules | None) -> tuple[list[Mood], Sequence[str]]:
        with guarded():
            if guild_id is None:
                return await Mood.for_guild(None), ()
            if rules is not None:
                return await Mood.for_guild(guild_id), rules.hidden_moods
            moods, settings = await asyncio.gather(Mood.for_guild(guild_id), GuildSettings.of_guild(guild_id))
            return moods, settings.hidden_moods


def _view(mood: Mood, *, hidden: bool) -> MoodView:
    return MoodView(
        key=mood.key,
        label=mood.label,
        icon=mood.icon or "",
        meaning=meaning(mood.word().defaults),
        own=mood.guild_id is not None,
        hidden=hidden,
    )


def meaning(ranges: tuple[AxisRange, ...]) -> tuple[Fact, ...]:
    """What the ranges ask for, the weightiest first."""
    weightiest_first = sorted(ranges, key=lambda wish: -wish.weight)
    return tuple(AxisThird(axis=wish.axis, third=_third(wish)) for wish in weightiest_first)


def _third(wish: AxisRange) -> int:
    """0, 1 or 2: in which third of its axis the middle of a range lies."""
    start, end = _BOUNDS.get(wish.axis, (0.0, 1.0))
    low = start if wish.low is None else wish.low
    high = end if wish.high is None else wish.high
    place = ((low + high) / 2 - start) / (end - start)
    return 0 if place < _LOW else 2 if place > _HIGH else 1
