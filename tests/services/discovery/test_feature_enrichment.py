"""Songs that are here: they learn how they sound, and what Spotify said of them is renewed in time."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.catalogue.index import Catalogue
from bot.features.provider_chain import ASK_AGAIN
from bot.services.discovery import feature_enrichment
from bot.services.discovery.feature_enrichment import KEPT, ByReccoBeats, EnrichmentService, MetadataService
from tests.loopback.reccobeats import isrc, spotify_id
from tests.loopback.sources import World
from tests.loopback.sources import world as world
from tests.services.songs_here import catalogue as catalogue
from tests.services.songs_here import known, stored, track


async def test_songs_that_are_here_learn_how_they_sound_and_it_can_be_stopped(
    world: World, catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feature_enrichment, "BATCH", 2)
    bare = [known(n, features=(("energy", 0.2),) if n == 1 else (), isrc=isrc(n)) for n in range(1, 7)]
    await stored(catalogue, *bare, known(7, spotify_id="file:abc", features=()))
    for number in (1, 2, 3):
        world.reccobeats.know(number, energy=0.9)
    world.deezer.know(isrc(4), bpm=144)
    service = EnrichmentService(world.chain())
    told: list[tuple[int, int]] = []
    assert (await service.enrich(lambda done, total: told.append((done, total)), 2)).learned == 2
    assert told == [(2, 2)]
    done = await service.enrich()
    assert (done.learned, done.down) == (2, ())
    one, three, four, five = [await track(spotify_id(number)) for number in (1, 3, 4, 5)]
    assert one is not None
    assert three is not None
    assert four is not None
    assert five is not None
    assert one["audioFeatures"]["energy"] == 0.2  # what an imported table says stays
    assert {name: one["analysis"]["fields"][name]["source"] for name in ("energy", "tempo")} == {
        "energy": "csv",
        "tempo": "reccobeats",
    }
    assert three["analysis"]["status"] == "complete"
    assert four["audioFeatures"] == {"tempo": 144.0}
    assert set(four["analysis"]["asked"]) == {"reccobeats", "reccobeats-isrc"}
    assert five["analysis"]["priors"]["energy"]["source"] == "words"
    assert "energy" not in five["audioFeatures"]
    world.reccobeats.asked.clear()
    assert (await service.enrich()).learned == 0
    assert not world.reccobeats.asked  # all of it was asked in vain a moment ago
    later = EnrichmentService(world.chain(clock=lambda: datetime.now(UTC) + ASK_AGAIN))
    world.reccobeats.always = "502"
    gone = await later.enrich()
    assert (gone.learned, gone.down, gone.asked) == (0, ("reccobeats",), 2)
    await catalogue.refresh()
    row = catalogue.table.spotify_ids.get(spotify_id(3))
    assert row is not None
    assert catalogue.table.column("energy")[row] == pytest.approx(0.9)


async def test_what_spotify_says_is_renewed_or_blanked_in_time(world: World, catalogue: Catalogue) -> None:
    from bot.features.reccobeats_songs import ReccoBeatsSongs

    await stored(
        catalogue, *(known(n, described_by="spotify", isrc=isrc(n)) for n in (1, 2)), known(3), known(4, isrc=isrc(4))
    )
    world.reccobeats.know(1, title="Its Name", artist="Its Artist")
    songs = ReccoBeatsSongs(world.doors()["reccobeats"])
    service = MetadataService([ByReccoBeats(songs)])
    now = datetime.now(UTC)
    assert (await service.refresh(now + KEPT / 2)).renewed == 0
    world.reccobeats.faults = ["502"]
    assert (await service.refresh(now + KEPT * 1.1)).blanked == 0  # nobody answered: another night
    done = await service.refresh(now + KEPT * 1.1)
    assert (done.renewed, done.blanked) == (1, 1)
    one, two = [await track(spotify_id(number)) for number in (1, 2)]
    assert one is not None
    assert two is not None
    assert (one["name"], one["artists"][0]["name"], one["analysis"]["metadata"]["source"]) == (
        "Its Name",
        "Its Artist",
        "reccobeats",
    )
    assert (two["name"], two["artists"], two.get("album"), two.get("isrc")) == ("", [], None, None)
    assert two["audioFeatures"]["energy"] == 0.2
    await catalogue.refresh()
    assert catalogue.size == 3
    assert catalogue.table.spotify_ids.get(spotify_id(2)) is None
    assert (await MetadataService().refresh(now + KEPT * 9)).blanked == 0
