"""The tokens of a member's account at another service."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from beanie import PydanticObjectId
from pymongo import IndexModel, ReturnDocument

from bot.documents.base import Key, Stored, derived_id, object_id, stamped

Raw = Mapping[str, Any]

_OF_THE_GRANT = (
    *("refreshingUntil", "refreshingBy", "remindedAt"),
    *("libraryAt", "libraryNext", "libraryStrange", "playsAt"),
)
"""What a new grant begins without."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class AuthToken(Stored):
    """Tokens of one member at one provider: ciphertexts that name their key, never plain.

    `account_id` names the account there. Until `refreshing_until`, by the server's clock, the process whose
    `refreshing_by` stands here may refresh, and no other. `reminded_at` is when the member was told that the grant
    ends, `library_at` when their library was read last, `library_next` the saved song from which it goes on, and
    `library_strange` how many entries of it are no songs; `plays_at` is the end of the latest song that was noted.
    """

    user_id: PydanticObjectId
    provider: str = "spotify"
    access_token: str | None = None
    refresh_token: str | None = None
    expires_at: datetime | None = None
    scope: str | None = None
    authorised_at: datetime | None = None
    account_id: str | None = None
    refreshing_until: datetime | None = None
    refreshing_by: str | None = None
    reminded_at: datetime | None = None
    library_at: datetime | None = None
    library_next: int | None = None
    library_strange: int | None = None
    plays_at: datetime | None = None

    class Settings:
        """Where and how it is kept."""

        name = "authtokens"
        keep_nulls = False
        indexes = [IndexModel([("userId", 1), ("provider", 1)]), IndexModel([("expiresAt", 1)])]

    @classmethod
    async def of_member(cls, user_id: Key, provider: str) -> Raw | None:
        """What is kept of a member's account, raw; None where none is linked."""
        found: Raw | None = await cls.plain().find_one(_of(user_id, provider))
        return found

    @classmethod
    async def usable(cls, user_id: Key, provider: str) -> Raw | None:
        """The same, where there is a token in it."""
        found: Raw | None = await cls.plain().find_one({**_of(user_id, provider), "accessToken": {"$type": "string"}})
        return found

    @classmethod
    async def of_account(cls, account_id: str, provider: str) -> list[Raw]:
        """What is kept of an account, raw: a member's, everybody's, or both."""
        return [raw async for raw in cls.plain().find({"accountId": account_id, "provider": provider})]

    @classmethod
    async def linked(cls, provider: str) -> list[Raw]:
        """Every linked account, raw, by `userId` and `playsAt`; the one whose library was read longest ago first."""
        found = cls.plain().find({"provider": provider}, {"userId": 1, "playsAt": 1}).sort("libraryAt", 1)
        return [raw async for raw in found]

    @classmethod
    async def keep(cls, user_id: Key, provider: str, fields: Raw) -> None:
        """Put a new grant, by its stored names, in the place of whatever was there."""
        new = {"_id": derived_id("auth token", provider, str(user_id))}
        change = {"$set": fields, "$unset": dict.fromkeys(_OF_THE_GRANT, ""), "$setOnInsert": new}
        await cls.get_motor_collection().update_one(_of(user_id, provider), stamped(change), upsert=True)

    @classmethod
    async def erase(cls, user_id: Key, provider: str) -> bool:
        """Delete what is kept of a member's account; whether there was any."""
        return bool((await cls.get_motor_collection().delete_many(_of(user_id, provider))).deleted_count)

    @classmethod
    async def lease(cls, raw: Raw, *, holder: str, seconds: int) -> Raw | None:
        """The raw document with the right to refresh it, by the server's clock.

        None while another process has that right, or when it was refreshed since `raw` was read.
        """
        free = {"$lte": [{"$ifNull": ["$refreshingUntil", _EPOCH]}, "$$NOW"]}
        mine = {"refreshingUntil": {"$add": ["$$NOW", seconds * 1000]}, "refreshingBy": {"$literal": holder}}
        found: Raw | None = await cls.plain().find_one_and_update(
            {**_unchanged(raw, "refreshToken"), "$expr": free},
            [{"$set": {**mine, "updatedAt": "$$NOW"}}],
            return_document=ReturnDocument.AFTER,
        )
        return found

    @classmethod
    async def end_lease(cls, leased: Raw, fields: Raw | None = None) -> bool:
        """Give the right to refresh back, with what came of it; False when it was not held any more."""
        change: dict[str, Any] = {"$unset": {"refreshingUntil": "", "refreshingBy": ""}}
        if fields is not None:
            change["$set"] = fields
        ended = await cls.get_motor_collection().update_one(_unchanged(leased, "refreshingBy"), stamped(change))
        return bool(ended.matched_count)

    @classmethod
    async def erase_dead(cls, raw: Raw) -> bool:
        """Delete a grant that is over; False when another process has brought a new one meanwhile."""
        return bool((await cls.get_motor_collection().delete_one(_unchanged(raw, "refreshToken"))).deleted_count)

    @classmethod
    async def reseal(cls, raw: Raw, sealed: Raw) -> None:
        """Put the same tokens under another key, unless they are others by now."""
        same = _unchanged(raw, "accessToken", "refreshToken")
        await cls.get_motor_collection().update_one(same, stamped({"$set": sealed}))

    @classmethod
    async def unreminded(cls, provider: str, before: datetime) -> list[Raw]:
        """Grants of before that moment whose member was not told yet that they end; raw."""
        old = {"provider": provider, "remindedAt": None, "authorisedAt": {"$lt": before}}
        return [raw async for raw in cls.plain().find(old, {"userId": 1, "authorisedAt": 1})]

    @classmethod
    async def note_reminded(cls, raw: Raw, moment: datetime) -> bool:
        """Note that a member is told now that this grant ends; False when somebody else does."""
        mine = {**_unchanged(raw, "authorisedAt"), "remindedAt": None}
        change = stamped({"$set": {"remindedAt": moment}})
        return bool((await cls.get_motor_collection().update_one(mine, change)).modified_count)

    @classmethod
    async def note_plays(cls, user_id: Key, provider: str, until: datetime) -> None:
        """Note the end of the latest song that was heard of."""
        latest = stamped({"$max": {"playsAt": until}})
        await cls.get_motor_collection().update_one(_of(user_id, provider), latest)

    @classmethod
    async def note_library(
        cls, user_id: Key, provider: str, *, at: datetime, goes_on_at: int | None, strange: int | None
    ) -> None:
        """Note that a library was read: where the next reading goes on, None for the start, and how many are no songs.

        Where `strange` is None, what was noted of those stays.
        """
        fields: dict[str, Any] = {"libraryAt": at, **({} if strange is None else {"libraryStrange": strange})}
        change: dict[str, Any] = {"$set": fields}
        if goes_on_at is None:
            change["$unset"] = {"libraryNext": ""}
        else:
            fields["libraryNext"] = goes_on_at
        await cls.get_motor_collection().update_one(_of(user_id, provider), stamped(change))


def _of(user_id: Key, provider: str) -> dict[str, Any]:
    return {"userId": object_id(user_id), "provider": provider}


def _unchanged(raw: Raw, *fields: str) -> dict[str, Any]:
    """The stored document, as long as these fields are as they were read."""
    return {"_id": object_id(raw["_id"]), **{name: raw[name] for name in fields}}
