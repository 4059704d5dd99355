"""Making a set again from what its session kept: the identical one, or what has changed since."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bot.catalogue.index import Catalogue
from bot.database import guarded
from bot.documents import GenerationSession, MoodQuery
from bot.errors import Gone
from bot.facts import Fact
from bot.generation.engine import VERSION, compose
from bot.generation.learning.ranking import RANKER
from bot.generation.values import Composition
from bot.services.facts import CatalogueChanged, EngineChanged, MembersErased, NoRecipeKept, ParserChanged
from bot.services.playlists.listener_group import guests_of
from bot.services.playlists.object_ids import stored_key
from bot.services.playlists.recipe_codec import recipe_of
from nlp.vibe import Vibe

Raw = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Replay:
    """A set made again. `before` and `now` are the ids of the tracks in order, `changed` what is not as it
    was, `composition` the set as it is made now; None where the session kept no recipe.
    """

    session_id: str
    before: tuple[str, ...]
    now: tuple[str, ...]
    changed: tuple[Fact, ...]
    composition: Composition | None

    @property
    def same(self) -> bool:
        """Whether the set is the identical one."""
        return self.composition is not None and self.before == self.now


async def replay(session_id: str, catalogue: Catalogue, *, parser_version: str) -> Replay:
    """Makes the set of a finished session again; nothing is stored. Raises Gone("session"), DatabaseDown."""
    key = stored_key(session_id, what="session")
    with guarded():
        session = await GenerationSession.raw(key)
        if session is None or session.get("status") != "completed":
            raise Gone(what="session")
        query = await MoodQuery.raw(session["moodQueryId"])
        group = await guests_of(session)
    if query is None:
        raise Gone(what="session")
    before = tuple(str(track_id) for track_id in session.get("ordering") or ())
    changed: tuple[Fact, ...] = tuple(_changed(session, query, catalogue, parser_version))
    if missing := int((session.get("group") or {}).get("members") or 0) - len(group):
        changed = (*changed, MembersErased(count=missing))
    recipe = recipe_of(session, Vibe.from_dict(query.get("parsed") or {}), group)
    if recipe is None:
        changed = (NoRecipeKept(), *changed)
        return Replay(session_id=session_id, before=before, now=(), changed=changed, composition=None)
    composition = await asyncio.to_thread(compose, catalogue.table, recipe)
    now = tuple(pick.key for pick in composition.ordering)
    return Replay(session_id=session_id, before=before, now=now, changed=changed, composition=composition)


def _changed(session: Raw, query: Raw, catalogue: Catalogue, parser_version: str) -> Iterator[Fact]:
    then = session.get("catalogue") or {}
    digest = catalogue.digest
    if then.get("digest") != digest:
        yield CatalogueChanged(
            size_then=then.get("size") or 0,
            digest_then=then.get("digest"),
            size_now=catalogue.size,
            digest_now=digest,
        )
    # The learned weights are part of the recipe, so they are used as they were then.
    steps = [step for step in session.get("algorithms") or () if step.get("name") != RANKER]
    versions = {step.get("version") for step in steps}
    if versions != {VERSION}:
        yield EngineChanged(then=tuple(sorted(map(str, versions))), now=VERSION)
    parsed_by = query.get("modelVersion")
    if parsed_by != parser_version:
        yield ParserChanged(then=parsed_by, now=parser_version)
