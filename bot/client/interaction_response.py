"""Answering one interaction: the first word within three seconds, and what follows it, whatever was said first."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Sequence
from typing import Any, Literal

import aiohttp
import discord

from bot.client.cards.layout import Card
from bot.client.texts.messages import Messages, messages_for
from bot.errors import NotAllowed
from bot.services.values import Present, Requester

_log = logging.getLogger(__name__)

UNKNOWN_MESSAGE = 10008
UNKNOWN_INTERACTION = 10062
ALREADY_ACKNOWLEDGED = 40060

UNREACHABLE = (aiohttp.ClientError, OSError, TimeoutError)
"""What discord.py lets through when the connection to Discord breaks."""

First = Literal["sent", "thinking", "held"]
"""What the first answer was: a message, the promise of one, or only that the card below stays as it is."""


class TooLate(Exception):
    """Discord does not wait for this interaction any more."""


class InteractionReply:
    """The answer to one interaction. `first` is None until something was said."""

    owed = True

    def __init__(self, interaction: discord.Interaction[Any]) -> None:
        self.interaction = interaction
        self.say: Messages = messages_for(interaction.locale)
        self.first: First | None = "sent" if interaction.response.is_done() else None
        self.private = False

    @property
    def name(self) -> str:
        """What the log calls it."""
        return f"interaction {self.interaction.id}"

    async def send(self, card: Card, *, private: bool) -> None:
        """Say something at once. Raises TooLate."""
        await self._acknowledge(self.interaction.response.send_message(view=card, ephemeral=private))
        self.first, self.private = "sent", private

    async def think(self, *, private: bool) -> None:
        """Promise a message; `edit` keeps the promise. Raises TooLate."""
        await self._acknowledge(self.interaction.response.defer(ephemeral=private, thinking=True))
        self.first, self.private = "thinking", private

    async def manage(self) -> str:
        """Promise a private message to one who may manage the server: its id. Raises NotAllowed, TooLate."""
        guild_id = managed_guild(self.interaction)
        await self.think(private=True)
        return guild_id

    async def hold(self) -> None:
        """Take a press on a card without a message; `edit` then changes that card. Raises TooLate."""
        await self._acknowledge(self.interaction.response.defer())
        self.first = "held"

    async def begin(self) -> None:
        """Take in what changes the card that it was pressed on; where there is none, promise a private one."""
        if self.interaction.message is None:
            await self.think(private=True)
        else:
            await self.hold()

    async def ask(self, form: discord.ui.Modal) -> None:
        """Open a form; it is the whole answer. Raises TooLate."""
        await self._acknowledge(self.interaction.response.send_modal(form))
        self.first = "held"

    async def edit(self, card: Card, *, file: discord.File | discord.Attachment | None = None) -> discord.Message:
        """Put `card` in the place of what was sent, promised or pressed on; anew when that was deleted meanwhile.

        `file` is what the card shows: a new picture, or the one of the message that shall stay. Raises
        discord.HTTPException when Discord does not take it.
        """
        try:
            if file is None:
                return await self.interaction.edit_original_response(view=card)
            return await self.interaction.edit_original_response(view=card, attachments=[file])
        except discord.NotFound as gone:
            if gone.code != UNKNOWN_MESSAGE or self.first == "held":
                raise
        if not isinstance(file, discord.File):
            return await self.interaction.followup.send(view=card, ephemeral=self.private, wait=True)
        file.reset()
        return await self.interaction.followup.send(view=card, file=file, ephemeral=self.private, wait=True)

    async def deliver(self, card: Card, files: Sequence[discord.File]) -> None:
        """Put `card` and the files that it names in the place of what was sent or promised.

        Raises discord.HTTPException when Discord does not take it.
        """
        await self.interaction.edit_original_response(view=card, attachments=list(files))

    async def fail(self, card: Card) -> None:
        """Show a failure to the one who asked, and to nobody else. Raises TooLate, discord.HTTPException."""
        if self.first is None:
            await self.send(card, private=True)
        elif self.private:
            await self.edit(card)
        else:
            await self.interaction.followup.send(view=card, ephemeral=True)
            if self.first != "held":
                await self._clear()

    async def _clear(self) -> None:
        """Take away the public card that promised a playlist."""
        try:
            await self.interaction.delete_original_response()
        except discord.HTTPException as refused:
            _log.info("the working card of interaction %s stays: %s", self.interaction.id, refused)

    async def _acknowledge(self, answer: Awaitable[Any]) -> None:
        try:
            await answer
        except discord.HTTPException as error:
            if error.code == UNKNOWN_INTERACTION:
                raise TooLate from error
            # The library tries again when a reply is lost on the way; then the first one had arrived.
            if error.code != ALREADY_ACKNOWLEDGED:
                raise


def requester_of(interaction: discord.Interaction[Any]) -> Requester:
    """Who asks, and where."""
    roles = interaction.user.roles if isinstance(interaction.user, discord.Member) else ()
    parent = interaction.channel.parent_id if isinstance(interaction.channel, discord.Thread) else None
    return Requester(
        user_id=str(interaction.user.id),
        display_name=interaction.user.display_name,
        guild_id=None if interaction.guild_id is None else str(interaction.guild_id),
        channel_id=str(interaction.channel_id),
        parent_channel_id=None if parent is None else str(parent),
        role_ids=tuple(str(role.id) for role in roles if not role.is_default()),
        manager=may_manage(interaction),
    )


def present_with(interaction: discord.Interaction[Any]) -> tuple[Present, ...]:
    """Who is in the voice channel of the one who asks, without bots; nobody where they are in none."""
    voice = interaction.user.voice if isinstance(interaction.user, discord.Member) else None
    if voice is None or voice.channel is None:
        return ()
    here = (one for one in voice.channel.members if not one.bot)
    return tuple(Present(user_id=str(one.id), display_name=one.display_name) for one in here)


def may_manage(interaction: discord.Interaction[Any]) -> bool:
    """Whether the one who asks may manage the server, as Discord says with this very interaction."""
    return interaction.guild_id is not None and interaction.permissions.manage_guild


def managed_guild(interaction: discord.Interaction[Any]) -> str:
    """The id of the server that the one who asks may manage. Raises NotAllowed, in a direct message too.

    `default_permissions` of a command only hides it: every command, press and form of moderators asks here.
    """
    if not may_manage(interaction):
        raise NotAllowed("manage_guild")
    return str(interaction.guild_id)
