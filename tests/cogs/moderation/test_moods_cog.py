"""/moods: all six, each with one press."""

from __future__ import annotations

from typing import Any

import pytest

from bot.documents import Mood, Playlist

SIX = {"😊": "Happy", "😢": "Sad", "⚡": "Energetic", "😌": "Chill", "🎯": "Focus", "🎉": "Party"}


async def test_the_six_have_icon_label_and_meaning(stage: Any, card: Any) -> None:
    shown = card((await stage.ada.slash(stage.channel, "moods")).response)
    lines = shown.text.splitlines()
    for icon, label in SIX.items():
        place = lines.index(f"{icon} **{label}**")
        assert len(lines[place + 1]) > len("-# ")
    assert shown.labels == [f"Play {label}" for label in SIX.values()]


@pytest.mark.parametrize("label", SIX.values())
async def test_one_press_plays_one(stage: Any, card: Any, label: str) -> None:
    listed = (await stage.ada.slash(stage.channel, "moods")).response
    result = await stage.bo.click(listed, label=f"Play {label}")
    assert not result.ephemeral
    assert label in card(result.response).text
    assert len(result.response.message.reactions) == 4
    assert await Playlist.of_message(str(result.response.id)) is not None


async def test_what_a_private_list_plays_is_private(stage: Any, card: Any) -> None:
    listed = await stage.ada.slash(stage.channel, "moods", only_me=True)
    assert listed.ephemeral
    result = await stage.ada.click(listed.response, label="Play Chill")
    assert result.ephemeral
    assert stage.channel.history(viewer=stage.bo) == []


async def test_a_servers_own_mood_is_played_there(stage: Any, card: Any) -> None:
    key = f"{stage.guild.id}:happy"
    await Mood(
        key=key, label="Glad", icon="🌞", order=1, defaults={"energy": {"low": 0.6}}, guild_id=str(stage.guild.id)
    ).insert()
    listed = (await stage.ada.slash(stage.channel, "moods")).response
    assert "🌞 **Glad**" in card(listed).text
    assert "Play Happy" not in card(listed).labels
    result = await stage.ada.click(listed, label="Play Glad")
    assert "Energy" in card(result.response).text


async def test_a_mood_that_is_gone_is_told(stage: Any, card: Any) -> None:
    listed = (await stage.ada.slash(stage.channel, "moods")).response
    await Mood.get_motor_collection().delete_many({"key": "party"})
    (told,) = (await stage.ada.click(listed, label="Play Party")).followups
    assert told.ephemeral
    assert "That mood is no longer there" in card(told).text


async def test_more_moods_than_buttons_are_chosen_in_a_menu(stage: Any, card: Any) -> None:
    for number in range(10):
        key = f"{stage.guild.id}:extra{number}"
        await Mood(
            key=key,
            label=f"Extra {number}",
            icon="🎵",
            order=20 + number,
            defaults={"energy": {"low": 0.6}},
            guild_id=str(stage.guild.id),
        ).insert()
    listed = (await stage.ada.slash(stage.channel, "moods")).response
    assert len(card(listed).menu["options"]) == 16
    result = await stage.ada.select(listed, [f"{stage.guild.id}:extra3"])
    assert "Extra 3" in card(result.response).text


async def test_a_command_that_is_no_more_is_told(stage: Any, card: Any) -> None:
    stage.bot.tree.remove_command("moods")
    result = await stage.ada.slash(stage.channel, "moods")
    assert result.ephemeral
    assert "This command has changed" in card(result.response).text
    (error,) = stage.env.errors
    assert type(error).__name__ == "CommandNotFound"
