"""`/library`: the songs there are, and moderators bringing more in from a file."""

from __future__ import annotations

import asyncio
import io
import logging

import discord
from discord import app_commands
from discord.app_commands import locale_str
from discord.ext import commands

from bot.catalogue.files.faults import FileNotHandedOut
from bot.client.cards.library import (
    REJECTED_FILE,
    SHOWN,
    imported_card,
    importing_card,
    library_card,
    rejected_lines,
)
from bot.client.channel_permissions import abilities_of
from bot.client.context import Interaction, VibratoClient
from bot.client.error_handling import error_boundary
from bot.client.interaction_response import InteractionReply, managed_guild
from bot.client.markdown import plain
from bot.client.publishing.edit_throttle import EditThrottle
from bot.client.texts.messages import ENGLISH
from bot.errors import BadFile
from bot.services.library.catalogue_import import LibraryService

_log = logging.getLogger(__name__)

_NAME = 100


@app_commands.default_permissions(manage_guild=True)
@app_commands.allowed_installs(guilds=True, users=False)
@app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False)
class LibraryCog(
    commands.GroupCog,
    group_name=locale_str(ENGLISH.LIBRARY_NAME),
    group_description=locale_str(ENGLISH.LIBRARY_DESCRIPTION),
):
    """The door to the catalogue. Discord hides the group from who may not manage the server; we check it again."""

    def __init__(self, bot: VibratoClient, *, library: LibraryService) -> None:
        self._bot = bot
        self._library = library

    @app_commands.command(
        name=locale_str(ENGLISH.LIBRARY_IMPORT_NAME), description=locale_str(ENGLISH.LIBRARY_IMPORT_DESCRIPTION)
    )
    @app_commands.describe(file=locale_str(ENGLISH.LIBRARY_IMPORT_FILE))
    async def bring_in(self, interaction: Interaction, file: discord.Attachment) -> None:
        """Take the songs of a file in; one message tells how far it is, then what became of it."""
        async with error_boundary(interaction) as answer:
            managed_guild(interaction)
            name = plain(file.filename, _NAME)
            self._library.admit(name, file.size)
            await answer.send(importing_card(name, "fetch", 0, 0, say=answer.say), private=True)
            progress = _Progress(answer, name, self._bot.pace)
            try:
                report = await self._library.bring_in(name, await _fetched(file, name), progress.show)
            finally:
                await progress.end()
            songs = (await self._library.info()).songs
            _log.info("an import brought %d new and %d changed songs", report.new, report.updated)
            attached = len(report.rejected) > SHOWN and abilities_of(interaction).files
            card = imported_card(name, report, songs, attached=attached, say=answer.say)
            lines = io.BytesIO(rejected_lines(report, say=answer.say))
            await answer.deliver(card, [discord.File(lines, REJECTED_FILE)] if attached else ())

    @app_commands.command(
        name=locale_str(ENGLISH.LIBRARY_INFO_NAME), description=locale_str(ENGLISH.LIBRARY_INFO_DESCRIPTION)
    )
    async def info(self, interaction: Interaction) -> None:
        """Show what songs there are, to the one who asks."""
        async with error_boundary(interaction) as answer:
            await answer.think(private=True)
            card = library_card(await self._library.info(), self._library.layouts, say=answer.say)
            await answer.edit(card)


async def _fetched(file: discord.Attachment, name: str) -> bytes:
    """The contents of an upload. Raises BadFile when Discord does not hand them out."""
    try:
        return await file.read()
    except discord.HTTPException as refused:
        raise BadFile(name, FileNotHandedOut()) from refused


class _Progress:
    """Shows how far an import is, on its one message, edited no more often than Discord likes. Never raises."""

    def __init__(self, answer: InteractionReply, name: str, pace: EditThrottle) -> None:
        self._answer = answer
        self._name = name
        self._pace = pace
        self._pace.note(answer.interaction.id)
        self._latest: tuple[str, int, int] = ("fetch", 0, 0)
        self._shown = self._latest
        self._editing: asyncio.Task[None] | None = None

    def show(self, stage: str, done: int, total: int) -> None:
        """Take note; the message follows when its turn comes."""
        self._latest = (stage, done, total)
        if self._editing is None or self._editing.done():
            self._editing = asyncio.create_task(self._edit(), name="import-progress")

    async def end(self) -> None:
        """Stop following, and wait until the message may be edited for the last time."""
        if self._editing is not None:
            self._editing.cancel()
            await asyncio.wait({self._editing})
        await self._pace.turn(self._answer.interaction.id)

    async def _edit(self) -> None:
        try:
            while self._shown != self._latest:
                await self._pace.turn(self._answer.interaction.id)
                self._shown = self._latest
                await self._answer.edit(importing_card(self._name, *self._shown, say=self._answer.say))
                self._pace.note(self._answer.interaction.id)
        except discord.HTTPException as refused:
            _log.info("the progress of an import was not shown: %s", refused)
