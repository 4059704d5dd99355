"""The hourly round of MusicBrainz and ListenBrainz: some artists, and the years of some songs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bot.services.discovery.artist_facts import ArtistFactsService, ArtistsLearned
from bot.services.discovery.song_years import SongYearsService, YearsLearned

ARTISTS = 60
SONGS = 200
"""What an hour asks about: some three requests an artist and one a song, a second each, so ten minutes at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LookedUp:
    """What an hour brought."""

    artists: ArtistsLearned
    years: YearsLearned

    @property
    def down(self) -> tuple[str, ...]:
        """The sources that did not answer to the end."""
        return tuple(sorted({*self.artists.down, *self.years.down}))


class HourlyLookup:
    """Both services, one after the other: they share one request a second."""

    def __init__(self, artists: ArtistFactsService, years: SongYearsService) -> None:
        self.artists = artists
        self.years = years

    async def look_up(self, check: Callable[[], None]) -> LookedUp:
        """One round; `check` may raise to end it between two questions. Raises DatabaseDown."""
        artists = await self.artists.fill(ARTISTS, check=check)
        return LookedUp(artists=artists, years=await self.years.fill(SONGS, check=check))
