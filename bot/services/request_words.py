"""The words of a request before anything reads them: what may be asked at all."""

from __future__ import annotations

import unicodedata

from bot.errors import EmptyRequest, RequestTooLong

TEXT_LIMIT = 500
"""Characters of a request that a door takes."""

_BLANKS = frozenset("\u115f\u1160\u2800\u3164\uffa0")
"""Letters and signs that show nothing, though Unicode does not call them spaces."""


def readable(text: str) -> str:
    """`text` without half characters (lone surrogates), which no database takes."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def checked(text: str) -> str:
    """The request as the parser gets it. Raises EmptyRequest when nothing of it shows, RequestTooLong beyond 500."""
    text = readable(text).strip()
    if not any(shows(sign) for sign in text):
        raise EmptyRequest
    if len(text) > TEXT_LIMIT:
        raise RequestTooLong(length=len(text), limit=TEXT_LIMIT)
    return text


def shows(sign: str) -> bool:
    """Whether a sign can be seen at all: no space, control or mark by itself."""
    return sign not in _BLANKS and unicodedata.category(sign)[0] not in "CZM"
