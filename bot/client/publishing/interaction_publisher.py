"""Posts a playlist as the answer to an interaction: a working card at once, then the playlist in its place."""

from __future__ import annotations

import asyncio
import io
import logging
from collections.abc import Iterator

import discord

from bot.client.cards.layout import Card
from bot.client.cards.picture import PICTURE
from bot.client.cards.playlist import Abilities, plain_card, playlist_card
from bot.client.cards.working import working_card
from bot.client.interaction_response import UNKNOWN_INTERACTION, InteractionReply, abilities_of
from bot.client.publishing.edit_throttle import EDIT_SECONDS, EditThrottle
from bot.client.texts.messages import Messages
from bot.errors import DiscordRefused
from bot.pictures.energy import energy_curve
from bot.services.values import PlaylistView, Posted, ReactionRules, Stage

_log = logging.getLogger(__name__)

_HOPELESS = frozenset({UNKNOWN_INTERACTION, 10003, 10004, 10015, 50001, 50027})
"""Codes that no simpler card helps against: the interaction, channel, server or webhook is gone or closed to us."""


class InteractionPublisher:
    """A `bot.services.values.Publisher` for one interaction. `heading` (safe to show) says what is being made."""

    def __init__(self, answer: InteractionReply, *, heading: str, only_me: bool, pace: EditThrottle) -> None:
        self._answer = answer
        self._heading = heading
        self._only_me = only_me
        self._pace = pace
        self._stage: Stage = "listening"
        self._shown = self._now()
        self._edited: float | None = None
        self._posted: Posted | None = None

    async def open(self) -> None:
        """Answer at once with the working card. Raises TooLate."""
        card = working_card(self._heading, self._stage, say=self._answer.say)
        await self._answer.send(card, private=self._only_me)
        self._shown = self._now()

    async def progress(self, stage: Stage) -> None:
        """Show how far the request is, unless the card changed only just now. Never raises."""
        if stage == self._stage or self._now() - self._shown < EDIT_SECONDS:
            return
        self._stage = stage
        self._shown = self._edited = self._now()
        try:
            await self._answer.edit(working_card(self._heading, stage, say=self._answer.say))
        except discord.HTTPException as refused:
            _log.debug("progress of interaction %s was not shown: %s", self._answer.interaction.id, refused)

    async def publish(self, playlist: PlaylistView) -> Posted | None:
        """Put the playlist in the place of the working card, in the fullest form that Discord takes.

        Raises DiscordRefused when it takes none.
        """
        abilities = abilities_of(self._answer.interaction)
        picture = await picture_of(playlist) if abilities.files else None
        if self._edited is not None:
            await asyncio.sleep(max(0.0, self._edited + EDIT_SECONDS - self._now()))
        message = await self._post(playlist, abilities, picture)
        self._pace.note(message.id)
        interaction = self._answer.interaction
        self._posted = Posted(
            guild_id=None if interaction.guild_id is None else str(interaction.guild_id),
            channel_id=str(interaction.channel_id),
            message_id=str(message.id),
        )
        return self._posted

    async def add_reactions(self, rules: ReactionRules) -> None:
        """Add the feedback reactions to a public card, one after the other. Never raises: the buttons do the same."""
        posted = self._posted
        if posted is None or self._only_me or not abilities_of(self._answer.interaction).reactions:
            return
        await add_reactions(self._answer.interaction.client, posted, rules)

    async def _post(self, playlist: PlaylistView, abilities: Abilities, picture: bytes | None) -> discord.Message:
        cause = ""
        forms = card_forms(playlist, abilities=abilities, picture=picture, only_me=self._only_me, say=self._answer.say)
        for card, attached in forms:
            file = discord.File(io.BytesIO(attached), PICTURE) if attached else None
            try:
                return await self._answer.edit(card, file=file)
            except discord.HTTPException as refused:
                cause = str(refused)
                _log.warning("Discord refused a card of playlist %s: %s", playlist.playlist_id, refused)
                if refused.code in _HOPELESS:
                    break
        raise DiscordRefused(cause=cause)

    @staticmethod
    def _now() -> float:
        return asyncio.get_running_loop().time()


def card_forms(
    playlist: PlaylistView, *, abilities: Abilities, picture: bytes | None, only_me: bool, say: Messages
) -> Iterator[tuple[Card, bytes | None]]:
    """The card with its picture, without, and in its simplest form: each with the picture that goes with it."""
    for attached in (picture, None) if picture else (None,):
        shown = playlist_card(playlist, abilities=abilities, picture=attached is not None, only_me=only_me, say=say)
        yield shown, attached
    yield plain_card(playlist, say=say), None


async def add_reactions(client: discord.Client, posted: Posted, rules: ReactionRules) -> None:
    """Add the feedback reactions to a message, one after the other. Never raises."""
    channel = client.get_partial_messageable(int(posted.channel_id))
    message = channel.get_partial_message(int(posted.message_id))
    for emoji, _ in rules.events:
        try:
            await message.add_reaction(emoji)
        except (discord.Forbidden, discord.NotFound) as refused:
            _log.warning("no reactions on message %s, members have the buttons: %s", posted.message_id, refused)
            if not _is_unknown_emoji(refused):
                return
        except discord.HTTPException as refused:
            _log.warning("reaction %s on message %s was refused: %s", emoji, posted.message_id, refused)


async def picture_of(playlist: PlaylistView) -> bytes | None:
    """The curve of the energy, drawn beside the loop; None where there is nothing to draw."""
    energies = [song.energy for song in playlist.songs]
    if sum(energy is not None for energy in energies) < 2:
        return None
    return await asyncio.to_thread(energy_curve, energies, playlist.arc)


def _is_unknown_emoji(refused: discord.HTTPException) -> bool:
    return refused.code == 10014
