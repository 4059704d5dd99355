"""``run``, ``demo`` and ``sync``: the bot itself, the bot in a page, and its commands."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.screen import errors, explained, output

_COMMANDS_FILE = "commands.digest"


def run() -> None:
    """Run the bot on Discord.

    Settings come from the environment or from .env: DISCORD_TOKEN, MONGODB_URI and the rest (see README).
    """
    with explained():
        from bot import app
        from bot.cli.places import home, kept_settings

        settings = kept_settings()
        asyncio.run(app.run(settings, (settings.data_dir or home()) / _COMMANDS_FILE))


def demo(
    port: Annotated[int, typer.Option(help="Where the page is served on this machine.", min=1, max=65535)] = 8765,
    catalogue: Annotated[Path | None, typer.Option(help="Play the songs of this CSV file instead.")] = None,
) -> None:
    """Try the bot in the browser: no token, no account, no server of your own."""
    with explained():
        errors().print("Starting the demo …", style="dim")
        from bot import app
        from bot.cli.places import demo_settings

        asyncio.run(
            app.demo(demo_settings(catalogue), catalogue=catalogue, port=port, on_ready=lambda text: print_plain(text))
        )


def sync(
    guild: Annotated[
        int | None, typer.Option(help="Register on this server alone, where they are there at once.")
    ] = None,
) -> None:
    """Register the slash commands with Discord, if they changed."""
    with explained():
        from bot import app
        from bot.cli.places import home, kept_settings

        settings = kept_settings()
        done = asyncio.run(app.sync(settings, (settings.data_dir or home()) / _COMMANDS_FILE, guild))
        output().print("The commands are registered." if done else "Nothing changed: Discord has these commands.")


def print_plain(text: str) -> None:
    """Text as it is, on standard output."""
    output().print(text, markup=False, soft_wrap=True)
