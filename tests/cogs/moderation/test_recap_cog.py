"""/recap: the sounds of a server, told openly, and by itself where moderators want that."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.documents import GuildSettings, Playlist
from bot.errors import NotAllowed
from bot.services.guilds.recaps import next_recap
from bot.services.job_ledger import Ledger
from bot.services.privacy.erasure import erase_guild
from tests.cogs.playlists.test_group_vibe import rated


async def test_a_week_is_told_and_played_without_what_was_private(stage: Any, card: Any) -> None:
    told = await stage.ada.slash(stage.channel, "recap")
    assert told.ephemeral
    assert "Nothing was played here in the last week" in card(told.response).text
    first = card((await stage.vibe("sad jazz @everyone", songs=12)).response)
    secret = card((await stage.vibe("angry metal", songs=5, only_me=True)).response)
    await rated(stage, stage.bo, first, ["skip", "love", "like"])
    await rated(stage, stage.ada, first, ["skip", "skip", "love"])
    await rated(stage, stage.ada, secret, ["love"])

    told = await stage.bo.slash(stage.channel, "recap", period="month")
    assert not told.ephemeral
    seen = card(told.response)
    songs = (await stage.bot.services.playlists.view(first.playlist_id)).songs
    assert "The sounds of this server: the last month" in seen.text
    assert "**1** playlist, for **1** member" in seen.text
    assert "jazz (1)" in seen.text
    assert "metal" not in seen.text
    assert seen.text.index(songs[2].title) < seen.text.index(songs[1].title)
    assert "Ada" not in seen.text
    assert "Bo" not in seen.text.split("❤️")[0].partition("Loved")[0]
    [posted] = told.followups
    played = card(posted)
    view = await stage.bot.services.playlists.view(played.playlist_id)
    assert [song.title for song in view.songs[:2]] == [songs[2].title, songs[1].title]
    assert len(view.songs) == 10
    assert "of the playlist before stayed" not in played.text
    assert len(posted.message.reactions) == 4
    assert "I heard" in card((await stage.ada.click(posted, label="Calmer")).response).text


async def test_moderators_have_it_posted_once_and_only_then(stage: Any, card: Any) -> None:
    refused = await stage.ada.slash(stage.channel, "recap", post="week")
    assert "It takes the permission" in card(refused.response).text
    await stage.vibe("happy", songs=6)
    recaps, guild_id = stage.bot.services.recaps, str(stage.guild.id)
    following = await recaps.post_every(guild_id, str(stage.channel.id), "week")
    assert following == next_recap("week", ZoneInfo("UTC"), datetime.now(UTC))

    late = following + timedelta(minutes=5)
    for _ in range(2):
        assert await Ledger().once("post-recaps", late, recaps.post_due)
        late += timedelta(hours=1)
    shown = [card(message) for message in stage.channel.history() if message.components]
    assert sum("The sounds of this server" in one.text for one in shown) == 1
    assert sum("Recap of the last week" in one.text for one in shown) == 1
    settings = await GuildSettings.of_guild(guild_id)
    assert settings.recap.next_at == following + timedelta(days=7)

    # Where it may not be posted it cannot be wanted.
    bare = stage.closed_channel("closed", send_messages=False)
    with pytest.raises(NotAllowed):
        await recaps.post_every(guild_id, str(bare.id), "month")

    # Where it may not be posted any more it is switched off, and its moderators are told; off is off; a server that
    # goes takes its recaps along.
    news = stage.guild.create_text_channel("news")
    stage.env.backend.edit_guild(stage.guild.id, {"system_channel_id": news.id})
    following = await recaps.post_every(guild_id, str(stage.channel.id), "month")
    stage.env.backend.delete_channel(stage.channel.id)
    await stage.env.settle()
    assert await Ledger().once("post-recaps", following + timedelta(minutes=5), recaps.post_due)
    assert (await GuildSettings.of_guild(guild_id)).recap is None
    [told] = news.history()
    assert f"I post no recap in <#{stage.channel.id}> any more" in card(told).text
    assert await Playlist.count() == 2
    await erase_guild(guild_id)
    assert await Playlist.count() == 1


def test_it_comes_on_mondays_or_the_first_of_a_month_on_the_servers_clock() -> None:
    zone, sunday = ZoneInfo("America/New_York"), datetime(2026, 10, 25, 22, tzinfo=UTC)
    assert next_recap("week", zone, sunday) == datetime(2026, 10, 26, 21, tzinfo=UTC)
    assert next_recap("week", zone, datetime(2026, 10, 26, 21, tzinfo=UTC)) == datetime(2026, 11, 2, 22, tzinfo=UTC)
    assert next_recap("month", zone, sunday) == datetime(2026, 11, 1, 22, tzinfo=UTC)
