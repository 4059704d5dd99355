"""createdAt and updatedAt are on everything, whichever way it was written."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from bson import ObjectId

from bot.database import Database
from bot.documents import Playlist, Track, User, stamped, stamped_new
from bot.errors import Gone

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


async def _raw(key: ObjectId) -> dict:
    return await Track.get_motor_collection().find_one({"_id": key})


async def test_inserting_sets_both(database: Database) -> None:
    before = datetime.now(UTC)
    track = await Track(spotify_track_id="demo:1", name="One").insert()
    raw = await _raw(track.id)
    assert raw["createdAt"] == raw["updatedAt"] == track.created_at
    assert abs((raw["createdAt"] - before).total_seconds()) < 60


async def test_saving_and_updating_move_updated_at_alone(database: Database) -> None:
    track = await Track(spotify_track_id="demo:1", name="One").insert()
    collection = Track.get_motor_collection()
    for change in (track.save, lambda: track.update({"$set": {"name": "Two"}}), lambda: track.set({"year": 1999})):
        await collection.update_one({"_id": track.id}, {"$set": {"createdAt": LONG_AGO, "updatedAt": LONG_AGO}})
        track.created_at = LONG_AGO
        await change()
        raw = await _raw(track.id)
        assert raw["createdAt"] == LONG_AGO
        assert raw["updatedAt"] > LONG_AGO


async def test_update_reads_back_what_the_document_became(database: Database) -> None:
    track = await Track(spotify_track_id="demo:1", name="One", year=1999, genres=["pop"]).insert()
    await Track.get_motor_collection().update_one({"_id": track.id}, {"$set": {"durationMs": 5}})
    await track.update({"$unset": {"year": ""}}, {"$push": {"genres": "rock"}}, {"$set": {"isrc": "X"}})
    assert (track.year, track.genres, track.isrc, track.duration_ms) == (None, ["pop", "rock"], "X", 5)


async def test_updating_what_is_gone_says_so(database: Database) -> None:
    playlist = await Playlist(user_id=ObjectId()).insert()
    await playlist.delete()
    with pytest.raises(Gone) as gone:
        await playlist.update({"$set": {"name": "x"}})
    assert gone.value.what == "playlist"


async def test_raw_updates_are_stamped(database: Database) -> None:
    collection = User.get_motor_collection()
    key = ObjectId()
    insert = stamped({"$setOnInsert": {"spotifyUserId": "a"}})
    await collection.update_one({"_id": key}, insert, upsert=True)
    first = await collection.find_one({"_id": key})
    assert first["createdAt"] == first["updatedAt"]

    await collection.update_one({"_id": key}, {"$set": {"createdAt": LONG_AGO, "updatedAt": LONG_AGO}})
    await collection.update_one({"_id": key}, stamped({"$inc": {"logins": 1}}), upsert=True)
    second = await collection.find_one({"_id": key})
    assert (second["createdAt"], second["logins"]) == (LONG_AGO, 1)
    assert second["updatedAt"] > LONG_AGO


def test_a_stamp_that_was_given_is_kept() -> None:
    update = stamped({"$set": {"updatedAt": LONG_AGO}, "$setOnInsert": {"createdAt": LONG_AGO}})
    assert update == {"$set": {"updatedAt": LONG_AGO}, "$setOnInsert": {"createdAt": LONG_AGO}}
    assert stamped_new({"createdAt": LONG_AGO})["createdAt"] == LONG_AGO
