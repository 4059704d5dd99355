"""`/moods`: the moods of a server, each playable with one press."""

from __future__ import annotations

import discord
from discord import app_commands
from discord.app_commands import locale_str
from discord.ext import commands

from bot.client.answers import asker_of
from bot.client.bot import VibratoBot
from bot.client.cards.moods import moods_card
from bot.client.failures import door
from bot.client.text import ENGLISH


class MoodsCog(commands.Cog):
    """The door for those who have no words."""

    def __init__(self, bot: VibratoBot) -> None:
        self._moods = bot.moods

    @app_commands.command(name=locale_str(ENGLISH.MOODS_NAME), description=locale_str(ENGLISH.MOODS_DESCRIPTION))
    @app_commands.describe(only_me=locale_str(ENGLISH.MOODS_ONLY_ME))
    @app_commands.allowed_installs(guilds=True, users=False)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=False)
    async def moods(self, interaction: discord.Interaction[VibratoBot], only_me: bool = False) -> None:
        """Show the moods; what a press on a private card plays is private too."""
        async with door(interaction) as answer:
            await answer.think(private=only_me)
            await answer.edit(moods_card(await self._moods.all(asker_of(interaction).guild_id), say=answer.say))
