"""Reactions under a card: each change of a member's is one event, whenever it comes."""

from __future__ import annotations

import logging
from typing import Any

import pytest

from bot.catalogue.index import Catalogue
from bot.errors import DatabaseDown


@pytest.fixture
async def posted(stage: Any) -> Any:
    return (await stage.vibe()).response.message


@pytest.mark.parametrize(("emoji", "event"), [("👍", "like"), ("👎", "dislike"), ("❤️", "love"), ("⏭️", "skip")])
async def test_each_reaction_has_its_meaning(stage: Any, posted: Any, events: Any, emoji: str, event: str) -> None:
    await stage.bo.react(posted, emoji)
    (stored,) = await events()
    assert stored["event"] == event
    assert stored["contextJson"]["emoji"] in (emoji, emoji.rstrip("\ufe0f"))


async def test_add_remove_add_are_three_events(stage: Any, posted: Any, events: Any) -> None:
    await stage.bo.react(posted, "❤️")
    await stage.bo.unreact(posted, "❤️")
    await stage.bo.react(posted, "❤️")
    first, second, third = await events()
    assert [first["event"], second["event"], third["event"]] == ["love", "remove", "love"]
    assert second["undoes"] == first["_id"]


async def test_twenty_deliveries_at_once_are_one_event(stage: Any, posted: Any, events: Any) -> None:
    payload = {
        "user_id": str(stage.bo.id),
        "channel_id": str(stage.channel.id),
        "message_id": str(posted.id),
        "guild_id": str(stage.guild.id),
        "message_author_id": str(stage.bot.user.id),
        "emoji": {"id": None, "name": "👍"},
        "burst": False,
        "type": 0,
    }
    for _ in range(20):
        stage.env.backend.emit("MESSAGE_REACTION_ADD", dict(payload))
    await stage.env.settle()
    assert [stored["event"] for stored in await events()] == ["like"]


async def test_reactions_count_after_a_restart(stage: Any, posted: Any, events: Any, make_bot: Any) -> None:
    await stage.bo.react(posted, "👍")
    await stage.env.restart_bot(make_bot(await Catalogue.load()))
    await stage.bo.unreact(posted, "👍")
    await stage.ada.react(posted, "❤️")
    assert [stored["event"] for stored in await events()] == ["like", "remove", "love"]


async def test_bots_are_ignored(stage: Any, posted: Any, events: Any) -> None:
    other = stage.guild.add_member(stage.env.create_user("robot", bot=True))
    await other.react(posted, "👍")
    await other.unreact(posted, "👍")
    assert await events() == []


async def test_what_is_no_card_or_no_feedback_is_ignored(stage: Any, posted: Any, events: Any) -> None:
    await stage.bo.react(await stage.ada.send(stage.channel, "hello"), "👍")
    await stage.bo.react(posted, "🧀")
    await stage.bo.unreact(posted, "🧀")
    assert await events() == []


async def test_reactions_in_a_direct_message_count(stage: Any, events: Any) -> None:
    message = (await stage.ada.user.slash("vibe", text="calm piano")).response.message
    await stage.ada.user.set_reaction(message, "👍", reacted=True)
    assert [stored["event"] for stored in await events()] == ["like"]


@pytest.mark.parametrize("error", [DatabaseDown(cause="gone"), ZeroDivisionError()])
async def test_what_goes_wrong_is_logged_and_the_next_one_counts(
    stage: Any, posted: Any, events: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, error: Any
) -> None:
    async def broken(_: object) -> None:
        raise error

    with monkeypatch.context() as patched, caplog.at_level(logging.ERROR):
        patched.setattr(stage.bot.services.feedback, "react", broken)
        await stage.bo.react(posted, "👍")
    assert any("was lost" in entry.getMessage() for entry in caplog.records)
    await stage.bo.react(posted, "❤️")
    assert [stored["event"] for stored in await events()] == ["love"]
