"""A request asks the database once for what its server has set, whatever door it comes in by."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from bot.documents import GuildSettings
from tests.cogs.doors import MENU, answers, called


@contextmanager
def counting(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The servers whose settings are asked for meanwhile, in order."""
    asked: list[str] = []
    of_guild = GuildSettings.of_guild

    async def counted(guild_id: str) -> GuildSettings:
        asked.append(guild_id)
        return await of_guild(guild_id)

    with monkeypatch.context() as patch:
        patch.setattr(GuildSettings, "of_guild", counted)
        yield asked


@pytest.mark.parametrize("door", ["/vibe", "/moods", "Again", "Darker", "message", "menu", "mood button"])
async def test_the_rules_of_a_server_are_fetched_once(
    stage: Any, card: Any, monkeypatch: pytest.MonkeyPatch, door: str
) -> None:
    posted = (await stage.vibe("calm piano")).response
    moods = (await stage.ada.slash(stage.channel, "moods")).response
    message = await stage.bo.send(stage.channel, "happy jazz")
    with counting(monkeypatch) as asked:
        made = None
        match door:
            case "/vibe":
                made = await stage.vibe("sad jazz")
            case "/moods":
                made = await stage.ada.slash(stage.channel, "moods", mood="happy")
            case "message":
                await stage.ada.send(stage.channel, called(stage, "sad jazz"))
            case "menu":
                made = await stage.ada.context_menu(stage.channel, MENU, message)
            case "mood button":
                made = await stage.ada.click(moods, label=card(moods).labels[0])
            case _:
                made = await stage.bo.click(posted, label=door)
    answer = answers(stage)[-1] if made is None else made.response.message
    assert "I heard" in card(answer).text
    assert [reaction.emoji for reaction in answer.reactions] == ["👍", "👎", "❤️", "⏭️"]
    assert asked == [str(stage.guild.id)]
