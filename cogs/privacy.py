"""`/privacy`: what is kept about a member, and what they may do about it; and servers that come and go."""

from __future__ import annotations

import logging

import discord
from discord import app_commands
from discord.app_commands import locale_str
from discord.ext import commands

from bot.client.cards.privacy import privacy_card
from bot.client.context import Interaction, VibratoClient
from bot.client.error_handling import error_boundary
from bot.client.interaction_response import requester_of
from bot.client.texts.messages import ENGLISH
from bot.errors import VibratoError

_log = logging.getLogger(__name__)


class PrivacyCog(commands.Cog):
    """The door to one's own data. Also notes which servers the bot is on: what it leaves is forgotten in time."""

    def __init__(self, bot: VibratoClient) -> None:
        self._bot = bot
        self._privacy = bot.services.privacy

    @app_commands.command(name=locale_str(ENGLISH.PRIVACY_NAME), description=locale_str(ENGLISH.PRIVACY_DESCRIPTION))
    @app_commands.allowed_installs(guilds=True, users=False)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=False)
    async def privacy(self, interaction: Interaction) -> None:
        """Show it, to nobody else."""
        async with error_boundary(interaction) as answer:
            await answer.think(private=True)
            await answer.edit(privacy_card(await self._privacy.kept(requester_of(interaction)), say=answer.say))

    @commands.Cog.listener()
    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """The bot was removed, or the server deleted."""
        try:
            await self._privacy.note_left(str(guild.id))
        except VibratoError as error:
            _log.error("server %s was left, and that could not be noted until the next start: %r", guild.id, error)

    @commands.Cog.listener()
    async def on_guild_join(self, guild: discord.Guild) -> None:
        """The bot was let in, perhaps again."""
        try:
            await self._privacy.note_joined(str(guild.id))
        except VibratoError as error:
            _log.error("server %s was joined, and that could not be noted until the next start: %r", guild.id, error)

    @commands.Cog.listener()
    async def on_ready(self) -> None:
        """Note what changed while the bot was away. With shards each sees only some servers, so none is missed here."""
        if (self._bot.shard_count or 1) > 1:
            return
        try:
            await self._privacy.note_guilds(str(guild.id) for guild in self._bot.guilds)
        except VibratoError as error:
            _log.error("which servers were left could not be noted until the next start: %r", error)
