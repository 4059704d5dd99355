"""Registering the commands with Discord, only when they changed: Discord counts it, and shows it late."""

from __future__ import annotations

import hashlib
import json
import logging
from pathlib import Path
from typing import Protocol

import discord

from bot.client.context import VibratoClient

_log = logging.getLogger(__name__)


class CommandStore(Protocol):
    """Remembers the digest of the commands that Discord has."""

    async def read(self) -> str | None:
        """The digest that was written last, None at first."""

    async def write(self, digest: str) -> None:
        """Remember `digest`."""


class FileCommandStore:
    """A CommandStore in one small file."""

    def __init__(self, path: Path) -> None:
        self._path = path

    async def read(self) -> str | None:
        """The digest in the file, None without one."""
        try:
            return self._path.read_text(encoding="ascii").strip() or None
        except (FileNotFoundError, UnicodeDecodeError):
            return None

    async def write(self, digest: str) -> None:
        """Write the file, and its folder where it is missing."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._path.write_text(digest + "\n", encoding="ascii")


def tree_digest(bot: VibratoClient) -> str:
    """A digest of every command as it is sent to Discord, and of the application it is sent for."""
    payload = [command.to_dict(bot.tree) for command in bot.tree.get_commands()]
    words = json.dumps([bot.application_id, payload], sort_keys=True, default=str)
    return hashlib.sha256(words.encode()).hexdigest()


async def sync_commands(bot: VibratoClient, store: CommandStore) -> bool:
    """Register the commands if their tree is not the one that was registered last; True when they were.

    A refusal leaves the bot with the commands that Discord has, and is tried again at the next start.
    """
    digest = tree_digest(bot)
    if await store.read() == digest:
        return False
    try:
        await bot.tree.sync()
    except discord.HTTPException as refused:
        _log.error("the commands could not be registered, the old ones stay: %s", refused)
        return False
    await store.write(digest)
    return True
