"""A catalogue that grows by what came, and begins with what is kept on disk, is the one that reads everything."""

import asyncio
import random
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from bson import ObjectId

from bot.catalogue.importer import import_records
from bot.catalogue.index import Catalogue
from bot.catalogue.records import TrackRecord
from bot.catalogue.snapshot import read_snapshot, write_snapshot
from bot.catalogue.table import TableColumns, table_of
from bot.database import Database
from bot.demo.songs import demo_records
from bot.documents import Track
from bot.generation.texts import Texts

invented = cache(demo_records)


def songs(first: int, last: int) -> tuple[TrackRecord, ...]:
    return invented()[first:last]


def stock_of(records):
    columns = TableColumns()
    columns.add_records(records)
    return columns.stock()


def same(one, other) -> bool:
    """Whether two tables hold the same in every row."""
    plain = ("features", "duration_ms", "year", "explicit", "popularity", "artist", "song")
    texts = ("titles", "version", "spotify_ids")
    return (
        one.digest == other.digest
        and all(np.array_equal(getattr(one, name), getattr(other, name), equal_nan=True) for name in plain)
        and all(getattr(one, name).tolist() == getattr(other, name).tolist() for name in texts)
        and all(one.artists.of(row) == other.artists.of(row) for row in range(len(one)))
    )


@pytest.mark.parametrize("parts", [1, 2, 5])
def test_tracks_that_come_in_parts_make_the_table_of_all(parts):
    records = list(songs(0, 300))
    random.Random(parts).shuffle(records)
    grown = stock_of(())
    for part in range(parts):
        grown = grown.with_more(stock_of(records[part::parts]))
    assert same(grown.table, table_of(records))
    assert grown.table.keys.tolist() == table_of(records).keys.tolist()


def test_a_kept_catalogue_is_read_back_as_it_was(tmp_path: Path):
    stock = stock_of(songs(0, 200))
    write_snapshot(tmp_path, stock, {"from": "here"})
    read, facts = read_snapshot(tmp_path)
    assert facts == {"from": "here"}
    assert same(read.table, stock.table)
    assert isinstance(read.table.duration_ms, np.memmap)
    more = stock_of(songs(200, 250))
    assert same(read.with_more(more).table, stock.with_more(more).table)


def test_only_the_last_kept_catalogue_stays_on_disk(tmp_path: Path):
    for last in (50, 60, 70):
        write_snapshot(tmp_path, stock_of(songs(0, last)), {})
    assert len(read_snapshot(tmp_path)[0].table) == 70
    assert len(list(tmp_path.iterdir())) == 2


def test_a_catalogue_without_tags_or_genres_is_kept_too(tmp_path: Path):
    plain = [replace(song, tags=(), genres=()) for song in songs(0, 5)]
    write_snapshot(tmp_path, stock_of(plain), {})
    assert same(read_snapshot(tmp_path)[0].table, table_of(plain))


def test_every_damaged_file_is_noticed(tmp_path: Path):
    write_snapshot(tmp_path, stock_of(songs(0, 20)), {})
    for path in sorted(path for path in tmp_path.rglob("*") if path.is_file()):
        whole = path.read_bytes()
        for damaged in (whole[:-1], whole[:-1] + bytes([whole[-1] ^ 1]), b""):
            path.write_bytes(damaged)
            assert read_snapshot(tmp_path) is None
        path.unlink()
        assert read_snapshot(tmp_path) is None
        path.write_bytes(whole)
    assert read_snapshot(tmp_path) is not None


async def test_new_tracks_are_brought_in_without_reading_the_others(database: Database):
    await import_records(songs(0, 100), "demo")
    catalogue = await Catalogue.load()
    assert not await catalogue.catch_up()
    # What is changed in its place is not looked at, so it tells whether a track was read again.
    await Track.get_motor_collection().update_one(
        {"spotifyTrackId": songs(0, 1)[0].spotify_id}, {"$set": {"name": "X"}}
    )
    await import_records(songs(100, 130), "demo")
    assert await catalogue.catch_up()
    assert catalogue.size == 130
    assert "X" not in catalogue.table.titles.tolist()
    assert not await catalogue.catch_up()
    assert catalogue.names.lookup(songs(129, 130)[0].artists[0].lower()) is not None


async def test_after_new_tracks_nothing_is_left_for_a_refresh(database: Database):
    await import_records(songs(0, 100), "demo")
    catalogue = await Catalogue.load()
    await import_records(songs(100, 130), "demo")
    await catalogue.catch_up()
    assert not await catalogue.refresh()
    assert same(catalogue.table, (await Catalogue.load()).table)


async def test_removed_tracks_and_such_with_an_older_id_are_noticed(database: Database):
    await import_records(songs(0, 10), "demo")
    catalogue = await Catalogue.load()
    collection = Track.get_motor_collection()
    await collection.delete_one({"spotifyTrackId": songs(3, 4)[0].spotify_id})
    assert await catalogue.catch_up()
    assert catalogue.size == 9
    early = {"_id": ObjectId("5" + "0" * 23), "spotifyTrackId": "old", "name": "Old", "artists": [{"name": "Ada"}]}
    await collection.insert_one(early | {"durationMs": 1000})
    assert await catalogue.catch_up()
    assert "Old" in catalogue.table.titles.tolist()
    assert not await catalogue.catch_up()


async def test_ids_of_another_kind_are_read_as_a_whole(database: Database):
    collection = Track.get_motor_collection()
    for number in range(3):
        catalogue = await Catalogue.load()
        await collection.insert_one(
            {
                "_id": f"own{number}",
                "spotifyTrackId": str(number),
                "name": "Song",
                "artists": [{"name": "Ada"}],
                "durationMs": 1000,
            }
        )
        assert await catalogue.catch_up()
        assert catalogue.size == number + 1
        assert not await catalogue.catch_up()


async def test_a_start_begins_with_what_is_kept_and_goes_on_from_there(database: Database, tmp_path: Path):
    await import_records(songs(0, 100), "demo")
    await Catalogue.load(tmp_path)
    again = await Catalogue.load(tmp_path)
    assert isinstance(again.table.duration_ms, np.memmap)
    assert not await again.refresh()
    await import_records(songs(100, 120), "demo")
    later = await Catalogue.load(tmp_path)
    assert later.size == 120
    assert not await later.refresh()


async def test_a_changed_or_foreign_or_damaged_kept_catalogue_is_made_again(database: Database, tmp_path: Path):
    await import_records(songs(0, 20), "demo")
    await Catalogue.load(tmp_path)
    collection = Track.get_motor_collection()
    await collection.update_one({"spotifyTrackId": songs(0, 1)[0].spotify_id}, {"$set": {"name": "X"}})
    await collection.update_one({"spotifyTrackId": songs(0, 1)[0].spotify_id}, {"$currentDate": {"updatedAt": True}})
    catalogue = await Catalogue.load(tmp_path)
    assert await catalogue.refresh()
    assert "X" in catalogue.table.titles.tolist()
    await asyncio.to_thread(_damage, tmp_path)
    assert "X" in (await Catalogue.load(tmp_path)).table.titles.tolist()
    await collection.delete_many({})
    await import_records(songs(0, 20), "demo")
    assert "X" not in (await Catalogue.load(tmp_path)).table.titles.tolist()


def _damage(folder: Path) -> None:
    next(folder.rglob("titles.texts.npy")).write_bytes(b"?")


def test_texts_are_read_like_an_array_of_them():
    words = ["b", "", "é", "a", "b", "\ud800", "日本"]
    texts = Texts.of(words)
    assert texts.tolist() == list(texts) == words
    assert texts[-1] == "日本"
    assert texts[np.array([True, False, True, False, False, False, False])].tolist() == ["b", "é"]
    assert texts.taken(np.array([3, 0])).tolist() == ["a", "b"]
    assert [words[row] for row in texts.order()] == sorted(words)
    assert [texts.get(word) for word in ("b", "日本", "x", "")] == [0, 6, None, 1]
    with pytest.raises(IndexError):
        texts[7]
