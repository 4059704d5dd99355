"""Emoji as members write them, one by one."""

from __future__ import annotations

import re

from bot.errors import BadEntry

_BASE = (
    "\u00a9\u00ae\u203c\u2049\u2122\u2139\u2190-\u21ff\u2300-\u23ff\u24c2\u25aa-\u25fe\u2600-\u27bf\u2934\u2935"
    "\u2b05-\u2b55\u3030\u303d\u3297\u3299\U0001f004\U0001f0cf\U0001f170-\U0001f251\U0001f300-\U0001f3fa"
    "\U0001f400-\U0001faff"
)
_ONE = f"[{_BASE}]\ufe0f?[\U0001f3fb-\U0001f3ff]?[\U000e0020-\U000e007f]*"
_EMOJI = re.compile(
    r"<a?:\w{2,32}:\d{1,20}>"
    r"|[\U0001f1e6-\U0001f1ff]{2}"
    r"|[0-9#*]\ufe0f?\u20e3"
    rf"|{_ONE}(?:\u200d{_ONE})*"
)
_LONGEST = 24
"""Characters of the longest emoji that is really in use, with room."""


def emoji_in(text: str, *, own: frozenset[str], field: str) -> tuple[str, ...]:
    """The emoji of `text`, which holds nothing else but spaces and commas; those of a server only if they are `own`.

    Raises BadEntry(field) with "not_emoji" or "foreign_emoji".
    """
    found: list[str] = []
    for word in re.split(r"[\s,;]+", text.strip()):
        place = 0
        while place < len(word):
            match = _EMOJI.match(word, place)
            if match is None or (len(match[0]) > _LONGEST and not match[0].startswith("<")):
                raise BadEntry(field=field, reason="not_emoji", entry=word)
            if match[0].startswith("<") and match[0] not in own:
                raise BadEntry(field=field, reason="foreign_emoji", entry=match[0])
            found.append(match[0])
            place = match.end()
    return tuple(dict.fromkeys(found))
