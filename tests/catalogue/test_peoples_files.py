"""Files as people have them, with all that goes on in them: local songs, episodes, commas, other scripts."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.catalogue.files.csv_files import CsvContents, read_csv
from bot.catalogue.files.layouts import LAYOUTS
from bot.client.texts.facts.sentences import told
from bot.errors import BadFile

FILES = Path(__file__).parent / "files"
"""Invented songs in the forms of real exports."""


def read(name: str) -> CsvContents:
    return read_csv(FILES / name)


def test_exportify_with_local_songs_and_episodes_in_it() -> None:
    contents = read("exportify.csv")
    first, second, third = contents.records
    assert (first.title, first.artists, first.album) == (
        "Night, Train",
        ("The Invented Ones", "DJ Nobody"),
        "Rails; and Ties",
    )
    assert (first.year, first.explicit, first.genres) == (2014, True, ("indie pop", "r&b"))
    assert dict(first.features)["instrumentalness"] == 1.8e-06
    assert (second.title, second.artists, second.year, second.features) == ("さよなら “二回”", ("架空の人",), 1999, ())
    assert third.title == 'He said "no" and again'
    assert third.artists == ("Earth, Wind & Others",)
    assert (third.year, third.genres) == (None, ("soul", "funk"))
    assert not {"tempo", "key"} & dict(third.features).keys()
    assert [rejected.line for rejected in contents.rejected] == [4, 5]
    assert all("is not one of Spotify" in rejected.reason for rejected in contents.rejected)


def test_exportify_app_with_everything_switched_on() -> None:
    contents = read("exportify_app.csv")
    (record,) = contents.records
    assert record.artists == ("Nobody, The Second", "The Invented Ones")
    assert (record.isrc, record.year, record.explicit) == ("QZ0000000001", 2014, True)
    assert record.genres == ("indie pop", "bedroom pop")
    assert dict(record.features)["tempo"] == 157.966
    assert len(contents.rejected) == 1


def test_what_exportify_wrote_some_years_ago() -> None:
    (record,) = read("older_exportify.csv").records
    assert (record.spotify_id, record.artists) == ("0000000000000000000001", ("The Invented Ones", "DJ Nobody"))
    assert (record.year, record.explicit, record.genres) == (2014, None, ("indie pop", "bedroom pop"))


def test_the_30k_table_with_a_song_in_several_playlists() -> None:
    contents = read("table_30k.csv")
    first, last = contents.records
    assert first.artists == ("Earth, Wind & Others",)
    assert first.genres == ("dance pop", "pop", "electro house", "edm")
    assert (last.year, last.genres) == (1973, ("classic rock", "rock"))
    assert [(rejected.line, rejected.reason) for rejected in contents.rejected] == [(4, "title is missing")]


@pytest.mark.parametrize("file", sorted(FILES.iterdir()), ids=lambda file: file.stem)
def test_a_spreadsheet_saved_it_again_with_its_own_line_ends_and_mark(tmp_path: Path, file: Path) -> None:
    again = tmp_path / "again.csv"
    again.write_bytes(b"\xef\xbb\xbf" + file.read_bytes().replace(b"\n", b"\r\n"))
    plain, saved = read_csv(file), read_csv(again)
    assert [record.spotify_id for record in saved.records] == [record.spotify_id for record in plain.records]
    assert len(saved.rejected) == len(plain.rejected)


def test_each_layout_is_known_by_a_header_of_its_own() -> None:
    needed = [(one.spotify_id, one.title, one.artists, one.duration_ms) for one in LAYOUTS]
    assert len(set(needed)) == len(LAYOUTS) == 5


def test_a_first_line_that_no_reader_takes_is_refused_and_no_bug(tmp_path: Path) -> None:
    path = tmp_path / "songs.csv"
    path.write_text('"' + "x" * 200_000 + '"\n1\n')
    with pytest.raises(BadFile) as caught:
        read_csv(path)
    assert "no header" in told(caught.value.reason)
