"""What every door needs: the services behind the bot, and an interaction that leads to them."""

from __future__ import annotations

from typing import TypeAlias

import discord
from discord.ext import commands

from bot.client.publishing.edit_throttle import EditThrottle, PressGuard
from bot.requests import Watcher
from bot.services.app_services import AppServices


class VibratoClient(commands.Bot):
    """The bot as cogs, buttons and forms know it. `bot.client.bot` makes it; nothing below imports that."""

    services: AppServices
    watcher: Watcher | None
    pace: EditThrottle
    presses: PressGuard


Interaction: TypeAlias = discord.Interaction[VibratoClient]
"""An interaction of ours: its `client` has the services."""
