"""`/settings`: how the bot behaves on a server, for its moderators."""

from __future__ import annotations

from discord import app_commands
from discord.app_commands import locale_str
from discord.ext import commands

from bot.client.components.settings import show_settings
from bot.client.context import Interaction, VibratoClient
from bot.client.error_handling import error_boundary
from bot.client.texts.messages import ENGLISH


class SettingsCog(commands.Cog):
    """The door to the settings."""

    def __init__(self, bot: VibratoClient) -> None:
        self._settings = bot.services.settings

    @app_commands.command(name=locale_str(ENGLISH.SETTINGS_NAME), description=locale_str(ENGLISH.SETTINGS_DESCRIPTION))
    @app_commands.allowed_installs(guilds=True, users=False)
    @app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False)
    @app_commands.default_permissions(manage_guild=True)
    async def settings(self, interaction: Interaction) -> None:
        """Show them, to the moderator alone."""
        async with error_boundary(interaction) as answer:
            guild_id = await answer.manage()
            await show_settings(answer, await self._settings.of(guild_id))
