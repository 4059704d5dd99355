"""The catalogue as the engine needs it: what is worked out once for a table, and shared by whoever chooses songs."""

from __future__ import annotations

import asyncio

from bot.catalogue.index import Catalogue
from bot.generation.library import Library, prepare
from bot.generation.scoring.kind_fit import kinds_of
from bot.generation.tracks import TrackTable


class PreparedCatalogue:
    """Keeps the library of the newest table; it is made anew when the catalogue has changed."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._library: Library | None = None

    @property
    def catalogue(self) -> Catalogue:
        """What it is prepared from."""
        return self._catalogue

    def library(self) -> Library:
        """The catalogue as it is now. CPU-bound after a change of the catalogue; run it in a worker thread."""
        return self.of(self._catalogue.table)

    def of(self, table: TrackTable) -> Library:
        """The library of a table that was taken from the catalogue before. As slow as `library` if new."""
        library = self._library
        if library is None or library.table is not table:
            library = prepare(table)
            kinds_of(library)
            self._library = library
        return library

    async def catch_up(self) -> None:
        """Take in the songs that came, and prepare the catalogue anew if any did. Raises DatabaseDown."""
        if await self._catalogue.catch_up():
            await self.warm()

    async def warm(self) -> None:
        """Prepare the catalogue for choosing, so that no request has to wait for it."""
        await asyncio.to_thread(self.of, self._catalogue.table)
