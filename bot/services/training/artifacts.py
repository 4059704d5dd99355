"""Learned weights as the registry keeps them: JSON in the entry itself, named by its digest."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.facts import Fact
from bot.generation.learning.ranking import BUILT_IN, LEAST, MOST, RankingWeights
from bot.services.training.artifact_faults import (
    ArtifactChanged,
    ArtifactElsewhere,
    ArtifactMissing,
    ArtifactNoJson,
    ArtifactOfOtherKind,
    WeightsNoTable,
    WeightUnusable,
)

INLINE = "inline:sha256:"
MOST_NAMES = 200
"""Parts that can be weighed; there are some twenty."""

_KIND = "vibrato ranking weights"


class BadArtifact(ValueError):
    """An artifact that cannot be used, because of its `fault`."""

    def __init__(self, fault: Fact) -> None:
        super().__init__(fault.code)
        self.fault = fault


@dataclass(frozen=True, slots=True, kw_only=True)
class Artifact:
    """Where the registry says that it lies, and what lies there."""

    address: str
    contents: str


def artifact_of(weights: RankingWeights) -> Artifact:
    """The weights as they are stored."""
    told = {"kind": _KIND, "version": weights.version, "multipliers": dict(weights.multipliers)}
    contents = json.dumps(told, sort_keys=True)
    return Artifact(address=INLINE + _digest(contents), contents=contents)


def weights_of(raw: Mapping[str, Any]) -> RankingWeights:
    """The weights of a raw entry of the registry. Raises BadArtifact when it was damaged, or is missing."""
    version, address, contents = raw.get("version"), raw.get("artifact"), raw.get("contents")
    if version == BUILT_IN:
        return RankingWeights()
    if not isinstance(address, str) or not address.startswith(INLINE):
        raise BadArtifact(ArtifactElsewhere(written=repr(address)))
    if not isinstance(contents, str):
        raise BadArtifact(ArtifactMissing())
    if INLINE + _digest(contents) != address:
        raise BadArtifact(ArtifactChanged())
    try:
        told = json.loads(contents)
    except ValueError as error:
        raise BadArtifact(ArtifactNoJson()) from error
    if not isinstance(told, dict) or told.get("kind") != _KIND or told.get("version") != version:
        raise BadArtifact(ArtifactOfOtherKind())
    return RankingWeights(version=str(version), multipliers=_checked(told.get("multipliers")))


def _checked(told: Any) -> tuple[tuple[str, float], ...]:
    if not isinstance(told, dict) or len(told) > MOST_NAMES:
        raise BadArtifact(WeightsNoTable())
    for name, amount in told.items():
        usable = isinstance(amount, float | int) and math.isfinite(amount) and LEAST <= amount <= MOST
        if not usable:
            raise BadArtifact(WeightUnusable(name=name[:40]))
    return tuple(sorted((name, float(amount)) for name, amount in told.items()))


def _digest(contents: str) -> str:
    return hashlib.sha256(contents.encode()).hexdigest()
