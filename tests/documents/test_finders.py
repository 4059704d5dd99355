"""The named finders: what they find, how often they write, and that they need no collection scan."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from bson import ObjectId

from bot.database import Database
from bot.documents import (
    FeedbackEvent,
    GenerationSession,
    GuildSettings,
    ModelRegistry,
    Mood,
    Playlist,
    PostedCard,
    User,
    derived_id,
    generation_session,
)
from bot.documents.guild_settings import ReactionRule
from bot.documents.playlist import PlaylistTrack
from nlp.vibe import AxisRange


async def test_twenty_calls_at_once_make_one_user(database: Database) -> None:
    users = await asyncio.gather(*(User.of_discord("42", "Ada") for _ in range(20)))
    assert {user.id for user in users} == {User.id_of("42")}
    assert await User.count() == 1
    assert users[0].spotify_user_id == "discord:42"
    assert users[0].discord_user_id == "42"


async def test_a_member_is_the_same_after_linking_and_keeps_their_name(database: Database) -> None:
    user = await User.of_discord("42", "Ada")
    await user.update({"$set": {"spotifyUserId": "ada-on-spotify"}})
    again = await User.of_discord("42")
    assert (again.id, again.spotify_user_id, again.display_name) == (user.id, "ada-on-spotify", "Ada")
    assert (await User.of_discord("42", "Ada L.")).display_name == "Ada L."
    assert await User.count() == 1


async def test_a_member_made_by_another_application_is_found(database: Database) -> None:
    theirs = ObjectId()
    await User.get_motor_collection().insert_one({"_id": theirs, "spotifyUserId": "discord:42"})
    assert (await User.of_discord("42", "Ada")).id == theirs


async def test_a_message_leads_to_its_playlist(database: Database) -> None:
    playlist = await Playlist(user_id=ObjectId(), name="Rain").insert()
    await Playlist.posted(playlist.id, guild_id="1", channel_id="2", message_id="3")
    await Playlist.posted(playlist.id, guild_id="1", channel_id="2", message_id="3")
    found = await Playlist.of_message("3")
    assert found is not None
    assert found.id == playlist.id
    assert found.discord is not None
    assert (found.discord.guild_id, found.discord.channel_id, found.discord.message_id) == ("1", "2", "3")
    assert await Playlist.of_message("4") is None
    assert await PostedCard.count() == 1


async def test_a_message_whose_playlist_is_gone_leads_nowhere(database: Database) -> None:
    await PostedCard.note("3", playlist_id=ObjectId(), guild_id=None, channel_id="2")
    assert await Playlist.of_message("3") is None


async def test_recent_songs_are_those_of_the_last_playlists_latest_first(database: Database) -> None:
    member, songs = ObjectId(), [ObjectId() for _ in range(4)]
    for pair in ((0, 1), (1, 2), (2, 3)):
        tracks = [PlaylistTrack(track_id=songs[place], position=place) for place in pair]
        await Playlist(user_id=member, tracks=tracks).insert()
        await Playlist(user_id=ObjectId(), tracks=[PlaylistTrack(track_id=ObjectId(), position=1)]).insert()
    moments = Playlist.get_motor_collection().find({"userId": member}).sort("_id")
    for minute, raw in enumerate(await moments.to_list(None)):
        stamp = raw["updatedAt"].replace(year=2024, minute=minute)
        await Playlist.get_motor_collection().update_one({"_id": raw["_id"]}, {"$set": {"updatedAt": stamp}})
    assert await Playlist.recent_track_ids(member, limit=2) == (str(songs[2]), str(songs[3]), str(songs[1]))
    assert await Playlist.recent_track_ids(ObjectId()) == ()


async def test_an_event_is_stored_once_however_often_it_is_told(database: Database) -> None:
    key, member = derived_id("press", "77"), ObjectId()
    told = await asyncio.gather(*(FeedbackEvent.record(key, user_id=member, event="love") for _ in range(20)))
    assert sorted(told) == [False] * 19 + [True]
    undo = derived_id("press", "78")
    assert await FeedbackEvent.record(undo, user_id=member, event="undo", undoes=key, context={"card": 1})
    chain = await FeedbackEvent.chain([undo, ObjectId(), key])
    assert [event.event for event in chain] == ["undo", "love"]
    assert chain[0].undoes == key
    assert chain[0].context_json == {"card": 1}


async def test_sessions_left_unfinished_fail_with_the_reason(database: Database) -> None:
    keys = {}
    for status in ("pending", "processing", "completed", "failed"):
        session = GenerationSession(user_id=ObjectId(), mood_query_id=ObjectId(), status=status)  # type: ignore[arg-type]
        keys[status] = (await session.insert()).id
    assert await GenerationSession.fail_unfinished("stopped in the middle") == 2
    after = {status: await GenerationSession.get(key) for status, key in keys.items()}
    assert {status: session.status for status, session in after.items() if session} == {
        "pending": "failed",
        "processing": "failed",
        "completed": "completed",
        "failed": "failed",
    }
    assert after["pending"] is not None
    assert after["pending"].error == "stopped in the middle"
    assert after["completed"] is not None
    assert after["completed"].error is None
    assert await GenerationSession.fail_unfinished("again") == 0


async def test_only_the_last_sessions_are_looked_at(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(generation_session, "NEWEST", 2)
    keys = [derived_id("session", str(number)) for number in range(4)]
    for key in keys:
        await GenerationSession(id=key, user_id=ObjectId(), mood_query_id=ObjectId()).insert()
    assert await GenerationSession.fail_unfinished("stopped") == 2
    after = [await GenerationSession.get(key) for key in keys]
    assert [session.status for session in after if session] == ["pending", "pending", "failed", "failed"]


async def test_a_model_is_registered_once(database: Database) -> None:
    first = await ModelRegistry.register("parser", "1.0", "nlp/model", {"f1": 0.8})
    same = await ModelRegistry.register("parser", "1.0", "elsewhere", {})
    await ModelRegistry.register("parser", "1.1", "nlp/model")
    assert (same.id, same.artifact, same.metrics_json) == (first.id, "nlp/model", {"f1": 0.8})
    assert same.activated_at == first.activated_at is not None
    assert await ModelRegistry.count() == 2


async def test_settings_of_a_server_are_the_built_in_ones_until_saved(database: Database) -> None:
    settings = await GuildSettings.of_guild("9")
    assert settings.reactions == []
    assert await GuildSettings.count() == 0
    settings.reactions = [ReactionRule(emoji="🔥", event="love")]
    await settings.save()
    stored = await GuildSettings.of_guild("9")
    assert [(rule.emoji, rule.event) for rule in stored.reactions] == [("🔥", "love")]
    assert stored.guild_id == "9"


async def test_the_six_moods_are_there_with_icons_and_order(database: Database) -> None:
    moods = await Mood.for_guild(None)
    assert [(mood.icon, mood.label, mood.key) for mood in moods] == [
        ("😊", "Happy", "happy"),
        ("😢", "Sad", "sad"),
        ("⚡", "Energetic", "energetic"),
        ("😌", "Chill", "chill"),
        ("🎯", "Focus", "focus"),
        ("🎉", "Party", "party"),
    ]
    raw = await Mood.get_motor_collection().find_one({"key": "happy"})
    assert raw["defaults"]["brightness"] == {"low": 0.55, "high": None, "weight": 1.5, "hard": False}
    assert raw["createdAt"] == raw["updatedAt"]


async def test_seeding_again_changes_nothing_that_an_admin_changed(database: Database) -> None:
    await Mood.find_one({"key": "sad"}).update({"$set": {"label": "Blue"}})
    await Mood.find_one({"key": "party"}).delete()
    await Mood.seed()
    moods = {mood.key: mood.label for mood in await Mood.for_guild(None)}
    assert moods["sad"] == "Blue"
    assert moods["party"] == "Party"
    assert len(moods) == 6


async def test_a_mood_becomes_a_word_for_the_parser(database: Database) -> None:
    chill = next(mood for mood in await Mood.for_guild(None) if mood.key == "chill")
    assert chill.word().defaults == (
        AxisRange(axis="energy", high=0.5, weight=1.5),
        AxisRange(axis="brightness", low=0.25, high=0.7, weight=0.5),
    )


async def test_a_server_overrides_moods_and_adds_its_own(database: Database) -> None:
    for guild, key in (("7", "happy"), ("7", "boss fight"), ("77", "elsewhere"), ("6", "before")):
        await Mood(key=f"{guild}:{key}", label=f"{key} of {guild}", order=9, guild_id=guild).insert()
    labels = [mood.label for mood in await Mood.for_guild("7")]
    assert labels == ["Sad", "Energetic", "Chill", "Focus", "Party", "boss fight of 7", "happy of 7"]
    assert len(await Mood.for_guild(None)) == 6


@pytest.mark.parametrize(
    ("document", "query"),
    [
        (Playlist, {"userId": ObjectId()}),
        (FeedbackEvent, {"userId": ObjectId()}),
        (Mood, {"$or": [{"key": {"$gte": ":"}}, {"key": {"$gte": "7:", "$lt": "7;"}}]}),
        (User, {"spotifyUserId": "discord:1"}),
        (ModelRegistry, {"name": "parser", "version": "1"}),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
async def test_the_finders_queries_use_an_index(document: Any, query: dict[str, Any], database: Database) -> None:
    plan = await document.get_motor_collection().find(query).explain()
    assert "COLLSCAN" not in str(plan["queryPlanner"]["winningPlan"])


def test_derived_ids_do_not_meet_by_accident() -> None:
    assert derived_id("a", "bc") != derived_id("ab", "c")
    assert derived_id("a", "bc") == derived_id("a", "bc")
