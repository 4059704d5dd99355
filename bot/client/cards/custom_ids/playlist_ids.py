"""The names of buttons and menus, readable, and all that lives on after a restart.

A custom_id says what a press does and to which playlist, so that a card works for as long as it stands in Discord.
Discord allows 100 characters.
"""

from __future__ import annotations

from typing import Literal, get_args

Step = Literal["again", "more-energy", "calmer", "brighter", "darker"]
"""What the next playlist of a chain shall be."""

STEPS: tuple[Step, ...] = get_args(Step)

SetRating = Literal["love", "dislike"]
"""What a press says about a whole set."""

SongRating = Literal["love", "skip", "never"]
"""What a press says about one song."""

Audience = Literal["all", "me"]
"""Who sees the answer to a press: everyone, or only the one who pressed."""

_PLAYLIST = r"(?P<playlist>[^:]{1,40})"

NEXT = rf"vibrato:next:{_PLAYLIST}:(?P<step>{'|'.join(STEPS)})"
RATE_SET = rf"vibrato:set:{_PLAYLIST}:(?P<rating>{'|'.join(get_args(SetRating))})"
CHOOSE_SONG = rf"vibrato:songs:{_PLAYLIST}"
RATE_SONG = rf"vibrato:song:{_PLAYLIST}:(?P<track>[^:]{{1,40}}):(?P<rating>{'|'.join(get_args(SongRating))})"
TAKE_BACK = rf"vibrato:undo:{_PLAYLIST}:(?P<event>[^:]{{1,40}})"
TURN_PAGE = rf"vibrato:page:{_PLAYLIST}:(?P<page>\d{{1,3}})"
WHY = rf"vibrato:why:{_PLAYLIST}"
TURN_WHY = rf"vibrato:why:{_PLAYLIST}:(?P<page>\d{{1,3}})"
WHY_NOT = rf"vibrato:why-not:{_PLAYLIST}"
WHY_NOT_FORM = rf"vibrato:why-not-asked:{_PLAYLIST}"
UNDO_STEP = rf"vibrato:step-back:{_PLAYLIST}:(?P<owner>\d{{0,20}})"
EXPORT = rf"vibrato:export:{_PLAYLIST}"
SAVE = rf"vibrato:save:{_PLAYLIST}(?::(?P<choice>update|new))?"
UNSAVE = rf"vibrato:unsave:{_PLAYLIST}"
MOOD = r"vibrato:mood:(?P<mood>.{1,80})"
MOODS = r"vibrato:moods(?::\d)?"
TRY = r"vibrato:try:(?P<audience>all|me):(?P<text>.{1,80})"


def next_one(playlist_id: str, step: Step) -> str:
    """Make the next playlist after this one."""
    return f"vibrato:next:{playlist_id}:{step}"


def rate_set(playlist_id: str, rating: SetRating) -> str:
    """Rate the whole set."""
    return f"vibrato:set:{playlist_id}:{rating}"


def choose_song(playlist_id: str) -> str:
    """The menu that chooses a song to rate."""
    return f"vibrato:songs:{playlist_id}"


def rate_song(playlist_id: str, track_id: str, rating: SongRating) -> str:
    """Rate one song."""
    return f"vibrato:song:{playlist_id}:{track_id}:{rating}"


def take_back(playlist_id: str, event_id: str) -> str:
    """Take a rating back."""
    return f"vibrato:undo:{playlist_id}:{event_id}"


def turn_page(playlist_id: str, page: int) -> str:
    """Show another page of the set, counted from 0."""
    return f"vibrato:page:{playlist_id}:{page}"


def why(playlist_id: str) -> str:
    """Open the reasons."""
    return f"vibrato:why:{playlist_id}"


def turn_why(playlist_id: str, page: int) -> str:
    """Show another page of the reasons, counted from 0."""
    return f"vibrato:why:{playlist_id}:{page}"


def why_not(playlist_id: str) -> str:
    """Ask why a song is not in the set."""
    return f"vibrato:why-not:{playlist_id}"


def why_not_form(playlist_id: str) -> str:
    """The form that asks for the song."""
    return f"vibrato:why-not-asked:{playlist_id}"


def undo_step(playlist_id: str, owner_id: str) -> str:
    """Take back the step that made this playlist; `owner_id` is the Discord id of who took it, if anybody did."""
    return f"vibrato:step-back:{playlist_id}:{owner_id if owner_id.isdecimal() else ''}"


def export(playlist_id: str) -> str:
    """Hand the set out as files."""
    return f"vibrato:export:{playlist_id}"


def save(playlist_id: str, choice: Literal["update", "new"] | None = None) -> str:
    """Save the set on Spotify; with `choice` in the place of the one before, or beside it."""
    return f"vibrato:save:{playlist_id}" + (f":{choice}" if choice else "")


def unsave(playlist_id: str) -> str:
    """Take the set down from Spotify."""
    return f"vibrato:unsave:{playlist_id}"


def mood(key: str) -> str:
    """Play a mood; a server's own has a key with a colon in it."""
    return f"vibrato:mood:{key}"


def mood_menu(number: int) -> str:
    """A menu that plays a mood, where there are too many for buttons; a long list has more than one."""
    return f"vibrato:moods:{number}"


TRY_LIMIT = 80
"""Characters of a request that fit into a button."""


def try_text(text: str, audience: Audience) -> str:
    """Ask for `text`, at most TRY_LIMIT characters, as if it had been written after /vibe."""
    return f"vibrato:try:{audience}:{text}"
