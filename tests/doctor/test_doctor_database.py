"""The doctor before a database in which something is broken."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote_plus, urlsplit

import pytest
from pydantic import SecretStr
from pymongo import AsyncMongoClient

from bot.catalogue.importer import import_records
from bot.database import Database
from bot.doctor import server
from bot.documents import Mood, Track, User
from tests.cogs.staging import RECORDS
from tests.doctor.conftest import spawned
from tests.remembering import demo_songs

Examine = Callable[..., Any]


async def test_a_database_in_order_is_told_so(examine: Examine, database: Database) -> None:
    await import_records(RECORDS, "csv")
    await User.of_discord("1", "Ada")
    await Track.get_motor_collection().update_one({}, {"$set": {"spotifyTrackId": "5SuOikwiRyPMVoIQDJUgSV"}})
    found = await examine()
    for name in ("database", "database version", "replica set", "clock", "database rights", "schema", "indexes"):
        assert found[name].state == "ok", found[name]
    for name in ("database disk", "catalogue", "song index"):
        assert found[name].state == "ok", found[name]
    assert await database._interactive.list_collection_names(filter={"name": server.TRIAL}) == []


async def test_a_database_that_does_not_answer(
    examine: Examine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(server, "PATIENCE_MS", 300)
    found = await examine(mongodb_uri=SecretStr(f"mongodb://me:s3cr3t@{quote_plus(str(tmp_path / 'gone.sock'))}/"))
    assert (found["database"].state, found["database"].down) == ("broken", True)
    assert "MONGODB_URI" in found["database"].fix
    assert "s3cr3t" not in str(found)
    assert "catalogue" not in found


async def test_an_address_that_cannot_be_one(examine: Examine) -> None:
    found = (await examine(mongodb_uri=SecretStr("mongodb://me:p@ss/word@host:27017/")))["database"]
    assert (found.state, found.down) == ("broken", False)
    assert "mongodb://user:password@host" in found.fix


async def test_a_database_that_hangs(examine: Examine, stoppable_mongod: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "PATIENCE_MS", 500)
    stoppable_mongod.freeze()
    found = (await examine(mongodb_uri=SecretStr(stoppable_mongod.server.uri)))["database"]
    assert (found.state, found.down) == ("broken", True)


async def test_a_database_that_is_too_old(
    examine: Examine, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server, "OLDEST_VERSION", 99)
    found = (await examine())["database version"]
    assert found.state == "broken"
    assert found.fix.startswith("Update it: 99")


async def test_no_replica_set(examine: Examine) -> None:
    async with spawned() as uri:
        found = await examine(mongodb_uri=SecretStr(uri))
    assert found["replica set"].state == "broken"
    assert "--replSet" in found["replica set"].fix
    assert found["catalogue"].state == "broken"


async def test_a_user_that_is_refused_and_one_that_may_only_read(examine: Examine) -> None:
    async with spawned("--auth") as uri:
        socket = urlsplit(uri).netloc
        async with AsyncMongoClient[Any](uri) as client:
            await client.admin.command("createUser", "root", pwd="root-pw", roles=["root"])
        async with AsyncMongoClient[Any](f"mongodb://root:root-pw@{socket}/") as client:
            reading = [{"role": "read", "db": "vibrato_test"}]
            await client.admin.command("createUser", "reader", pwd="reader-pw", roles=reading)
        wrong = await examine(mongodb_uri=SecretStr(f"mongodb://root:wrong-pw@{socket}/"))
        nobody = await examine(mongodb_uri=SecretStr(uri))
        reader = await examine(
            mongodb_uri=SecretStr(f"mongodb://reader:reader-pw@{socket}/"), mongodb_database="vibrato_test"
        )
    assert wrong["database"].state == "broken"
    assert "the user or the password" in wrong["database"].found
    assert not wrong["database"].down
    for found in (nobody, reader):
        assert found["database rights"].state == "broken"
        assert "readWrite" in found["database rights"].fix
        assert "catalogue" not in found


@pytest.mark.parametrize(("off", "state"), [(-300, "broken"), (300, "broken"), (5, "warn"), (0, "ok")])
async def test_a_clock_that_is_wrong(examine: Examine, database: Database, off: float, state: str) -> None:
    found = (await examine(now=lambda: time.time() + off))["clock"]
    assert found.state == state
    if state != "ok":
        assert "NTP" in found.fix
        assert ("ahead of" if off > 0 else "behind") in found.found


async def test_a_servers_disk_that_is_nearly_full(
    examine: Examine, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.doctor.machine.FULL_BYTES", 1 << 60)
    found = (await examine())["database disk"]
    assert (found.state, found.fix) == ("broken", "Make room: MongoDB stops without it.")


async def test_an_empty_catalogue(examine: Examine, database: Database) -> None:
    found = (await examine())["catalogue"]
    assert (found.state, found.found) == ("broken", "empty")
    assert "python -m bot import" in found.fix


async def test_a_catalogue_of_invented_songs(examine: Examine, database: Database) -> None:
    await import_records(demo_songs()[:20], "demo")
    found = (await examine())["catalogue"]
    assert (found.state, "invented" in found.found) == ("warn", True)


async def test_songs_that_older_rules_worked_out(examine: Examine, database: Database) -> None:
    await import_records(demo_songs()[:20], "demo")
    tracks = Track.get_motor_collection()
    await tracks.update_one({}, {"$set": {"identity.rules": 0}})
    found = (await examine())["song index"]
    assert (found.state, found.found) == ("warn", "1 songs were worked out by older rules")
    assert "import" in found.fix


async def test_documents_of_another_form(examine: Examine, database: Database) -> None:
    now = datetime.now(UTC)
    await Track.get_motor_collection().insert_one({"spotify_track_id": "x", "title": "Old", "createdAt": now})
    await User.get_motor_collection().insert_one({"spotifyUserId": "old"})
    found = (await examine())["schema"]
    assert found.state == "broken"
    assert "1 of tracks" in found.found
    assert "1 of users" in found.found
    assert found.fix


async def test_an_index_that_is_missing(examine: Examine, database: Database) -> None:
    collection = Track.get_motor_collection()
    await collection.drop_index("artists.name_1")
    try:
        found = (await examine())["indexes"]
        assert (found.state, "tracks.artists.name_1" in found.found) == ("warn", True)
        assert "Start the bot once" in found.fix
    finally:
        await database.prepare()
    assert (await examine())["indexes"].state == "ok"


async def test_an_index_that_cannot_be_unique(examine: Examine, database: Database) -> None:
    collection = Mood.get_motor_collection()
    await collection.drop_index("key_1")
    try:
        copy = await collection.find_one({"key": "happy"})
        assert copy is not None
        await collection.insert_one({**copy, "_id": "double"})
        found = (await examine())["indexes"]
        assert found.state == "broken"
        assert "moods.key_1" in found.found
        assert "Remove the doubles" in found.fix
    finally:
        await collection.delete_one({"_id": "double"})
        await database.prepare()
