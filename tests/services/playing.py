"""What the tests of making playlists share."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from bot.errors import (
    DiscordRefused,
)
from bot.services.values import PlaylistView, Posted, ReactionRules, Requester, Stage, VibeRequest
from tests.remembering import demo_songs

RECORDS = demo_songs()[::3]
"""Every third song of the demo: all genres, and quick to store."""


@dataclass
class Channel:
    """A publisher that keeps what it was given; `at` is called at every stage and before posting."""

    at: Callable[[str], Any] | None = None
    refuses: bool = False
    stages: list[Stage] = field(default_factory=list)
    posted: list[PlaylistView] = field(default_factory=list)

    async def progress(self, stage: Stage) -> None:
        self.stages.append(stage)
        await self._look(stage)

    async def publish(self, playlist: PlaylistView, reactions: ReactionRules) -> Posted | None:
        await self._look("publish")
        if self.refuses:
            raise DiscordRefused(cause="50013 Missing Permissions")
        self.posted.append(playlist)
        return Posted(guild_id="77", channel_id="88", message_id=f"m-{playlist.playlist_id}")

    async def _look(self, stage: str) -> None:
        if self.at is not None:
            seen = self.at(stage)
            if asyncio.iscoroutine(seen):
                await seen


def asking(requester: Requester, text: str, **options: Any) -> VibeRequest:
    return VibeRequest(text=text, requester=requester, **options)


async def only(document: Any) -> dict[str, Any]:
    """The one document of its collection."""
    [found] = await everything(document)
    return found


async def everything(document: Any) -> list[dict[str, Any]]:
    return [raw async for raw in document.get_motor_collection().find().sort("createdAt", 1)]
