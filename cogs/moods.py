"""`/moods`: the moods of a server, each playable with one press. `/mood`: what its moderators make of them.

They are two commands because Discord hides a command as a whole: members see the one, moderators both.
"""

from __future__ import annotations

import discord
from discord import app_commands
from discord.app_commands import locale_str
from discord.ext import commands

from bot.client.access_check import check_access
from bot.client.cards.mood_draft import hidden_card, mood_list_card, removal_card
from bot.client.cards.moods import moods_card
from bot.client.components.autocomplete import managed_mood_choices, mood_choices
from bot.client.components.moods import new_mood_form, show_draft
from bot.client.context import Interaction, VibratoClient
from bot.client.error_handling import error_boundary
from bot.client.interaction_response import InteractionReply, managed_guild, may_manage, requester_of
from bot.client.markdown import escaped
from bot.client.publishing.card_poster import open_poster
from bot.client.texts.messages import ENGLISH
from bot.services.moods.editor import WORDS_LIMIT, MoodForm


class MoodsCog(commands.Cog):
    """The door for those who have no words, and for those who give a server its moods."""

    mood = app_commands.Group(
        name=locale_str(ENGLISH.MOOD_GROUP),
        description=locale_str(ENGLISH.MOOD_GROUP_DESCRIPTION),
        default_permissions=discord.Permissions(manage_guild=True),
        allowed_installs=app_commands.AppInstallationType(guild=True, user=False),
        allowed_contexts=app_commands.AppCommandContext(guild=True, dm_channel=False, private_channel=False),
    )

    def __init__(self, bot: VibratoClient) -> None:
        self._bot = bot
        self._moods = bot.services.moods
        self._edits = bot.services.mood_edits

    @app_commands.command(name=locale_str(ENGLISH.MOODS_NAME), description=locale_str(ENGLISH.MOODS_DESCRIPTION))
    @app_commands.describe(mood=locale_str(ENGLISH.MOODS_PLAY), only_me=locale_str(ENGLISH.MOODS_ONLY_ME))
    @app_commands.autocomplete(mood=mood_choices)
    @app_commands.allowed_installs(guilds=True, users=False)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=False)
    async def moods(self, interaction: Interaction, mood: str | None = None, only_me: bool = False) -> None:
        """Show the moods, or play one; what a press on a private card plays is private too."""
        async with error_boundary(interaction, audience="me" if only_me else "all") as answer:
            if mood is not None:
                await self._play(interaction, answer, mood, only_me=only_me)
                return
            await answer.think(private=only_me)
            moods = await self._moods.all(requester_of(interaction).guild_id)
            await answer.edit(moods_card(moods, manager=may_manage(interaction), say=answer.say))

    @mood.command(name="list", description=locale_str(ENGLISH.MOOD_LIST))
    async def list_moods(self, interaction: Interaction) -> None:
        """Show all of them, hidden ones too."""
        async with error_boundary(interaction) as answer:
            guild_id = await answer.manage()
            await answer.edit(mood_list_card(await self._moods.every(guild_id), say=answer.say))

    @mood.command(description=locale_str(ENGLISH.MOOD_ADD))
    async def add(self, interaction: Interaction) -> None:
        """Open the form of a new mood."""
        async with error_boundary(interaction) as answer:
            managed_guild(interaction)
            await answer.ask(new_mood_form(answer.say))

    @mood.command(description=locale_str(ENGLISH.MOOD_EDIT))
    @app_commands.describe(mood=locale_str(ENGLISH.MOOD_WHICH))
    @app_commands.autocomplete(mood=managed_mood_choices)
    async def edit(self, interaction: Interaction, mood: str) -> None:
        """Show the mood as a draft."""
        async with error_boundary(interaction) as answer:
            guild_id = await answer.manage()
            await show_draft(interaction, answer, guild_id, await self._edits.begin_edit(guild_id, mood))

    @mood.command(description=locale_str(ENGLISH.MOOD_REMOVE))
    @app_commands.describe(mood=locale_str(ENGLISH.MOOD_WHICH))
    @app_commands.autocomplete(mood=managed_mood_choices)
    async def remove(self, interaction: Interaction, mood: str) -> None:
        """Ask first."""
        async with error_boundary(interaction) as answer:
            guild_id = await answer.manage()
            await answer.edit(removal_card(await self._edits.find(guild_id, mood), say=answer.say))

    @mood.command(description=locale_str(ENGLISH.MOOD_PREVIEW))
    @app_commands.describe(words=locale_str(ENGLISH.MOOD_WORDS), mood=locale_str(ENGLISH.MOOD_WHICH))
    @app_commands.autocomplete(mood=managed_mood_choices)
    async def preview(
        self,
        interaction: Interaction,
        words: app_commands.Range[str, 1, WORDS_LIMIT] | None = None,
        mood: str | None = None,
    ) -> None:
        """Show what it would play: of words, which can be saved from there, or of a mood as it is."""
        async with error_boundary(interaction) as answer:
            guild_id = await answer.manage()
            if mood is not None and words is None:
                draft = await self._edits.begin_edit(guild_id, mood)
            else:
                draft = await self._edits.begin(guild_id, MoodForm(), words or "")
            await show_draft(interaction, answer, guild_id, draft)

    @mood.command(description=locale_str(ENGLISH.MOOD_DISABLE))
    @app_commands.describe(mood=locale_str(ENGLISH.MOOD_WHICH))
    @app_commands.autocomplete(mood=managed_mood_choices)
    async def disable(self, interaction: Interaction, mood: str) -> None:
        """Hide it here."""
        async with error_boundary(interaction) as answer:
            guild_id = await answer.manage()
            await answer.edit(hidden_card(await self._edits.hide(guild_id, mood), say=answer.say))

    @mood.command(description=locale_str(ENGLISH.MOOD_ENABLE))
    @app_commands.describe(mood=locale_str(ENGLISH.MOOD_WHICH))
    @app_commands.autocomplete(mood=managed_mood_choices)
    async def enable(self, interaction: Interaction, mood: str) -> None:
        """Show it here again."""
        async with error_boundary(interaction) as answer:
            guild_id = await answer.manage()
            await answer.edit(hidden_card(await self._edits.show(guild_id, mood), say=answer.say))

    async def _play(self, interaction: Interaction, answer: InteractionReply, typed: str, *, only_me: bool) -> None:
        requester = requester_of(interaction)
        rules = await check_access(self._bot.services.playlists, requester, only_me=only_me)
        mood = await self._moods.named(requester.guild_id, typed, rules=rules)
        heading = answer.say.listening(escaped(mood.label, 60))
        publisher = await open_poster(answer, heading=heading, only_me=only_me, pace=self._bot.pace)
        await self._bot.services.playlists.play_mood(mood.key, requester, publisher, only_me=only_me, rules=rules)
        await publisher.add_reactions()
