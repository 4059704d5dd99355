"""`python -m bot models` and `train`, as an operator runs them; and what doctor and the figures say of a damage."""

from __future__ import annotations

from pathlib import Path

from pymongo import AsyncMongoClient

from bot.cli.models import as_object
from bot.cli.screen import sentences
from bot.database import Database
from bot.doctor.contents import models as look_at_models
from bot.documents import ModelRegistry
from bot.errors import NoModel
from bot.facts import Worded
from bot.generation.learning.ranking import BUILT_IN, RANKER, RankingWeights
from bot.services.training.artifacts import artifact_of
from bot.services.training.model_registry import ModelService, register_models
from bot.settings import Settings
from tests.cli.test_cli import Done, apart


async def test_an_operator_lists_changes_and_goes_back(database: Database, settings: Settings, tmp_path: Path) -> None:
    assert settings.mongodb_uri is not None
    uri = settings.mongodb_uri.get_secret_value()
    server = {"MONGODB_URI": uri, "MONGODB_DATABASE": settings.mongodb_database}

    def run(*arguments: str) -> Done:
        return apart(*arguments, cwd=tmp_path, COLUMNS="200", **server)

    await register_models("lexicon-test")
    artifact = artifact_of(RankingWeights(version="learned", multipliers=(("energy", 1.5),)))
    await ModelRegistry.enter(
        RANKER, "learned", artifact=artifact.address, contents=artifact.contents, metrics={}, lineage={"members": ["a"]}
    )
    assert run("models", "activate", "learned", "--json").object() == {"used": "learned"}
    assert (await ModelService().weights()).multipliers == (("energy", 1.5),)
    by_name = {(model.name, model.version): as_object(model) for model in await ModelService().all()}
    assert by_name[RANKER, "learned"]["state"] == "used"
    assert by_name[RANKER, "learned"]["lineage"]["members"] == 1, "how many, and never who"
    assert by_name["parser", "lexicon-test"]["metrics"]["meaning"]
    assert {name for name, _ in by_name} == {"parser", "meaning", "scorer", "ranker"}

    await ModelRegistry.get_motor_collection().update_one({"version": "learned"}, {"$unset": {"contents": ""}})
    async with AsyncMongoClient(uri, tz_aware=True) as client:
        finding = await look_at_models(client[settings.mongodb_database])
    assert finding.state == "warn"
    assert "learned: it is missing" in finding.found
    assert "models rollback" in finding.fix

    trained = run("train", "--json").object()
    assert trained["version"] is None
    assert "not enough that is new: 0 ratings" in trained["note"]
    assert (await ModelService().weights()).version == BUILT_IN


def test_whatever_cannot_be_used_is_said_at_the_terminal() -> None:
    for reason, told in (
        ("unknown", "no weights called v1"),
        ("damaged", "cannot be used: gone"),
        ("first", "go back to"),
    ):
        happened, advice = sentences(NoModel(version="v1", reason=reason, cause=Worded(text="gone")))  # type: ignore[arg-type]
        assert told in happened
        assert "models list" in advice
