"""What a member's own document says of their Spotify account while it is linked."""

from __future__ import annotations

from typing import Any

from beanie import PydanticObjectId
from pymongo.errors import DuplicateKeyError

from bot.documents import User, stamped
from bot.errors import LinkFailed
from bot.spotify.values import Profile

_NAME = 100


async def take_account(user_id: PydanticObjectId, profile: Profile, scopes: frozenset[str]) -> None:
    """Fill a member's document from their account. An account is one member's: raises LinkFailed("taken") else.

    What Spotify no longer tells an application of today (email, country, product) stays as it is.
    """
    fields: dict[str, Any] = {
        "spotifyUserId": profile.account_id,
        "images": [{"url": url} for url in profile.images],
        "capabilities": {
            "linked": True,
            "premium": profile.product == "premium",
            "export": {"playlist-modify-public", "playlist-modify-private"} <= scopes,
            "library": "user-library-read" in scopes,
            "cover": "ugc-image-upload" in scopes,
        },
    }
    told = {"email": profile.email, "country": profile.country, "product": profile.product}
    fields |= {name: value for name, value in told.items() if value}
    try:
        users = User.get_motor_collection()
        await users.update_one({"_id": user_id}, stamped({"$set": fields}))
        if profile.display_name:
            # The name that they have on Discord goes before.
            nameless = {"_id": user_id, "displayName": None}
            await users.update_one(nameless, stamped({"$set": {"displayName": profile.display_name[:_NAME]}}))
    except DuplicateKeyError as taken:
        raise LinkFailed("taken") from taken


async def forget_account(user_id: PydanticObjectId) -> None:
    """Take everything of a Spotify account out of a member's document again."""
    back = {
        "spotifyUserId": {"$concat": ["discord:", {"$ifNull": ["$discordUserId", {"$toString": "$_id"}]}]},
        "images": [],
        "capabilities": {"linked": False, "premium": False, "export": False},
        "updatedAt": "$$NOW",
    }
    linked = {"_id": user_id, "capabilities.linked": True}
    gone = ["email", "country", "product"]
    await User.get_motor_collection().update_one(linked, [{"$set": back}, {"$unset": gone}])
