"""Where features come from: in what order, at what cost, and what becomes of a source that misbehaves."""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from bot.errors import SourceDown
from bot.features import circuit_breaker as breaking
from bot.features.circuit_breaker import Breaker
from bot.features.provider_chain import ASK_AGAIN, FeatureChain
from bot.features.rate_limiter import RateLimiter
from bot.features.values import EVERY_FACT, EVERY_FEATURE, Found, Song, SourceReading
from bot.generation.scoring.priors import guess
from tests.loopback.reccobeats import features, isrc, spotify_id
from tests.loopback.sources import World

MEASURES = ("tempo", "energy", "valence", "danceability", "acousticness", "instrumentalness", "speechiness")


async def test_each_field_is_taken_from_the_first_source_that_knows_it(world: World) -> None:
    by_id = world.reccobeats.know(1, energy=0.9)
    world.reccobeats.know(2, energy=0.2)  # asked for under another id, so found by its recording alone
    world.deezer.know(isrc(3), bpm=151.5, genres=("Rap/Hip Hop", "Jazz", "Nonsense"))
    songs = [
        Song(spotify_id=by_id),
        Song(spotify_id=spotify_id("elsewhere"), isrc="zz-vib-00-00002"),
        Song(spotify_id=spotify_id(3), isrc=isrc(3), genres=("death metal",), wanted=EVERY_FEATURE | EVERY_FACT),
        Song(spotify_id="demo:4", genres=("ambient",)),
        Song(spotify_id=spotify_id(5)),
    ]
    answer = await world.chain().features_of(songs)
    first, second, third, invented, nobody = [answer.songs[song.spotify_id] for song in songs]
    assert (first.features["energy"].value, first.features["energy"].source) == (0.9, "reccobeats")
    assert first.isrc == isrc(1)
    assert second.features["energy"].value == 0.2
    assert {name: (known.value, known.source) for name, known in third.features.items()} == {"tempo": (151.5, "deezer")}
    assert (third.year, third.explicit, third.album, third.genres) == (2001, False, "An Album", ("hip hop", "jazz"))
    assert third.priors["energy"].value > 0.6
    assert third.asked == {"reccobeats", "reccobeats-isrc"}
    assert not invented.features
    assert not invented.asked
    assert invented.priors["energy"].value < 0.5
    assert (nobody.features, nobody.priors, nobody.asked) == ({}, {}, {"reccobeats"})
    assert not any("demo" in path for path in world.reccobeats.asked)
    assert not answer.down
    assert not answer.late


async def test_rows_are_joined_by_their_address_and_never_by_their_place(world: World) -> None:
    known = [world.reccobeats.know(number, energy=number / 100, code=isrc(number % 3)) for number in range(1, 41)]
    world.reccobeats.extra_rows = [
        {**features(energy=0.99), "href": f"https://open.spotify.com/track/{spotify_id('stranger')}", "isrc": isrc(7)},
        {**features(energy=0.99), "href": "https://evil.example/track/" + known[0]},
        {**features(energy=0.99), "id": known[1]},
        "rubbish",  # type: ignore[list-item]
    ]
    answer = await world.chain().features_of([Song(spotify_id=track_id) for track_id in known])
    assert [answer.songs[track_id].features["energy"].value for track_id in known] == [n / 100 for n in range(1, 41)]
    assert spotify_id("stranger") not in answer.songs


async def test_several_rows_of_one_recording_become_one(world: World) -> None:
    for number, (tempo, key, mode) in enumerate([(100.0, 3, 1), (102.0, 3, 0), (180.0, 3, 1)]):
        world.reccobeats.know(number, code=isrc(9), tempo=tempo, key=key, mode=mode)
    answer = await world.chain().features_of([Song(spotify_id=spotify_id("ours"), isrc=isrc(9))])
    found = answer.songs[spotify_id("ours")].features
    assert (found["tempo"].value, found["key"].value, "mode" in found) == (102.0, 3, False)


async def test_requests_are_as_few_as_can_be(world: World) -> None:
    known = [world.reccobeats.know(number) for number in range(100)]
    missed = [world.reccobeats.know(number, measured=False) for number in range(100, 150)]
    songs = [Song(spotify_id=track_id, isrc=isrc(number)) for number, track_id in enumerate(known + missed)]
    told: list[tuple[int, int]] = []
    await world.chain().features_of(songs, None, lambda done, total: told.append((done, total)))
    assert len(world.reccobeats.asked) == 4 + 2  # 150 by id, 50 by recording
    assert told[3] == (150, 150)


async def test_nothing_known_is_asked_for_and_what_was_asked_in_vain_rests(world: World) -> None:
    now = datetime.now(UTC)
    song = Song(spotify_id=spotify_id(1), isrc=isrc(1), asked={"reccobeats": now - ASK_AGAIN / 2})
    chain = world.chain()
    await chain.features_of([Song(spotify_id=spotify_id(2), isrc=isrc(2), wanted=frozenset({"energy"}))])
    assert not world.deezer.asked  # it knows tempos only
    world.reccobeats.asked.clear()
    answer = await chain.features_of([song])
    assert [path.partition("=")[2] for path in world.reccobeats.asked] == [isrc(1)]
    assert answer.songs[song.spotify_id].asked == {"reccobeats-isrc", "deezer"}
    later = FeatureChain(chain.sources, clock=lambda: now + ASK_AGAIN)
    await later.features_of([song])
    assert spotify_id(1) in world.reccobeats.asked[-2]


async def test_what_cannot_be_is_not_taken(world: World) -> None:
    rows = {
        "nan": {"energy": math.nan, "valence": math.inf, "danceability": -0.1, "acousticness": 1.01, "tempo": 120.0},
        "types": {"energy": "0.5", "valence": True, "danceability": None, "acousticness": [1], "tempo": 10**400},
        "unknown": {"tempo": 0, "key": -1, "mode": 0.5, "energy": 0.3},
        "zeros": features(**dict.fromkeys((*MEASURES, "liveness", "loudness", "key", "mode"), 0)),
    }
    for name, row in rows.items():
        href = f"https://open.spotify.com/track/{spotify_id(name)}"
        world.reccobeats.measured[spotify_id(name)] = {"href": href, "isrc": None, **row}
    answer = await world.chain().features_of([Song(spotify_id=spotify_id(name)) for name in rows])
    found = {
        name: {key: known.value for key, known in answer.songs[spotify_id(name)].features.items()} for name in rows
    }
    assert found == {"nan": {"tempo": 120.0}, "types": {}, "unknown": {"energy": 0.3}, "zeros": {}}
    world.deezer.know(isrc(1), bpm=0, explicit_lyrics="no", release_date="0000-00-00", album=None)
    world.deezer.know(isrc(2), isrc=isrc(3))  # another recording than the one that was asked for
    songs = [Song(spotify_id=f"file:{n}", isrc=isrc(n), wanted=EVERY_FEATURE | EVERY_FACT) for n in (1, 2)]
    answer = await world.chain().features_of(songs)
    assert [answer.songs[song.spotify_id].features for song in songs] == [{}, {}]
    assert [answer.songs[song.spotify_id].year for song in songs] == [None, None]


@pytest.mark.parametrize("fault", ["cut", "html", "rubbish", "huge", "redirect", "502", "500"])
async def test_a_source_that_answers_nonsense_is_passed_over_and_then_left_alone(world: World, fault: str) -> None:
    world.reccobeats.always = fault  # type: ignore[assignment]
    world.deezer.know(isrc(1), bpm=99)
    chain, song = world.chain(), Song(spotify_id=spotify_id(1), isrc=isrc(1))
    for _ in range(3):
        answer = await chain.features_of([song])
        assert answer.down == ("reccobeats",)
        assert answer.songs[song.spotify_id].features["tempo"].value == 99
        assert not answer.songs[song.spotify_id].asked  # nobody said that it is not known
    # The client tries a GET again by itself when a connection that was kept open turns out to be gone.
    assert len(world.reccobeats.asked) == breaking.FAILURES * (2 if fault == "cut" else 1)


async def test_a_source_that_asks_for_hours_gets_them(world: World) -> None:
    world.reccobeats.faults = ["busy"]
    doors = world.doors()
    with pytest.raises(SourceDown) as refused:
        await doors["reccobeats"].get("/v1/audio-features", {"ids": spotify_id(1)})
    assert refused.value.until is not None
    assert timedelta(minutes=59) < refused.value.until - datetime.now(UTC) <= timedelta(hours=1)
    with pytest.raises(SourceDown):
        await doors["reccobeats"].get("/v1/audio-features", {"ids": spotify_id(1)})
    assert len(world.reccobeats.asked) == 1
    world.deezer.over_quota = True
    answer = await world.chain().features_of([Song(spotify_id="file:1", isrc=isrc(1))])
    assert "deezer" in answer.down


async def test_hanging_sources_cost_the_deadline_once_and_nothing_while_they_are_left_alone(world: World) -> None:
    world.reccobeats.always = world.deezer.always = "hang"
    chain = world.chain()
    song = Song(spotify_id=spotify_id(1), isrc=isrc(1), genres=("jazz",))

    async def asked() -> tuple[float, bool]:
        started = time.monotonic()
        answer = await chain.features_of([song], deadline_s=0.8)
        assert answer.songs[song.spotify_id].priors  # what needs nobody's answer is there all the same
        return time.monotonic() - started, answer.late

    first, second = await asyncio.gather(asked(), asked())
    assert first[1]
    assert second[1]
    assert max(first[0], second[0]) < 1.0
    assert len(world.reccobeats.asked) == 2
    world.deezer.always = None
    await chain.features_of([song], deadline_s=0.8)
    assert len(world.reccobeats.asked) == 2  # left alone now


async def test_a_breaker_lets_one_call_through_after_its_pause() -> None:
    clock = [0.0]
    breaker = Breaker("it", now=lambda: clock[0])
    breaker.failed()
    assert not breaker.open
    for pause_s in (30.0, 60.0, 120.0):
        for _ in range(4):  # of calls that were under way together, one counts
            breaker.failed()
        clock[0] += pause_s - 1
        assert breaker.open
        clock[0] += 1
        breaker.check()
    breaker.answered()
    breaker.failed()
    assert not breaker.open


async def test_a_pace_lets_no_more_begin_than_it_may() -> None:
    clock, begun = [0.0], []

    async def sleep(seconds: float) -> None:
        clock[0] += seconds

    pace = RateLimiter(3, 2.0, now=lambda: clock[0], sleep=sleep)
    for _ in range(10):
        await pace.turn()
        begun.append(clock[0])
    assert begun == [0, 0, 0, 2, 2, 2, 4, 4, 4, 6]


def test_genres_and_moods_say_something_and_nonsense_says_nothing() -> None:
    assert dict(guess(("death metal",)))["energy"] > 0.7
    assert dict(guess(("atmospheric sludge metal",)))["energy"] > 0.5  # no row of its own: what it lies under speaks
    assert dict(guess(("ambient", "sleep")))["energy"] < 0.4
    assert guess(("xqzt",)) == ()
    assert "tempo" not in dict(guess(("drum and bass",)))


async def test_another_source_is_one_class(world: World) -> None:
    class Shelf:
        name = question = "shelf"
        gives = frozenset({"energy"})
        batch = 10
        prior = False

        def takes(self, song: Song) -> bool:
            return song.spotify_id.startswith("file:")

        async def fetch(self, songs: Sequence[Song]) -> Found:
            return {song.spotify_id: SourceReading(features=(("energy", 0.7), ("tempo", 500.0))) for song in songs}

    chain = FeatureChain((Shelf(), *world.chain().sources))
    answer = await chain.features_of([Song(spotify_id="file:1", wanted=frozenset({"energy"}))])
    assert {name: known.source for name, known in answer.songs["file:1"].features.items()} == {"energy": "shelf"}
