"""Posts a playlist after what an interaction was answered with already."""

from __future__ import annotations

import io
import logging

import discord

from bot.client.cards.picture import PICTURE
from bot.client.interaction_response import InteractionReply, abilities_of
from bot.client.publishing.interaction_publisher import add_reactions, card_forms, picture_of
from bot.errors import DiscordRefused
from bot.services.values import PlaylistView, Posted, ReactionRules, Stage

_log = logging.getLogger(__name__)


class FollowupPublisher:
    """A `bot.services.values.Publisher` without a working card: something stands there already."""

    def __init__(self, answer: InteractionReply) -> None:
        self._answer = answer
        self._posted: Posted | None = None

    async def progress(self, stage: Stage) -> None:
        """Something stands there already."""

    async def publish(self, playlist: PlaylistView) -> Posted:
        """Post it in the fullest form that Discord takes. Raises DiscordRefused."""
        interaction = self._answer.interaction
        abilities = abilities_of(interaction)
        picture = await picture_of(playlist) if abilities.files else None
        cause = ""
        forms = card_forms(playlist, abilities=abilities, picture=picture, only_me=False, say=self._answer.say)
        for card, attached in forms:
            try:
                if attached is None:
                    message = await interaction.followup.send(view=card, wait=True)
                else:
                    file = discord.File(io.BytesIO(attached), PICTURE)
                    message = await interaction.followup.send(view=card, file=file, wait=True)
            except discord.HTTPException as refused:
                cause = str(refused)
                _log.warning("Discord refused a card of playlist %s: %s", playlist.playlist_id, refused)
                continue
            guild_id = None if interaction.guild_id is None else str(interaction.guild_id)
            channel_id = str(interaction.channel_id)
            self._posted = Posted(guild_id=guild_id, channel_id=channel_id, message_id=str(message.id))
            return self._posted
        raise DiscordRefused(cause=cause)

    async def add_reactions(self, rules: ReactionRules) -> None:
        """Add the feedback reactions. Never raises."""
        if self._posted is not None and abilities_of(self._answer.interaction).reactions:
            await add_reactions(self._answer.interaction.client, self._posted, rules)
