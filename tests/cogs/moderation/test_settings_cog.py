"""The story of a server's settings: a moderator changes them on a card, and every request keeps to them."""

from __future__ import annotations

from typing import Any

import pytest

from bot.catalogue.index import Catalogue
from bot.documents import GenerationSession, GuildSettings, Playlist, Track
from tests.cogs.staging import Stage


@pytest.fixture
async def opened(stage: Stage, mo: Any) -> Any:
    """The card of /settings."""
    return (await mo.slash(stage.channel, "settings")).response


def told(card: Any, result: Any) -> str:
    """Everything that somebody was answered."""
    return "\n".join(card(message).text for message in (result.response, *result.followups) if message is not None)


async def played(result: Any) -> Any:
    """The stored playlist of an answer."""
    return await Playlist.of_message(str(result.response.id))


async def test_the_card_shows_what_holds_before_anything_is_set(stage: Stage, opened: Any, card: Any) -> None:
    assert opened.ephemeral
    words = card(opened).text
    assert "**Where** · vibes in every channel" in words
    assert "**Who** · everyone" in words
    assert "25 songs, when nothing else is said" in words
    assert "👍 like, 👎 dislike, ❤️ love, ⏭️ skip" in words
    assert "**Time zone** · UTC · " in words
    assert await GuildSettings.count() == 0


async def test_vibes_stay_in_their_channel(stage: Stage, mo: Any, opened: Any, card: Any) -> None:
    other = stage.guild.create_text_channel("general")
    changed = await mo.select(opened, [stage.channel], custom_id="vibrato:settings:channels")
    assert f"Vibes can be asked for only in <#{stage.channel.id}>" in card(changed.response).text
    refused = await stage.ada.slash(other, "vibe", text="calm jazz")
    assert f"This server asks for vibes in <#{stage.channel.id}>" in told(card, refused)
    assert refused.ephemeral
    assert other.history(viewer=stage.bo) == []
    assert await GenerationSession.count() == 0
    refused = await stage.ada.slash(other, "moods", mood="happy")
    assert "Not in this channel" in told(card, refused)
    assert await played(await stage.ada.slash(other, "vibe", text="calm jazz", only_me=True)) is not None
    assert await played(await stage.vibe()) is not None
    await mo.select(opened, [], custom_id="vibrato:settings:channels")
    assert await played(await stage.ada.slash(other, "vibe", text="calm jazz")) is not None


async def test_an_old_card_keeps_to_the_channel_too(stage: Stage, mo: Any, opened: Any, card: Any) -> None:
    other = stage.guild.create_text_channel("general")
    posted = await stage.ada.slash(other, "vibe", text="calm jazz")
    await mo.select(opened, [stage.channel], custom_id="vibrato:settings:channels")
    pressed = await stage.bo.click(posted.response, label="Calmer")
    assert "Not in this channel" in told(card, pressed)
    assert await Playlist.count() == 1


async def test_only_some_roles_may_ask(stage: Stage, mo: Any, opened: Any, card: Any) -> None:
    dj = stage.guild.create_role("DJ")
    eve = stage.guild.add_member(stage.env.create_user("eve", global_name="Eve"), roles=[dj])
    changed = await mo.select(opened, [dj], custom_id="vibrato:settings:roles")
    assert f"Only <@&{dj.id}> may ask, and moderators" in card(changed.response).text
    refused = await stage.vibe()
    assert f"On this server <@&{dj.id}> may ask for vibes" in told(card, refused)
    assert await played(await eve.slash(stage.channel, "vibe", text="calm jazz")) is not None
    assert await played(await mo.slash(stage.channel, "vibe", text="calm jazz")) is not None


async def test_the_usual_length_is_the_servers(stage: Stage, mo: Any, opened: Any, card: Any) -> None:
    changed = await mo.select(opened, ["10"], custom_id="vibrato:settings:length")
    assert "A set has 10 songs when nothing else is said" in card(changed.response).text
    assert len((await played(await stage.vibe())).tracks) == 10
    assert len((await played(await stage.vibe("calm, 7 songs"))).tracks) == 7


async def test_clean_songs_only(stage: Stage, mo: Any, opened: Any, card: Any) -> None:
    changed = await mo.click(opened, label="Play clean songs only")
    assert "Every playlist here has clean songs only" in card(changed.response).text
    playlist = await played(await stage.vibe("party, 40 songs"))
    tracks = await Track.find({"_id": {"$in": [song.track_id for song in playlist.tracks]}}).to_list()
    assert {track.explicit for track in tracks} == {False}
    again = await mo.click(changed.response, label="Allow explicit songs")
    assert "Explicit songs may be played again" in card(again.response).text


async def test_genres_and_artists_are_left_out(stage: Stage, mo: Any, opened: Any, card: Any, stock: Catalogue) -> None:
    track = await Track.find_one({"genres": {"$ne": "jazz"}})
    assert track is not None
    artist = track.artists[0].name
    form = await mo.click(opened, label="Genres and artists left out")
    changed = await mo.submit_modal(form, {"genres": "Jazz, hiphop", "artists": f"{artist}\nNobody At All"})
    words = card(changed.response).text
    assert f"of {stock.size} songs remain for this server" in words
    assert "I have no song by Nobody At All" in words
    assert "genres: jazz, hip hop" in words
    playlist = await played(await stage.vibe("calm, 60 songs"))
    tracks = await Track.find({"_id": {"$in": [song.track_id for song in playlist.tracks]}}).to_list()
    assert not [one for one in tracks if any("jazz" in genre for genre in one.genres)]
    assert not [one for one in tracks if artist in [who.name for who in one.artists]]
    refused = await stage.vibe("songs by " + artist)
    assert f"nothing by {artist}" in told(card, refused)


@pytest.mark.parametrize(
    ("label", "fields", "words"),
    [
        ("Genres and artists left out", {"genres": "jaz, flurbcore"}, "I do not know one of the genres"),
        ("Reactions, and what they mean", {"like": "thumbs"}, "Only emoji can be reactions"),
        ("Reactions, and what they mean", {"like": "👍", "love": "👍"}, "cannot mean two things"),
        ("Reactions, and what they mean", {"like": "<:pepe:123>"}, "emoji is of another server"),
        ("Reactions, and what they mean", {"like": "🍎🍏🍐🍊🍋🍌", "love": "🍉🍇🍓🫐🍈"}, "too many reactions"),
        ("Time zone", {"zone": "Atlantis"}, "I do not know that time zone"),
    ],
)
async def test_what_cannot_be_taken_is_told_and_changes_nothing(
    stage: Stage, mo: Any, opened: Any, card: Any, label: str, fields: dict[str, str], words: str
) -> None:
    form = await mo.click(opened, label=label)
    values = {part["component"]["custom_id"]: "" for part in form.modal["components"]}
    result = await mo.submit_modal(form, {**values, **fields})
    assert words in card(result.followups[0]).text
    assert await GuildSettings.count() == 0


async def test_the_reactions_are_the_servers(stage: Stage, mo: Any, opened: Any, card: Any, events: Any) -> None:
    form = await mo.click(opened, label="Reactions, and what they mean")
    assert form.modal["components"][0]["component"]["value"] == "👍"
    await mo.submit_modal(form, {"like": "🦆", "dislike": "", "love": "❤️", "skip": "", "never": "🧊"})
    posted = await stage.vibe()
    assert [str(reaction.emoji) for reaction in posted.response.message.reactions] == ["🦆", "❤️", "🧊"]
    await stage.bo.react(posted.response, "🧊")
    await stage.bo.react(posted.response, "👎")
    assert [event["event"] for event in await events()] == ["never"]


async def test_no_reaction_at_all(stage: Stage, mo: Any, opened: Any, card: Any, events: Any) -> None:
    form = await mo.click(opened, label="Reactions, and what they mean")
    result = await mo.submit_modal(form, dict.fromkeys(("like", "dislike", "love", "skip", "never"), ""))
    assert "No reaction counts any more" in card(result.response).text
    posted = await stage.vibe()
    assert posted.response.message.reactions == []
    await stage.bo.react(posted.response, "👍")
    assert await events() == []


async def test_the_time_zone_is_found_by_its_city(stage: Stage, mo: Any, opened: Any, card: Any) -> None:
    form = await mo.click(opened, label="Time zone")
    changed = await mo.submit_modal(form, {"zone": "new york"})
    assert "Times here are those of America/New_York: it is " in card(changed.response).text
    assert (await stage.bot.services.settings.of(str(stage.guild.id))).time_zone == "America/New_York"


async def test_a_recap_comes_by_itself_where_it_is_wanted(stage: Stage, mo: Any, opened: Any, card: Any) -> None:
    assert "**Recap** · none comes by itself" in card(opened).text
    changed = await mo.select(opened, ["week"], custom_id="vibrato:settings:recap")
    assert (
        f"Every week I post the sounds of this server in <#{stage.channel.id}>, next <t:" in card(changed.response).text
    )
    other, closed = stage.guild.create_text_channel("general"), stage.closed_channel("closed", send_messages=False)
    refused = await mo.select(changed.response, [closed], custom_id="vibrato:settings:recap-channel")
    assert f"I lack the permission **Send Messages** in <#{closed.id}>" in told(card, refused)
    moved = await mo.select(changed.response, [other], custom_id="vibrato:settings:recap-channel")
    assert f"**Recap** · every week in <#{other.id}>, next <t:" in card(moved.response).text
    before = (await stage.bot.services.settings.of(str(stage.guild.id))).recap
    await mo.submit_modal(await mo.click(moved.response, label="Time zone"), {"zone": "Tokyo"})
    after = (await stage.bot.services.settings.of(str(stage.guild.id))).recap
    assert (before.next_at.hour, after.next_at.hour) == (17, 8)
    assert after.channel_id == str(other.id)
    off = await mo.select(moved.response, ["off"], custom_id="vibrato:settings:recap")
    assert "**Recap** · none comes by itself" in card(off.response).text


async def test_credits_can_be_hidden(stage: Stage, mo: Any, opened: Any, card: Any, stock: Catalogue) -> None:
    assert f"Chosen from {stock.size} songs" in card((await stage.vibe()).response).text
    await mo.click(opened, label="Hide credits")
    assert "Chosen from" not in card((await stage.vibe()).response).text


async def test_who_may_not_manage_the_server_is_refused(stage: Stage, mo: Any, opened: Any, card: Any) -> None:
    command = stage.env.backend.find_command("settings", stage.guild.id, type=1)
    stage.guild.set_command_permissions(int(command["id"]), {stage.ada: True})
    refused = await stage.ada.slash(stage.channel, "settings")
    assert "Manage Server" in card(refused.response).text
    form = await mo.click(opened, label="Time zone")
    role = stage.guild.roles["Moderator"]
    stage.env.backend.edit_role(stage.guild.id, role.id, {"permissions": 0})
    for result in (
        await mo.click(opened, label="Play clean songs only"),
        await mo.select(opened, ["10"], custom_id="vibrato:settings:length"),
        await mo.click(opened, label="Time zone"),
        await mo.submit_modal(form, {"zone": "Berlin"}),
    ):
        assert "Manage Server" in told(card, result)
    assert await GuildSettings.count() == 0


async def test_the_fullest_settings_fit(stage: Stage, mo: Any, card: Any) -> None:
    settings = GuildSettings.of(str(stage.guild.id))
    settings.channels = settings.roles = [str(10**18 + number) for number in range(25)]
    settings.genres_out, settings.artists_out = ["*" * 80] * 40, ["@everyone [" + "_" * 80] * 40
    await settings.save()
    shown = card((await mo.slash(stage.channel, "settings")).response)
    assert len(shown.text) <= 4000
    assert "@everyone" not in shown.text
