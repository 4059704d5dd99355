"""Every error as a sentence for the member: a table looked up along the error's own line of classes.

What is expected says its cause and the next step. Anything else is our bug: it gets a short report id, which is in
the log beside the traceback. The text of an exception never reaches a member.
"""

from __future__ import annotations

import logging
import re
import secrets
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any, Protocol

import discord
from discord import app_commands

from bot import errors
from bot.client.cards.custom_ids import playlist_ids
from bot.client.cards.layout import Card
from bot.client.cards.notice import failure_card
from bot.client.cards.settings import channel_mentions, role_mentions
from bot.client.interaction_response import UNREACHABLE, InteractionReply, TooLate
from bot.client.markdown import chip, escaped
from bot.client.message_reply import MessageReply
from bot.client.texts.messages import ENGLISH, ErrorMessage, Messages
from bot.requests import Watcher, note_failure, request, request_id

_log = logging.getLogger(__name__)

_OUR_ID = re.compile(r"vibrato:([a-z-]{1,20})(?::|$)")

_WORDS = 6
"""Words that were not understood, as far as they are named."""


def _not_understood(error: errors.NotUnderstood, say: Messages) -> ErrorMessage:
    words = " ".join(chip(word, 30) for word in error.unknown[:_WORDS])
    return say.not_understood(words, error.suggestions)


def _missing(error: Any, say: Messages) -> ErrorMessage:
    return say.not_allowed(
        error.missing_permissions[0], bot_lacks=isinstance(error, app_commands.BotMissingPermissions)
    )


def _not_allowed(error: errors.NotAllowed, say: Messages) -> ErrorMessage:
    channel = f"<#{error.channel_id}>" if error.channel_id else ""
    return say.not_allowed(error.permission, bot_lacks=error.bot_lacks, channel=channel)


def _not_yet(error: errors.NotYet, say: Messages) -> ErrorMessage:
    if error.busy:
        return say.one_at_a_time(error.until)
    return say.too_often(error.until, most=error.most, server=error.whose == "guild")


def _bad_entry(error: errors.BadEntry, say: Messages) -> ErrorMessage:
    entry, hints = escaped(error.entry, 80), tuple(escaped(hint, 60) for hint in error.hints)
    told = say.bad_mood_entry(error.field, error.reason, entry, hints)
    return told or say.bad_settings_entry(error.field, error.reason, entry, hints)


def _not_here(error: errors.NotHere, say: Messages) -> ErrorMessage:
    if error.roles:
        return say.not_your_role(role_mentions(error.roles))
    return say.not_in_this_channel(channel_mentions(error.channels))


_SENTENCES: Mapping[type[BaseException], Callable[[Any, Messages], ErrorMessage]] = {
    errors.EmptyRequest: lambda _, say: say.empty(),
    errors.EmptyMessage: lambda _, say: say.no_words_in_message(),
    errors.NothingBefore: lambda _, say: say.nothing_to_repeat(),
    errors.NoName: lambda _, say: say.no_name(),
    errors.RequestTooLong: lambda error, say: say.too_long(error.length, error.limit),
    errors.NotUnderstood: _not_understood,
    errors.NothingFits: lambda error, say: say.nothing_fits(tuple(map(say.told, error.conflicts))),
    errors.CatalogueEmpty: lambda error, say: say.catalogue_empty(looking=error.looking),
    errors.BadFile: lambda error, say: say.bad_file(escaped(error.name, 60), escaped(say.told(error.reason), 200)),
    errors.NotYet: _not_yet,
    errors.BeingErased: lambda _, say: say.being_erased(),
    errors.BadEntry: _bad_entry,
    errors.BadTime: lambda error, say: say.bad_time(error.fault, chip(error.word, 40) if error.word else ""),
    errors.TooMany: lambda error, say: say.too_many(error.what, error.limit),
    errors.NotHere: _not_here,
    errors.NotOwner: lambda _, say: say.not_owner(),
    errors.NoModel: lambda error, say: say.no_model(escaped(error.version, 60), error.reason),
    errors.SwitchedOff: lambda error, say: say.switched_off(error.what),
    errors.NotLinked: lambda _, say: say.no_account(),
    errors.LinkExpired: lambda error, say: say.link_expired(owner=error.owner),
    errors.NothingToSave: lambda _, say: say.nothing_to_save(),
    errors.SavedEnough: lambda error, say: say.saved_enough(error.until, error.most),
    errors.NotYours: lambda _, say: say.not_yours(),
    errors.LinkingOff: lambda error, say: say.linking_off(error.missing),
    errors.LinkFailed: lambda error, say: say.link_failed(error.fault),
    errors.Sealed: lambda _, say: say.sealed(),
    errors.Gone: lambda error, say: say.gone(error.what),
    errors.NotAllowed: _not_allowed,
    errors.DatabaseDown: lambda _, say: say.database_down(),
    errors.SpotifyBusy: lambda error, say: say.spotify_busy(error.until, error.why),
    errors.SpotifyRefused: lambda error, say: say.spotify_refused(error.status),
    errors.SpotifyUnreachable: lambda _, say: say.spotify_unreachable(),
    errors.DiscordRefused: lambda error, say: say.discord_refused(kept=error.kept is not None),
    errors.WorldDown: lambda _, say: say.world_down(),
    app_commands.MissingPermissions: _missing,
    app_commands.BotMissingPermissions: _missing,
    app_commands.CommandNotFound: lambda _, say: say.outdated_command(),
    app_commands.CommandSignatureMismatch: lambda _, say: say.outdated_command(),
    discord.HTTPException: lambda _, say: say.discord_refused(),
}


def message_for(error: BaseException, *, say: Messages = ENGLISH) -> ErrorMessage | None:
    """What a member reads about an expected error; None for anything else, which is our bug."""
    for kind in type(error).__mro__:
        if kind in _SENTENCES:
            return _SENTENCES[kind](error, say)
    return None


def report_bug(error: BaseException, *, say: Messages = ENGLISH) -> ErrorMessage:
    """Write our bug to the log, and say so; the report id is that of the request, or a new one outside of any."""
    report = request_id() or secrets.token_hex(4)
    _log.error("report %s", report, exc_info=error)
    return say.our_bug(report)


class Answer(Protocol):
    """The answer to whoever asked, as far as a failure needs it."""

    @property
    def name(self) -> str:
        """What the log calls it."""

    @property
    def owed(self) -> bool:
        """Whether Discord waits for an answer, so that there must be one whatever was said before."""

    @property
    def say(self) -> Messages:
        """The language of the answer."""

    async def fail(self, card: Card) -> None:
        """Show a failure."""


async def report_error(answer: Answer, error: BaseException, *, audience: playlist_ids.Audience = "me") -> None:
    """Tell the one who asked what went wrong; `audience` is for whom the suggestions would play. Never raises."""
    cause = getattr(error, "original", error)
    expected = note_error(cause, say=answer.say)
    if isinstance(cause, errors.NotYet) and cause.told and not answer.owed:
        return  # it was said only just now, and saying it for each message would be what the limit is there to prevent
    if is_down(cause):
        _log.warning("%s failed: %r", answer.name, cause)
    sentence = expected or report_bug(cause, say=answer.say)
    try:
        await answer.fail(failure_card(sentence, audience=audience, say=answer.say))
    except (discord.HTTPException, TooLate, *UNREACHABLE) as refused:
        kind = type(cause).__name__  # its facts may be words of the member
        _log.warning("%s: the member could not be told of %s: %s", answer.name, kind, refused)


def note_error(error: BaseException, *, say: Messages = ENGLISH) -> ErrorMessage | None:
    """Note how the request under way failed, and give what a member reads about it; None where it is our bug."""
    expected = message_for(error, say=say)
    note_failure("bug" if expected is None else "down" if is_down(error) else "refused", type(error).__name__)
    return expected


def is_down(error: BaseException) -> bool:
    """Whether an error is that of a service which we need, and no fault of the one who asked."""
    return isinstance(error, errors.WorldDown | discord.HTTPException)


@asynccontextmanager
async def error_boundary(
    interaction: discord.Interaction[Any], *, audience: playlist_ids.Audience = "me"
) -> AsyncIterator[InteractionReply]:
    """What stands around every command and every press: nothing that goes wrong inside leaves it unsaid."""
    answer = InteractionReply(interaction)
    async with _boundary(answer, door_name(interaction), interaction.client.watcher, audience):
        yield answer


@asynccontextmanager
async def message_boundary(message: discord.Message, watcher: Watcher | None) -> AsyncIterator[MessageReply]:
    """The same around every answer to a message."""
    answer = MessageReply(message)
    async with _boundary(answer, "message", watcher, "all"):
        yield answer


@asynccontextmanager
async def _boundary(
    answer: Answer, door: str, watcher: Watcher | None, audience: playlist_ids.Audience
) -> AsyncIterator[None]:
    with request(door, watcher):
        try:
            yield
        except TooLate:
            note_failure("down", "TooLate")
            _log.info("%s was answered too late", answer.name)
        except Exception as error:  # noqa: BLE001 - a door: whatever comes is told to the member and logged
            await report_error(answer, error, audience=audience)


def door_name(interaction: discord.Interaction[Any]) -> str:
    """The command, press or form that an interaction came in by, as our code names it; never what a member wrote."""
    if interaction.command is not None:
        return f"/{interaction.command.qualified_name}"
    data: Any = interaction.data
    ours = _OUR_ID.match(str(data.get("custom_id", ""))) if data else None
    return f"press {ours[1]}" if ours else "other"
