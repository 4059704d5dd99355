"""`/vibe`: words in, a playlist in the channel."""

from __future__ import annotations

from discord import app_commands
from discord.app_commands import locale_str
from discord.ext import commands

from bot.client.access_check import check_access
from bot.client.cards.notice import failure_card
from bot.client.context import Interaction, VibratoClient
from bot.client.error_handling import error_boundary
from bot.client.interaction_response import present_with, requester_of
from bot.client.markdown import escaped
from bot.client.publishing.card_poster import open_poster
from bot.client.texts.messages import ENGLISH
from bot.services.request_words import TEXT_LIMIT
from bot.services.values import VibeRequest


class VibeCog(commands.Cog):
    """The door for a member's own words."""

    def __init__(self, bot: VibratoClient) -> None:
        self._playlists = bot.services.playlists
        self._pace = bot.pace

    @app_commands.command(name=locale_str(ENGLISH.VIBE_NAME), description=locale_str(ENGLISH.VIBE_DESCRIPTION))
    @app_commands.describe(
        text=locale_str(ENGLISH.VIBE_TEXT),
        songs=locale_str(ENGLISH.VIBE_SONGS),
        minutes=locale_str(ENGLISH.VIBE_MINUTES),
        only_me=locale_str(ENGLISH.VIBE_ONLY_ME),
        company=locale_str(ENGLISH.VIBE_FOR),
    )
    @app_commands.rename(company=locale_str(ENGLISH.VIBE_FOR_NAME))
    @app_commands.choices(
        company=[app_commands.Choice(name=locale_str(ENGLISH.VIBE_FOR_ALL), value=ENGLISH.VIBE_FOR_ALL)]
    )
    @app_commands.allowed_installs(guilds=True, users=False)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=False)
    async def vibe(
        self,
        interaction: Interaction,
        text: str,
        songs: app_commands.Range[int, 1, 100] | None = None,
        minutes: app_commands.Range[int, 1, 300] | None = None,
        only_me: bool = False,
        company: str | None = None,
    ) -> None:
        """Answer at once with a working card, which becomes the playlist."""
        async with error_boundary(interaction, audience="me" if only_me else "all") as answer:
            if company is not None and only_me:
                await answer.send(failure_card(answer.say.everyone_or_me(), say=answer.say), private=True)
                return
            request = VibeRequest(
                text=text,
                requester=requester_of(interaction),
                tracks=songs,
                minutes=minutes,
                only_me=only_me,
                present=None if company is None else present_with(interaction),
            )
            rules = await check_access(self._playlists, request.requester, only_me=only_me)
            heading = answer.say.listening(escaped(request.text, TEXT_LIMIT))
            publisher = await open_poster(answer, heading=heading, only_me=only_me, pace=self._pace)
            await self._playlists.create(request, publisher=publisher, rules=rules)
            await publisher.add_reactions()
