"""What MusicBrainz and ListenBrainz say, as we take it; and how they want to be asked."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.errors import SourceDown
from bot.features import listenbrainz as hearing
from bot.features import musicbrainz as naming
from bot.features.circuit_breaker import FAILURES, Breaker
from bot.features.http_client import HttpClient
from bot.features.listenbrainz import ListenBrainz, SimilarArtists
from bot.features.musicbrainz import ArtistEntry, MusicBrainz, MusicBrainzYears
from bot.features.provider_chain import FeatureChain
from bot.features.rate_limiter import RateLimiter
from bot.features.sources import sources_of
from bot.features.values import Song
from tests.loopback.brainz import Brainz
from tests.loopback.musicbrainz import mbid
from tests.loopback.reccobeats import isrc

PLAIN = frozenset({"year"})


async def test_an_artist_is_found_by_name_and_a_hit_of_another_name_is_none(brainz: Brainz) -> None:
    found = brainz.musicbrainz.know("Blue Beyoncé", country="US", **{"life-span": {"begin": "1991", "end": "2004-02"}})
    brainz.musicbrainz.know("Blue Beyonce Tribute", score=98)
    brainz.musicbrainz.know("Blue Beyonce", number=1, score=89)
    brainz.musicbrainz.know("[unknown]")
    door = MusicBrainz(brainz.doors()["musicbrainz"])
    assert await door.named("blue  beyonce!") == (
        ArtistEntry(mbid=found, name="Blue Beyoncé", country="US", first_year=1991, last_year=2004),
    )
    assert await door.named("[unknown]") == ()
    assert await door.named('Say "Hello" \\ World') == ()
    assert await door.named("Nobody") == ()


async def test_a_person_is_not_as_old_as_their_music(brainz: Brainz) -> None:
    born = {"begin": "1926-05-26", "end": "1991-09-28", "ended": True}
    area = {"name": "Illinois", "iso-3166-2-codes": ["US-IL"]}
    dates = ("1951", "", "1949-02", "1959-08-17")
    found = brainz.musicbrainz.know(
        "Miles", type="Person", country=None, area=area, released=dates, **{"life-span": born}
    )
    door = MusicBrainz(brainz.doors()["musicbrainz"])
    assert await door.artist(found) == ArtistEntry(mbid=found, name="Miles", country="US", last_year=1991)
    assert await door.first_release(found) == 1949
    assert await door.artist(mbid("nobody")) is None
    assert await door.first_release(mbid("nobody")) is None


async def test_a_recording_tells_its_first_year_its_artists_and_its_languages(brainz: Brainz) -> None:
    ann = brainz.musicbrainz.know("Ann Onym")
    brainz.musicbrainz.record(isrc(1), ann, credited="Annie", languages=("eng", "zxx", "isl"))
    brainz.musicbrainz.record(isrc(1), ann, **{"first-release-date": "2009-09-09"})  # the remaster, filed apart
    door = MusicBrainz(brainz.doors()["musicbrainz"])
    found = await door.recording(isrc(1))
    assert found is not None
    assert (found.year, dict(found.artists), found.languages) == (1979, {"annie": ann, "ann onym": ann}, ("en", "is"))
    assert await door.recording(isrc(2)) is None
    brainz.musicbrainz.record(isrc(1), brainz.musicbrainz.know("Somebody Else"), **{"first-release-date": "1950"})
    assert await door.recording(isrc(1)) is None  # one code for strangers is a mistake, and says nothing


async def test_genres_are_read_where_they_are_asked_for_alone(brainz: Brainz) -> None:
    genres = [{"name": "shoegaze", "count": 3}, {"name": "alternative rock", "count": 30}, {"name": "pop", "count": 0}]
    tags = [{"name": "seen live", "count": 90}, {"name": "Trip-Hop", "count": 8}]
    ann = brainz.musicbrainz.know("Ann", genres=genres, tags=tags)
    door = MusicBrainz(brainz.doors()["musicbrainz"])
    assert await door.genres(ann) == ("alternative rock", "shoegaze", "trip hop")
    assert brainz.musicbrainz.asked == [f"/ws/2/artist/{ann}?inc=genres+tags&fmt=json"]
    await door.named("Ann")
    await door.artist(ann)
    assert not any("tags" in path for path in brainz.musicbrainz.asked[1:])


async def test_fame_and_likeness_are_joined_by_id(brainz: Brainz) -> None:
    ann, bo = mbid("Ann"), mbid("Bo")
    brainz.listenbrainz.listeners = {ann: 1200}
    brainz.labs.liken(ann, ("Cy", 50), ("Di", 200), ("Ann", 900), ("Ed", 0))
    doors = brainz.doors()
    fame = await ListenBrainz(doors["listenbrainz"]).fame([bo, ann])
    assert {key: (said.listens, said.listeners) for key, said in fame.items()} == {ann: (84_000, 1200)}
    near = await SimilarArtists(doors["listenbrainz-labs"]).like(ann)
    assert [(one.name, one.closeness) for one in near] == [("Di", 1.0), ("Cy", 0.25)]
    assert await SimilarArtists(doors["listenbrainz-labs"]).like(bo) == ()


@pytest.mark.parametrize(
    "answer", ["null", "[]", '{"artists": null}', '{"artists": [{}, 3], "recordings": [{"id": 1}]}']
)
async def test_empty_answers_are_nobody(brainz: Brainz, answer: str) -> None:
    for server in (brainz.musicbrainz, brainz.listenbrainz, brainz.labs):
        server.says = answer
    doors = brainz.doors()
    door, ann = MusicBrainz(doors["musicbrainz"]), mbid("Ann")
    assert await door.named("Ann") == ()
    assert await door.recording(isrc(1)) is None
    assert await door.artist(ann) is None
    assert await door.genres(ann) == ()
    assert await door.first_release(ann) is None
    assert await ListenBrainz(doors["listenbrainz"]).fame([ann]) == {}
    assert await SimilarArtists(doors["listenbrainz-labs"]).like(ann) == ()


async def test_who_asks_is_told_and_without_a_contact_nobody_asks(brainz: Brainz) -> None:
    brainz.musicbrainz.know("Ann")
    assert await MusicBrainz(brainz.doors()["musicbrainz"]).named("Ann")  # the server refuses who does not say so
    assert not brainz.doors(contact=None)
    assert sources_of(brainz.doors())[:-1] == ()  # nobody is made to wait for one request a second
    for provider in (naming.PROVIDER, hearing.PROVIDER, hearing.LABS):
        assert provider.calls / provider.per_s <= 1
        assert provider.wants_contact


async def test_too_fast_is_a_rest_as_long_as_they_say(brainz: Brainz) -> None:
    brainz.musicbrainz.faults, brainz.musicbrainz.retry_after = ["too fast"], "1800"
    door = MusicBrainz(brainz.doors()["musicbrainz"])
    with pytest.raises(SourceDown) as refused:
        await door.named("Ann")
    assert refused.value.until is not None
    assert timedelta(minutes=29) < refused.value.until - datetime.now(UTC) <= timedelta(minutes=30)
    with pytest.raises(SourceDown):
        await door.named("Ann")
    assert len(brainz.musicbrainz.asked) == 1


@pytest.mark.parametrize("fault", ["hang", "html", "rubbish", "too fast", "500"])
async def test_after_failures_it_is_left_alone(brainz: Brainz, fault: str) -> None:
    brainz.musicbrainz.always, brainz.musicbrainz.retry_after = fault, None  # type: ignore[assignment]
    door = MusicBrainz(brainz.doors(timeout_s=0.2)["musicbrainz"])
    for _ in range(FAILURES + 2):
        with pytest.raises(SourceDown):
            await door.named("Ann")
    assert len(brainz.musicbrainz.asked) == FAILURES


async def test_a_window_that_is_used_up_is_waited_for(brainz: Brainz) -> None:
    clock, waits = [0.0], []

    async def sleep(seconds: float) -> None:
        waits.append(seconds)
        clock[0] += seconds

    breaker = Breaker("listenbrainz", now=lambda: clock[0])
    pace = RateLimiter(1, 1.0, now=lambda: clock[0], sleep=sleep)
    door = ListenBrainz(HttpClient(brainz.session, brainz.listenbrainz.base, breaker=breaker, pace=pace))
    await door.fame([mbid("Ann")])
    await door.fame([mbid("Ann")])
    brainz.listenbrainz.left = 0
    await door.fame([mbid("Ann")])
    await door.fame([mbid("Ann")])
    assert waits == [1, 1, 10]
    brainz.listenbrainz.over_in_s = 3600
    await door.fame([mbid("Ann")])
    with pytest.raises(SourceDown):
        await door.fame([mbid("Ann")])
    assert len(brainz.listenbrainz.asked) == 5


async def test_the_year_of_a_recording_is_a_source_of_the_chain(brainz: Brainz) -> None:
    ann = brainz.musicbrainz.know("Ann")
    brainz.musicbrainz.record(isrc(1), ann)
    brainz.musicbrainz.record(isrc(2), ann, **{"first-release-date": ""})
    songs = [Song(spotify_id=f"file:{n}", isrc=isrc(n), wanted=PLAIN) for n in (1, 2, 3)]
    chain = FeatureChain([MusicBrainzYears(brainz.doors()["musicbrainz"])])
    answer = await chain.features_of([*songs, Song(spotify_id="file:4", wanted=PLAIN)])
    assert [answer.songs[song.spotify_id].year for song in songs] == [1979, None, None]
    assert [answer.songs[song.spotify_id].asked for song in songs] == [
        set(),
        {"musicbrainz-isrc"},
        {"musicbrainz-isrc"},
    ]
    assert len(brainz.musicbrainz.asked) == 3
