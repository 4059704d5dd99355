"""A playlist as files that other programs read, whatever strangers called their songs."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.catalogue.files.csv_files import read_csv
from bot.client.texts.facts.sentences import told
from bot.facts import Worded
from bot.services.playlists.file_export import COLUMNS, csv_file, file_stem, jspf_file, m3u8_file, playlist_files
from bot.services.values import PlaylistView, SongView

SCHEMA = json.loads((Path(__file__).parents[2] / "specifications" / "jspf.json").read_text(encoding="utf-8"))
IDS = ("5SuOikwiRyPMVoIQDJUgSV", "4qPNDBW1i3p13qLCt0Ki3A")


def song(position: int, title: str = "Comedy", **changes: Any) -> SongView:
    facts: dict[str, Any] = {
        "track_id": f"{position:024d}",
        "artists": ("Gen Hoshino", "Guest"),
        "duration_ms": 230_666,
        "year": 1987,
        "url": f"https://open.spotify.com/track/{IDS[position % 2]}",
        "energy": 0.461,
        "tempo_bpm": 87.9,
        "reasons": (Worded(text="soft, as asked"),),
    }
    return SongView(position=position, title=title, **(facts | changes))


def playlist(*songs: SongView, name: str = "Rainy sunday") -> PlaylistView:
    return PlaylistView(playlist_id="1", session_id="2", name=name, text="rainy", songs=songs, seed=1, owner_id="3")


def rows(contents: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(contents.decode("utf-8-sig"), newline="")))


def valid(contents: bytes) -> Any:
    document = json.loads(contents)
    checker = jsonschema.Draft202012Validator(SCHEMA, format_checker=jsonschema.FormatChecker())
    checker.validate(document)
    return document["playlist"]


def test_there_are_three_files_named_after_the_playlist() -> None:
    assert [file.name for file in playlist_files(playlist(song(1)), told)] == [
        "rainy-sunday.csv",
        "rainy-sunday.m3u8",
        "rainy-sunday.jspf",
    ]


@pytest.mark.parametrize(
    ("name", "stem"),
    [
        ("../../etc/passwd", "etc-passwd"),
        ("CON: “Été” \r\n\0", "con-ete"),
        ("🌧️", "playlist"),
        ("", "playlist"),
        ("x" * 500, "x" * 60),
    ],
)
def test_a_file_name_is_safe_everywhere(name: str, stem: str) -> None:
    assert file_stem(name) == stem


def test_the_csv_has_a_row_a_song_under_names_that_tools_know() -> None:
    (row,) = rows(csv_file(playlist(song(1)), told))
    assert tuple(row) == COLUMNS
    assert row["Track URI"] == f"spotify:track:{IDS[1]}"
    assert row["Artist Name(s)"] == "Gen Hoshino; Guest"
    assert (row["Duration (ms)"], row["Release Date"], row["Why"]) == ("230666", "1987", "soft, as asked")


def test_what_was_exported_can_be_imported(tmp_path: Path) -> None:
    path = tmp_path / "set.csv"
    path.write_bytes(csv_file(playlist(song(1), song(2, "Sôft, “quoted”"), song(3, "Ours", url=None)), told))
    contents = read_csv(path)
    assert [record.title for record in contents.records] == ["Comedy", "Sôft, “quoted”"]
    assert contents.records[0].artists == ("Gen Hoshino", "Guest")
    assert dict(contents.records[0].features)["energy"] == 0.461
    assert [row.reason for row in contents.rejected] == ["id is missing"]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t=", "\r=", "\n@", " =", "\u200b=", "\ufeff+", "＝", "＠"])
def test_no_title_or_artist_becomes_a_formula(start: str) -> None:
    hostile = f'{start}HYPERLINK("http://evil","click")'
    (row,) = rows(csv_file(playlist(song(1, hostile, artists=(hostile,), reasons=(Worded(text=hostile),))), told))
    for column in ("Track Name", "Artist Name(s)", "Why"):
        assert row[column].startswith("'")
        assert "\n" not in row[column]


def test_the_m3u8_lists_addresses_and_names_songs_without_one() -> None:
    lines = m3u8_file(playlist(song(1), song(2, "Ours", url=None))).decode().splitlines()
    assert lines == [
        "#EXTM3U",
        "#PLAYLIST:Rainy sunday",
        "#EXTINF:231,Gen Hoshino, Guest - Comedy",
        f"https://open.spotify.com/track/{IDS[1]}",
        "# Gen Hoshino, Guest - Ours (no address is known)",
    ]


@pytest.mark.parametrize("end", ["\n", "\r", "\r\n", "\u2028", "\u2029", "\x0b", "\x0c", "\x85", "\x1c", "\x00"])
def test_no_title_makes_an_entry_of_its_own(end: str) -> None:
    hostile = f"Nice{end}file:///etc/passwd{end}#EXTINF:1,x"
    text = m3u8_file(playlist(song(1, hostile, artists=(hostile,)), name=hostile)).decode()
    assert len(text.splitlines()) == 4
    assert [line for line in text.splitlines() if not line.startswith("#")] == [
        f"https://open.spotify.com/track/{IDS[1]}"
    ]


def test_only_songs_on_spotify_have_an_address() -> None:
    hostile = playlist(song(1, url="javascript:alert(1)"), song(2, url="https://open.spotify.com/track/x\nhttp://evil"))
    assert b"evil" not in m3u8_file(hostile)
    assert b"javascript" not in b"".join(file.contents for file in playlist_files(hostile, told))


def test_the_jspf_is_valid_and_says_what_is_known() -> None:
    found = valid(jspf_file(playlist(song(1), song(2, "Ours", url=None, reasons=())), told))
    assert found["title"] == "Rainy sunday"
    first, second = found["track"]
    assert first["location"] == [f"https://open.spotify.com/track/{IDS[1]}"]
    assert (first["title"], first["creator"], first["duration"], first["trackNum"]) == (
        "Comedy",
        "Gen Hoshino, Guest",
        230_666,
        1,
    )
    assert "location" not in second


def test_the_schema_refuses_what_is_no_jspf() -> None:
    for wrong in ({}, {"playlist": {"track": [{"location": "x"}]}}, {"playlist": {"track": [{"duration": "1"}]}}):
        with pytest.raises(jsonschema.ValidationError):
            valid(json.dumps(wrong).encode())


def test_the_owner_and_their_words_are_in_no_file() -> None:
    view = PlaylistView(
        playlist_id="1", session_id="2", name="Calm", text="my secret", songs=(song(1),), seed=1, owner_id="998877"
    )
    everything = b"".join(file.contents for file in playlist_files(view, told))
    assert b"secret" not in everything
    assert b"998877" not in everything


@given(
    title=st.text(max_size=200),
    artists=st.lists(st.text(max_size=50), min_size=1, max_size=4),
    name=st.text(max_size=100),
    duration=st.integers(0, 86_400_000),
)
def test_whatever_they_are_called_the_files_hold(title: str, artists: list[str], name: str, duration: int) -> None:
    view = playlist(song(1, title, artists=tuple(artists), duration_ms=duration), song(2), name=name)
    found = rows(csv_file(view, told))
    assert len(found) == 2
    assert not re.match(r"[=+\-@\t\r\n]", found[0]["Track Name"])
    assert len(m3u8_file(view).decode().splitlines()) == 6
    assert len(valid(jspf_file(view, told))["track"]) == 2
