"""Tokens at rest and on the move: sealed, rotated, refreshed by one alone, erased when they are dead."""

from __future__ import annotations

import asyncio
import json
import logging
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.client.texts.facts.sentences import told
from bot.documents import AuthToken, User
from bot.errors import LinkExpired, Sealed, SpotifyRefused, SpotifyUnreachable, UnusableSetting
from bot.services.accounts.token_encryption import Vault, new_key
from bot.services.accounts.token_store import OWNER_ID, TokenStore
from bot.spotify.oauth import Application, Grant, SpotifyAccounts
from tests.loopback.accounts import AccountsServer, Asked, running_accounts

OLD, NEW = new_key(), new_key()


def now() -> datetime:
    return datetime.now(UTC)


def store_for(server: AccountsServer, keys: str = OLD, *, timeout_s: float = 5.0) -> TokenStore:
    application = Application(client_id=server.client_id, secret=server.secret)
    accounts = SpotifyAccounts(application, clock=now, base=server.base, timeout_s=timeout_s)
    return TokenStore(vault=Vault.of_setting(keys), accounts=accounts, clock=now)


async def linked(server: AccountsServer, store: TokenStore, *, left_s: float = -1.0) -> str:
    """Ada with an account whose access token is good for `left_s` seconds."""
    user = await User.of_discord("1", "Ada")
    server.refreshes["CANARY-refresh-0"] = Asked(account_id="a", redirect_uri="", scope="x y", challenge="")
    server.issued += ["CANARY-refresh-0", "CANARY-access-0"]
    grant = Grant(
        access="CANARY-access-0", refresh="CANARY-refresh-0", expires_at=now() + timedelta(seconds=left_s), scope="x y"
    )
    await store.keep(user.own_key, grant, account_id="a", authorised_at=now())
    await User.get_motor_collection().update_one(
        {"_id": user.id}, {"$set": {"spotifyUserId": "a", "capabilities.linked": True}}
    )
    return user.own_key


async def raw_token() -> dict[str, Any] | None:
    return await AuthToken.get_motor_collection().find_one({})


def test_a_moved_or_changed_ciphertext_does_not_open() -> None:
    vault = Vault.of_setting(OLD)
    sealed = vault.seal("secret", "ada", "spotify", "refreshToken")
    assert vault.open(sealed, "ada", "spotify", "refreshToken") == "secret"
    assert "secret" not in sealed
    assert sealed != vault.seal("secret", "ada", "spotify", "refreshToken")
    for other in (
        ("bo", "spotify", "refreshToken"),
        ("ada", "spotify", "accessToken"),
        ("adas", "potify", "refreshToken"),
    ):
        with pytest.raises(Sealed):
            vault.open(sealed, *other)
    for broken in (sealed[:-3], sealed[:-8] + "AAAAAAAA", "", "plain token", sealed.replace(":", ""), "k:", "é:é"):
        with pytest.raises(Sealed) as refused:
            vault.open(broken, "ada", "spotify", "refreshToken")
        assert "plain token" not in repr(refused.value)


@pytest.mark.parametrize(
    "written",
    ["", ",", "abc", "k1:", "k1:short", f"k1:{'A' * 43}=,k1:{'A' * 43}=", "k 1:" + "A" * 43, "k1:" + "é" * 43],
)
def test_a_key_that_cannot_be_one_is_told_without_repeating_it(written: str) -> None:
    with pytest.raises(UnusableSetting) as refused:
        Vault.of_setting(written)
    said = told(refused.value.fault)
    assert said.startswith("TOKEN_KEYS: ")
    assert "A" * 20 not in said
    assert "new-key" in said or "of its own" in said


async def test_keys_rotate_while_running_and_a_lost_one_is_told(database: object) -> None:
    async with running_accounts() as server:
        user_id = await linked(server, store_for(server, OLD), left_s=3600)
        both = store_for(server, f"{NEW},{OLD}")
        token = await both.token_of(user_id)
        assert token is not None
        assert token.secret == "CANARY-access-0"
        raw = await raw_token()
        assert raw is not None
        new_id = NEW.partition(":")[0]
        assert raw["accessToken"].startswith(f"{new_id}:")
        assert raw["refreshToken"].startswith(f"{new_id}:")
        assert (await store_for(server, NEW).token_of(user_id)) == token  # the old key may go now
        with pytest.raises(Sealed) as lost:
            await store_for(server, OLD).token_of(user_id)
        assert lost.value.key_id == new_id
        assert await raw_token() is not None  # nothing is erased: the key may come back
        # A ciphertext of one field in the other does not open either.
        await AuthToken.get_motor_collection().update_one({}, {"$set": {"accessToken": raw["refreshToken"]}})
        with pytest.raises(Sealed):
            await both.token_of(user_id)


async def test_many_ask_at_once_and_one_refreshes_also_across_processes(database: object) -> None:
    async with running_accounts() as server:
        server.delay_s = 0.1
        stores = [store_for(server) for _ in range(4)]  # each like a process of its own: they share the database alone
        user_id = await linked(server, stores[0])
        found = await asyncio.gather(*(stores[number % 4].token_of(user_id) for number in range(20)))
        assert server.calls == ["refresh_token"]
        assert len({token.secret for token in found if token}) == 1
        assert found[0] is not None
        assert found[0].scopes == {"x", "y"}
        assert server.access[found[0].secret] == "a"
        raw = await raw_token()
        assert raw is not None
        assert "refreshingBy" not in raw
        # A token that Spotify took back before its time is renewed once, whoever says so.
        again = await asyncio.gather(*(stores[number % 4].renewed(found[0]) for number in range(8)))
        assert server.calls == ["refresh_token"] * 2
        assert len({token.secret for token in again if token}) == 1
        assert again[0] != found[0]
        # The one who asks may go away in the middle: the new refresh token is kept all the same.
        assert again[0] is not None
        asking = asyncio.create_task(stores[0].renewed(again[0]))
        await asyncio.sleep(0.05)
        asking.cancel()
        assert await stores[1].renewed(again[0]) is not None
        assert server.calls == ["refresh_token"] * 3


async def test_a_process_that_died_in_a_refresh_keeps_nobody_out_for_long(
    database: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running_accounts() as server:
        store = store_for(server)
        user_id = await linked(server, store)
        left = {"refreshingBy": "a process that died", "refreshingUntil": now() + timedelta(seconds=0.3)}
        await AuthToken.get_motor_collection().update_one({}, {"$set": left})
        assert await store.token_of(user_id) is not None
        assert server.calls == ["refresh_token"]
        await AuthToken.get_motor_collection().update_one(
            {}, {"$set": {"expiresAt": now(), "refreshingUntil": now() + timedelta(minutes=5)}}
        )
        monkeypatch.setattr("bot.services.accounts.token_store.LEASE_S", 0.1)
        with pytest.raises(SpotifyUnreachable):
            await store.token_of(user_id)


async def test_a_dead_grant_is_erased_and_trouble_is_not_death(database: object) -> None:
    async with running_accounts() as server:
        server.secret = "CANARY-client-secret"
        store = store_for(server, timeout_s=2.0)
        user_id = await linked(server, store)
        for answer, error in (
            ((503, "busy"), SpotifyUnreachable),
            ((200, "<html>rubbish"), SpotifyUnreachable),
            ((200, '{"access_token": 7, "token_type": "Bearer", "expires_in": 3600}'), SpotifyUnreachable),
            ((200, '{"access_token": "x", "token_type": "Bearer", "expires_in": "CANARY-x"}'), SpotifyUnreachable),
            ((400, '{"error": "invalid_client", "error_description": "CANARY-d"}'), SpotifyRefused),
            ((400, '{"error": "CANARY-e"}'), SpotifyRefused),
        ):
            server.answer = answer
            with pytest.raises(error) as trouble:
                await store.token_of(user_id)
            assert "CANARY" not in repr(trouble.value)
        server.answer, server.delay_s = None, 4.0
        with pytest.raises(SpotifyUnreachable):
            await store.token_of(user_id)
        server.delay_s = 0.0
        assert await raw_token() is not None
        server.revoke()
        with pytest.raises(LinkExpired):
            await store.token_of(user_id)
        assert await raw_token() is None
        user = await User.raw(user_id)
        assert user is not None
        assert user["spotifyUserId"] == "discord:1"
        assert user["capabilities"]["linked"] is False
        assert await store.token_of(user_id) is None  # from now on they are not linked
        grant = Grant(access="a", refresh="dead", expires_at=now(), scope="")
        await store.keep(OWNER_ID, grant, account_id="o", authorised_at=now())
        with pytest.raises(LinkExpired) as expired:
            await store.owner_token()
        assert expired.value.owner


async def test_no_token_shows_in_the_database_in_debug_lines_or_in_a_repr(
    database: object, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    async with running_accounts() as server:
        store = store_for(server)
        user_id = await linked(server, store)
        token = await store.token_of(user_id)
        tokens = [canary for canary in server.issued if canary.startswith("CANARY")]
        assert len(tokens) == 4
        kept = json.dumps([raw async for raw in AuthToken.get_motor_collection().find()], default=str)
        shown = kept + repr(token) + caplog.text + repr([record.args for record in caplog.records])
        assert [canary for canary in tokens if canary in shown] == []
