"""What the tests of scheduled vibes share."""

from __future__ import annotations

from typing import Any

import discord
from simcord.backend.models import Overwrite
from simcord.enums import OverwriteType

from bot.documents import Schedule
from tests.cogs.staging import Stage

FRIDAY = {"when": "every friday 18:00", "text": "happy 80s"}


async def the_schedule() -> Schedule:
    (schedule,) = await Schedule.find_all().to_list()
    return schedule


async def allow(stage: Stage, channel: Any, **rights: bool) -> None:
    """Change what the bot may do in a channel."""
    yes, no = discord.PermissionOverwrite(**rights).pair()
    role = stage.guild.roles[stage.env.backend.bot_user.name]
    overwrite = Overwrite(target_id=role.id, type=OverwriteType.ROLE, allow=yes.value, deny=no.value)
    stage.env.backend.set_overwrite(channel.id, overwrite)
    await stage.env.settle()
