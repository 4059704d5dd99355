"""Presses whose names were forged: what was private, or shown on another server, stays there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from bot.client.bot import PERMISSIONS
from bot.client.cards.custom_ids import playlist_ids
from bot.documents import FeedbackEvent, Playlist
from tests.cogs.staging import Stage

OPENING: tuple[Callable[[str], str], ...] = (
    lambda key: playlist_ids.next_one(key, "calmer"),
    lambda key: playlist_ids.rate_set(key, "love"),
    lambda key: playlist_ids.rate_song(key, "0" * 24, "love"),
    lambda key: playlist_ids.turn_page(key, 0),
    playlist_ids.why,
    lambda key: playlist_ids.turn_why(key, 0),
    lambda key: playlist_ids.undo_step(key, "1"),
    playlist_ids.export,
    playlist_ids.save,
)
"""Every button of a playlist's card, by the playlist's id."""


async def forged(stage: Stage, who: Any, message: Any, custom_id: str) -> Any:
    """Somebody presses a button that they gave another name."""
    stored = stage.env.backend.get_message(message.channel_id, message.id)
    named = {"type": 2, "id": 2, "style": 2, "label": "X", "custom_id": custom_id}
    stored.components = [{"type": 1, "id": 1, "components": [named]}]
    return await who.click(message, custom_id=custom_id)


def told(card: Any, result: Any) -> str:
    return "\n".join(card(message).text for message in (result.response, *result.followups) if message is not None)


@pytest.fixture
async def elsewhere(stage: Stage) -> str:
    """The id of a playlist that was posted on another server."""
    guild = stage.env.create_guild("Elsewhere")
    role = guild.roles[stage.env.backend.bot_user.name]
    stage.env.backend.edit_role(guild.id, role.id, {"permissions": PERMISSIONS.value})
    eve = guild.add_member(stage.env.create_user("eve", global_name="Eve"))
    made = await eve.slash(guild.create_text_channel("music"), "vibe", text="happy", songs=5)
    return str((await Playlist.of_message(str(made.response.id))).id)


async def test_another_members_private_set_and_another_servers_are_out_of_reach(
    stage: Stage, card: Any, elsewhere: str
) -> None:
    private = await stage.vibe("angry metal", songs=5, only_me=True)
    secret = card(private.response).playlist_id
    posted = (await stage.vibe("calm", songs=5)).response
    made = await Playlist.count()
    for key in (secret, elsewhere):
        for name in OPENING:
            result = await forged(stage, stage.bo, posted, name(key))
            assert "That playlist is no longer there" in told(card, result), name(key)
    assert await FeedbackEvent.count() == 0
    assert await Playlist.count() == made
    assert "Why these songs" in told(card, await forged(stage, stage.ada, posted, playlist_ids.why(secret)))


async def test_taking_a_step_back_shows_nobody_what_was_private_before(stage: Stage, card: Any) -> None:
    await stage.vibe("angry metal", songs=5, only_me=True)
    shown = (await stage.ada.slash(stage.channel, "again", only_me=False)).response
    assert not shown.ephemeral
    result = await forged(stage, stage.bo, shown, playlist_ids.undo_step(card(shown).playlist_id, ""))
    assert "That playlist is no longer there" in told(card, result)


async def test_a_button_that_nothing_answers_any_more_says_so(stage: Stage, card: Any) -> None:
    posted = (await stage.vibe("calm", songs=5)).response
    for name in ("vibrato:next:0:louder", "vibrato:mood-own:1:secret:remove", "somebody:else"):
        result = await forged(stage, stage.bo, posted, name)
        assert "That button is no longer there" in told(card, result)
        assert result.ephemeral
