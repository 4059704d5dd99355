"""What a member does with their own playlists. Whose they are is asked anew at every press."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.client.access_check import check_access
from bot.client.cards.custom_ids import own_ids
from bot.client.cards.past import history_card, past_card
from bot.client.cards.playlist import playlist_card
from bot.client.channel_permissions import abilities_of
from bot.client.components.forms import Form, Submission, field
from bot.client.components.persistent_button import PersistentButton
from bot.client.context import Interaction
from bot.client.interaction_response import InteractionReply, requester_of
from bot.client.publishing.card_poster import open_poster
from bot.services.playlists.request_text import NAME_LIMIT
from bot.services.values import FollowUpRequest

_FIELD = "name"


class TurnHistory(PersistentButton, template=own_ids.TURN_HISTORY):
    """Back, On, and All playlists."""

    async def pressed(self, interaction: Interaction, answer: InteractionReply) -> None:
        """Show the page in the place of what is there."""
        await answer.begin()
        page = await interaction.client.services.history.page(requester_of(interaction), int(self.facts["page"]))
        await answer.edit(history_card(page, say=answer.say))


class ChoosePast(PersistentButton, template=own_ids.CHOOSE_PAST):
    """The menu of the page's playlists."""

    async def pressed(self, interaction: Interaction, answer: InteractionReply) -> None:
        """Show the one that was chosen."""
        await answer.begin()
        data: Any = interaction.data
        past = await interaction.client.services.history.one(requester_of(interaction), str(data["values"][0]))
        await answer.edit(past_card(past, say=answer.say))


class ActOnPast(PersistentButton, template=own_ids.PAST):
    """Open, Run again, Rename, Delete, Put it back."""

    async def pressed(self, interaction: Interaction, answer: InteractionReply) -> None:
        """Do it, if the playlist is theirs."""
        await {
            "open": self._open,
            "again": self._again,
            "rename": self._rename,
            "delete": self._delete,
            "restore": self._restore,
        }[self.facts["action"]](interaction, answer)

    async def _open(self, interaction: Interaction, answer: InteractionReply) -> None:
        """The whole card once more, with all its buttons, for the owner alone."""
        await answer.think(private=True)
        past = await interaction.client.services.history.one(requester_of(interaction), self.facts["playlist"])
        playlist = await interaction.client.services.playlists.view(past.playlist_id)
        await answer.edit(playlist_card(playlist, abilities=abilities_of(interaction), only_me=True, say=answer.say))

    async def _again(self, interaction: Interaction, answer: InteractionReply) -> None:
        """The same vibe with other songs, for those who saw it the first time."""
        client, requester = interaction.client, requester_of(interaction)
        past = await client.services.history.one(requester, self.facts["playlist"])
        await run_again(interaction, answer, past.playlist_id, only_me=past.only_me)

    async def _rename(self, interaction: Interaction, answer: InteractionReply) -> None:
        past = await interaction.client.services.history.one(requester_of(interaction), self.facts["playlist"])
        name = field(_FIELD, answer.say.NEW_NAME, default=past.name, longest=NAME_LIMIT, required=True)
        await answer.ask(Form(answer.say.RENAME_PAST, own_ids.renamed(past.playlist_id), name))

    async def _delete(self, interaction: Interaction, answer: InteractionReply) -> None:
        await answer.begin()
        past = await interaction.client.services.history.delete(requester_of(interaction), self.facts["playlist"])
        await answer.edit(past_card(past, say=answer.say))

    async def _restore(self, interaction: Interaction, answer: InteractionReply) -> None:
        await answer.begin()
        past = await interaction.client.services.history.restore(requester_of(interaction), self.facts["playlist"])
        await answer.edit(past_card(past, said=answer.say.past_restored(), say=answer.say))


class Renamed(Submission, template=own_ids.RENAMED):
    """The form with the new name."""

    async def submitted(self, interaction: Interaction, answer: InteractionReply, written: Mapping[str, str]) -> None:
        """Keep it, and show the playlist under it."""
        await answer.begin()
        name = written.get(_FIELD, "")
        past = await interaction.client.services.history.rename(requester_of(interaction), self.facts["playlist"], name)
        await answer.edit(past_card(past, said=answer.say.past_renamed(), say=answer.say))


HISTORY_PRESSES: tuple[type[PersistentButton], ...] = (TurnHistory, ChoosePast, ActOnPast)
"""Everything about a member's own playlists that can be pressed."""

HISTORY_FORMS: tuple[type[Submission], ...] = (Renamed,)
"""And written."""


async def run_again(interaction: Interaction, answer: InteractionReply, playlist_id: str, *, only_me: bool) -> None:
    """Make the playlist after this one, with other songs."""
    client, requester = interaction.client, requester_of(interaction)
    rules = await check_access(client.services.playlists, requester, only_me=only_me)
    publisher = await open_poster(answer, heading=answer.say.step_taken("again"), only_me=only_me, pace=client.pace)
    change = FollowUpRequest(
        requester=requester, playlist_id=playlist_id, press_id=str(interaction.id), only_me=only_me
    )
    await client.services.playlists.again(change, publisher=publisher, rules=rules)
    await publisher.add_reactions()
