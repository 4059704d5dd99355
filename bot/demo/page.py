"""The demo's page: a local window on the simulated Discord, and what to know about it."""

from __future__ import annotations

import asyncio
import logging
import os
import socket
import sys
import webbrowser
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import discord

from bot.demo.folder import DemoFolder
from bot.demo.simulated_server import World, faces, open_world

_PORTS_TRIED = 20
_log = logging.getLogger(__name__)


async def run_demo(
    bot_factory: Callable[[], discord.Client],
    *,
    port: int,
    on_ready: Callable[[str], None],
    folder: DemoFolder | None = None,
    browse: Callable[[str], bool] | None = None,
) -> None:
    """Show the bot in a page that looks like Discord, until the page is ended or the task is cancelled.

    `on_ready` gets the text to print: the address, and what the page cannot do. A taken port gives way to the next free
    one. With a `folder`, this world's ids cannot meet those stored by an earlier run. `browse` opens the address; by
    default the desktop's browser, where there is a desktop.
    """
    now = datetime.now(UTC)
    start = folder.next_start(now) if folder else now
    async with open_world(bot_factory(), start=start) as world:
        try:
            async with _preview(world, free_port(port)) as preview:
                if folder:
                    folder.keep_clock(world.env.now())
                    folder.announce(preview.url)
                on_ready(introduction(preview.url, asked_port=port))
                await _open_browser(preview.url, browse or _desktop_browser(os.environ))
                await preview.wait_closed()
        finally:
            if folder:
                folder.keep_clock(world.env.now())


def introduction(address: str, *, asked_port: int) -> str:
    """What is printed when the page stands."""
    port = urlsplit(address).port
    moved = [f"Port {asked_port} is taken, so this is port {port}."] if port != asked_port else []
    lines = [
        f"Vibrato's demo is here:  {address}",
        *moved,
        "",
        "Type /vibe in #music and say how the music should feel; press what stands under the playlist; react to it.",
        "Ada, Bo, Chi, a moderator and the owner are on the server: choose who you are above the page, at Viewing as.",
        "Ada and Bo sit in a voice channel: /vibe for:everyone-here makes them one playlist that suits both.",
        "What they like and what was played is kept for the next time. Ctrl+C ends it.",
        "",
        "It is the real bot in a simulated Discord, and the page cannot do all that Discord can:",
        "- a mention is not typed, so the bot is called with /vibe;",
        "- what the bot posts by itself is seen after Refresh preview, or after your next action;",
        "- there is this one server: no direct messages, and no Vibrato installed to a user;",
        "- each start is a new server: the playlists of earlier starts are remembered, their messages are not shown.",
    ]
    return "\n".join(lines)


def free_port(wanted: int) -> int:
    """The wanted port of 127.0.0.1, or the next free one; 0, which lets the system choose, when twenty are taken."""
    for port in range(wanted, min(wanted + _PORTS_TRIED, 65536)):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    return 0


def _preview(world: World, port: int) -> Any:
    return world.env.preview(
        world.channel,
        viewers=world.viewers,
        layout="channel",
        display="responsive",
        port=port,
        timezone=_time_zone(),
        assets=faces(world),
    )


def _time_zone() -> str:
    """The name of this machine's time zone, where the system tells it."""
    name = str(Path("/etc/localtime").resolve()).partition("zoneinfo/")[2]
    try:
        return ZoneInfo(name).key
    except (ValueError, OSError):
        return "UTC"


def _desktop_browser(environ: Mapping[str, str]) -> Callable[[str], bool] | None:
    """The browser of the desktop; None on a server and in continuous integration, where none could be seen."""
    has_screen = sys.platform in ("darwin", "win32") or bool(environ.get("DISPLAY") or environ.get("WAYLAND_DISPLAY"))
    return webbrowser.open if has_screen and not environ.get("CI") else None


async def _open_browser(address: str, browse: Callable[[str], bool] | None) -> None:
    if browse is None:
        return
    try:
        await asyncio.to_thread(browse, address)
    except (webbrowser.Error, OSError) as error:
        _log.info("The browser did not open: %s", error)
