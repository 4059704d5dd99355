"""What is stored of artists from open sources, in bulk, for whoever prepares the catalogue's songs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.database import guarded
from bot.documents import KnownArtist


@dataclass(frozen=True, slots=True, kw_only=True)
class ArtistRecord:
    """An artist as open sources know them; None or empty is unknown.

    `genres` are of our graph, and empty unless reading tags is switched on. The years are those of their music,
    `last_year` None while it goes on. `country` is ISO 3166-1 ("GB"), `languages` are ISO 639-1 ("en") and those of
    songs that were looked at. `listeners` counts ListenBrainz's members, few beside the world: it is for comparing.
    `similar` holds names with a closeness above 0, up to 1, the closest first.
    """

    name: str
    genres: tuple[str, ...] = ()
    first_year: int | None = None
    last_year: int | None = None
    country: str = ""
    languages: tuple[str, ...] = ()
    listeners: int | None = None
    similar: tuple[tuple[str, float], ...] = ()


async def artist_records(names: Iterable[str] | None = None) -> Mapping[str, ArtistRecord]:
    """Who is known of these artists, of all of them for None, by `nlp.names.fold` of the name. Raises DatabaseDown.

    Artists of whom nothing was found are left out. What ships in the package's own table is not in here.
    """
    found: dict[str, ArtistRecord] = {}
    with guarded():
        async for raw in KnownArtist.everybody() if names is None else KnownArtist.of_names(names):
            if raw.get("mbid"):
                found[raw["key"]] = _record(raw)
    return found


def _record(raw: Mapping[str, Any]) -> ArtistRecord:
    return ArtistRecord(
        name=raw["name"],
        genres=tuple(raw.get("genres") or ()),
        first_year=raw.get("firstYear"),
        last_year=raw.get("lastYear"),
        country=raw.get("country") or "",
        languages=tuple(raw.get("languages") or ()),
        listeners=raw.get("listeners"),
        similar=tuple((near["name"], float(near["closeness"])) for near in raw.get("similar") or ()),
    )
