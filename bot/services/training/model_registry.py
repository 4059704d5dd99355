"""The models that work here, as ModelRegistry keeps them: which there are, which one is used, and the way back.

The parser, its trained part and the scorer come with the code: what runs is what is installed. The ranker's weights are
learned: the version that was activated last is used by the next request of every process.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.database import guarded
from bot.documents import ModelRegistry
from bot.errors import NoModel
from bot.facts import Fact
from bot.generation.engine import VERSION as SCORER_VERSION
from bot.generation.learning.ranking import BUILT_IN, RANKER, RankingWeights
from bot.generation.scoring.score import QUARTILE, WEIGHTS
from bot.services.training.artifacts import BadArtifact, weights_of

_log = logging.getLogger(__name__)

PARSER, MEANING, SCORER = "parser", "meaning", "scorer"

LOOKED_BACK = 20
"""Versions that are tried before the built-in weights are used: so many in a row are not damaged by chance."""

FORGIVEN_S = 30.0
"""After this a damaged artifact is read again: somebody may have mended it."""

Raw = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelView:
    """A version of a model. `state` is "used", "kept" (never used, or no longer) or "rolled back".

    `damaged` says why it cannot be used, `metrics` and `lineage` are what its training wrote down.
    """

    name: str
    version: str
    state: str
    made_at: datetime | None
    activated_at: datetime | None
    metrics: Raw
    lineage: Raw
    damaged: Fact | None = None


class ModelService:
    """The learned weights that hold now, and changing by hand which these are."""

    def __init__(self) -> None:
        self._good: dict[tuple[str, str], RankingWeights] = {}
        self._bad: dict[tuple[str, str], float] = {}
        self.damaged = 0

    async def weights(self) -> RankingWeights:
        """The newest activated weights that can be read. The registry is asked every time. Raises DatabaseDown.

        What is damaged or missing is passed over, which the log says once; `damaged` counts them.
        """
        with guarded():
            found = await ModelRegistry.activated(RANKER, LOOKED_BACK)
        damaged = 0
        for raw in found:
            weights = await self._read(raw)
            if weights is not None:
                self.damaged = damaged
                return weights
            damaged += 1
        self.damaged = damaged
        return RankingWeights()

    async def all(self, name: str | None = None) -> tuple[ModelView, ...]:
        """Every version of every model, or of one; by name, the newest first. Raises DatabaseDown."""
        with guarded():
            found = await ModelRegistry.every(name)
        used = {(RANKER, (await self.weights()).version)}
        for raw in found:
            if raw["name"] != RANKER and raw["version"] == _newest(found, raw["name"]):
                used.add((raw["name"], raw["version"]))
        return tuple(_view(raw, used=(raw["name"], raw["version"]) in used) for raw in found)

    async def ranker(self) -> tuple[ModelView, ...]:
        """The versions of the learned weights, the one in use first. Raises DatabaseDown."""
        return tuple(sorted(await self.all(RANKER), key=lambda model: model.state != "used"))

    async def activate(self, version: str) -> RankingWeights:
        """Use these learned weights from now on. Raises NoModel when they are not there or damaged, DatabaseDown."""
        with guarded():
            raw = await ModelRegistry.of_version(RANKER, version)
        if raw is None:
            raise NoModel(version=version, reason="unknown")
        try:
            weights = weights_of(raw)
        except BadArtifact as bad:
            raise NoModel(version=version, reason="damaged", cause=bad.fault) from bad
        with guarded():
            await ModelRegistry.activate(RANKER, version)
        _log.info("the ranker's weights %s are used from now on", version)
        return weights

    async def rollback(self) -> tuple[str, str]:
        """Back to the weights that were used before; the versions that are left, and used now.

        Raises NoModel when there were none before, DatabaseDown.
        """
        left = await self.weights()
        with guarded():
            found = await ModelRegistry.activated(RANKER, LOOKED_BACK)
        place = next((place for place, raw in enumerate(found) if raw["version"] == left.version), None)
        if place is None or place + 1 >= len(found):
            raise NoModel(version=left.version, reason="first")
        with guarded():
            await ModelRegistry.withdraw(RANKER, since=found[place]["activatedAt"])
        used = await self.weights()
        _log.warning("the ranker was rolled back from %s to %s", left.version, used.version)
        return left.version, used.version

    async def _read(self, raw: Raw) -> RankingWeights | None:
        """The weights of an activated version; those that were read before are not read again."""
        key = (str(raw.get("version")), str(raw.get("artifact")))
        if key in self._good:
            return self._good[key]
        if self._bad.get(key, 0.0) > time.monotonic():
            return None
        with guarded():
            whole = await ModelRegistry.raw(raw["_id"])
        try:
            weights = weights_of(whole or {})
        except BadArtifact as bad:
            if key not in self._bad:
                _log.error("the ranker's weights %s cannot be used, so older ones are: %s", key[0], bad)
            self._bad[key] = time.monotonic() + FORGIVEN_S
            return None
        self._bad.pop(key, None)
        self._good[key] = weights
        return weights


async def register_models(parser_version: str) -> None:
    """Puts this installation's parser, the trained part of it and the scorer into the registry, as what is used.

    Versions that stand there keep their figures. The ranker's built-in weights are there from the beginning, so that
    there is always something to go back to. Raises DatabaseDown.
    """
    # Only the process that serves has the parser; what looks at the registry need not wait for spaCy.
    from nlp.components.meaning.trained_meaning import metrics

    with guarded():
        await _in_use(PARSER, parser_version, "nlp/lexicon", parser_metrics())
        if trained := metrics():
            figures = {key: trained[key] for key in ("vocabulary", "words", "held_out")}
            await _in_use(MEANING, trained["version"], trained["artifact"]["file"], figures)
        await _in_use(SCORER, SCORER_VERSION, "bot/generation", scorer_metrics())
        await ModelRegistry.register(RANKER, BUILT_IN, "bot/generation/scoring.py", scorer_metrics())


async def _in_use(name: str, version: str, artifact: str, figures: Mapping[str, Any]) -> None:
    """Registered, and activated anew where another version was used meanwhile."""
    await ModelRegistry.register(name, version, artifact, figures)
    newest = await ModelRegistry.activated(name, 1)
    if not newest or newest[0]["version"] != version:
        await ModelRegistry.activate(name, version)


def _newest(found: list[Raw], name: str) -> str | None:
    """The version of a model that was activated last."""
    used = [raw for raw in found if raw["name"] == name and raw.get("activatedAt") is not None]
    return max(used, key=lambda raw: raw["activatedAt"])["version"] if used else None


def _view(raw: Raw, *, used: bool) -> ModelView:
    damaged = None
    if raw["name"] == RANKER:
        try:
            weights_of(raw)
        except BadArtifact as bad:
            damaged = bad.fault
    return ModelView(
        name=raw["name"],
        version=raw["version"],
        state="used" if used else "rolled back" if raw.get("rolledBackAt") else "kept",
        made_at=raw.get("createdAt"),
        activated_at=raw.get("activatedAt"),
        metrics=raw.get("metricsJson") or {},
        lineage=raw.get("lineage") or {},
        damaged=damaged,
    )


def parser_metrics() -> dict[str, object]:
    """What the parser knows: entries of its lexicon in all and by kind, the spellings they are found by, its trained
    part.
    """
    from nlp.components.meaning.trained_meaning import metrics
    from nlp.lexicon import read_entries

    entries = read_entries()
    kinds = sorted({entry.kind for entry in entries})
    return {
        "entries": len(entries),
        "forms": sum(len(entry.forms) for entry in entries),
        "entriesByKind": {kind: sum(1 for entry in entries if entry.kind == kind) for kind in kinds},
        "meaning": metrics().get("version"),
    }


def scorer_metrics() -> dict[str, object]:
    """What the scorer weighs: its named parts beside the axes, and their weights."""
    return {"namedParts": len(WEIGHTS), "weights": dict(WEIGHTS), "quartile": QUARTILE}
