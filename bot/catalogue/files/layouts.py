"""The CSV files that people have, one a row: which column holds what. A new layout is one more row."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.generation.tracks import FEATURES, Feature

_SEMICOLON = re.compile(r"\s*;\s*")
_SEMICOLON_OR_COMMA = re.compile(r"\s*[;,]\s*")
_PLAIN_COMMA = re.compile(r"(?<!\\),\s*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """One kind of file; columns are named in lower case, "" is a column that the kind does not have.

    `spotify_id` may hold ids, URIs or links. `artists_between` and `genres_between` separate several in one cell,
    None where a cell holds one. Features have columns of their own names. `uses` are words of the genre columns
    that say what a song is for, not what it is; they become tags too.
    """

    name: str
    spotify_id: str
    title: str
    artists: str
    album: str
    duration_ms: str
    artists_between: re.Pattern[str] | None = None
    explicit: str = ""
    released: str = ""
    popularity: str = ""
    isrc: str = ""
    genres: tuple[str, ...] = ()
    genres_between: re.Pattern[str] | None = None
    uses: frozenset[str] = frozenset()


LAYOUTS: tuple[Layout, ...] = (
    Layout(
        name="114k table",
        spotify_id="track_id",
        title="track_name",
        artists="artists",
        artists_between=_SEMICOLON,
        album="album_name",
        duration_ms="duration_ms",
        explicit="explicit",
        popularity="popularity",
        genres=("track_genre",),
        uses=frozenset({"chill", "children", "happy", "kids", "party", "romance", "sad", "sleep", "study"}),
    ),
    Layout(
        name="30k table",
        spotify_id="track_id",
        title="track_name",
        artists="track_artist",
        album="track_album_name",
        duration_ms="duration_ms",
        released="track_album_release_date",
        popularity="track_popularity",
        genres=("playlist_subgenre", "playlist_genre"),
    ),
    Layout(
        name="Exportify",
        spotify_id="track uri",
        title="track name",
        artists="artist name(s)",
        artists_between=_SEMICOLON,
        album="album name",
        duration_ms="duration (ms)",
        explicit="explicit",
        released="release date",
        popularity="popularity",
        genres=("genres",),
        genres_between=_SEMICOLON_OR_COMMA,
    ),
    Layout(
        name="older Exportify",
        spotify_id="spotify id",
        title="track name",
        artists="artist name(s)",
        artists_between=_PLAIN_COMMA,
        album="album name",
        duration_ms="duration (ms)",
        released="release date",
        popularity="popularity",
        genres=("genres",),
        genres_between=_SEMICOLON_OR_COMMA,
    ),
    Layout(
        name="exportify.app",
        spotify_id="track uri",
        title="track name",
        artists="artist name(s)",
        artists_between=_PLAIN_COMMA,
        album="album name",
        duration_ms="track duration (ms)",
        explicit="explicit",
        released="album release date",
        popularity="popularity",
        isrc="isrc",
        genres=("artist genres",),
        genres_between=_SEMICOLON_OR_COMMA,
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """Where the columns of one file are, by number; None is a column that it does not have."""

    layout: Layout
    width: int
    spotify_id: int
    title: int
    artists: int
    duration_ms: int
    album: int | None = None
    explicit: int | None = None
    released: int | None = None
    popularity: int | None = None
    isrc: int | None = None
    genres: tuple[int, ...] = ()
    features: tuple[tuple[Feature, int], ...] = field(default=())


def columns_of(header: Sequence[str]) -> Columns | None:
    """The columns of a file with this header, or None when no layout fits it.

    Columns may stand in any order and have others between them; id, title, artists and length must be there.
    """
    places = {name.strip().strip('"').casefold(): place for place, name in reversed(list(enumerate(header)))}
    for layout in LAYOUTS:
        needed = (layout.spotify_id, layout.title, layout.artists, layout.duration_ms)
        if all(name in places for name in needed):
            return Columns(
                layout=layout,
                width=len(header),
                spotify_id=places[layout.spotify_id],
                title=places[layout.title],
                artists=places[layout.artists],
                duration_ms=places[layout.duration_ms],
                album=places.get(layout.album),
                explicit=places.get(layout.explicit, places.get(f"{layout.explicit}?")),
                released=places.get(layout.released),
                popularity=places.get(layout.popularity),
                isrc=places.get(layout.isrc),
                genres=tuple(places[name] for name in layout.genres if name in places),
                features=tuple((name, places[name]) for name in FEATURES if name in places),
            )
    return None
