"""`/again` and `/history`: a member's own playlists."""

from __future__ import annotations

from discord import app_commands
from discord.app_commands import locale_str
from discord.ext import commands

from bot.client.cards.past import history_card
from bot.client.components.history import run_again
from bot.client.context import Interaction, VibratoClient
from bot.client.error_handling import error_boundary
from bot.client.interaction_response import requester_of
from bot.client.texts.messages import ENGLISH


class HistoryCog(commands.Cog):
    """The doors back to what was made before."""

    def __init__(self, bot: VibratoClient) -> None:
        self._history = bot.services.history

    @app_commands.command(name=locale_str(ENGLISH.AGAIN_NAME), description=locale_str(ENGLISH.AGAIN_DESCRIPTION))
    @app_commands.describe(only_me=locale_str(ENGLISH.AGAIN_ONLY_ME))
    @app_commands.allowed_installs(guilds=True, users=False)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=False)
    async def again(self, interaction: Interaction, only_me: bool | None = None) -> None:
        """The last playlist here once more; unless told, for those who saw it the first time."""
        async with error_boundary(interaction) as answer:
            last = await self._history.latest(requester_of(interaction))
            private = last.only_me if only_me is None else only_me
            await run_again(interaction, answer, last.playlist_id, only_me=private)

    @app_commands.command(name=locale_str(ENGLISH.HISTORY_NAME), description=locale_str(ENGLISH.HISTORY_DESCRIPTION))
    @app_commands.allowed_installs(guilds=True, users=False)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=False)
    async def history(self, interaction: Interaction) -> None:
        """Show the newest ones, to nobody else."""
        async with error_boundary(interaction) as answer:
            await answer.think(private=True)
            await answer.edit(history_card(await self._history.page(requester_of(interaction)), say=answer.say))
