"""The tokens of a member's account at another service."""

from __future__ import annotations

from datetime import datetime

from beanie import PydanticObjectId
from pymongo import IndexModel

from bot.documents.base import Stored


class AuthToken(Stored):
    """Tokens of one member at one provider: ciphertexts that name their key, never plain."""

    user_id: PydanticObjectId
    provider: str = "spotify"
    access_token: str | None = None
    refresh_token: str | None = None
    expires_at: datetime | None = None
    scope: str | None = None
    authorised_at: datetime | None = None

    class Settings:
        """Where and how it is kept."""

        name = "authtokens"
        keep_nulls = False
        indexes = [IndexModel([("userId", 1), ("provider", 1)]), IndexModel([("expiresAt", 1)])]
