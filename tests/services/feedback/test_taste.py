"""What feedback says about the next playlist, and what never comes again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from beanie import PydanticObjectId

from bot.catalogue.index import Catalogue
from bot.documents import FeedbackEvent, GuildSettings, TasteShare, User
from bot.generation.engine import prepare
from bot.services.feedback.service import FeedbackService
from bot.services.feedback.taste_service import LEAST_SHARED, TasteService
from bot.services.privacy.service import PrivacyService
from bot.services.values import FeedbackKind, Rating, Requester
from nlp.vibe import Vibe

ANYTHING = Vibe(understood=True)


def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
async def tastes(shelf: Any) -> TasteService:
    """The service on the catalogue of the shelf's songs; it keeps a taste after every rating."""
    catalogue = await Catalogue.load()
    library = prepare(catalogue.table)
    moments = (now() + timedelta(minutes=number) for number in range(10_000))
    return TasteService(library=lambda: library, clock=lambda: next(moments))


@pytest.fixture
def feedback(tastes: TasteService) -> FeedbackService:
    return FeedbackService(tastes=tastes)


def rating(who: Requester, shelf: Any, kind: FeedbackKind, place: int | None, **more: Any) -> Rating:
    """A rating of the song on this place, or of the whole set; each its own press."""
    track = None if place is None else shelf.track_ids[place]
    press = f"{who.user_id}-{kind}-{place}-{more}"
    return Rating(requester=who, playlist_id=shelf.playlist_id, event=kind, press_id=press, track_id=track, **more)


async def user_of(who: Requester) -> str:
    return (await User.of_discord(who.user_id)).own_key


async def liking(tastes: TasteService, who: Requester, *, guild_id: str | None = "77", learning: bool = True) -> Any:
    return await tastes.liking(await user_of(who), vibe=ANYTHING, guild_id=guild_id, learning=learning)


async def test_ratings_reach_artist_genre_and_song_and_are_summed_up(
    tastes: TasteService, feedback: FeedbackService, shelf: Any, ada: Requester, bo: Requester
) -> None:
    for place, kind in ((0, "love"), (1, "dislike"), (2, "love"), (3, "dislike")):
        await feedback.rate(rating(ada, shelf, kind, place))  # type: ignore[arg-type]
    found = await liking(tastes, ada)
    tracks, artists, genres = dict(found.taste.tracks), dict(found.taste.artists), dict(found.taste.genres)
    assert tracks[shelf.track_ids[0]] > 0 > tracks[shelf.track_ids[1]]
    assert artists["Artist 1"] > 0 > artists["Artist 2"]
    assert genres["folk"] > 0 > genres["jazz"]
    assert ("genre", "folk", 2, 2) in found.taste.liked
    assert found.left_out == frozenset()
    kept = (await User.of_discord(ada.user_id)).preferences.taste
    assert kept["opinions"] == 4
    assert {name for name, *_ in kept["genres"]} == {"folk", "jazz"}
    assert (await liking(tastes, bo, guild_id=None)).taste.tracks == ()


async def test_what_is_taken_back_or_paused_teaches_nothing(
    tastes: TasteService, feedback: FeedbackService, shelf: Any, ada: Requester
) -> None:
    loved = await feedback.rate(rating(ada, shelf, "love", 0))
    undone = rating(ada, shelf, "undo", None, undoes=loved.event_id)
    await feedback.undo(undone)
    await PrivacyService(clock=now).set_learning(ada, on=False)
    await feedback.rate(rating(ada, shelf, "love", 1))
    await PrivacyService(clock=now).set_learning(ada, on=True)
    await GuildSettings.change("77", {"$set": {"learning": False}})
    await feedback.rate(rating(ada, shelf, "dislike", 2))
    assert (await liking(tastes, ada)).taste.tracks == ()
    assert await FeedbackEvent.find({"contextJson.learning": False}).count() == 2
    await GuildSettings.change("77", {"$set": {"learning": True}})
    await feedback.rate(rating(ada, shelf, "love", 3))
    assert [key for key, _ in (await liking(tastes, ada)).taste.tracks] == [shelf.track_ids[3]]
    assert (await liking(tastes, ada, learning=False)).taste.tracks == ()


async def test_a_word_on_the_whole_set_says_less_than_one_on_a_song(
    tastes: TasteService, feedback: FeedbackService, shelf: Any, ada: Requester, bo: Requester
) -> None:
    await feedback.rate(rating(ada, shelf, "love", None))
    await feedback.rate(rating(bo, shelf, "love", 0))
    of_set, of_song = (await liking(tastes, ada)).taste, (await liking(tastes, bo)).taste
    assert len(of_set.tracks) == 5
    assert 0 < dict(of_set.tracks)[shelf.track_ids[0]] < dict(of_song.tracks)[shelf.track_ids[0]] / 2


async def test_a_ban_outlives_all_later_events_until_it_is_taken_back(
    tastes: TasteService, feedback: FeedbackService, shelf: Any, ada: Requester
) -> None:
    rated = await feedback.rate(rating(ada, shelf, "never", 0))
    of_artist = await feedback.rate(rating(ada, shelf, "never", 1, scope="artist"))
    long_ago = {"$set": {"createdAt": datetime(2020, 1, 1, tzinfo=UTC)}}
    await FeedbackEvent.get_motor_collection().update_one({"_id": PydanticObjectId(rated.event_id)}, long_ago)
    user_id = User.id_of(ada.user_id)
    later = [
        {
            "userId": user_id,
            "event": "play",
            "createdAt": now(),
            "updatedAt": now(),
            "trackId": PydanticObjectId(),
        }
        for _ in range(600)
    ]
    await FeedbackEvent.get_motor_collection().insert_many(later)
    # Bans hold while learning is paused, too.
    found = await liking(tastes, ada, learning=False)
    assert (found.left_out, found.artists_out) == ({shelf.track_ids[0], shelf.track_ids[1]}, ("Artist 2",))
    for event_id in (rated.event_id, of_artist.event_id):
        await feedback.undo(rating(ada, shelf, "undo", None, undoes=event_id))
    found = await liking(tastes, ada)
    assert (found.left_out, found.artists_out) == (frozenset(), ())


async def test_a_server_s_taste_is_what_members_agree_on_and_forgets_who_leaves(
    tastes: TasteService, feedback: FeedbackService, shelf: Any, ada: Requester
) -> None:
    others = [
        Requester(user_id=f"20{number}", display_name=f"M{number}", guild_id="77", channel_id="88")
        for number in range(5)
    ]
    for who in others:
        for place, kind in ((0, "love"), (1, "dislike"), (2, "love"), (3, "dislike")):
            await feedback.rate(rating(who, shelf, kind, place))  # type: ignore[arg-type]
    assert await TasteShare.count() == len(others)
    assert LEAST_SHARED <= 4
    agreed = (await liking(tastes, ada)).taste
    assert dict(agreed.genres)["folk"] > 0 > dict(agreed.genres)["jazz"]
    assert agreed.artists == ()
    assert (await liking(tastes, ada, guild_id="78")).taste.genres == ()
    for who in others[:2]:
        await PrivacyService(clock=now).erase(who)
    assert await TasteShare.count() == 3
    assert (await liking(tastes, ada)).taste.genres == ()
