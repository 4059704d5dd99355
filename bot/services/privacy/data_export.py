"""Everything that is kept about a member, as one file: JSON for programs, CSV for people, a page that explains it."""

from __future__ import annotations

import asyncio
import csv
import io
import json
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from bot.database import guarded
from bot.documents import Key, Track
from bot.documents.data_inventory import OF_MEMBERS
from bot.services.playlists.song_views import song_url
from bot.services.privacy.erasure import ids_of

Raw = Mapping[str, Any]

BATCH = 500
"""Songs looked up at once."""

_LINES = ",\n"
_LEVEL = 4
"""How hard the file is compressed: harder takes longer, and makes it hardly smaller."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet would take for a formula at the start of a cell."""

_README = """This is everything that Vibrato keeps about you, as of {moment}.

vibrato.json     all of it, for programs
*.csv            one table for each kind, for people and spreadsheets

requests         what you asked for. The words are deleted after 90 days; what was understood stays
playlists        the playlists that were made for you, with their songs
published        where on Spotify they were saved, and what you saved on your own account
saved            which playlists you saved on the account of a server
sessions         how each of them came about
feedback         what you pressed, reacted and rated
groups           sets that were for you and others: how each fitted you, and your taste as it was then
library          songs in your library, where you linked an account or brought a file, and how often you skipped them
accounts         which accounts are linked. The keys to them are stored encrypted, and are not in this file
cards            which message shows which of your playlists
schedules        vibes that you set up for a server
links            links that you began in the last minutes and have not ended
limits           how often you asked in the last minute
profile          your Discord id, name, and how you like playlists to be made
songs            the songs that the others name
{left_out}
Times are in UTC. In the CSV files an apostrophe stands before what a spreadsheet would take for a formula.
"""
_LEFT_OUT = """
The songs that were considered and not chosen are left out of sessions: with them this file would be too large.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """A file for a member: its name, its bytes, and how many entries of each kind are in it."""

    name: str
    content: bytes
    counts: tuple[tuple[str, int], ...]


async def export_member(discord_id: str, *, moment: datetime, limit: int) -> Export:
    """Everything about a member as a zip file of at most `limit` bytes, where leaving out workings reaches that.

    Raises DatabaseDown.
    """
    ids = await ids_of(discord_id)
    with guarded():
        found = {holding.name: await holding.read(ids) for holding in OF_MEMBERS}
        songs = await _songs(found)
    content = await asyncio.to_thread(_packed, found, songs, moment, working=True)
    if len(content) > limit:
        content = await asyncio.to_thread(_packed, found, songs, moment, working=False)
    counts = tuple((name, len(documents)) for name, documents in found.items())
    return Export(name=f"vibrato-{moment:%Y-%m-%d}.zip", content=content, counts=counts)


async def _songs(found: Mapping[str, Sequence[Raw]]) -> dict[Key, Raw]:
    """The songs of the member's playlists, feedback and library."""
    wanted = {entry["trackId"] for playlist in found["playlists"] for entry in playlist.get("tracks") or ()}
    for name in ("feedback", "library"):
        wanted |= {raw["trackId"] for raw in found[name] if raw.get("trackId") is not None}
    keys = list(wanted)
    songs: dict[Key, Raw] = {}
    for start in range(0, len(keys), BATCH):
        songs |= await Track.raws(keys[start : start + BATCH], "name", "artists.name", "spotifyTrackId")
    return songs


def _packed(found: Mapping[str, Sequence[Raw]], songs: Mapping[Key, Raw], moment: datetime, *, working: bool) -> bytes:
    """The zip file; without `working` the fields that say how things came about are left out."""
    dropped = {holding.name: () if working else holding.working for holding in OF_MEMBERS}
    tables: dict[str, list[Raw]] = {
        name: [{key: value for key, value in raw.items() if key not in dropped[name]} for raw in documents]
        for name, documents in found.items()
    }
    tables["songs"] = [_song(raw) for raw in songs.values()]
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=_LEVEL) as archive:
        explained = _README.format(moment=f"{moment:%Y-%m-%d %H:%M} UTC", left_out="" if working else _LEFT_OUT)
        archive.writestr("README.txt", explained)
        archive.writestr("vibrato.json", _all_as_json(tables))
        for name, rows in tables.items():
            if rows:
                archive.writestr(f"{name}.csv", _csv(_readable(name, rows, songs)))
    return file.getvalue()


def _all_as_json(tables: Mapping[str, Sequence[Raw]]) -> str:
    """One object with a list for each table, a line for each entry."""
    lists = (
        f"{_json(name)}: [\n{_LINES.join(_json(row) for row in rows)}\n]" if rows else f"{_json(name)}: []"
        for name, rows in tables.items()
    )
    return "{\n" + ",\n".join(lists) + "\n}\n"


def _song(raw: Raw) -> dict[str, Any]:
    artists = [artist.get("name", "") for artist in raw.get("artists") or ()]
    address = song_url(raw.get("spotifyTrackId") or "")
    return {"_id": str(raw["_id"]), "title": raw.get("name") or "", "artists": artists, "address": address}


def _readable(name: str, rows: Sequence[Raw], songs: Mapping[Key, Raw]) -> Iterable[dict[str, Any]]:
    """The rows of a table as people read them: songs by their titles, and what only programs read left out."""
    titles = {key: _title(raw) for key, raw in songs.items()}
    for row in rows:
        shown = dict(row)
        if "trackId" in row:
            shown["song"] = titles.get(row["trackId"], "")
        if name == "playlists":
            shown["tracks"] = "\n".join(titles.get(entry["trackId"], "?") for entry in row.get("tracks") or ())
        for working in ("candidates", "exposure"):
            shown.pop(working, None)
        yield shown


def _title(raw: Raw) -> str:
    artists = ", ".join(artist.get("name", "") for artist in raw.get("artists") or ())
    return f"{raw.get('name') or '?'} - {artists}" if artists else str(raw.get("name") or "?")


def _csv(rows: Iterable[Mapping[str, Any]]) -> str:
    """A table whose columns are all the keys of its rows, with a mark at the start that spreadsheets know UTF-8 by."""
    rows = list(rows)
    columns = list(dict.fromkeys(key for row in rows for key in row))
    file = io.StringIO(newline="")
    file.write("\ufeff")
    writer = csv.writer(file)
    writer.writerow(columns)
    writer.writerows([_cell(row.get(column)) for column in columns] for row in rows)
    return file.getvalue()


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return f"'{value}" if value.startswith(_FORMULA) else value
    return _json(value) if isinstance(value, Mapping | list | bool | int | float) else _text(value)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=_text)


def _text(value: Any) -> str:
    """What JSON has no form for: ids and times among it."""
    return value.isoformat() if isinstance(value, datetime | date) else str(value)
