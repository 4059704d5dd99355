"""The channels of servers, to post into without being asked there: a `bot.services.schedules.views.Rooms`.

The bot may be made anew while the app goes on, so the app keeps one of these and hands each bot over to it.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from datetime import datetime
from typing import Any

import discord

from bot.client.cards.accounts import told_card
from bot.client.cards.layout import Card
from bot.client.cards.recap import recap_card
from bot.client.cards.schedules import stopped_card
from bot.client.channel_permissions import lacking_to_write, permissions_in
from bot.client.interaction_response import UNREACHABLE
from bot.client.publishing.card_places import ChannelPlace, ServerChannel, channel_refusal
from bot.client.publishing.card_poster import CardPoster
from bot.client.texts.messages import Messages, messages_for
from bot.errors import DiscordRefused, Gone, NotAllowed
from bot.services.guilds.recaps import Recap
from bot.services.schedules.views import ScheduleView
from bot.services.values import Posted

_log = logging.getLogger(__name__)

SEARCHED = 500
"""Messages after a slot that are searched for its card."""


class ChannelDirectory:
    """Finds channels through the bot that was handed over last."""

    def __init__(self) -> None:
        self._bot: discord.Client | None = None

    def attach_bot(self, bot: discord.Client) -> None:
        """From now on through this bot."""
        self._bot = bot

    @property
    def connected(self) -> bool:
        """Whether the bot is logged in and knows its servers."""
        return self._bot is not None and self._bot.is_ready() and not self._bot.is_closed()

    async def room(self, guild_id: str, channel_id: str) -> DiscordRoom:
        """A channel of that server. Raises NotAllowed when the bot may not write there, Gone, DiscordRefused."""
        guild = await self._guild(guild_id)
        channel = guild.get_channel_or_thread(int(channel_id)) or await self._fetched(guild, int(channel_id))
        if not isinstance(channel, ServerChannel) or channel.guild.id != guild.id:
            raise Gone(what="channel")
        _check_rights(channel)
        return DiscordRoom(self._client, channel)

    async def post_recap(self, guild_id: str, channel_id: str, recap: Recap, *, nonce: str) -> CardPoster:
        """Post what a recap says, and give what posts its playlist. Raises NotAllowed, Gone, DiscordRefused."""
        return await (await self.room(guild_id, channel_id)).post_recap(recap, nonce=nonce)

    async def tell_stopped(self, schedule: ScheduleView) -> None:
        """Tell those who run the server that we stopped a schedule of theirs. Never raises."""
        await self._tell(schedule.guild_id, lambda say: stopped_card(schedule, say=say))

    async def tell_recap_stopped(self, guild_id: str, channel_id: str, permission: str | None) -> None:
        """Tell them that their recap is posted no more, for want of `permission` or of the channel. Never raises."""
        await self._tell(guild_id, lambda say: told_card(say.recap_stopped(f"<#{channel_id}>", permission)))

    async def _tell(self, guild_id: str, card_in: Callable[[Messages], Card]) -> None:
        """Where the server has a channel for news about itself, else to its owner."""
        try:
            guild = await self._guild(guild_id)
        except (Gone, DiscordRefused) as error:
            _log.warning("nobody of server %s could be told of something stopped: %r", guild_id, error)
            return
        card = card_in(messages_for(guild.preferred_locale))
        for send in (_to_system_channel, _to_owner):
            try:
                if await send(self._client, guild, card):
                    return
            except (discord.HTTPException, *UNREACHABLE) as refused:
                _log.info("server %s was not told of something stopped by %s: %s", guild.id, send.__name__, refused)

    async def write_to(self, discord_id: str, card: Card) -> bool:
        """Send a card to a member in a direct message; whether it went out. Never raises: some take none from us."""
        try:
            user = await self._client.fetch_user(int(discord_id))
            await user.send(view=card)
        except (DiscordRefused, discord.HTTPException, *UNREACHABLE, ValueError) as refused:
            _log.info("a member could not be written to: %s", type(refused).__name__)
            return False
        return True

    def operators(self) -> tuple[str, ...]:
        """The Discord ids of those to whom the application belongs; nobody while the bot is not connected."""
        return () if self._bot is None else operators_of(self._bot)

    def client(self) -> discord.Client:
        """The bot that is connected. Raises DiscordRefused while none is."""
        return self._client

    @property
    def _client(self) -> discord.Client:
        if self._bot is None or self._bot.is_closed():
            raise DiscordRefused(cause="the bot is not connected")
        return self._bot

    async def _guild(self, guild_id: str) -> discord.Guild:
        """The server, with its channels. Raises Gone when the bot is not there any more."""
        guild = self._client.get_guild(int(guild_id))
        if guild is not None and not guild.unavailable:
            return guild
        if guild is None:
            try:
                await self._client.fetch_guild(int(guild_id), with_counts=False)
            except (discord.NotFound, discord.Forbidden) as gone:
                raise Gone(what="server") from gone
            except (discord.HTTPException, *UNREACHABLE) as error:
                raise DiscordRefused(cause=repr(error)) from error
        raise DiscordRefused(cause=f"server {guild_id} is not available")

    async def _fetched(self, guild: discord.Guild, channel_id: int) -> Any:
        """A channel that is not known, such as a thread that was archived."""
        try:
            return await guild.fetch_channel(channel_id)
        except (discord.NotFound, discord.InvalidData) as gone:
            raise Gone(what="channel") from gone
        except discord.Forbidden as closed:
            raise NotAllowed("view_channel", bot_lacks=True, channel_id=str(channel_id)) from closed
        except (discord.HTTPException, *UNREACHABLE) as error:
            raise DiscordRefused(cause=repr(error)) from error


def operators_of(client: discord.Client) -> tuple[str, ...]:
    """The Discord ids of those to whom the application belongs, as Discord told at the login."""
    application = client.application
    if application is None:
        return ()
    if application.team is None:
        return (str(application.owner.id),)
    return tuple(str(one.id) for one in application.team.members if one.role is not discord.TeamMemberRole.read_only)


class DiscordRoom:
    """One channel that the bot may write to."""

    def __init__(self, client: discord.Client, channel: ServerChannel) -> None:
        self._client = client
        self._channel = channel

    def publisher(self, schedule: ScheduleView, *, nonce: str, check: Callable[[], None]) -> CardPoster:
        """A publisher for one post of a schedule, whose card says why it is there."""
        place = ChannelPlace(client=self._client, channel=self._channel, nonce=nonce, check=check)
        return CardPoster(place, note=place.say.scheduled_here(place.say.when(schedule.when)))

    async def post_recap(self, recap: Recap, *, nonce: str) -> CardPoster:
        """Post what a recap says, and give what posts its playlist. Raises NotAllowed, Gone, DiscordRefused."""
        place = ChannelPlace(client=self._client, channel=self._channel, nonce=nonce, check=lambda: None)
        try:
            await self._channel.send(view=recap_card(recap, links=place.abilities.links, say=place.say))
        except (discord.HTTPException, *UNREACHABLE) as error:
            raise channel_refusal(error) from error
        return CardPoster(place)

    async def find(self, playlist_id: str, *, since: datetime) -> Posted | None:
        """The message of ours whose buttons carry that playlist. Raises NotAllowed, DiscordRefused."""
        me = self._channel.guild.me
        if not permissions_in(self._channel, self._channel.guild).read_message_history:
            raise NotAllowed("read_message_history", bot_lacks=True, channel_id=str(self._channel.id))
        try:
            async for message in self._channel.history(after=since, limit=SEARCHED, oldest_first=True):
                if message.author.id == me.id and _carries(message, playlist_id):
                    return _posted(message)
        except discord.Forbidden as closed:
            raise NotAllowed("read_message_history", bot_lacks=True, channel_id=str(self._channel.id)) from closed
        except (discord.HTTPException, *UNREACHABLE) as error:
            raise DiscordRefused(cause=repr(error)) from error
        return None


def _check_rights(channel: ServerChannel) -> None:
    """Raises NotAllowed when the bot may not see the channel or not write into it."""
    if lacking := lacking_to_write(channel, channel.guild):
        raise NotAllowed(lacking, bot_lacks=True, channel_id=str(channel.id))


def _carries(message: discord.Message, playlist_id: str) -> bool:
    return f":{playlist_id}" in json.dumps([component.to_dict() for component in message.components])


def _posted(message: discord.Message) -> Posted:
    guild_id = None if message.guild is None else str(message.guild.id)
    return Posted(guild_id=guild_id, channel_id=str(message.channel.id), message_id=str(message.id))


async def _to_system_channel(client: discord.Client, guild: discord.Guild, card: Card) -> bool:
    """Into the channel that the server has for news about itself, where we may write there."""
    channel = guild.system_channel
    if channel is None or lacking_to_write(channel, guild):
        return False
    await channel.send(view=card)
    return True


async def _to_owner(client: discord.Client, guild: discord.Guild, card: Card) -> bool:
    """To the one who owns the server."""
    if guild.owner_id is None:
        return False
    owner = await client.fetch_user(guild.owner_id)
    await owner.send(view=card)
    return True
