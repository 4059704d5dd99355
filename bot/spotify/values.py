"""What goes into the gateway to Spotify and what comes out: plain values, nothing of spotipy."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol

Priority = Literal["publishing", "linking", "library", "discovery"]
"""What a call is for. The later in this list, the smaller the part of the day's calls that it may use."""

TopTerm = Literal["short_term", "medium_term", "long_term"]
"""How far back "top tracks" looks: about four weeks, six months, a year."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessToken:
    """A token that opens one Spotify account, plain, for as long as a call takes; it is shown nowhere.

    `account_id` is that of `GET /me`, by which an account is known again; empty while it is being linked. `scopes` are
    what its owner allowed.
    """

    secret: str = field(repr=False)
    account_id: str = ""
    scopes: frozenset[str] = frozenset()
    expires_at: datetime | None = None


class Tokens(Protocol):
    """Whose accounts may be used. Kept, refreshed and erased elsewhere; here they are only asked for."""

    async def token_of(self, user_id: str) -> AccessToken | None:
        """The token of a member's own account, fresh; None where none is linked. Raises LinkExpired, WorldDown."""

    async def owner_token(self) -> AccessToken | None:
        """The token of the server's owner account, fresh; None where none is set up. Raises LinkExpired, WorldDown."""

    async def renewed(self, token: AccessToken) -> AccessToken | None:
        """Another token in the place of one that Spotify did not take before its time was over; None without one.

        Raises LinkExpired, WorldDown.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """Who an account belongs to, as far as `GET /me` still says it. `account_id` never changes, `user_id` may."""

    account_id: str
    user_id: str
    display_name: str | None = None
    email: str | None = None
    country: str | None = None
    product: str | None = None
    images: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SpotifyPlaylist:
    """A playlist as it stands on Spotify. What Spotify escaped for HTML in the description stays escaped."""

    id: str
    name: str
    description: str = ""
    total: int | None = None

    @property
    def url(self) -> str:
        """Where everybody can open it."""
        return playlist_url(self.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaylistPage:
    """Some of an account's playlists, and how many there are in all."""

    items: tuple[SpotifyPlaylist, ...]
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SpotifyArtist:
    """An artist of a song."""

    id: str | None
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SpotifyTrack:
    """A song as Spotify describes it. What it no longer says (popularity, genres, features) is not here."""

    id: str
    name: str
    artists: tuple[SpotifyArtist, ...]
    duration_ms: int
    explicit: bool = False
    album: str | None = None
    album_id: str | None = None
    year: int | None = None
    isrc: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedTrack:
    """A song of somebody's library, and when they saved it."""

    track: SpotifyTrack
    saved_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedPage:
    """Some of an account's saved songs, the latest first, and how many there are in all.

    `taken` is how many entries Spotify gave: more than `items` where some are no songs (local files, episodes).
    """

    items: tuple[SavedTrack, ...]
    total: int
    taken: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PlayedTrack:
    """A song that was played, and when it ended."""

    track: SpotifyTrack
    played_at: datetime


def playlist_url(playlist_id: str) -> str:
    """Where a playlist can be opened."""
    return f"https://open.spotify.com/playlist/{playlist_id}"


def track_uri(spotify_id: str) -> str:
    """How a song is named in a playlist."""
    return f"spotify:track:{spotify_id}"
