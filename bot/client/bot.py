"""The bot as Discord sees it: what it may, what it listens to, and the services its cogs and buttons call."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.client.commands import CommandStore, sync_commands
from bot.client.components.accounts import ACCOUNT_FORMS, ACCOUNT_PRESSES
from bot.client.components.file_export import ExportSet
from bot.client.components.forms import take_in
from bot.client.components.history import HISTORY_FORMS, HISTORY_PRESSES
from bot.client.components.moods import MOOD_FORMS, MOOD_PRESSES
from bot.client.components.playlists import PRESSES, PersistentButton, answer_unknown
from bot.client.components.privacy import PRIVACY_PRESSES
from bot.client.components.publishing import SAVING_PRESSES
from bot.client.components.schedules import SCHEDULE_PRESSES
from bot.client.components.settings import SETTINGS_FORMS, SETTINGS_PRESSES
from bot.client.components.taste import TASTE_PRESSES
from bot.client.components.why import WHY_FORMS, WHY_PRESSES
from bot.client.error_handling import report_error
from bot.client.interaction_response import InteractionReply
from bot.client.openapi_payloads import speak_exactly
from bot.client.publishing.edit_throttle import EditThrottle, PressGuard
from bot.requests import Watcher

if TYPE_CHECKING:
    from bot.services.accounts.play_history import ListeningService
    from bot.services.accounts.service import AccountService
    from bot.services.feedback.service import FeedbackService
    from bot.services.feedback.taste_profile import TasteProfileService
    from bot.services.guilds.recaps import RecapService
    from bot.services.guilds.settings import SettingsService
    from bot.services.library.member_library import MemberLibraryService
    from bot.services.moods.editor import MoodEditService
    from bot.services.moods.service import MoodService
    from bot.services.playlists.history import HistoryService
    from bot.services.playlists.service import PlaylistService
    from bot.services.privacy.service import PrivacyService
    from bot.services.publishing.service import PublishingService
    from bot.services.rate_limits import LimitService
    from bot.services.schedules.service import ScheduleService

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


_PRESSES: tuple[type[PersistentButton], ...] = (
    *(*PRESSES, *ACCOUNT_PRESSES, ExportSet, *SAVING_PRESSES, *HISTORY_PRESSES, *PRIVACY_PRESSES),
    *(*MOOD_PRESSES, *SETTINGS_PRESSES, *SCHEDULE_PRESSES, *TASTE_PRESSES, *WHY_PRESSES),
)
_FORMS = (*ACCOUNT_FORMS, *HISTORY_FORMS, *MOOD_FORMS, *SETTINGS_FORMS, *WHY_FORMS)


class VibratoBot(commands.Bot):
    """Cogs are made with the bot itself and find the services on it; nothing long-lived starts in here.

    With `commands_store` the commands are registered with Discord at the start if their tree has changed; `watcher` is
    told of every request that has ended.
    """

    def __init__(
        self,
        *,
        cogs: Sequence[Callable[[VibratoBot], commands.Cog]],
        playlists: PlaylistService,
        feedback: FeedbackService,
        moods: MoodService,
        mood_edits: MoodEditService,
        settings: SettingsService,
        schedules: ScheduleService,
        history: HistoryService,
        privacy: PrivacyService,
        limits: LimitService,
        publishing: PublishingService,
        accounts: AccountService,
        own_library: MemberLibraryService,
        listening: ListeningService,
        taste_profiles: TasteProfileService,
        recaps: RecapService,
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
        self.playlists = playlists
        self.feedback = feedback
        self.moods = moods
        self.mood_edits = mood_edits
        self.settings = settings
        self.schedules = schedules
        self.history = history
        self.privacy = privacy
        self.limits = limits
        self.publishing = publishing
        self.accounts = accounts
        self.own_library = own_library
        self.listening = listening
        self.taste_profiles = taste_profiles
        self.recaps = recaps
        self.watcher = watcher
        self.pace = EditThrottle()
        self.presses = PressGuard()
        self._cog_makers = tuple(cogs)
        self._commands_store = commands_store

    async def setup_hook(self) -> None:
        """Take in the cogs and what can be pressed; register the commands if they changed."""
        for make in self._cog_makers:
            await self.add_cog(make(self), override=True)
        self.add_dynamic_items(*_PRESSES)
        if self._commands_store is not None:
            await sync_commands(self, self._commands_store)

    async def on_interaction(self, interaction: discord.Interaction[Any]) -> None:
        """Take in the forms that members send off, and the presses that nothing answers any more.

        discord.py sees to everything else.
        """
        if interaction.type is discord.InteractionType.modal_submit:
            await take_in(interaction, _FORMS)
        elif interaction.type is discord.InteractionType.component:
            await answer_unknown(interaction, _PRESSES)

    async def on_error(self, event_method: str, /, *args: Any, **kwargs: Any) -> None:
        """Log what fails in an event; the bot goes on."""
        _log.exception("event %s failed", event_method)
