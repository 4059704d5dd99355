"""What the doors give to publishing and get back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from bot.services.values import PlaylistView, Requester, SongView

SaveChoice = Literal["update", "new"]
"""Where a playlist goes whose parent is saved already: into its place, or beside it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Saving:
    """A press on Save; `choice` is the answer to what `Offered` asked, None as long as nothing was asked."""

    requester: Requester
    playlist_id: str
    choice: SaveChoice | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """A question back: the playlist that this one was made from is saved at `url`. It can be updated, or left."""

    playlist: PlaylistView
    saved_name: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """A playlist that stands on Spotify, at `url`.

    `songs` of it are there and `missing` are not, for want of a Spotify id. `own` tells that it is on the member's own
    account, `before` that it was there already, `updated` that it took the place of another, `removable` that the one
    who asked may take it down.
    """

    playlist: PlaylistView
    url: str
    songs: int
    missing: tuple[SongView, ...]
    own: bool
    cover: bool = False
    before: bool = False
    updated: bool = False
    removable: bool = True
