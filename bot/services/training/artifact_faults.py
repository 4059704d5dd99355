"""What keeps learned weights from being used."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from bot.facts import Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class ArtifactElsewhere(Fact):
    """The registry names a place that is not known."""

    code: ClassVar[str] = "artifact_elsewhere"
    written: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ArtifactMissing(Fact):
    """There is nothing in the entry."""

    code: ClassVar[str] = "artifact_missing"


@dataclass(frozen=True, slots=True, kw_only=True)
class ArtifactChanged(Fact):
    """What lies there has another digest than what was stored."""

    code: ClassVar[str] = "artifact_changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class ArtifactNoJson(Fact):
    """What lies there is no JSON."""

    code: ClassVar[str] = "artifact_no_json"


@dataclass(frozen=True, slots=True, kw_only=True)
class ArtifactOfOtherKind(Fact):
    """What lies there is of another kind, or of another version."""

    code: ClassVar[str] = "artifact_of_other_kind"


@dataclass(frozen=True, slots=True, kw_only=True)
class WeightsNoTable(Fact):
    """The weights are no table of names and numbers, or a far too large one."""

    code: ClassVar[str] = "weights_no_table"


@dataclass(frozen=True, slots=True, kw_only=True)
class WeightUnusable(Fact):
    """The weight of this part is no number, or none within bounds."""

    code: ClassVar[str] = "weight_unusable"
    name: str
