"""The songs that sets are chosen from, and more of them where they are few."""

from __future__ import annotations

import asyncio

from bot.catalogue.index import Catalogue
from bot.catalogue.prepared import PreparedCatalogue
from bot.generation.engine import compose
from bot.generation.library import Library
from bot.generation.tracks import TrackTable
from bot.generation.values import Composition, Recipe
from bot.services.discovery.ports import DiscoveryOutcome, SongFinder
from nlp.vibe import Vibe


class SongSupply:
    """The catalogue, prepared for choosing; without a `finder` there are no songs but those that it holds."""

    def __init__(self, prepared: PreparedCatalogue, *, finder: SongFinder | None = None) -> None:
        self._prepared = prepared
        self._finder = finder

    @property
    def catalogue(self) -> Catalogue:
        """The catalogue itself."""
        return self._prepared.catalogue

    def library(self) -> Library:
        """The catalogue as it is now. CPU-bound after a change of the catalogue; run it in a worker thread."""
        return self._prepared.library()

    def compose(self, table: TrackTable, recipe: Recipe) -> Composition:
        """The set of a recipe out of a table that was taken from the catalogue. CPU-bound; run it in a thread."""
        return compose(table, recipe, library=self._prepared.of(table))

    async def first_ones(self, vibe: Vibe) -> DiscoveryOutcome | None:
        """Look for the first songs of an empty catalogue; what came of it, None where it has songs already."""
        if self.catalogue.size or not vibe.understood:
            return None
        return await self.more_for(Recipe(vibe=vibe, seed=0))

    async def more_for(self, recipe: Recipe) -> DiscoveryOutcome | None:
        """New songs in the catalogue, if it is thin for this and they come in time; what came of looking."""
        if self._finder is None or recipe.vibe.familiarity == "mine":
            # No song that nobody has brought yet is one that the member knows.
            return None
        return await self._finder.more_for(recipe, await asyncio.to_thread(self._prepared.library))
