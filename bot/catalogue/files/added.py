"""When the songs of a CSV file were saved, where the file says so, as Exportify's do."""

from __future__ import annotations

import csv
import re
from datetime import UTC, datetime
from pathlib import Path

_ADDED = ("added at", "added_at", "date added")
_IDS = ("track uri", "spotify id", "track_id", "spotify uri")
_ID = re.compile(r"(?:^|[:/])([0-9A-Za-z]{22})(?:\?.*)?$")


def added_at(path: Path) -> dict[str, datetime]:
    """The latest time at which each Spotify id was added, in UTC; empty for a file without such a column.

    What cannot be read is left out: the file's songs are read elsewhere, and this is a kindness.
    """
    found: dict[str, datetime] = {}
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
        first = file.readline()
        delimiter = max(",;\t", key=first.count)
        names = [name.strip().casefold() for name in next(csv.reader([first], delimiter=delimiter), [])]
        when = next((names.index(name) for name in _ADDED if name in names), None)
        which = next((names.index(name) for name in _IDS if name in names), None)
        if when is None or which is None:
            return {}
        try:
            for cells in csv.reader(file, delimiter=delimiter):
                if len(cells) > max(when, which) and (match := _ID.search(cells[which].strip())):
                    moment = _moment(cells[when])
                    if moment is not None:
                        found[match[1]] = max(moment, found.get(match[1], moment))
        except csv.Error:
            return found
    return found


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return moment.astimezone(UTC) if moment.year > 1970 else None
