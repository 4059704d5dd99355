"""The names of the buttons about a member's own playlists and data: see `playlist_ids`; up to 100 characters."""

from __future__ import annotations

from typing import Literal, get_args

PastAction = Literal["open", "again", "rename", "delete", "restore"]
"""What an owner does with a playlist of theirs."""

PrivacyAction = Literal["export", "delete", "erase", "keep", "pause", "resume"]
"""What a member does about their data; `delete` asks first, and `erase` is the answer."""

TURN_HISTORY = r"vibrato:history:(?P<page>\d{1,6})"
PAST = rf"vibrato:past:(?P<playlist>[^:]{{1,40}}):(?P<action>{'|'.join(get_args(PastAction))})"
CHOOSE_PAST = "vibrato:past"
RENAMED = r"vibrato:rename:(?P<playlist>[^:]{1,40})"
PRIVACY = rf"vibrato:privacy:(?P<action>{'|'.join(get_args(PrivacyAction))})"

FIRST_PAGE = "vibrato:history:000000"
"""The first page, by another name than `turn_history` has for it."""


def turn_history(page: int) -> str:
    """Show a page of the list, counted from 0."""
    return f"vibrato:history:{page}"


def past(playlist_id: str, action: PastAction) -> str:
    """Do something with one playlist."""
    return f"vibrato:past:{playlist_id}:{action}"


def renamed(playlist_id: str) -> str:
    """The form with its new name."""
    return f"vibrato:rename:{playlist_id}"


def privacy(action: PrivacyAction) -> str:
    """Do something about one's data."""
    return f"vibrato:privacy:{action}"
