"""The bot as Discord sees it: what it may, what it listens to, and the services its cogs and buttons call."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.client.commands import CommandStore, sync_commands
from bot.client.components.forms import take_in
from bot.client.components.persistent_button import Components, answer_unknown
from bot.client.context import VibratoClient
from bot.client.error_handling import report_error
from bot.client.interaction_response import InteractionReply
from bot.client.openapi_payloads import speak_exactly
from bot.client.publishing.edit_throttle import EditThrottle, PressGuard
from bot.requests import Watcher
from bot.services.app_services import AppServices

_log = logging.getLogger(__name__)

INTENTS = discord.Intents(
    guilds=True,
    guild_messages=True,
    guild_reactions=True,
    dm_messages=True,
    dm_reactions=True,
    voice_states=True,
)
"""13953, and nothing of it privileged. Guilds tell where we are, reactions are feedback, voice states tell who is in a
voice channel with the one who asks for everyone there; of messages Discord shows us the words only where we are
mentioned, and those that are sent to us."""

PERMISSIONS = discord.Permissions(
    view_channel=True,
    send_messages=True,
    send_messages_in_threads=True,
    embed_links=True,  # titles that lead to the song
    attach_files=True,  # the picture of the energy
    read_message_history=True,  # needed for reactions on one's own messages
    add_reactions=True,
)
"""274878024768: all that a full card needs. Where one is missing, the card is simpler."""


def invite_link(application_id: int) -> str:
    """The address at which somebody who runs a server lets the bot in, with exactly what it needs."""
    return discord.utils.oauth_url(application_id, permissions=PERMISSIONS, scopes=("bot", "applications.commands"))


class Tree(app_commands.CommandTree["VibratoBot"]):
    """The commands; what fails before one of them runs is told here."""

    async def on_message(self, message: discord.Message, /) -> None:
        """Nothing: there are no commands by prefix, and the cog of the doors reads what is meant for us."""

    async def on_error(self, interaction: discord.Interaction[Any], error: app_commands.AppCommandError) -> None:
        """Tell the member. The cogs tell what fails inside a command."""
        await report_error(InteractionReply(interaction), error)


class VibratoBot(VibratoClient):
    """Cogs are made with the bot itself and find the services on it; nothing long-lived starts in here.

    With `commands_store` the commands are registered with Discord at the start if their tree has changed; `watcher` is
    told of every request that has ended.
    """

    def __init__(
        self,
        *,
        cogs: Sequence[Callable[[VibratoBot], commands.Cog]],
        services: AppServices,
        components: Components,
        commands_store: CommandStore | None = None,
        watcher: Watcher | None = None,
    ) -> None:
        speak_exactly()
        super().__init__(
            command_prefix=commands.when_mentioned,
            help_command=None,
            intents=INTENTS,
            allowed_mentions=discord.AllowedMentions.none(),
            tree_cls=Tree,
            # No message is ever looked up again.
            max_messages=None,
        )
        self.services = services
        self.watcher = watcher
        self.pace = EditThrottle()
        self.presses = PressGuard()
        self._cog_makers = tuple(cogs)
        self._components = components
        self._commands_store = commands_store

    async def setup_hook(self) -> None:
        """Take in the cogs and what can be pressed; register the commands if they changed."""
        for make in self._cog_makers:
            await self.add_cog(make(self), override=True)
        self.add_dynamic_items(*self._components.buttons)
        if self._commands_store is not None:
            await sync_commands(self, self._commands_store)

    async def on_interaction(self, interaction: discord.Interaction[Any]) -> None:
        """Take in the forms that members send off, and the presses that nothing answers any more.

        discord.py sees to everything else.
        """
        if interaction.type is discord.InteractionType.modal_submit:
            await take_in(interaction, self._components.forms)
        elif interaction.type is discord.InteractionType.component:
            await answer_unknown(interaction, self._components.buttons)

    async def on_error(self, event_method: str, /, *args: Any, **kwargs: Any) -> None:
        """Log what fails in an event; the bot goes on."""
        _log.exception("event %s failed", event_method)
