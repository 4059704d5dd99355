"""Why these songs, why not that one, and taking back the step that made a set."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from bot.client.cards.custom_ids import playlist_ids
from bot.client.cards.why import why_card
from bot.client.cards.why_not import why_not_card
from bot.client.components.forms import Form, Submission, field
from bot.client.components.persistent_button import PersistentButton, is_private
from bot.client.context import Interaction
from bot.client.interaction_response import InteractionReply, requester_of
from bot.client.publishing.card_poster import open_poster
from bot.errors import Gone
from bot.facts import Worded
from bot.services.request_words import TEXT_LIMIT

_FIELD, _LONGEST = "song", 120


class OpenWhy(PersistentButton, template=playlist_ids.WHY):
    """Why these songs, for the one who asks."""

    async def pressed(self, interaction: Interaction, answer: InteractionReply) -> None:
        """Open the first page."""
        await answer.think(private=True)
        playlist = await interaction.client.services.playlists.view(self.facts["playlist"], requester_of(interaction))
        await answer.edit(why_card(playlist, say=answer.say))


class TurnWhy(PersistentButton, template=playlist_ids.TURN_WHY):
    """Back and On under the reasons."""

    async def pressed(self, interaction: Interaction, answer: InteractionReply) -> None:
        """Show the page."""
        await answer.hold()
        playlist = await interaction.client.services.playlists.view(self.facts["playlist"], requester_of(interaction))
        await answer.edit(why_card(playlist, page=int(self.facts["page"]), say=answer.say))


class AskWhyNot(PersistentButton, template=playlist_ids.WHY_NOT):
    """Why not that song, under the reasons."""

    async def pressed(self, interaction: Interaction, answer: InteractionReply) -> None:
        """Open the form that asks which."""
        say = answer.say
        song = field(_FIELD, say.WHY_NOT_SONG, description=say.WHY_NOT_HOW, longest=_LONGEST, required=True)
        await answer.ask(Form(say.WHY_NOT, playlist_ids.why_not_form(self.facts["playlist"]), song))


class WhyNotAsked(Submission, template=playlist_ids.WHY_NOT_FORM):
    """A song's title, as it was written."""

    async def submitted(self, interaction: Interaction, answer: InteractionReply, written: Mapping[str, str]) -> None:
        """Say where each song of that title stands, beside the reasons, which stay."""
        await answer.think(private=True)
        playlists, asked = interaction.client.services.playlists, written.get(_FIELD, "")[:TEXT_LIMIT]
        playlist = await playlists.view(self.facts["playlist"], requester_of(interaction))
        answers = await playlists.why_not(playlist.playlist_id, asked)
        await answer.edit(why_not_card(playlist, asked, answers, say=answer.say))


class UndoStep(PersistentButton, template=playlist_ids.UNDO_STEP):
    """Undo, under a playlist that a step or typed words made of another one."""

    async def pressed(self, interaction: Interaction, answer: InteractionReply) -> None:
        """Bring the one before back. Whose step it was takes it back for all who see it; others see what was before."""
        client, requester = interaction.client, requester_of(interaction)
        own = requester.user_id == self.facts["owner"]
        private = is_private(interaction) or not own
        publisher = await open_poster(answer, heading=answer.say.undoing(), only_me=private, pace=client.pace)
        undone = await client.services.feedback.undo_step(requester, self.facts["playlist"])
        if undone.own and not undone.new:
            async with client.services.limits.request(requester):  # brought back already: now it counts like any other
                pass
        before = await client.services.playlists.view(undone.parent_id, requester)
        if before.only_me and not private:
            raise Gone(what="playlist")
        if undone.own:
            before = replace(before, notes=(Worded(text=answer.say.brought_back(undone.name)), *before.notes))
        posted = await publisher.publish(before, await client.services.feedback.reactions(requester.guild_id))
        if posted is not None and not private:
            await client.services.playlists.note_posted(before.playlist_id, posted)
            await publisher.add_reactions()


WHY_PRESSES: tuple[type[PersistentButton], ...] = (OpenWhy, TurnWhy, AskWhyNot, UndoStep)
"""Everything about reasons and steps that can be pressed."""

WHY_FORMS: tuple[type[Submission], ...] = (WhyNotAsked,)
"""And written."""
