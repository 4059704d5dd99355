"""The keys to linked accounts: kept encrypted, opened for a call, refreshed by one at a time, erased when dead.

Satisfies `bot.spotify.values.Tokens`. A refresh is single-flight across tasks by a lock, and across processes by a
short lease on the document itself: Spotify may answer with another refresh token, and then the used one is dead.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any
from weakref import WeakValueDictionary

from bot.database import guarded
from bot.documents import AuthToken, Key, User, derived_key
from bot.errors import LinkExpired, SpotifyUnreachable, WorldDown
from bot.services.accounts.token_encryption import Vault
from bot.spotify.oauth import SPARE, Grant, SpotifyAccounts
from bot.spotify.values import AccessToken

_log = logging.getLogger(__name__)

PROVIDER = "spotify"

OWNER_ID: Key = derived_key("owner account")
"""Whose the token of the account is that publishes for everyone: no member's."""

LEASE_S = 20
"""How long one process may take to refresh; twice what the exchange itself takes at most."""

LOOK_S = 0.1
"""How often a process that waits for another one's refresh looks."""

Raw = Mapping[str, Any]


class TokenStore:
    """Tokens by their owner. Without `vault` or `accounts` nothing is linked and nothing can be."""

    def __init__(self, *, vault: Vault | None, accounts: SpotifyAccounts | None, clock: Callable[[], datetime]) -> None:
        self._vault = vault
        self._accounts = accounts
        self._clock = clock
        self._turns: WeakValueDictionary[Key, asyncio.Lock] = WeakValueDictionary()

    async def token_of(self, user_id: Key) -> AccessToken | None:
        """The token of a member's account, good for a while; None where none is linked.

        Raises LinkExpired when the grant is over (what we had is erased then), Sealed when its key is missing,
        SpotifyRefused or SpotifyUnreachable when it could not be refreshed, DatabaseDown.
        """
        if self._vault is None or self._accounts is None:
            return None
        return await self._good(self._vault, self._accounts, user_id, spent=None)

    async def owner_token(self) -> AccessToken | None:
        """The same for the account that publishes for everyone."""
        try:
            return await self.token_of(OWNER_ID)
        except LinkExpired as expired:
            expired.owner = True
            raise

    async def renewed(self, token: AccessToken) -> AccessToken | None:
        """Another token for one that Spotify did not take, None when its account is not linked any more.

        Raises as `token_of`.
        """
        if self._vault is None or self._accounts is None:
            return None
        with guarded():
            found = await AuthToken.of_account(token.account_id, PROVIDER)
        for raw in found:
            if self._vault.open(raw["accessToken"], *_bound(raw, "accessToken")) == token.secret:
                return await self._good(self._vault, self._accounts, raw["userId"], spent=raw["accessToken"])
        # Somebody else has renewed it meanwhile; an account may be a member's and everybody's at once.
        return await self.token_of(found[0]["userId"]) if found else None

    async def keep(self, user_id: Key, grant: Grant, *, account_id: str, authorised_at: datetime) -> None:
        """Store a new grant in the place of whatever was there. Raises DatabaseDown."""
        if self._vault is None or grant.refresh is None:
            raise AssertionError("a grant that is kept has a refresh token, and there is a key for it")
        owner: Raw = {"userId": user_id, "provider": PROVIDER}
        fields = {
            **self._sealed(self._vault, owner, grant.access, grant.refresh),
            "expiresAt": grant.expires_at,
            "scope": grant.scope,
            "authorisedAt": authorised_at,
            "accountId": account_id,
        }
        with guarded():
            await AuthToken.keep(user_id, PROVIDER, fields)

    async def erase(self, user_id: Key) -> bool:
        """Delete what we have of an account; whether there was any. Raises DatabaseDown."""
        with guarded():
            gone = await AuthToken.erase(user_id, PROVIDER)
            await User.unlink(user_id)
        return gone

    async def _good(
        self, vault: Vault, accounts: SpotifyAccounts, user_id: Key, *, spent: str | None
    ) -> AccessToken | None:
        """A token that is not the `spent` one, by its ciphertext."""
        raw = await _stored(user_id)
        if raw is None or self._holds(raw, spent):
            return await self._opened(vault, raw)
        # One at a time here; the others find what the first one brought.
        turn = self._turns.setdefault(user_id, asyncio.Lock())
        async with turn:
            refreshing = asyncio.ensure_future(self._refreshed(vault, accounts, user_id, spent))
            # A refresh token may be used up by being sent, so whoever goes away meanwhile breaks nothing off.
            return await asyncio.shield(refreshing)

    async def _refreshed(
        self, vault: Vault, accounts: SpotifyAccounts, user_id: Key, spent: str | None
    ) -> AccessToken | None:
        given_up = time.monotonic() + 2 * LEASE_S
        while time.monotonic() < given_up:
            raw = await _stored(user_id)
            if raw is None or self._holds(raw, spent):
                return await self._opened(vault, raw)
            leased = await _lease(raw)
            if leased is not None:
                await self._refresh(vault, accounts, leased)
                spent = raw["accessToken"]
            else:
                await asyncio.sleep(LOOK_S)
        raise SpotifyUnreachable(cause="another process did not end its refresh")

    def _holds(self, raw: Raw, spent: str | None) -> bool:
        expires_at = raw.get("expiresAt")
        return raw["accessToken"] != spent and expires_at is not None and _aware(expires_at) - SPARE > self._clock()

    async def _refresh(self, vault: Vault, accounts: SpotifyAccounts, raw: Raw) -> None:
        """Ask for a new token under the lease that stands in `raw`, and store it; or erase what is dead."""
        try:
            refresh = vault.open(raw["refreshToken"], *_bound(raw, "refreshToken"))
            grant = await accounts.refresh(refresh)
        except LinkExpired as expired:
            if type(expired) is LinkExpired and await self._erased(raw):
                raise
            await _give_back(raw)
            if type(expired) is not LinkExpired:
                raise
            return
        except WorldDown:
            await _give_back(raw)
            raise
        fields = {
            **self._sealed(vault, raw, grant.access, grant.refresh or refresh),
            "expiresAt": grant.expires_at,
            "scope": grant.scope or raw.get("scope") or "",
        }
        with guarded():
            kept = await AuthToken.end_lease(raw, fields)
        if not kept:
            _log.warning("a refreshed token came too late: its account was unlinked, or refreshed elsewhere")

    async def _erased(self, raw: Raw) -> bool:
        """Whether the dead grant is erased; not when another process has brought a new one meanwhile."""
        with guarded():
            if not await AuthToken.erase_dead(raw):
                return False
            await User.unlink(raw["userId"])
        _log.info("Spotify takes a grant no longer, so its tokens are erased")
        return True

    async def _opened(self, vault: Vault, raw: Raw | None) -> AccessToken | None:
        """The plain token; what is not under the newest key is sealed anew on the way."""
        if raw is None:
            return None
        access = vault.open(raw["accessToken"], *_bound(raw, "accessToken"))
        if vault.is_old(raw["accessToken"]) or vault.is_old(raw["refreshToken"]):
            refresh = vault.open(raw["refreshToken"], *_bound(raw, "refreshToken"))
            with guarded():
                await AuthToken.reseal(raw, self._sealed(vault, raw, access, refresh))
        return AccessToken(
            secret=access,
            account_id=raw.get("accountId") or "",
            scopes=frozenset((raw.get("scope") or "").split()),
            expires_at=_aware(raw["expiresAt"]),
        )

    def _sealed(self, vault: Vault, owner: Raw, access: str, refresh: str) -> dict[str, str]:
        return {
            "accessToken": vault.seal(access, *_bound(owner, "accessToken")),
            "refreshToken": vault.seal(refresh, *_bound(owner, "refreshToken")),
        }


async def _stored(user_id: Key) -> Raw | None:
    with guarded():
        return await AuthToken.usable(user_id, PROVIDER)


async def _lease(raw: Raw) -> Raw | None:
    """The document with the right to refresh it, or None while another process has that, or has refreshed it."""
    with guarded():
        return await AuthToken.lease(raw, holder=secrets.token_hex(8), seconds=LEASE_S)


async def _give_back(leased: Raw) -> None:
    with guarded():
        await AuthToken.end_lease(leased)


def _bound(owner: Raw, name: str) -> tuple[str, str, str]:
    """What a ciphertext is bound to: whose it is, at which provider, and in which field it stands."""
    return str(owner["userId"]), str(owner["provider"]), name


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
