"""What a press under a playlist or on a mood does."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import Any

import discord

from bot.client.access_check import check_access
from bot.client.cards.custom_ids import playlist_ids
from bot.client.cards.layout import Card
from bot.client.cards.picture import kept_picture
from bot.client.cards.playlist import playlist_card
from bot.client.cards.rating import rated_card, song_card, taken_back_card
from bot.client.channel_permissions import abilities_of
from bot.client.components.persistent_button import PersistentButton, is_private
from bot.client.context import Interaction
from bot.client.interaction_response import InteractionReply, requester_of
from bot.client.markdown import escaped
from bot.client.publishing.card_poster import CardPoster, open_poster
from bot.errors import Gone
from bot.services.guilds.settings import GuildRules
from bot.services.values import FeedbackKind, FollowUpRequest, PlaylistView, Rating, VibeRequest
from nlp.vibe import AxisChange

_log = logging.getLogger(__name__)

CHANGES: dict[str, tuple[AxisChange, ...]] = {
    "again": (),
    "more-energy": (AxisChange(axis="energy", amount=0.5),),
    "calmer": (AxisChange(axis="energy", amount=-0.5),),
    "brighter": (AxisChange(axis="brightness", amount=0.5),),
    "darker": (AxisChange(axis="brightness", amount=-0.5),),
}
"""How far each step goes, on which axis."""


class MakeNext(PersistentButton, template=playlist_ids.NEXT):
    """Again, More energy, Calmer, Brighter, Darker: the next playlist, with the taste of the one who pressed."""

    async def pressed(self, interaction: Interaction, answer: InteractionReply) -> None:
        """Post it as a reply to the card."""
        client, step = interaction.client, self.facts["step"]
        publisher, rules = await _opened(interaction, answer, answer.say.step_taken(step))
        change = FollowUpRequest(
            requester=requester_of(interaction),
            playlist_id=self.facts["playlist"],
            press_id=str(interaction.id),
            changes=CHANGES[step],
        )
        make = client.services.playlists.change if change.changes else client.services.playlists.again
        await make(change, publisher=publisher, rules=rules)
        await publisher.add_reactions()


class PlayMood(PersistentButton, template=playlist_ids.MOOD):
    """A mood of the list."""

    async def pressed(self, interaction: Interaction, answer: InteractionReply) -> None:
        """Play it."""
        await _play_mood(interaction, answer, self.facts["mood"])


class ChooseMood(PersistentButton, template=playlist_ids.MOODS):
    """A mood chosen in the menu of a long list."""

    async def pressed(self, interaction: Interaction, answer: InteractionReply) -> None:
        """Play it."""
        await _play_mood(interaction, answer, _chosen(interaction))


class TryRequest(PersistentButton, template=playlist_ids.TRY):
    """A request that was offered because the member's own was not understood."""

    async def pressed(self, interaction: Interaction, answer: InteractionReply) -> None:
        """Ask for it as if it had been written."""
        client, words = interaction.client, self.facts["text"]
        only_me = self.facts["audience"] == "me"
        heading = answer.say.listening(escaped(words, playlist_ids.TRY_LIMIT))
        request = VibeRequest(text=words, requester=requester_of(interaction), only_me=only_me)
        publisher, rules = await _opened(interaction, answer, heading, only_me=only_me)
        await client.services.playlists.create(request, publisher=publisher, rules=rules)
        await publisher.add_reactions()


class TurnPage(PersistentButton, template=playlist_ids.TURN_PAGE):
    """Back and On under the songs: the card turns for everyone."""

    async def pressed(self, interaction: Interaction, answer: InteractionReply) -> None:
        """Show the page, without more edits of the message than Discord likes."""
        await answer.hold()
        playlist = await interaction.client.services.playlists.view(self.facts["playlist"], requester_of(interaction))
        message = interaction.message
        if message is None or not await interaction.client.pace.turn(message.id):
            return
        kept = kept_picture(message)
        try:
            await answer.edit(self._card(interaction, answer, playlist, picture=kept is not None), file=kept)
        except discord.HTTPException:
            if kept is None:
                raise
            _log.warning("the picture of message %s could not be kept", message.id, exc_info=True)
            await answer.edit(self._card(interaction, answer, playlist, picture=False))

    def _card(
        self,
        interaction: Interaction,
        answer: InteractionReply,
        playlist: PlaylistView,
        *,
        picture: bool,
    ) -> Card:
        abilities = abilities_of(interaction)
        return playlist_card(
            playlist,
            page=int(self.facts["page"]),
            abilities=replace(abilities, files=abilities.files or picture),
            picture=picture,
            only_me=is_private(interaction),
            say=answer.say,
        )


class RateSet(PersistentButton, template=playlist_ids.RATE_SET):
    """Love it, Not it."""

    async def pressed(self, interaction: Interaction, answer: InteractionReply) -> None:
        """Store it, and say so to the one who pressed."""
        await answer.think(private=True)
        event: FeedbackKind = "love" if self.facts["rating"] == "love" else "dislike"
        rated = await interaction.client.services.feedback.rate(_rating(interaction, self.facts["playlist"], event))
        await answer.edit(rated_card(self.facts["playlist"], rated, say=answer.say))


class ChooseSong(PersistentButton, template=playlist_ids.CHOOSE_SONG):
    """The menu of the page's songs."""

    async def pressed(self, interaction: Interaction, answer: InteractionReply) -> None:
        """Open the song's own card for the one who chose it."""
        await answer.think(private=True)
        playlist = await interaction.client.services.playlists.view(self.facts["playlist"], requester_of(interaction))
        chosen = _chosen(interaction)
        song = next((song for song in playlist.songs if str(song.position) == chosen), None)
        if song is None:
            raise Gone(what="song")
        await answer.edit(song_card(playlist.playlist_id, song, say=answer.say))


class RateSong(PersistentButton, template=playlist_ids.RATE_SONG):
    """Love, Skip, Never again, on a song's own card."""

    async def pressed(self, interaction: Interaction, answer: InteractionReply) -> None:
        """Store it; the card says so, and how to take it back."""
        await answer.hold()
        events: dict[str, FeedbackKind] = {"love": "love", "skip": "skip", "never": "never"}
        rating = _rating(
            interaction, self.facts["playlist"], events[self.facts["rating"]], track_id=self.facts["track"]
        )
        rated = await interaction.client.services.feedback.rate(rating)
        await answer.edit(rated_card(self.facts["playlist"], rated, say=answer.say))


class TakeBack(PersistentButton, template=playlist_ids.TAKE_BACK):
    """Take it back, under what was just rated."""

    async def pressed(self, interaction: Interaction, answer: InteractionReply) -> None:
        """Store that it counts no more; a song can be rated anew at once."""
        await answer.hold()
        rating = _rating(interaction, self.facts["playlist"], "undo", undoes=self.facts["event"])
        undone = await interaction.client.services.feedback.undo(rating)
        await answer.edit(taken_back_card(self.facts["playlist"], undone, say=answer.say))


PRESSES: tuple[type[PersistentButton], ...] = (
    MakeNext,
    PlayMood,
    ChooseMood,
    TryRequest,
    TurnPage,
    RateSet,
    ChooseSong,
    RateSong,
    TakeBack,
)
"""Everything of a playlist and of moods that can be pressed."""


async def _opened(
    interaction: Interaction, answer: InteractionReply, heading: str, *, only_me: bool | None = None
) -> tuple[CardPoster, GuildRules | None]:
    """A publisher whose working card stands already, private when the pressed card was; and the server's rules."""
    private = is_private(interaction) if only_me is None else only_me
    rules = await check_access(interaction.client.services.playlists, requester_of(interaction), only_me=private)
    return await open_poster(answer, heading=heading, only_me=private, pace=interaction.client.pace), rules


async def _play_mood(interaction: Interaction, answer: InteractionReply, key: str) -> None:
    client, requester, only_me = interaction.client, requester_of(interaction), is_private(interaction)
    publisher, rules = await _opened(interaction, answer, answer.say.listening(escaped(key.rpartition(":")[2], 60)))
    await client.services.playlists.play_mood(key, requester, publisher, only_me=only_me, rules=rules)
    await publisher.add_reactions()


def _rating(
    interaction: discord.Interaction[Any],
    playlist_id: str,
    event: FeedbackKind,
    *,
    track_id: str | None = None,
    undoes: str | None = None,
) -> Rating:
    return Rating(
        requester=requester_of(interaction),
        playlist_id=playlist_id,
        event=event,
        press_id=str(interaction.id),
        track_id=track_id,
        undoes=undoes,
    )


def _chosen(interaction: discord.Interaction[Any]) -> str:
    """The value chosen in a menu."""
    data: Any = interaction.data
    return str(data["values"][0])
