"""What feedback says about the next playlist."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from beanie import PydanticObjectId

from bot.documents import FeedbackEvent, Track, User
from bot.services.feedback import FeedbackService
from bot.services.taste import HALF_LIFE, OPINIONS, fading, liking_of, song_opinions
from bot.services.values import Asker, Rating

NOW = datetime(2026, 5, 1, tzinfo=UTC)
SONG, OTHER, SET = PydanticObjectId(), PydanticObjectId(), PydanticObjectId()


def event(kind: str, age: timedelta = timedelta(), **fields: Any) -> dict[str, Any]:
    """A stored event, on SONG unless it says otherwise."""
    return {"_id": PydanticObjectId(), "event": kind, "createdAt": NOW - age, "trackId": SONG, **fields}


def test_an_opinion_fades_by_half_each_half_life() -> None:
    assert fading(NOW, NOW) == 1
    assert fading(NOW - HALF_LIFE, NOW) == pytest.approx(0.5)
    assert fading(NOW - 3 * HALF_LIFE, NOW) == pytest.approx(0.125)
    assert fading(NOW + timedelta(days=1), NOW) == 1
    assert fading((NOW - HALF_LIFE).replace(tzinfo=None), NOW) == pytest.approx(0.5)


def test_the_newest_opinion_about_a_song_holds() -> None:
    newest_first = [event("dislike"), event("love", timedelta(days=2))]
    assert song_opinions(newest_first, {}, NOW) == {SONG: OPINIONS["dislike"]}


def test_what_was_taken_back_counts_for_nothing() -> None:
    love = event("love", timedelta(days=2))
    assert song_opinions([event("undo", undoes=love["_id"]), love], {}, NOW) == {}
    assert song_opinions([event("remove", undoes=love["_id"]), love, event("like")], {}, NOW) == {
        SONG: OPINIONS["like"]
    }


def test_an_opinion_about_a_set_reaches_its_songs_a_little() -> None:
    loved_set = {**event("love"), "trackId": None, "playlistId": SET}
    opinions = song_opinions([loved_set, event("dislike")], {SET: [SONG, OTHER]}, NOW)
    assert opinions[SONG] == OPINIONS["dislike"]
    assert 0 < opinions[OTHER] < 0.5


def test_other_events_are_no_opinions() -> None:
    assert song_opinions([event("again"), event("more"), event("play"), event("export")], {}, NOW) == {}


async def test_a_song_s_artist_and_genre_share_what_is_thought_of_it(shelf: Any, ada: Asker) -> None:
    feedback = FeedbackService()
    for place, kind in ((0, "love"), (1, "dislike")):
        await feedback.rate(
            Rating(
                asker=ada,
                playlist_id=shelf.playlist_id,
                event=kind,  # type: ignore[arg-type]
                press_id=kind,
                track_id=shelf.track_ids[place],
            )
        )
    user = await User.of_discord(ada.user_id)
    assert user.id is not None
    liking = await liking_of(user.id, datetime.now(UTC))
    tracks, artists, genres = dict(liking.taste.tracks), dict(liking.taste.artists), dict(liking.taste.genres)
    assert tracks[shelf.track_ids[0]] > artists["Artist 1"] > genres["folk"] > 0
    assert tracks[shelf.track_ids[1]] < artists["Artist 2"] < genres["jazz"] < 0
    assert liking.left_out == frozenset()


async def test_a_ban_outlives_all_later_events_until_it_is_taken_back(shelf: Any, ada: Asker) -> None:
    feedback = FeedbackService()
    user = await User.of_discord(ada.user_id)
    assert user.id is not None
    ban = Rating(asker=ada, playlist_id=shelf.playlist_id, event="never", press_id="n", track_id=shelf.track_ids[0])
    rated = await feedback.rate(ban)
    long_ago = {"$set": {"createdAt": datetime(2020, 1, 1, tzinfo=UTC)}}
    await FeedbackEvent.get_motor_collection().update_one({"_id": PydanticObjectId(rated.event_id)}, long_ago)
    later = [
        {"userId": user.id, "event": "play", "createdAt": NOW, "updatedAt": NOW, "trackId": PydanticObjectId()}
        for _ in range(600)
    ]
    await FeedbackEvent.get_motor_collection().insert_many(later)
    assert (await liking_of(user.id, NOW)).left_out == {shelf.track_ids[0]}
    await feedback.undo(
        Rating(asker=ada, playlist_id=shelf.playlist_id, event="undo", press_id="u", undoes=rated.event_id)
    )
    assert (await liking_of(user.id, NOW)).left_out == frozenset()


async def test_taste_is_one_s_own(shelf: Any, ada: Asker, bo: Asker) -> None:
    await FeedbackService().rate(
        Rating(asker=ada, playlist_id=shelf.playlist_id, event="love", press_id="p", track_id=shelf.track_ids[0])
    )
    bos = await User.of_discord(bo.user_id)
    assert bos.id is not None
    liking = await liking_of(bos.id, NOW)
    assert not liking.taste.tracks
    assert await Track.count() == 5
