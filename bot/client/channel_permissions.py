"""What the bot may do in a channel, as Discord tells it. Every card, door and schedule asks here."""

from __future__ import annotations

from typing import Any

import discord

from bot.client.cards.playlist import Abilities


def permissions_in(channel: Any, guild: discord.Guild | None) -> discord.Permissions:
    """The bot's permissions in a channel or thread of `guild`; all of them in a direct message (None)."""
    if guild is None:
        return discord.Permissions.all()
    try:
        permissions: discord.Permissions = channel.permissions_for(guild.me)
    except discord.ClientException:
        # A thread whose channel is not known yet: Discord itself refuses what is not allowed.
        return discord.Permissions.all()
    return permissions


def abilities_in(channel: Any, guild: discord.Guild | None) -> Abilities:
    """What a card may have in that channel."""
    return _abilities(permissions_in(channel, guild))


def abilities_of(interaction: discord.Interaction[Any]) -> Abilities:
    """What a card may have where the interaction is, as Discord says with this very interaction."""
    return Abilities() if interaction.guild_id is None else _abilities(interaction.app_permissions)


def lacking_to_write(channel: Any, guild: discord.Guild | None) -> str | None:
    """The permission without which the bot cannot write in that channel, as Discord names it; None when it can."""
    may = permissions_in(channel, guild)
    writing = "send_messages_in_threads" if isinstance(channel, discord.Thread) else "send_messages"
    return next((name for name in ("view_channel", writing) if not getattr(may, name)), None)


def _abilities(may: discord.Permissions) -> Abilities:
    # A reaction needs all three: Discord answers 50001 to a bot that may add reactions in a channel it cannot see.
    return Abilities(
        files=may.attach_files,
        links=may.embed_links,
        reactions=may.add_reactions and may.read_message_history and may.view_channel,
    )
