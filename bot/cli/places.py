"""Where the embedded MongoDB keeps its data when nothing says so."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from bot.settings import Settings

DEMO_DATABASE = "vibrato_demo"
DEMO_LIMIT = 60
"""Playlists a minute in the demo."""


def home() -> Path:
    """The folder for our data, as the XDG base directory specification names it."""
    chosen = os.environ.get("XDG_DATA_HOME", "")
    return (Path(chosen) if Path(chosen).is_absolute() else Path.home() / ".local" / "share") / "vibrato"


def kept_settings() -> Settings:
    """The settings of this process; without MONGODB_URI and DATA_DIR songs are kept in the home folder, not lost."""
    settings = Settings.read()
    if settings.mongodb_uri is not None or settings.data_dir is not None:
        return settings
    return Settings.read(data_dir=home())


def demo_settings(catalogue: Path | None) -> Settings:
    """The same with a database of the demo's own, one for each catalogue: members and history stay with their songs.

    Whoever tries everything at once is alone there, so the kind limits of a busy server would only be in the way; those
    that are set hold in the demo too. Its songs are invented, so nobody outside is asked for others.
    """
    from bot.demo.folder import default_folder

    mark = "" if catalogue is None else "_" + hashlib.sha256(str(catalogue.resolve()).encode()).hexdigest()[:8]
    given = Settings.read()
    wide = {name: DEMO_LIMIT for name in ("member_limit", "server_limit") if name not in given.model_fields_set}
    folder = given.data_dir or default_folder()
    own = DEMO_DATABASE + mark
    return Settings.read(data_dir=folder, mongodb_database=own, log_level="WARNING", discovery=False, **wide)
