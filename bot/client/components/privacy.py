"""What a member does about their data. Each press is about the one who presses, whoever the card was shown to."""

from __future__ import annotations

import io
import logging

import discord

from bot.client.cards.custom_ids import own_ids
from bot.client.cards.notice import failure_card
from bot.client.cards.privacy import erased_card, export_card, privacy_card, question_card
from bot.client.channel_permissions import abilities_of
from bot.client.components.persistent_button import PersistentButton
from bot.client.context import Interaction
from bot.client.interaction_response import InteractionReply, requester_of
from bot.errors import DatabaseDown
from bot.services.privacy.data_export import Export

_log = logging.getLogger(__name__)

CLOSED = 50007
"""Discord's code for a member who takes no direct messages from us."""


class ActOnData(PersistentButton, template=own_ids.PRIVACY):
    """Copy, pause, resume, delete; and the answer to the question that stands before it."""

    async def pressed(self, interaction: Interaction, answer: InteractionReply) -> None:
        """Do it."""
        await {
            "export": self._export,
            "delete": self._ask,
            "erase": self._erase,
            "keep": self._keep,
            "pause": self._turn,
            "resume": self._turn,
        }[self.facts["action"]](interaction, answer)

    async def _export(self, interaction: Interaction, answer: InteractionReply) -> None:
        await answer.think(private=True)
        export = await interaction.client.services.privacy.export(
            requester_of(interaction), limit=interaction.filesize_limit, explain=answer.say.export_explained
        )
        if abilities_of(interaction).files:
            await answer.edit(export_card(export.name, say=answer.say), file=_file(export))
            return
        try:
            await interaction.user.send(view=export_card(export.name, say=answer.say), file=_file(export))
        except discord.HTTPException as refused:
            if refused.code != CLOSED and not isinstance(refused, discord.Forbidden):
                raise
            await answer.edit(failure_card(answer.say.no_way_to_send(), say=answer.say))
        else:
            await answer.edit(export_card(None, say=answer.say))

    async def _ask(self, interaction: Interaction, answer: InteractionReply) -> None:
        await answer.begin()
        await answer.edit(question_card(say=answer.say))

    async def _erase(self, interaction: Interaction, answer: InteractionReply) -> None:
        await answer.begin()
        try:
            erased = await interaction.client.services.privacy.erase(requester_of(interaction))
        except DatabaseDown as down:
            _log.warning("not everything about a member could be deleted: %s", down.cause)
            await answer.edit(failure_card(answer.say.not_all_deleted(), say=answer.say))
        else:
            await answer.edit(erased_card(erased, say=answer.say))

    async def _keep(self, interaction: Interaction, answer: InteractionReply) -> None:
        await answer.begin()
        kept = await interaction.client.services.privacy.kept(requester_of(interaction))
        await answer.edit(privacy_card(kept, said=answer.say.nothing_deleted(), say=answer.say))

    async def _turn(self, interaction: Interaction, answer: InteractionReply) -> None:
        await answer.begin()
        requester, privacy = requester_of(interaction), interaction.client.services.privacy
        await privacy.set_learning(requester, on=self.facts["action"] == "resume")
        await answer.edit(privacy_card(await privacy.kept(requester), say=answer.say))


PRIVACY_PRESSES: tuple[type[PersistentButton], ...] = (ActOnData,)
"""Everything about a member's data that can be pressed."""


def _file(export: Export) -> discord.File:
    return discord.File(io.BytesIO(export.content), export.name)
