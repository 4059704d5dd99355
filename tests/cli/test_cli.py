"""The commands of ``python -m bot``, as somebody at a terminal runs them."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from bot.__main__ import cli
from bot.database import Database
from bot.documents import Track
from bot.settings import Settings
from tests.remembering import demo_songs

ROOT = Path(__file__).parents[2]
HEADER = (
    ",track_id,artists,album_name,track_name,popularity,duration_ms,explicit,danceability,energy,key,loudness,mode,"
    "speechiness,acousticness,instrumentalness,liveness,valence,tempo,time_signature,track_genre"
)
FEATURES = "tempo energy valence danceability acousticness instrumentalness speechiness liveness loudness key mode"
VIBE = (
    "text version understood targets genres artists tracks years instruments languages contexts length arc clean "
    "familiarity changes edit kinds evidence unknown"
)
SONG = "id spotifyTrackId title artists durationMs year genres explicit features score parts reasons"


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """A command that ran: its exit code and what it printed."""

    code: int
    out: str
    err: str

    def object(self) -> dict[str, Any]:
        """The one JSON object on standard output."""
        [line] = self.out.splitlines()
        found: dict[str, Any] = json.loads(line)
        return found


def here(*arguments: str, stdin: bytes = b"", **variables: str) -> Done:
    """Runs a command in this process: the quick way, for those that touch nothing of it."""
    ran = CliRunner().invoke(cli, list(arguments), input=stdin, env=dict(variables))
    return Done(code=ran.exit_code, out=ran.stdout_bytes.decode(), err=ran.stderr_bytes.decode())


def apart(*arguments: str, cwd: Path, **variables: str) -> Done:
    """Runs a command in a process of its own, with nothing else in its environment."""
    environment = {"PYTHONPATH": str(ROOT), "PATH": os.environ["PATH"], "HOME": str(cwd), **variables}
    ran = subprocess.run(
        [sys.executable, "-m", "bot", *arguments],
        capture_output=True,
        check=False,
        cwd=cwd,
        env=environment,
        timeout=600,
    )
    return Done(code=ran.returncode, out=ran.stdout.decode(), err=ran.stderr.decode())


@pytest.fixture(scope="module")
def songs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A CSV file of 700 songs in the 114k layout."""
    path = tmp_path_factory.mktemp("songs") / "songs.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        rows = csv.DictWriter(file, HEADER.split(","))
        rows.writeheader()
        for number, record in enumerate(demo_songs()[::4][:700]):
            features: dict[str, float] = dict(record.features)
            rows.writerow(
                {
                    "": number,
                    "track_id": f"{number:022d}",
                    "artists": ";".join(record.artists),
                    "album_name": record.album,
                    "track_name": record.title,
                    "popularity": 50,
                    "duration_ms": record.duration_ms,
                    "explicit": bool(record.explicit),
                    "time_signature": 4,
                    "track_genre": (record.genres or ("pop",))[0],
                    **{name: features.get(name, 0.5) for name in FEATURES.split()},
                }
            )
    return path


@pytest.fixture
def nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to run in, so that what a command leaves behind is seen."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_help_names_every_command() -> None:
    done = here("--help")
    assert done.code == 0
    for command in ("run", "demo", "import", "parse", "generate", "sync"):
        assert f"\n  {command} " in done.out


def test_parse_prints_the_shape_of_a_vibe_and_leaves_nothing(nowhere: Path) -> None:
    done = here("parse", "sad jazz, no rap", "--json")
    vibe = done.object()
    assert done.code == 0
    assert " ".join(vibe) == VIBE
    assert vibe["understood"] is True
    assert vibe["genres"] == {"wanted": ["jazz"], "rejected": ["rap"]}
    assert list(nowhere.iterdir()) == []


def test_parse_answers_every_line_even_a_hopeless_one() -> None:
    lines = [b"sad jazz", b"", b"   ", b"zzyzx", b"\xff\xfe sad", "🎉".encode(), b"a" * 3000, b"x\ry sad", b"last"]
    done = here("parse", "-", "--json", stdin=b"\n".join(lines))
    vibes = [json.loads(line) for line in done.out.split("\n")[:-1]]
    assert done.code == 0
    assert len(vibes) == len(lines)
    assert [vibe["understood"] for vibe in vibes[:5]] == [True, False, False, False, True]


def test_parse_of_nothing_on_standard_input_prints_nothing() -> None:
    done = here("parse", "-", "--json")
    assert (done.code, done.out) == (0, "")


def test_parse_shows_words_at_a_terminal() -> None:
    shown = here("parse", "sad jazz, no rap").out
    assert "sad jazz, no rap" in shown
    assert "jazz, no rap" in shown.split("genres")[1]
    assert "[red]" in here("parse", "zzyzx [red]").out


def test_generate_from_a_file_prints_one_complete_object_and_keeps_nothing(songs: Path, nowhere: Path) -> None:
    done = here("generate", "sad jazz", "--json", "--seed", "7", "--catalogue", str(songs))
    made = done.object()
    assert done.code == 0
    assert {"vibe", "ordering", "relaxed", "conflicts", "seed", "catalogue", "ms"} <= set(made)
    assert (made["seed"], made["conflicts"], len(made["ordering"])) == (7, [], 25)
    assert made["catalogue"]["size"] == 700
    assert made["vibe"]["genres"]["wanted"] == ["jazz"]
    assert {"parse", "select", "sequence"} <= set(made["ms"])
    for song in made["ordering"]:
        assert " ".join(song) == SONG
        assert " ".join(song["features"]) == FEATURES
        assert len(song["spotifyTrackId"]) == 22
        assert song["parts"]
        assert song["reasons"]
    assert list(nowhere.iterdir()) == []


def test_the_same_seed_prints_the_same_set(songs: Path) -> None:
    def ordering(seed: str) -> list[str]:
        made = here("generate", "calm", "--json", "--seed", seed, "--catalogue", str(songs)).object()
        return [song["id"] for song in made["ordering"]]

    assert ordering("3") == ordering("3")
    assert ordering("3") != ordering("4")


def test_options_beat_words(songs: Path) -> None:
    made = here("generate", "calm, 20 songs", "--json", "--tracks", "6", "--catalogue", str(songs)).object()
    assert len(made["ordering"]) == 6
    made = here("generate", "calm", "--json", "--minutes", "50", "--catalogue", str(songs)).object()
    assert sum(song["durationMs"] for song in made["ordering"]) == pytest.approx(3_000_000, rel=0.02)


@pytest.mark.parametrize("text", ["", "zzyzx qwrtp", "sad, exactly 40 bpm"])
def test_what_cannot_be_met_is_one_object_and_exit_code_1(songs: Path, text: str) -> None:
    done = here("generate", text, "--json", "--catalogue", str(songs))
    made = done.object()
    assert done.code == 1
    assert made["ordering"] == []
    assert made["conflicts"]
    assert made["conflicts"][0] in done.err
    assert "Traceback" not in done.err


def test_a_file_without_songs_is_one_object_too(tmp_path: Path) -> None:
    empty = tmp_path / "empty.csv"
    empty.write_text(HEADER + "\n", encoding="utf-8")
    done = here("generate", "sad", "--json", "--catalogue", str(empty))
    assert done.code == 1
    assert "import FILE.csv" in done.object()["conflicts"][0]
    assert "bot discover" in done.object()["conflicts"][0]


def test_a_bug_is_told_and_kept_and_shows_no_traceback(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def break_down() -> None:
        raise ZeroDivisionError("at the heart of it")

    monkeypatch.setattr("nlp.parser.VibeParser.load", break_down)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    done = here("parse", "sad", "--json")
    [kept] = tmp_path.iterdir()
    assert done.code == 70
    assert str(kept) in done.err.replace("\n", "")
    assert "Traceback" not in done.err
    assert "at the heart of it" in kept.read_text()


def test_generate_shows_a_table_at_a_terminal(songs: Path) -> None:
    done = here("generate", "calm", "--tracks", "5", "--catalogue", str(songs), COLUMNS="140")
    assert done.code == 0
    for word in ("title", "artist", "bpm", "5 songs", "seed", "asked"):
        assert word in done.out


@pytest.mark.parametrize(
    "arguments",
    [
        ("generate", "calm", "--catalogue", "missing.csv"),
        ("generate", "calm", "--tracks", "5", "--minutes", "20"),
        ("generate", "calm", "--tracks", "0"),
        ("nonsense",),
        ("parse",),
    ],
)
def test_wrong_usage_is_told_with_exit_code_2(nowhere: Path, arguments: tuple[str, ...]) -> None:
    done = here(*arguments)
    assert done.code == 2
    assert done.out == ""
    assert len(done.err.strip()) > 20
    assert "Traceback" not in done.err


def test_run_without_a_token_says_where_to_get_one(nowhere: Path) -> None:
    done = apart("run", cwd=nowhere)
    assert (done.code, done.out) == (2, "")
    assert "DISCORD_TOKEN" in done.err
    assert "https://discord.com/developers/applications" in done.err
    assert "Traceback" not in done.err


def test_wrong_settings_are_named(nowhere: Path) -> None:
    done = apart("run", cwd=nowhere, LOG_LEVEL="LOUD", DISCORD_TOKEN="x")
    assert done.code == 2
    assert "LOG_LEVEL" in done.err


def test_words_and_files_need_neither_discord_nor_a_database(songs: Path) -> None:
    program = f"""
import json, sys
import bot.__main__
for arguments in (["parse", "sad jazz", "--json"], ["generate", "sad jazz", "--json", "--catalogue", {str(songs)!r}]):
    sys.argv = ["vibrato", *arguments]
    try:
        bot.__main__.main()
    except SystemExit as end:
        assert not end.code, end.code
print(json.dumps(sorted(sys.modules)))
"""
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True, cwd=ROOT, timeout=600)
    loaded = set(json.loads(ran.stdout.decode().splitlines()[-1]))
    assert "spacy" in loaded
    assert not loaded & {"discord", "motor", "beanie", "pymongo", "simcord", "pydantic_settings", "bot.settings"}


async def test_import_counts_and_lists_bad_rows_and_twice_changes_nothing(
    database: Database, settings: Settings, songs: Path, tmp_path: Path
) -> None:
    broken = _with_a_bad_row(songs, tmp_path / "broken.csv")
    assert settings.mongodb_uri is not None
    server = {"MONGODB_URI": settings.mongodb_uri.get_secret_value(), "MONGODB_DATABASE": settings.mongodb_database}
    first = apart("import", str(broken), "--json", cwd=tmp_path, **server)
    report = first.object()
    assert first.code == 0
    assert (report["rows"], report["new"], report["updated"], report["unchanged"]) == (103, 102, 0, 0)
    [rejected] = report["rejected"]
    assert rejected["line"] == 102
    assert rejected["reason"]
    assert await Track.get_motor_collection().count_documents({}) == 102
    second = apart("import", str(broken), cwd=tmp_path, **server)
    assert "0 new songs, 0 updated, 102 unchanged, 1 rows rejected" in second.out
    assert "line 102" in second.err
    made = apart("generate", "calm", "--json", "--tracks", "5", cwd=tmp_path, **server).object()
    assert made["catalogue"]["size"] == 102
    assert len(made["ordering"]) == 5


def _with_a_bad_row(songs: Path, to: Path) -> Path:
    """102 songs with a row between them, in line 102, that holds none."""
    lines = songs.read_text(encoding="utf-8").splitlines()
    to.write_text("\n".join([*lines[:101], "1,,,", *lines[101:103]]) + "\n", encoding="utf-8")
    return to


def test_a_database_that_is_down_is_exit_code_3(songs: Path, nowhere: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.cli.importing.PATIENCE_S", 0.1)
    address = str(nowhere / "gone.sock").replace("/", "%2F")
    done = here("import", str(songs), MONGODB_URI=f"mongodb://{address}")
    assert done.code == 3
    assert "MongoDB does not answer" in done.err
    assert "Traceback" not in done.err


def test_know_says_what_is_known_and_from_where() -> None:
    said = CliRunner().invoke(cli, ["know", "Portishead"])
    assert said.exit_code == 0
    assert "trip hop (3)" in said.output
    assert "artists.tsv" in said.output


def test_know_tells_the_scenes_near_a_word() -> None:
    said = CliRunner().invoke(cli, ["know", "campfire"])
    assert "scene" in said.output
    assert "scenes.tsv" in said.output
