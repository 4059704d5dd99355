"""Artists of the catalogue become known, once for all their songs; and songs get the year that they first came out."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.catalogue.artist_records import ArtistRecord, artist_records
from bot.catalogue.importer import import_records
from bot.catalogue.index import Catalogue
from bot.documents import KnownArtist
from bot.features.circuit_breaker import Breaker
from bot.features.http_client import HttpClient, agent_with
from bot.features.musicbrainz import MusicBrainzYears
from bot.features.provider_chain import FeatureChain
from bot.features.rate_limiter import RateLimiter
from bot.features.sources import Doors
from bot.services.discovery.artist_facts import ASK_AGAIN, KEPT, MOST_WAITS, ArtistFactsService
from bot.services.discovery.artist_questions import artist_questions
from bot.services.discovery.factory import discovery_services
from bot.services.discovery.hourly_lookup import HourlyLookup
from bot.services.discovery.song_years import SongYearsService
from tests.loopback.brainz import Brainz
from tests.loopback.brainz import brainz as brainz
from tests.loopback.musicbrainz import mbid
from tests.loopback.reccobeats import isrc, spotify_id
from tests.services.songs_here import catalogue as catalogue
from tests.services.songs_here import known, stored, track


def service(brainz: Brainz, *, tags: bool = False, **options: Any) -> ArtistFactsService:
    return ArtistFactsService(artist_questions(brainz.doors(), tags=tags), **options)


async def facts(name: str) -> dict[str, Any] | None:
    return await KnownArtist.get_motor_collection().find_one({"_id": KnownArtist.id_of(name)})


async def test_an_artist_is_asked_about_once_for_all_their_songs(brainz: Brainz, catalogue: Catalogue) -> None:
    songs = (known(n, artists=("Sigur Rós", "Guest"), isrc=isrc(n) if n == 2 else None) for n in (1, 2, 3))
    invented = known(4, spotify_id="demo:4", artists=("Invented",))
    await stored(catalogue, *songs, invented, known(5, artists=("Shipped",)), known(6, artists=("!!!",)))
    ros = brainz.musicbrainz.know("Sigur Rós", country="IS", tags=[{"name": "post-rock", "count": 9}])
    brainz.musicbrainz.record(isrc(2), ros, languages=("isl",))
    brainz.listenbrainz.listeners = {ros: 9000}
    brainz.labs.liken(ros, ("Múm", 40), ("Ólafur", 80))
    told: list[tuple[int, int]] = []
    asking = service(brainz, shipped=lambda name: name == "Shipped")
    done = await asking.fill(None, lambda number, total: told.append((number, total)))
    assert (done.asked, done.learned, done.down) == (2, 1, ())
    assert told == [(1, 2), (2, 2)]
    assert await artist_records(["sigur ros", "Guest", "Nobody"]) == {
        "sigur ros": ArtistRecord(
            name="Sigur Rós",
            first_year=1985,
            country="IS",
            languages=("is",),
            listeners=9000,
            similar=(("Ólafur", 1.0), ("Múm", 0.5)),
        )
    }
    assert await artist_records() == await artist_records(["Sigur Rós"])
    stored_facts = await facts("SIGUR ROS")
    assert stored_facts is not None
    sources = {name: said["source"] for name, said in stored_facts["fields"].items()}
    assert (sources["country"], sources["listeners"], sources["similar"]) == (
        *("musicbrainz", "listenbrainz"),
        "listenbrainz-labs",
    )
    assert all(datetime.now(UTC) - said["at"] < timedelta(minutes=1) for said in stored_facts["fields"].values())
    calls = [path.partition("?")[0] for path in brainz.musicbrainz.asked]
    assert calls == [f"/ws/2/isrc/{isrc(2)}", "/ws/2/artist", f"/ws/2/isrc/{isrc(2)}", f"/ws/2/artist/{ros}"]
    brainz.musicbrainz.asked.clear()
    assert (await asking.fill()).asked == 0  # the one who was found, and the one who was not
    assert not brainz.musicbrainz.asked


async def test_tags_are_not_read_unless_that_is_switched_on(brainz: Brainz, catalogue: Catalogue) -> None:
    await stored(catalogue, known(1, artists=("Ann",)))
    brainz.musicbrainz.know("Ann", tags=[{"name": "shoegaze", "count": 9}], genres=[{"name": "shoegaze", "count": 9}])
    usual = discovery_services(brainz.doors(), catalogue).lookup
    assert usual is not None
    assert (await usual.artists.fill()).learned == 1
    assert (await artist_records())["ann"].genres == ()
    assert not any("tags" in path or "genres" in path for path in brainz.musicbrainz.asked)
    brainz.musicbrainz.asked.clear()
    wanted = discovery_services(brainz.doors(), catalogue, tags=True).lookup
    assert wanted is not None
    assert (await wanted.artists.fill()).learned == 1
    assert (await artist_records())["ann"].genres == ("shoegaze",)
    assert len(brainz.musicbrainz.asked) == 1  # nothing else is asked again for it
    stored_facts = await facts("Ann")
    assert stored_facts is not None
    assert stored_facts["fields"]["genres"]["source"] == "musicbrainz-tags"


async def test_without_a_contact_nobody_is_asked(brainz: Brainz, catalogue: Catalogue) -> None:
    assert discovery_services(brainz.doors(contact=None), catalogue).lookup is None


async def test_of_namesakes_the_one_is_meant_whom_nearly_everybody_hears(brainz: Brainz, catalogue: Catalogue) -> None:
    await stored(catalogue, known(1, artists=("Nirvana",)), known(2, artists=("Twins",)), known(3, artists=("Near",)))
    unknown, famous = (brainz.musicbrainz.know("Nirvana", number=n, country=c) for n, c in ((1, "GB"), (2, "US")))
    one, other = (brainz.musicbrainz.know("Twins", number=n) for n in (1, 2))
    brainz.musicbrainz.know("Near Enough", score=99)
    brainz.musicbrainz.know("Near", score=80)
    brainz.listenbrainz.listeners = {unknown: 40, famous: 90_000, one: 50, other: 60}
    done = await service(brainz).fill()
    assert (done.asked, done.learned) == (3, 1)
    assert {key: record.country for key, record in (await artist_records()).items()} == {"nirvana": "US"}
    assert famous != unknown


async def test_it_goes_on_where_it_was_killed(brainz: Brainz, catalogue: Catalogue) -> None:
    names = ["Ann", "Bo", "Cy", "Di"]
    await stored(catalogue, *(known(n, artists=(name,)) for n, name in enumerate(names)))
    for name in names:
        brainz.musicbrainz.know(name)
    brainz.listenbrainz.listeners = dict.fromkeys(brainz.musicbrainz.artists, 10)

    def check() -> None:
        if len(brainz.musicbrainz.asked) == 2:
            brainz.listenbrainz.always = "hang"  # so it stands in the middle of the third artist

    running = asyncio.create_task(service(brainz).fill(check=check))
    await brainz.listenbrainz.misbehaved.wait()
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert {key: record.listeners for key, record in (await artist_records()).items()} == {
        "ann": 10,
        "bo": 10,
        "cy": None,
    }
    brainz.listenbrainz.always = None
    brainz.musicbrainz.asked.clear()
    done = await service(brainz).fill()
    assert (done.asked, done.learned) == (2, 2)
    assert len(brainz.musicbrainz.asked) == 1  # only the fourth; of the third the listeners were missing
    assert {record.listeners for record in (await artist_records()).values()} == {10}


async def test_a_source_that_is_down_is_left_alone_and_the_others_go_on(brainz: Brainz, catalogue: Catalogue) -> None:
    await stored(catalogue, *(known(n, artists=(f"Artist {n}",)) for n in range(5)))
    for number in range(5):
        brainz.musicbrainz.know(f"Artist {number}")
    brainz.labs.always = "502"
    done = await service(brainz).fill()
    assert (done.asked, done.learned, done.down) == (5, 5, ("listenbrainz-labs",))
    assert len(brainz.labs.asked) == 1
    brainz.labs.always = None
    brainz.musicbrainz.always = "502"
    await stored(catalogue, known(9, artists=("New",)))
    done = await service(brainz).fill()
    assert (done.asked, done.down) == (5, ("musicbrainz",))
    assert await facts("New") is None  # nobody said that there is no such artist


async def test_a_short_rest_is_waited_for_and_a_long_one_ends_the_round(brainz: Brainz, catalogue: Catalogue) -> None:
    await stored(catalogue, known(1, artists=("Ann",)), known(2, artists=("Bo",)))
    brainz.musicbrainz.know("Ann")
    clock, waits = [0.0], list[float]()

    async def sleep(seconds: float) -> None:
        waits.append(round(seconds))
        clock[0] += seconds

    doors = _by_clock(brainz, clock)
    asking = ArtistFactsService(artist_questions(doors), sleep=sleep)
    brainz.musicbrainz.faults, brainz.musicbrainz.retry_after = ["too fast", "too fast"], "3"
    assert (await asking.fill(1)).asked == 1
    assert waits == [3, 3]
    brainz.musicbrainz.faults, brainz.musicbrainz.retry_after = ["too fast"], "1800"
    assert (await asking.fill()).down == ("musicbrainz",)
    assert len(waits) == 2
    clock[0] += 1800
    brainz.musicbrainz.always, brainz.musicbrainz.retry_after = "too fast", "2"
    assert (await asking.fill()).down == ("musicbrainz",)
    assert len(waits) == 2 + MOST_WAITS
    brainz.musicbrainz.always = None
    clock[0] += 2
    assert (await asking.fill()).asked == 1


async def test_what_was_answered_rests_and_is_asked_anew_in_time(brainz: Brainz, catalogue: Catalogue) -> None:
    await stored(catalogue, known(1, artists=("Ann",)), known(2, artists=("Ghost",)))
    ann = brainz.musicbrainz.know("Ann")
    brainz.listenbrainz.listeners = {ann: 10}
    await service(brainz).fill()
    now = datetime.now(UTC)
    brainz.musicbrainz.asked.clear()
    assert (await service(brainz, clock=lambda: now + ASK_AGAIN * 0.9).fill()).asked == 0
    assert (await service(brainz, clock=lambda: now + ASK_AGAIN * 1.1).fill()).asked == 1  # who was not found
    brainz.listenbrainz.listeners = {ann: 500}
    brainz.musicbrainz.artists[ann]["life-span"] = {"begin": "1985", "end": "2027", "ended": True}
    assert (await service(brainz, clock=lambda: now + KEPT * 1.1).fill()).asked == 2
    record = (await artist_records())["ann"]
    assert (record.listeners, record.first_year, record.last_year) == (500, 1985, 2027)


async def test_a_song_gets_the_year_of_its_first_release_and_keeps_it(brainz: Brainz, catalogue: Catalogue) -> None:
    said = {1: 2011, 2: 1975, 3: None, 4: 2000}
    songs = [known(n, isrc=isrc(n), year=year, popularity=90 - n) for n, year in said.items()]
    await stored(catalogue, *songs, known(5, year=1990))
    ann = brainz.musicbrainz.know("Ann")
    for number in (1, 2, 3):
        brainz.musicbrainz.record(isrc(number), ann)
    asking = SongYearsService(FeatureChain([MusicBrainzYears(brainz.doors()["musicbrainz"])]))
    done = await asking.fill()
    assert (done.asked, done.learned, done.down) == (4, 2, ())
    one = await track(spotify_id(1))
    assert one is not None
    assert one["analysis"]["fields"]["year"]["source"] == "musicbrainz"
    years = [(await track(spotify_id(number)) or {}).get("year") for number in range(1, 6)]
    assert years == [1979, 1975, 1979, 2000, 1990]
    assert (await asking.fill()).asked == 0
    assert (await import_records(songs, "csv")).updated == 0  # the table's year is that of its edition still
    await catalogue.refresh()
    row = catalogue.table.spotify_ids.get(spotify_id(1))
    assert row is not None
    assert catalogue.table.year[row] == 1979


async def test_an_hour_takes_a_little_and_ends_with_its_turn(
    brainz: Brainz, catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    from bot.services.discovery import hourly_lookup

    monkeypatch.setattr(hourly_lookup, "ARTISTS", 2)
    monkeypatch.setattr(hourly_lookup, "SONGS", 1)
    await stored(catalogue, *(known(n, artists=(f"Artist {n}",), isrc=isrc(n)) for n in range(4)))
    brainz.musicbrainz.know("Artist 0")
    lookup = discovery_services(brainz.doors(), catalogue).lookup
    assert isinstance(lookup, HourlyLookup)
    done = await lookup.look_up(lambda: None)
    assert (done.artists.asked, done.years.asked, done.down) == (2, 1, ())

    class Lost(Exception):
        pass

    def lost() -> None:
        raise Lost

    with pytest.raises(Lost):
        await lookup.look_up(lost)
    assert await KnownArtist.count() == 2
    assert mbid("Artist 00") in brainz.musicbrainz.artists


def _by_clock(brainz: Brainz, clock: list[float]) -> Doors:
    """A door to MusicBrainz whose rests are over when this clock says so."""
    breaker, pace = Breaker("musicbrainz", now=lambda: clock[0]), RateLimiter(1000, 1.0)
    agent = agent_with("me@example.org")
    door = HttpClient(brainz.session, brainz.musicbrainz.base, breaker=breaker, pace=pace, agent=agent)
    return {"musicbrainz": door}
