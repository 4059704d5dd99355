"""A finished playlist."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from beanie import PydanticObjectId
from pymongo import IndexModel, ReturnDocument

from bot.documents.base import DocumentPart, Key, Stored, now, object_id, object_ids, stamped
from bot.documents.card import PostedCard
from bot.documents.user import User

_NEWEST = [("createdAt", -1), ("_id", -1)]
_SHOWN = ("name", "createdAt", "tracks.trackId", "discord", "onlyMe", "deletedAt")
"""What a list of playlists needs to know of each."""


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
    async def enter(
        cls,
        key: Key,
        *,
        user_id: Key,
        session_id: Key,
        parent_id: Key | None,
        songs: Sequence[Key],
        contents: Mapping[str, Any],
    ) -> bool:
        """Store a playlist of these songs, in their order, with its other `contents`; False when it stands already."""
        ids = enumerate(object_ids(songs), start=1)
        return await cls.insert_once(
            {
                "_id": object_id(key),
                "userId": object_id(user_id),
                "sourceSessionId": object_id(session_id),
                **({} if parent_id is None else {"parentId": object_id(parent_id)}),
                **contents,
                "tracks": [{"trackId": song, "position": position} for position, song in ids],
            }
        )

    @classmethod
    async def latest_of(
        cls, user_id: Key, *, channel_id: str | None = None, guild_id: str | None = None, private: bool = True
    ) -> Mapping[str, Any] | None:
        """A member's newest playlist in a channel, or on a server, raw; neither deleted nor undone. None without one.

        Those that only their owner sees count where `private`.
        """
        where = {"discord.guildId": guild_id} if channel_id is None else {"discord.channelId": channel_id}
        query: dict[str, Any] = {"userId": object_id(user_id), "deletedAt": None, "undoneAt": None, **where}
        if not private:
            query["onlyMe"] = {"$ne": True}
        found: Mapping[str, Any] | None = await cls.plain().find_one(query, dict.fromkeys(_SHOWN, 1), sort=_NEWEST)
        return found

    @classmethod
    async def count_of(cls, user_id: Key) -> int:
        """How many playlists a member has, without deleted ones."""
        mine = {"userId": object_id(user_id), "deletedAt": None}
        return int(await cls.get_motor_collection().count_documents(mine))

    @classmethod
    async def page_of(cls, user_id: Key, *, skip: int, limit: int) -> Sequence[Mapping[str, Any]]:
        """Some of a member's playlists, raw, the newest first and without deleted ones."""
        mine = {"userId": object_id(user_id), "deletedAt": None}
        found = cls.plain().find(mine, dict.fromkeys(_SHOWN, 1)).sort(_NEWEST).skip(skip).limit(limit)
        page: list[Mapping[str, Any]] = await found.to_list(limit)
        return page

    @classmethod
    async def of_member(cls, key: Key, user_id: Key) -> Mapping[str, Any] | None:
        """A member's own playlist, raw; None when it is not theirs, or deleted."""
        mine = {"_id": object_id(key), "userId": object_id(user_id), "deletedAt": None}
        found: Mapping[str, Any] | None = await cls.plain().find_one(mine, dict.fromkeys(_SHOWN, 1))
        return found

    @classmethod
    async def rename(cls, key: Key, user_id: Key, name: str) -> Mapping[str, Any] | None:
        """Give a member's own playlist another name: raw, as it is then. None when it is not theirs, or deleted."""
        return await cls._change({**_own(key, user_id), "deletedAt": None}, {"$set": {"name": name}})

    @classmethod
    async def hide(cls, key: Key, user_id: Key) -> Mapping[str, Any] | None:
        """Note that its owner deleted it: raw, as it is then; also when it was noted before. None: it is not theirs."""
        mine = _own(key, user_id)
        hidden = await cls._change({**mine, "deletedAt": None}, {"$set": {"deletedAt": now()}})
        found: Mapping[str, Any] | None = hidden or await cls.plain().find_one(mine, dict.fromkeys(_SHOWN, 1))
        return found

    @classmethod
    async def restore(cls, key: Key, user_id: Key) -> Mapping[str, Any] | None:
        """Put back what its owner deleted: raw, as it is then; also when it was not deleted. None: it is not there."""
        mine = _own(key, user_id)
        back = await cls._change({**mine, "deletedAt": {"$ne": None}}, {"$unset": {"deletedAt": ""}})
        found: Mapping[str, Any] | None = back or await cls.plain().find_one(mine, dict.fromkeys(_SHOWN, 1))
        return found

    @classmethod
    async def _change(cls, chosen: Mapping[str, Any], update: Mapping[str, Any]) -> Mapping[str, Any] | None:
        found: Mapping[str, Any] | None = await cls.plain().find_one_and_update(
            chosen, stamped(update), projection=dict.fromkeys(_SHOWN, 1), return_document=ReturnDocument.AFTER
        )
        return found

    @classmethod
    async def posted(cls, playlist_id: Key, *, guild_id: str | None, channel_id: str, message_id: str) -> None:
        """Note the message that shows this playlist, so that reactions on it find it.

        Of a playlist that is gone, or goes meanwhile, nothing is noted.
        """
        collection, place = cls.get_motor_collection(), {"guildId": guild_id, "channelId": channel_id}
        noted = {"$set": {"discord": {**place, "messageId": message_id}}}
        own = object_id(playlist_id)
        found = await collection.update_one({"_id": own}, stamped(noted))
        if not found.matched_count:
            return
        await PostedCard.note(message_id, playlist_id=own, guild_id=guild_id, channel_id=channel_id)
        if await collection.find_one({"_id": own}, {"_id": 1}) is None:
            await PostedCard.drop(message_id)

    @classmethod
    async def exposures(cls, keys: Iterable[Key]) -> list[Mapping[str, Any]]:
        """What these playlists showed, and whose they are; raw."""
        chosen = {"_id": {"$in": object_ids(keys)}}
        shown: list[Mapping[str, Any]] = await cls.plain().find(chosen, {"exposure": 1, "userId": 1}).to_list(None)
        return shown

    @classmethod
    async def open_among(cls, keys: Iterable[Key], *, but_of: Key) -> list[Mapping[str, Any]]:
        """Those of these playlists, raw, that were shown openly and stand, without those of the member `but_of`."""
        standing = {"onlyMe": {"$ne": True}, "deletedAt": None, "undoneAt": None}
        chosen = {"_id": {"$in": object_ids(keys)}, **standing, "userId": {"$ne": object_id(but_of)}}
        fields = {"userId": 1, "tracks.trackId": 1, "sourceSessionId": 1}
        found: list[Mapping[str, Any]] = await cls.plain().find(chosen, fields).to_list(None)
        return found

    @classmethod
    async def keys_of(cls, user_ids: Iterable[Key]) -> list[Key]:
        """The keys of all playlists of these members."""
        found = cls.plain().find({"userId": {"$in": object_ids(user_ids)}}, {"_id": 1})
        return [raw["_id"] async for raw in found]

    @classmethod
    async def made_from(cls, parents: Iterable[Key]) -> list[Key]:
        """The playlists that were made from these."""
        found = cls.plain().find({"parentId": {"$in": object_ids(parents)}}, {"_id": 1})
        return [raw["_id"] async for raw in found]

    @classmethod
    async def unname(cls, keys: Iterable[Key]) -> None:
        """Take the words out of the names and descriptions of these playlists."""
        nameless = stamped({"$set": {"name": "", "description": ""}})
        await cls.get_motor_collection().update_many({"_id": {"$in": object_ids(keys)}}, nameless)

    @classmethod
    async def of_nobody(cls, guild_id: str) -> list[Mapping[str, Any]]:
        """The playlists on a server, raw, whose member is gone."""
        owner = {"from": User.get_collection_name(), "localField": "userId", "foreignField": "_id", "as": "owner"}
        stages = [{"$match": {"discord.guildId": guild_id}}, {"$lookup": owner}, {"$match": {"owner": []}}]
        return [raw async for raw in cls.plain().aggregate(stages)]

    @classmethod
    async def deleted_before(cls, moment: datetime, limit: int) -> list[Mapping[str, Any]]:
        """Playlists, raw, that their owners deleted before that moment."""
        found: list[Mapping[str, Any]] = (
            await cls.plain().find({"deletedAt": {"$lt": moment}}).limit(limit).to_list(limit)
        )
        return found

    @classmethod
    async def blank_some(cls, before: datetime) -> tuple[int, int]:
        """Take the words out of some playlists of before that moment, see `sweep`; `updatedAt` does not move."""
        named = [{"name": {"$nin": ["", None]}}, {"description": {"$nin": ["", None]}}]
        old = {"createdAt": {"$lt": before}, "$or": named}
        return await cls.sweep(old, {"$set": {"name": "", "description": ""}})

    @classmethod
    async def take_place(cls, playlist_id: Key | None, spotify_id: str) -> None:
        """Note that it stands on Spotify under this id."""
        shown = stamped({"$set": {"spotifyPlaylistId": spotify_id}})
        await cls.get_motor_collection().update_one({"_id": object_id(playlist_id)}, shown)

    @classmethod
    async def leave_place(cls, playlist_id: Key | None, spotify_id: str) -> None:
        """Note that it stands on Spotify under this id no more."""
        left = {"_id": object_id(playlist_id), "spotifyPlaylistId": spotify_id}
        await cls.get_motor_collection().update_one(left, stamped({"$unset": {"spotifyPlaylistId": ""}}))

    @classmethod
    async def clear_place(cls, spotify_id: str, *, but: Key | None) -> None:
        """Note of every playlist but this one that it stands on Spotify under this id no more."""
        left = {"spotifyPlaylistId": spotify_id, "_id": {"$ne": object_id(but)}}
        await cls.get_motor_collection().update_many(left, stamped({"$unset": {"spotifyPlaylistId": ""}}))

    @classmethod
    async def undo(cls, playlist_id: Key) -> bool:
        """Note that it was undone; True the first time."""
        standing = {"_id": object_id(playlist_id), "undoneAt": None}
        undone = await cls.get_motor_collection().update_one(standing, stamped({"$set": {"undoneAt": now()}}))
        return bool(undone.modified_count)

    @classmethod
    async def recent_track_ids(cls, user_id: Key, limit: int = 5) -> tuple[Key, ...]:
        """The songs of the member's last `limit` playlists that were not undone, the latest first, each once."""
        latest = cls.plain().find({"userId": object_id(user_id), "undoneAt": None}, {"tracks.trackId": 1})
        songs = [
            song["trackId"] async for raw in latest.sort("updatedAt", -1).limit(limit) for song in raw.get("tracks", ())
        ]
        return tuple(dict.fromkeys(songs))


def _own(key: Key, user_id: Key) -> dict[str, Any]:
    return {"_id": object_id(key), "userId": object_id(user_id)}
