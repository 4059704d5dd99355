"""The doctor on Spotify: a missing key, a bad address, a key that was taken away too soon."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from beanie import PydanticObjectId
from pydantic import SecretStr

from bot.doctor import spotify
from bot.documents import AuthToken
from bot.services.accounts.token_encryption import Vault, new_key
from bot.settings import Settings

Examine = Callable[..., Any]
KEY = new_key()
APP = {"spotify_client_id": "abcdef0123456789"}
READY = {**APP, "token_keys": KEY}


def settings(**given: Any) -> Settings:
    return Settings.read(_env_file=None, **given)


@pytest.mark.parametrize(
    ("given", "state", "found", "fix"),
    [
        ({}, "ok", "not set up", ""),
        (APP, "warn", "nobody can link", "spotify new-key"),
        ({**APP, "token_keys": "k:abc"}, "broken", "has 2 bytes, not 32", "new-key"),
        (READY, "ok", "http://127.0.0.1:9465/spotify/callback", ""),
        ({**READY, "public_url": "http://localhost:80"}, "broken", "no localhost", "127"),
        ({"public_url": "http://vibrato.example.org"}, "broken", "HTTPS alone", "https://"),
        ({"public_url": "https://a:b@c/?x"}, "broken", "nothing more", "https://"),
        ({**READY, "public_url": "https://v.example.org/"}, "broken", "WEB_PORT", "Set"),
        (
            {**READY, "public_url": "https://v.example.org/", "web_port": 9464},
            "ok",
            "https://v.example.org/spotify/callback",
            "",
        ),
    ],
)
def test_what_keeps_accounts_from_being_linked_is_named(
    given: dict[str, Any], state: str, found: str, fix: str
) -> None:
    if "token_keys" in given:
        given = {**given, "token_keys": SecretStr(given["token_keys"])}
    told = spotify.linking(settings(**given))
    assert told.state == state
    assert found in told.found
    assert fix in told.fix
    assert KEY.partition(":")[2] not in told.found + told.fix


async def test_a_key_that_went_too_soon_is_named_and_no_token_is(examine: Examine, database: Any) -> None:
    old, key = new_key(), new_key()
    for number, written in enumerate((old, key)):
        vault = Vault.of_setting(written)
        sealed = {"access_token": vault.seal("a", "x"), "refresh_token": vault.seal("r", "x")}
        await AuthToken(user_id=PydanticObjectId(f"{number:024x}"), **sealed).insert()
    await AuthToken(user_id=PydanticObjectId(), access_token="plain-secret", refresh_token="plain-secret").insert()
    old_id = old.partition(":")[0]
    found = (await examine(token_keys=SecretStr(key)))["token keys"]
    assert (found.state, old_id in found.found, "plain-secret" in found.found) == ("broken", True, False)
    found = (await examine(token_keys=SecretStr(f"{key},{old}")))["token keys"]
    assert found.state == "ok"
    assert "1 old" in found.found
    await AuthToken.get_motor_collection().delete_many({})
    assert (await examine())["token keys"].found == "no account is linked"
