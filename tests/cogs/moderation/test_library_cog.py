"""A moderator brings songs in from a file; others cannot; nothing that is uploaded breaks anything."""

from __future__ import annotations

import asyncio
import gzip
import io
import itertools
import zipfile
from typing import Any

import discord
import pytest

from bot.catalogue.index import Catalogue
from bot.client.interaction_response import InteractionReply
from bot.client.publishing import edit_throttle
from bot.documents import Track
from bot.services.library import catalogue_import as library_service
from bot.services.library.catalogue_import import LibraryService
from bot.wiring import wire
from tests.cogs.staging import Card, Stage, keeping_time, open_stage

EXPORTIFY = (
    "Track URI,Track Name,Album Name,Artist Name(s),Release Date,Duration (ms),Popularity,Explicit,Added By,Added At,"
    "Genres,Record Label,Danceability,Energy,Key,Loudness,Mode,Speechiness,Acousticness,Instrumentalness,Liveness,"
    "Valence,Tempo,Time Signature"
)


def song(n: int, **changes: str) -> str:
    cells = {
        "uri": f"spotify:track:{n:022d}",
        "title": f"Song {n}",
        "album": "Album",
        "artist": f"Artist {n % 7}",
        "released": "1987-05-01",
        "duration": "200000",
    } | changes
    return ",".join(
        (
            *cells.values(),
            "40,false,someone,2024-01-01T00:00:00Z,pop;dance pop,Label,0.5,0.6,5,-8.0,1,0.05,0.2,0.0,0.1,0.5,120.0,4",
        )
    )


def table(*rows: str) -> bytes:
    return "\n".join((EXPORTIFY, *rows, "")).encode()


def moderator(stage: Stage) -> Any:
    role = stage.guild.create_role("Moderators", permissions=discord.Permissions(manage_guild=True))
    return stage.guild.add_member(stage.env.create_user("mo", global_name="Mo"), roles=[role])


async def bring(stage: Stage, who: Any, name: str, contents: bytes) -> Any:
    return await who.slash(stage.channel, "library import", file=(name, contents))


def shown(result: Any) -> str:
    """What the one who asked reads: the answer, or the failure after it."""
    messages = [result.response, *result.followups]
    assert all(message.ephemeral for message in messages)
    return "\n".join(Card(message.components).text for message in messages)


async def test_a_moderator_brings_songs_in_and_they_are_played_at_once(stage: Stage) -> None:
    mo = moderator(stage)
    before = (await stage.bot.cogs["LibraryCog"]._library.info()).songs  # type: ignore[attr-defined]
    result = await bring(stage, mo, "our songs.csv", table(*(song(n) for n in range(40)), song(41, title="")))
    text = shown(result)
    assert "our songs.csv is in" in text
    assert "41 rows: **40** new songs, 0 updated, 0 unchanged, 1 row rejected" in text
    assert "line 42: title is missing" in text
    assert f"{before + 40:,} songs" in text
    assert await Track.find(Track.spotify_track_id == f"{7:022d}").count() == 1
    info = shown(await mo.slash(stage.channel, "library info"))
    assert f"**{before + 40:,}** songs" in info
    card = Card((await stage.vibe("dance pop from 1987 only", songs=5)).response.components)
    assert "open.spotify.com/track/0000" in card.text


async def test_the_same_file_twice_changes_nothing(stage: Stage) -> None:
    mo = moderator(stage)
    contents = table(*(song(n) for n in range(10)))
    await bring(stage, mo, "songs.csv", contents)
    assert "0 new songs, 0 updated, 10 unchanged" in shown(await bring(stage, mo, "songs.csv", contents)).replace(
        "**", ""
    )


async def test_many_bad_rows_are_listed_as_far_as_they_fit_and_all_in_a_file(stage: Stage) -> None:
    rows = [song(n, duration="-1", title=f"@everyone `{n}`") for n in range(200)]
    result = await bring(stage, moderator(stage), "songs.csv", table(song(999), *rows))
    text = shown(result)
    assert "200 rows were left out" in text
    assert "line 3: duration -1 is not between" in text
    assert "and 190 more" in text
    (attached,) = result.response.attachments
    assert attached.filename == "rejected-rows.txt"
    lines = (await attached.read()).decode().splitlines()
    assert len(lines) == 200
    assert lines[-1].startswith("line 202: ")


async def test_where_no_file_may_be_attached_the_list_is_short_and_says_so(stage: Stage) -> None:
    mo, closed = moderator(stage), stage.closed_channel("closed", attach_files=False)
    rows = [song(n, duration="-1") for n in range(20)]
    result = await mo.slash(closed, "library import", file=("songs.csv", table(*rows)))
    assert result.response.attachments == []
    assert "and 10 more" in shown(result)


async def test_who_may_not_manage_the_server_brings_nothing_in(stage: Stage) -> None:
    before = await Track.count()
    hidden: Any = stage.bot.cogs["LibraryCog"]
    payload = hidden.app_command.to_dict(stage.bot.tree)
    assert payload["default_member_permissions"] == discord.Permissions(manage_guild=True).value
    assert payload["contexts"] == [0]
    result = await forced(stage, stage.ada, "songs.csv", table(song(1)))
    assert "That is not yours to do" in shown(result)
    assert "Manage Server" in shown(result)
    assert await Track.count() == before


async def forced(stage: Stage, who: Any, name: str, contents: bytes) -> Any:
    """The command as somebody sends it from whom a server's own settings do not hide it."""
    cog: Any = stage.bot.cogs["LibraryCog"]
    cog.app_command.default_permissions = None
    with stage.env.time_context():
        await stage.bot.tree.sync()
    return await bring(stage, who, name, contents)


def zipped() -> bytes:
    """42 KB that would become 42 MB."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("songs.csv", b"0" * (42 << 20))
    return packed.getvalue()


@pytest.mark.parametrize(
    ("name", "contents", "reason"),
    [
        ("songs.zip", b"PK\x03\x04", "is no CSV file"),
        ("songs.xlsx", b"PK\x03\x04", "is a spreadsheet; save it as CSV"),
        ("songs.csv", zipped(), "is a ZIP archive or a spreadsheet"),
        ("songs.csv", gzip.compress(b"0" * (9 << 20), mtime=0), "is packed with gzip"),
        ("songs.csv", b"\x89PNG\r\n\x1a\n" + bytes(100), "is a picture"),
        ("songs.csv", b"MZ" + bytes(5000), "is no text"),
        ("songs.csv", "a,b\n1,2\n".encode("utf-16"), "UTF-16"),
        ("songs.csv", b"", "is empty"),
        ("songs.csv", b"\n\n\n", "is empty"),
        ("songs.csv", b"hello,world\n1,2\n", "has no header that is known"),
        ("songs.csv", b"x" * 300_000, "first line that is no header"),
        ("songs.csv", b'"' + b"," * 15_000 + b"\n", "has no header that is known"),
        ("songs.csv", b"\n" * 400_000, "more than 300,000 lines"),
        ("songs.csv", b"track_id\r" * 400_000, "more than 300,000 lines"),
        ("@everyone <b>.exe", b"MZ", "is no CSV file"),
    ],
    ids=lambda value: value[:40] if isinstance(value, str) else "",
)
async def test_what_is_no_table_of_songs_is_refused_with_its_reason(
    stage: Stage, name: str, contents: bytes, reason: str
) -> None:
    before = await Track.count()
    text = shown(await bring(stage, moderator(stage), name, contents))
    assert reason in text
    assert "@everyone" not in text
    assert await Track.count() == before


async def test_a_huge_file_is_refused_before_it_is_fetched(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    async def fetched(*_: object, **__: object) -> bytes:
        raise AssertionError("it was fetched")

    monkeypatch.setattr(discord.Attachment, "read", fetched)
    monkeypatch.setattr(library_service, "LARGEST_BYTES", 1 << 20)
    text = shown(await bring(stage, moderator(stage), "songs.csv", b"x" * (2 << 20)))
    assert "has 2 MB, and up to 1 MB are taken here" in text


async def test_an_operator_may_keep_the_catalogue_to_themselves(stage: Stage) -> None:
    cog: Any = stage.bot.cogs["LibraryCog"]
    cog._library._open = False
    text = shown(await bring(stage, moderator(stage), "songs.csv", table(song(1))))
    assert "switched off" in text
    assert "LIBRARY_IMPORT" in text


async def test_a_file_that_discord_does_not_hand_out_is_told(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    async def gone(*_: object, **__: object) -> bytes:
        raise discord.DiscordServerError(_Answer(), "down")  # type: ignore[arg-type]

    monkeypatch.setattr(discord.Attachment, "read", gone)
    text = shown(await bring(stage, moderator(stage), "songs.csv", table(song(1))))
    assert "Discord did not hand out the file" in text


class _Answer:
    status, reason = 503, "Service Unavailable"


async def test_a_database_that_goes_away_is_told_and_the_file_can_be_brought_in_again(
    stoppable_mongod: Any, parser: Any, executor: Any
) -> None:
    bot = wire(parser, await Catalogue.load(), executor).make_bot()
    async for stage in open_stage(bot):
        mo = moderator(stage)
        stoppable_mongod.freeze()
        async with keeping_time(stage.env):
            assert "cannot reach my memory" in shown(await bring(stage, mo, "songs.csv", table(song(1))))
        stoppable_mongod.thaw()
        async with keeping_time(stage.env):
            assert "**1** new songs" in shown(await bring(stage, mo, "songs.csv", table(song(1))))


async def test_progress_is_one_message_edited_no_more_often_than_discord_likes(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The importer tells of every batch; the message shows the latest of them once per turn."""
    edits: list[float] = []
    edit, real_import = InteractionReply.edit, library_service._imported

    async def watched(self: InteractionReply, card: Any, **options: Any) -> Any:
        edits.append(asyncio.get_running_loop().time())
        return await edit(self, card, **options)

    async def slowly(contents: bytes, on_progress: Any) -> Any:
        for done in range(60):
            on_progress("store", done, 60)
            await asyncio.sleep(0.1)
        return await real_import(contents, on_progress)

    monkeypatch.setattr(InteractionReply, "edit", watched)
    monkeypatch.setattr(library_service, "_imported", slowly)
    async with keeping_time(stage.env):
        result = await bring(stage, moderator(stage), "songs.csv", table(song(1)))
    assert len(edits) >= 2
    assert all(later - earlier >= edit_throttle.EDIT_SECONDS for earlier, later in itertools.pairwise(edits))
    assert "is in" in shown(result)
    assert result.followups == []


async def test_two_files_at_once_are_taken_one_after_the_other(database: Any) -> None:
    stages: list[tuple[str, str]] = []
    catalogue = Catalogue.from_records(())

    async def warm() -> None:
        return None

    library = LibraryService(catalogue=catalogue, warm=warm)

    async def one(name: str, n: int) -> None:
        def note(stage: str, *_: int) -> None:
            stages.append((name, stage))

        report = await library.bring_in(name, table(*(song(n + k) for k in range(5))), note)
        assert report.new == 5

    await asyncio.gather(one("a.csv", 0), one("b.csv", 100))
    assert ("b.csv", "wait") in stages or ("a.csv", "wait") in stages
    assert catalogue.size == 10
