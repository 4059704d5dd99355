"""What is offered while somebody types a mood's name."""

from __future__ import annotations

from discord import app_commands

from bot.client.cards.layout import OPTION_TEXT, OPTIONS
from bot.client.context import Interaction
from bot.client.interaction_response import may_manage
from bot.client.markdown import plain
from bot.errors import VibratoError


async def mood_choices(interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
    """The moods of this server that fit what was typed; nothing while the database is away."""
    return await _choices(interaction, typed, hidden=False)


async def managed_mood_choices(interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
    """The same with the hidden ones, for moderators alone."""
    return await _choices(interaction, typed, hidden=True) if may_manage(interaction) else []


async def _choices(interaction: Interaction, typed: str, *, hidden: bool) -> list[app_commands.Choice[str]]:
    guild_id = None if interaction.guild_id is None else str(interaction.guild_id)
    try:
        moods = await interaction.client.services.moods.like(guild_id, typed, hidden=hidden)
    except VibratoError:
        return []
    return [
        app_commands.Choice(name=plain(f"{mood.icon} {mood.label}", OPTION_TEXT) or "?", value=mood.key[:OPTION_TEXT])
        for mood in moods[:OPTIONS]
    ]
