"""The doctor asks Discord, where something is broken."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import discord
import pytest
from pydantic import SecretStr

from bot.client.bot import INTENTS, PERMISSIONS
from bot.doctor import application
from tests.doctor.conftest import FakeDiscord

Examine = Callable[..., Any]


async def test_a_bot_in_order_is_told_so(
    examine: Examine, fake_discord: FakeDiscord, token: SecretStr, database: Any
) -> None:
    found = await examine(discord_token=token)
    for name in ("token", "discord", "intents", "interactions", "permissions", "commands"):
        assert found[name].state == "ok", found[name]


async def test_a_missing_token(examine: Examine, fake_discord: FakeDiscord, database: Any) -> None:
    found = await examine(discord_token=None)
    assert found["token"].state == "broken"
    assert "https://discord.com/developers" in found["token"].fix
    assert fake_discord.asked == []


@pytest.mark.parametrize(
    "wrong",
    [
        "0123456789abcdef0123456789abcdef",  # a client secret
        "123456789012345678",  # the id of the application
        "Bot MTIzNDU2Nzg5MDEyMzQ1Njc4.GhIjKl." + "m" * 38,
        "bm90LWEtbnVtYmVyLWF0LWFsbA.GhIjKl." + "m" * 38,
        "MTIzNDU2Nzg5MDEyMzQ1Njc4.GhIjKl.short",
    ],
)
async def test_a_token_of_the_wrong_form_is_not_sent_anywhere(
    examine: Examine, fake_discord: FakeDiscord, database: Any, wrong: str
) -> None:
    found = await examine(discord_token=SecretStr(wrong))
    assert found["token"].state == "broken"
    assert "Reset Token" in found["token"].fix
    assert wrong not in str(found)
    assert fake_discord.asked == []


async def test_a_token_that_discord_refuses(
    examine: Examine, fake_discord: FakeDiscord, token: SecretStr, database: Any
) -> None:
    fake_discord.known = False
    found = (await examine(discord_token=token))["discord"]
    assert (found.state, found.down) == ("broken", False)
    assert "Reset Token" in found.fix


@pytest.mark.parametrize("status", [429, 500, 503])
async def test_a_discord_that_has_trouble(
    examine: Examine, fake_discord: FakeDiscord, token: SecretStr, database: Any, status: int
) -> None:
    fake_discord.status = status
    found = (await examine(discord_token=token))["discord"]
    assert (found.state, found.down) == ("broken", True)


async def test_a_discord_that_cannot_be_reached(
    examine: Examine, monkeypatch: pytest.MonkeyPatch, token: SecretStr, database: Any
) -> None:
    monkeypatch.setattr(discord.http.Route, "BASE", "http://127.0.0.1:9/api")
    found = (await examine(discord_token=token))["discord"]
    assert (found.state, found.down) == ("broken", True)
    assert "discordstatus.com" in found.fix


async def test_intents_that_the_application_may_not_have(fake_discord: FakeDiscord, token: SecretStr) -> None:
    greedy = discord.Intents(**dict(INTENTS) | {"members": True, "message_content": True})
    found = {finding.name: finding for finding in await application.ask_discord(token.get_secret_value(), greedy)}
    assert found["intents"].state == "broken"
    assert "members, message_content" in found["intents"].found
    assert "Privileged Gateway Intents" in found["intents"].fix
    fake_discord.application["flags"] = (1 << 15) | (1 << 18)
    found = {finding.name: finding for finding in await application.ask_discord(token.get_secret_value(), greedy)}
    assert found["intents"].state == "ok"


def test_what_we_listen_to_needs_no_privilege() -> None:
    assert application.check_intents(0).state == "ok"


async def test_permissions_that_a_server_does_not_give(
    examine: Examine, fake_discord: FakeDiscord, token: SecretStr, database: Any
) -> None:
    poor = PERMISSIONS.value & ~discord.Permissions(attach_files=True).value
    administrator = discord.Permissions(administrator=True).value
    fake_discord.servers += [
        {"id": "5", "name": "Poor", "permissions": str(poor)},
        {"id": "6", "name": "Rich", "permissions": str(administrator)},
    ]
    found = (await examine(discord_token=token))["permissions"]
    assert found.state == "warn"
    assert "missing on 1 of 3 servers (Poor: attach_files)" in found.found
    assert f"permissions={PERMISSIONS.value}" in found.fix


async def test_a_bot_that_is_on_no_server(
    examine: Examine, fake_discord: FakeDiscord, token: SecretStr, database: Any
) -> None:
    fake_discord.servers = []
    found = (await examine(discord_token=token))["permissions"]
    assert found.state == "warn"
    assert "client_id=2" in found.fix


async def test_commands_that_were_never_registered(
    examine: Examine, fake_discord: FakeDiscord, token: SecretStr, database: Any
) -> None:
    fake_discord.commands = []
    found = (await examine(discord_token=token))["commands"]
    assert (found.state, "bot sync" in found.fix) == ("warn", True)


async def test_commands_that_discord_sends_elsewhere(
    examine: Examine, fake_discord: FakeDiscord, token: SecretStr, database: Any
) -> None:
    fake_discord.application["interactions_endpoint_url"] = "https://example.com/interactions"
    found = (await examine(discord_token=token))["interactions"]
    assert (found.state, "Interactions Endpoint URL" in found.fix) == ("broken", True)
