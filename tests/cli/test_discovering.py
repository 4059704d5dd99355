"""`python -m bot discover` and `features`, against servers on this machine: an empty catalogue is filled before the
first guest."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from bot.catalogue.artist_records import artist_records
from bot.catalogue.importer import import_records
from bot.catalogue.records import TrackRecord
from bot.database import Database
from bot.documents import Track
from bot.settings import Settings
from tests.cli.test_cli import Done, apart, here
from tests.loopback.brainz import Brainz
from tests.loopback.brainz import brainz as brainz
from tests.loopback.reccobeats import isrc, spotify_id
from tests.loopback.sources import World
from tests.loopback.sources import world as world


async def test_songs_are_found_without_any_account_and_a_dead_line_is_told(
    database: Database, settings: Settings, world: World, tmp_path: Path
) -> None:
    for number, artist in enumerate(("Miles Davis", "Billie Holiday", "Bill Evans"), start=1):
        world.reccobeats.know(number, artist=artist, energy=0.2, valence=0.2)
    await import_records(
        [TrackRecord(spotify_id=spotify_id(9), title="Here", artists=("Ann",), duration_ms=200_000, isrc=isrc(9))],
        "csv",
    )
    assert settings.mongodb_uri is not None
    server = {"MONGODB_URI": settings.mongodb_uri.get_secret_value(), "MONGODB_DATABASE": settings.mongodb_database}
    bases = {"RECCOBEATS_BASE": world.reccobeats.base, "DEEZER_BASE": world.deezer.base}
    nowhere = dict.fromkeys(bases, "http://127.0.0.1:1")

    def run(*words: str, **more: str) -> asyncio.Future[Done]:
        return asyncio.ensure_future(asyncio.to_thread(lambda: apart(*words, cwd=tmp_path, **server, **more)))

    # Together, since most of each is the start of a process.
    found, down = await asyncio.gather(
        run("discover", "sad calm jazz", "--limit", "1", "--json", **bases), run("features", **nowhere)
    )
    assert found.code == 0, found.err
    counts = found.object()
    assert (counts["new"], counts["down"]) == (1, [])
    assert not found.err.strip()
    assert await Track.get_motor_collection().count_documents({"genres": "jazz"}) == 1
    assert (down.code, down.out) == (3, "")
    assert "reccobeats and deezer cannot be reached" in down.err
    assert "on the network" in down.err
    assert "Traceback" not in down.err


@pytest.mark.parametrize(
    ("sources", "told"),
    [("none", "FEATURE_SOURCES: is none"), ("spotify", "spotify is no source. There are: reccobeats")],
)
def test_nobody_to_ask_is_told_before_anything_is_opened(sources: str, told: str, tmp_path: Path) -> None:
    done = here("discover", "jazz", FEATURE_SOURCES=sources, DATA_DIR=str(tmp_path))
    assert done.code == 2
    assert told in done.err


async def test_artists_and_years_are_asked_for_by_hand(
    database: Database, settings: Settings, brainz: Brainz, tmp_path: Path
) -> None:
    ann = brainz.musicbrainz.know("Ann")
    brainz.musicbrainz.record(isrc(9), ann)
    song = TrackRecord(
        spotify_id=spotify_id(9), title="Here", artists=("Ann",), duration_ms=200_000, isrc=isrc(9), year=2011
    )
    await import_records([song], "csv")
    assert settings.mongodb_uri is not None
    server = {"MONGODB_URI": settings.mongodb_uri.get_secret_value(), "MONGODB_DATABASE": settings.mongodb_database}
    bases = {f"{name.replace('-', '_').upper()}_BASE": base for name, base in brainz.bases.items()}
    runs = (
        asyncio.to_thread(
            lambda what=what: apart(
                "features", what, "--json", cwd=tmp_path, **server, **bases, SOURCES_CONTACT="a@b.org"
            )
        )
        for what in ("--artists", "--years")
    )
    for done in await asyncio.gather(*runs):
        assert done.code == 0, done.err
        assert done.object() == {"asked": 1, "learned": 1, "down": []}
    assert (await artist_records())["ann"].country == "GB"
    assert (await Track.find_one({"spotifyTrackId": spotify_id(9)})).year == 1979  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({}, "SOURCES_CONTACT: is not set"),
        ({"SOURCES_CONTACT": "me)\r\nX: y"}, "SOURCES_CONTACT"),
        ({"SOURCES_CONTACT": "a@b.org", "FEATURE_SOURCES": "deezer"}, "is without musicbrainz"),
    ],
)
def test_whoever_may_not_ask_musicbrainz_is_told_why(given: dict[str, str], told: str, tmp_path: Path) -> None:
    done = here("features", "--artists", **given, DATA_DIR=str(tmp_path))
    assert done.code == 2
    assert told in done.err
