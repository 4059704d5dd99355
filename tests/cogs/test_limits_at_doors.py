"""Three playlists a minute, whichever door they are asked at."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.catalogue.index import Catalogue
from bot.documents import Playlist
from bot.errors import NotYet
from bot.services.rate_limits import RequestLimits
from tests.cogs.doors import answers, called
from tests.cogs.staging import Stage, open_stage


@pytest.fixture
async def limited(stock: Catalogue, make_bot: Any) -> AsyncIterator[Stage]:
    """The stage with the limits as they are in life."""
    async for opened in open_stage(make_bot(stock, RequestLimits())):
        yield opened


async def test_three_a_minute_whichever_door_and_ratings_always(limited: Any, card: Any, events: Any) -> None:
    stage = limited
    posted = (await stage.vibe("calm")).response
    await stage.ada.send(stage.channel, called(stage, "calm piano"))
    again = await stage.ada.slash(stage.channel, "again")
    assert "I heard" in card(again.response).text
    [told] = (await stage.vibe("calm")).followups
    assert told.ephemeral
    assert "One moment, please" in card(told).text
    assert "<t:" in card(told).text
    [told] = (await stage.ada.click(posted, label="Calmer")).followups
    assert "One moment, please" in card(told).text
    assert await Playlist.count() == 3
    # Neither the ratings nor anybody else's requests are held up.
    await stage.ada.react(posted.message, "❤️")
    assert "I will remember" in card((await stage.ada.click(posted, label="Not it")).response).text
    assert [event["event"] for event in await events()] == ["again", "love", "dislike"]
    assert "I heard" in card((await stage.bo.slash(stage.channel, "vibe", text="calm")).response).text


async def test_a_storm_of_mentions_is_told_once(limited: Any, card: Any) -> None:
    for number in range(8):
        await limited.ada.send(limited.channel, called(limited, "calm piano" if number % 2 else ""))
    shown = [card(message).text for message in answers(limited)]
    assert len(shown) == 4
    assert sum("One moment, please" in words for words in shown) == 1


async def test_direct_messages_have_the_same_limit(limited: Any, card: Any) -> None:
    for _ in range(5):
        await limited.ada.user.send_dm("calm piano")
    shown = [card(message).text for message in answers(limited, limited.ada.user.dm_channel)]
    assert len(shown) == 4
    assert sum("I heard" in words for words in shown) == 3
    assert sum("<t:" in words for words in shown) == 1


async def test_one_at_a_time_and_the_answer_says_so(limited: Any, card: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    stage = limited
    make, inner = stage.bot.services.playlists._make, []

    async def slow(*arguments: Any) -> Any:
        if not inner:
            inner.append(None)
            requester = arguments[0].requester
            with pytest.raises(NotYet) as refused:
                async with stage.bot.services.limits.request(requester):
                    raise AssertionError("not reached")
            inner.append(refused.value)
        return await make(*arguments)

    monkeypatch.setattr(stage.bot.services.playlists, "_make", slow)
    await stage.vibe("calm")
    assert inner[1].busy
    assert "I heard" in card((await stage.vibe("calm")).response).text
