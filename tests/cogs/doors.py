"""What the tests of the other doors share."""

from __future__ import annotations

from typing import Any

import discord

HOSTILE = "calm @everyone @here <@1> <@&2> <#3> [x](https://evil.example) **b** `c` ||s|| \u202eabc </vibe:1>"


MENU = "Playlist from this message"


def called(stage: Any, words: str) -> str:
    return f"<@{stage.bot.user.id}> {words}"


def answers(stage: Any, channel: Any = None) -> list[discord.Message]:
    """What the bot wrote there."""
    return [message for message in (channel or stage.channel).history() if message.author.id == stage.bot.user.id]
