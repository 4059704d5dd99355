"""Posts the card of a playlist, wherever it goes: what stands there meanwhile, the card itself, and its reactions."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator
from dataclasses import replace
from typing import Protocol

import discord

from bot.client.cards.layout import Card
from bot.client.cards.playlist import Abilities, plain_card, playlist_card
from bot.client.cards.working import working_card
from bot.client.interaction_response import UNKNOWN_INTERACTION, UNREACHABLE, InteractionReply
from bot.client.publishing.card_places import InteractionPlace
from bot.client.publishing.edit_throttle import EDIT_SECONDS, EditThrottle
from bot.client.texts.messages import Messages
from bot.errors import VibratoError
from bot.facts import Worded
from bot.pictures.energy import energy_curve
from bot.services.values import PlaylistView, Posted, ReactionRules, Stage

_log = logging.getLogger(__name__)

_HOPELESS = frozenset({UNKNOWN_INTERACTION, 10003, 10004, 10015, 50001, 50027})
"""Codes that no simpler card helps against: the interaction, channel, server or webhook is gone or closed to us."""

_UNKNOWN_EMOJI = 10014


class Place(Protocol):
    """Where a card goes. `bot.client.publishing.card_places` has the four that there are."""

    @property
    def client(self) -> discord.Client:
        """The bot that posts there."""

    @property
    def guild_id(self) -> int | None:
        """The server, None in a direct message."""

    @property
    def channel_id(self) -> int | None:
        """The channel or thread."""

    @property
    def say(self) -> Messages:
        """The language that is spoken there."""

    @property
    def abilities(self) -> Abilities:
        """What a card may have there, as of now."""

    async def show(self, card: Card, picture: bytes | None) -> discord.Message:
        """Post `card` with the PNG `picture` that it names, in the place of what was shown before if it can be.

        Raises discord.HTTPException, and whatever a broken connection raises.
        """

    def refusal(self, error: Exception) -> VibratoError:
        """What it means that Discord took no form of the card, `error` being its last answer."""


class CardPoster:
    """A `bot.services.values.Publisher` for one request and one place.

    `heading` (safe to show) says what is being made while it is, None when nobody waits for it. An `only_me` card gets
    no reactions. `pace` is told when the card was written, and `note` is one more line of small print.
    """

    def __init__(
        self,
        place: Place,
        *,
        heading: str | None = None,
        only_me: bool = False,
        pace: EditThrottle | None = None,
        note: str = "",
    ) -> None:
        self._place = place
        self._heading = heading
        self._only_me = only_me
        self._pace = pace
        self._note = note
        self._stage: Stage | None = None
        self._shown_at: float | None = None
        self._edited_at: float | None = None
        self._posted: Posted | None = None
        self._reactions = ReactionRules()

    @property
    def posted(self) -> Posted | None:
        """Where the card was posted, once it was."""
        return self._posted

    async def open(self, answer: InteractionReply) -> None:
        """Answer an interaction at once with the working card. Raises TooLate."""
        card = working_card(self._heading or "", "listening", say=answer.say)
        await answer.send(card, private=self._only_me)
        self._stage, self._shown_at = "listening", _now()

    async def progress(self, stage: Stage) -> None:
        """Show how far the request is, unless the card changed only just now. Never raises."""
        if self._heading is None or stage == self._stage:
            return
        shown_at, now = self._shown_at, _now()
        if shown_at is not None:
            if now - shown_at < EDIT_SECONDS:
                return
            self._edited_at = now
        self._stage, self._shown_at = stage, now
        try:
            await self._place.show(working_card(self._heading, stage, say=self._place.say), None)
        except (discord.HTTPException, *UNREACHABLE) as refused:
            _log.debug("progress of a request was not shown: %s", refused)

    async def publish(self, playlist: PlaylistView, reactions: ReactionRules) -> Posted:
        """Put the playlist in the place of the working card, in the fullest form that Discord takes.

        Raises DiscordRefused when it takes none; in a channel that nobody asked from also NotAllowed and Gone.
        """
        abilities = self._place.abilities
        picture = await picture_of(playlist) if abilities.files else None
        if self._edited_at is not None:
            await asyncio.sleep(max(0.0, self._edited_at + EDIT_SECONDS - _now()))
        message = await self._fullest(self._explained(playlist), abilities, picture)
        if self._pace is not None:
            self._pace.note(message.id)
        self._reactions = reactions
        guild_id = self._place.guild_id
        self._posted = Posted(
            guild_id=None if guild_id is None else str(guild_id),
            channel_id=str(self._place.channel_id),
            message_id=str(message.id),
        )
        return self._posted

    async def add_reactions(self) -> None:
        """Add the feedback reactions to a public card, one after the other. Never raises: the buttons do the same."""
        if self._posted is None or self._only_me or not self._place.abilities.reactions:
            return
        await _add_reactions(self._place.client, self._posted, self._reactions)

    def _explained(self, playlist: PlaylistView) -> PlaylistView:
        return replace(playlist, notes=(*playlist.notes, Worded(text=self._note))) if self._note else playlist

    async def _fullest(self, playlist: PlaylistView, abilities: Abilities, picture: bytes | None) -> discord.Message:
        """The message with the first form of the card that Discord takes."""
        refused: Exception = AssertionError("there is a simplest form")
        say = self._place.say
        for card, attached in _forms(playlist, abilities=abilities, picture=picture, only_me=self._only_me, say=say):
            try:
                return await self._place.show(card, attached)
            except (discord.HTTPException, *UNREACHABLE) as error:
                refused = error
                _log.warning("Discord refused a card of playlist %s: %s", playlist.playlist_id, refused)
                if _is_hopeless(error):
                    break
        raise self._place.refusal(refused) from refused


async def open_poster(answer: InteractionReply, *, heading: str, only_me: bool, pace: EditThrottle) -> CardPoster:
    """A poster whose working card is the answer to an interaction, and stands already. Raises TooLate."""
    poster = CardPoster(InteractionPlace(answer), heading=heading, only_me=only_me, pace=pace)
    await poster.open(answer)
    return poster


async def picture_of(playlist: PlaylistView) -> bytes | None:
    """The curve of the energy, drawn beside the loop; None where there is nothing to draw."""
    energies = [song.energy for song in playlist.songs]
    if sum(energy is not None for energy in energies) < 2:
        return None
    return await asyncio.to_thread(energy_curve, energies, playlist.arc)


def _forms(
    playlist: PlaylistView, *, abilities: Abilities, picture: bytes | None, only_me: bool, say: Messages
) -> Iterator[tuple[Card, bytes | None]]:
    """The card with its picture, without, and in its simplest form: each with the picture that goes with it."""
    for attached in (picture, None) if picture else (None,):
        shown = playlist_card(playlist, abilities=abilities, picture=attached is not None, only_me=only_me, say=say)
        yield shown, attached
    yield plain_card(playlist, say=say), None


def _is_hopeless(error: Exception) -> bool:
    """Whether a simpler card would be refused as well.

    discord.py has tried several times, with growing pauses, before a 5xx comes through: every further form of the card
    would hold the request for as long again.
    """
    return not isinstance(error, discord.HTTPException) or error.status >= 500 or error.code in _HOPELESS


async def _add_reactions(client: discord.Client, posted: Posted, rules: ReactionRules) -> None:
    channel = client.get_partial_messageable(int(posted.channel_id))
    message = channel.get_partial_message(int(posted.message_id))
    for emoji, _ in rules.events:
        try:
            await message.add_reaction(emoji)
        except (discord.Forbidden, discord.NotFound) as refused:
            _log.warning("no reactions on message %s, members have the buttons: %s", posted.message_id, refused)
            if refused.code != _UNKNOWN_EMOJI:
                return
        except (discord.HTTPException, *UNREACHABLE) as refused:
            _log.warning("reaction %s on message %s was refused: %s", emoji, posted.message_id, refused)


def _now() -> float:
    return asyncio.get_running_loop().time()
