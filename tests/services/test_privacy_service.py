"""A member's data: told, handed out whole, deleted from everywhere, and forgotten in time."""

from __future__ import annotations

import asyncio
import csv
import io
import json
import zipfile
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any, get_args

import pytest
from beanie import PydanticObjectId
from bson import ObjectId

from bot.database import Database
from bot.documents import (
    DOCUMENTS,
    AuthToken,
    Card,
    FeedbackEvent,
    GenerationSession,
    GroupShare,
    GuildSettings,
    Limit,
    Mood,
    MoodQuery,
    OAuthState,
    Playlist,
    Publication,
    Schedule,
    TasteShare,
    User,
    UserLibrary,
    now,
    stamped_new,
)
from bot.errors import BeingErased, Gone
from bot.services.events import Event, store_event
from bot.services.feedback import FeedbackService
from bot.services.holdings import OF_GUILDS, OF_MEMBERS, Owner, owner_fields
from bot.services.limits import LimitService
from bot.services.members import ERASING, is_erased, member
from bot.services.privacy import DELETED_KEPT, LEFT_GUILDS_KEPT, TEXTS_KEPT, Kept, PrivacyService
from bot.services.stored import stored_playlist
from bot.services.values import Asker, Rating
from tests.services.conftest import Shelf

ROOM = 10_000_000
DAY = timedelta(days=1)


@pytest.fixture
def privacy() -> PrivacyService:
    return PrivacyService(clock=lambda: datetime.now(UTC))


@pytest.fixture
async def everything(shelf: Shelf, ada: Asker) -> Shelf:
    """Something of Ada's in every collection that can hold something of hers."""
    user_id = User.id_of(ada.user_id)
    await FeedbackService().rate(rating(ada, shelf, "love", "1", track_id=shelf.track_ids[0]))
    await UserLibrary(user_id=user_id, track_id=PydanticObjectId(shelf.track_ids[1]), like=True).insert()
    await AuthToken(user_id=user_id, access_token="cipher-a", refresh_token="cipher-r").insert()
    await OAuthState.begin(
        OAuthState(
            id="grant:x",
            kind="grant",
            user_id=user_id,
            expires_at=datetime.now(UTC) + timedelta(minutes=5),
            access_token="cipher-b",
            refresh_token="cipher-c",
            verifier="cipher-d",
            browsers=["cipher-e"],
            code_hash="cipher-f",
        )
    )
    saved = {"_id": f"{shelf.playlist_id}:acc", "playlistId": PydanticObjectId(shelf.playlist_id), "accountId": "acc"}
    await Publication.get_motor_collection().insert_one(
        stamped_new({**saved, "userId": user_id, "own": False, "state": "done", "spotifyPlaylistId": "0a"})
    )
    await TasteShare.keep(user_id, "77", axes={"energy@0.5": 1.0}, genres={"jazz": 0.5})
    share = {"userId": user_id, "sessionId": PydanticObjectId(), "guildId": "77", "channelId": "88", "place": 0}
    await GroupShare.get_motor_collection().insert_one(stamped_new(share))
    async with LimitService().request(ada):
        pass
    await Schedule.get_motor_collection().insert_one(
        stamped_new({"guildId": "77", "channelId": "88", "userId": user_id, "text": "calm", "state": "on"})
    )
    return shelf


def rating(asker: Asker, shelf: Shelf, event: Any, press_id: str, **more: Any) -> Rating:
    return Rating(asker=asker, playlist_id=shelf.playlist_id, event=event, press_id=press_id, **more)


async def mentions(words: Iterable[Any]) -> list[str]:
    """The collections in which any of these ids or texts occurs, wherever."""
    wanted, found = set(map(str, words)), []
    for document in DOCUMENTS:
        async for raw in document.get_motor_collection().find():
            if wanted & set(leaves(raw)):
                found.append(document.get_collection_name())
                break
    return found


def leaves(value: Any) -> Iterable[str]:
    if isinstance(value, dict):
        for item in value.values():
            yield from leaves(item)
    elif isinstance(value, list):
        for item in value:
            yield from leaves(item)
    else:
        yield str(value)
        yield from str(value).split(":")


# Every collection has its row


@pytest.mark.parametrize("owner", get_args(Owner))
def test_every_document_that_says_whose_it_is_has_a_handler(owner: Owner) -> None:
    handled = {holding.document for holding in (OF_MEMBERS if owner == "member" else OF_GUILDS)}
    forgotten = {
        document.__name__: owner_fields(document, owner)
        for document in DOCUMENTS
        if owner_fields(document, owner) and document not in handled
    }
    assert forgotten == {}, f"add rows to bot/services/holdings.py for {forgotten}"


def test_a_document_without_a_handler_would_be_seen() -> None:
    from bot.documents.base import Part, Stored

    class Note(Part):
        author_id: str

    class Diary(Stored):
        notes: list[Note]
        owner_id: PydanticObjectId | None = None

    assert owner_fields(Diary, "member") == ("notes.authorId", "ownerId")
    assert owner_fields(Playlist, "member") == ("userId",)
    assert owner_fields(Playlist, "guild") == ("discord.guildId",)


async def test_what_is_stored_in_truth_has_no_other_field_for_a_member(everything: Shelf, ada: Asker) -> None:
    held = {holding.document.get_collection_name() for holding in OF_MEMBERS}
    assert set(await mentions([ada.user_id, User.id_of(ada.user_id)])) <= held


# Deleting


async def test_deleting_leaves_nothing_anywhere(privacy: PrivacyService, everything: Shelf, ada: Asker) -> None:
    own = [ada.user_id, User.id_of(ada.user_id), everything.playlist_id, ada.display_name, "calm piano"]
    assert len(await mentions(own)) >= 9
    erased = await privacy.erase(ada)
    assert await mentions(own) == []
    counts = dict(erased.counts)
    assert counts["requests"] == counts["playlists"] == counts["feedback"] == counts["accounts"] == 1
    assert erased.total == 11


async def test_a_schedule_goes_on_without_its_maker(privacy: PrivacyService, everything: Shelf, ada: Asker) -> None:
    await privacy.erase(ada)
    schedule = await Schedule.get_motor_collection().find_one()
    assert schedule is not None
    assert schedule["state"] == "on"
    assert "userId" not in schedule


async def test_others_keep_theirs(privacy: PrivacyService, everything: Shelf, ada: Asker, bo: Asker) -> None:
    await FeedbackService().rate(rating(bo, everything, "dislike", "2"))
    await privacy.erase(ada)
    [event] = await FeedbackEvent.find().to_list()
    assert event.user_id == User.id_of(bo.user_id)
    assert await User.count() == 1
    with pytest.raises(Gone):
        await stored_playlist(everything.playlist_id)


async def test_what_others_made_from_it_keeps_its_songs_and_loses_its_words(
    privacy: PrivacyService, everything: Shelf, ada: Asker
) -> None:
    parent, bo_id = PydanticObjectId(everything.playlist_id), PydanticObjectId()
    child = await Playlist(user_id=bo_id, parent_id=parent, name="Calm, Darker", description="calm piano").insert()
    grandchild = await Playlist(user_id=bo_id, parent_id=child.id, name="Calm, Darker").insert()
    stranger = await Playlist(user_id=bo_id, name="Mine").insert()
    await privacy.erase(ada)
    names = [(await Playlist.get(made.id)).name for made in (child, grandchild, stranger)]  # type: ignore[union-attr]
    assert names == ["", "", "Mine"]


async def test_who_was_made_by_another_application_too_is_deleted_whole(
    privacy: PrivacyService, database: Database, ada: Asker
) -> None:
    other = await User(spotify_user_id="wizzler", discord_user_id=ada.user_id).insert()
    await MoodQuery(user_id=other.id, raw_text="calm").insert()
    await MoodQuery(user_id=User.id_of(ada.user_id), raw_text="sad").insert()
    await privacy.erase(ada)
    assert await User.count() == await MoodQuery.count() == 0


async def test_deleting_nothing_and_deleting_twice_are_no_error(
    privacy: PrivacyService, everything: Shelf, ada: Asker, bo: Asker
) -> None:
    assert (await privacy.erase(bo)).total == 0
    await privacy.erase(ada)
    assert (await privacy.erase(ada)).total == 0
    assert await User.count() == 0


async def test_more_than_one_step_of_documents_goes_too(
    privacy: PrivacyService, database: Database, ada: Asker
) -> None:
    user_id = User.id_of(ada.user_id)
    rows = [stamped_new({"userId": user_id, "event": "like"}) for _ in range(4_500)]
    await FeedbackEvent.get_motor_collection().insert_many(rows)
    assert dict((await privacy.erase(ada)).counts)["feedback"] == 4_500
    assert await FeedbackEvent.count() == 0


async def test_whoever_was_storing_something_meanwhile_takes_it_out_again(
    privacy: PrivacyService, everything: Shelf, ada: Asker
) -> None:
    who = await member(ada)
    assert not await is_erased(who)
    await privacy.erase(ada)
    event = Event(
        key=PydanticObjectId(),
        user_id=who.id,
        playlist_id=PydanticObjectId(everything.playlist_id),
        kind="love",
        context={},
    )
    with pytest.raises(BeingErased):
        await store_event(event, who)
    assert await FeedbackEvent.count() == 0
    # Who comes back after it is somebody new, and the late one is still late.
    await member(ada)
    assert await is_erased(who)


async def test_while_it_goes_on_nothing_new_is_stored(privacy: PrivacyService, everything: Shelf, ada: Asker) -> None:
    mark = {"$set": {"erasingAt": now()}}
    await User.get_motor_collection().update_one({"_id": User.id_of(ada.user_id)}, mark)
    with pytest.raises(BeingErased):
        await FeedbackService().rate(rating(ada, everything, "love", "9"))
    # A process that died over it holds the member up for no longer than that.
    mark = {"$set": {"erasingAt": now() - ERASING}}
    await User.get_motor_collection().update_one({"_id": User.id_of(ada.user_id)}, mark)
    await FeedbackService().rate(rating(ada, everything, "love", "9"))


async def test_many_ratings_beside_the_deletion_leave_no_orphan(
    privacy: PrivacyService, everything: Shelf, ada: Asker
) -> None:
    async def press(number: int) -> None:
        try:
            await FeedbackService().rate(rating(ada, everything, "love", f"press-{number}"))
        except (BeingErased, Gone):
            return

    presses = [asyncio.create_task(press(number)) for number in range(40)]
    await asyncio.sleep(0)
    await privacy.erase(ada)
    await asyncio.gather(*presses)
    assert await FeedbackEvent.count() == 0


# Handing out


async def unpacked(privacy: PrivacyService, asker: Asker, limit: int = ROOM) -> dict[str, str]:
    export = await privacy.export(asker, limit=limit)
    assert export.name.endswith(".zip")
    with zipfile.ZipFile(io.BytesIO(export.content)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name).decode("utf-8-sig") for name in archive.namelist()}


async def test_the_export_holds_everything_in_both_forms(
    privacy: PrivacyService, everything: Shelf, ada: Asker
) -> None:
    files = await unpacked(privacy, ada)
    tables = json.loads(files["vibrato.json"])
    assert {name for name, rows in tables.items() if rows} == {
        *(
            "requests",
            "sessions",
            "cards",
            "playlists",
            "published",
            "saved",
            "feedback",
            "library",
            "accounts",
            "links",
            "tastes",
            "groups",
            "schedules",
            "limits",
        ),
        *("profile", "songs"),
    }
    assert tables["requests"][0]["rawText"] == "calm piano"
    assert tables["profile"][0]["discordUserId"] == ada.user_id
    assert [entry["trackId"] for entry in tables["playlists"][0]["tracks"]] == list(everything.track_ids)
    assert "90 days" in files["README.txt"]
    for name, rows in tables.items():
        assert len(list(csv.DictReader(io.StringIO(files[f"{name}.csv"], newline="")))) == len(rows)
    [event] = csv.DictReader(io.StringIO(files["feedback.csv"], newline=""))
    assert (event["event"], event["song"]) == ("love", "Song 1 - Artist 1")


async def test_tokens_are_in_no_export(privacy: PrivacyService, everything: Shelf, ada: Asker) -> None:
    files = await unpacked(privacy, ada)
    assert not any("cipher" in text for text in files.values())


async def test_nobody_elses_data_is_in_an_export(
    privacy: PrivacyService, everything: Shelf, ada: Asker, bo: Asker
) -> None:
    await FeedbackService().rate(rating(bo, everything, "dislike", "2"))
    ours, theirs = await unpacked(privacy, ada), await unpacked(privacy, bo)
    assert not any(str(User.id_of(bo.user_id)) in text or bo.user_id in text for text in ours.values())
    assert not any(str(User.id_of(ada.user_id)) in text or ada.user_id in text for text in theirs.values())
    assert "calm piano" not in theirs["vibrato.json"]


async def test_a_cell_is_no_formula(privacy: PrivacyService, database: Database, ada: Asker) -> None:
    user = await User.of_discord(ada.user_id, '=HYPERLINK("https://evil.example")')
    await MoodQuery(user_id=user.id, raw_text="+1 sad\nsong, @all").insert()
    files = await unpacked(privacy, ada)
    [profile] = csv.DictReader(io.StringIO(files["profile.csv"], newline=""))
    [request] = csv.DictReader(io.StringIO(files["requests.csv"], newline=""))
    assert profile["displayName"].startswith("'=")
    assert request["rawText"] == "'+1 sad\nsong, @all"


async def test_what_is_too_large_leaves_out_how_it_came_about_and_says_so(
    privacy: PrivacyService, everything: Shelf, ada: Asker
) -> None:
    files = await unpacked(privacy, ada, limit=1)
    assert "left out of sessions" in files["README.txt"]
    [session] = json.loads(files["vibrato.json"])["sessions"]
    assert "candidates" not in session


async def test_who_is_unknown_gets_an_empty_export_and_stays_unknown(
    privacy: PrivacyService, database: Database, ada: Asker
) -> None:
    files = await unpacked(privacy, ada)
    assert set(files) == {"README.txt", "vibrato.json"}
    assert await privacy.kept(ada) == Kept()
    assert await User.count() == 0


# Pausing


async def test_what_is_kept_is_counted(privacy: PrivacyService, everything: Shelf, ada: Asker, bo: Asker) -> None:
    assert await privacy.kept(ada) == Kept(requests=1, playlists=1, ratings=1)
    assert await privacy.kept(bo) == Kept()


# Forgetting in time


async def test_words_go_after_ninety_days_and_documents_stay(privacy: PrivacyService, shelf: Shelf) -> None:
    moment = datetime.now(UTC)
    before = await Playlist.get_motor_collection().find_one()
    assert await privacy.expire_texts(moment + TEXTS_KEPT - DAY) == 0
    assert (await stored_playlist(shelf.playlist_id)).text == "calm piano"
    assert await privacy.expire_texts(moment + TEXTS_KEPT + DAY) == 2
    assert await privacy.expire_texts(moment + TEXTS_KEPT + DAY) == 0
    assert await mentions(["calm piano", "Calm"]) == []
    view = (await stored_playlist(shelf.playlist_id)).view()
    assert (view.name, view.text, len(view.songs)) == ("", "", 5)
    # What was understood can still be told, and made again.
    assert [chip.means for chip in view.heard] == ["mood: calm"]
    after = await Playlist.get_motor_collection().find_one()
    assert before is not None
    assert after is not None
    assert after["updatedAt"] == before["updatedAt"]


async def test_a_server_is_forgotten_thirty_days_after_the_bot_left_it(
    privacy: PrivacyService, everything: Shelf, bo: Asker, ada: Asker
) -> None:
    moment = datetime.now(UTC)
    await Mood(key="77:night", label="Night", guild_id="77").insert()
    await Mood(key="78:night", label="Night", guild_id="78").insert()
    await FeedbackService().rate(rating(bo, everything, "love", "5"))
    await privacy.note_left("77")
    await privacy.note_left("77")
    assert await privacy.forget_left_guilds(moment + LEFT_GUILDS_KEPT - DAY) == 0
    assert await Mood.find_one(Mood.key == "77:night")
    assert await privacy.forget_left_guilds(moment + LEFT_GUILDS_KEPT + DAY) == 1
    assert await mentions(["77"]) == []
    assert await Mood.find_one(Mood.key == "78:night")
    # What members asked for and rated is theirs.
    assert await FeedbackEvent.count() == 2
    assert len((await stored_playlist(everything.playlist_id)).view().songs) == 5
    assert await privacy.forget_left_guilds(moment + LEFT_GUILDS_KEPT + DAY) == 0


async def test_what_schedules_posted_on_a_forgotten_server_goes_with_it(
    privacy: PrivacyService, everything: Shelf, ada: Asker
) -> None:
    schedule = await Schedule.get_motor_collection().find_one()
    assert schedule is not None
    maker = await User.of_discord(f"schedule:{schedule['_id']}", "Scheduled vibe")
    await MoodQuery(user_id=maker.id, raw_text="friday night", guild_id="77").insert()
    await Playlist(user_id=maker.id, name="Friday Night").insert()
    await privacy.note_left("77")
    await privacy.forget_left_guilds(datetime.now(UTC) + LEFT_GUILDS_KEPT + DAY)
    assert await mentions(["friday night", "Friday Night", maker.id]) == []
    assert await Playlist.count() == 1


async def test_who_comes_back_in_time_finds_everything(privacy: PrivacyService, database: Database) -> None:
    await GuildSettings.of("77").save()
    await Mood(key="77:night", label="Night", guild_id="77").insert()
    await privacy.note_left("77")
    await privacy.note_joined("77")
    assert await privacy.forget_left_guilds(datetime.now(UTC) + 2 * LEFT_GUILDS_KEPT) == 0
    assert await Mood.find_one(Mood.key == "77:night")


async def test_what_was_left_or_joined_while_we_were_away_is_noted(privacy: PrivacyService, database: Database) -> None:
    for guild_id in ("77", "78"):
        await GuildSettings.of(guild_id).save()
    await Mood(key="79:night", label="Night", guild_id="79").insert()
    await privacy.note_left("78")
    await privacy.note_guilds(["78", "80"])
    left = {raw["guildId"] async for raw in GuildSettings.get_motor_collection().find({"leftAt": {"$ne": None}})}
    assert left == {"77", "79"}


async def test_deleted_playlists_go_for_good_after_a_day(privacy: PrivacyService, everything: Shelf) -> None:
    moment = datetime.now(UTC)
    await Playlist.get_motor_collection().update_one({}, {"$set": {"deletedAt": moment}})
    assert await privacy.forget_deleted(moment + DELETED_KEPT - timedelta(hours=1)) == 0
    assert await privacy.forget_deleted(moment + DELETED_KEPT + timedelta(hours=1)) == 1
    assert await Playlist.count() == await GenerationSession.count() == await Card.count() == 0
    [query] = await MoodQuery.find().to_list()
    assert query.raw_text == ""


async def test_the_counter_of_a_member_is_theirs(privacy: PrivacyService, database: Database, ada: Asker) -> None:
    async with LimitService().request(ada):
        pass
    assert await Limit.count() == 2
    await privacy.erase(ada)
    assert [limit.id for limit in await Limit.find().to_list()] == ["guild:77"]


def test_ids_of_the_database_are_no_text() -> None:
    assert set(leaves({"a": [ObjectId("a" * 24)]})) == {"a" * 24}
