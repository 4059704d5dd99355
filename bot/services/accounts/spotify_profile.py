"""What a member's own document says of their Spotify account while it is linked."""

from __future__ import annotations

from typing import Any

from bot.documents import Key, User
from bot.errors import LinkFailed
from bot.spotify.values import Profile

_NAME = 100


async def take_account(user_id: Key, profile: Profile, scopes: frozenset[str]) -> None:
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
    if not await User.link(user_id, fields, name=(profile.display_name or "")[:_NAME]):
        raise LinkFailed("taken")
