"""A finished playlist."""

from __future__ import annotations

from datetime import datetime

from beanie import PydanticObjectId
from pymongo import IndexModel

from bot.documents.base import DocumentPart, Stored, now, stamped
from bot.documents.card import PostedCard


class PlaylistTrack(DocumentPart):
    """A song of a playlist; `position` counts from 1."""

    track_id: PydanticObjectId
    position: int


class DiscordPlace(DocumentPart):
    """Where it was posted; ids as strings, `guild_id` None in a direct message."""

    guild_id: str | None = None
    channel_id: str | None = None
    message_id: str | None = None


class Playlist(Stored):
    """A playlist as it was posted; `parent_id` is the one it was made from.

    `deleted_at` is when its owner deleted it: it is out of sight from then on, and for a while to be put back.
    `undone_at` is when its owner took back the step that made it: what they write next follows the one before.
    """

    user_id: PydanticObjectId
    source_session_id: PydanticObjectId | None = None
    parent_id: PydanticObjectId | None = None
    spotify_playlist_id: str | None = None
    name: str = ""
    description: str | None = None
    tracks: list[PlaylistTrack] = []
    discord: DiscordPlace | None = None
    deleted_at: datetime | None = None
    undone_at: datetime | None = None

    class Settings:
        """Where and how it is kept."""

        name = "playlists"
        keep_nulls = False
        indexes = [IndexModel([("userId", 1), ("updatedAt", 1)]), IndexModel([("spotifyPlaylistId", 1)])]

    @classmethod
    async def of_message(cls, message_id: str) -> Playlist | None:
        """The playlist whose card this message is, or None; two look-ups by id, at any number of playlists."""
        card = await PostedCard.get(message_id)
        found = None if card is None else await cls.get(card.playlist_id)
        return None if found is None or found.deleted_at is not None else found

    @classmethod
    async def posted(
        cls, playlist_id: PydanticObjectId, *, guild_id: str | None, channel_id: str, message_id: str
    ) -> None:
        """Note the message that shows this playlist, so that reactions on it find it.

        Of a playlist that is gone, or goes meanwhile, nothing is noted.
        """
        collection, place = cls.get_motor_collection(), {"guildId": guild_id, "channelId": channel_id}
        noted = {"$set": {"discord": {**place, "messageId": message_id}}}
        found = await collection.update_one({"_id": playlist_id}, stamped(noted))
        if not found.matched_count:
            return
        await PostedCard.note(message_id, playlist_id=playlist_id, guild_id=guild_id, channel_id=channel_id)
        if await collection.find_one({"_id": playlist_id}, {"_id": 1}) is None:
            await PostedCard.get_motor_collection().delete_one({"_id": message_id})

    @classmethod
    async def undo(cls, playlist_id: PydanticObjectId) -> bool:
        """Note that it was undone; True the first time."""
        standing = {"_id": playlist_id, "undoneAt": None}
        undone = await cls.get_motor_collection().update_one(standing, stamped({"$set": {"undoneAt": now()}}))
        return bool(undone.modified_count)

    @classmethod
    async def recent_track_ids(cls, user_id: PydanticObjectId, limit: int = 5) -> tuple[PydanticObjectId, ...]:
        """The songs of the member's last `limit` playlists that were not undone, the latest first, each once."""
        latest = cls.get_motor_collection().find({"userId": user_id, "undoneAt": None}, {"tracks.trackId": 1})
        songs = [
            song["trackId"] async for raw in latest.sort("updatedAt", -1).limit(limit) for song in raw.get("tracks", ())
        ]
        return tuple(dict.fromkeys(songs))
