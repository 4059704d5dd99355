"""What a set for several was for one of them. Ours beyond the schema.

A document of each member's own, so that it goes when they go, whoever asked for the set.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from beanie import PydanticObjectId
from pymongo import IndexModel

from bot.documents.base import Key, Stored, derived_id, object_id, object_ids, stamped_new


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
    async def replace_all(cls, session_id: Key, shares: Sequence[Mapping[str, Any]]) -> None:
        """Put these raw shares, whose `userId` is a key, in the place of all that one set has."""
        of_set = object_id(session_id)
        raws = [
            stamped_new(
                {
                    **share,
                    "_id": derived_id("share", str(of_set), str(share["userId"])),
                    "userId": object_id(share["userId"]),
                    "sessionId": of_set,
                }
            )
            for share in shares
        ]
        collection = cls.get_motor_collection()
        await collection.delete_many({"sessionId": of_set})
        await collection.insert_many(raws)

    @classmethod
    async def drop(cls, session_id: Key, user_ids: Sequence[Key]) -> None:
        """Delete the shares of these members in one set."""
        of_them = {"sessionId": object_id(session_id), "userId": {"$in": object_ids(user_ids)}}
        await cls.get_motor_collection().delete_many(of_them)

    @classmethod
    async def of_session(cls, session_id: Key) -> Sequence[Mapping[str, Any]]:
        """The shares of one set, raw, in their places."""
        of_set = {"sessionId": object_id(session_id)}
        found: list[Mapping[str, Any]] = await cls.plain().find(of_set).to_list(None)
        return sorted(found, key=lambda raw: raw["place"])

    @classmethod
    async def owed_in(cls, channel_id: str, user_ids: Sequence[Key]) -> dict[Key, float]:
        """What the last set in a channel left owing to each of these members."""
        newest = [("createdAt", -1)]
        owed = {}
        for user_id in user_ids:
            here = {"userId": object_id(user_id), "channelId": channel_id}
            raw = await cls.get_motor_collection().find_one(here, {"owed": 1}, sort=newest)
            owed[user_id] = float((raw or {}).get("owed") or 0.0)
        return owed
