"""What stands under our messages, asked of Discord: a `bot.services.feedback.reaction_sync.ReactionCounts`."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping
from typing import Any

import discord

from bot.client.interaction_response import UNREACHABLE
from bot.errors import DiscordRefused, Gone, NotAllowed
from bot.services.feedback.reaction_sync import Reactors, Standing

PAGE = 100
"""Messages, or members, of one call (Discord's limit)."""


class DiscordReactionCounts:
    """Asks through the bot that is connected; `client` raises DiscordRefused while none is."""

    def __init__(self, client: Callable[[], discord.Client]) -> None:
        self._client = client

    async def standing(self, channel_id: str, message_id: str) -> tuple[Standing, ...]:
        """What stands under this message of ours and under those before it, the newest first; one call.

        Raises Gone, NotAllowed, DiscordRefused.
        """
        client = self._client()
        if client.user is None:
            raise DiscordRefused(cause="the bot is not logged in")
        found = await _asked(client.http.logs_from(int(channel_id), PAGE, before=int(message_id) + 1))
        messages = sorted(found, key=lambda message: -int(message["id"]))
        # Of others' messages only the last one is told: as far as that the channel was looked at.
        own = [message for message in messages if int(message["author"]["id"]) == client.user.id]
        last = messages[-1:] if messages and messages[-1] not in own else []
        return tuple(Standing(message_id=str(message["id"]), counts=_counts(message)) for message in (*own, *last))

    async def reactors(self, channel_id: str, message_id: str, emoji: str, after: str | None) -> Reactors:
        """Up to PAGE of those who reacted, from `after` on; one call. Raises Gone, NotAllowed, DiscordRefused."""
        client = self._client()
        last = None if after is None else int(after)
        found = await _asked(
            client.http.get_reaction_users(int(channel_id), int(message_id), _route(emoji), PAGE, after=last)
        )
        members = tuple(str(user["id"]) for user in found if not user.get("bot"))
        return Reactors(members=members, last=str(found[-1]["id"]) if len(found) == PAGE else None)


async def _asked(call: Coroutine[Any, Any, Any]) -> Any:
    """What Discord answered, its refusals as our errors."""
    try:
        return await call
    except discord.NotFound as gone:
        raise Gone(what="message") from gone
    except discord.Forbidden as closed:
        raise NotAllowed(permission="read_message_history", bot_lacks=True) from closed
    except (discord.HTTPException, *UNREACHABLE) as error:
        raise DiscordRefused(cause=repr(error)) from error


def _counts(message: Mapping[str, Any]) -> dict[str, int]:
    """How many but us reacted with each emoji, as events name it."""
    found = {}
    for reaction in message.get("reactions") or ():
        emoji = reaction["emoji"]
        mark = "a" if emoji.get("animated") else ""
        name = f"<{mark}:{emoji['name']}:{emoji['id']}>" if emoji.get("id") else str(emoji["name"])
        found[name] = int(reaction["count"]) - bool(reaction.get("me"))
    return found


def _route(emoji: str) -> str:
    """An emoji as an address names it: a server's own without its brackets."""
    return emoji.strip("<>").removeprefix("a:").removeprefix(":")
