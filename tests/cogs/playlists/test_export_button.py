"""Export under a card: the set as files for the one who asks, and one FeedbackEvent."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

from bot.catalogue.index import Catalogue
from bot.documents import Playlist, Track
from tests.cogs.staging import Card, Stage, keeping_time, open_stage


async def test_bo_takes_adas_set_home_as_files(stage: Stage, events: Any, card: Any) -> None:
    posted = (await stage.vibe(songs=12)).response
    result = await stage.bo.click(posted, label="Export")
    assert result.response.ephemeral
    files = {file.filename.rpartition(".")[2]: await file.read() for file in result.response.attachments}
    assert set(files) == {"csv", "m3u8", "jspf"}
    rows = list(csv.DictReader(io.StringIO(files["csv"].decode("utf-8-sig"), newline="")))
    tracks = json.loads(files["jspf"])["playlist"]["track"]
    assert len(rows) == len(tracks) == 12
    shown = card(posted).text
    assert all(row["Track Name"] in shown for row in rows[:3])
    assert files["m3u8"].startswith(b"#EXTM3U\n")
    # The demo's songs are invented: the card says that the files have no address for them.
    assert "no address on Spotify" in Card(result.response.components).text
    (event,) = await events()
    assert (event["event"], event["contextJson"]["source"]) == ("export", "button")
    assert str(event["playlistId"]) == card(posted).playlist_id


async def test_each_press_is_one_event_and_nobody_else_sees_the_files(stage: Stage, events: Any) -> None:
    posted = (await stage.vibe()).response
    for who in (stage.ada, stage.bo):
        assert (await who.click(posted, label="Export")).response.ephemeral
    assert [event["event"] for event in await events()] == ["export", "export"]


async def test_songs_with_hostile_names_come_out_as_text(stage: Stage, card: Any) -> None:
    hostile = '=HYPERLINK("http://evil")\n#EXTINF:1,x\nfile:///etc/passwd'
    posted = (await stage.vibe()).response
    await Track.get_motor_collection().update_many({}, {"$set": {"name": hostile}})
    result = await stage.bo.click(posted, label="Export")
    files = {
        file.filename.rpartition(".")[2]: (await file.read()).decode("utf-8-sig")
        for file in result.response.attachments
    }
    assert all(row["Track Name"].startswith("'=") for row in csv.DictReader(io.StringIO(files["csv"], newline="")))
    assert all(line.startswith("#") for line in files["m3u8"].splitlines())
    json.loads(files["jspf"])


async def test_where_the_bot_may_attach_nothing_it_says_so_and_stores_nothing(stage: Stage, events: Any) -> None:
    closed = stage.closed_channel("closed", attach_files=False)
    posted = (await stage.ada.slash(closed, "vibe", text="calm piano")).response
    told = (await stage.bo.click(posted, label="Export")).response
    assert told.ephemeral
    assert "Attach Files" in Card(told.components).text
    assert await events() == []


async def test_a_playlist_that_is_gone_is_told(stage: Stage, events: Any) -> None:
    posted = (await stage.vibe()).response
    await Playlist.get_motor_collection().delete_many({})
    told = (await stage.bo.click(posted, label="Export")).response
    assert "no longer there" in Card(told.components).text
    assert await events() == []


async def test_without_the_database_nothing_is_handed_out(stoppable_mongod: Any, make_bot: Any, stocked: Any) -> None:
    await Track.get_motor_collection().insert_many(stocked.documents)
    async for stage in open_stage(make_bot(await Catalogue.load())):
        posted = (await stage.vibe()).response
        stoppable_mongod.freeze()
        async with keeping_time(stage.env):
            told = (await stage.bo.click(posted, label="Export")).response
        assert "cannot reach my memory" in Card(told.components).text
        assert not told.attachments
