import asyncio
import time
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bot.catalogue.files.csv_files import read_csv
from bot.catalogue.importer import ImportCounts, import_csv, import_records
from bot.catalogue.index import Catalogue
from bot.catalogue.records import TrackRecord
from bot.catalogue.table import table_of
from bot.catalogue.vectors import SCALE, VECTOR_VERSION
from bot.database import Database
from bot.documents import Track
from bot.errors import BadFile, DatabaseDown
from tests.conftest import StoppableMongod

HEADER = (
    "track_id,artists,album_name,track_name,popularity,duration_ms,explicit,danceability,energy,key,tempo,track_genre"
)
RAIN = TrackRecord(
    spotify_id="rain",
    title="Rain - Remastered 2009",
    artists=("Cy", "Ada"),
    album="Weather",
    duration_ms=200_000,
    explicit=True,
    year=1999,
    genres=("jazz",),
    tags=("sad",),
    features=(("tempo", 151.8), ("energy", 0.634)),
    popularity=12.0,
    isrc="GBAYE0601498",
)


def many(count: int) -> tuple[TrackRecord, ...]:
    return tuple(replace(RAIN, spotify_id=f"id{number}", title=f"Song {number}") for number in range(count))


async def raw(spotify_id: str = "rain") -> dict[str, Any]:
    found: dict[str, Any] = await Track.get_motor_collection().find_one({"spotifyTrackId": spotify_id})
    return found


def write(path: Path, *rows: str) -> Path:
    path.write_text("\n".join((HEADER, *rows)))
    return path


async def test_a_record_is_stored_with_everything_that_it_says(database: Database) -> None:
    before = datetime.now(UTC).timestamp() - 1
    assert await import_records((RAIN,), "csv") == ImportCounts(new=1)
    stored = await raw()
    assert stored["name"] == "Rain - Remastered 2009"
    assert stored["artists"] == [{"name": "Cy"}, {"name": "Ada"}]
    assert stored["album"] == {"name": "Weather"}
    assert (stored["durationMs"], stored["explicit"], stored["year"], stored["popularity"]) == (200_000, True, 1999, 12)
    assert (stored["genres"], stored["tags"], stored["isrc"]) == (["jazz"], ["sad"], "GBAYE0601498")
    assert stored["audioFeatures"] == {"tempo": 151.8, "energy": 0.634}
    assert stored["analysis"]["status"] == "partial"
    assert stored["analysis"]["fields"]["tempo"]["source"] == "csv"
    assert stored["analysis"]["fields"]["tempo"]["at"].timestamp() >= before
    assert (stored["identity"]["key"], stored["identity"]["version"]) == ("rain|cy", "remaster")
    assert stored["createdAt"] == stored["updatedAt"]
    assert stored["createdAt"].timestamp() >= before


async def test_the_vector_is_standardised_and_names_its_scale(database: Database) -> None:
    await import_records((RAIN,), "csv")
    stored = await raw()
    vector = dict(zip(SCALE, stored["featureVector"], strict=True))
    assert vector["tempo"] == 1.0
    assert vector["energy"] == vector["valence"] == 0.0
    assert stored["featureVectorVersion"] == VECTOR_VERSION


async def test_what_is_stored_is_a_document_of_ours(database: Database) -> None:
    await import_records((RAIN,), "csv")
    track = await Track.find_one({"spotifyTrackId": "rain"})
    assert track is not None
    assert track.identity is not None
    assert track.audio_features is not None
    assert (track.identity.key, track.audio_features.tempo, track.artists[0].name) == ("rain|cy", 151.8, "Cy")


async def test_importing_twice_changes_nothing(database: Database) -> None:
    await import_records(many(2500), "csv")
    before = await Track.get_motor_collection().find().to_list(None)
    assert await import_records(many(2500), "csv") == ImportCounts(unchanged=2500)
    assert await Track.get_motor_collection().find().to_list(None) == before


async def test_only_what_changed_is_updated(database: Database) -> None:
    await import_records((RAIN, replace(RAIN, spotify_id="other")), "csv")
    long_ago = {"createdAt": datetime(2020, 1, 1, tzinfo=UTC), "updatedAt": datetime(2020, 1, 1, tzinfo=UTC)}
    await Track.get_motor_collection().update_many({}, {"$set": long_ago})
    again = replace(RAIN, features=(("tempo", 151.8), ("energy", 0.9)), genres=("blues",))
    assert await import_records((again,), "again") == ImportCounts(updated=1)
    after = await raw()
    assert after["genres"] == ["jazz", "blues"]
    assert after["audioFeatures"] == {"tempo": 151.8, "energy": 0.9}
    fields = after["analysis"]["fields"]
    assert (fields["tempo"]["source"], fields["energy"]["source"]) == ("csv", "again")
    assert after["createdAt"] == long_ago["createdAt"]
    assert after["updatedAt"] > long_ago["updatedAt"]
    assert (await raw("other"))["updatedAt"] == long_ago["updatedAt"]


async def test_what_a_file_does_not_know_stays(database: Database) -> None:
    await import_records((RAIN,), "csv")
    foreign = {"lyrics": "la", "audioFeatures.danceability": 0.5, "artists.0.spotifyArtistId": "x", "album.label": "y"}
    await Track.get_motor_collection().update_one({"spotifyTrackId": "rain"}, {"$set": foreign})
    poor = TrackRecord(spotify_id="rain", title=RAIN.title, artists=RAIN.artists, duration_ms=200_001, album="Weather")
    assert await import_records((poor,), "csv") == ImportCounts(updated=1)
    after = await raw()
    assert (after["durationMs"], after["year"], after["explicit"], after["genres"]) == (200_001, 1999, True, ["jazz"])
    assert after["audioFeatures"] == {"tempo": 151.8, "energy": 0.634, "danceability": 0.5}
    assert (after["lyrics"], after["artists"][0]["spotifyArtistId"], after["album"]["label"]) == ("la", "x", "y")


async def test_a_new_edition_of_an_invented_song_replaces_the_old_one(database: Database) -> None:
    await import_records((replace(RAIN, spotify_id="demo:1"),), "demo")
    await import_records((replace(RAIN, spotify_id="demo:1", genres=("blues",), tags=()),), "demo")
    stored = await raw("demo:1")
    assert (stored["genres"], stored["tags"]) == (["blues"], [])


async def test_two_imports_at_once_store_every_track_once(database: Database) -> None:
    counts = await asyncio.gather(*(import_records(many(1500), "csv") for _ in range(3)))
    assert await Track.get_motor_collection().count_documents({}) == 1500
    assert sum(one.new for one in counts) == 1500
    assert all(one.new + one.updated + one.unchanged == 1500 for one in counts)


async def test_a_file_is_imported_and_its_bad_rows_are_listed(database: Database, tmp_path: Path) -> None:
    path = write(
        tmp_path / "songs.csv",
        "a,Cy,Album,Rain,50,200000,TRUE,0.5,0.5,1,120,jazz",
        "a,Cy,Album,Rain,50,200000,TRUE,0.5,0.5,1,120,blues",
        "b,Bo,Album,Sun,50,zero,FALSE,0.5,0.5,1,120,pop",
        "c,Bo,Album,Moon,50,200000,FALSE,0.5,0.5,1,0,pop",
    )
    told: list[tuple[str, int, int]] = []
    report = await import_csv(path, lambda stage, done, total: told.append((stage, done, total)))
    assert (report.rows, report.new, report.updated, report.unchanged) == (4, 2, 0, 0)
    assert [(rejected.line, rejected.reason) for rejected in report.rejected] == [
        (4, "duration 'zero' is not a number")
    ]
    assert (await raw("a"))["genres"] == ["jazz", "blues"]
    assert "tempo" not in (await raw("c"))["audioFeatures"]
    assert told[-1] == ("store", 2, 2)
    again = await import_csv(path)
    assert (again.new, again.updated, again.unchanged) == (0, 0, 2)


async def test_a_bad_file_stores_nothing(database: Database, tmp_path: Path) -> None:
    path = tmp_path / "songs.csv"
    path.write_text("nothing,of,ours\n1,2,3\n")
    with pytest.raises(BadFile):
        await import_csv(path)
    assert await Track.get_motor_collection().count_documents({}) == 0


async def test_the_catalogue_of_the_database_is_that_of_the_file(database: Database, tmp_path: Path) -> None:
    path = write(
        tmp_path / "songs.csv",
        "b,Cy;Ada,Album,Rain - Live,50,200000,TRUE,0.513,0.517,1,120.001,jazz",
        "a,Cy,Album,Rain,51,200000,FALSE,0.5,0.5,-1,0,blues",
    )
    await import_csv(path)
    catalogue = await Catalogue.load()
    read = table_of(read_csv(path).records)
    assert catalogue.digest == read.digest
    assert catalogue.table.titles.tolist() == ["Rain", "Rain - Live"]
    assert catalogue.table.song.tolist() == read.song.tolist()
    assert catalogue.table.version.tolist() == ["", "live"]
    assert catalogue.names.lookup("ada") == "Ada"


async def test_a_catalogue_follows_what_is_stored(database: Database) -> None:
    catalogue = await Catalogue.load()
    assert catalogue.size == 0
    await import_records(many(3), "csv")
    assert await catalogue.refresh()
    assert not await catalogue.refresh()
    assert catalogue.size == 3
    table, digest = catalogue.table, catalogue.digest
    await import_records((replace(RAIN, spotify_id="id1", title="Rain"),), "csv")
    assert await catalogue.refresh()
    assert catalogue.digest != digest
    assert table.titles.tolist() == ["Song 0", "Song 1", "Song 2"]
    await Track.get_motor_collection().delete_one({"spotifyTrackId": "id1"})
    assert await catalogue.refresh()
    assert catalogue.table.titles.tolist() == ["Song 0", "Song 2"]


async def test_many_refreshes_at_once_read_once_and_agree(database: Database) -> None:
    catalogue = await Catalogue.load()
    await import_records(many(3), "csv")
    assert sorted(await asyncio.gather(*(catalogue.refresh() for _ in range(5)))) == [False] * 4 + [True]


async def test_a_catalogue_of_more_than_one_batch_is_whole(database: Database) -> None:
    await import_records(many(3500), "csv")
    catalogue = await Catalogue.load()
    assert catalogue.size == 3500
    assert np.isfinite(catalogue.table.column("tempo")).all()
    assert len(set(catalogue.table.keys.tolist())) == 3500


async def test_the_bot_goes_on_while_tracks_are_imported_and_read(database: Database) -> None:
    turns = 0

    async def others() -> None:
        nonlocal turns
        while True:
            await asyncio.sleep(0)
            turns += 1

    task = asyncio.create_task(others())
    await import_records(many(3000), "csv")
    imported, turns = turns, 0
    await Catalogue.load()
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
    assert imported > 100
    assert turns > 100


async def test_an_import_that_was_cut_off_is_finished_by_a_repeat(stoppable_mongod: StoppableMongod) -> None:
    def freeze_in_the_middle(stage: str, done: int, total: int) -> None:
        if done == 1000:
            stoppable_mongod.freeze()

    with pytest.raises(DatabaseDown):
        await import_records(many(3000), "csv", freeze_in_the_middle)
    stoppable_mongod.thaw()
    await _answering(stoppable_mongod.database)
    counts = await import_records(many(3000), "csv")
    assert counts.new + counts.unchanged == 3000
    assert counts.unchanged >= 1000
    assert await Track.get_motor_collection().count_documents({}) == 3000


async def test_a_catalogue_keeps_what_it_has_while_the_database_is_down(stoppable_mongod: StoppableMongod) -> None:
    await import_records(many(3), "csv")
    catalogue = await Catalogue.load()
    stoppable_mongod.freeze()
    with pytest.raises(DatabaseDown):
        await catalogue.refresh()
    assert catalogue.size == 3


async def _answering(database: Database) -> None:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        with suppress(DatabaseDown):
            await database.ping()
            return
    raise AssertionError("the server did not come back")
