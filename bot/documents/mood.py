"""Moods with a name: the six of the schema, and those that servers make."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, get_args

from beanie import PydanticObjectId
from pymongo import IndexModel, UpdateOne

from bot.documents.base import DocumentPart, Stored, stamped, stamped_new
from nlp.vibe import Axis, AxisRange, MoodWord


class Range(DocumentPart):
    """A wished range as in `MoodQuery.parsed.targets`: a missing end is None."""

    low: float | None = None
    high: float | None = None
    weight: float = 1.0
    hard: bool = False


class Mood(Stored):
    """A mood. `key` is "happy" for everyone's, "<guild id>:happy" for a server's own, which overrides it there.

    `defaults` are ranges by axis, `aliases` other words for it, `examples` songs that have it.
    """

    key: str
    label: str
    icon: str | None = None
    order: int = 0
    defaults: dict[str, Range] = {}
    guild_id: str | None = None
    aliases: list[str] = []
    examples: list[PydanticObjectId] = []

    class Settings:
        """Where and how it is kept."""

        name = "moods"
        keep_nulls = False
        indexes = [IndexModel([("key", 1)], unique=True), IndexModel([("order", 1)])]

    @property
    def plain_key(self) -> str:
        """The key without the server's id: what the mood overrides."""
        return self.key.partition(":")[2] or self.key

    def word(self) -> MoodWord:
        """The mood as the parser takes it; defaults about unknown axes are left out."""
        ranges = [(axis, self.defaults[axis]) for axis in get_args(Axis) if axis in self.defaults]
        return MoodWord(
            key=self.key,
            label=self.label,
            aliases=tuple(self.aliases),
            defaults=tuple(
                AxisRange(axis=axis, low=wish.low, high=wish.high, weight=wish.weight, hard=wish.hard)
                for axis, wish in ranges
            ),
        )

    @classmethod
    async def for_guild(cls, guild_id: str | None) -> list[Mood]:
        """The moods of a server by their order: everyone's, but where the server has its own of that key, that one.

        Everyone's keys begin with a letter and a server's with its id, so both are ranges of the index on the key.
        """
        ranges: list[dict[str, Any]] = [{"key": {"$gte": ":"}}]
        if guild_id is not None:
            ranges.append({"key": {"$gte": f"{guild_id}:", "$lt": f"{guild_id};"}})
        moods = [cls.model_validate(raw) async for raw in cls.get_motor_collection().find({"$or": ranges}).sort("key")]
        by_key = {mood.plain_key: mood for mood in sorted(moods, key=lambda mood: mood.guild_id is not None)}
        return sorted(by_key.values(), key=lambda mood: (mood.order, mood.key))

    @classmethod
    async def put(
        cls,
        guild_id: str,
        plain_key: str,
        *,
        label: str,
        icon: str,
        order: int,
        defaults: Mapping[str, Range],
        aliases: Sequence[str],
    ) -> None:
        """Make or change a server's own mood; the songs that have it stay as they are."""
        fields = {
            "label": label,
            "icon": icon,
            "order": order,
            "defaults": {axis: wish.model_dump(by_alias=True) for axis, wish in defaults.items()},
            "guildId": guild_id,
            "aliases": list(aliases),
        }
        change = stamped({"$set": fields, "$setOnInsert": {"examples": []}})
        await cls.get_motor_collection().update_one({"key": f"{guild_id}:{plain_key}"}, change, upsert=True)

    @classmethod
    async def drop(cls, guild_id: str, plain_key: str) -> bool:
        """Delete a server's own mood; False when it was not there (any more)."""
        mine = {"key": f"{guild_id}:{plain_key}", "guildId": guild_id}
        return bool((await cls.get_motor_collection().delete_one(mine)).deleted_count)

    @classmethod
    async def seed(cls) -> None:
        """Make the built-in moods where they are missing; one that an admin changed stays as it is."""
        writes = [
            UpdateOne({"key": key}, {"$setOnInsert": stamped_new(fields)}, upsert=True)
            for key, fields in built_in_moods()
        ]
        await cls.get_motor_collection().bulk_write(writes, ordered=False)


def built_in_moods() -> Iterator[tuple[str, dict[str, Any]]]:
    """The six moods of the schema in their order, as they are seeded: the key, and the other fields.

    The ranges are judgement: mood words move energy and brightness, softly and over wide ranges, and hardly the tempo.
    """
    for order, (key, icon, defaults) in enumerate(_BUILT_IN, start=1):
        ranges = {
            axis: {"low": low, "high": high, "weight": weight, "hard": False} for axis, low, high, weight in defaults
        }
        yield (
            key,
            {"label": key.title(), "icon": icon, "order": order, "defaults": ranges, "aliases": [], "examples": []},
        )


_BUILT_IN: tuple[tuple[str, str, tuple[tuple[Axis, float | None, float | None, float], ...]], ...] = (
    ("happy", "😊", (("brightness", 0.55, None, 1.5), ("energy", 0.5, None, 1.0))),
    ("sad", "😢", (("brightness", None, 0.4, 1.5), ("energy", None, 0.5, 1.0), ("tempo", None, 115, 0.3))),
    ("energetic", "⚡", (("energy", 0.75, None, 1.5), ("tempo", 115, None, 0.5))),
    ("chill", "😌", (("energy", None, 0.5, 1.5), ("brightness", 0.25, 0.7, 0.5))),
    (
        "focus",
        "🎯",
        (
            ("energy", 0.2, 0.6, 1.0),
            ("instrumentalness", 0.3, None, 1.0),
            ("speechiness", None, 0.15, 1.0),
            ("tempo", 70, 130, 0.3),
        ),
    ),
    ("party", "🎉", (("energy", 0.65, None, 1.0), ("brightness", 0.5, None, 0.7), ("danceability", 0.65, None, 1.5))),
)
