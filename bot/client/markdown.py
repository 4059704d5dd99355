"""Foreign words made safe to show: linear, whatever comes in.

Titles, artists, names and requests are written by strangers. Nothing of them may ping, link, break a line, turn the
direction of the text or style what stands beside it.
"""

from __future__ import annotations

import re
import unicodedata

ELLIPSIS = "…"

_JOINERS = frozenset("\u200c\u200d")
"""Needed inside emoji and by scripts such as Persian; invisible, but harmless."""

_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
_SPACES = frozenset({"Zs", "Zl", "Zp"})
_MARKS = frozenset({"Mn", "Me"})

_MARKS_IN_A_ROW = 4
"""More combining marks than any script stacks on one letter; beyond that they paint over the lines around."""

_BREAK = "\u200b"
"""A space of no width, put where Discord would otherwise see a mention or a link."""

_STYLE = str.maketrans({sign: "\\" + sign for sign in "\\*_~|`[]"})
_DEFUSED = str.maketrans({"@": "@" + _BREAK, "<": "<" + _BREAK})
_BRACKETS = str.maketrans({"[": "(", "]": ")"})
_LINE_START = re.compile(r"^(?=[#>+-]|\d+[.)])")


def plain(text: str, limit: int) -> str:
    """`text` on one line without control, direction and other hidden signs, at most `limit` characters.

    What is cut ends with an ellipsis. For labels, which Discord shows as they are.
    """
    kept: list[str] = []
    marks = 0
    # Four signs are read for each that may stay: enough for honest text, and an end for the other kind.
    for sign in text[: limit * 4 + 64]:
        category = unicodedata.category(sign)
        marks = marks + 1 if category in _MARKS else 0
        if sign in "\t\n\r" or category in _SPACES:
            kept.append(" ")
        elif (category not in _HIDDEN or sign in _JOINERS) and marks <= _MARKS_IN_A_ROW:
            kept.append(sign)
    line = " ".join("".join(kept).split(" ")).strip()
    line = re.sub(" {2,}", " ", line)
    return line if len(line) <= limit else line[: max(limit - 1, 0)].rstrip() + ELLIPSIS


def escaped(text: str, limit: int) -> str:
    """`text` for the middle of a card: nothing in it styles, mentions or links. `limit` counts what is seen."""
    line = _LINE_START.sub(r"\\", plain(text, limit).translate(_STYLE))
    return _unlinked(line.translate(_DEFUSED))


def chip(text: str, limit: int) -> str:
    """`text` as a chip: an inline code span, in which Discord reads no markup at all."""
    inside = plain(text, limit).replace("`", "ʼ").strip() or ELLIPSIS
    return f"`{_unlinked(inside.translate(_DEFUSED))}`"


def linked(text: str, url: str | None, limit: int) -> str:
    """`text` as a link to `url`, or only escaped without one. Brackets become round: Discord's links break on them."""
    if url is None or not is_song_address(url):
        return escaped(text, limit)
    return f"[{escaped(plain(text, limit).translate(_BRACKETS), limit)}]({url})"


_SONG_ADDRESS = re.compile(r"https://open\.spotify\.com/track/[A-Za-z0-9]{1,40}")


def is_song_address(url: str) -> bool:
    """Whether a card may link to `url`: only songs on Spotify, exactly as their addresses are written."""
    return _SONG_ADDRESS.fullmatch(url) is not None


def _unlinked(line: str) -> str:
    """Without anything a client turns into a link by itself."""
    return line.replace("://", ":" + _BREAK + "//")
