"""A playlist on its way to a Spotify account, step by step, so that it arrives there once. Ours beyond the schema."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Literal

from beanie import PydanticObjectId
from pydantic import Field
from pymongo import IndexModel, ReturnDocument
from pymongo.errors import DuplicateKeyError

from bot.documents.base import Key, Stored, object_id, object_ids, stamped

PublicationState = Literal["new", "creating", "created", "done", "handed", "removed", "unwanted"]
"""new: nothing is there. creating: it was asked for, and may be there. created: it is there, not all songs are.
done: it is. handed: another playlist took its place on Spotify. removed: it was taken down. unwanted: its maker had
everything deleted, and it is yet to be taken down."""


class Publication(Stored):
    """One playlist on one account; its `id` names both. An unwanted one knows no playlist of ours any more.

    `holder` works on it until `busy_until`, by the server's clock. `marker` stands in the description on Spotify, and
    is another one in each `attempt`; `asked_at` is when Spotify was last asked to make it, `filled_at` when it was last
    given songs in more than one call. `user_id` is who saved it,
    `own` tells that the account is theirs and not the server's. `taken_from` is the publication whose place on Spotify
    it took, `handed_to` the one that took its own. `unnamed` tells whether the name was taken away that
    somebody wants to be gone.
    """

    id: str = Field(alias="_id")  # type: ignore[assignment]  # beanie allows any type of id
    playlist_id: PydanticObjectId | None = None
    account_id: str
    own: bool = False
    user_id: PydanticObjectId | None = None
    state: PublicationState = "new"
    spotify_playlist_id: str | None = None
    marker: str = ""
    attempt: int = 1
    asked_at: datetime | None = None
    filled_at: datetime | None = None
    taken_from: str | None = None
    handed_to: str | None = None
    cover: bool = False
    unnamed: bool | None = None
    holder: str | None = None
    busy_until: datetime | None = None

    class Settings:
        """Where and how it is kept."""

        name = "publications"
        keep_nulls = False
        indexes = [IndexModel([("playlistId", 1)]), IndexModel([("userId", 1)])]

    @staticmethod
    def key(playlist_id: Key, account_id: str) -> str:
        """The id of a playlist's publication on an account."""
        return f"{playlist_id}:{account_id}"

    @property
    def shows(self) -> Key | None:
        """The key of the playlist."""
        return None if self.playlist_id is None else Key(self.playlist_id)

    @property
    def saved_by(self) -> Key | None:
        """The key of who saved it."""
        return None if self.user_id is None else Key(self.user_id)

    @classmethod
    async def named(cls, key: str) -> Publication | None:
        """The publication with this id; None when there is none."""
        return await cls.get(key)

    @classmethod
    async def saved_lately(cls, user_id: Key, since: datetime, limit: int) -> list[datetime]:
        """When a member saved something on the server's account since that moment, the latest first."""
        lately = {"userId": object_id(user_id), "own": False, "createdAt": {"$gt": since}}
        found = cls.get_motor_collection().find(lately, {"createdAt": 1}).sort("createdAt", -1).limit(limit)
        return [raw["createdAt"] async for raw in found]

    @classmethod
    async def forget_saver(cls, key: str, user_id: Key) -> None:
        """Forget that a member saved it; on an account of their own, all of it."""
        publications, mine = cls.get_motor_collection(), {"_id": key, "userId": object_id(user_id)}
        await publications.delete_one({**mine, "own": True})
        await publications.update_one(mine, stamped({"$unset": {"userId": ""}}))

    @classmethod
    async def give_up(cls, playlist_ids: Sequence[Key]) -> int:
        """Note what these playlists left on the server's account, and forget where they were saved; how many.

        What is noted says nothing about a member. Broken off, it can be done again.
        """
        of_these = {"playlistId": {"$in": object_ids(playlist_ids)}}
        publications = cls.get_motor_collection()
        there = publications.find({**of_these, "own": False, "state": {"$in": list(_THERE)}})
        left = [raw async for raw in there]
        for raw in left:
            place = {key: raw[key] for key in ("accountId", "spotifyPlaylistId", "marker") if raw.get(key)}
            key = f"unwanted:{raw['accountId']}:{raw.get('spotifyPlaylistId') or raw.get('marker')}"
            note = stamped({"$set": {**place, "own": False, "state": "unwanted"}})
            await publications.update_one({"_id": key}, note, upsert=True)
        await publications.delete_many(of_these)
        return len(left)

    @classmethod
    async def unname(cls, playlist_ids: Sequence[Key]) -> None:
        """Note that what is saved of these playlists on the server's account shall lose its name."""
        of_these = {"playlistId": {"$in": object_ids(playlist_ids)}, "own": False}
        there = {**of_these, "state": {"$in": ["created", "done"]}}
        await cls.get_motor_collection().update_many(there, stamped({"$set": {"unnamed": False}}))

    @classmethod
    async def to_put_right(cls, *, since: datetime, limit: int) -> list[Mapping[str, Any]]:
        """What is noted to be taken down or unnamed, raw; notes of before `since` are forgotten first."""
        publications = cls.plain()
        await publications.delete_many({"state": "unwanted", "createdAt": {"$lt": since}})
        noted = {"$or": [{"state": "unwanted"}, {"unnamed": False}]}
        waiting: list[Mapping[str, Any]] = await publications.find(noted).limit(limit).to_list(limit)
        return waiting

    @classmethod
    async def was_put_right(cls, raw: Mapping[str, Any]) -> None:
        """Note that it was taken down, or unnamed."""
        publications, one = cls.get_motor_collection(), {"_id": raw["_id"]}
        if raw["state"] == "unwanted":
            await publications.delete_one(one)
        else:
            await publications.update_one(one, stamped({"$set": {"unnamed": True}}))

    @classmethod
    async def claim(cls, new: Publication, *, holder: str, seconds: float) -> Publication | None:
        """The publication as it stands, for `holder` alone to work on; None while somebody else does.

        `new` is how it begins where there is none.
        """
        fields = {key: value for key, value in new.to_raw().items() if key != "_id"}
        free = {"$lte": [{"$ifNull": ["$busyUntil", _EARLY]}, "$$NOW"]}
        begun = {key: {"$ifNull": [f"${key}", {"$literal": value}]} for key, value in fields.items()}
        taken = {"holder": {"$literal": holder}, "busyUntil": _from_now(seconds), "updatedAt": "$$NOW"}
        update: list[dict[str, Any]] = [
            {"$set": {**begun, "createdAt": {"$ifNull": ["$createdAt", "$$NOW"]}}},
            {"$set": {key: {"$cond": [free, value, f"${key}"]} for key, value in taken.items()}},
        ]
        options: dict[str, Any] = {"upsert": True, "return_document": ReturnDocument.AFTER}
        collection = cls.get_motor_collection()
        try:
            raw = await collection.find_one_and_update({"_id": new.id}, update, **options)
        except DuplicateKeyError:
            # Two came first at once.
            raw = await collection.find_one_and_update({"_id": new.id}, update, **options)
        claimed: Publication = cls.model_validate(raw)
        return claimed if claimed.holder == holder else None

    async def step(self, *, seconds: float, stamp: str | None = None, **fields: Any) -> bool:
        """Write down how far it is, and hold it for `seconds` more; False when somebody else holds it by now.

        The moment is kept in the field `stamp`. The document becomes what is stored.
        """
        known = {key: object_id(value) if key in _IDS else value for key, value in fields.items()}
        changes: dict[str, Any] = {_camel(key): {"$literal": value} for key, value in known.items()}
        changes |= {"busyUntil": _from_now(seconds), "updatedAt": "$$NOW"}
        if stamp:
            changes[_camel(stamp)] = "$$NOW"
        raw = await self.get_motor_collection().find_one_and_update(
            {"_id": self.id, "holder": self.holder}, [{"$set": changes}], return_document=ReturnDocument.AFTER
        )
        if raw is None:
            return False
        self.__dict__.update(type(self).model_validate(raw).__dict__)
        return True

    async def release(self) -> None:
        """Let the next one have it."""
        gone: list[dict[str, Any]] = [{"$unset": ["holder", "busyUntil"]}, {"$set": {"updatedAt": "$$NOW"}}]
        await self.get_motor_collection().update_one({"_id": self.id, "holder": self.holder}, gone)

    @classmethod
    async def hand_over(cls, key: str, spotify_playlist_id: str, *, to: str) -> bool:
        """Note that the publication `to` has its place on Spotify; False when it had none, or another took it."""
        mine = {"$or": [{"state": "done"}, {"state": "handed", "handedTo": to}]}
        result = await cls.get_motor_collection().update_one(
            {"_id": key, "spotifyPlaylistId": spotify_playlist_id, **mine},
            [{"$set": {"state": "handed", "handedTo": {"$literal": to}, "updatedAt": "$$NOW"}}],
        )
        return bool(result.matched_count)


_EARLY = datetime(1970, 1, 1, tzinfo=UTC)
_IDS = ("user_id", "playlist_id")
_THERE: Sequence[PublicationState] = ("creating", "created", "done")


def _camel(name: str) -> str:
    return Publication.model_fields[name].alias or name


def _from_now(seconds: float) -> dict[str, Any]:
    return {"$add": ["$$NOW", round(seconds * 1000)]}
