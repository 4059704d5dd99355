import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.catalogue.files.csv_files import read_csv
from bot.catalogue.identity import song_key

HEADER = b"track_id,artists,album_name,track_name,popularity,duration_ms,explicit,energy,tempo,track_genre\n"
GOOD = b'%d,Cy,Weather,"Rain, again",50,200000,TRUE,0.5,120,jazz\n'


@settings(max_examples=100, deadline=None)
@given(rubbish=st.binary(max_size=300), after=st.integers(1, 5))
def test_rubbish_never_costs_the_rows_around_it(
    tmp_path_factory: pytest.TempPathFactory, rubbish: bytes, after: int
) -> None:
    path = tmp_path_factory.getbasetemp() / "rubbish.csv"
    path.write_bytes(HEADER + GOOD % 1 + rubbish + b"\n" + b"".join(GOOD % number for number in range(2, 2 + after)))
    contents = read_csv(path)
    assert {str(number) for number in range(1, 2 + after)} <= {record.spotify_id for record in contents.records}
    assert len(contents.records) + len(contents.rejected) <= contents.rows
    assert all(2 < rejected.line <= 3 + rubbish.count(b"\n") + rubbish.count(b"\r") for rejected in contents.rejected)


@settings(max_examples=150, deadline=None)
@given(title=st.text(max_size=80).filter(str.strip), artist=st.text(min_size=1, max_size=30))
def test_every_title_has_a_key_and_plain_words_keep_it(title: str, artist: str) -> None:
    key, version = song_key(title, artist)
    assert key.rpartition("|")[0]
    if not version:
        assert song_key(f"{title} (Live)", artist)[1] == "live"


@pytest.mark.parametrize("door", ["files.csv_files", "table", "index", "identity"])
def test_a_catalogue_of_a_file_needs_neither_driver_nor_discord(door: str) -> None:
    check = f"import sys, bot.catalogue.{door}; print([m for m in ('motor', 'beanie', 'discord') if m in sys.modules])"
    found = subprocess.run([sys.executable, "-c", check], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"
