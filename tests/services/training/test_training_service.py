"""Learning from ratings, from the training to the request that uses what was learned, and back."""

from __future__ import annotations

import logging
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from beanie import PydanticObjectId

from bot.catalogue.importer import import_records
from bot.catalogue.index import Catalogue
from bot.catalogue.prepared import PreparedCatalogue
from bot.database import Database
from bot.documents import GenerationSession, GuildSettings, ModelRegistry, User
from bot.errors import NoModel
from bot.generation.learning.ranking import BUILT_IN, RANKER, RankingWeights
from bot.services.playlists.replay import replay
from bot.services.privacy.erasure import erase_member
from bot.services.training.artifacts import artifact_of
from bot.services.training.dataset import read_ratings
from bot.services.training.lineage import seen_as
from bot.services.training.model_registry import ModelService, register_models
from bot.services.training.service import Training, TrainingService
from bot.services.values import PlaylistView, ReactionRules, Requester, VibeRequest
from nlp.parser import VibeParser
from tests.remembering import demo_songs
from tests.services.learning import NOW, START, loves, rated_playlists
from tests.services.making import playlist_service

RECORDS = demo_songs()[::6]
WISHES = ("calm and happy, 20 songs", "loud and sad, 20 songs")


class Nowhere:
    """A publisher that posts nothing."""

    async def progress(self, stage: object) -> None:
        pass

    async def publish(self, playlist: PlaylistView, reactions: ReactionRules) -> None:
        return None


class Process:
    """The services of one process: its own reading of the registry, and its own requests."""

    def __init__(self, parser: VibeParser, catalogue: Catalogue, executor: ThreadPoolExecutor) -> None:
        self.parser, self.models, self.prepared = parser, ModelService(), PreparedCatalogue(catalogue)
        self.playlists = playlist_service(parser, catalogue, executor, models=self.models, prepared=self.prepared)

    def training(self, **options: Any) -> TrainingService:
        return TrainingService(models=self.models, library=self.prepared.library, clock=lambda: NOW, sets=6, **options)

    async def vibe(self, text: str = WISHES[0]) -> PlaylistView:
        requester = Requester(user_id="1001", display_name="Ada", guild_id="77", channel_id="88")
        return await self.playlists.create(VibeRequest(text=text, requester=requester, seed=7), publisher=Nowhere())  # type: ignore[arg-type]

    async def used(self, view: PlaylistView) -> RankingWeights:
        """The weights that the session of a playlist names and was made with."""
        session = await GenerationSession.get(PydanticObjectId(view.session_id))
        assert session is not None
        [step] = [step for step in session.algorithms if step.name == RANKER]
        return RankingWeights(version=step.version or "", multipliers=tuple(sorted(step.config.items())))


@pytest.fixture(scope="module")
def executor() -> Any:
    with ThreadPoolExecutor(max_workers=1) as threads:
        yield threads


@pytest.fixture
async def two(database: Database, parser: VibeParser, executor: ThreadPoolExecutor) -> tuple[Process, Process]:
    """Two processes on one database."""
    await import_records(RECORDS, "demo")
    await register_models(parser.version)
    catalogue = await Catalogue.load()
    return Process(parser, catalogue, executor), Process(parser, catalogue, executor)


async def asked(process: Process) -> list[str]:
    return [(await process.vibe(text)).playlist_id for text in WISHES]


async def trained(process: Process, **options: Any) -> Training:
    await rated_playlists(await asked(process) * 2, loves(0.6), members=16)
    return await process.training(**options).train()


async def test_what_was_learned_is_used_by_the_next_request_everywhere_and_taken_back(
    two: tuple[Process, Process],
) -> None:
    here, there = two
    before = await there.vibe()
    assert (await there.used(before)).version == BUILT_IN
    training = await trained(here)
    assert training.activated, training.note
    assert training.version is not None
    assert training.verdict is not None
    assert dict(training.verdict.multipliers)["energy"] > 1.1

    after = await there.vibe()
    used = await there.used(after)
    assert used.version == training.version
    assert dict(used.multipliers) == dict(training.verdict.multipliers)
    entry = {model.version: model for model in await there.models.ranker()}[training.version]
    assert entry.state == "used"
    assert entry.metrics["comparison"]["sure_gain"] > 0
    assert entry.metrics["trial"]["harm"] == []
    assert entry.lineage["parent"] == BUILT_IN
    assert entry.lineage["earlier"]["until"] <= entry.lineage["later"]["since"]
    assert [song.track_id for song in after.songs] != [song.track_id for song in before.songs]

    assert await here.models.rollback() == (training.version, BUILT_IN)
    again = await there.vibe()
    assert (await there.used(again)).version == BUILT_IN
    with pytest.raises(NoModel):
        await here.models.rollback()
    made = await replay(after.session_id, await Catalogue.load(), parser_version=here.parser.version)
    assert made.same, made.changed

    idle = await here.training().train()
    assert idle.version is None
    assert "not enough that is new" in idle.note, "nobody wants the same back the next night"
    await here.models.activate(training.version)
    assert (await there.models.weights()).version == training.version


async def test_a_large_training_in_its_own_process_says_the_same_and_knows_whom_it_saw(
    two: tuple[Process, Process],
) -> None:
    here, there = two
    collection = ModelRegistry.get_motor_collection()
    apart = await trained(here, small=100)
    await collection.delete_many({"version": apart.version})
    inside = await there.training().train()
    assert apart.activated, apart.note
    assert apart.verdict == inside.verdict
    assert apart.version == inside.version

    entry = await collection.find_one({"version": inside.version})
    someone = await User.get_motor_collection().find_one({"discordUserId": {"$regex": "^505"}})
    digest = seen_as(str(someone["_id"]), entry["lineage"]["salt"])
    assert digest in entry["lineage"]["members"]
    assert str(someone["_id"]) not in str(entry)
    await erase_member(someone["discordUserId"])
    now = await collection.find_one({"version": inside.version})
    assert now["lineage"]["forgotten"] == 1
    assert digest not in now["lineage"]["members"]
    assert len(now["lineage"]["members"]) == len(entry["lineage"]["members"]) - 1
    assert str(someone["_id"]) not in (await read_ratings(START)).members


async def test_without_enough_ratings_it_says_so_and_does_nothing(two: tuple[Process, Process]) -> None:
    ids = await asked(two[0])
    nothing = await two[0].training().train()
    assert (nothing.version, nothing.note) == (
        None,
        "not enough that is new: 0 ratings since the last time, 100 are needed",
    )
    await rated_playlists(ids, loves(0.6), members=5)
    few = await two[0].training().train()
    assert few.version is None
    assert "of 5 members, and 300 of 12 are needed" in few.note
    assert await ModelRegistry.find(ModelRegistry.name == RANKER).count() == 1


async def test_random_answers_change_nothing_and_are_kept_to_be_looked_at(two: tuple[Process, Process]) -> None:
    ids = await asked(two[0])
    await rated_playlists(ids * 2, lambda parts, draw: bool(draw.random() < 0.5), members=16)
    training = await two[0].training().train()
    assert training.version is not None
    assert not training.activated
    assert "not better beyond noise" in training.note
    assert (await two[1].models.weights()).version == BUILT_IN


async def test_what_may_not_teach_is_not_read(two: tuple[Process, Process]) -> None:
    ids = await asked(two[0])
    energy = loves(0.6)
    quiet = await rated_playlists(ids, energy, members=2, seed=1)
    await rated_playlists(ids, energy, members=2, seed=2, learning=False)
    await rated_playlists(ids, energy, members=2, seed=3, where={"guildId": "99"})
    teaching = await rated_playlists(ids, energy, members=3, seed=4)
    await User.get_motor_collection().update_one(
        {"_id": PydanticObjectId(quiet[0])}, {"$set": {"preferences.learning": False}}
    )
    await User.get_motor_collection().update_one({"_id": PydanticObjectId(quiet[1])}, {"$set": {"erasingAt": NOW}})
    await GuildSettings(guild_id="99", learning=False).insert()
    read = await read_ratings(START - timedelta(days=1))
    assert set(read.members) == set(teaching)
    assert len(read.ratings) == 3 * 2 * 20
    assert (await read_ratings(NOW)).ratings.gain.size == 0


async def test_a_damaged_artifact_falls_back_and_is_told(
    two: tuple[Process, Process], caplog: pytest.LogCaptureFixture
) -> None:
    here, there = two
    for number in (1, 2):
        weights = RankingWeights(version=f"v{number}", multipliers=(("energy", 1.0 + number),))
        artifact = artifact_of(weights)
        await ModelRegistry.enter(
            RANKER, weights.version, artifact=artifact.address, contents=artifact.contents, metrics={}, lineage={}
        )
        await here.models.activate(weights.version)
    collection = ModelRegistry.get_motor_collection()
    for damage in (
        {"$set": {"contents": "rubbish"}},
        {"$unset": {"contents": ""}},
        {"$set": {"contents": artifact_of(RankingWeights(version="v2", multipliers=(("energy", 99.0),))).contents}},
        {"$set": {"artifact": "/nowhere/weights.bin"}},
    ):
        await collection.update_one({"version": "v2"}, damage)
        caplog.clear()
        fresh = ModelService()
        with caplog.at_level(logging.ERROR):
            assert (await fresh.weights()).version == "v1"
            assert (await fresh.weights()).version == "v1"
        assert caplog.text.count("weights v2 cannot be used") == 1
        assert fresh.damaged == 1
    with pytest.raises(NoModel):
        await there.models.activate("v2")
    assert await ModelService().rollback() == ("v1", BUILT_IN)
    assert (await there.models.weights()).version == BUILT_IN
