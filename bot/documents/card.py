"""Which message shows which playlist.

Ours beyond the schema: a reaction names only its message, and no index of the schema leads from there to a playlist.
"""

from __future__ import annotations

from beanie import PydanticObjectId
from pydantic import Field

from bot.documents.base import Stored, stamped


class Card(Stored):
    """A message with a playlist's card; its `id` is the message's id."""

    id: str = Field(alias="_id")  # type: ignore[assignment]  # beanie allows any type of id
    playlist_id: PydanticObjectId
    guild_id: str | None = None
    channel_id: str

    class Settings:
        """Where and how it is kept."""

        name = "cards"
        keep_nulls = False

    @classmethod
    async def note(
        cls, message_id: str, *, playlist_id: PydanticObjectId, guild_id: str | None, channel_id: str
    ) -> None:
        """Remember what the message shows; said twice it is the same."""
        fields = {"playlistId": playlist_id, "guildId": guild_id, "channelId": channel_id}
        await cls.get_motor_collection().update_one({"_id": message_id}, stamped({"$set": fields}), upsert=True)
