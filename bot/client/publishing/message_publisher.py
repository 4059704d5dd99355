"""Answers to members' messages: a reply that becomes the playlist, or says what went wrong."""

from __future__ import annotations

import asyncio
import io
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import discord

from bot import errors
from bot.client.cards.layout import Card
from bot.client.cards.notice import failure_card
from bot.client.cards.picture import PICTURE
from bot.client.cards.working import working_card
from bot.client.context import VibratoClient
from bot.client.error_handling import message_for, report_bug
from bot.client.message_parsing import abilities_at, permissions_at
from bot.client.publishing.edit_throttle import EDIT_SECONDS, EditThrottle
from bot.client.publishing.interaction_publisher import add_reactions, card_forms, picture_of
from bot.client.texts.messages import ENGLISH, Messages
from bot.errors import DiscordRefused
from bot.requests import note_failure, request
from bot.services.values import PlaylistView, Posted, ReactionRules, Stage

_log = logging.getLogger(__name__)


class MessagePublisher:
    """A `bot.services.values.Publisher` that replies to a message. `heading` (safe to show) says what is being made.

    Nothing is sent before there is something to say: a request that is refused at once gets one reply, not two.
    """

    def __init__(
        self,
        message: discord.Message,
        *,
        client: discord.Client,
        pace: EditThrottle,
        heading: str = "",
        say: Messages = ENGLISH,
    ) -> None:
        self._message = message
        self._client = client
        self._pace = pace
        self.heading = heading
        self.say = say
        self._reply: discord.Message | None = None
        self._changed = 0.0
        self._posted: Posted | None = None

    async def progress(self, stage: Stage) -> None:
        """Show how far the request is, unless the reply changed only just now. Never raises."""
        if self._reply is not None and self._now() - self._changed < EDIT_SECONDS:
            return
        try:
            await self.show(working_card(self.heading, stage, say=self.say))
        except discord.HTTPException as refused:
            _log.debug("progress on message %s was not shown: %s", self._message.id, refused)

    async def publish(self, playlist: PlaylistView) -> Posted | None:
        """Put the playlist in the place of the working card, in the fullest form that Discord takes.

        Raises DiscordRefused when it takes none.
        """
        abilities = abilities_at(self._message)
        picture = await picture_of(playlist) if abilities.files else None
        forms = card_forms(playlist, abilities=abilities, picture=picture, only_me=False, say=self.say)
        cause = ""
        for card, attached in forms:
            try:
                shown = await self.show(card, picture=attached)
            except discord.HTTPException as refused:
                cause = str(refused)
                _log.warning("Discord refused a card of playlist %s: %s", playlist.playlist_id, refused)
                continue
            self._pace.note(shown.id)
            self._posted = Posted(
                guild_id=None if self._message.guild is None else str(self._message.guild.id),
                channel_id=str(shown.channel.id),
                message_id=str(shown.id),
            )
            return self._posted
        raise DiscordRefused(cause=cause)

    async def add_reactions(self, rules: ReactionRules) -> None:
        """Add the feedback reactions, where they are allowed. Never raises."""
        if self._posted is not None and abilities_at(self._message).reactions:
            await add_reactions(self._client, self._posted, rules)

    async def show(self, card: Card, *, picture: bytes | None = None) -> discord.Message:
        """Reply with `card`, or put it in the place of what was replied. Raises discord.HTTPException."""
        file = discord.File(io.BytesIO(picture), PICTURE) if picture else None
        self._changed = self._now()
        if self._reply is not None:
            try:
                self._reply = await self._reply.edit(
                    view=card, attachments=[file] if file else [], allowed_mentions=discord.AllowedMentions.none()
                )
                return self._reply
            except discord.NotFound:
                # Somebody deleted it: say it anew.
                if file is not None:
                    file.reset()
        self._reply = await self._send(card, file)
        return self._reply

    async def _send(self, card: Card, file: discord.File | None) -> discord.Message:
        # A reply needs the right to read what it answers; without it, it is a message of its own.
        history = permissions_at(self._message).read_message_history
        reference = self._message.to_reference(fail_if_not_exists=False) if history else None
        channel = self._message.channel
        if file is None:
            return await channel.send(view=card, reference=reference) if reference else await channel.send(view=card)
        if reference is None:
            return await channel.send(view=card, file=file)
        return await channel.send(view=card, file=file, reference=reference)

    @staticmethod
    def _now() -> float:
        return asyncio.get_running_loop().time()


@asynccontextmanager
async def message_door(client: VibratoClient, message: discord.Message) -> AsyncIterator[MessagePublisher]:
    """What stands around every answer to a message: nothing that goes wrong inside leaves it unsaid."""
    publisher = MessagePublisher(message, client=client, pace=client.pace)
    with request("message", client.watcher):
        try:
            yield publisher
        except Exception as error:  # noqa: BLE001 - a door: whatever comes is told to the member and logged
            await _tell(publisher, error)


async def _tell(publisher: MessagePublisher, error: Exception) -> None:
    """Say what went wrong. What was said just now about too many requests is not said again."""
    expected = message_for(error, say=publisher.say)
    down = isinstance(error, errors.WorldDown | discord.HTTPException)
    note_failure("bug" if expected is None else "down" if down else "refused", type(error).__name__)
    if isinstance(error, errors.NotYet) and error.told:
        return
    if down:
        _log.warning("a request by message failed: %r", error)
    sentence = expected or report_bug(error, say=publisher.say)
    try:
        await publisher.show(failure_card(sentence, audience="all", say=publisher.say))
    except discord.HTTPException as refused:
        # The facts of an error may be words of the member.
        _log.warning("the member could not be told of %s: %s", type(error).__name__, refused)
