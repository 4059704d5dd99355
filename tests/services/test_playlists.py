"""From a wish to a posted playlist, with everything that is kept on the way."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from typing import Any

import pytest
from beanie import PydanticObjectId

from bot.catalogue.importer import import_records
from bot.catalogue.index import Catalogue
from bot.database import Database
from bot.demo.songs import demo_records
from bot.documents import Card, FeedbackEvent, GenerationSession, MoodQuery, Playlist, Track, User
from bot.errors import (
    CatalogueEmpty,
    DatabaseDown,
    DiscordRefused,
    EmptyRequest,
    Gone,
    NothingFits,
    NotUnderstood,
    RequestTooLong,
)
from bot.services.feedback import FeedbackService
from bot.services.moods import MoodService
from bot.services.playlists import PlaylistService
from bot.services.values import Asker, Change, FeedbackKind, PlaylistView, Posted, Rating, Stage, VibeRequest
from nlp.parser import VibeParser
from nlp.vibe import AxisChange
from tests.conftest import StoppableMongod

RECORDS = demo_records()[::3]
"""Every third song of the demo: all genres, and quick to store."""


@dataclass
class Channel:
    """A publisher that keeps what it was given; `at` is called at every stage and before posting."""

    at: Callable[[str], Any] | None = None
    refuses: bool = False
    stages: list[Stage] = field(default_factory=list)
    posted: list[PlaylistView] = field(default_factory=list)

    async def progress(self, stage: Stage) -> None:
        self.stages.append(stage)
        await self._look(stage)

    async def publish(self, playlist: PlaylistView) -> Posted | None:
        await self._look("publish")
        if self.refuses:
            raise DiscordRefused(cause="50013 Missing Permissions")
        self.posted.append(playlist)
        return Posted(guild_id="77", channel_id="88", message_id=f"m-{playlist.playlist_id}")

    async def _look(self, stage: str) -> None:
        if self.at is not None:
            seen = self.at(stage)
            if asyncio.iscoroutine(seen):
                await seen


@pytest.fixture(scope="module")
def parser() -> VibeParser:
    return VibeParser.load()


@pytest.fixture(scope="module")
def executor() -> Any:
    with ThreadPoolExecutor(max_workers=1) as threads:
        yield threads


@pytest.fixture
def service_on(parser: VibeParser, executor: ThreadPoolExecutor) -> Callable[[Catalogue], PlaylistService]:
    """A service with seeds 1, 2, 3, ... on a catalogue."""

    def make(catalogue: Catalogue) -> PlaylistService:
        seeds = count(1)
        return PlaylistService(
            parser=parser,
            catalogue=catalogue,
            moods=MoodService(),
            executor=executor,
            clock=lambda: datetime.now(UTC),
            seeds=lambda: next(seeds),
        )

    return make


@pytest.fixture
async def catalogue(database: Database) -> Catalogue:
    await import_records(RECORDS, "demo")
    return await Catalogue.load()


@pytest.fixture
def playlists(service_on: Callable[[Catalogue], PlaylistService], catalogue: Catalogue) -> PlaylistService:
    return service_on(catalogue)


def asking(asker: Asker, text: str, **options: Any) -> VibeRequest:
    return VibeRequest(text=text, asker=asker, **options)


async def only(document: Any) -> dict[str, Any]:
    """The one document of its collection."""
    [found] = await everything(document)
    return found


async def everything(document: Any) -> list[dict[str, Any]]:
    return [raw async for raw in document.get_motor_collection().find().sort("createdAt", 1)]


async def test_a_request_leaves_query_session_and_playlist_that_name_each_other(
    playlists: PlaylistService, catalogue: Catalogue, ada: Asker, parser: VibeParser
) -> None:
    channel = Channel()
    view = await playlists.create(asking(ada, "sad jazz"), publisher=channel)
    user, query, session, playlist = [await only(kind) for kind in (User, MoodQuery, GenerationSession, Playlist)]
    assert user["spotifyUserId"] == "discord:1001"
    assert query["userId"] == session["userId"] == playlist["userId"] == user["_id"]
    assert (query["rawText"], query["guildId"], query["modelVersion"]) == ("sad jazz", "77", parser.version)
    assert session["moodQueryId"] == query["_id"]
    assert playlist["sourceSessionId"] == session["_id"]
    assert session["status"] == "completed"
    assert session["catalogue"]["digest"] == catalogue.digest
    assert session["seed"] == view.seed == 1
    assert [step["version"] for step in session["algorithms"]]
    assert {"parse", "select"} <= set(session["stageMs"])
    assert session["ordering"] == [entry["trackId"] for entry in playlist["tracks"]]
    assert [entry["position"] for entry in playlist["tracks"]] == list(range(1, len(view.songs) + 1))
    assert [song.track_id for song in view.songs] == [str(track_id) for track_id in session["ordering"]]
    assert len(session["ordering"]) == 25
    assert 25 <= len(session["candidates"]) <= 200
    assert set(session["ordering"]) <= {candidate["trackId"] for candidate in session["candidates"]}
    assert all(candidate["parts"] for candidate in session["candidates"])
    assert all(document["createdAt"] and document["updatedAt"] for document in (query, session, playlist))
    assert query["createdAt"] <= session["createdAt"] <= playlist["createdAt"]
    place = {"guildId": "77", "channelId": "88", "messageId": f"m-{view.playlist_id}"}
    assert playlist["discord"] == place
    card = await Card.get(place["messageId"])
    assert card is not None
    assert str(card.playlist_id) == view.playlist_id
    assert channel.posted == [view]


async def test_each_stage_finds_in_the_database_what_comes_before_it(playlists: PlaylistService, ada: Asker) -> None:
    seen: dict[str, tuple[int, list[str], int]] = {}

    async def look(stage: str) -> None:
        sessions = await everything(GenerationSession)
        seen[stage] = (
            len(await everything(MoodQuery)),
            [session["status"] for session in sessions],
            len(await everything(Playlist)),
        )

    await playlists.create(asking(ada, "sad"), publisher=Channel(at=look))
    assert seen == {
        "listening": (0, [], 0),
        "choosing": (1, ["processing"], 0),
        "keeping": (1, ["processing"], 0),
        "publish": (1, ["completed"], 1),
    }


async def test_what_is_parsed_holds_no_word_of_the_member(playlists: PlaylistService, ada: Asker) -> None:
    await playlists.create(asking(ada, "sad zzyzx jazz"), publisher=Channel())
    query = await only(MoodQuery)
    assert "zzyzx" not in repr(query["parsed"])
    assert query["parsed"]["evidence"]
    assert all("text" not in piece for piece in query["parsed"]["evidence"])


async def test_the_card_says_what_was_heard_and_what_was_not(playlists: PlaylistService, ada: Asker) -> None:
    view = await playlists.create(asking(ada, "sad zzyzx jazz"), publisher=Channel())
    assert "sad" in {chip.text for chip in view.heard}
    assert view.unknown == ("zzyzx",)
    assert view.text == "sad zzyzx jazz"
    assert "Sad" in view.name
    assert view.invented
    assert view.feature_count == 25
    assert view.owner_id == "1001"
    assert all(song.reasons and song.parts for song in view.songs)


async def test_the_same_seed_makes_the_same_set(playlists: PlaylistService, ada: Asker, bo: Asker) -> None:
    first = await playlists.create(asking(ada, "sad jazz", seed=5), publisher=Channel())
    second = await playlists.create(asking(bo, "sad jazz", seed=5), publisher=Channel())
    assert [song.track_id for song in first.songs] == [song.track_id for song in second.songs]


async def test_options_beat_the_words(playlists: PlaylistService, ada: Asker) -> None:
    assert len((await playlists.create(asking(ada, "sad", tracks=7), publisher=Channel())).songs) == 7
    hour = await playlists.create(asking(ada, "sad", minutes=60), publisher=Channel())
    assert abs(hour.duration_ms - 3_600_000) <= 0.02 * 3_600_000


async def test_a_stored_playlist_shows_as_it_was_posted(
    playlists: PlaylistService,
    catalogue: Catalogue,
    service_on: Callable[[Catalogue], PlaylistService],
    ada: Asker,
) -> None:
    """After a restart, too: another service reads it, with nothing but the database."""
    posted = await playlists.create(asking(ada, "sad zzyzx jazz", only_me=True), publisher=Channel())
    again = await service_on(catalogue).view(posted.playlist_id)
    for name in ("name", "text", "seed", "owner_id", "heard", "unknown", "only_me", "notes", "relaxed", "invented"):
        assert getattr(again, name) == getattr(posted, name), name
    assert again.arc == pytest.approx(posted.arc)
    assert again.feature_count == posted.feature_count
    assert again.catalogue_size == len(RECORDS)
    for before, after in zip(posted.songs, again.songs, strict=True):
        assert (after.title, after.artists, after.position) == (before.title, before.artists, before.position)
        assert after.reasons == before.reasons
        assert after.score == pytest.approx(before.score)
        assert [part.name for part in after.parts] == [part.name for part in before.parts]


@pytest.mark.parametrize("text", ["", "  \n ", "\u200b\u2060", "\u3164"])
async def test_an_empty_request_leaves_nothing(playlists: PlaylistService, ada: Asker, text: str) -> None:
    channel = Channel()
    with pytest.raises(EmptyRequest):
        await playlists.create(asking(ada, text), publisher=channel)
    assert await everything(MoodQuery) == []
    assert channel.stages == []


async def test_a_long_request_leaves_nothing(playlists: PlaylistService, ada: Asker) -> None:
    with pytest.raises(RequestTooLong):
        await playlists.create(asking(ada, "sad " * 200), publisher=Channel())
    assert await everything(MoodQuery) == []


async def test_unknown_words_are_named_and_three_requests_that_work_are_offered(
    playlists: PlaylistService, ada: Asker
) -> None:
    channel = Channel()
    with pytest.raises(NotUnderstood) as caught:
        await playlists.create(asking(ada, "zzyzx qwrtp"), publisher=channel)
    assert caught.value.unknown == ("zzyzx", "qwrtp")
    assert len(set(caught.value.suggestions)) == 3
    session = await only(GenerationSession)
    assert (session["status"], session["error"]) == ("failed", "NotUnderstood")
    assert channel.posted == []
    for suggestion in caught.value.suggestions:
        assert (await playlists.create(asking(ada, suggestion), publisher=Channel())).songs


async def test_an_empty_catalogue_says_so(
    database: Database, service_on: Callable[[Catalogue], PlaylistService], ada: Asker
) -> None:
    with pytest.raises(CatalogueEmpty):
        await service_on(await Catalogue.load()).create(asking(ada, "sad"), publisher=Channel())
    assert (await only(GenerationSession))["error"] == "CatalogueEmpty"


async def test_wishes_that_nothing_meets_are_told_and_kept_as_the_reason(
    playlists: PlaylistService, ada: Asker
) -> None:
    channel = Channel()
    with pytest.raises(NothingFits) as caught:
        await playlists.create(asking(ada, "sad jazz from the 1930s"), publisher=channel)
    assert caught.value.conflicts
    session = await only(GenerationSession)
    assert session["status"] == "failed"
    assert caught.value.conflicts[0] in session["error"]
    assert channel.posted == []
    assert await everything(Playlist) == []


@pytest.mark.parametrize(
    "text",
    [
        '{"$ne": null} sad',
        "sad @everyone <@&1> **bold**",
        "sad \ud800 song",
        "sad\u202e drowkcab",
        "sad \x00 song",
        "sad " + "̷" * 300,
        "'; drop table tracks; -- sad",
    ],
)
async def test_hostile_words_are_words(playlists: PlaylistService, ada: Asker, text: str) -> None:
    view = await playlists.create(asking(ada, text), publisher=Channel())
    assert view.songs
    assert not set(view.name) & set("@<>*_$\u202e\x00")
    assert (await playlists.view(view.playlist_id)).text == view.text


async def test_a_card_that_discord_refuses_leaves_the_playlist(playlists: PlaylistService, ada: Asker) -> None:
    with pytest.raises(DiscordRefused) as caught:
        await playlists.create(asking(ada, "sad"), publisher=Channel(refuses=True))
    playlist = await only(Playlist)
    assert caught.value.kept == str(playlist["_id"])
    assert playlist.get("discord") is None
    assert (await only(GenerationSession))["status"] == "completed"
    assert (await playlists.view(str(playlist["_id"]))).songs


async def test_a_cancelled_request_leaves_a_failed_session(playlists: PlaylistService, ada: Asker) -> None:
    reached = asyncio.Event()

    async def wait_forever(stage: str) -> None:
        if stage == "choosing":
            reached.set()
            await asyncio.Event().wait()

    channel = Channel(at=wait_forever)
    task = asyncio.create_task(playlists.create(asking(ada, "sad"), publisher=channel))
    await reached.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    session = await only(GenerationSession)
    assert session["status"] == "failed"
    assert session["error"].startswith("Cancelled")
    assert channel.posted == []


async def test_a_bug_leaves_a_failed_session_with_its_name(playlists: PlaylistService, ada: Asker) -> None:
    def break_down(stage: str) -> None:
        if stage == "keeping":
            raise ZeroDivisionError("a bug")

    with pytest.raises(ZeroDivisionError):
        await playlists.create(asking(ada, "sad"), publisher=Channel(at=break_down))
    assert (await only(GenerationSession))["error"] == "ZeroDivisionError: a bug"
    assert await everything(Playlist) == []


async def test_what_a_dead_process_left_is_failed_at_the_next_start(playlists: PlaylistService, ada: Asker) -> None:
    await playlists.create(asking(ada, "sad"), publisher=Channel())
    await GenerationSession.get_motor_collection().update_one({}, {"$set": {"status": "processing"}})
    assert await GenerationSession.fail_unfinished("the bot stopped before it was done") == 1
    session = await only(GenerationSession)
    assert (session["status"], session["error"]) == ("failed", "the bot stopped before it was done")


async def test_more_energy_again_and_again_goes_up_and_names_its_parents(
    playlists: PlaylistService, ada: Asker, bo: Asker
) -> None:
    view = await playlists.create(asking(ada, "calm", tracks=12), publisher=Channel())
    chain = [view]
    for press in ("p1", "p2"):
        chain.append(
            await playlists.change(
                Change(
                    asker=bo,
                    playlist_id=chain[-1].playlist_id,
                    press_id=press,
                    changes=(AxisChange(axis="energy", amount=0.25),),
                ),
                publisher=Channel(),
            )
        )
    energies = [mean_energy(link) for link in chain]
    assert energies[0] + 0.05 < energies[1] < energies[2]
    queries, stored = await everything(MoodQuery), await everything(Playlist)
    assert [query.get("parentId") for query in queries] == [None, queries[0]["_id"], queries[1]["_id"]]
    assert [playlist.get("parentId") for playlist in stored] == [None, stored[0]["_id"], stored[1]["_id"]]
    assert [link.parent_id for link in chain] == [None, chain[0].playlist_id, chain[1].playlist_id]
    assert all(len(link.songs) == 12 for link in chain)
    assert chain[2].owner_id == bo.user_id
    assert chain[2].text == "calm, more energy, more energy"
    assert "More Energy" in chain[1].name
    assert "more energy" in {chip.text for chip in chain[1].heard}
    stored_view = await playlists.view(chain[2].playlist_id)
    assert (stored_view.text, stored_view.heard) == (chain[2].text, chain[2].heard)
    presses = await everything(FeedbackEvent)
    assert [event["event"] for event in presses] == ["more", "more"]
    assert [event["playlistId"] for event in presses] == [stored[0]["_id"], stored[1]["_id"]]
    assert presses[0]["contextJson"]["axis"] == "energy"
    assert presses[0]["contextJson"]["where"]["messageId"] == f"m-{view.playlist_id}"
    assert presses[0]["userId"] == (await User.of_discord(bo.user_id)).id


async def test_a_second_axis_keeps_what_the_first_one_gained(playlists: PlaylistService, ada: Asker) -> None:
    view = await playlists.create(asking(ada, "calm"), publisher=Channel())
    louder = await _step(playlists, ada, view, "p1", "energy", 0.5)
    brighter = await _step(playlists, ada, louder, "p2", "brightness", 0.25)
    assert mean_energy(louder) > mean_energy(view) + 0.1
    assert abs(mean_energy(brighter) - mean_energy(louder)) < 0.12


async def test_less_is_told_as_less(playlists: PlaylistService, ada: Asker) -> None:
    view = await playlists.create(asking(ada, "happy"), publisher=Channel())
    darker = await _step(playlists, ada, view, "p1", "brightness", -0.25)
    event = await only(FeedbackEvent)
    assert (event["event"], event["contextJson"]["axis"]) == ("less", "brightness")
    assert darker.text == "happy, darker"


async def test_again_plays_other_songs_of_the_same_vibe(playlists: PlaylistService, ada: Asker, bo: Asker) -> None:
    view = await playlists.create(asking(ada, "sad jazz"), publisher=Channel())
    again = await playlists.again(Change(asker=bo, playlist_id=view.playlist_id, press_id="p1"), publisher=Channel())
    assert not {song.track_id for song in view.songs} & {song.track_id for song in again.songs}
    assert (again.name, again.text, again.heard) == (view.name, view.text, view.heard)
    assert again.parent_id == view.playlist_id
    assert again.seed != view.seed
    first, second = await everything(MoodQuery)
    assert second["parsed"]["targets"] == first["parsed"]["targets"]
    assert (await only(FeedbackEvent))["event"] == "again"


async def test_the_same_press_ten_times_at_once_makes_one_playlist(playlists: PlaylistService, ada: Asker) -> None:
    view = await playlists.create(asking(ada, "calm"), publisher=Channel())
    press = Change(
        asker=ada,
        playlist_id=view.playlist_id,
        press_id="p1",
        changes=(AxisChange(axis="energy", amount=0.25),),
    )
    channel = Channel()
    children = await asyncio.gather(*(playlists.change(press, publisher=channel) for _ in range(10)))
    assert len({child.playlist_id for child in children}) == 1
    assert len(channel.posted) == 1
    assert len(await everything(Playlist)) == 2
    assert len(await everything(FeedbackEvent)) == 1


async def test_a_press_that_discord_refused_is_posted_when_it_comes_again(
    playlists: PlaylistService, ada: Asker
) -> None:
    view = await playlists.create(asking(ada, "calm"), publisher=Channel())
    press = Change(asker=ada, playlist_id=view.playlist_id, press_id="p1")
    with pytest.raises(DiscordRefused):
        await playlists.again(press, publisher=Channel(refuses=True))
    channel = Channel()
    child = await playlists.again(press, publisher=channel)
    assert [posted.playlist_id for posted in channel.posted] == [child.playlist_id]
    assert len(await everything(Playlist)) == 2


async def test_a_press_that_failed_may_succeed_when_it_comes_again(playlists: PlaylistService, ada: Asker) -> None:
    view = await playlists.create(asking(ada, "calm"), publisher=Channel())
    press = Change(asker=ada, playlist_id=view.playlist_id, press_id="p1")

    def break_down(stage: str) -> None:
        if stage == "choosing":
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await playlists.again(press, publisher=Channel(at=break_down))
    child = await playlists.again(press, publisher=Channel())
    assert child.songs
    sessions = await everything(GenerationSession)
    assert [session["status"] for session in sessions] == ["completed", "completed"]
    assert "error" not in sessions[1]
    assert len(await everything(FeedbackEvent)) == 1


@pytest.mark.parametrize("playlist_id", ["0" * 24, "nonsense"])
async def test_a_press_on_a_playlist_that_is_gone_makes_nothing(
    playlists: PlaylistService, ada: Asker, playlist_id: str
) -> None:
    with pytest.raises(Gone) as caught:
        await playlists.again(Change(asker=ada, playlist_id=playlist_id, press_id="p1"), publisher=Channel())
    assert caught.value.what == "playlist"
    assert await everything(FeedbackEvent) == []
    assert await everything(GenerationSession) == []
    with pytest.raises(Gone):
        await playlists.view(playlist_id)


async def test_a_song_that_left_the_catalogue_leaves_a_gap_in_the_card(playlists: PlaylistService, ada: Asker) -> None:
    view = await playlists.create(asking(ada, "calm", tracks=5), publisher=Channel())
    stored = await only(Playlist)
    await Track.get_motor_collection().delete_one({"_id": stored["tracks"][1]["trackId"]})
    assert [song.position for song in (await playlists.view(view.playlist_id)).songs] == [1, 3, 4, 5]


async def test_a_mood_is_played_with_one_press(playlists: PlaylistService, ada: Asker) -> None:
    channel = Channel()
    view = await playlists.play_mood("sad", ada, channel, only_me=True)
    assert (view.name, view.text, view.only_me) == ("Sad", "Sad", True)
    assert channel.posted == [view]
    query = await only(MoodQuery)
    assert query["parsed"]["targets"]["brightness"]["high"] == 0.4
    with pytest.raises(Gone) as caught:
        await playlists.play_mood("nosuch", ada, Channel())
    assert caught.value.what == "mood"


async def test_never_again_means_never(playlists: PlaylistService, ada: Asker, bo: Asker) -> None:
    view = await playlists.create(asking(ada, "sad jazz", seed=3, tracks=5), publisher=Channel())
    feedback = FeedbackService()
    banned = view.songs[0].track_id
    rated = await feedback.rate(
        Rating(asker=ada, playlist_id=view.playlist_id, event="never", press_id="n1", track_id=banned)
    )
    await Playlist.get_motor_collection().delete_many({"userId": (await User.of_discord(ada.user_id)).id})
    with_ban = await playlists.create(asking(ada, "sad jazz", seed=3, tracks=100), publisher=Channel())
    assert banned not in {song.track_id for song in with_ban.songs}
    others = await playlists.create(asking(bo, "sad jazz", seed=3, tracks=5), publisher=Channel())
    assert banned in {song.track_id for song in others.songs}
    assert rated.new


async def test_love_and_dislike_show_in_the_next_playlist(playlists: PlaylistService, ada: Asker, bo: Asker) -> None:
    feedback = FeedbackService()
    view = await playlists.create(asking(ada, "calm", seed=3, tracks=20), publisher=Channel())
    loved, *disliked = (song.track_id for song in sorted(view.songs, key=lambda song: song.score))
    for place, track_id in enumerate((loved, *disliked)):
        kind: FeedbackKind = "dislike" if place else "love"
        rating = Rating(asker=ada, playlist_id=view.playlist_id, event=kind, press_id=f"r{place}", track_id=track_id)
        await feedback.rate(rating)
    # Without it the songs would be left out as recently played, whatever she thinks of them.
    await Playlist.get_motor_collection().delete_many({})
    hers = await playlists.create(asking(ada, "calm", seed=3, tracks=20), publisher=Channel())
    his = await playlists.create(asking(bo, "calm", seed=3, tracks=20), publisher=Channel())
    assert len({song.track_id for song in his.songs} & set(disliked)) == len(disliked)
    assert len({song.track_id for song in hers.songs} & set(disliked)) < len(disliked) / 2
    ranks = [await _rank(loved, view) for view in (hers, his)]
    assert ranks[0] < ranks[1]


async def test_a_database_that_goes_away_in_the_middle_posts_nothing(
    stoppable_mongod: StoppableMongod, service_on: Callable[[Catalogue], PlaylistService], ada: Asker
) -> None:
    await import_records(RECORDS[:200], "demo")
    playlists = service_on(await Catalogue.load())
    channel = Channel(at=lambda stage: stoppable_mongod.freeze() if stage == "keeping" else None)
    with pytest.raises(DatabaseDown):
        await playlists.create(asking(ada, "sad"), publisher=channel)
    assert channel.posted == []
    stoppable_mongod.thaw()
    assert await everything(Playlist) == []
    assert await GenerationSession.fail_unfinished("the bot stopped before it was done") <= 1
    assert (await only(GenerationSession))["status"] == "failed"


async def test_a_database_that_is_down_from_the_start_is_told(
    broken_database: Database, service_on: Callable[[Catalogue], PlaylistService], ada: Asker
) -> None:
    playlists = service_on(Catalogue.from_records(RECORDS[:50]))
    channel = Channel()
    with pytest.raises(DatabaseDown):
        await playlists.create(asking(ada, "sad"), publisher=channel)
    with pytest.raises(DatabaseDown):
        await playlists.again(Change(asker=ada, playlist_id="0" * 24, press_id="p1"), publisher=channel)
    assert channel.posted == []


def mean_energy(view: PlaylistView) -> float:
    known = [song.energy for song in view.songs if song.energy is not None]
    return sum(known) / len(known)


async def _rank(track_id: str, view: PlaylistView) -> int:
    """The place of a song among the candidates of a playlist, the best is 0."""
    session = await GenerationSession.get(PydanticObjectId(view.session_id))
    assert session is not None
    return [str(candidate.track_id) for candidate in session.candidates].index(track_id)


async def _step(
    playlists: PlaylistService, asker: Asker, view: PlaylistView, press_id: str, axis: Any, amount: float
) -> PlaylistView:
    press = Change(
        asker=asker,
        playlist_id=view.playlist_id,
        press_id=press_id,
        changes=(AxisChange(axis=axis, amount=amount),),
    )
    return await playlists.change(press, publisher=Channel())
