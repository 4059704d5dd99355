"""What a member's ratings on one server came to: their say in the server's taste. Ours beyond the schema."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from beanie import PydanticObjectId
from pymongo import IndexModel

from bot.documents.base import Key, Stored, derived_id, object_id, stamped


class TasteShare(Stored):
    """One member on one server; its id is derived from both. Weights by name, of axes ("energy@0.25") and genres.

    Names with a full stop, or that begin with a dollar, cannot be keys in the database: weights are kept as pairs.
    """

    user_id: PydanticObjectId
    guild_id: str
    axes: list[list[Any]] = []
    genres: list[list[Any]] = []

    class Settings:
        """Where and how it is kept."""

        name = "tasteshares"
        keep_nulls = False
        indexes = [IndexModel([("guildId", 1), ("updatedAt", -1)]), IndexModel([("userId", 1)])]

    @classmethod
    async def keep(cls, user_id: Key, guild_id: str, *, axes: Mapping[str, float], genres: Mapping[str, float]) -> None:
        """Keep what it is now; however often, it is one document."""
        key = derived_id("taste", str(user_id), guild_id)
        kept = {"userId": object_id(user_id), "guildId": guild_id, "axes": _pairs(axes), "genres": _pairs(genres)}
        await cls.get_motor_collection().update_one({"_id": key}, stamped({"$set": kept}), upsert=True)

    @classmethod
    async def drop_of(cls, user_id: Key) -> None:
        """Delete what a member has a say with, on every server."""
        await cls.get_motor_collection().delete_many({"userId": object_id(user_id)})

    @classmethod
    async def of_guild(cls, guild_id: str, *, most: int) -> Sequence[Mapping[str, Any]]:
        """The shares of a server, raw, those that changed last first."""
        fields = {"userId": 1, "axes": 1, "genres": 1}
        found = cls.plain().find({"guildId": guild_id}, fields).sort("updatedAt", -1)
        raw: list[Mapping[str, Any]] = await found.limit(most).to_list(most)
        return raw


def _pairs(weights: Mapping[str, float]) -> list[list[Any]]:
    return [[name, amount] for name, amount in weights.items()]
