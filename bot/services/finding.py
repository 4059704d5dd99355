"""What `PlaylistService` may have beside it: somebody who looks for songs where the catalogue is thin."""

from __future__ import annotations

from dataclasses import replace
from typing import Protocol

from bot.generation.library import Library
from bot.generation.values import Composition, Recipe


class Finder(Protocol):
    """Looks for new songs. `bot.services.discovery.Discovery` is the real one."""

    async def more_for(self, recipe: Recipe, library: Library) -> str | None:
        """Look if few songs of the library fit; a sentence for the member on what came of it, or None.

        Returns within its deadline and raises nothing; what was found in time is in the catalogue then.
        """


def with_note(composition: Composition, note: str | None) -> Composition:
    """The composition with one more thing to know."""
    return composition if note is None else replace(composition, notes=(*composition.notes, note))
