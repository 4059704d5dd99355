"""Ids out of texts that come from outside."""

from __future__ import annotations

from bot.documents import Key, key_in
from bot.errors import Gone


def stored_key(text: str, *, what: str) -> Key:
    """`text` as an id of the database. Raises Gone(what) when it cannot be one: nothing is stored under it."""
    key = key_in(text)
    if key is None:
        raise Gone(what=what)
    return key
