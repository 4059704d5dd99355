"""Answering one message: a reply that is written once and changed from then on."""

from __future__ import annotations

import io

import discord

from bot.client.cards.layout import Card
from bot.client.cards.picture import PICTURE
from bot.client.channel_permissions import permissions_in
from bot.client.texts.messages import ENGLISH, Messages


class MessageReply:
    """The answer to one message. Discord tells no language of somebody who writes, so it is in English."""

    owed = False

    def __init__(self, message: discord.Message) -> None:
        self.message = message
        self.say: Messages = ENGLISH
        self._reply: discord.Message | None = None

    @property
    def name(self) -> str:
        """What the log calls it."""
        return f"message {self.message.id}"

    async def show(self, card: Card, *, picture: bytes | None = None) -> discord.Message:
        """Reply with `card`, or put it in the place of what was replied. Raises discord.HTTPException."""
        file = discord.File(io.BytesIO(picture), PICTURE) if picture else None
        if self._reply is not None:
            try:
                self._reply = await self._reply.edit(
                    view=card, attachments=[file] if file else [], allowed_mentions=discord.AllowedMentions.none()
                )
                return self._reply
            except discord.NotFound:
                # Somebody deleted it: say it anew.
                if file is not None:
                    file.reset()
        self._reply = await self._send(card, file)
        return self._reply

    async def fail(self, card: Card) -> None:
        """Show a failure in the place of what was replied. Raises discord.HTTPException."""
        await self.show(card)

    async def _send(self, card: Card, file: discord.File | None) -> discord.Message:
        # A reply needs the right to read what it answers; without it, it is a message of its own.
        channel = self.message.channel
        history = permissions_in(channel, self.message.guild).read_message_history
        reference = self.message.to_reference(fail_if_not_exists=False) if history else None
        if file is None:
            return await channel.send(view=card, reference=reference) if reference else await channel.send(view=card)
        if reference is None:
            return await channel.send(view=card, file=file)
        return await channel.send(view=card, file=file, reference=reference)
