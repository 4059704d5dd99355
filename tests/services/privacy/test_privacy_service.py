"""What is kept about a member goes when they ask for it, wherever it is."""

from __future__ import annotations

import asyncio
from typing import get_args

import pytest
from beanie import PydanticObjectId

from bot.database import Database
from bot.documents import (
    DOCUMENTS,
    FeedbackEvent,
    MoodQuery,
    Playlist,
    Schedule,
    User,
    new_key,
    now,
    stamped_new,
)
from bot.documents.data_inventory import OF_GUILDS, OF_MEMBERS, Owner, owner_fields
from bot.errors import BeingErased, Gone
from bot.services.feedback.event_store import Event, store_event
from bot.services.feedback.service import FeedbackService
from bot.services.members import ERASING, is_erased, member
from bot.services.playlists.playlist_loader import stored_playlist
from bot.services.privacy.service import PrivacyService
from bot.services.values import Requester
from tests.services.belongings import mentions, rating
from tests.services.conftest import Shelf


@pytest.mark.parametrize("owner", get_args(Owner))
def test_every_document_that_says_whose_it_is_has_a_handler(owner: Owner) -> None:
    handled = {holding.document for holding in (OF_MEMBERS if owner == "member" else OF_GUILDS)}
    forgotten = {
        document.__name__: owner_fields(document, owner)
        for document in DOCUMENTS
        if owner_fields(document, owner) and document not in handled
    }
    assert forgotten == {}, f"add rows to bot/documents/data_inventory.py for {forgotten}"


def test_a_document_without_a_handler_would_be_seen() -> None:
    from bot.documents.base import DocumentPart, Stored

    class Note(DocumentPart):
        author_id: str

    class Diary(Stored):
        notes: list[Note]
        owner_id: PydanticObjectId | None = None

    assert owner_fields(Diary, "member") == ("notes.authorId", "ownerId")
    assert owner_fields(Playlist, "member") == ("userId",)
    assert owner_fields(Playlist, "guild") == ("discord.guildId",)


async def test_what_is_stored_in_truth_has_no_other_field_for_a_member(everything: Shelf, ada: Requester) -> None:
    held = {holding.document.get_collection_name() for holding in OF_MEMBERS}
    assert set(await mentions([ada.user_id, User.id_of(ada.user_id)])) <= held


async def test_deleting_leaves_nothing_anywhere(privacy: PrivacyService, everything: Shelf, ada: Requester) -> None:
    own = [ada.user_id, User.id_of(ada.user_id), everything.playlist_id, ada.display_name, "calm piano"]
    assert len(await mentions(own)) >= 9
    erased = await privacy.erase(ada)
    assert await mentions(own) == []
    counts = dict(erased.counts)
    assert counts["requests"] == counts["playlists"] == counts["feedback"] == counts["accounts"] == 1
    assert erased.total == 11


async def test_a_schedule_goes_on_without_its_maker(privacy: PrivacyService, everything: Shelf, ada: Requester) -> None:
    await privacy.erase(ada)
    schedule = await Schedule.get_motor_collection().find_one()
    assert schedule is not None
    assert schedule["state"] == "on"
    assert "userId" not in schedule


async def test_others_keep_theirs(privacy: PrivacyService, everything: Shelf, ada: Requester, bo: Requester) -> None:
    await FeedbackService().rate(rating(bo, everything, "dislike", "2"))
    await privacy.erase(ada)
    [event] = await FeedbackEvent.find().to_list()
    assert event.user_id == User.id_of(bo.user_id)
    assert await User.count() == 1
    with pytest.raises(Gone):
        await stored_playlist(everything.playlist_id)


async def test_what_others_made_from_it_keeps_its_songs_and_loses_its_words(
    privacy: PrivacyService, everything: Shelf, ada: Requester
) -> None:
    parent, bo_id = PydanticObjectId(everything.playlist_id), PydanticObjectId()
    child = await Playlist(user_id=bo_id, parent_id=parent, name="Calm, Darker", description="calm piano").insert()
    grandchild = await Playlist(user_id=bo_id, parent_id=child.id, name="Calm, Darker").insert()
    stranger = await Playlist(user_id=bo_id, name="Mine").insert()
    await privacy.erase(ada)
    names = [(await Playlist.get(made.id)).name for made in (child, grandchild, stranger)]  # type: ignore[union-attr]
    assert names == ["", "", "Mine"]


async def test_who_was_made_by_another_application_too_is_deleted_whole(
    privacy: PrivacyService, database: Database, ada: Requester
) -> None:
    other = await User(spotify_user_id="wizzler", discord_user_id=ada.user_id).insert()
    await MoodQuery(user_id=other.id, raw_text="calm").insert()
    await MoodQuery(user_id=User.id_of(ada.user_id), raw_text="sad").insert()
    await privacy.erase(ada)
    assert await User.count() == await MoodQuery.count() == 0


async def test_deleting_nothing_and_deleting_twice_are_no_error(
    privacy: PrivacyService, everything: Shelf, ada: Requester, bo: Requester
) -> None:
    assert (await privacy.erase(bo)).total == 0
    await privacy.erase(ada)
    assert (await privacy.erase(ada)).total == 0
    assert await User.count() == 0


async def test_more_than_one_step_of_documents_goes_too(
    privacy: PrivacyService, database: Database, ada: Requester
) -> None:
    user_id = User.id_of(ada.user_id)
    rows = [stamped_new({"userId": user_id, "event": "like"}) for _ in range(4_500)]
    await FeedbackEvent.get_motor_collection().insert_many(rows)
    assert dict((await privacy.erase(ada)).counts)["feedback"] == 4_500
    assert await FeedbackEvent.count() == 0


async def test_whoever_was_storing_something_meanwhile_takes_it_out_again(
    privacy: PrivacyService, everything: Shelf, ada: Requester
) -> None:
    who = await member(ada)
    assert not await is_erased(who)
    await privacy.erase(ada)
    event = Event(
        key=new_key(),
        user_id=who.id,
        playlist_id=everything.playlist_id,
        kind="love",
        context={},
    )
    with pytest.raises(BeingErased):
        await store_event(event, who)
    assert await FeedbackEvent.count() == 0
    # Who comes back after it is somebody new, and the late one is still late.
    await member(ada)
    assert await is_erased(who)


async def test_while_it_goes_on_nothing_new_is_stored(
    privacy: PrivacyService, everything: Shelf, ada: Requester
) -> None:
    mark = {"$set": {"erasingAt": now()}}
    await User.get_motor_collection().update_one({"_id": User.id_of(ada.user_id)}, mark)
    with pytest.raises(BeingErased):
        await FeedbackService().rate(rating(ada, everything, "love", "9"))
    # A process that died over it holds the member up for no longer than that.
    mark = {"$set": {"erasingAt": now() - ERASING}}
    await User.get_motor_collection().update_one({"_id": User.id_of(ada.user_id)}, mark)
    await FeedbackService().rate(rating(ada, everything, "love", "9"))


async def test_many_ratings_beside_the_deletion_leave_no_orphan(
    privacy: PrivacyService, everything: Shelf, ada: Requester
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
