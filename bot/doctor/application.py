"""What the doctor asks Discord: whether it knows the token, and what the application and its bot may do."""

from __future__ import annotations

import base64
import binascii
import re
from typing import Any

import aiohttp
import discord

from bot.client.bot import INTENTS, PERMISSIONS, invite_link
from bot.doctor.findings import Finding, broken, doubtful, fine

PORTAL = "https://discord.com/developers/applications"
PATIENCE_S = 6.0
SERVERS_NAMED = 5

_FORM = re.compile(r"([\w-]{18,})\.[\w-]{6,}\.[\w-]{27,}")
_PRIVILEGED = {
    "presences": (1 << 12) | (1 << 13),
    "members": (1 << 14) | (1 << 15),
    "message_content": (1 << 18) | (1 << 19),
}
"""Privileged intents, and the flags of an application that has them (full, or for small bots)."""


def token_form(token: str | None) -> Finding:
    """Whether there is a token, and whether it looks like one of a bot."""
    if not token:
        fix = f"Make an application at {PORTAL}, copy its bot's token into .env as DISCORD_TOKEN=..."
        return broken("token", "DISCORD_TOKEN is not set", fix)
    found = _FORM.fullmatch(token)
    if found is None or not _is_id(found[1]):
        fix = (
            f"Copy the token anew: {PORTAL} -> your application -> Bot -> Reset Token. It has three parts with points "
            "between them; no quotes, no “Bot ” before it; the client secret and the public key are something else."
        )
        return broken("token", "DISCORD_TOKEN does not look like the token of a bot", fix)
    return fine("token", "looks like one")


def _is_id(part: str) -> bool:
    """Whether the first part of a token is the number of its bot, as it has to be."""
    try:
        return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)).isdigit()
    except (binascii.Error, ValueError):
        return False


async def ask_discord(token: str, intents: discord.Intents = INTENTS) -> tuple[Finding, ...]:
    """What Discord says to this token; one finding when it cannot be reached or refuses the token."""
    timeout = aiohttp.ClientTimeout(total=PATIENCE_S)
    headers = {"Authorization": f"Bot {token}", "User-Agent": "DiscordBot (https://github.com/vibrato, 1.0)"}
    try:
        async with aiohttp.ClientSession(headers=headers, timeout=timeout) as session:
            status, me = await _get(session, "/users/@me")
            if status == 401:
                fix = f"Copy the token anew: {PORTAL} -> your application -> Bot -> Reset Token."
                return (broken("discord", "Discord refuses this token", fix),)
            if status != 200:
                return (_unreachable(f"HTTP {status}"),)
            _, application = await _get(session, "/applications/@me")
            _, servers = await _get(session, "/users/@me/guilds?limit=200")
            _, commands = await _get(session, f"/applications/{application['id']}/commands")
    except (aiohttp.ClientError, TimeoutError, OSError, ValueError, KeyError, TypeError) as error:
        return (_unreachable(f"{type(error).__name__}: {error}"),)
    return (
        fine("discord", f"knows us as {me.get('username', '?')}"),
        check_intents(int(application.get("flags") or 0), intents),
        check_interactions(application.get("interactions_endpoint_url")),
        check_servers(servers, int(application["id"])),
        check_commands(commands),
    )


async def _get(session: aiohttp.ClientSession, path: str) -> tuple[int, Any]:
    async with session.get(discord.http.Route.BASE + path) as answer:
        return answer.status, await answer.json(content_type=None)


def _unreachable(cause: str) -> Finding:
    fix = "See that this machine reaches https://discord.com (proxy, firewall, DNS), and https://discordstatus.com."
    return broken("discord", f"cannot be reached ({cause})", fix, down=True)


def check_intents(flags: int, intents: discord.Intents = INTENTS) -> Finding:
    """Whether the application may have what we listen to; `flags` are its own, as Discord gives them."""
    lacking = [name for name, mask in _PRIVILEGED.items() if getattr(intents, name) and not flags & mask]
    if lacking:
        fix = f"Switch them on: {PORTAL} -> your application -> Bot -> Privileged Gateway Intents."
        return broken("intents", f"{', '.join(lacking)} are needed and not allowed", fix)
    return fine("intents", f"{intents.value}, all allowed")


def check_interactions(endpoint: str | None) -> Finding:
    """Whether commands come to the bot: with an endpoint set, Discord sends them there instead."""
    if endpoint:
        fix = f"Empty it: {PORTAL} -> your application -> General Information -> Interactions Endpoint URL."
        return broken("interactions", "Discord sends commands to an endpoint, and not to the bot", fix)
    return fine("interactions", "come to the bot")


def check_servers(servers: Any, application_id: int) -> Finding:
    """Whether the bot is on a server, and has on each what a full card needs."""
    link = invite_link(application_id)
    if not isinstance(servers, list) or not servers:
        return doubtful("permissions", "the bot is on no server yet", f"Invite it: {link}")
    lacking = {str(server.get("name", "?")): _lacking(int(server.get("permissions") or 0)) for server in servers}
    poor = {name: missing for name, missing in lacking.items() if missing}
    if poor:
        shown = "; ".join(f"{name[:40]}: {', '.join(missing)}" for name, missing in list(poor.items())[:SERVERS_NAMED])
        fix = f"Give them to the bot's role there, or invite it again: {link}"
        return doubtful("permissions", f"missing on {len(poor)} of {len(servers)} servers ({shown})", fix)
    return fine("permissions", f"all there on {len(servers)} server{'' if len(servers) == 1 else 's'}")


def _lacking(value: int) -> list[str]:
    has = discord.Permissions(value)
    return [] if has.administrator else [name for name, wanted in PERMISSIONS if wanted and not getattr(has, name)]


def check_commands(commands: Any) -> Finding:
    """Whether the slash commands are registered."""
    if not isinstance(commands, list) or not commands:
        return doubtful("commands", "none are registered", "Start the bot once, or: python -m bot sync")
    return fine("commands", f"{len(commands)} registered")
