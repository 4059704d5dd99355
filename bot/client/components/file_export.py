"""The press that hands a playlist out as files."""

from __future__ import annotations

import asyncio
import io

import discord

from bot.client.cards.custom_ids import playlist_ids
from bot.client.cards.files import files_card
from bot.client.channel_permissions import abilities_of
from bot.client.components.persistent_button import PersistentButton
from bot.client.context import Interaction
from bot.client.interaction_response import InteractionReply, requester_of
from bot.errors import NotAllowed
from bot.services.playlists.file_export import playlist_files
from bot.services.values import Rating


class ExportSet(PersistentButton, template=playlist_ids.EXPORT):
    """Export: the set as CSV, M3U8 and JSPF, for the one who pressed and nobody else; one FeedbackEvent."""

    async def pressed(self, interaction: Interaction, answer: InteractionReply) -> None:
        """Store the press, then answer with the files. Raises NotAllowed where the bot may not attach any."""
        if not abilities_of(interaction).files:
            raise NotAllowed("attach_files", bot_lacks=True)
        await answer.think(private=True)
        client, playlist_id = interaction.client, self.facts["playlist"]
        playlist = await client.services.playlists.view(playlist_id, requester_of(interaction))
        files = await asyncio.to_thread(playlist_files, playlist, answer.say.told)
        rating = Rating(
            requester=requester_of(interaction), playlist_id=playlist_id, event="export", press_id=str(interaction.id)
        )
        await client.services.feedback.rate(rating)
        uploads = [discord.File(io.BytesIO(file.contents), file.name) for file in files]
        await answer.deliver(files_card(playlist, files, say=answer.say), uploads)
