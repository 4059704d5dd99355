"""`/spotify`: linking one's own account, and the songs that one knows."""

from __future__ import annotations

import discord
from discord import app_commands
from discord.app_commands import locale_str
from discord.ext import commands

from bot.catalogue.files.faults import FileNotHandedOut
from bot.client.cards.accounts import ask_to_unlink_card
from bot.client.components.accounts import begin_link, read_songs, show_status
from bot.client.context import Interaction, VibratoClient
from bot.client.error_handling import error_boundary
from bot.client.markdown import plain
from bot.client.texts.messages import ENGLISH
from bot.errors import BadFile
from bot.services.library.member_library import LibraryRead, OnRead
from bot.services.values import Requester

_NAME = 100


@app_commands.allowed_installs(guilds=True, users=False)
@app_commands.allowed_contexts(guilds=True, dms=True, private_channels=False)
class SpotifyCog(
    commands.GroupCog,
    group_name=locale_str(ENGLISH.SPOTIFY_NAME),
    group_description=locale_str(ENGLISH.SPOTIFY_DESCRIPTION),
):
    """The door to a member's own account; nobody else sees an answer."""

    def __init__(self, bot: VibratoClient) -> None:
        self._bot = bot
        self._library = bot.services.own_library

    @app_commands.command(name=locale_str(ENGLISH.LINK_NAME), description=locale_str(ENGLISH.LINK_DESCRIPTION))
    async def link(self, interaction: Interaction) -> None:
        """Begin a link."""
        async with error_boundary(interaction) as answer:
            await begin_link(interaction, answer, owner=False)

    @app_commands.command(name=locale_str(ENGLISH.STATUS_NAME), description=locale_str(ENGLISH.STATUS_DESCRIPTION))
    async def status(self, interaction: Interaction) -> None:
        """Show how things stand."""
        async with error_boundary(interaction) as answer:
            await answer.think(private=True)
            await show_status(interaction, answer)

    @app_commands.command(name=locale_str(ENGLISH.UNLINK_NAME), description=locale_str(ENGLISH.UNLINK_DESCRIPTION))
    async def unlink(self, interaction: Interaction) -> None:
        """Ask before it is done."""
        async with error_boundary(interaction) as answer:
            await answer.send(ask_to_unlink_card(say=answer.say), private=True)

    @app_commands.command(name=locale_str(ENGLISH.SYNC_NAME), description=locale_str(ENGLISH.SYNC_DESCRIPTION))
    async def sync(self, interaction: Interaction) -> None:
        """Read what is new in the account."""
        async with error_boundary(interaction) as answer:
            await answer.think(private=True)
            await read_songs(interaction, answer, self._library.sync)

    @app_commands.command(name=locale_str(ENGLISH.UPLOAD_NAME), description=locale_str(ENGLISH.UPLOAD_DESCRIPTION))
    @app_commands.describe(file=locale_str(ENGLISH.UPLOAD_FILE))
    async def upload(self, interaction: Interaction, file: discord.Attachment) -> None:
        """Take the songs of a file into the member's own library."""
        async with error_boundary(interaction) as answer:
            name = plain(file.filename, _NAME)
            self._library.admit(name, file.size)
            await answer.think(private=True)

            async def bring_in(requester: Requester, on_read: OnRead) -> LibraryRead:
                return await self._library.bring_in(requester, name, await _fetched(file, name), on_read)

            await read_songs(interaction, answer, bring_in)


async def _fetched(file: discord.Attachment, name: str) -> bytes:
    """The contents of an upload. Raises BadFile when Discord does not hand them out."""
    try:
        return await file.read()
    except discord.HTTPException as refused:
        raise BadFile(name, FileNotHandedOut()) from refused
