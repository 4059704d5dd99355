"""Names of artists as the parser needs them: a form to compare by, and the index it may be given."""

from __future__ import annotations

import re
import unicodedata
from typing import Protocol

_NOT_WORD = re.compile(r"[^\w]+", re.UNICODE)


def fold(text: str) -> str:
    """`text` as names are compared: no case, accents or punctuation, single spaces ("Beyoncé!" -> "beyonce").

    Both sides of a comparison go through it: the words of a request and the names of an index.
    """
    plain = text
    if not text.isascii():
        plain = "".join(sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign))
    return _NOT_WORD.sub(" ", plain.casefold()).replace("_", " ").strip()


class Names(Protocol):
    """Artists that can be recognised in a request. The catalogue's index of artists is one."""

    @property
    def longest(self) -> int:
        """Words in the longest name worth looking for."""

    def lookup(self, folded: str) -> str | None:
        """The artist's name as it is written, for a name that went through `fold`; None when there is none."""
