"""From a wish to a posted playlist, with everything that is kept on the way."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from bot.catalogue.importer import import_records
from bot.catalogue.index import Catalogue
from bot.database import Database
from bot.documents import GenerationSession, MoodQuery, Playlist, PostedCard, User
from bot.errors import (
    CatalogueEmpty,
    DatabaseDown,
    DiscordRefused,
    EmptyRequest,
    NothingFits,
    NotUnderstood,
    RequestTooLong,
)
from bot.services.playlists.service import PlaylistService
from bot.services.values import FollowUpRequest, Requester
from nlp.parser import VibeParser
from tests.conftest import StoppableMongod
from tests.services.playing import RECORDS, Channel, asking, everything, only


async def test_a_request_leaves_query_session_and_playlist_that_name_each_other(
    playlists: PlaylistService, catalogue: Catalogue, ada: Requester, parser: VibeParser
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
    card = await PostedCard.get(place["messageId"])
    assert card is not None
    assert str(card.playlist_id) == view.playlist_id
    assert channel.posted == [view]


async def test_each_stage_finds_in_the_database_what_comes_before_it(
    playlists: PlaylistService, ada: Requester
) -> None:
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


async def test_what_is_parsed_holds_no_word_of_the_member(playlists: PlaylistService, ada: Requester) -> None:
    await playlists.create(asking(ada, "sad zzyzx jazz"), publisher=Channel())
    query = await only(MoodQuery)
    assert "zzyzx" not in repr(query["parsed"])
    assert query["parsed"]["evidence"]
    assert all("text" not in piece for piece in query["parsed"]["evidence"])


async def test_the_card_says_what_was_heard_and_what_was_not(playlists: PlaylistService, ada: Requester) -> None:
    view = await playlists.create(asking(ada, "sad zzyzx jazz"), publisher=Channel())
    assert "sad" in {chip.text for chip in view.heard}
    assert view.unknown == ("zzyzx",)
    assert view.text == "sad zzyzx jazz"
    assert "Sad" in view.name
    assert view.invented
    assert view.feature_count == 25
    assert view.catalogue_size == len(RECORDS)
    assert view.owner_id == "1001"
    assert all(song.reasons and song.parts for song in view.songs)


async def test_the_same_seed_makes_the_same_set(playlists: PlaylistService, ada: Requester, bo: Requester) -> None:
    first = await playlists.create(asking(ada, "sad jazz", seed=5), publisher=Channel())
    second = await playlists.create(asking(bo, "sad jazz", seed=5), publisher=Channel())
    assert [song.track_id for song in first.songs] == [song.track_id for song in second.songs]


async def test_options_beat_the_words(playlists: PlaylistService, ada: Requester) -> None:
    assert len((await playlists.create(asking(ada, "sad", tracks=7), publisher=Channel())).songs) == 7
    hour = await playlists.create(asking(ada, "sad", minutes=60), publisher=Channel())
    assert abs(hour.duration_ms - 3_600_000) <= 0.02 * 3_600_000


@pytest.mark.parametrize("text", ["", "  \n ", "\u200b\u2060", "\u3164"])
async def test_an_empty_request_leaves_nothing(playlists: PlaylistService, ada: Requester, text: str) -> None:
    channel = Channel()
    with pytest.raises(EmptyRequest):
        await playlists.create(asking(ada, text), publisher=channel)
    assert await everything(MoodQuery) == []
    assert channel.stages == []


async def test_a_long_request_leaves_nothing(playlists: PlaylistService, ada: Requester) -> None:
    with pytest.raises(RequestTooLong):
        await playlists.create(asking(ada, "sad " * 200), publisher=Channel())
    assert await everything(MoodQuery) == []


async def test_unknown_words_are_named_and_three_requests_that_work_are_offered(
    playlists: PlaylistService, ada: Requester
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
    database: Database, service_on: Callable[[Catalogue], PlaylistService], ada: Requester
) -> None:
    with pytest.raises(CatalogueEmpty):
        await service_on(await Catalogue.load()).create(asking(ada, "sad"), publisher=Channel())
    assert (await only(GenerationSession))["error"] == "CatalogueEmpty"


async def test_wishes_that_nothing_meets_are_told_and_kept_as_the_reason(
    playlists: PlaylistService, ada: Requester
) -> None:
    channel = Channel()
    with pytest.raises(NothingFits) as caught:
        await playlists.create(asking(ada, "sad jazz from the 1930s"), publisher=channel)
    assert caught.value.conflicts
    session = await only(GenerationSession)
    assert session["status"] == "failed"
    assert all(conflict.code in session["error"] for conflict in caught.value.conflicts)
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
async def test_hostile_words_are_words(playlists: PlaylistService, ada: Requester, text: str) -> None:
    view = await playlists.create(asking(ada, text), publisher=Channel())
    assert view.songs
    assert not set(view.name) & set("@<>*_$\u202e\x00")
    assert (await playlists.view(view.playlist_id)).text == view.text


async def test_a_card_that_discord_refuses_leaves_the_playlist(playlists: PlaylistService, ada: Requester) -> None:
    with pytest.raises(DiscordRefused) as caught:
        await playlists.create(asking(ada, "sad"), publisher=Channel(refuses=True))
    playlist = await only(Playlist)
    assert caught.value.kept == str(playlist["_id"])
    assert playlist.get("discord") is None
    assert (await only(GenerationSession))["status"] == "completed"
    assert (await playlists.view(str(playlist["_id"]))).songs


async def test_a_cancelled_request_leaves_a_failed_session(playlists: PlaylistService, ada: Requester) -> None:
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


async def test_a_bug_leaves_a_failed_session_with_its_name(playlists: PlaylistService, ada: Requester) -> None:
    def break_down(stage: str) -> None:
        if stage == "keeping":
            raise ZeroDivisionError("a bug")

    with pytest.raises(ZeroDivisionError):
        await playlists.create(asking(ada, "sad"), publisher=Channel(at=break_down))
    assert (await only(GenerationSession))["error"] == "ZeroDivisionError: a bug"
    assert await everything(Playlist) == []


async def test_what_a_dead_process_left_is_failed_at_the_next_start(playlists: PlaylistService, ada: Requester) -> None:
    await playlists.create(asking(ada, "sad"), publisher=Channel())
    await GenerationSession.get_motor_collection().update_one({}, {"$set": {"status": "processing"}})
    assert await GenerationSession.fail_unfinished("the bot stopped before it was done") == 1
    session = await only(GenerationSession)
    assert (session["status"], session["error"]) == ("failed", "the bot stopped before it was done")


async def test_a_database_that_goes_away_in_the_middle_posts_nothing(
    stoppable_mongod: StoppableMongod, service_on: Callable[[Catalogue], PlaylistService], ada: Requester
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
    broken_database: Database, service_on: Callable[[Catalogue], PlaylistService], ada: Requester
) -> None:
    playlists = service_on(Catalogue.from_records(RECORDS[:50]))
    channel = Channel()
    with pytest.raises(DatabaseDown):
        await playlists.create(asking(ada, "sad"), publisher=channel)
    with pytest.raises(DatabaseDown):
        await playlists.again(FollowUpRequest(requester=ada, playlist_id="0" * 24, press_id="p1"), publisher=channel)
    assert channel.posted == []
