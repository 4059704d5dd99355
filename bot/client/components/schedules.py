"""What moderators press on schedules. Each press asks anew whether the one who does it may manage the server."""

from __future__ import annotations

from typing import Any

import discord

from bot.client.cards.custom_ids import schedule_ids as named
from bot.client.cards.layout import Card
from bot.client.cards.schedules import gone_card, page_with, schedules_card, sure_card
from bot.client.components.persistent_button import PersistentButton
from bot.client.context import Interaction
from bot.client.interaction_response import InteractionReply, managed_guild


class TurnSchedules(PersistentButton, template=named.TURN_SCHEDULES):
    """Back and On under the list."""

    async def pressed(self, interaction: Interaction, answer: InteractionReply) -> None:
        """Show the page."""
        guild_id = managed_guild(interaction)
        await _begin(interaction, answer)
        schedules = await interaction.client.services.schedules.all(guild_id)
        await answer.edit(schedules_card(schedules, page=int(self.facts["page"]), say=answer.say))


class StepSchedule(PersistentButton, template=named.SCHEDULE_STEP):
    """Pause, Go on, Post now, Remove and what follows it."""

    async def pressed(self, interaction: Interaction, answer: InteractionReply) -> None:
        """Do it; the card then shows how things stand."""
        guild_id = managed_guild(interaction)
        await _begin(interaction, answer)
        step = self.facts["step"]
        await answer.edit(await self._done(interaction, answer, guild_id, step))

    async def _done(self, interaction: Interaction, answer: InteractionReply, guild_id: str, step: str) -> Card:
        service, key, say = interaction.client.services.schedules, self.facts["schedule"], answer.say
        if step == "remove":
            return sure_card(await service.one(guild_id, key), say=say)
        if step == "sure":
            return gone_card(await service.remove(guild_id, key), say=say)
        said = None
        if step == "now":
            said = say.schedule_posted(f"<#{(await service.one(guild_id, key)).channel_id}>")
            await service.post_now(guild_id, key, press_id=str(interaction.id))
        elif step != "keep":
            change = {"pause": service.pause, "resume": service.resume, "undo": service.restore}[step]
            await change(guild_id, key)
        schedules = await service.all(guild_id)
        return schedules_card(schedules, page=page_with(schedules, key), said=said, say=say)


async def _begin(interaction: discord.Interaction[Any], answer: InteractionReply) -> None:
    """Change the card that was pressed on where only the presser sees it, else answer them alone."""
    if interaction.message is not None and interaction.message.flags.ephemeral:
        await answer.hold()
    else:
        await answer.think(private=True)


SCHEDULE_PRESSES: tuple[type[PersistentButton], ...] = (TurnSchedules, StepSchedule)
"""Everything that can be pressed on schedules."""
