"""The presses that save a playlist on Spotify, and take it down again."""

from __future__ import annotations

import asyncio
import io
from typing import cast

import discord

from bot.client.cards.custom_ids import playlist_ids
from bot.client.cards.saved import handed_out_card, offered_card, saved_card, unsaved_card
from bot.client.channel_permissions import abilities_of
from bot.client.components.persistent_button import PersistentButton
from bot.client.context import Interaction
from bot.client.interaction_response import InteractionReply, requester_of
from bot.errors import NothingToSave, NotLinked
from bot.services.playlists.file_export import playlist_files
from bot.services.publishing.views import Offered, SaveChoice, Saving
from bot.services.values import Rating


class SaveSet(PersistentButton, template=playlist_ids.SAVE):
    """Save to Spotify, and the two answers to where it shall go; for the one who pressed and nobody else."""

    async def pressed(self, interaction: Interaction, answer: InteractionReply) -> None:
        """Save it and give the link; the files instead where there is no account, or no song that Spotify knows."""
        choice = cast("SaveChoice | None", self.facts["choice"])
        if choice is None:
            await answer.think(private=True)
        else:
            await answer.hold()
        saving = Saving(requester=requester_of(interaction), playlist_id=self.facts["playlist"], choice=choice)
        try:
            result = await interaction.client.services.publishing.save(saving)
        except (NotLinked, NothingToSave) as error:
            await self._hand_out(interaction, answer, known=isinstance(error, NotLinked))
            return
        card = (
            offered_card(result, say=answer.say) if isinstance(result, Offered) else saved_card(result, say=answer.say)
        )
        await answer.edit(card)

    async def _hand_out(self, interaction: Interaction, answer: InteractionReply, *, known: bool) -> None:
        """The files, where the bot may attach any, and the songs' addresses; one FeedbackEvent, as for Export."""
        client, playlist_id = interaction.client, self.facts["playlist"]
        playlist = await client.services.playlists.view(playlist_id, requester_of(interaction))
        files = (
            await asyncio.to_thread(playlist_files, playlist, answer.say.told)
            if abilities_of(interaction).files
            else ()
        )
        rating = Rating(
            requester=requester_of(interaction), playlist_id=playlist_id, event="export", press_id=str(interaction.id)
        )
        await client.services.feedback.rate(rating)
        uploads = [discord.File(io.BytesIO(file.contents), file.name) for file in files]
        linking = client.services.accounts.off is None
        card = handed_out_card(playlist, files, known=known, linking=linking, say=answer.say)
        await answer.deliver(card, uploads)


class UnsaveSet(PersistentButton, template=playlist_ids.UNSAVE):
    """Take it down, under what was just saved."""

    async def pressed(self, interaction: Interaction, answer: InteractionReply) -> None:
        """Take it down, and say so in the place of the card that told of it."""
        await answer.hold()
        playlist = await interaction.client.services.publishing.remove(
            requester_of(interaction), self.facts["playlist"]
        )
        await answer.edit(unsaved_card(playlist, say=answer.say))


SAVING_PRESSES: tuple[type[PersistentButton], ...] = (SaveSet, UnsaveSet)
"""Everything about saving that can be pressed."""
