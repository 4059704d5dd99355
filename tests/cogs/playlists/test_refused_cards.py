"""A card that Discord will not take in any form: every place stops at once, says so and keeps the playlist."""

from __future__ import annotations

import logging
from typing import Any

import aiohttp
import pytest

from bot.client.interaction_response import InteractionReply
from bot.documents import Playlist
from tests.cogs.doors import called


def refusals(caplog: pytest.LogCaptureFixture) -> int:
    return sum("Discord refused a card" in entry.getMessage() for entry in caplog.records)


@pytest.mark.parametrize("code", [10003, 50001])
async def test_an_answer_to_a_message_is_tried_once_where_the_channel_is_closed(
    stage: Any, caplog: pytest.LogCaptureFixture, code: int
) -> None:
    stage.env.inject_error("PATCH", "/channels/*/messages/*", status=403, code=code, times=None)
    with caplog.at_level(logging.WARNING):
        await stage.ada.send(stage.channel, called(stage, "calm piano"))
    assert refusals(caplog) == 1
    assert await Playlist.count() == 1


async def test_a_follow_up_is_tried_once_where_the_webhook_is_gone(
    stage: Any, caplog: pytest.LogCaptureFixture
) -> None:
    await stage.vibe("sad jazz", songs=12)
    stage.env.inject_error("POST", "/webhooks/*", status=404, code=10015, times=None)
    with caplog.at_level(logging.WARNING):
        await stage.ada.slash(stage.channel, "recap")
    assert refusals(caplog) == 1
    assert await Playlist.count() == 2


async def test_a_connection_that_breaks_is_no_bug_of_ours(
    stage: Any, card: Any, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: object, **__: object) -> None:
        raise aiohttp.ServerDisconnectedError

    monkeypatch.setattr(InteractionReply, "edit", broken)
    with caplog.at_level(logging.WARNING):
        (told,) = (await stage.vibe("calm piano")).followups
    assert refusals(caplog) == 1
    assert "Discord did not take my answer" in card(told).text
    assert "The playlist itself is kept" in card(told).text


async def test_reactions_are_not_added_where_the_bot_cannot_look(stage: Any, card: Any) -> None:
    """Discord answers commands there all the same, as the application's own answers need no permission."""
    channel = stage.closed_channel("hidden", view_channel=False)
    shown = (await stage.ada.slash(channel, "vibe", text="calm piano")).response
    assert "I heard" in card(shown).text
    assert shown.message.reactions == []
    assert "I may not add reactions here" in card(shown).text
