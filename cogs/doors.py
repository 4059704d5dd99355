"""The other doors: a mention, a direct message, and the menu of a message."""

from __future__ import annotations

import discord
from discord import app_commands
from discord.app_commands import locale_str
from discord.ext import commands

from bot.client.access_check import check_access
from bot.client.cards.notice import failure_card
from bot.client.channel_permissions import lacking_to_write
from bot.client.context import Interaction, VibratoClient
from bot.client.error_handling import error_boundary, message_boundary
from bot.client.interaction_response import requester_of
from bot.client.markdown import escaped
from bot.client.message_parsing import beginning, is_from_member, mentions, requester_of_message, words_of
from bot.client.message_reply import MessageReply
from bot.client.publishing.card_places import MessagePlace
from bot.client.publishing.card_poster import CardPoster, open_poster
from bot.client.texts.messages import ENGLISH
from bot.errors import EmptyMessage
from bot.requests import keep_private
from bot.services.request_words import TEXT_LIMIT
from bot.services.values import VibeRequest


class DoorsCog(commands.Cog):
    """Takes words where they are written. Only messages that name the bot, or are sent to it, are ever read."""

    def __init__(self, bot: VibratoClient) -> None:
        self._bot = bot
        self._playlists = bot.services.playlists
        self._limits = bot.services.limits
        self._menu = app_commands.ContextMenu(
            name=locale_str(ENGLISH.FROM_MESSAGE),
            callback=self.from_message,
            allowed_contexts=app_commands.AppCommandContext(guild=True, dm_channel=True, private_channel=False),
            allowed_installs=app_commands.AppInstallationType(guild=True, user=False),
        )

    async def cog_load(self) -> None:
        """Put the menu's entry in; a cog does not do that by itself."""
        self._bot.tree.add_command(self._menu, override=True)

    async def cog_unload(self) -> None:
        """Take it out again."""
        self._bot.tree.remove_command(self._menu.name, type=self._menu.type)

    @commands.Cog.listener()
    async def on_message(self, message: discord.Message) -> None:
        """Answer a mention and a direct message with a playlist, or with how to ask for one."""
        if self._bot.user is None or not is_from_member(message):
            return
        if message.guild is not None and not mentions(message.content, self._bot.user.id):
            return
        if lacking_to_write(message.channel, message.guild):
            return
        async with message_boundary(message, self._bot.watcher) as answer:
            if await self._limits.claim(str(message.id)):
                await self._answer(message, answer)

    async def _answer(self, message: discord.Message, answer: MessageReply) -> None:
        requester, words = requester_of_message(message), words_of(message.content)
        keep_private(words)
        if not words:
            async with self._limits.request(requester):
                sentence = answer.say.door_help(private=message.guild is None)
                await answer.show(failure_card(sentence, audience="all", say=answer.say))
            return
        heading = answer.say.listening(escaped(words, TEXT_LIMIT))
        publisher = CardPoster(MessagePlace(self._bot, answer), heading=heading, pace=self._bot.pace)
        request = VibeRequest(text=words, requester=requester, press_id=f"message:{message.id}")
        await self._playlists.create(request, publisher=publisher)
        await publisher.add_reactions()

    async def from_message(self, interaction: Interaction, message: discord.Message) -> None:
        """A playlist out of what somebody wrote. The words of others are read and not stored."""
        async with error_boundary(interaction, audience="all") as answer:
            words = beginning(words_of(message.content))
            keep_private(words)
            if not words:
                raise EmptyMessage
            request = VibeRequest(
                text=words,
                requester=requester_of(interaction),
                press_id=str(interaction.id),
                keep_words=message.author.id == interaction.user.id,
            )
            rules = await check_access(self._playlists, request.requester, only_me=False)
            heading = answer.say.listening(escaped(words, 120))
            publisher = await open_poster(answer, heading=heading, only_me=False, pace=self._bot.pace)
            await self._playlists.create(request, publisher=publisher, rules=rules)
            await publisher.add_reactions()
