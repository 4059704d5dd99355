"""The nightly round: new songs of the kinds that were asked for lately and of which there are too few.

It goes by what requests were understood to be, added up over all members: no text, no name, and nobody's id is read.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from bot.database import guarded
from bot.documents import MoodQuery
from bot.generation.library import Library
from bot.generation.values import Recipe, Rules
from bot.services.discovery.coverage_gap import CoverageGap, need_of, without_words
from bot.services.discovery.service import DiscoveryService
from nlp.vibe import Artists, Vibe

_log = logging.getLogger(__name__)

LOOKED_BACK = timedelta(days=7)
MOST_REQUESTS = 1000
KINDS = 10
"""Kinds of requests that are topped up in one night, those that were asked for most first."""

ENOUGH = 50
"""Fitting songs of a kind that a night aims at."""

MOST_OF_KIND = 30
MOST_A_NIGHT = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class ToppedUp:
    """What a night brought: kinds of which there were too few, new songs, sources that did not answer."""

    kinds: int = 0
    new: int = 0
    down: tuple[str, ...] = ()


class TopUp:
    """Tops the catalogue up. `library` is the catalogue as it is now, prepared."""

    def __init__(self, *, discovery: DiscoveryService, library: Callable[[], Library]) -> None:
        self._discovery = discovery
        self._library = library

    async def top_up(self, at: datetime) -> ToppedUp:
        """Look for songs toward what was asked for in the week before `at`. Raises DatabaseDown."""
        done = ToppedUp()
        for vibe in await kinds_asked(at - LOOKED_BACK, at):
            need = await asyncio.to_thread(self._need, vibe)
            if need is None:
                continue
            most = min(need.missing, MOST_OF_KIND, MOST_A_NIGHT - done.new)
            filled = await self._discovery.fill(need, most)
            done = ToppedUp(kinds=done.kinds + 1, new=done.new + filled.new, down=filled.down)
            if done.new >= MOST_A_NIGHT or (filled.down and not filled.looked_at):
                break
        return done

    def _need(self, vibe: Vibe) -> CoverageGap | None:
        return need_of(self._library(), Recipe(vibe=vibe, seed=0, rules=Rules(default_tracks=ENOUGH)))


async def kinds_asked(since: datetime, until: datetime) -> list[Vibe]:
    """The kinds of requests of a time, the most frequent first, without words or names. Raises DatabaseDown."""
    asked: Counter[tuple[object, ...]] = Counter()
    vibes: dict[tuple[object, ...], Vibe] = {}
    with guarded():
        understood = await MoodQuery.understood_between(since, until, MOST_REQUESTS)
    for parsed in understood:
        vibe = _anonymous(parsed)
        if vibe is not None:
            key = CoverageGap(vibe=vibe, missing=0).key
            asked[key] += 1
            vibes.setdefault(key, vibe)
    return [vibes[key] for key, _ in asked.most_common(KINDS)]


def _anonymous(parsed: Any) -> Vibe | None:
    """What was understood, without length and names; None for what another application wrote in another form."""
    try:
        vibe = Vibe.from_dict(parsed)
    except (TypeError, ValueError, KeyError, AttributeError):
        return None
    bare = replace(without_words(vibe), artists=Artists(), length=None, arc=None, familiarity=None)
    return bare if bare.targets or bare.genres.wanted or bare.years.wanted else None
