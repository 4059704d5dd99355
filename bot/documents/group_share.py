"""What a set for several was for one of them. Ours beyond the schema.

A document of each member's own, so that it goes when they go, whoever asked for the set.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from beanie import PydanticObjectId
from bson import ObjectId
from pymongo import IndexModel

from bot.documents.base import Stored


class GroupShare(Stored):
    """One member and one set; its id is derived from both. `place` is theirs among the members, from 0.

    `taste`, `left_out`, `artists_out` and `debt` are what the set was made with, `satisfaction` (0 to 1) what it came
    to, None where nothing was known of them, and `owed` what the next set owes them.
    """

    user_id: PydanticObjectId
    session_id: PydanticObjectId
    guild_id: str | None = None
    channel_id: str
    place: int
    taste: dict[str, Any] = {}
    left_out: list[str] = []
    artists_out: list[str] = []
    debt: float = 0.0
    satisfaction: float | None = None
    owed: float = 0.0

    class Settings:
        """Where and how it is kept."""

        name = "groupshares"
        keep_nulls = False
        indexes = [
            IndexModel([("sessionId", 1)]),
            IndexModel([("userId", 1), ("channelId", 1), ("createdAt", -1)]),
            IndexModel([("guildId", 1)]),
        ]

    @classmethod
    async def of_session(cls, session_id: ObjectId) -> Sequence[Mapping[str, Any]]:
        """The shares of one set, raw, in their places."""
        found: list[Mapping[str, Any]] = await cls.get_motor_collection().find({"sessionId": session_id}).to_list(None)
        return sorted(found, key=lambda raw: raw["place"])

    @classmethod
    async def owed_in(cls, channel_id: str, user_ids: Sequence[ObjectId]) -> dict[ObjectId, float]:
        """What the last set in a channel left owing to each of these members."""
        newest = [("createdAt", -1)]
        owed = {}
        for user_id in user_ids:
            here = {"userId": user_id, "channelId": channel_id}
            raw = await cls.get_motor_collection().find_one(here, {"owed": 1}, sort=newest)
            owed[user_id] = float((raw or {}).get("owed") or 0.0)
        return owed
