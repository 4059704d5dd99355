"""``why-not`` and ``replay`` at the terminal, and what ``generate`` says of the order."""

from __future__ import annotations

import asyncio
import csv
import json
import os
import sys
from asyncio.subprocess import PIPE
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from bot.__main__ import cli
from bot.catalogue.importer import import_records
from bot.catalogue.index import Catalogue
from bot.database import Database
from bot.documents import GenerationSession
from bot.services.values import PlaylistView, Posted, ReactionRules, Requester, Stage, VibeRequest
from bot.settings import Settings
from nlp.parser import VibeParser
from tests.remembering import demo_songs
from tests.services.making import playlist_service

FEATURES = [
    "danceability",
    "energy",
    "key",
    "loudness",
    "mode",
    "speechiness",
    "acousticness",
    "instrumentalness",
    "liveness",
    "valence",
    "tempo",
]

Run = Callable[..., tuple[int, str, str]]


class Nowhere:
    """A publisher that posts nothing."""

    async def progress(self, stage: Stage) -> None:
        """Nothing to show."""

    async def publish(self, playlist: PlaylistView, reactions: ReactionRules) -> Posted | None:
        return None


@pytest.fixture(scope="module")
def songs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A CSV file of some songs of the demo."""
    path = tmp_path_factory.mktemp("songs") / "songs.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        named = ["track_id", "artists", "album_name", "track_name", "popularity", "duration_ms", "explicit"]
        rows.writerow(["", *named, *FEATURES, "time_signature", "track_genre"])
        for number, record in enumerate(demo_songs()[::8]):
            features: dict[str, float] = dict(record.features)
            genre = (record.genres or ("pop",))[0]
            told = [f"{number:022d}", ";".join(record.artists), "", record.title, 50, record.duration_ms, False]
            rows.writerow([number, *told, *(features.get(name, 0.5) for name in FEATURES), 4, genre])
    return path


@pytest.fixture
def run() -> Run:
    def ran(*arguments: str, **variables: str) -> tuple[int, str, str]:
        done = CliRunner().invoke(cli, list(arguments), env=variables)
        return done.exit_code, done.stdout, done.stderr

    return ran


def test_generate_tells_the_order_and_each_transition(run: Run, songs: Path) -> None:
    options = ("calm", "--tracks", "6", "--catalogue", str(songs), "--seed", "2")
    code, out, _ = run("generate", *options, "--json")
    made = json.loads(out)
    assert code == 0
    assert made["orderGap"] == 0
    assert [(step["from"], step["to"]) for step in made["transitions"]] == [(n, n + 1) for n in range(1, 6)]
    for step, (one, other) in zip(made["transitions"], pairwise(made["ordering"]), strict=True):
        energy = other["features"]["energy"] - one["features"]["energy"]
        assert step["energyStep"] == pytest.approx(energy, abs=1e-3)
        assert f"{one['features']['tempo']:.0f} to {other['features']['tempo']:.0f} BPM" in step["text"]
    _, table, _ = run("generate", *options)
    assert "proved to be the best" in table
    assert "BPM" in table


def test_why_not_answers_for_songs_in_and_out_of_the_set(run: Run, songs: Path) -> None:
    options = ("--catalogue", str(songs), "--seed", "2", "--json")
    _, out, _ = run("generate", "calm, no rap", *options)
    first = json.loads(out)["ordering"][0]
    code, out, _ = run("why-not", first["title"], "--request", "calm, no rap", *options)
    assert code == 0
    standings = {answer["id"]: answer["standing"] for answer in json.loads(out)["answers"]}
    assert standings[first["id"]] == "played"
    rap = next(record for record in demo_songs()[::8] if record.genres and "rap" in record.genres[0])
    _, out, _ = run("why-not", f"{rap.title} by {rap.artists[0]}", "--request", "calm, no rap", *options)
    assert "It breaks “no rap”." in [answer["text"] for answer in json.loads(out)["answers"]]


def test_a_title_that_nothing_has_is_exit_code_1(run: Run, songs: Path) -> None:
    code, out, err = run("why-not", "zzyzx zzyzx", "--request", "calm", "--catalogue", str(songs))
    assert (code, out) == (1, "")
    assert "No song here is called that." in err


async def _made(catalogue: Catalogue) -> PlaylistView:
    with ThreadPoolExecutor(max_workers=1) as threads:
        service = playlist_service(VibeParser.load(), catalogue, threads, seeds=lambda: 5)
        requester = Requester(user_id="1001", display_name="Ada", guild_id="77", channel_id="88")
        return await service.create(VibeRequest(text="sad jazz", requester=requester), publisher=Nowhere())


async def test_replay_makes_the_identical_set_or_says_what_changed(
    database: Database, settings: Settings, run: Run
) -> None:
    await import_records(demo_songs()[::6], "demo")
    view = await _made(await Catalogue.load())
    assert settings.mongodb_uri is not None
    server = {"MONGODB_URI": settings.mongodb_uri.get_secret_value(), "MONGODB_DATABASE": settings.mongodb_database}

    async def replayed() -> tuple[int, dict[str, Any]]:
        ran = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", "replay", view.session_id, "--json", stdout=PIPE, env={**os.environ, **server}
        )
        out, _ = await ran.communicate()
        assert ran.returncode is not None
        return ran.returncode, json.loads(out)

    code, made = await replayed()
    assert (code, made["same"], made["changed"]) == (0, True, [])
    assert made["now"] == [song.track_id for song in view.songs]
    await GenerationSession.get_motor_collection().update_one({}, {"$set": {"catalogue.digest": "x", "ordering": []}})
    code, made = await replayed()
    assert (code, made["same"]) == (1, False)
    assert made["changed"][0].startswith("The catalogue has changed")
