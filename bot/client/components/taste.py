"""What a member does about their taste. Each press is about the one who presses, whoever the card was shown to."""

from __future__ import annotations

import asyncio
import io
from typing import Any

import discord

from bot.client.cards.custom_ids import taste_ids as named
from bot.client.cards.taste import TASTE_PICTURE, artist_card, ask_reset_card, bars_of, never_card, taste_card
from bot.client.channel_permissions import abilities_of
from bot.client.components.persistent_button import PersistentButton
from bot.client.context import Interaction
from bot.client.interaction_response import InteractionReply, requester_of
from bot.client.markdown import escaped
from bot.pictures.taste import TasteWords, taste_picture
from bot.services.values import Rating


async def show_taste(interaction: Interaction, answer: InteractionReply, *, said: str = "") -> None:
    """Put the taste of the one who asks in the place of what was promised or pressed on."""
    profile, say = await interaction.client.services.taste_profiles.profile(requester_of(interaction)), answer.say
    if not profile.ratings or not abilities_of(interaction).files:
        await answer.deliver(taste_card(profile, said=said, say=say), ())
        return
    words = TasteWords(
        you=say.TASTE_YOU, server=say.TASTE_SERVER, before=say.TASTE_BEFORE, favourites=say.TASTE_FAVOURITES
    )
    favourites = (*profile.genres[:4], *profile.artists[:4])
    drawn = await asyncio.to_thread(taste_picture, bars_of(profile, say=say), favourites, words=words)
    file = discord.File(io.BytesIO(drawn), TASTE_PICTURE)
    await answer.deliver(taste_card(profile, picture=True, said=said, say=say), (file,))


class ActOnTaste(PersistentButton, template=named.TASTE):
    """Show, start anew, pause, resume; and the answer to the question that stands before it."""

    async def pressed(self, interaction: Interaction, answer: InteractionReply) -> None:
        """Do it; the card then shows how it stands."""
        await answer.begin()
        action, requester, said = self.facts["action"], requester_of(interaction), ""
        if action == "ask":
            await answer.deliver(ask_reset_card(say=answer.say), ())
            return
        if action == "reset":
            await interaction.client.services.taste_profiles.reset(requester)
            said = answer.say.taste_reset()
        elif action in ("pause", "resume"):
            await interaction.client.services.privacy.set_learning(requester, on=action == "resume")
        await show_taste(interaction, answer, said=said)


class ChooseArtist(PersistentButton, template=named.TASTE_ARTISTS):
    """The menu of the artists that were rated."""

    async def pressed(self, interaction: Interaction, answer: InteractionReply) -> None:
        """Show what can be done about one."""
        await answer.begin()
        data: Any = interaction.data
        artist = await interaction.client.services.taste_profiles.artist(
            requester_of(interaction), str(data["values"][0])
        )
        await answer.deliver(artist_card(artist, say=answer.say), ())


class ActOnArtist(PersistentButton, template=named.TASTE_ARTIST):
    """Forget an artist, or never again."""

    async def pressed(self, interaction: Interaction, answer: InteractionReply) -> None:
        """Do it, and say so."""
        await answer.begin()
        profiles, requester, track_id = (
            interaction.client.services.taste_profiles,
            requester_of(interaction),
            self.facts["track"],
        )
        if self.facts["action"] == "forget":
            artist = await profiles.forget_artist(requester, track_id)
            said = answer.say.taste_forgot(escaped(artist.name, 60), artist.ratings)
            await show_taste(interaction, answer, said=said)
            return
        playlist_id = await profiles.rated_in(requester, track_id)
        rating = Rating(
            requester=requester,
            playlist_id=playlist_id,
            event="never",
            press_id=str(interaction.id),
            track_id=track_id,
            scope="artist",
        )
        rated = await interaction.client.services.feedback.rate(rating)
        name = rated.song.artists[0] if rated.song is not None and rated.song.artists else ""
        await answer.deliver(never_card(name, playlist_id, rated.event_id, say=answer.say), ())


TASTE_PRESSES: tuple[type[PersistentButton], ...] = (ActOnTaste, ChooseArtist, ActOnArtist)
"""What a member can press about their taste."""
