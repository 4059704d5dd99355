"""The tokens of a member's account at another service."""

from __future__ import annotations

from datetime import datetime

from beanie import PydanticObjectId
from pymongo import IndexModel

from bot.documents.base import Stored


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
