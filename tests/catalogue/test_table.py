import random
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from bson import ObjectId

from bot.catalogue.records import TrackRecord
from bot.catalogue.table import TableColumns, table_of
from bot.generation.tracks import TrackTable

RAIN = TrackRecord(
    spotify_id="b",
    title="Rain",
    artists=("Cy", "Ada"),
    duration_ms=1000,
    explicit=True,
    year=1999,
    genres=("jazz", "blues"),
    tags=("sad",),
    features=(("tempo", 120.0), ("key", 3.0)),
    popularity=12.0,
)
RAIN_LIVE = TrackRecord(spotify_id="c", title="Rain (Live)", artists=("Cy",), duration_ms=2000)
SUN = TrackRecord(spotify_id="a", title="Sun", artists=("Bo",), duration_ms=3000, explicit=False, genres=("pop",))
RECORDS = (RAIN, RAIN_LIVE, SUN)

DOCUMENT: dict[str, Any] = {
    "_id": ObjectId(),
    "spotifyTrackId": "b",
    "name": "Rain",
    "artists": [{"name": "Cy"}, {"name": "Ada"}],
    "durationMs": 1000,
    "explicit": True,
    "year": 1999,
    "genres": ["jazz", "blues"],
    "tags": ["sad"],
    "audioFeatures": {"tempo": 120.0, "key": 3},
    "popularity": 12,
}


def stored_table(documents: Iterable[Mapping[str, Any]]) -> TrackTable:
    columns = TableColumns()
    columns.add_documents(documents)
    return columns.table()


def test_every_value_is_in_its_row() -> None:
    table = table_of(RECORDS)
    row = table.row_of("b")
    assert row is not None
    assert table.titles[row] == "Rain"
    assert table.artists.of(row) == ("Cy", "Ada")
    assert table.artists.words[table.artist[row]] == "Cy"
    assert table.genres.of(row) == ("jazz", "blues")
    assert table.tags.of(row) == ("sad",)
    assert table.column("tempo")[row] == 120.0
    assert table.column("key")[row] == 3.0
    assert np.isnan(table.column("energy")[row])
    assert (table.duration_ms[row], table.year[row], table.explicit[row], table.popularity[row]) == (1000, 1999, 1, 12)


def test_the_unknown_is_unknown_and_not_zero() -> None:
    table = table_of(RECORDS)
    row = table.row_of("c")
    assert row is not None
    assert np.isnan(table.features[row]).all()
    assert np.isnan(table.popularity[row])
    assert (table.year[row], table.explicit[row]) == (0, -1)
    assert table.genres.of(row) == table.tags.of(row) == ()


def test_versions_of_one_song_share_its_number() -> None:
    table = table_of(RECORDS)
    rain, live, sun = (table.row_of(key) for key in ("b", "c", "a"))
    assert table.song[rain] == table.song[live] != table.song[sun]
    assert (table.version[rain], table.version[live]) == ("", "live")


def test_the_order_of_the_source_does_not_matter() -> None:
    shuffled = list(RECORDS)
    for seed in range(5):
        random.Random(seed).shuffle(shuffled)
        table = table_of(shuffled)
        assert table.spotify_ids.tolist() == ["a", "b", "c"]
        assert table.digest == table_of(RECORDS).digest
        assert [table.artists.of(row) for row in range(3)] == [("Bo",), ("Cy", "Ada"), ("Cy",)]


def test_a_stored_track_makes_the_row_of_its_record() -> None:
    stored, read = stored_table([DOCUMENT]), table_of([RAIN])
    assert stored.digest == read.digest
    assert stored.keys.tolist() == [str(DOCUMENT["_id"])]
    assert stored.song.tolist() == read.song.tolist()


def test_every_change_of_content_changes_the_digest() -> None:
    changes: tuple[dict[str, Any], ...] = (
        {"name": "Rain II"},
        {"artists": [{"name": "Cy"}]},
        {"genres": ["blues"]},
        {"tags": []},
        {"durationMs": 1001},
        {"explicit": None},
        {"year": 2000},
        {"popularity": 13},
        {"audioFeatures": {"tempo": 121.0, "key": 3}},
    )
    digests = {stored_table([DOCUMENT | change]).digest for change in ({}, *changes)}
    assert len(digests) == len(changes) + 1


def test_what_another_application_stored_is_read_as_well_as_it_can_be() -> None:
    odd: dict[str, Any] = {"year": 2004.0, "audioFeatures": {"tempo": 0, "key": -1, "energy": None, "uri": "x"}}
    nulls = dict.fromkeys(("year", "explicit", "genres", "tags", "audioFeatures", "popularity", "identity"))
    incomplete = [DOCUMENT | {key: None} for key in ("spotifyTrackId", "name", "artists", "durationMs")]
    table = stored_table([DOCUMENT | odd, DOCUMENT | nulls, *incomplete])
    assert len(table) == 2
    assert table.year.tolist() == [2004, 0]
    assert np.isnan(table.features).all()


def test_no_tracks_make_an_empty_table() -> None:
    table = table_of(())
    assert len(table) == 0
    assert table.features.shape == (0, 11)
    assert table.genres.words == ()
