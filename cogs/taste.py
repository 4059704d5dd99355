"""`/taste`: what was learned of a member, for their eyes only."""

from __future__ import annotations

from discord import app_commands
from discord.app_commands import locale_str
from discord.ext import commands

from bot.client.components.taste import show_taste
from bot.client.context import Interaction, VibratoClient
from bot.client.error_handling import error_boundary
from bot.client.texts.messages import ENGLISH


class TasteCog(commands.Cog):
    """The door to one's own taste."""

    def __init__(self, bot: VibratoClient) -> None:
        self._bot = bot

    @app_commands.command(name=locale_str(ENGLISH.TASTE_NAME), description=locale_str(ENGLISH.TASTE_DESCRIPTION))
    @app_commands.allowed_installs(guilds=True, users=False)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=False)
    async def taste(self, interaction: Interaction) -> None:
        """Show it, to nobody else."""
        async with error_boundary(interaction) as answer:
            await answer.think(private=True)
            await show_taste(interaction, answer)
