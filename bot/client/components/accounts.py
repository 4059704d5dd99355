"""What a member does about their Spotify account. Every press is about the one who presses, whoever sees the card."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping

import discord

from bot.client.cards.accounts import (
    ask_to_unlink_card,
    begun_card,
    linked_card,
    read_card,
    reading_card,
    status_card,
    told_card,
)
from bot.client.cards.custom_ids import account_ids as named
from bot.client.cards.notice import failure_card
from bot.client.components.forms import Form, Submission, field
from bot.client.components.persistent_button import PersistentButton
from bot.client.context import Interaction
from bot.client.error_handling import message_for
from bot.client.interaction_response import InteractionReply, requester_of
from bot.client.markdown import escaped
from bot.client.publishing.channel_directory import operators_of
from bot.client.publishing.edit_throttle import EditThrottle
from bot.errors import NotAllowed, VibratoError
from bot.services.accounts.link_secrets import LONGEST
from bot.services.accounts.views import Linked
from bot.services.library.member_library import LibraryRead, OnRead
from bot.services.values import Requester

_log = logging.getLogger(__name__)

_FIELD = "proof"
_CODE_LONGEST = 20
_NAME = 60


async def show_status(interaction: Interaction, answer: InteractionReply, *, said: str = "") -> None:
    """Put the card in the place of what was promised or pressed on."""
    client, requester = interaction.client, requester_of(interaction)
    status = await client.services.accounts.status(requester)
    counts = await client.services.own_library.counts(requester)
    operator = is_operator(interaction)
    await answer.edit(status_card(status, counts, operator=operator, said=said, say=answer.say))


async def begin_link(interaction: Interaction, answer: InteractionReply, *, owner: bool) -> None:
    """Give the one who asks a link, in a message for their eyes only."""
    if owner and not is_operator(interaction):
        raise NotAllowed("administrator")
    await answer.think(private=True)
    begun = await interaction.client.services.accounts.begin(requester_of(interaction), owner=owner)
    await answer.edit(begun_card(begun, owner=owner, say=answer.say))


async def read_songs(
    interaction: Interaction,
    answer: InteractionReply,
    work: Callable[[Requester, OnRead], Awaitable[LibraryRead]],
    *,
    before: str = "",
) -> None:
    """Read a member's songs, with how far it is on the message that was promised."""
    progress = ReadingProgress(answer, interaction.client.pace, before)
    requester = requester_of(interaction)
    try:
        read = await work(requester, progress.show)
    finally:
        await progress.end()
    await answer.edit(
        read_card(read, await interaction.client.services.own_library.counts(requester), before=before, say=answer.say)
    )


def is_operator(interaction: Interaction) -> bool:
    """Whether the application is theirs, by themselves or in a team, as Discord told when the bot logged in."""
    client, user_id = interaction.client, interaction.user.id
    if client.owner_id is not None:
        return user_id == client.owner_id
    return str(user_id) in operators_of(client)


class ActOnAccount(PersistentButton, template=named.ACCOUNT):
    """Link, look for new songs, unlink, note what is played; and the operator's two."""

    async def pressed(self, interaction: Interaction, answer: InteractionReply) -> None:
        """Do it."""
        action, client, requester, say = self.facts["action"], interaction.client, requester_of(interaction), answer.say
        if action in ("link", "link-all"):
            await begin_link(interaction, answer, owner=action == "link-all")
            return
        if action == "sync":
            await answer.think(private=True)
            await read_songs(interaction, answer, client.services.own_library.sync)
            return
        await answer.begin()
        if action == "ask":
            await answer.edit(ask_to_unlink_card(say=say))
        elif action == "unlink":
            await answer.edit(told_card(say.unlinked(was=await client.services.accounts.unlink(requester))))
        elif action == "keep":
            await show_status(interaction, answer, said=say.link_kept())
        elif action in ("note", "stop"):
            await client.services.listening.consent(requester, on=action == "note")
            await show_status(interaction, answer)
        else:
            await self._unlink_all(interaction, answer)

    async def _unlink_all(self, interaction: Interaction, answer: InteractionReply) -> None:
        if not is_operator(interaction):
            raise NotAllowed("administrator")
        was = await interaction.client.services.accounts.unlink_owner()
        await show_status(interaction, answer, said=answer.say.unlinked_for_all(was=was))


class ProveLink(PersistentButton, template=named.PROVE):
    """Enter the code, Paste the address."""

    async def pressed(self, interaction: Interaction, answer: InteractionReply) -> None:
        """Open the form."""
        say, proof = answer.say, self.facts["proof"]
        whose: named.Whose = "all" if self.facts["whose"] == "all" else "own"
        if proof == "code":
            title, name = say.CODE_FORM, named.proved("code", whose)
            hint, label, longest = say.CODE_HINT, say.CODE_FIELD, _CODE_LONGEST
        else:
            title, name = say.PASTE_FORM, named.proved("paste", whose)
            hint, label, longest = say.PASTE_HINT, say.PASTE_FIELD, LONGEST
        example = say.CODE_EXAMPLE if proof == "code" else None
        written = field(_FIELD, label, description=hint, placeholder=example, longest=longest, required=True)
        await answer.ask(Form(title, name, written))


class LinkProved(Submission, template=named.PROVED):
    """The form that ends a link."""

    async def submitted(self, interaction: Interaction, answer: InteractionReply, written: Mapping[str, str]) -> None:
        """Link the account, then read its library; what goes wrong with the library is no fault of the link."""
        owner = self.facts["whose"] == "all"
        if owner and not is_operator(interaction):
            raise NotAllowed("administrator")
        await answer.think(private=True)
        accounts = interaction.client.services.accounts
        prove = accounts.confirm if self.facts["proof"] == "code" else accounts.confirm_pasted
        linked = await prove(requester_of(interaction), written.get(_FIELD, ""), owner=owner)
        await answer.edit(linked_card(linked, say=answer.say))
        if not owner:
            await self._read(interaction, answer, linked)

    async def _read(self, interaction: Interaction, answer: InteractionReply, linked: Linked) -> None:
        said = answer.say.link_done(escaped(linked.account, _NAME), linked.ends_at, owner=False)
        try:
            await read_songs(interaction, answer, interaction.client.services.own_library.sync, before=said)
        except VibratoError as error:
            sentence = message_for(error, say=answer.say)
            if sentence is None:
                raise
            _log.info("an account was linked, and its library not read: %r", error)
            await answer.edit(linked_card(linked, say=answer.say))
            await interaction.followup.send(view=failure_card(sentence, say=answer.say), ephemeral=True)


ACCOUNT_PRESSES: tuple[type[PersistentButton], ...] = (ActOnAccount, ProveLink)
"""Everything about accounts that can be pressed."""

ACCOUNT_FORMS: tuple[type[Submission], ...] = (LinkProved,)
"""And written."""


class ReadingProgress:
    """Shows how far a reading is, on its one message, edited no more often than Discord likes. Never raises."""

    def __init__(self, answer: InteractionReply, pace: EditThrottle, before: str) -> None:
        self._answer = answer
        self._pace = pace
        self._before = before
        self._pace.note(answer.interaction.id)
        self._latest: tuple[str, int, int] | None = None
        self._shown: tuple[str, int, int] | None = None
        self._editing: asyncio.Task[None] | None = None

    def show(self, stage: str, done: int, total: int) -> None:
        """Take note; the message follows when its turn comes."""
        self._latest = (stage, done, total)
        if self._editing is None or self._editing.done():
            self._editing = asyncio.create_task(self._edit(), name="reading-progress")

    async def end(self) -> None:
        """Stop following, and wait until the message may be edited for the last time."""
        if self._editing is not None:
            self._editing.cancel()
            await asyncio.wait({self._editing})
        if self._shown is not None:
            await self._pace.turn(self._answer.interaction.id)

    async def _edit(self) -> None:
        try:
            while self._latest is not None and self._shown != self._latest:
                await self._pace.turn(self._answer.interaction.id)
                self._shown = self._latest
                await self._answer.edit(reading_card(*self._shown, before=self._before, say=self._answer.say))
        except discord.HTTPException as refused:
            _log.info("the progress of a reading was not shown: %s", refused)
