"""`/models`: the learned weights, for the owner of the application alone."""

from __future__ import annotations

from discord import app_commands
from discord.app_commands import locale_str
from discord.ext import commands

from bot.client.cards.models import models_card
from bot.client.context import Interaction, VibratoClient
from bot.client.error_handling import error_boundary
from bot.client.texts.messages import ENGLISH
from bot.errors import NotOwner, VibratoError
from bot.services.training.model_registry import ModelService

_CHOICES = 25
_LABEL = 100


@app_commands.default_permissions(administrator=True)
@app_commands.allowed_installs(guilds=True, users=False)
@app_commands.allowed_contexts(guilds=True, dms=True, private_channels=False)
class ModelsCog(
    commands.GroupCog,
    group_name=locale_str(ENGLISH.MODELS_NAME),
    group_description=locale_str(ENGLISH.MODELS_DESCRIPTION),
):
    """The door to the registry. Discord only hides the group from members; who owns the application is asked here."""

    def __init__(self, bot: VibratoClient, *, models: ModelService) -> None:
        self._bot = bot
        self._models = models

    @app_commands.command(name=locale_str(ENGLISH.MODELS_LIST_NAME), description=locale_str(ENGLISH.MODELS_LIST))
    async def show(self, interaction: Interaction) -> None:
        """Show the versions."""
        async with error_boundary(interaction) as answer:
            await answer.think(private=True)
            await self._admit(interaction)
            await answer.edit(models_card(await self._models.ranker(), say=answer.say))

    @app_commands.command(
        name=locale_str(ENGLISH.MODELS_ACTIVATE_NAME), description=locale_str(ENGLISH.MODELS_ACTIVATE)
    )
    @app_commands.describe(version=locale_str(ENGLISH.MODELS_VERSION))
    async def activate(self, interaction: Interaction, version: str) -> None:
        """Use a version from now on."""
        async with error_boundary(interaction) as answer:
            await answer.think(private=True)
            await self._admit(interaction)
            used = await self._models.activate(version)
            said = answer.say.model_activated(used.version)
            await answer.edit(models_card(await self._models.ranker(), said=said, say=answer.say))

    @activate.autocomplete("version")
    async def versions(self, interaction: Interaction, current: str) -> list[app_commands.Choice[str]]:
        """The versions, for the owner; nobody else learns of any."""
        try:
            await self._admit(interaction)
            models = await self._models.ranker()
        except VibratoError:
            return []
        found = [model.version for model in models if current.casefold() in model.version.casefold()]
        return [app_commands.Choice(name=version[:_LABEL], value=version) for version in found[:_CHOICES]]

    @app_commands.command(
        name=locale_str(ENGLISH.MODELS_ROLLBACK_NAME), description=locale_str(ENGLISH.MODELS_ROLLBACK)
    )
    async def rollback(self, interaction: Interaction) -> None:
        """Go back."""
        async with error_boundary(interaction) as answer:
            await answer.think(private=True)
            await self._admit(interaction)
            said = answer.say.model_rolled_back(*await self._models.rollback())
            await answer.edit(models_card(await self._models.ranker(), said=said, say=answer.say))

    async def _admit(self, interaction: Interaction) -> None:
        """Raises NotOwner."""
        if not await self._bot.is_owner(interaction.user):
            raise NotOwner
