"""What the doctor looks at on this machine: Python, secrets, folder, disk, port, the embedded MongoDB."""

from __future__ import annotations

import asyncio
import json
import os
import platform
import shutil
import socket
import stat
import sys
import tempfile
import urllib.request
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from bot.doctor.findings import Finding, broken, doubtful, fine
from bot.errors import NoServer
from bot.mongod import run_mongod
from bot.settings import Settings
from bot.web.server import NAME

PYTHONS = ((3, 11), (3, 13))
"""The oldest and the newest Python that we are tested with."""

FULL_BYTES = 200 << 20
"""Less room than this, and MongoDB stops."""

TIGHT_BYTES = 2 << 30
"""Less room than this, and it is time to make some: a catalogue of 100,000 songs takes some 300 MB."""

SECRET_FILES = ("DISCORD_TOKEN_FILE", "MONGODB_URI_FILE", "TOKEN_KEYS_FILE", "SPOTIFY_CLIENT_SECRET_FILE")
"""Variables that name a file with a secret."""

_ANSWER_S = 2.0
_OTHERS = stat.S_IRGRP | stat.S_IROTH


def python() -> Finding:
    """The Python that runs us."""
    oldest, newest = (".".join(map(str, version)) for version in PYTHONS)
    found = f"Python {platform.python_version()} on {platform.system()} {platform.machine()}"
    if not PYTHONS[0] <= sys.version_info[:2] <= PYTHONS[1]:
        return broken("python", found, f"Use Python {oldest} to {newest}: make setup PYTHON=/path/to/python3.12")
    return fine("python", found)


def secrets(env_file: Path) -> Finding:
    """Whether others on this machine can read the files with secrets; a missing one is told by the settings."""
    names = [os.environ[name] for name in SECRET_FILES if os.environ.get(name)]
    files = [file for file in (env_file, *map(Path, names)) if file.is_file()]
    # Docker mounts secrets readable for all inside of the container, where nobody else is.
    open_files = [file for file in files if file.stat().st_mode & _OTHERS and not str(file).startswith("/run/secrets/")]
    if open_files:
        listed = ", ".join(map(str, open_files))
        return doubtful("secrets", f"others on this machine can read {listed}", f"chmod 600 {listed}")
    return fine("secrets", f"{', '.join(map(str, files))} for us alone" if files else "from the environment")


def folder(settings: Settings, home: Path) -> Finding:
    """Whether we can write where our data go."""
    place = settings.data_dir or home
    existing = _existing(place)
    try:
        if not existing.is_dir():
            raise NotADirectoryError(20, "a file is in the way", str(existing))
        with tempfile.TemporaryFile(dir=existing):
            pass
    except OSError as error:
        owner = f"chown -R {os.getuid()} {existing}"
        fix = f"Give the folder to the user who runs the bot ({owner}), or set DATA_DIR to another."
        return broken("data folder", f"{place} cannot be written to: {error.strerror}", fix)
    return fine("data folder", f"{place}" + ("" if place.exists() else ", not made yet"))


def disk(settings: Settings, home: Path) -> Finding:
    """How much room is left where our data go."""
    place = _existing(settings.data_dir or home)
    return room("disk", shutil.disk_usage(place).free, str(place))


def room(name: str, free: int, place: str) -> Finding:
    """What `free` bytes at `place` mean."""
    found = f"{free / (1 << 30):.1f} GB free at {place}"
    if free < FULL_BYTES:
        return broken(name, found, "Make room: MongoDB stops without it.")
    if free < TIGHT_BYTES:
        return doubtful(name, found, "Make room soon: MongoDB stops when none is left.")
    return fine(name, found)


async def port(settings: Settings) -> Finding:
    """Whether the operators' port is free, or held by a bot of ours."""
    if settings.web_port is None:
        return fine("web port", "none set, so there is no /health")
    place = f"{settings.web_host}:{settings.web_port}"
    try:
        family = socket.AF_INET6 if ":" in settings.web_host else socket.AF_INET
        with socket.socket(family) as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            trial.bind((settings.web_host, settings.web_port))
    except OSError as error:
        if await asyncio.to_thread(_ours_answers, place):
            return fine("web port", f"{place}: a bot of ours answers there")
        fix = "Choose another WEB_PORT, or stop what holds this one (ss -ltnp shows it)."
        return broken("web port", f"{place} cannot be used: {error.strerror or error}", fix)
    return fine("web port", f"{place} is free")


def _ours_answers(place: str) -> bool:
    place = place.replace("0.0.0.0", "127.0.0.1")  # noqa: S104 - where everybody may ask, this machine may too
    try:
        with urllib.request.urlopen(f"http://{place}/health", timeout=_ANSWER_S) as answer:
            return bool(json.load(answer).get("name") == NAME)
    except (OSError, ValueError, AttributeError):
        return False


@asynccontextmanager
async def embedded(settings: Settings) -> AsyncIterator[tuple[Finding, str | None]]:
    """The embedded MongoDB, started for as long as the block lasts: the finding, and its address if it came up.

    Where there are no data yet it runs in a temporary folder, so that looking changes nothing.
    """
    data = None if settings.data_dir is None else settings.data_dir / "mongodb"
    known = data is not None and data.is_dir()
    async with AsyncExitStack() as stack:
        try:
            started = await stack.enter_async_context(run_mongod(data if known else None, restart=False))
        except NoServer as error:
            yield _not_started(error), None
        else:
            yield fine("embedded MongoDB", "starts" + ("" if known else ", and has no data yet")), started.uri


def _not_started(error: NoServer) -> Finding:
    what, _, fix = error.cause.partition(". ")
    if "in use by another Vibrato" in error.cause:
        return doubtful("embedded MongoDB", "a running bot uses it, so its data were not looked at", "Stop it first.")
    return broken("embedded MongoDB", what, fix or "Name a server in MONGODB_URI.")


def _existing(place: Path) -> Path:
    """The nearest folder above, or a file in the way, that is there."""
    return next(candidate for candidate in _upwards(place.expanduser().absolute()) if candidate.exists())


def _upwards(place: Path) -> Iterator[Path]:
    yield place
    yield from place.parents
