"""The four places that a playlist's card goes to: an answer, a follow-up, a reply, a channel."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import discord

from bot.client.cards.layout import Card
from bot.client.cards.picture import PICTURE
from bot.client.cards.playlist import Abilities
from bot.client.channel_permissions import abilities_in, abilities_of
from bot.client.interaction_response import InteractionReply
from bot.client.message_reply import MessageReply
from bot.client.texts.messages import Messages, messages_for
from bot.errors import DiscordRefused, Gone, NotAllowed, VibratoError

ServerChannel = discord.TextChannel | discord.VoiceChannel | discord.StageChannel | discord.Thread
"""Channels of servers that are written in."""

_GONE = {10003: "channel", 10004: "server"}
_CLOSED = {50001: "view_channel", 50013: "send_messages"}
"""Codes of Discord for what is not there, and for what the bot may not do, by the permission that is missing."""


class _OfInteraction:
    """Where an interaction is: its server and channel, its language, and what it says that we may do there."""

    def __init__(self, answer: InteractionReply) -> None:
        self._answer = answer
        self.say = answer.say
        self.client: discord.Client = answer.interaction.client
        self.guild_id = answer.interaction.guild_id
        self.channel_id = answer.interaction.channel_id

    @property
    def abilities(self) -> Abilities:
        """What a card may have there."""
        return abilities_of(self._answer.interaction)

    def refusal(self, error: Exception) -> VibratoError:
        """Only that it did not go out: the one who asked sees for themselves whether the channel is still there."""
        return DiscordRefused(cause=str(error))


class InteractionPlace(_OfInteraction):
    """In the place of what an interaction was answered with."""

    async def show(self, card: Card, picture: bytes | None) -> discord.Message:
        """Change the answer. Raises discord.HTTPException."""
        return await self._answer.edit(card, file=_file(picture))


class FollowUpPlace(_OfInteraction):
    """Behind what an interaction was answered with."""

    async def show(self, card: Card, picture: bytes | None) -> discord.Message:
        """Send one more message. Raises discord.HTTPException."""
        send = self._answer.interaction.followup.send
        file = _file(picture)
        return await (send(view=card, wait=True) if file is None else send(view=card, file=file, wait=True))


class MessagePlace:
    """The reply to a member's message."""

    def __init__(self, client: discord.Client, answer: MessageReply) -> None:
        self._answer = answer
        self.client = client
        self.say = answer.say

    @property
    def guild_id(self) -> int | None:
        """The server of the message."""
        guild = self._answer.message.guild
        return None if guild is None else guild.id

    @property
    def channel_id(self) -> int:
        """The channel of the message."""
        return self._answer.message.channel.id

    @property
    def abilities(self) -> Abilities:
        """What a card may have there."""
        return abilities_in(self._answer.message.channel, self._answer.message.guild)

    async def show(self, card: Card, picture: bytes | None) -> discord.Message:
        """Reply, or change the reply. Raises discord.HTTPException."""
        return await self._answer.show(card, picture=picture)

    def refusal(self, error: Exception) -> VibratoError:
        """Only that it did not go out."""
        return DiscordRefused(cause=str(error))


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelPlace:
    """A channel that the bot writes into by itself.

    Two sends with one `nonce` (up to 25 characters) within minutes are one message. `check` is called right before each
    send and may raise.
    """

    client: discord.Client
    channel: ServerChannel
    nonce: str
    check: Callable[[], None]

    @property
    def guild_id(self) -> int:
        """The server of the channel."""
        return self.channel.guild.id

    @property
    def channel_id(self) -> int:
        """The channel itself."""
        return self.channel.id

    @property
    def say(self) -> Messages:
        """The language of the server."""
        return messages_for(self.channel.guild.preferred_locale)

    @property
    def abilities(self) -> Abilities:
        """What a card may have there."""
        return abilities_in(self.channel, self.channel.guild)

    async def show(self, card: Card, picture: bytes | None) -> discord.Message:
        """Send a message. Raises discord.HTTPException, and what `check` raises."""
        self.check()
        sent: dict[str, Any] = {} if picture is None else {"file": _file(picture)}
        message: discord.Message = await self.channel.send(view=card, nonce=self.nonce, **sent)
        return message

    def refusal(self, error: Exception) -> VibratoError:
        """What it says about the channel: nobody is there to see whether it is closed to us."""
        return channel_refusal(error)


def channel_refusal(error: Exception) -> Gone | NotAllowed | DiscordRefused:
    """A refusal of Discord's as what it says about a channel: gone, closed to us, or only this time."""
    code = error.code if isinstance(error, discord.HTTPException) else None
    if code in _GONE:
        return Gone(what=_GONE[code])
    if code in _CLOSED:
        return NotAllowed(permission=_CLOSED[code], bot_lacks=True)
    return DiscordRefused(cause=repr(error))


def _file(picture: bytes | None) -> discord.File | None:
    return None if picture is None else discord.File(io.BytesIO(picture), PICTURE)
