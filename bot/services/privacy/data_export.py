"""Everything that is kept about a member, as one file: JSON for programs, CSV for people, a page that explains it."""

from __future__ import annotations

import asyncio
import csv
import io
import json
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
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

Explain = Callable[[datetime, bool], str]
"""Writes the page that explains the file: as of this moment, with the workings of sessions or without."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """A file for a member: its name, its bytes, and how many entries of each kind are in it."""

    name: str
    content: bytes
    counts: tuple[tuple[str, int], ...]


async def export_member(discord_id: str, *, moment: datetime, limit: int, explain: Explain) -> Export:
    """Everything about a member as a zip file of at most `limit` bytes, where leaving out workings reaches that.

    `explain` writes the page that goes along.
    Raises DatabaseDown.
    """
    ids = await ids_of(discord_id)
    with guarded():
        found = {holding.name: await holding.read(ids) for holding in OF_MEMBERS}
        songs = await _songs(found)
    content = await asyncio.to_thread(_packed, found, songs, explain(moment, True), working=True)
    if len(content) > limit:
        content = await asyncio.to_thread(_packed, found, songs, explain(moment, False), working=False)
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


def _packed(found: Mapping[str, Sequence[Raw]], songs: Mapping[Key, Raw], page: str, *, working: bool) -> bytes:
    """The zip file; without `working` the fields that say how things came about are left out."""
    dropped = {holding.name: () if working else holding.working for holding in OF_MEMBERS}
    tables: dict[str, list[Raw]] = {
        name: [{key: value for key, value in raw.items() if key not in dropped[name]} for raw in documents]
        for name, documents in found.items()
    }
    tables["songs"] = [_song(raw) for raw in songs.values()]
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=_LEVEL) as archive:
        archive.writestr("README.txt", page)
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
