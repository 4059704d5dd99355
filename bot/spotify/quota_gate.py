"""Whether a call may be made: one budget for a rolling day and one breaker, for all processes together.

Both stand in one document of the database. A call looks at it, which writes nothing, and is counted in one step when
it may be made. What was refused last is remembered for a few seconds, so that while Spotify is left alone callers fail
at once.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import get_args

from bot.database import guarded
from bot.documents import Quota
from bot.errors import BusyCause, DatabaseDown, SpotifyBusy
from bot.spotify.values import Priority

_log = logging.getLogger(__name__)

SERVICE = "spotify"
"""How the document is called."""

SHARES: Mapping[Priority, float] = {"publishing": 1.0, "linking": 0.95, "library": 0.75, "discovery": 0.5}
"""The part of the day's calls that may be used up before calls of this kind are refused."""

LOOK_AGAIN_S = 5.0
"""For how long a refusal is believed without asking the database again."""

QUOTA_PAUSE_S = 3600.0
"""How long Spotify is left alone when our quota there is used up and it does not say until when."""

PAUSE_S = 30.0
"""The same for any other 429."""

LONGEST_S = 2 * 86_400.0
"""The longest pause that is believed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Refusal:
    until: datetime
    why: BusyCause
    opens_at: float
    believed_until: float


class QuotaGate:
    """Counts calls and keeps the pauses. `daily_calls` is for everything together, in all processes."""

    def __init__(self, *, daily_calls: int) -> None:
        self._daily_calls = daily_calls
        self._refusals: dict[Priority, _Refusal] = {}
        self._known: Quota | None = None

    async def enter(self, priority: Priority) -> None:
        """Count one call. Raises SpotifyBusy when it may not be made now, DatabaseDown."""
        now = asyncio.get_running_loop().time()
        refusal = self._refusals.get(priority)
        if refusal is not None and now < min(refusal.believed_until, refusal.opens_at):
            raise SpotifyBusy(until=refusal.until, why=refusal.why)
        most = self._most(priority)
        with guarded():
            quota = await Quota.look(SERVICE, most=most)
            if quota.granted:
                quota = await Quota.ask(SERVICE, most=most)
            self._known = quota
        if quota.granted:
            self._refusals.pop(priority, None)
            return
        if quota.blocked_s:
            self._note_block(quota)
            refusal = self._refusals[priority]
        else:
            refusal = self._refusals[priority] = _refusal(quota.room_in_s(most), "budget")
        raise SpotifyBusy(until=refusal.until, why=refusal.why)

    async def told_to_wait(self, seconds: float | None, *, quota_exceeded: bool) -> SpotifyBusy:
        """Spotify said 429, and for how long, if it did: nobody calls it until then. What the caller is told.

        While the database does not answer, it is this process alone that knows.
        """
        fallback_s = QUOTA_PAUSE_S if quota_exceeded else PAUSE_S
        pause_s = min(max(fallback_s if seconds is None else seconds, 1.0), LONGEST_S)
        why: BusyCause = "quota" if quota_exceeded else "pause"
        try:
            with guarded():
                self._note_block(await Quota.block(SERVICE, seconds=pause_s, reason=why))
        except DatabaseDown as down:
            _log.warning("the pause that Spotify wants could not be noted: %s", down.cause)
            self._refusals = dict.fromkeys(SHARES, _refusal(pause_s, why, believed_s=pause_s))
        refusal = self._refusals["publishing"]
        return SpotifyBusy(until=refusal.until, why=refusal.why)

    async def failed(self) -> None:
        """Spotify did not answer, or with a fault of its own. Raises DatabaseDown."""
        with guarded():
            quota = await Quota.strike(SERVICE, reason="trouble")
        if quota.blocked_s:
            self._note_block(quota)

    async def worked(self) -> None:
        """Spotify answered. Raises DatabaseDown."""
        if self._known is not None and self._known.strikes:
            with guarded():
                self._known = await Quota.calm(SERVICE)

    async def look(self) -> None:
        """Learn how things stand, for the figures. Raises DatabaseDown."""
        with guarded():
            self._known = await Quota.look(SERVICE)

    def figures(self) -> Mapping[str, tuple[str, Callable[[], float]]]:
        """What operators watch: name -> what it is, and how it is read."""
        return {
            "spotify_calls_day": ("Calls to Spotify in the last day, of all processes.", self._calls),
            "spotify_calls_allowed": ("Calls to Spotify that a day may have.", lambda: float(self._daily_calls)),
            "spotify_blocked_seconds": ("For how long Spotify is left alone from now; 0 if it is not.", self._blocked),
        }

    def _calls(self) -> float:
        return float("nan") if self._known is None else float(self._known.calls)

    def _blocked(self) -> float:
        if self._known is None or self._known.blocked_until is None:
            return 0.0
        return max(0.0, (self._known.blocked_until - datetime.now(UTC)).total_seconds())

    def _most(self, priority: Priority) -> int:
        return max(1, int(self._daily_calls * SHARES[priority]))

    def _note_block(self, quota: Quota) -> None:
        """A block holds for every kind of call."""
        self._known = quota
        refusal = _refusal(quota.blocked_s, _cause(quota.reason))
        self._refusals = dict.fromkeys(SHARES, refusal)


def _refusal(seconds: float, why: BusyCause, *, believed_s: float = LOOK_AGAIN_S) -> _Refusal:
    now = asyncio.get_running_loop().time()
    until = datetime.now(UTC) + timedelta(seconds=seconds)
    return _Refusal(until=until, why=why, opens_at=now + seconds, believed_until=now + believed_s)


def _cause(reason: str) -> BusyCause:
    return next((cause for cause in get_args(BusyCause) if cause == reason), "pause")
