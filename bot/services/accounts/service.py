"""Linking a member's Spotify account, so that a link which was passed on binds nobody.

Spotify's answer arrives in a browser, and the member is in Discord: that both are one person is shown by a code, which
the browser shows and the member types. Until then the grant waits, encrypted, and belongs to nobody. Where the answer
cannot reach us, the member pastes it, and the paste is the proof.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol

from bot.database import guarded
from bot.documents import AuthToken, Key, OAuthState, User
from bot.errors import BeingErased, LinkExpired, LinkFailed, LinkFault, LinkingOff, SpotifyRefused
from bot.services.accounts.link_secrets import TRIES, Returned, hashed, meant, new_code, new_secret, pasted, same
from bot.services.accounts.spotify_profile import take_account
from bot.services.accounts.token_encryption import Vault
from bot.services.accounts.token_store import OWNER_ID, PROVIDER, TokenStore
from bot.services.accounts.views import (
    CALLBACK,
    LINK,
    LINK_LASTS,
    LOOPBACK,
    LinkBegun,
    Linked,
    LinkOpened,
    LinkPending,
    LinkStatus,
    ends_at,
)
from bot.services.library.saved_songs import forget_spotify
from bot.services.members import Member, is_erased, member
from bot.services.values import Requester
from bot.spotify.oauth import LISTENING_SCOPE, MEMBER_SCOPES, OWNER_SCOPES, Grant, SpotifyAccounts, new_verifier
from bot.spotify.values import AccessToken, Profile

_log = logging.getLogger(__name__)


class Profiles(Protocol):
    """The one question that linking has for the Web API."""

    async def me(self, token: AccessToken) -> Profile:
        """Whose account a token opens. Raises WorldDown, LinkExpired."""


class AccountService:
    """Links, tells of and unlinks accounts; and gives tokens out to those who call Spotify (`Tokens`).

    Without `vault` or `accounts` linking is off. `public_url` is our address as browsers reach it, None where there
    is none.
    """

    def __init__(
        self,
        *,
        tokens: TokenStore,
        profiles: Profiles | None = None,
        clock: Callable[[], datetime],
        vault: Vault | None = None,
        accounts: SpotifyAccounts | None = None,
        public_url: str | None = None,
    ) -> None:
        self._tokens = tokens
        self._profiles = profiles
        self._clock = clock
        self._vault = vault
        self._accounts = accounts
        self.public_url = public_url

    @property
    def redirect_uri(self) -> str:
        """Where Spotify sends browsers back to; it has to stand in the application's settings at Spotify."""
        return f"{self.public_url or LOOPBACK}{CALLBACK}"

    async def token_of(self, user_id: Key) -> AccessToken | None:
        """See `TokenStore.token_of`."""
        return await self._tokens.token_of(user_id)

    async def owner_token(self) -> AccessToken | None:
        """See `TokenStore.owner_token`."""
        return await self._tokens.owner_token()

    async def renewed(self, token: AccessToken) -> AccessToken | None:
        """See `TokenStore.renewed`."""
        return await self._tokens.renewed(token)

    async def begin(self, requester: Requester, *, owner: bool = False) -> LinkBegun:
        """A new link for a member; an earlier one of theirs is over. Raises LinkingOff, BeingErased, DatabaseDown.

        With `owner` it is for the account that publishes for everyone; who may do that is for the door to know.
        """
        who = await member(requester)
        return await self._begin(who.id, requester.display_name, _scopes(who, owner=owner), owner=owner)

    async def begin_at_terminal(self) -> LinkBegun:
        """A link for the account that publishes for everyone, made by the operator; the address comes back by hand."""
        return await self._begin(OWNER_ID, "the operator", OWNER_SCOPES, owner=True, paste=True)

    async def opened(self, state: str, mark: str | None) -> LinkOpened:
        """A browser opened a link; `mark` is what it kept of an earlier time. Raises LinkFailed, DatabaseDown."""
        vault, accounts = self._open()
        mark = mark or new_secret()
        with guarded():
            step = await OAuthState.admit(_state_key(state), hashed("browser", mark))
        if step is None or step.verifier is None:
            raise LinkFailed("expired")
        url = accounts.authorize_url(
            state=state,
            verifier=vault.open(step.verifier, *_bound(step, "verifier")),
            redirect_uri=step.redirect_uri,
            scopes=step.scope.split(),
        )
        return LinkOpened(name=step.name, url=url, mark=mark, owner=step.owner)

    async def called_back(self, answer: Returned, mark: str | None) -> LinkPending:
        """Spotify sent a browser back. The grant waits from now on for the code that this browser is shown.

        Raises LinkFailed, SpotifyRefused, SpotifyUnreachable, LinkingOff, DatabaseDown; each ends the link, except a
        wrong browser.
        """
        self._open()
        key, browser = _state_key(answer.state), hashed("browser", mark or "")
        with guarded():
            step = await OAuthState.take_answered(key, browser)
        if step is None:
            raise LinkFailed(await self._why_not(key))
        grant = await self._exchanged(step, answer)
        code = new_code()
        await self._wait_for_code(step, grant, code)
        return LinkPending(name=step.name, code=code, owner=step.owner)

    async def confirm(self, requester: Requester, typed: str, *, owner: bool = False) -> Linked:
        """The member typed a code. Raises LinkFailed, SpotifyBusy, WorldDown; after those two it can be typed again."""
        vault, _ = self._open()
        who = await member(requester)
        with guarded():
            step = await OAuthState.try_code(_grant_key(who.id, owner=owner))
        if step is None:
            raise LinkFailed("expired")
        if not same(step.code_hash, "code", meant(typed)):
            if step.tries:
                raise LinkFailed("code")
            with guarded():
                await OAuthState.take(step.id)
            raise LinkFailed("tries")
        grant = _granted(vault, step)
        profile = await self._profile(grant)
        with guarded():
            won = await OAuthState.take_confirmed(step.id, step.code_hash)
        if won is None:
            raise LinkFailed("used")
        return await self._bind(who, step, grant, profile)

    async def confirm_pasted(self, requester: Requester, text: str, *, owner: bool = False) -> Linked:
        """The member pasted the address that Spotify sent their browser to. Raises as `called_back`."""
        who = await member(requester)
        step, grant, profile = await self._from_paste(text, who.id, owner=owner)
        return await self._bind(who, step, grant, profile)

    async def finish_at_terminal(self, text: str) -> Linked:
        """The operator gave the address that Spotify sent their browser to. Raises as `called_back`."""
        step, grant, profile = await self._from_paste(text, OWNER_ID, owner=True)
        return await self._keep_owner(step, grant, profile)

    async def status(self, requester: Requester) -> LinkStatus:
        """How the one who asks stands; asking calls nobody. Raises DatabaseDown."""
        user_id = User.key_of(requester.user_id)
        with guarded():
            raw = await AuthToken.of_member(user_id, PROVIDER)
            user = await User.raw(user_id, "capabilities", "preferences") or {}
            everyone = await AuthToken.of_member(OWNER_ID, PROVIDER) is not None
        since = None if raw is None else raw.get("authorisedAt")
        return LinkStatus(
            off=self.off,
            linked=raw is not None,
            since=since,
            ends_at=None if since is None else ends_at(since),
            scopes=frozenset((raw or {}).get("scope", "").split()),
            premium=bool((user.get("capabilities") or {}).get("premium")),
            listening=bool((user.get("preferences") or {}).get("listening")),
            everyone=everyone,
        )

    async def unlink(self, requester: Requester) -> bool:
        """Erase all tokens of the one who asks, and what came by them; whether there were any. Raises DatabaseDown."""
        user_id = User.key_of(requester.user_id)
        with guarded():
            await OAuthState.drop_of(user_id)
        erased = await self._tokens.erase(user_id)
        await forget_spotify(user_id)
        return erased

    async def unlink_owner(self) -> bool:
        """Erase the tokens of the account that publishes for everyone; whether there were any. Raises DatabaseDown."""
        return await self._tokens.erase(OWNER_ID)

    async def forget(self, moment: datetime) -> int:
        """Delete links that nobody ended; how many. Raises DatabaseDown."""
        with guarded():
            return await OAuthState.forget(moment)

    @property
    def off(self) -> str | None:
        """What is missing for linking ("app", "keys"), or None."""
        if self._accounts is None or self._profiles is None:
            return "app"
        return "keys" if self._vault is None else None

    def _open(self) -> tuple[Vault, SpotifyAccounts]:
        if self._accounts is None or self._profiles is None:
            raise LinkingOff("app")
        if self._vault is None:
            raise LinkingOff("keys")
        return self._vault, self._accounts

    async def _begin(
        self, user_id: Key, name: str, scopes: Sequence[str], *, owner: bool, paste: bool | None = None
    ) -> LinkBegun:
        vault, accounts = self._open()
        pasting = self.public_url is None if paste is None else paste
        state, verifier, until = new_secret(), new_verifier(), self._clock() + LINK_LASTS
        step = OAuthState(
            id=_state_key(state),
            kind="state",
            user_id=user_id,
            owner=owner,
            name=name,
            expires_at=until,
            redirect_uri=f"{LOOPBACK}{CALLBACK}" if pasting else self.redirect_uri,
            pasted=pasting,
            scope=" ".join(scopes),
        )
        step.verifier = vault.seal(verifier, *_bound(step, "verifier"))
        with guarded():
            await OAuthState.begin(step)
        if pasting:
            url = accounts.authorize_url(
                state=state, verifier=verifier, redirect_uri=step.redirect_uri, scopes=tuple(scopes)
            )
        else:
            url = f"{self.public_url}{LINK}{state}"
        return LinkBegun(url=url, until=until, paste=pasting)

    async def _why_not(self, key: str) -> LinkFault:
        """Why a state could not be taken."""
        with guarded():
            step = await OAuthState.pending(key)
        if step is None:
            return "used"
        return "expired" if step.expires_at <= self._clock() else "stranger" if step.pasted else "browser"

    async def _exchanged(self, step: OAuthState, answer: Returned) -> Grant:
        """The grant for what Spotify sent back with the state that was just taken."""
        vault, accounts = self._open()
        if answer.error or step.verifier is None:
            raise LinkFailed("denied" if answer.error == "access_denied" else "spotify")
        verifier = vault.open(step.verifier, *_bound(step, "verifier"))
        try:
            return await accounts.exchange(answer.code, verifier=verifier, redirect_uri=step.redirect_uri)
        except LinkExpired as refused:
            raise LinkFailed("spotify") from refused

    async def _wait_for_code(self, step: OAuthState, grant: Grant, code: str) -> None:
        vault, _ = self._open()
        moment = self._clock()
        waiting = OAuthState(
            id=_grant_key(step.member, owner=step.owner),
            kind="grant",
            user_id=step.user_id,
            owner=step.owner,
            name=step.name,
            expires_at=moment + LINK_LASTS,
            token_expires_at=grant.expires_at,
            scope=grant.scope or step.scope,
            authorised_at=moment,
            code_hash=hashed("code", meant(code)),
            tries=TRIES,
        )
        waiting.access_token = vault.seal(grant.access, *_bound(waiting, "accessToken"))
        waiting.refresh_token = vault.seal(grant.refresh or "", *_bound(waiting, "refreshToken"))
        with guarded():
            await OAuthState.begin(waiting)
            if not await User.standing([step.member]):
                # The member had everything deleted while they were at Spotify.
                await OAuthState.take(waiting.id)
                raise LinkFailed("expired")

    async def _from_paste(self, text: str, user_id: Key, *, owner: bool) -> tuple[OAuthState, Grant, Profile]:
        self._open()
        answer = pasted(text)
        if answer is None:
            raise LinkFailed("paste")
        key = _state_key(answer.state)
        with guarded():
            step = await OAuthState.take_pasted(key, user_id, owner=owner)
        if step is None:
            raise LinkFailed(await self._why_not(key))
        grant = await self._exchanged(step, answer)
        step.authorised_at = self._clock()
        return step, grant, await self._profile(grant)

    async def _profile(self, grant: Grant) -> Profile:
        token = AccessToken(secret=grant.access, scopes=frozenset(grant.scope.split()), expires_at=grant.expires_at)
        if self._profiles is None:
            raise LinkingOff("app")
        try:
            return await self._profiles.me(token)
        except SpotifyRefused as refused:
            # An application in development mode knows five users, and answers so for everybody else.
            if refused.status == 403:
                raise LinkFailed("guest") from refused
            raise

    async def _bind(self, who: Member, step: OAuthState, grant: Grant, profile: Profile) -> Linked:
        """From here on the account is the member's, or everyone's."""
        if step.owner:
            return await self._keep_owner(step, grant, profile)
        authorised_at = step.authorised_at or self._clock()
        await self._forget_another(who, profile)
        with guarded():
            await take_account(who.id, profile, frozenset((grant.scope or step.scope).split()))
        try:
            await self._tokens.keep(who.id, grant, account_id=profile.account_id, authorised_at=authorised_at)
        except BaseException:
            with guarded():
                await User.unlink(who.id)
            raise
        if await is_erased(who):
            await self._tokens.erase(who.id)
            raise BeingErased
        _log.info("a member has linked a Spotify account")
        return Linked(account=profile.display_name or profile.user_id, ends_at=ends_at(authorised_at))

    async def _forget_another(self, who: Member, profile: Profile) -> None:
        """Songs of another account that the member had linked before are not those of this one."""
        with guarded():
            user = await User.raw(who.id, "spotifyUserId") or {}
        before = str(user.get("spotifyUserId") or "discord:")
        if not before.startswith("discord:") and before != profile.account_id:
            await forget_spotify(who.id)

    async def _keep_owner(self, step: OAuthState, grant: Grant, profile: Profile) -> Linked:
        authorised_at = step.authorised_at or self._clock()
        await self._tokens.keep(OWNER_ID, grant, account_id=profile.account_id, authorised_at=authorised_at)
        _log.info("the Spotify account that publishes for everyone is set up")
        return Linked(account=profile.display_name or profile.user_id, ends_at=ends_at(authorised_at), owner=True)


def _scopes(who: Member, *, owner: bool) -> tuple[str, ...]:
    if owner:
        return OWNER_SCOPES
    return (*MEMBER_SCOPES, LISTENING_SCOPE) if who.preferences.listening else MEMBER_SCOPES


def _state_key(state: str) -> str:
    return f"state:{hashed('state', state)}"


def _grant_key(user_id: Key, *, owner: bool) -> str:
    return f"grant:{user_id}:{'owner' if owner else 'own'}"


def _granted(vault: Vault, step: OAuthState) -> Grant:
    if step.access_token is None or step.refresh_token is None or step.token_expires_at is None:
        raise AssertionError("a grant that waits holds its tokens")
    return Grant(
        access=vault.open(step.access_token, *_bound(step, "accessToken")),
        refresh=vault.open(step.refresh_token, *_bound(step, "refreshToken")),
        expires_at=step.token_expires_at,
        scope=step.scope,
    )


def _bound(step: OAuthState, name: str) -> tuple[str, ...]:
    """What the ciphertexts of a link are bound to: the member, the purpose, the step and the field."""
    return str(step.member), PROVIDER, f"{step.kind} {'owner' if step.owner else 'own'}", name
