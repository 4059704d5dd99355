"""Every press and every change of a reaction is exactly one event."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from bot.documents import FeedbackEvent, GuildSettings, User
from bot.documents.guild_settings import ReactionRule
from bot.errors import DatabaseDown, Gone
from bot.services.feedback.service import FeedbackService
from bot.services.values import Rating, ReactionChange, ReactionRules, Requester


@pytest.fixture
def feedback() -> FeedbackService:
    return FeedbackService()


def reaction(shelf: Any, user_id: str = "1001", emoji: str = "❤️", added: bool = True) -> ReactionChange:
    return ReactionChange(
        user_id=user_id, message_id=shelf.message_id, channel_id="88", guild_id="77", emoji=emoji, added=added
    )


async def events() -> list[dict[str, Any]]:
    """All stored events, the oldest first."""
    stored = FeedbackEvent.get_motor_collection().find().sort([("createdAt", 1), ("contextJson.change", 1)])
    return [event async for event in stored]


async def test_a_press_on_a_song_is_stored_with_what_the_member_saw(
    feedback: FeedbackService, shelf: Any, bo: Requester
) -> None:
    rated = await feedback.rate(
        Rating(requester=bo, playlist_id=shelf.playlist_id, event="love", press_id="p1", track_id=shelf.track_ids[2])
    )
    assert rated.new
    assert rated.kind == "love"
    assert rated.song is not None
    assert (rated.song.title, rated.song.position) == ("Song 3", 3)
    [event] = await events()
    bos = await User.of_discord(bo.user_id)
    assert event["userId"] == bos.id
    assert str(event["trackId"]) == shelf.track_ids[2]
    assert str(event["playlistId"]) == shelf.playlist_id
    assert (event["event"], event["position"]) == ("love", 3)
    assert event["createdAt"] is not None
    context = event["contextJson"]
    assert context["source"] == "menu"
    assert context["where"] == {"guildId": "77", "channelId": "88", "messageId": "900"}
    assert context["models"] == {"parser": "lexicon-test", "scoring": "1.2.3"}
    assert context["shown"]["songs"] == 5
    assert context["shown"]["seed"] == 7


async def test_a_press_on_the_set_names_no_song(feedback: FeedbackService, shelf: Any, ada: Requester) -> None:
    await feedback.rate(Rating(requester=ada, playlist_id=shelf.playlist_id, event="dislike", press_id="p1"))
    [event] = await events()
    assert "trackId" not in event
    assert "position" not in event
    assert event["contextJson"]["source"] == "button"


async def test_the_same_press_twenty_times_at_once_is_one_event(
    feedback: FeedbackService, shelf: Any, ada: Requester
) -> None:
    press = Rating(
        requester=ada, playlist_id=shelf.playlist_id, event="love", press_id="p1", track_id=shelf.track_ids[0]
    )
    answers = await asyncio.gather(*(feedback.rate(press) for _ in range(20)))
    assert len(await events()) == 1
    assert sum(answer.new for answer in answers) == 1
    assert len({answer.event_id for answer in answers}) == 1
    assert all(answer.song is not None and answer.song.title == "Song 1" for answer in answers)


async def test_two_presses_are_two_events(feedback: FeedbackService, shelf: Any, ada: Requester) -> None:
    for press_id in ("p1", "p2"):
        await feedback.rate(Rating(requester=ada, playlist_id=shelf.playlist_id, event="love", press_id=press_id))
    assert len(await events()) == 2


@pytest.mark.parametrize("playlist_id", ["0" * 24, "", "nonsense", "{'$ne': None}", "𝟘" * 24])
async def test_a_press_on_a_playlist_that_is_gone_stores_nothing(
    feedback: FeedbackService, shelf: Any, ada: Requester, playlist_id: str
) -> None:
    with pytest.raises(Gone) as caught:
        await feedback.rate(Rating(requester=ada, playlist_id=playlist_id, event="love", press_id="p1"))
    assert caught.value.what == "playlist"
    assert await events() == []


@pytest.mark.parametrize("track_id", ["0" * 24, "", "nonsense"])
async def test_a_press_on_a_song_of_another_set_stores_nothing(
    feedback: FeedbackService, shelf: Any, ada: Requester, track_id: str
) -> None:
    with pytest.raises(Gone) as caught:
        await feedback.rate(
            Rating(requester=ada, playlist_id=shelf.playlist_id, event="love", press_id="p1", track_id=track_id)
        )
    assert caught.value.what == "song"
    assert await events() == []


async def test_taking_back_names_what_it_takes_back_and_counts_once(
    feedback: FeedbackService, shelf: Any, ada: Requester
) -> None:
    song = shelf.track_ids[1]
    rated = await feedback.rate(
        Rating(requester=ada, playlist_id=shelf.playlist_id, event="never", press_id="p1", track_id=song)
    )
    undos = [
        Rating(requester=ada, playlist_id=shelf.playlist_id, event="undo", press_id=f"u{n}", undoes=rated.event_id)
        for n in range(3)
    ]
    answers = await asyncio.gather(*(feedback.rate(undo) for undo in undos))
    assert sum(answer.new for answer in answers) == 1
    never, undo = sorted(await events(), key=lambda event: event["event"] == "undo")
    assert (never["event"], undo["event"]) == ("never", "undo")
    assert undo["undoes"] == never["_id"]
    assert undo["trackId"] == never["trackId"]


async def test_nobody_takes_back_what_another_said(
    feedback: FeedbackService, shelf: Any, ada: Requester, bo: Requester
) -> None:
    rated = await feedback.rate(Rating(requester=ada, playlist_id=shelf.playlist_id, event="love", press_id="p1"))
    with pytest.raises(Gone):
        await feedback.undo(
            Rating(requester=bo, playlist_id=shelf.playlist_id, event="undo", press_id="u1", undoes=rated.event_id)
        )
    assert len(await events()) == 1


async def test_the_same_reaction_twenty_times_at_once_is_one_event(feedback: FeedbackService, shelf: Any) -> None:
    stored = await asyncio.gather(*(feedback.react(reaction(shelf)) for _ in range(20)))
    assert sum(stored) == 1
    [event] = await events()
    assert event["event"] == "love"
    assert event["contextJson"]["source"] == "reaction"


async def test_adding_removing_and_adding_are_three_events(feedback: FeedbackService, shelf: Any) -> None:
    for added in (True, False, True):
        stored = await asyncio.gather(*(feedback.react(reaction(shelf, added=added)) for _ in range(5)))
        assert sum(stored) == 1
    first, second, third = await events()
    assert [event["event"] for event in (first, second, third)] == ["love", "remove", "love"]
    assert second["undoes"] == first["_id"]
    assert "undoes" not in third


async def test_a_reaction_that_changes_forty_times_keeps_its_count(feedback: FeedbackService, shelf: Any) -> None:
    for turn in range(40):
        assert await feedback.react(reaction(shelf, added=turn % 2 == 0))
    stored = await events()
    assert [event["contextJson"]["change"] for event in stored] == list(range(1, 41))
    assert not await feedback.react(reaction(shelf, added=False))


async def test_removing_what_was_never_there_is_nothing(feedback: FeedbackService, shelf: Any) -> None:
    assert not await feedback.react(reaction(shelf, added=False))
    assert await events() == []


async def test_emoji_and_members_have_chains_of_their_own(feedback: FeedbackService, shelf: Any) -> None:
    for user_id in ("1001", "1002"):
        for emoji in ("👍", "❤"):
            assert await feedback.react(reaction(shelf, user_id=user_id, emoji=emoji))
    assert sorted(event["event"] for event in await events()) == ["like", "like", "love", "love"]


async def test_an_emoji_with_and_without_its_colour_sign_is_one(feedback: FeedbackService, shelf: Any) -> None:
    assert await feedback.react(reaction(shelf, emoji="❤️"))
    assert not await feedback.react(reaction(shelf, emoji="❤"))


async def test_other_messages_and_other_emoji_are_nothing(feedback: FeedbackService, shelf: Any) -> None:
    elsewhere = ReactionChange(user_id="1001", message_id="1", channel_id="88", guild_id="77", emoji="❤️", added=True)
    assert not await feedback.react(elsewhere)
    assert not await feedback.react(reaction(shelf, emoji="🦆"))
    assert await events() == []


async def test_a_server_chooses_its_own_reactions(feedback: FeedbackService, shelf: Any) -> None:
    settings = GuildSettings.of("77")
    settings.reactions = [ReactionRule(emoji="🦆", event="like"), ReactionRule(emoji="fire:123", event="love")]
    await settings.save()
    assert (await feedback.reactions("77")).events == (("🦆", "like"), ("fire:123", "love"))
    assert await feedback.reactions(None) == ReactionRules()
    assert await feedback.reactions("78") == ReactionRules()
    assert await feedback.react(reaction(shelf, emoji="🦆"))
    assert not await feedback.react(reaction(shelf, emoji="❤️"))


async def test_hostile_names_are_stored_and_harm_nothing(
    feedback: FeedbackService, shelf: Any, put_on_shelf: Callable[..., Awaitable[Any]]
) -> None:
    hostile = Requester(user_id="1003", display_name="\ud800$where" + "x" * 500, guild_id="77", channel_id="88")
    await feedback.rate(Rating(requester=hostile, playlist_id=shelf.playlist_id, event="like", press_id="$ne\0"))
    user = await User.of_discord("1003")
    assert user.display_name is not None
    assert user.display_name.startswith("\ufffd$where")
    assert len(user.display_name) <= 100


async def test_a_press_that_cannot_be_stored_says_so(
    feedback: FeedbackService, broken_database: object, ada: Requester
) -> None:
    with pytest.raises(DatabaseDown):
        await feedback.rate(Rating(requester=ada, playlist_id="0" * 24, event="love", press_id="p1"))
    with pytest.raises(DatabaseDown):
        await feedback.react(
            ReactionChange(user_id="1", message_id="2", channel_id="3", guild_id=None, emoji="👍", added=True)
        )
