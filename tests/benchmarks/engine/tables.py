"""The songs that figures are taken on."""

from __future__ import annotations

from pathlib import Path

from bot.catalogue.files.csv_files import read_csv
from bot.catalogue.table import table_of
from bot.demo.songs import demo_records
from bot.generation.tracks import TrackTable


def measured_on(data: Path | None) -> tuple[TrackTable, str]:
    """The 114k table where the folder `data` holds it, else the demo catalogue; and what it is called."""
    file = None if data is None else data / "cat_spotify_tracks_114k" / "dataset.csv"
    if file is not None and file.is_file():
        return table_of(read_csv(file).records), "the 114k table"
    return table_of(demo_records()), "the demo catalogue"
