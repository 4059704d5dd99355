"""`/models`: for the owner of the application, and for nobody else."""

from __future__ import annotations

from typing import Any

import pytest

from bot.documents import ModelRegistry
from bot.generation.learning.ranking import BUILT_IN, RANKER, RankingWeights
from bot.services.training.artifacts import artifact_of
from bot.services.training.model_registry import ModelService, register_models


@pytest.fixture
async def versions(stage: Any) -> None:
    """The built-in weights, and two that were learned: one good, one damaged."""
    await register_models("lexicon-test")
    for version in ("2026-11-21-good", "2026-11-22-bad"):
        artifact = artifact_of(RankingWeights(version=version, multipliers=(("energy", 2.0),)))
        await ModelRegistry.enter(
            RANKER,
            version,
            artifact=artifact.address,
            contents=artifact.contents,
            metrics={"comparison": {"auc_gain": {"value": 0.0213}}},
            lineage={},
        )
    await ModelRegistry.get_motor_collection().update_one({"version": "2026-11-22-bad"}, {"$set": {"contents": "{}"}})


async def test_the_owner_sees_changes_and_goes_back(stage: Any, versions: None, card: Any) -> None:
    stage.bot.owner_id = stage.ada.id
    answer = (await stage.ada.user.slash("models list")).response
    assert answer.ephemeral
    words = card(answer.message).text
    assert f"**{BUILT_IN}** · ▶️ in use" in words
    assert "AUC +0.021" in words
    assert "damaged: it is not what was stored" in words

    words = card((await stage.ada.user.slash("models activate", version="2026-11-21-good")).response.message).text
    assert "is used from the next playlist on" in words
    assert (await ModelService().weights()).version == "2026-11-21-good"

    words = card((await stage.ada.user.slash("models activate", version="2026-11-22-bad")).response.message).text
    assert "was damaged" in words
    words = card((await stage.ada.user.slash("models rollback")).response.message).text
    assert "Rolled back from **2026-11-21-good**" in words
    words = card((await stage.ada.user.slash("models rollback")).response.message).text
    assert "there is nothing before it" in words


async def test_nobody_else_may(stage: Any, versions: None, card: Any) -> None:
    stage.bot.owner_id = 1
    for command, options in (("list", {}), ("activate", {"version": "2026-11-21-good"}), ("rollback", {})):
        answer = (await stage.ada.user.slash(f"models {command}", **options)).response
        assert answer.ephemeral
        assert "This is for whoever runs this bot" in card(answer.message).text
    assert (await ModelService().weights()).version == BUILT_IN
    assert await ModelRegistry.find(ModelRegistry.name == RANKER).count() == 3
