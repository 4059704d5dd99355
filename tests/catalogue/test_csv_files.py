from pathlib import Path

import pytest

from bot.catalogue.files.csv_files import CsvContents, read_csv
from bot.client.texts.facts.sentences import told
from bot.errors import BadFile

HEADER = (
    "track_id,artists,album_name,track_name,popularity,duration_ms,explicit,danceability,energy,key,loudness,mode,"
    "speechiness,acousticness,instrumentalness,liveness,valence,tempo,time_signature,track_genre"
)
COLUMNS = HEADER.split(",")
ID = "5SuOikwiRyPMVoIQDJUgSV"
ROW = dict(
    zip(
        COLUMNS,
        f"{ID},Gen Hoshino,Comedy,Comedy,73,230666,FALSE,0.676,0.461,1,-6.746,0,0.143,0.0322,1.01e-06,0.358,0.715,"
        "87.917,4,acoustic".split(","),
        strict=True,
    )
)
OTHER = ROW | {"track_id": "4qPNDBW1i3p13qLCt0Ki3A", "track_name": "Ghost"}


def row(**changes: str) -> str:
    return ",".join((ROW | changes).values())


def other() -> str:
    return ",".join(OTHER.values())


def read(tmp_path: Path, *lines: str, end: str = "\n") -> CsvContents:
    path = tmp_path / "songs.csv"
    path.write_bytes((end.join(lines) + end).encode())
    return read_csv(path)


def test_a_row_becomes_a_record(tmp_path: Path) -> None:
    (record,) = read(tmp_path, HEADER, row()).records
    assert (record.spotify_id, record.title, record.artists, record.album) == (ID, "Comedy", ("Gen Hoshino",), "Comedy")
    assert (record.duration_ms, record.explicit, record.popularity, record.year) == (230666, False, 73.0, None)
    assert record.genres == ("acoustic",)
    features = dict(record.features)
    assert features["tempo"] == 87.917
    assert features["instrumentalness"] == 1.01e-06
    assert (features["key"], features["mode"], features["loudness"]) == (1.0, 0.0, -6.746)
    assert len(features) == 11


def test_the_genres_of_repeated_rows_are_gathered(tmp_path: Path) -> None:
    contents = read(
        tmp_path,
        HEADER,
        row(track_genre="hip-hop"),
        other(),
        row(track_genre="sad", popularity="1"),
        row(track_genre="hip-hop"),
    )
    assert contents.rows == 4
    first, second = contents.records
    assert first.genres == ("hip hop", "sad")
    assert first.tags == ("sad",)
    assert first.popularity == 73.0
    assert second.genres == ("acoustic",)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"track_id": ""}, "id is missing"),
        ({"track_id": "spotify:local:::x"}, "is not one of Spotify"),
        ({"track_id": "demo:7"}, "is not one of Spotify"),
        ({"track_name": " "}, "title is missing"),
        ({"artists": ";"}, "artist is missing"),
        ({"duration_ms": "0"}, "duration 0 is not between"),
        ({"duration_ms": "-5"}, "duration -5 is not between"),
        ({"duration_ms": ""}, "duration is missing"),
        ({"duration_ms": "long"}, "duration 'long' is not a number"),
        ({"duration_ms": "nan"}, "duration nan is not between"),
        ({"duration_ms": "inf"}, "duration inf is not between"),
        ({"energy": "loud"}, "energy 'loud' is not a number"),
        ({"energy": "1.2"}, "energy 1.2 is not between 0 and 1"),
        ({"energy": "nan"}, "energy nan is not between"),
        ({"valence": "inf"}, "valence inf is not between"),
        ({"loudness": "-99"}, "loudness -99 is not between -70 and 10"),
        ({"tempo": "900"}, "tempo 900 is not between"),
        ({"key": "12"}, "key 12 is not between"),
        ({"key": "3.5"}, "key 3.5 is not a whole number"),
        ({"mode": "0.5"}, "mode 0.5 is not a whole number"),
        ({"popularity": "101"}, "popularity 101 is not between"),
        ({"explicit": "maybe"}, "explicit 'maybe' is neither true nor false"),
        ({"track_name": "x" * 1001}, "more than 1000 characters"),
        ({"track_genre": "pop,rock"}, "has 21 columns where the header has 20"),
        ({"track_name": '"Un"closed'}, "quote"),
    ],
)
def test_a_bad_row_is_named_and_costs_nothing_else(tmp_path: Path, change: dict[str, str], reason: str) -> None:
    contents = read(tmp_path, HEADER, row(**change), other())
    assert [record.title for record in contents.records] == ["Ghost"]
    (rejected,) = contents.rejected
    assert rejected.line == 2
    assert reason in rejected.reason
    assert contents.rows == 2


@pytest.mark.parametrize(
    ("change", "unknown"),
    [
        ({"tempo": "0"}, "tempo"),
        ({"tempo": "0.0"}, "tempo"),
        ({"key": "-1"}, "key"),
        ({"energy": ""}, "energy"),
        ({"energy": " "}, "energy"),
    ],
)
def test_an_unknown_value_is_left_out(tmp_path: Path, change: dict[str, str], unknown: str) -> None:
    contents = read(tmp_path, HEADER, row(**change))
    assert not contents.rejected
    features = dict(contents.records[0].features)
    assert unknown not in features
    assert len(features) == 10


def test_unknown_popularity_and_explicitness_are_unknown(tmp_path: Path) -> None:
    (record,) = read(tmp_path, HEADER, row(popularity="", explicit="")).records
    assert record.popularity is None
    assert record.explicit is None


@pytest.mark.parametrize(
    ("written", "genre"),
    [
        ("hip-hop", "hip hop"),
        ("R-n-B", "r&b"),
        ("drum-and-bass", "drum and bass"),
        ("rock-n-roll", "rock and roll"),
        ("forro", "forró"),
        ("songwriter", "songwriter"),
        ("some-new-thing", "some new thing"),
    ],
)
def test_genres_are_spelt_as_in_requests_and_not_reinterpreted(tmp_path: Path, written: str, genre: str) -> None:
    assert read(tmp_path, HEADER, row(track_genre=written)).records[0].genres == (genre,)


def test_several_artists_are_told_apart_and_named_once(tmp_path: Path) -> None:
    (record,) = read(tmp_path, HEADER, row(artists="Ingrid Michaelson;ZAYN; ZAYN")).records
    assert record.artists == ("Ingrid Michaelson", "ZAYN")


def test_quotes_commas_and_line_breaks_in_cells_are_text(tmp_path: Path) -> None:
    contents = read(
        tmp_path, HEADER, row(track_name='"Hello, ""World"""'), row(track_id="b", track_name='"Two\nlines"'), other()
    )
    assert [record.title for record in contents.records] == ['Hello, "World"', "Two lines", "Ghost"]


def test_a_quote_that_is_never_closed_costs_its_row_alone(tmp_path: Path) -> None:
    quoted = row(track_id="q", artists='"Earth, Wind"')
    contents = read(tmp_path, HEADER, row(artists='"Gen'), quoted, other(), other())
    assert [record.spotify_id for record in contents.records] == ["q", OTHER["track_id"]]
    assert [rejected.line for rejected in contents.rejected] == [2]
    assert contents.rows == 4


def test_an_open_quote_in_the_last_row_is_found(tmp_path: Path) -> None:
    contents = read(tmp_path, HEADER, other(), row(track_genre='"pop'))
    assert [rejected.line for rejected in contents.rejected] == [3]
    assert len(contents.records) == 1


def test_lines_are_those_of_the_file(tmp_path: Path) -> None:
    contents = read(tmp_path, HEADER, row(track_name='"Two\nlines"'), "", row(energy="x"), "short,row")
    assert [rejected.line for rejected in contents.rejected] == [5, 6]
    assert contents.rows == 3


def test_bytes_that_are_not_text_cost_their_row_alone(tmp_path: Path) -> None:
    path = tmp_path / "songs.csv"
    bad = row(track_id="x").encode().replace(b"Comedy", b"Com\xe9die")
    path.write_bytes(b"\n".join((HEADER.encode(), bad, other().encode())))
    contents = read_csv(path)
    assert [(rejected.line, rejected.reason) for rejected in contents.rejected] == [(2, "is not UTF-8")]
    assert [record.title for record in contents.records] == ["Ghost"]


@pytest.mark.parametrize("end", ["\r\n", "\r"])
def test_other_line_ends_are_line_ends(tmp_path: Path, end: str) -> None:
    contents = read(tmp_path, HEADER, row(), other(), end=end)
    assert len(contents.records) == 2
    assert contents.records[0].genres == ("acoustic",)


def test_a_byte_order_mark_is_no_part_of_the_header(tmp_path: Path) -> None:
    assert len(read(tmp_path, "\ufeff" + HEADER, row()).records) == 1


def test_columns_may_stand_in_any_order_and_have_others_between(tmp_path: Path) -> None:
    names = ["", *reversed(COLUMNS)]
    cells = ["17", *reversed(list(ROW.values()))]
    (record,) = read(tmp_path, ",".join(names), ",".join(cells)).records
    assert (record.title, dict(record.features)["tempo"]) == ("Comedy", 87.917)


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_other_delimiters_are_recognised(tmp_path: Path, delimiter: str) -> None:
    assert len(read(tmp_path, HEADER.replace(",", delimiter), row().replace(",", delimiter)).records) == 1


def test_exportify_is_read(tmp_path: Path) -> None:
    contents = read(
        tmp_path,
        "Track URI,Track Name,Album Name,Artist Name(s),Release Date,Duration (ms),Popularity,Explicit,Added By,"
        "Added At,Genres,Record Label,Danceability,Energy,Key,Loudness,Mode,Speechiness,Acousticness,Instrumentalness,"
        "Liveness,Valence,Tempo,Time Signature",
        f"spotify:track:{ID},Song,Album,Ada;Bo,2011-05-01,200000,50,true,me,2024-01-01T00:00:00Z,"
        '"indie folk,lo-fi",Label,0.5,0.6,7,-8.1,1,0.03,0.2,0.0,0.1,0.4,120.5,4',
        "spotify:track:1iJBSr7s7jYXzM8EGcbK5b,Song,Album,Ada,0000,200000,50,false,me,2024,,,,,,,,,,,,,,",
    )
    first, second = contents.records
    assert (first.spotify_id, first.artists, first.year, first.explicit) == (ID, ("Ada", "Bo"), 2011, True)
    assert first.genres == ("indie folk", "lo-fi")
    assert dict(first.features)["tempo"] == 120.5
    assert (second.year, second.genres, second.features) == (None, (), ())


def test_exportify_app_is_read(tmp_path: Path) -> None:
    (record,) = read(
        tmp_path,
        '"Track URI","Track Name","Artist URI(s)","Artist Name(s)","Album URI","Album Name","Album Release Date",'
        '"Track Duration (ms)","Explicit","Popularity","ISRC","Added By","Added At"',
        f'"spotify:track:{ID}","Song","x, y","Tyler\\, The Creator, Bo","z","Album","2001","200000","false","1",'
        '"GBAYE0601498","me","2024"',
    ).records
    assert record.artists == ("Tyler, The Creator", "Bo")
    assert (record.isrc, record.year) == ("GBAYE0601498", 2001)


def test_the_30k_table_is_read(tmp_path: Path) -> None:
    (record,) = read(
        tmp_path,
        "track_id,track_name,track_artist,track_popularity,track_album_id,track_album_name,track_album_release_date,"
        "playlist_name,playlist_id,playlist_genre,playlist_subgenre,danceability,energy,key,loudness,mode,speechiness,"
        "acousticness,instrumentalness,liveness,valence,tempo,duration_ms",
        f'{ID},Song,"Earth, Wind & Fire",66,a,Album,2019-06-14,Mix,p,pop,dance pop,0.7,0.9,6,-2.6,1,0.05,0.1,0,0.06,'
        "0.5,122.0,194754",
    ).records
    assert record.artists == ("Earth, Wind & Fire",)
    assert record.genres == ("dance pop", "pop")
    assert (record.year, record.duration_ms) == (2019, 194754)


@pytest.mark.parametrize(
    ("contents", "reason"),
    [
        (b"", "is empty"),
        (b"\n\n", "is empty"),
        (b"a,b,c\n1,2,3\n", "no header that is known"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "no header that is known"),
        ((HEADER + "\n").encode("utf-16"), "UTF-16"),
    ],
)
def test_a_file_that_is_none_of_ours_is_refused(tmp_path: Path, contents: bytes, reason: str) -> None:
    path = tmp_path / "songs.csv"
    path.write_bytes(contents)
    with pytest.raises(BadFile) as caught:
        read_csv(path)
    assert caught.value.name == "songs.csv"
    assert reason in told(caught.value.reason)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    for path in (tmp_path / "none.csv", tmp_path):
        with pytest.raises(BadFile):
            read_csv(path)


def test_a_header_alone_is_an_empty_library(tmp_path: Path) -> None:
    assert read(tmp_path, HEADER) == CsvContents(records=(), rejected=(), rows=0)


def test_progress_rises_to_the_size_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "songs.csv"
    path.write_text("\n".join([HEADER, *(row(track_id=f"id{number}") for number in range(5000))]))
    told: list[tuple[int, int]] = []
    read_csv(path, lambda done, total: told.append((done, total)))
    assert len(told) == 3
    assert told == sorted(told)
    assert told[-1] == (path.stat().st_size, path.stat().st_size)
