"""Letters to members about their links, as direct messages: a `bot.services.accounts.expiry_reminders.LinkNotifier`."""

from __future__ import annotations

from datetime import datetime

from bot.client.cards.accounts import told_card
from bot.client.publishing.channel_directory import ChannelDirectory
from bot.client.texts.messages import ENGLISH, Messages


class DiscordLinkNotifier:
    """Writes through the bot that is connected; Discord tells no language of somebody who does not ask."""

    def __init__(self, rooms: ChannelDirectory, *, say: Messages = ENGLISH) -> None:
        self._rooms = rooms
        self._say = say

    async def link_ends(self, discord_id: str, moment: datetime) -> None:
        """Two weeks before a link ends."""
        await self._rooms.write_to(discord_id, told_card(self._say.link_ends(moment)))

    async def link_ended(self, discord_id: str) -> None:
        """A link has turned out to be dead."""
        await self._rooms.write_to(discord_id, told_card(self._say.link_ended()))

    async def owner_link_ends(self, moment: datetime) -> None:
        """The account for everyone ends in two weeks."""
        for discord_id in self._rooms.operators():
            await self._rooms.write_to(discord_id, told_card(self._say.owner_link_ends(moment)))
