"""The simulated Discord of the demo: one server, its members, and the real bot in it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import discord
import simcord
from discord.ext import commands
from simcord.backend.cdn import CDN_BASE

from bot.client.bot import PERMISSIONS
from bot.client.cards.custom_ids import playlist_ids
from bot.client.cards.layout import Card, button, row, text
from bot.pictures.avatar import bot_avatar, member_avatar

SERVER, CHANNEL, VOICE = "Vibrato demo", "music", "lounge"
MEMBERS = ("Ada", "Bo", "Chi")
MODERATOR = "Mo, moderator"
OWNER = "Olu, owner"
"""Who owns the server, and the bot's application."""

TOGETHER = MEMBERS[:2]
"""Those who sit in the voice channel, so that a set for everyone here has somebody to be for."""

PATIENCE_S = 60.0
"""How long an action on the page may take before it is given up; a slow machine needs more than the usual 5 s."""

_TOPIC = "Type /vibe and say how the music should feel. Then press, react, and look at it as somebody else."
_TRIES = ("rainy sunday, soft piano, no vocals", "gym, 150 bpm, no rap", "80s road trip that builds up")
_TICK_S = 0.5
_AVATAR = "face"


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """A running world: simcord's environment, the channel that the page shows, and who can look at it."""

    env: Any
    channel: Any
    viewers: tuple[Any, ...]


@asynccontextmanager
async def open_world(bot: discord.Client, *, start: datetime) -> AsyncIterator[World]:
    """Put the bot on a new server whose clock begins at `start` and then keeps time; the bot leaves at the end.

    The members are made first of all, so that their Discord ids are the same in every run: what they like is stored
    under these ids. Everything made later, messages and presses among it, has ids of its own time.
    """
    env = simcord.Env(bot, check_errors=False, settle_timeout=PATIENCE_S)
    env.backend.edit_bot_profile("Vibrato")
    env.backend.bot_user.avatar = _AVATAR
    users = {
        name: env.create_user(name.split(",")[0].lower(), global_name=name, avatar=_AVATAR)
        for name in (*MEMBERS, MODERATOR)
    }
    owner = env.create_user("owner", global_name=OWNER, avatar=_AVATAR)
    env.backend.advance_clock(max(0.0, (start - env.now()).total_seconds()))
    guild = env.create_guild(SERVER, owner=owner)
    role = guild.create_role("Moderator", permissions=discord.Permissions(manage_guild=True))
    viewers = tuple(guild.add_member(user, roles=[role] if name == MODERATOR else []) for name, user in users.items())
    channel, voice = _channel(env, guild), guild.create_voice_channel(VOICE)
    if isinstance(bot, commands.Bot):
        bot.owner_id = owner.id
    await env.start()
    for viewer in viewers[: len(TOGETHER)]:
        await viewer.join_voice(voice)
    keeping_time = asyncio.create_task(_keep_time(env))
    try:
        await _greet(env, bot, channel.id)
        yield World(env=env, channel=channel, viewers=(*viewers, guild.add_member(owner)))
    finally:
        keeping_time.cancel()
        with suppress(asyncio.CancelledError):
            await keeping_time
        await env.shutdown()


def faces(world: World) -> dict[str, tuple[str, bytes]]:
    """The pictures of the bot and the members by the addresses at which Discord has them, each with a file name."""
    pictures = {world.env.backend.bot_user.id: bot_avatar()}
    pictures |= {who.id: member_avatar(who.user.global_name, number) for number, who in enumerate(world.viewers)}
    return {f"{CDN_BASE}/avatars/{who}/{_AVATAR}.png": (f"{who}.png", face) for who, face in pictures.items()}


def _channel(env: Any, guild: Any) -> Any:
    """#music, where the bot may do what the invite link asks for and nothing else."""
    role = guild.roles[env.backend.bot_user.name]
    env.backend.edit_role(guild.id, role.id, {"permissions": PERMISSIONS.value})
    overwrite = discord.PermissionOverwrite.from_pair(PERMISSIONS, ~PERMISSIONS)
    return guild.create_text_channel(CHANNEL, topic=_TOPIC, overwrites={role: overwrite})


async def _keep_time(env: Any) -> None:
    while True:
        await asyncio.sleep(_TICK_S)
        catch_up(env, datetime.now(UTC))


def catch_up(env: Any, now: datetime) -> None:
    """Let the world's clock go with ours. It would stand still, and whatever waits by it in a thread with it."""
    behind = (now - env.now()).total_seconds()
    if behind > 0:
        env.backend.advance_clock(behind)


async def _greet(env: Any, bot: discord.Client, channel_id: int) -> None:
    """Register the commands, which this new Discord has never seen, and post what to do, with requests to press."""
    words = text(
        "## Hi, I am Vibrato",
        "Type `/vibe` and say how the music should feel, or `/moods`; or press one of these.",
        "-# Press what stands under a playlist, react to it, and look at it as somebody else: *Viewing as*, above.",
    )
    tries = row(*(button(request, playlist_ids.try_text(request, "all")) for request in _TRIES))
    with env.time_context():
        if isinstance(bot, commands.Bot):
            await bot.tree.sync()
        channel = bot.get_channel(channel_id)
        if isinstance(channel, discord.TextChannel):
            await channel.send(view=Card(words, tries))
    await env.settle()
