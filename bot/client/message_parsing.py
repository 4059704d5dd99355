"""Messages of members: which of them are meant for us, what they say, and who asks."""

from __future__ import annotations

import re

import discord

from bot.services.request_words import TEXT_LIMIT
from bot.services.values import Requester

READ = 4 * TEXT_LIMIT
"""Characters of a message that are looked at; Discord allows 4,000, and a request has fewer."""

_CUSTOM_EMOJI = re.compile(r"<a?:(\w{1,40}):\d{1,20}>")
_TOKENS = re.compile(r"<(?:@[!&]?|#|t:|id:|/[^<>]{1,100}:)[^<>\s]{0,60}>")
_ADDRESSES = re.compile(r"https?://\S+")
_STYLES = str.maketrans(dict.fromkeys("*_~`|>\\", " "))
_SPACES = re.compile(r"\s+")


def mentions(content: str, user_id: int) -> bool:
    """Whether somebody is named in the text itself: the ping of a mere reply is not."""
    return f"<@{user_id}>" in content or f"<@!{user_id}>" in content


def words_of(content: str) -> str:
    """What a message says: without mentions, links and styles, a server's own emoji by their names.

    Linear, whatever comes in; nothing of it is longer than READ.
    """
    text = _CUSTOM_EMOJI.sub(lambda emoji: f" {emoji[1]} ", content[:READ])
    text = _ADDRESSES.sub(" ", _TOKENS.sub(" ", text))
    return _SPACES.sub(" ", text.translate(_STYLES)).strip()


def beginning(words: str) -> str:
    """As many whole words as a request may have: a message of somebody else's is read as far as that."""
    if len(words) <= TEXT_LIMIT:
        return words
    cut = words[: TEXT_LIMIT + 1]
    return (cut.rpartition(" ")[0] or cut)[:TEXT_LIMIT]


def is_from_member(message: discord.Message) -> bool:
    """Whether a person wrote it: no bot, no webhook, no notice of Discord's own."""
    written = message.type in (discord.MessageType.default, discord.MessageType.reply)
    return written and not message.author.bot and message.webhook_id is None


def requester_of_message(message: discord.Message) -> Requester:
    """Who wrote it, and where."""
    author, channel = message.author, message.channel
    roles = author.roles if isinstance(author, discord.Member) else ()
    parent = channel.parent_id if isinstance(channel, discord.Thread) else None
    return Requester(
        user_id=str(author.id),
        display_name=author.display_name,
        guild_id=None if message.guild is None else str(message.guild.id),
        channel_id=str(channel.id),
        parent_channel_id=None if parent is None else str(parent),
        role_ids=tuple(str(role.id) for role in roles if not role.is_default()),
        manager=isinstance(author, discord.Member) and author.guild_permissions.manage_guild,
    )
