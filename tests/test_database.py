"""The database starts, breaks, recovers, and says so."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import quote_plus

import pytest
from beanie import Document
from bson import ObjectId
from pydantic import SecretStr
from pymongo.errors import DuplicateKeyError, OperationFailure, PyMongoError

from bot.database import Database, guarded, open_database
from bot.documents import FeedbackEvent, Mood, Track, User
from bot.errors import BadSettings, DatabaseDown
from bot.mongod import find_mongod
from bot.settings import Settings
from tests.conftest import StoppableMongod


def _settings(uri: str, **more: Any) -> Settings:
    return Settings.read(_env_file=None, mongodb_uri=SecretStr(uri), **more)


class Unbound(Document):
    """A document that no database was ever opened for."""


async def test_it_is_ready_and_answers(database: Database) -> None:
    await database.wait_ready(0.1)
    assert database.ready.is_set()
    assert await database.ping() > 0


async def test_without_an_address_there_is_an_embedded_one_in_the_data_folder(
    tmp_path: Path, opened_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("MONGODB_URI", raising=False)
    async with open_database(Settings.read(_env_file=None, data_dir=tmp_path)) as own:
        assert own.name == "vibrato"
        assert own.ready.is_set()
        assert await Mood.count() == 6
    assert (tmp_path / "mongodb" / "mongod.log").is_file()
    await opened_database.prepare()


async def test_the_address_may_name_the_database_unless_the_settings_do() -> None:
    async def name_of(path: str, **more: Any) -> str:
        async with open_database(_settings(f"mongodb://{quote_plus('/nowhere.sock')}{path}", **more)) as own:
            return own.name

    names = await asyncio.gather(name_of("/theirs"), name_of("/"), name_of("/theirs", mongodb_database="ours"))
    assert names == ["theirs", "vibrato", "ours"]


@pytest.mark.parametrize("uri", ["mongodb://a:b:c@host/", "mongodb://", "http://host/", "mongodb://host:port/"])
async def test_an_address_that_cannot_be_one_is_told(uri: str) -> None:
    with pytest.raises(BadSettings) as error:
        async with open_database(_settings(uri)):
            pass
    assert str(error.value).startswith("MONGODB_URI cannot be used")
    assert "a:b" not in str(error.value)


async def test_options_of_an_address_that_mean_nothing_are_told(caplog: pytest.LogCaptureFixture) -> None:
    async with open_database(_settings(f"mongodb://{quote_plus('/nowhere.sock')}/?tls=maybe")) as own:
        assert not own.ready.is_set()
    assert "tls" in caplog.text


async def test_down_at_the_start_it_lives_and_recovers(
    stoppable_mongod: StoppableMongod, caplog: pytest.LogCaptureFixture
) -> None:
    stoppable_mongod.freeze()
    async with open_database(_settings(stoppable_mongod.server.uri)) as late:
        assert not late.ready.is_set()
        with pytest.raises(DatabaseDown):
            await late.wait_ready(0.01)
        with pytest.raises(DatabaseDown):
            await late.ping()
        assert "MongoDB cannot be used" in caplog.text
        stoppable_mongod.thaw()
        await late.wait_ready(30)
        assert await late.ping() > 0
        assert await Mood.count() == 6


async def test_hanging_in_the_middle_it_is_down_soon_and_recovers(stoppable_mongod: StoppableMongod) -> None:
    await User.of_discord("1")
    stoppable_mongod.freeze()
    async with asyncio.timeout(60):
        for _ in range(2):
            with pytest.raises(DatabaseDown), guarded():
                await User.of_discord("2")
    stoppable_mongod.thaw()
    await User.of_discord("3")
    assert await User.find({"discordUserId": {"$in": ["1", "3"]}}).count() == 2


async def test_a_crash_of_the_server_loses_nothing(stoppable_mongod: StoppableMongod) -> None:
    await User.of_discord("1", "Ada")
    await stoppable_mongod.kill()
    durable = stoppable_mongod.database.durable(Track)
    waiting = durable.insert_one({"spotifyTrackId": "demo:1", "name": "One"})
    with pytest.raises(DatabaseDown), guarded():
        await User.of_discord("1")
    await stoppable_mongod.start()
    await waiting
    assert (await User.of_discord("1")).display_name == "Ada"
    assert await Track.count() == 1


async def test_a_broken_database_is_down_for_every_call(broken_database: Database) -> None:
    with pytest.raises(DatabaseDown):
        await broken_database.ping()
    with pytest.raises(DatabaseDown), guarded():
        await FeedbackEvent.record(ObjectId(), user_id=ObjectId(), event="love")


async def test_what_is_wrong_with_the_call_passes_as_it_is(database: Database) -> None:
    await Track(spotify_track_id="demo:1", name="One").insert()
    with pytest.raises(DuplicateKeyError), guarded():
        await Track(spotify_track_id="demo:1", name="Two").insert()
    with pytest.raises(OperationFailure), guarded():
        await Track.get_motor_collection().find({"$nonsense": 1}).to_list(1)
    with pytest.raises(ValueError, match="ours"), guarded():
        raise ValueError("ours")


async def test_documents_before_the_first_answer_are_a_database_that_is_down() -> None:
    with pytest.raises(DatabaseDown, match="since the start"), guarded():
        await Unbound.get(ObjectId())


async def test_the_durable_way_leads_to_the_same_collection(database: Database) -> None:
    durable = database.durable(FeedbackEvent)
    assert durable.write_concern.document["w"] == "majority"
    await durable.insert_one({"_id": ObjectId(), "event": "love"})
    assert await FeedbackEvent.get_motor_collection().count_documents({}) == 1


@pytest.mark.parametrize(
    ("keys", "options"),
    [
        ([("spotifyUserId", 1)], {}),
        ([("spotifyUserId", 1)], {"unique": True, "sparse": True}),
        ([("spotifyUserId", 1)], {"name": "theirs", "unique": True}),
        ([("spotifyUserId", -1)], {"name": "spotifyUserId_1"}),
    ],
    ids=["not unique", "sparse", "another name", "other keys"],
)
async def test_an_index_with_other_options_is_made_anew_and_told(
    keys: list[Any], options: dict[str, Any], database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    users = User.get_motor_collection()
    await users.drop_indexes()
    await users.create_index(keys, **options)
    await User(spotify_user_id="stays").insert()

    await database.prepare()

    found = await users.index_information()
    assert found.keys() == {"_id_", "spotifyUserId_1"}
    assert found["spotifyUserId_1"] == {"v": 2, "key": [("spotifyUserId", 1)], "unique": True}
    assert "is made anew" in caplog.text
    assert await User.count() == 1


async def test_duplicates_in_the_way_of_an_index_are_told_and_the_rest_goes_on(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    users = User.get_motor_collection()
    await users.drop_indexes()
    await users.insert_many([{"spotifyUserId": "twin"}, {"spotifyUserId": "twin"}])

    await database.prepare()

    assert "users cannot be unique" in caplog.text
    assert database.ready.is_set()
    await users.delete_many({})
    await database.prepare()
    assert "spotifyUserId_1" in await users.index_information()


async def test_a_second_start_changes_no_index(database: Database, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING)
    await database.prepare()
    assert caplog.records == []


@pytest.fixture
async def lone_server(tmp_path: Path, opened_database: Database) -> AsyncIterator[str]:
    """The address of a server that is no replica set."""
    socket = tmp_path / "s.sock"
    process = await asyncio.create_subprocess_exec(
        *(str(find_mongod()), "--dbpath", str(tmp_path), "--bind_ip", str(socket)),
        *("--unixSocketPrefix", str(tmp_path), "--logpath", str(tmp_path / "log")),
    )
    try:
        yield f"mongodb://{quote_plus(str(socket))}/"
    finally:
        process.terminate()
        await process.wait()
        await opened_database.prepare()


async def test_a_server_that_is_no_replica_set_is_warned_of(lone_server: str, caplog: pytest.LogCaptureFixture) -> None:
    async with open_database(_settings(lone_server)) as own:
        await own.wait_ready(30)
        assert "no replica set" in caplog.text
        await User.of_discord("1")


@pytest.mark.parametrize(
    ("error", "down"),
    [
        (OperationFailure("node is shutting down", 11600), True),
        (OperationFailure("Authentication failed.", 18), True),
        (OperationFailure("bad query", 2), False),
        (DuplicateKeyError("twice", 11000), False),
    ],
    ids=lambda value: str(value),
)
async def test_which_failures_are_the_servers(error: PyMongoError, down: bool) -> None:
    with pytest.raises(DatabaseDown if down else type(error)), guarded():
        raise error
