"""What goes by itself in time: words, servers that were left, deleted playlists."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bson import ObjectId

from bot.database import Database
from bot.documents import (
    FeedbackEvent,
    GenerationSession,
    GuildSettings,
    Limit,
    Mood,
    MoodQuery,
    Playlist,
    PostedCard,
    Schedule,
    User,
)
from bot.services.feedback.service import FeedbackService
from bot.services.playlists.playlist_loader import stored_playlist
from bot.services.privacy.service import DELETED_KEPT, LEFT_GUILDS_KEPT, TEXTS_KEPT, DataSummary, PrivacyService
from bot.services.rate_limits import LimitService
from bot.services.values import Requester
from tests.services.belongings import leaves, mentions, rating
from tests.services.conftest import Shelf

DAY = timedelta(days=1)


async def test_what_is_kept_is_counted(
    privacy: PrivacyService, everything: Shelf, ada: Requester, bo: Requester
) -> None:
    assert await privacy.kept(ada) == DataSummary(requests=1, playlists=1, ratings=1)
    assert await privacy.kept(bo) == DataSummary()


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
    privacy: PrivacyService, everything: Shelf, bo: Requester, ada: Requester
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
    privacy: PrivacyService, everything: Shelf, ada: Requester
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
    assert await Playlist.count() == await GenerationSession.count() == await PostedCard.count() == 0
    [query] = await MoodQuery.find().to_list()
    assert query.raw_text == ""


async def test_the_counter_of_a_member_is_theirs(privacy: PrivacyService, database: Database, ada: Requester) -> None:
    async with LimitService().request(ada):
        pass
    assert await Limit.count() == 2
    await privacy.erase(ada)
    assert [limit.id for limit in await Limit.find().to_list()] == ["guild:77"]


def test_ids_of_the_database_are_no_text() -> None:
    assert set(leaves({"a": [ObjectId("a" * 24)]})) == {"a" * 24}
