"""The names of the buttons and menus about a member's taste and a server's sounds: as in `playlist_ids`, readable."""

from __future__ import annotations

from typing import Literal, get_args

TasteAction = Literal["show", "ask", "reset", "pause", "resume"]
"""What is done about a taste; `ask` asks before `reset`."""

ArtistAction = Literal["forget", "never"]
"""What is done about one artist."""

TASTE = rf"vibrato:taste:(?P<action>{'|'.join(get_args(TasteAction))})"
TASTE_ARTISTS = "vibrato:taste-artists"
TASTE_ARTIST = rf"vibrato:taste-artist:(?P<track>[0-9a-f]{{24}}):(?P<action>{'|'.join(get_args(ArtistAction))})"


def taste(action: TasteAction) -> str:
    """Do something about one's taste."""
    return f"vibrato:taste:{action}"


def taste_artist(track_id: str, action: ArtistAction) -> str:
    """Do something about the artist of a song that one rated."""
    return f"vibrato:taste-artist:{track_id}:{action}"
