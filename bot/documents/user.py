"""A member, and what is known of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Literal

from beanie import PydanticObjectId
from pymongo import IndexModel, ReturnDocument
from pymongo.errors import DuplicateKeyError

from bot.documents.base import DocumentPart, Key, Stored, derived_id, derived_key, object_id, object_ids, stamped


class Image(DocumentPart):
    """A profile picture; sizes in pixels."""

    url: str
    height: int | None = None
    width: int | None = None


class Preferences(DocumentPart):
    """How a member likes playlists to be made.

    `length` is a number of songs, `blocked` are names of artists and genres that are never played for them, `taste` is
    the summary of what their feedback taught, `learning` whether feedback may teach anything, `listening` whether
    what they play on Spotify may be noted.
    """

    length: int | None = None
    clean: bool | None = None
    familiarity: Literal["popular", "deep", "mine"] | None = None
    blocked: list[str] = []
    learning: bool = True
    listening: bool = False
    taste: dict[str, Any] = {}


class Capabilities(DocumentPart):
    """What a member's accounts allow: a linked Spotify account, its premium, keeping playlists there (`export`), with
    a `cover`, and reading the `library`.
    """

    linked: bool = False
    premium: bool = False
    export: bool = False
    cover: bool = False
    library: bool = False


class User(Stored):
    """A member. Without Spotify, `spotify_user_id` is "discord:<id>".

    `erasing_at` is when they asked for everything about them to be deleted, while that goes on.
    """

    spotify_user_id: str
    discord_user_id: str | None = None
    display_name: str | None = None
    email: str | None = None
    country: str | None = None
    product: str | None = None
    images: list[Image] = []
    preferences: Preferences = Preferences()
    capabilities: Capabilities = Capabilities()
    erasing_at: datetime | None = None

    class Settings:
        """Where and how it is kept."""

        name = "users"
        keep_nulls = False
        indexes = [IndexModel([("spotifyUserId", 1)], unique=True)]

    @staticmethod
    def id_of(discord_id: str) -> PydanticObjectId:
        """The id of a Discord member's document: derived, so that it is found without an index of its own."""
        return derived_id("discord", discord_id)

    @staticmethod
    def key_of(discord_id: str) -> Key:
        """The same as a key."""
        return derived_key("discord", discord_id)

    @classmethod
    async def stands(cls, key: Key, *, since: datetime | None, not_erasing_since: datetime) -> bool:
        """Whether the member who was stored `since` then is still stored, and not being deleted.

        A mark of being deleted that is older than `not_erasing_since` was left by a process that died.
        """
        still = {"_id": object_id(key), "createdAt": since, **_not_erasing(not_erasing_since)}
        return await cls.get_motor_collection().find_one(still, {"_id": 1}) is not None

    @classmethod
    async def still_standing(cls, members: Mapping[Key, datetime | None], *, not_erasing_since: datetime) -> set[Key]:
        """Those of the members, given with the moments since when they are stored, for whom `stands` is true."""
        chosen = {"_id": {"$in": object_ids(members)}, **_not_erasing(not_erasing_since)}
        found = cls.plain().find(chosen, {"createdAt": 1})
        return {raw["_id"] async for raw in found if raw.get("createdAt") == members[raw["_id"]]}

    @classmethod
    async def may_teach(cls, key: Key) -> bool | None:
        """Whether a member's feedback may teach anything; None when they are not stored."""
        raw = await cls.raw(key, "preferences.learning")
        return None if raw is None else (raw.get("preferences") or {}).get("learning") is not False

    @classmethod
    async def set_preference(cls, key: Key, name: Literal["learning", "listening"], *, on: bool) -> None:
        """Turn something on or off for a member."""
        change = stamped({"$set": {f"preferences.{name}": on}})
        await cls.get_motor_collection().update_one({"_id": object_id(key)}, change)

    @classmethod
    async def keep_taste(cls, key: Key, taste: Mapping[str, Any]) -> None:
        """Keep the summary of a member's taste, unless they are being deleted."""
        kept = stamped({"$set": {"preferences.taste": taste}})
        await cls.get_motor_collection().update_one({"_id": object_id(key), "erasingAt": None}, kept)

    @classmethod
    async def forget_taste(cls, key: Key) -> None:
        """Take the summary of a member's taste away."""
        gone = stamped({"$unset": {"preferences.taste": ""}})
        await cls.get_motor_collection().update_one({"_id": object_id(key)}, gone)

    @classmethod
    async def named(cls, key: Key) -> User | None:
        """The member with this key; None when there is none."""
        return await cls.get(object_id(key))

    @classmethod
    async def is_erasing(cls, key: Key, since: datetime) -> bool:
        """Whether a member asked after that moment for everything about them to be deleted."""
        going = {"_id": object_id(key), "erasingAt": {"$gt": since}}
        return await cls.get_motor_collection().find_one(going, {"_id": 1}) is not None

    @classmethod
    async def link(cls, key: Key, fields: Mapping[str, Any], *, name: str | None) -> bool:
        """Fill a member's document with what their account says, by stored names; False when it is another member's.

        The name that they have on Discord goes before `name`.
        """
        users = cls.get_motor_collection()
        try:
            await users.update_one({"_id": object_id(key)}, stamped({"$set": fields}))
            if name:
                nameless = {"_id": object_id(key), "displayName": None}
                await users.update_one(nameless, stamped({"$set": {"displayName": name}}))
        except DuplicateKeyError:
            return False
        return True

    @classmethod
    async def unlink(cls, key: Key) -> None:
        """Take everything of a Spotify account out of a member's document again."""
        back = {
            "spotifyUserId": {"$concat": ["discord:", {"$ifNull": ["$discordUserId", {"$toString": "$_id"}]}]},
            "images": [],
            "capabilities": {"linked": False, "premium": False, "export": False},
            "updatedAt": "$$NOW",
        }
        linked = {"_id": object_id(key), "capabilities.linked": True}
        gone = ["email", "country", "product"]
        await cls.get_motor_collection().update_one(linked, [{"$set": back}, {"$unset": gone}])

    @classmethod
    async def keys_of(cls, discord_id: str) -> list[Key]:
        """The keys of all documents about a Discord member: another application may have made a second one."""
        by_name = [{"spotifyUserId": f"discord:{discord_id}"}, {"discordUserId": discord_id}]
        found = cls.plain().find({"$or": [{"_id": cls.id_of(discord_id)}, *by_name]}, {"_id": 1})
        return [raw["_id"] async for raw in found]

    @classmethod
    async def mark_erasing(cls, keys: Iterable[Key], at: datetime) -> None:
        """Mark members as being deleted, so that nothing new is stored about them."""
        mark = stamped({"$set": {"erasingAt": at}})
        await cls.get_motor_collection().update_many({"_id": {"$in": object_ids(keys)}}, mark)

    @classmethod
    async def quiet(cls) -> set[str]:
        """Members who paused learning, or are being deleted: their keys as text."""
        quiet = {"$or": [{"preferences.learning": False}, {"erasingAt": {"$ne": None}}]}
        return {str(raw["_id"]) async for raw in cls.get_motor_collection().find(quiet, {"_id": 1})}

    @classmethod
    async def discord_ids(cls, keys: Iterable[Key]) -> dict[Key, str]:
        """The Discord ids of these members, as far as they are known."""
        told = {}
        for key, raw in (await cls.raws(keys, "discordUserId", "spotifyUserId")).items():
            discord_id = raw.get("discordUserId") or raw["spotifyUserId"].removeprefix("discord:")
            if discord_id.isdigit():
                told[key] = discord_id
        return told

    @classmethod
    async def standing(cls, keys: Iterable[Key], *fields: str) -> dict[Key, Mapping[str, Any]]:
        """The raw documents of those of these members who are stored and not being deleted."""
        ids = object_ids(keys)
        found = cls.plain().find({"_id": {"$in": ids}, "erasingAt": None}, dict.fromkeys(fields or ("_id",), 1))
        return {raw["_id"]: raw async for raw in found}

    @classmethod
    async def discord_id(cls, key: Key) -> str | None:
        """The Discord id of a member, None where none is known."""
        raw = await cls.raw(key, "discordUserId") or {}
        return raw.get("discordUserId") or None

    @classmethod
    async def of_discord(cls, discord_id: str, display_name: str | None = None) -> User:
        """The member with this Discord id, made when they are new; also with many calls at once it is one document.

        A new name replaces the stored one.
        """
        new = cls(
            id=cls.id_of(discord_id),
            spotify_user_id=f"discord:{discord_id}",
            discord_user_id=discord_id,
            display_name=display_name,
        ).to_raw()
        named = {} if display_name is None else {"displayName": new.pop("displayName")}
        found: User = cls.model_validate(await cls._upsert({"_id": new.pop("_id")}, named, new))
        return found

    @classmethod
    async def _upsert(cls, query: dict[str, Any], named: dict[str, Any], new: dict[str, Any]) -> Any:
        """The raw document of the query as it is after setting `named`; inserted with `new` when there was none."""
        collection = cls.get_motor_collection()
        try:
            return await collection.find_one_and_update(
                query,
                stamped({"$set": named, "$setOnInsert": new}),
                upsert=True,
                return_document=ReturnDocument.AFTER,
            )
        except DuplicateKeyError:
            # Another application made this member under an id of its own.
            return await collection.find_one_and_update(
                {"spotifyUserId": new["spotifyUserId"]}, stamped({"$set": named}), return_document=ReturnDocument.AFTER
            )


def _not_erasing(since: datetime) -> dict[str, Any]:
    return {"$nor": [{"erasingAt": {"$gt": since}}]}
