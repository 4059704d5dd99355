"""Which trained versions learned from whom, and what a deletion leaves of that: a number, and nobody's digest.

The members are kept as salted digests: for a member whose id is known it can be told which versions had seen them, and
from the registry alone nobody can be read.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

from bot.database import guarded
from bot.documents import Key, ModelRegistry
from bot.generation.learning.ranking import RANKER


def seen_as(user_id: Key, salt: str) -> str:
    """How a member stands in the lineage of a version."""
    return hashlib.sha256(f"{salt}:{user_id}".encode()).hexdigest()[:16]


async def mark_forgotten(user_ids: Iterable[Key]) -> int:
    """A member was deleted: each version that had learned from them says so, by number, and loses their digest.

    How many versions those are. The next training has none of them. Raises DatabaseDown.
    """
    ids, marked = list(user_ids), 0
    with guarded():
        for raw in await ModelRegistry.with_members(RANKER):
            marked += await ModelRegistry.forget_members(raw, sorted(_digests(raw, ids)))
    return marked


def _digests(raw: Mapping[str, Any], ids: Iterable[Key]) -> set[str]:
    return {seen_as(user_id, raw["lineage"]["salt"]) for user_id in ids}
