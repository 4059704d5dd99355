"""What a press does. Dynamic items, so that a card posted before a restart works after it.

discord.py tells nobody about an error in one of them, so `PersistentButton.callback` puts each behind the door of
`bot.client.error_handling`.
"""

from __future__ import annotations

import logging
import re
from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Self

import discord
from discord import ui

from bot.client.access_check import check_access
from bot.client.cards.custom_ids import playlist_ids
from bot.client.cards.layout import Card
from bot.client.cards.picture import kept_picture
from bot.client.cards.playlist import playlist_card
from bot.client.cards.rating import rated_card, song_card, taken_back_card
from bot.client.error_handling import error_boundary
from bot.client.interaction_response import InteractionReply, abilities_of, requester_of
from bot.client.markdown import escaped
from bot.client.publishing.interaction_publisher import InteractionPublisher
from bot.errors import Gone
from bot.services.values import FeedbackKind, FollowUpRequest, PlaylistView, Rating, VibeRequest
from nlp.vibe import AxisChange

if TYPE_CHECKING:
    from bot.client.bot import VibratoBot

_log = logging.getLogger(__name__)

CHANGES: dict[str, tuple[AxisChange, ...]] = {
    "again": (),
    "more-energy": (AxisChange(axis="energy", amount=0.5),),
    "calmer": (AxisChange(axis="energy", amount=-0.5),),
    "brighter": (AxisChange(axis="brightness", amount=0.5),),
    "darker": (AxisChange(axis="brightness", amount=-0.5),),
}
"""How far each step goes, on which axis."""


class PersistentButton(ui.DynamicItem[ui.Item[Any]], template=r"(?!)"):
    """A press on a button or a choice in a menu; what its custom_id says is in `facts`."""

    def __init__(self, item: ui.Item[Any], facts: dict[str, str]) -> None:
        super().__init__(item)
        self.facts = facts

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """The press that discord.py found in an interaction."""
        return cls(item, match.groupdict())

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Answer the press; the second one of a double click is only taken note of."""
        audience: playlist_ids.Audience = "me" if is_private(interaction) else "all"
        async with error_boundary(interaction, audience=audience) as answer:
            with interaction.client.presses.one(interaction.user.id, self.custom_id) as first:
                if first:
                    await self.pressed(interaction, answer)
                else:
                    await answer.hold()

    @abstractmethod
    async def pressed(self, interaction: discord.Interaction[VibratoBot], answer: InteractionReply) -> None:
        """Do what the press asks for."""


class MakeNext(PersistentButton, template=playlist_ids.NEXT):
    """Again, More energy, Calmer, Brighter, Darker: the next playlist, with the taste of the one who pressed."""

    async def pressed(self, interaction: discord.Interaction[VibratoBot], answer: InteractionReply) -> None:
        """Post it as a reply to the card."""
        client, step = interaction.client, self.facts["step"]
        publisher = await _opened(interaction, answer, answer.say.step_taken(step))
        change = FollowUpRequest(
            requester=requester_of(interaction),
            playlist_id=self.facts["playlist"],
            press_id=str(interaction.id),
            changes=CHANGES[step],
        )
        make = client.playlists.change if change.changes else client.playlists.again
        await make(change, publisher=publisher)
        await publisher.add_reactions(await client.feedback.reactions(change.requester.guild_id))


class PlayMood(PersistentButton, template=playlist_ids.MOOD):
    """A mood of the list."""

    async def pressed(self, interaction: discord.Interaction[VibratoBot], answer: InteractionReply) -> None:
        """Play it."""
        await _play_mood(interaction, answer, self.facts["mood"])


class ChooseMood(PersistentButton, template=playlist_ids.MOODS):
    """A mood chosen in the menu of a long list."""

    async def pressed(self, interaction: discord.Interaction[VibratoBot], answer: InteractionReply) -> None:
        """Play it."""
        await _play_mood(interaction, answer, _chosen(interaction))


class TryRequest(PersistentButton, template=playlist_ids.TRY):
    """A request that was offered because the member's own was not understood."""

    async def pressed(self, interaction: discord.Interaction[VibratoBot], answer: InteractionReply) -> None:
        """Ask for it as if it had been written."""
        client, words = interaction.client, self.facts["text"]
        only_me = self.facts["audience"] == "me"
        heading = answer.say.listening(escaped(words, playlist_ids.TRY_LIMIT))
        publisher = await _opened(interaction, answer, heading, only_me=only_me)
        request = VibeRequest(text=words, requester=requester_of(interaction), only_me=only_me)
        await client.playlists.create(request, publisher=publisher)
        await publisher.add_reactions(await client.feedback.reactions(request.requester.guild_id))


class TurnPage(PersistentButton, template=playlist_ids.TURN_PAGE):
    """Back and On under the songs: the card turns for everyone."""

    async def pressed(self, interaction: discord.Interaction[VibratoBot], answer: InteractionReply) -> None:
        """Show the page, without more edits of the message than Discord likes."""
        await answer.hold()
        playlist = await interaction.client.playlists.view(self.facts["playlist"], requester_of(interaction))
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
        interaction: discord.Interaction[VibratoBot],
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

    async def pressed(self, interaction: discord.Interaction[VibratoBot], answer: InteractionReply) -> None:
        """Store it, and say so to the one who pressed."""
        await answer.think(private=True)
        event: FeedbackKind = "love" if self.facts["rating"] == "love" else "dislike"
        rated = await interaction.client.feedback.rate(_rating(interaction, self.facts["playlist"], event))
        await answer.edit(rated_card(self.facts["playlist"], rated, say=answer.say))


class ChooseSong(PersistentButton, template=playlist_ids.CHOOSE_SONG):
    """The menu of the page's songs."""

    async def pressed(self, interaction: discord.Interaction[VibratoBot], answer: InteractionReply) -> None:
        """Open the song's own card for the one who chose it."""
        await answer.think(private=True)
        playlist = await interaction.client.playlists.view(self.facts["playlist"], requester_of(interaction))
        chosen = _chosen(interaction)
        song = next((song for song in playlist.songs if str(song.position) == chosen), None)
        if song is None:
            raise Gone(what="song")
        await answer.edit(song_card(playlist.playlist_id, song, say=answer.say))


class RateSong(PersistentButton, template=playlist_ids.RATE_SONG):
    """Love, Skip, Never again, on a song's own card."""

    async def pressed(self, interaction: discord.Interaction[VibratoBot], answer: InteractionReply) -> None:
        """Store it; the card says so, and how to take it back."""
        await answer.hold()
        events: dict[str, FeedbackKind] = {"love": "love", "skip": "skip", "never": "never"}
        rating = _rating(
            interaction, self.facts["playlist"], events[self.facts["rating"]], track_id=self.facts["track"]
        )
        rated = await interaction.client.feedback.rate(rating)
        await answer.edit(rated_card(self.facts["playlist"], rated, say=answer.say))


class TakeBack(PersistentButton, template=playlist_ids.TAKE_BACK):
    """Take it back, under what was just rated."""

    async def pressed(self, interaction: discord.Interaction[VibratoBot], answer: InteractionReply) -> None:
        """Store that it counts no more; a song can be rated anew at once."""
        await answer.hold()
        rating = _rating(interaction, self.facts["playlist"], "undo", undoes=self.facts["event"])
        undone = await interaction.client.feedback.undo(rating)
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


async def answer_unknown(interaction: discord.Interaction[Any], presses: Sequence[type[PersistentButton]]) -> None:
    """Tell the one who pressed that none of `presses` answers it: a card of another version, or a forged name."""
    data: Any = interaction.data
    custom_id = str(data.get("custom_id"))
    if not any(press.__discord_ui_compiled_template__.fullmatch(custom_id) for press in presses):
        async with error_boundary(interaction):
            raise Gone(what="button")


async def _opened(
    interaction: discord.Interaction[VibratoBot], answer: InteractionReply, heading: str, *, only_me: bool | None = None
) -> InteractionPublisher:
    """A publisher whose working card stands already; private when the pressed card was."""
    private = is_private(interaction) if only_me is None else only_me
    await check_access(interaction.client.playlists, requester_of(interaction), only_me=private)
    publisher = InteractionPublisher(answer, heading=heading, only_me=private, pace=interaction.client.pace)
    await publisher.open()
    return publisher


async def _play_mood(interaction: discord.Interaction[VibratoBot], answer: InteractionReply, key: str) -> None:
    client, requester, only_me = interaction.client, requester_of(interaction), is_private(interaction)
    publisher = await _opened(interaction, answer, answer.say.listening(escaped(key.rpartition(":")[2], 60)))
    await client.playlists.play_mood(key, requester, publisher, only_me=only_me)
    await publisher.add_reactions(await client.feedback.reactions(requester.guild_id))


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


def is_private(interaction: discord.Interaction[Any]) -> bool:
    """Whether only the one who pressed sees the card that was pressed on."""
    return interaction.message is not None and interaction.message.flags.ephemeral
