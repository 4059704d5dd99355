"""What keeps learned weights from being used; goes on after a colon, without a full stop."""

from __future__ import annotations

from bot.client.texts.facts.dispatch import told
from bot.services.training import artifact_faults


@told.register
def _artifact_elsewhere(fact: artifact_faults.ArtifactElsewhere) -> str:
    return f"{fact.written} is no place that is known"


@told.register
def _artifact_missing(fact: artifact_faults.ArtifactMissing) -> str:
    return "it is missing"


@told.register
def _artifact_changed(fact: artifact_faults.ArtifactChanged) -> str:
    return "it is not what was stored: its digest is another one"


@told.register
def _artifact_no_json(fact: artifact_faults.ArtifactNoJson) -> str:
    return "it is no JSON"


@told.register
def _artifact_of_other_kind(fact: artifact_faults.ArtifactOfOtherKind) -> str:
    return "it is of another kind, or of another version"


@told.register
def _weights_no_table(fact: artifact_faults.WeightsNoTable) -> str:
    return "its weights are no table of names and numbers"


@told.register
def _weight_unusable(fact: artifact_faults.WeightUnusable) -> str:
    return f"the weight of {fact.name!r} cannot be used"
