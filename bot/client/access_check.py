"""Whether a server takes a request from this member here, asked before anything of it is shown."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from bot.errors import DatabaseDown
from bot.services.values import Requester

if TYPE_CHECKING:
    from bot.services.guilds.settings import GuildRules
    from bot.services.playlists.service import PlaylistService

_log = logging.getLogger(__name__)

PATIENCE_S = 1.0
"""How long an answer may wait for it: Discord gives three seconds for the first word."""


async def check_access(playlists: PlaylistService, requester: Requester, *, only_me: bool) -> GuildRules | None:
    """The server's rules, for the request to go on with. Raises NotHere.

    While the database is slow or away nothing is refused, and there are no rules: the request itself asks again.
    """
    asking = asyncio.ensure_future(playlists.admit(requester, only_me=only_me))
    answered, _ = await asyncio.wait({asking}, timeout=PATIENCE_S)
    if answered and not isinstance(asking.exception(), DatabaseDown):
        return asking.result()
    asking.add_done_callback(_forgotten)
    _log.info("a request is begun without knowing the server's limits: the database does not answer")
    return None


def _forgotten(asking: asyncio.Future[GuildRules]) -> None:
    """What it ends with comes too late to matter; asking for it keeps asyncio from complaining."""
    if not asking.cancelled():
        asking.exception()
