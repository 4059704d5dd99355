"""A link that is being made: from `/spotify link` until the member has typed the code, ten minutes at most.

Ours beyond the schema. A document is named by the hash of what leads to it, so that who reads the database can open
no link; whoever deletes it first has it, and nobody else.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

from beanie import PydanticObjectId
from pydantic import Field
from pymongo import ReturnDocument

from bot.documents.base import Key, Stored, now, object_id, stamped, stamped_new

BROWSERS = 5
"""Browsers that may begin with one link: the member's own, and what looks at links before them."""


class OAuthState(Stored):
    """A step of linking: a "state" that waits for Spotify's answer, or a "grant" that waits for the member's code.

    The `id` is "state:<hash>" or "grant:<member>". `owner` tells that the account is to publish for everyone. A state
    holds the sealed PKCE `verifier` and the hashes of the cookies of its `browsers`; with `pasted` it needs none,
    because the member brings the answer themselves. A grant holds the sealed tokens, the hash of its code, and how
    many `tries` are left.
    """

    id: str = Field(alias="_id")  # type: ignore[assignment]  # beanie allows any type of id
    kind: Literal["state", "grant"]
    user_id: PydanticObjectId
    owner: bool = False
    name: str = ""
    expires_at: datetime
    redirect_uri: str = ""
    verifier: str | None = None
    pasted: bool = False
    browsers: list[str] = []
    access_token: str | None = None
    refresh_token: str | None = None
    token_expires_at: datetime | None = None
    scope: str = ""
    authorised_at: datetime | None = None
    code_hash: str = ""
    tries: int = 0

    class Settings:
        """Where and how it is kept."""

        name = "oauthstates"
        keep_nulls = False

    @property
    def member(self) -> Key:
        """The key of the member, or of the account for everyone."""
        return Key(self.user_id)

    @classmethod
    async def begin(cls, step: OAuthState) -> None:
        """Put this step in the place of every earlier one of the member, for the same purpose."""
        collection = cls.get_motor_collection()
        await collection.delete_many({"userId": step.user_id, "owner": step.owner, "_id": {"$ne": step.id}})
        await collection.replace_one({"_id": step.id}, stamped_new(step.to_raw()), upsert=True)

    @classmethod
    async def admit(cls, key: str, browser: str) -> OAuthState | None:
        """The state with this browser among its own; None when it is over, or too many browsers came."""
        room = {"$or": [{"browsers": browser}, {f"browsers.{BROWSERS - 1}": {"$exists": False}}]}
        raw = await cls.get_motor_collection().find_one_and_update(
            {"_id": key, "kind": "state", "pasted": False, "expiresAt": {"$gt": now()}, **room},
            stamped({"$addToSet": {"browsers": browser}}),
            return_document=ReturnDocument.AFTER,
        )
        return None if raw is None else cls.model_validate(raw)

    @classmethod
    async def take(cls, key: str) -> OAuthState | None:
        """The step, deleted; of many that ask at once one gets it. None when it is over."""
        return await cls._take(key, {})

    @classmethod
    async def take_answered(cls, key: str, browser: str) -> OAuthState | None:
        """The same for a state that this browser came back with."""
        return await cls._take(key, {"kind": "state", "pasted": False, "browsers": browser})

    @classmethod
    async def take_pasted(cls, key: str, user_id: Key, *, owner: bool) -> OAuthState | None:
        """The same for a state that this member pasted."""
        return await cls._take(key, {"kind": "state", "pasted": True, "userId": object_id(user_id), "owner": owner})

    @classmethod
    async def take_confirmed(cls, key: str, code_hash: str) -> OAuthState | None:
        """The same for a grant that still has this code."""
        return await cls._take(key, {"codeHash": code_hash})

    @classmethod
    async def pending(cls, key: str) -> OAuthState | None:
        """A state that nobody has taken, be it over or not."""
        found = await cls.get(key)
        return found if found is not None and found.kind == "state" else None

    @classmethod
    async def drop_of(cls, user_id: Key) -> None:
        """Delete every step of a member."""
        await cls.get_motor_collection().delete_many({"userId": object_id(user_id)})

    @classmethod
    async def _take(cls, key: str, condition: Mapping[str, Any]) -> OAuthState | None:
        raw = await cls.get_motor_collection().find_one_and_delete(
            {"_id": key, "expiresAt": {"$gt": now()}, **condition}
        )
        return None if raw is None else cls.model_validate(raw)

    @classmethod
    async def try_code(cls, key: str) -> OAuthState | None:
        """The grant with one try less; None when it is over, or no try is left."""
        raw = await cls.get_motor_collection().find_one_and_update(
            {"_id": key, "kind": "grant", "expiresAt": {"$gt": now()}, "tries": {"$gt": 0}},
            stamped({"$inc": {"tries": -1}}),
            return_document=ReturnDocument.AFTER,
        )
        return None if raw is None else cls.model_validate(raw)

    @classmethod
    async def forget(cls, before: datetime) -> int:
        """Delete what ended before that moment; how many."""
        gone = await cls.get_motor_collection().delete_many({"expiresAt": {"$lte": before}})
        return int(gone.deleted_count)
