"""What a playlist is called on Spotify, and the marker by which we find our own again."""

from __future__ import annotations

import base64
import hashlib
import re
import unicodedata

NAME_LIMIT, DESCRIPTION_LIMIT = 100, 300
"""Characters that Spotify takes."""

NAMELESS = "A playlist by Vibrato"
"""For a playlist whose name was made of words that are no longer kept."""

_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
_JOINERS = frozenset("\u200c\u200d")
_MARKER = "vibrato-"
_MARKER_BYTES = 10
_SPACE = re.compile(r"\s+")


def marker_of(publication_id: str, attempt: int) -> str:
    """A short sign that only this publication has, and each attempt another."""
    digest = hashlib.sha256(f"publication\0{publication_id}\0{attempt}".encode()).digest()[:_MARKER_BYTES]
    return _MARKER + base64.b32encode(digest).decode().lower()


def is_marked(description: str, marker: str) -> bool:
    """Whether a description, as Spotify hands it out, has the marker."""
    return re.search(rf"(?<![\w-]){re.escape(marker)}(?![\w-])", description) is not None


def spotify_name(name: str) -> str:
    """A playlist's name as Spotify takes it: one line, nothing hidden, at most 100 characters."""
    return _line(name, NAME_LIMIT) or NAMELESS


def spotify_description(text: str, marker: str) -> str:
    """What the playlist is about, shortened so that the marker always stands at its end."""
    about = _line(text, DESCRIPTION_LIMIT - len(marker) - 3)
    return f"{about} · {marker}" if about else marker


def _line(text: str, limit: int) -> str:
    # Cut before it is looked at sign by sign: the text may be of any length.
    shown = (" " if sign.isspace() else sign for sign in text[: limit * 8])
    kept = "".join(sign for sign in shown if sign in _JOINERS or unicodedata.category(sign) not in _HIDDEN)
    line = _SPACE.sub(" ", kept).strip(" \u200c\u200d")
    # Spotify may count in UTF-16: what lies beyond the basic plane is two there.
    while len(line.encode("utf-16-le")) // 2 > limit:
        line = line[:-2].rstrip() + "…"
    return line
