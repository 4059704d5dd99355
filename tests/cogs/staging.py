"""A simulated server with the real bot in it, and its cards as members see them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import discord
import simcord
from simcord.components import walk_components

from bot.client.bot import PERMISSIONS, VibratoBot
from tests.remembering import demo_songs

RECORDS = demo_songs()[:600]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """A running simulation. `channel` is where the bot may do everything that it asks for."""

    env: simcord.Env
    bot: VibratoBot
    guild: Any
    channel: Any
    ada: Any
    bo: Any

    async def vibe(self, text: str = "calm rainy sunday, soft piano", **options: Any) -> Any:
        """Ada asks in the channel."""
        return await self.ada.slash(self.channel, "vibe", text=text, **options)

    def closed_channel(self, name: str, **denied: bool) -> Any:
        """A channel in which the bot may not do some things."""
        role = self.guild.roles[self.env.backend.bot_user.name]
        return self.guild.create_text_channel(name, overwrites={role: discord.PermissionOverwrite(**denied)})


@dataclass(slots=True)
class Card:
    """A message as a member sees it."""

    components: list[dict[str, Any]]
    parts: list[dict[str, Any]] = field(init=False)

    def __post_init__(self) -> None:
        self.parts = list(walk_components(self.components))

    @property
    def text(self) -> str:
        """All its text."""
        return "\n".join(part["content"] for part in self.parts if part["type"] == 10)

    @property
    def labels(self) -> list[str]:
        """Its buttons."""
        return [part["label"] for part in self.parts if part["type"] == 2]

    @property
    def playlist_id(self) -> str:
        """The playlist its buttons carry."""
        return next(part["custom_id"].split(":")[2] for part in self.parts if part.get("label") == "Again")

    def id_of(self, label: str) -> str:
        """The custom_id of a button."""
        return next(part["custom_id"] for part in self.parts if part.get("label") == label)

    @property
    def menu(self) -> dict[str, Any]:
        """Its menu."""
        return next(part for part in self.parts if part["type"] == 3)

    @property
    def pictures(self) -> list[dict[str, Any]]:
        """Its pictures."""
        return [item for part in self.parts if part["type"] == 12 for item in part["items"]]


async def open_stage(bot: VibratoBot, **options: Any) -> AsyncIterator[Stage]:
    # Five seconds, simcord's own patience, are short on a busy machine; only a bot that never rests reaches a minute.
    env = simcord.Env(bot, **{"settle_timeout": 60.0, **options})
    await env.start()
    try:
        with env.time_context():
            await bot.tree.sync()
        guild = env.create_guild("The Server")
        role = guild.roles[env.backend.bot_user.name]
        env.backend.edit_role(guild.id, role.id, {"permissions": PERMISSIONS.value})
        members = {name: guild.add_member(env.create_user(name.lower(), global_name=name)) for name in ("Ada", "Bo")}
        channel = guild.create_text_channel("music")
        yield Stage(env=env, bot=bot, guild=guild, channel=channel, ada=members["Ada"], bo=members["Bo"])
    finally:
        await env.shutdown()
    # What the bot raised and no test looked at.
    env._raise_errors_since(env._errors_acknowledged)


@asynccontextmanager
async def keeping_time(env: simcord.Env) -> AsyncIterator[None]:
    """Let the simulation's clock go, which else stands still, and with it what waits for a database that is down."""

    async def keep() -> None:
        while True:
            await asyncio.sleep(0.05)
            env.backend.advance_clock(0.2)

    task = asyncio.create_task(keep())
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
