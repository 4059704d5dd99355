"""New songs: found where the catalogue is thin, kept where they fit, told of honestly, and waited for no longer than
they are worth."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.catalogue.index import Catalogue
from bot.client.texts.facts.sentences import told_all
from bot.documents import MoodQuery, Playlist, Track
from bot.errors import CatalogueEmpty, SpotifyBusy
from bot.features.seed_artists import seed_artists
from bot.generation.library import prepare
from bot.generation.values import Recipe, Rules
from bot.services.discovery.coverage_gap import need_of, wide_need_of
from bot.services.discovery.factory import DiscoveryServices, discovery_services
from bot.services.discovery.feature_enrichment import KEPT
from bot.services.discovery.nightly_refill import TopUp, kinds_asked
from bot.services.values import PlaylistView, Posted, ReactionRules, Requester, Stage, VibeRequest
from bot.spotify.gateway import SpotifyGateway
from bot.spotify.values import AccessToken
from nlp.genres import genre_graph
from nlp.parser import VibeParser
from nlp.vibe import Choice
from tests.loopback.reccobeats import features, isrc, spotify_id
from tests.loopback.sources import World
from tests.loopback.sources import world as world
from tests.loopback.spotify import loopback_spotify, raw_track
from tests.services.making import playlist_service
from tests.services.songs_here import catalogue as catalogue
from tests.services.songs_here import known, stored, track

NOW = datetime(2026, 11, 22, 3, tzinfo=UTC)


class Channel:
    """A publisher that takes everything."""

    async def progress(self, stage: Stage) -> None:
        del stage

    async def publish(self, playlist: PlaylistView, reactions: ReactionRules) -> Posted | None:
        del playlist
        return None


Ask = Callable[[str], Any]


@pytest.fixture
def deadline_s() -> float:
    """How long a request waits for songs."""
    return 0.6


@pytest.fixture
async def found(world: World, catalogue: Catalogue, deadline_s: float) -> AsyncIterator[DiscoveryServices]:
    """The services that look outside, with workers."""
    made = discovery_services(world.doors(), catalogue, deadline_s=deadline_s)
    async with made.discovery.running():
        yield made


@pytest.fixture
def ask(
    found: DiscoveryServices, catalogue: Catalogue, parser: VibeParser, executor: ThreadPoolExecutor, ada: Requester
) -> Ask:
    """Ada asks for ten songs."""
    service = playlist_service(parser, catalogue, executor, seeds=lambda: 7, finder=found.discovery)

    async def create(text: str) -> PlaylistView:
        return await service.create(VibeRequest(text=text, requester=ada, tracks=10), publisher=Channel())

    return create


async def until(condition: Callable[[], bool]) -> None:
    for _ in range(250):
        if condition():
            return
        await asyncio.sleep(0.02)
    raise AssertionError("it did not come")


async def test_an_empty_catalogue_is_filled_from_artists_that_a_genre_is_known_by(
    world: World, found: DiscoveryServices, catalogue: Catalogue, parser: VibeParser
) -> None:
    miles = [world.reccobeats.know(n, artist="Miles Davis", energy=0.2, valence=0.2) for n in range(1, 4)]
    loud = world.reccobeats.know(4, artist="Miles Davis", energy=0.95, valence=0.9)
    again = world.reccobeats.know(5, title="Song 1 - Remastered 2011", artist="Miles Davis", energy=0.2, popularity=1)
    unmeasured = world.reccobeats.know(6, artist="Miles Davis", measured=False)
    world.reccobeats.know(7, artist="Miles Davis Tribute Band")
    like = world.reccobeats.know(8, artist="Somebody Else", energy=0.25, valence=0.25)
    world.reccobeats.recommended = [like]
    world.deezer.know(isrc(8), genres=("Jazz",), explicit_lyrics=True)
    need = wide_need_of(prepare(catalogue.table), Recipe(vibe=parser.parse("sad calm jazz"), seed=0))
    told: list[tuple[int, int]] = []
    filled = await found.discovery.fill(need, 10, lambda new, most: told.append((new, most)))
    assert (filled.new, filled.down) == (4, ())
    assert told[-1] == (4, 10)
    assert catalogue.size == 4
    assert [await track(missing) for missing in (loud, again, unmeasured)] == [None, None, None]
    first = await track(miles[0])
    assert first is not None
    assert (first["genres"], first["isrc"], first["popularity"]) == (["jazz"], isrc(1), 50)
    analysis = first["analysis"]
    assert {analysis["fields"][name]["source"] for name in ("energy", "tempo", "key")} == {"reccobeats"}
    assert analysis["fields"]["genres"]["source"] == "seed artists"
    assert analysis["metadata"]["source"] == "reccobeats"
    assert analysis["status"] == "complete"
    recommended = await track(like)
    assert recommended is not None
    assert (recommended["genres"], recommended["explicit"], recommended["year"]) == (["jazz"], True, 2001)
    assert recommended["analysis"]["fields"]["genres"]["source"] == "deezer"
    seeds = next(path for path in world.reccobeats.asked if "/recommendation" in path)
    assert "energy=0." in seeds
    assert "valence=0." in seeds


@pytest.mark.parametrize("deadline_s", [30.0], ids=["patient"])
async def test_songs_that_come_in_time_are_played_and_told(world: World, catalogue: Catalogue, ask: Ask) -> None:
    await stored(catalogue, *(known(n) for n in range(1, 5)))
    for number in range(1, 5):
        world.reccobeats.know(number)
    new = [world.reccobeats.know(n, artist=f"New {n}", energy=0.2, valence=0.3) for n in range(10, 20)]
    for number in range(10, 20):
        world.deezer.know(isrc(number), genres=("Jazz",))
    world.reccobeats.recommended = new
    view = await ask("calm jazz")
    assert "10 new songs were found for this." in told_all(view.notes)
    assert len(view.songs) == 10
    assert {song.url.rpartition("/")[2] for song in view.songs if song.url} & set(new)
    playlist = await Playlist.get_motor_collection().find_one()
    assert playlist is not None
    asked = len(world.reccobeats.asked)
    again = await ask("calm jazz")
    assert not any("new song" in note for note in told_all(again.notes))  # there is enough now
    assert len(world.reccobeats.asked) == asked


async def test_songs_that_come_late_are_there_for_the_next_request(
    world: World, catalogue: Catalogue, ask: Ask
) -> None:
    await stored(catalogue, *(known(n) for n in range(1, 5)))
    world.reccobeats.know(1)
    world.reccobeats.recommended = [
        world.reccobeats.know(n, artist=f"New {n}", energy=0.2, valence=0.3) for n in range(10, 20)
    ]
    world.reccobeats.slow_s = 0.35
    view = await ask("calm jazz")
    assert any("ask again in a minute" in note for note in told_all(view.notes))
    assert len(view.songs) == 4
    await until(lambda: catalogue.size > 4)
    assert len((await ask("calm jazz")).songs) > 4


async def test_an_empty_catalogue_says_that_it_is_looking_and_then_has_songs(
    world: World, catalogue: Catalogue, ask: Ask
) -> None:
    for genre, artists in seed_artists():
        if genre == "jazz":
            for number, artist in enumerate(artists, start=1):
                world.reccobeats.know(number, artist=artist, energy=0.2, valence=0.3)
    world.reccobeats.slow_s = 0.25
    with pytest.raises(CatalogueEmpty) as empty:
        await ask("calm jazz")
    assert empty.value.looking
    await until(lambda: catalogue.size > 0)
    assert (await ask("calm jazz")).songs


async def test_checking_the_words_of_a_schedule_looks_for_no_songs(
    world: World, found: DiscoveryServices, catalogue: Catalogue, parser: VibeParser, executor: ThreadPoolExecutor
) -> None:
    world.reccobeats.know(1, artist="Miles Davis", energy=0.2, valence=0.2)
    service = playlist_service(parser, catalogue, executor, finder=found.discovery)
    with pytest.raises(CatalogueEmpty) as empty:
        await service.check("calm jazz", "77")
    assert not empty.value.looking
    assert not world.reccobeats.asked


async def test_sources_that_hang_or_are_gone_cost_the_deadline_at_most_and_are_told(
    world: World, catalogue: Catalogue, ask: Ask
) -> None:
    await stored(catalogue, *(known(n) for n in range(1, 5)))
    world.reccobeats.always = world.deezer.always = "hang"
    async with asyncio.timeout(60):  # they hang for ever
        assert (await ask("slow jazz")).songs
    world.reccobeats.always = world.deezer.always = "502"
    view = await ask("calm jazz")
    assert any("does not answer just now" in note for note in told_all(view.notes))
    assert not any(
        "look for" in note for note in told_all((await ask("calm jazz")).notes)
    )  # asked a moment ago: it rests


async def test_what_is_ruled_out_is_not_brought_in(
    world: World, found: DiscoveryServices, catalogue: Catalogue, parser: VibeParser
) -> None:
    await stored(catalogue, *(known(n, genres=("pop",)) for n in range(1, 7)))
    for number in range(1, 7):
        world.reccobeats.know(number)
    rap, unknown, pop, explicit, blocked = (world.reccobeats.know(n, artist=f"New {n}") for n in range(10, 15))
    world.reccobeats.recommended = [rap, unknown, pop, explicit, blocked]
    for number, genres in ((10, ("Rap/Hip Hop",)), (12, ("Pop",)), (13, ("Pop",)), (14, ("Pop",))):
        world.deezer.know(isrc(number), genres=genres, explicit_lyrics=number == 13)
    recipe = Recipe(
        vibe=replace(parser.parse("clean pop, no rap"), text=""), seed=0, rules=Rules(artists_out=("New 14",))
    )
    need = need_of(prepare(catalogue.table), recipe)
    assert need is not None
    assert (await found.discovery.fill(need, 10)).new == 1
    assert await track(pop) is not None
    assert [await track(other) for other in (rap, unknown, explicit, blocked)] == [None] * 4


def test_a_need_is_what_is_missing_and_holds_no_words(parser: VibeParser) -> None:
    library = prepare(Catalogue.from_records([known(n) for n in range(1, 12)]).table)
    vibe = parser.parse("calm jazz, 60 to 100 bpm, xyzzy")
    assert need_of(library, Recipe(vibe=vibe, seed=0, rules=Rules(tracks=10))) is None
    need = need_of(library, Recipe(vibe=vibe, seed=0, rules=Rules(tracks=15)))
    assert need is not None
    assert (need.missing, need.vibe.text, need.vibe.evidence, need.vibe.unknown) == (4, "", (), ())
    assert set(need.seeds) == {spotify_id(n) for n in range(1, 12)}
    assert need.targets["tempo"] == pytest.approx(80, abs=1)
    other = replace(vibe, genres=Choice(wanted=("black metal",)))
    fresh = need_of(library, Recipe(vibe=other, seed=0, rules=Rules(tracks=5)))
    assert fresh is not None
    assert (fresh.missing, fresh.fresh) == (5, True)
    calm, slow = known(20), known(21, features=(("energy", 0.2), ("tempo", 30.0)))
    assert need.met_by(calm)
    assert not need.met_by(slow)
    assert not need.met_by(known(22, genres=("death metal",)))
    assert not need.met_by(known(23, features=(("energy", 0.9), ("tempo", 90.0))))


async def test_the_night_tops_up_what_was_asked_for_without_reading_words(
    world: World, found: DiscoveryServices, catalogue: Catalogue, parser: VibeParser, ada: Requester
) -> None:
    from beanie import PydanticObjectId

    async def asked(text: str, times: int, age: timedelta, **more: Any) -> None:
        vibe = parser.parse(text)
        for _ in range(times):
            query = await MoodQuery(
                user_id=PydanticObjectId(), raw_text="SECRET", parsed=vibe.to_dict(texts=False), **more
            ).insert()
            await MoodQuery.get_motor_collection().update_one({"_id": query.id}, {"$set": {"createdAt": NOW - age}})

    await asked("calm jazz", 3, timedelta(days=1))
    await asked("fast techno", 1, timedelta(days=2))
    await asked("reggae", 5, timedelta(days=20))
    await MoodQuery(user_id=PydanticObjectId(), parsed={"understood": True, "targets": "other"}).insert()
    kinds = await kinds_asked(NOW - timedelta(days=7), NOW)
    assert [kind.genres.wanted for kind in kinds] == [("jazz",), ("techno",)]
    await stored(catalogue, *(known(n) for n in range(1, 5)))
    for number in range(1, 5):
        world.reccobeats.know(number)
    for number, artist in enumerate(dict(seed_artists())["techno"], start=30):
        world.reccobeats.know(number, artist=artist, energy=0.8, tempo=135)
    world.reccobeats.recommended = [
        world.reccobeats.know(n, artist=f"New {n}", energy=0.2, valence=0.3) for n in range(10, 14)
    ]
    done = await TopUp(discovery=found.discovery, library=lambda: prepare(catalogue.table)).top_up(NOW)
    assert done.kinds == 2
    assert done.new >= 5
    assert set(catalogue.table.genres.words) == {"jazz", "techno"}
    assert not any("SECRET" in path for path in world.reccobeats.asked)


async def test_spotify_is_searched_for_what_was_understood_and_within_its_budget(
    world: World, catalogue: Catalogue, parser: VibeParser
) -> None:
    async with loopback_spotify() as spotify:
        spotify.catalogue = [raw_track(n, name=f"Jazz {n}", artist="Ann") for n in range(1, 4)]
        ids = [track["id"] for track in spotify.catalogue]
        for track_id in ids:
            world.reccobeats.measured[track_id] = {
                "href": f"https://open.spotify.com/track/{track_id}",
                "isrc": isrc(1),
                **features(energy=0.2),
            }
        token = spotify.grant("owner")

        class Owner:
            async def owner_token(self) -> AccessToken:
                return token

        with closing(SpotifyGateway(api_base=spotify.base, daily_calls=10)) as gateway:
            found = discovery_services(world.doors(), catalogue, gateway=gateway, tokens=Owner())  # type: ignore[arg-type]
            vibe = replace(parser.parse("calm jazz for my SECRET"), genres=Choice(wanted=("jazz",)))
            need = wide_need_of(prepare(catalogue.table), Recipe(vibe=vibe, seed=0))
            assert (await found.discovery.fill(need, 3)).new == 3
            stored_track = await track(ids[0])
            assert stored_track is not None
            assert stored_track["analysis"]["metadata"]["source"] == "spotify"
            assert stored_track["genres"] == ["jazz"]
            assert stored_track["analysis"]["fields"]["energy"]["source"] == "reccobeats"
            assert {seen.query["q"] for seen in spotify.named("search_tracks")} == {'genre:"jazz"'}
            old = {"$set": {"analysis.metadata.at": NOW - KEPT * 3}}
            await Track.get_motor_collection().update_many({}, old)
            await Track.get_motor_collection().update_one({"spotifyTrackId": ids[2]}, {"$unset": {"isrc": ""}})
            done = await found.metadata.refresh(NOW)  # ReccoBeats describes none of them, Spotify those with a code
            assert (done.renewed, done.blanked) == (2, 1)
            for _ in range(10):
                with suppress(SpotifyBusy):
                    await gateway.search_tracks(token, "jazz")
            busy = await found.discovery.fill(replace(need, missing=9), 9)
            assert "spotify" in busy.down


def test_every_genre_of_the_table_is_one_that_members_can_ask_for() -> None:
    graph = genre_graph()
    names = [name for name, _ in seed_artists()]
    assert len(names) == len(set(names)) >= 80
    assert [name for name in names if graph.canonical(name) != name] == ["acoustic", "piano"]  # a sound, a thing
    assert all(len(artists) >= 3 and all(map(str.strip, artists)) for _, artists in seed_artists())
