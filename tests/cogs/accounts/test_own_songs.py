"""The songs that a member knows: from their account, from a file, from what they play; and what that changes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from aiohttp import web

from bot.documents import AuthToken, FeedbackEvent, GenerationSession, Playlist, Track, User, UserLibrary
from bot.services.accounts.views import ends_at
from bot.services.discovery.feature_enrichment import BLANKED, KEPT
from bot.services.library import member_library
from bot.services.values import Rating, Requester
from tests.cogs.linking import Linking, open_linking, said
from tests.cogs.moderation.test_library_cog import song, table
from tests.cogs.staging import Card
from tests.loopback.spotify import Account, raw_track

NEWEST = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.fixture
async def linking(parser: Any, stock: Any, executor: Any) -> AsyncIterator[Linking]:
    async with open_linking(parser, stock, executor) as opened:
        yield opened


def save(account: Account, *numbers: int) -> None:
    """These songs are saved, each an hour before the one ahead of it."""
    account.saved = [(raw_track(number), NEWEST - timedelta(hours=place)) for place, number in enumerate(numbers)]


async def spotify_ids(**query: Any) -> set[str]:
    """The Spotify numbers of the songs in rows of the library."""
    keys = await UserLibrary.get_motor_collection().distinct("trackId", query)
    tracks = Track.get_motor_collection().find({"_id": {"$in": keys}})
    return {raw["spotifyTrackId"].lstrip("0") async for raw in tracks}


async def sync(linking: Linking) -> str:
    return said(await linking.stage.ada.slash(linking.stage.channel, "spotify sync"))


async def played_ids(linking: Linking, words: str, songs: int = 8) -> tuple[list[str], str]:
    """The numbers of the songs of a playlist that Ada asks for, and what its card says."""
    before = await Playlist.count()
    result = await linking.stage.vibe(words, songs=songs)
    text = "\n".join(Card(message.components).text for message in (result.response, *result.followups) if message)
    if await Playlist.count() == before:
        return [], text
    [newest] = [raw async for raw in Playlist.get_motor_collection().find().sort("createdAt", -1).limit(1)]
    keys = [entry["trackId"] for entry in newest["tracks"]]
    names = {
        raw["_id"]: raw["spotifyTrackId"] async for raw in Track.get_motor_collection().find({"_id": {"$in": keys}})
    }
    return [names[key] for key in keys], text


async def test_what_is_read_anyway_renews_old_names_and_gives_lost_ones_back(linking: Linking) -> None:
    account = linking.spotify.account("adas")
    save(account, 1, 2, 3)
    await linking.link(linking.stage.ada, "adas")
    tracks = Track.get_motor_collection()
    old = datetime.now(UTC) - KEPT * 0.6
    await tracks.update_one({"spotifyTrackId": f"{1:022d}"}, {"$set": {"analysis.metadata.at": old}})
    await tracks.update_one(
        {"spotifyTrackId": f"{2:022d}"},
        {"$set": {"name": "", "artists": [], "analysis.metadata": {"source": BLANKED, "at": old}}},
    )
    account.saved = [(raw_track(number, name=f"New {number}"), at) for number, (_, at) in enumerate(account.saved, 1)]
    calls = len(linking.spotify.seen)
    await sync(linking)
    assert len(linking.spotify.seen) == calls + 2  # saved songs and top songs: no call for this
    found = {
        raw["spotifyTrackId"].lstrip("0"): raw async for raw in tracks.find({"spotifyTrackId": {"$lt": f"{9:022d}"}})
    }
    assert {number: raw["name"] for number, raw in found.items()} == {"1": "New 1", "2": "New 2", "3": "Song 3"}
    assert found["1"]["analysis"]["metadata"]["at"] > old
    assert found["2"]["artists"][0]["name"] == "Artist 2"
    # And what has no name is in no set, until now.
    played, _ = await played_ids(linking, "songs i know")
    assert {number.lstrip("0") for number in played} == {"1", "2", "3"}


async def test_a_library_is_read_bit_by_bit_and_what_goes_is_noticed(
    linking: Linking, monkeypatch: pytest.MonkeyPatch
) -> None:
    account = linking.spotify.account("adas")
    save(account, *range(100, 330))
    account.saved[120] = ({**raw_track(220), "is_local": True}, account.saved[120][1])  # no song of Spotify's
    monkeypatch.setattr(member_library, "CALLS", 3)
    first = said(await linking.link(linking.stage.ada, "adas"))
    assert "**149** new songs of yours" in first
    assert "not all of your library yet" in first
    # The newest page, and then on from where it was left, one page twice.
    assert "**50** new songs" in await sync(linking)
    assert "**30** new songs" in await sync(linking)
    calls = len(linking.spotify.named("saved_tracks"))
    assert "Nothing has changed" in await sync(linking)
    assert len(linking.spotify.named("saved_tracks")) == calls + 1
    # Two come, one of the middle goes: the new ones are on the first page, the gone one is looked for.
    new = [(raw_track(number), NEWEST + timedelta(days=number)) for number in (2, 1)]
    account.saved = new + [entry for entry in account.saved if entry[0]["name"] != "Song 130"]
    told = await sync(linking)
    assert "**2** new songs of yours, **1** that you removed" in told
    assert "I know **230** songs" in told
    assert await spotify_ids(removedAt={"$ne": None}) == {"130"}
    assert {"1", "2"} < await spotify_ids(removedAt=None, like=True)
    # A song that was removed and is saved again is there again.
    account.saved.insert(0, (raw_track(130), NEWEST + timedelta(days=9)))
    assert "**1** new song of yours" in await sync(linking)
    assert await spotify_ids(removedAt={"$ne": None}) == set()
    # The oldest goes: far behind all pages of one reading, and found all the same.
    account.saved.pop()
    monkeypatch.setattr(member_library, "CALLS", 9)
    assert "**1** that you removed" in await sync(linking)
    assert await spotify_ids(removedAt={"$ne": None}) == {"329"}
    [track] = [raw async for raw in Track.get_motor_collection().find({"spotifyTrackId": f"{1:022d}"})]
    assert track["analysis"]["metadata"]["source"] == "spotify"
    assert linking.spotify.violations == []


async def test_a_budget_that_runs_out_loses_nothing(linking: Linking) -> None:
    account = linking.spotify.account("adas")
    save(account, *range(100, 260))
    answers = 0

    async def busy(request: web.Request) -> web.StreamResponse:
        nonlocal answers
        if request.path.endswith("/me/tracks"):
            answers += 1
        linking.spotify.instead = None
        try:
            return await linking.spotify.handle(request)
        finally:
            linking.spotify.instead = _quota if answers == 2 else busy

    linking.spotify.instead = busy
    told = said(await linking.link(linking.stage.ada, "adas"))
    assert "Linked with **Adas**" in told
    assert "**100** new songs of yours" in told
    [token] = [raw async for raw in AuthToken.get_motor_collection().find()]
    assert token["libraryNext"] == 100
    assert "Spotify" in await sync(linking)  # and says until when


async def _quota(request: web.Request) -> web.StreamResponse:
    body = {"error": {"status": 429, "message": "API rate limit exceeded", "reason": "QUOTA_EXCEEDED"}}
    return web.json_response(body, status=429, headers={"Retry-After": "7200"})


async def test_songs_i_know_are_only_those_and_nothing_i_know_is_none_of_them(linking: Linking) -> None:
    ada, channel = linking.stage.ada, linking.stage.channel
    _, text = await played_ids(linking, "songs i know")
    assert "I know no library of yours" in text
    titles = [f"Song {number}" for number in range(500)]
    rows = [song(number, title=titles[number]) for number in range(12)]
    before = await Track.count()
    told = said(await ada.slash(channel, "spotify upload", file=("liked.csv", table(*rows))))
    assert "**12** new songs of yours" in told
    assert await Track.count() == before + 12
    [row] = [raw async for raw in UserLibrary.get_motor_collection().find().limit(1)]
    assert row["savedAt"] == datetime(2024, 1, 1, tzinfo=UTC)  # as the file says
    # What the catalogue knew already stays as it was, for everybody else.
    changed = song(3, title="Renamed by Ada")
    assert "Nothing has changed" in said(await ada.slash(channel, "spotify upload", file=("l.csv", table(changed))))
    assert await Track.find(Track.name == "Renamed by Ada").count() == 0

    mine = {f"{number:022d}" for number in range(12)}
    played, _ = await played_ids(linking, "songs i know")
    assert len(played) == 8
    assert set(played) <= mine
    few, text = await played_ids(linking, "songs i know", songs=20)
    assert set(few) == mine
    assert "songs from your library" in text  # told, with what dropping the wish would bring
    strange, text = await played_ids(linking, "nothing I know", songs=40)
    assert not set(strange) & mine
    assert len(strange) == 40, text
    [nobody] = [
        raw
        async for raw in GenerationSession.get_motor_collection().find({"recipe.rules.own": {"$exists": True}}).limit(1)
    ]
    assert nobody["userId"] == User.id_of(str(ada.id))
    # Bo knows nothing of Ada's songs: they are hers alone, and new to him.
    bos = await linking.stage.bo.slash(channel, "vibe", text="songs i know", songs=5)
    assert "I know no library of yours" in Card(bos.response.components).text
    # Unlinking an account leaves what came by the file.
    asked = await ada.slash(channel, "spotify unlink")
    await ada.click(asked.response, label="Yes, unlink it")
    assert await UserLibrary.count() == 12


@pytest.mark.parametrize(
    ("name", "contents", "words"),
    [
        ("songs.xlsx", b"x", "save it as CSV"),
        ("songs.csv", b"PK\x03\x04", "ZIP archive"),
        ("songs.csv", b"a,b\n1,2\n", "no header that is known"),
        ("songs.csv", b"\n" * 45_000, "more than 20,000 lines"),
    ],
)
async def test_a_file_that_is_none_is_told_and_changes_nothing(
    linking: Linking, name: str, contents: bytes, words: str
) -> None:
    before = await Track.count()
    result = await linking.stage.ada.slash(linking.stage.channel, "spotify upload", file=(name, contents))
    assert words in said(result)
    assert (await Track.count(), await UserLibrary.count()) == (before, 0)


async def test_where_the_operator_keeps_the_catalogue_files_add_nothing_to_it(
    parser: Any, stock: Any, executor: Any
) -> None:
    async with open_linking(parser, stock, executor) as linking:
        linking.services.own_library._open = False
        before = await Track.count()
        result = await linking.stage.ada.slash(
            linking.stage.channel, "spotify upload", file=("l.csv", table(song(1), song(2)))
        )
        assert "2 of them are not in my catalogue" in said(result)
        assert await Track.count() == before


async def test_what_is_played_is_noted_only_for_who_wants_that_and_once(linking: Linking) -> None:
    ada, account = linking.stage.ada, linking.spotify.account("adas")
    await linking.link(ada, "adas")
    account.played = [(raw_track(number), NEWEST - timedelta(minutes=4 * number)) for number in (1, 2, 3)]
    note = linking.services.listening.note_plays
    assert await note() == "0 plays of 0 members"
    assert linking.spotify.named("recently_played") == []
    status = await ada.slash(linking.stage.channel, "spotify status")
    await ada.click(status.response, label="Note what I play")
    assert "link once more" in said(status)  # the grant is older than the wish
    assert await note() == "0 plays of 1 members"
    assert linking.spotify.named("recently_played") == []
    await linking.link(ada, "adas")
    assert await note() == "3 plays of 1 members"
    account.played.insert(0, (raw_track(1), NEWEST + timedelta(minutes=9)))
    assert [await note(), await note()] == ["1 plays of 1 members", "0 plays of 1 members"]
    events = [raw async for raw in FeedbackEvent.get_motor_collection().find({"event": "play"})]
    assert len(events) == 4
    assert {event["contextJson"]["source"] for event in events} == {"spotify"}
    rows = UserLibrary.get_motor_collection().find({"lastHeardAt": {"$ne": None}})
    assert max([raw["lastHeardAt"] async for raw in rows]) == NEWEST + timedelta(minutes=9)
    # Heard songs are known ones, though not in the library.
    await linking.services.catalogue.refresh()
    strange, _ = await played_ids(linking, "songs i don't know", songs=30)
    assert not {f"{number:022d}" for number in (1, 2, 3)} & set(strange)
    # A grant that is dead is told by a letter, once.
    linking.accounts.revoke()
    await AuthToken.get_motor_collection().update_many({}, {"$set": {"expiresAt": NEWEST - timedelta(days=365)}})
    assert await note() == "0 plays of 0 members"
    assert await note() == "0 plays of 0 members"
    assert [text for text in letters(linking) if "has ended" in text] == letters(linking)
    assert len(letters(linking)) == 1


def letters(linking: Linking) -> list[str]:
    """What Ada read in her direct messages."""
    channel = linking.stage.ada.user.dm_channel
    if channel is None:
        return []
    messages = [message for message in channel.history() if message.author.bot]
    return [Card([part.to_dict() for part in message.components]).text for message in messages]


async def test_a_skip_raises_the_count_once_and_taking_it_back_lowers_it(linking: Linking) -> None:
    ada = linking.stage.ada
    await linking.stage.vibe("calm piano", songs=5)
    [playlist] = [raw async for raw in Playlist.get_motor_collection().find()]
    requester = Requester(user_id=str(ada.id), display_name="Ada", guild_id=None, channel_id="1")
    track_id = str(playlist["tracks"][0]["trackId"])
    feedback = linking.services.feedback

    def skip(press: str, **more: Any) -> Rating:
        options: dict[str, Any] = {"event": "skip", "track_id": track_id, **more}
        return Rating(requester=requester, playlist_id=str(playlist["_id"]), press_id=press, **options)

    async def count() -> list[int]:
        return [raw["skipCount"] async for raw in UserLibrary.get_motor_collection().find()]

    first = await feedback.rate(skip("a"))
    await asyncio.gather(*(feedback.rate(skip("a")) for _ in range(5)))
    assert await count() == [1]
    await feedback.rate(skip("b"))
    assert await count() == [2]
    await feedback.undo(skip("c", event="undo", undoes=first.event_id))
    assert await count() == [1]


async def test_a_letter_goes_out_two_weeks_before_six_months_end_once(linking: Linking) -> None:
    await linking.link(linking.stage.ada, "adas")
    [token] = [raw async for raw in AuthToken.get_motor_collection().find()]
    end = ends_at(token["authorisedAt"])
    remind = linking.services.reminders.remind
    assert await remind(end - timedelta(days=14, seconds=1)) == "0 members reminded"
    at_once = await asyncio.gather(*(remind(end - timedelta(days=14)) for _ in range(3)))
    assert sorted(at_once) == ["0 members reminded", "0 members reminded", "1 members reminded"]
    assert await remind(end - timedelta(days=3)) == "0 members reminded"
    [letter] = letters(linking)
    assert f"<t:{int(end.timestamp())}:D>" in letter
    assert ends_at(datetime(2026, 8, 31, tzinfo=UTC)) == datetime(2027, 2, 28, tzinfo=UTC)
    # Linking anew begins anew.
    await linking.link(linking.stage.ada, "adas")
    assert (await AuthToken.get_motor_collection().find_one({})).get("remindedAt") is None


async def test_the_nightly_reading_goes_by_itself(linking: Linking) -> None:
    account = linking.spotify.account("adas")
    await linking.link(linking.stage.ada, "adas")
    save(account, 7, 8)
    assert await linking.services.own_library.sync_all() == "1 libraries read, 2 new songs"
    assert await spotify_ids(spotifyAt={"$ne": None}) == {"7", "8"}
    # Whose link has died is told, and the others are read all the same.
    save(linking.spotify.account("bos"), 9)
    await linking.link(linking.stage.bo, "bos")
    linking.accounts.refreshes = {
        key: one for key, one in linking.accounts.refreshes.items() if one.account_id == "bos"
    }
    await AuthToken.get_motor_collection().update_many({}, {"$set": {"expiresAt": NEWEST - timedelta(days=365)}})
    assert await linking.services.own_library.sync_all() == "1 libraries read, 0 new songs"
    [letter] = letters(linking)
    assert "has ended" in letter
    assert await AuthToken.count() == 1
