"""Which message shows which playlist.

Ours beyond the schema: a reaction names only its message, and no index of the schema leads from there to a playlist.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime

from beanie import PydanticObjectId
from pydantic import Field
from pymongo import IndexModel

from bot.documents.base import Key, Stored, object_id, stamped


class PostedCard(Stored):
    """A message with a playlist's card; its `id` is the message's id.

    `passed_over` are digests of members who had everything deleted while a reaction of theirs stood here: what they
    leave standing is never taken in again.
    """

    id: str = Field(alias="_id")  # type: ignore[assignment]  # beanie allows any type of id
    playlist_id: PydanticObjectId
    guild_id: str | None = None
    channel_id: str
    passed_over: list[str] = []

    class Settings:
        """Where and how it is kept."""

        name = "cards"
        keep_nulls = False
        indexes = [
            IndexModel([("createdAt", 1)]),
            IndexModel([("channelId", 1), ("createdAt", -1)]),
            IndexModel([("guildId", 1), ("createdAt", -1)]),
        ]

    @property
    def shows(self) -> Key:
        """The key of the playlist that it shows."""
        return Key(self.playlist_id)

    @classmethod
    async def note(cls, message_id: str, *, playlist_id: Key, guild_id: str | None, channel_id: str) -> None:
        """Remember what the message shows; said twice it is the same."""
        fields = {"playlistId": object_id(playlist_id), "guildId": guild_id, "channelId": channel_id}
        await cls.get_motor_collection().update_one({"_id": message_id}, stamped({"$set": fields}), upsert=True)

    @classmethod
    async def newest(cls, since: datetime, limit: int) -> list[PostedCard]:
        """The cards that were posted since then, the newest first."""
        found = cls.get_motor_collection().find({"createdAt": {"$gte": since}}).sort("createdAt", -1).limit(limit)
        return [cls.model_validate(raw) for raw in await found.to_list(limit)]

    @classmethod
    async def playlists_in(cls, channel_id: str, *, since: datetime, limit: int) -> list[Key]:
        """The playlists of the last cards of a channel, the newest first."""
        recent = {"channelId": channel_id, "createdAt": {"$gte": since}}
        found = cls.plain().find(recent, {"playlistId": 1}).sort("createdAt", -1).limit(limit)
        return [raw["playlistId"] for raw in await found.to_list(limit)]

    @classmethod
    async def playlists_on(cls, guild_id: str, *, since: datetime, limit: int) -> list[Key]:
        """The playlists of the last cards of a server, the newest first."""
        recent = {"guildId": guild_id, "createdAt": {"$gte": since}}
        found = cls.plain().find(recent, {"playlistId": 1}).sort("createdAt", -1).limit(limit)
        return [raw["playlistId"] async for raw in found]

    @classmethod
    async def drop(cls, message_id: str | None) -> None:
        """Forget what a message shows."""
        await cls.get_motor_collection().delete_one({"_id": message_id})

    @classmethod
    async def pass_over(cls, message_ids: Iterable[str], discord_id: str) -> None:
        """Never take in again what this member leaves standing on these cards."""
        for message_id in message_ids:
            change = {"$addToSet": {"passedOver": passed_over_as(message_id, discord_id)}}
            await cls.get_motor_collection().update_one({"_id": message_id}, stamped(change))


def passed_over_as(message_id: str, discord_id: str) -> str:
    """How a member stands among those of a card that are passed over: another way on each card."""
    return hashlib.sha256(f"passed over:{message_id}:{discord_id}".encode()).hexdigest()[:16]
