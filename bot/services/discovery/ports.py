"""What `PlaylistService` may have beside it: somebody who looks for songs where the catalogue is thin."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Protocol

from bot.facts import Fact
from bot.generation.library import Library
from bot.generation.values import Composition, Recipe


@dataclass(frozen=True, slots=True, kw_only=True)
class DiscoveryOutcome:
    """What came of looking for songs: what the member is told, and whether it goes on."""

    note: Fact
    goes_on: bool = False


class SongFinder(Protocol):
    """Looks for new songs. `bot.services.discovery.service.DiscoveryService` is the real one."""

    async def more_for(self, recipe: Recipe, library: Library) -> DiscoveryOutcome | None:
        """Look if few songs of the library fit; what came of it, or None when nothing was looked for.

        Returns within its deadline and raises nothing; what was found in time is in the catalogue then.
        """


def with_note(composition: Composition, looked: DiscoveryOutcome | None) -> Composition:
    """The composition with one more thing to know."""
    return composition if looked is None else replace(composition, notes=(*composition.notes, looked.note))
