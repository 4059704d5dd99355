"""Ids out of texts that come from outside."""

from __future__ import annotations

from beanie import PydanticObjectId
from bson.errors import InvalidId

from bot.errors import Gone


def stored_key(text: str, *, what: str) -> PydanticObjectId:
    """`text` as an id of the database. Raises Gone(what) when it cannot be one: nothing is stored under it."""
    try:
        return PydanticObjectId(text)
    except InvalidId:
        raise Gone(what=what) from None
