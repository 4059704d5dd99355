"""Emoji reactions under cards: every change is told to the feedback service, for as long as the card stands."""

from __future__ import annotations

import logging

import discord
from discord.ext import commands

from bot.client.context import VibratoClient
from bot.client.error_handling import note_error
from bot.errors import VibratoError
from bot.requests import request
from bot.services.feedback.reaction_sync import ReactionReconciler
from bot.services.values import ReactionChange

_log = logging.getLogger(__name__)


class FeedbackCog(commands.Cog):
    """The door for reactions. Raw events, which come for messages of any age."""

    def __init__(self, bot: VibratoClient, *, reconciler: ReactionReconciler) -> None:
        self._bot = bot
        self._feedback = bot.services.feedback
        self._reconciler = reconciler

    @commands.Cog.listener()
    async def on_ready(self) -> None:
        """Discord keeps nothing for a bot that was away: what it missed is made up for by a job."""
        self._reconciler.returned()

    @commands.Cog.listener()
    async def on_raw_reaction_add(self, payload: discord.RawReactionActionEvent) -> None:
        """A member reacted."""
        author = payload.message_author_id
        by_bot = payload.member is not None and payload.member.bot
        if not by_bot and (author is None or author == self._own_id):
            await self._changed(payload, added=True)

    @commands.Cog.listener()
    async def on_raw_reaction_remove(self, payload: discord.RawReactionActionEvent) -> None:
        """A member took a reaction back. Whose message it is, Discord does not say here."""
        await self._changed(payload, added=False)

    @property
    def _own_id(self) -> int | None:
        return None if self._bot.user is None else self._bot.user.id

    async def _changed(self, payload: discord.RawReactionActionEvent, *, added: bool) -> None:
        """The one way of every change. Errors are logged: nobody waits for an answer to a reaction."""
        if payload.user_id == self._own_id:
            return
        change = ReactionChange(
            user_id=str(payload.user_id),
            message_id=str(payload.message_id),
            channel_id=str(payload.channel_id),
            guild_id=None if payload.guild_id is None else str(payload.guild_id),
            emoji=str(payload.emoji),
            added=added,
        )
        self._reconciler.note_live(change)
        with request("reaction", self._bot.watcher):
            try:
                await self._feedback.react(change)
            except VibratoError as error:
                note_error(error)
                _log.error("a reaction on message %s was lost: %r", change.message_id, error)
            except Exception as error:  # noqa: BLE001 - a door: a reaction that breaks us may not stop the next one
                note_error(error)
                _log.exception("a reaction on message %s was lost", change.message_id)
