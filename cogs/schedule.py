"""`/schedule`: vibes that a server has posted again and again. For moderators, checked at run time."""

from __future__ import annotations

from contextlib import suppress

import discord
from discord import app_commands
from discord.app_commands import locale_str
from discord.ext import commands

from bot.client.cards.layout import OPTION_TEXT, OPTIONS
from bot.client.cards.notice import failure_card
from bot.client.cards.schedules import added_card, page_with, schedules_card, sure_card
from bot.client.components.autocomplete import mood_choices
from bot.client.context import Interaction, VibratoClient
from bot.client.error_handling import error_boundary
from bot.client.interaction_response import managed_guild, may_manage, requester_of
from bot.client.markdown import plain
from bot.client.texts.messages import ENGLISH, messages_for
from bot.errors import VibratoError
from bot.services.schedules.recurrence import zones_like
from bot.services.schedules.recurrence_parser import read_when
from bot.services.schedules.views import NewSchedule

_HALF_A_DAY = 12 * 60


async def zone_choices(interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
    """The time zones that fit what was typed, those whose city begins with it first."""
    return [app_commands.Choice(name=name, value=name) for name in zones_like(typed, OPTIONS)]


async def when_choices(interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
    """How a time is understood that is being typed, also as one of the afternoon; examples while it is none."""
    say = messages_for(interaction.locale)
    try:
        morning = read_when(typed)
    except VibratoError:
        return [app_commands.Choice(name=example, value=example) for example in say.WHEN_EXAMPLES]
    read = [(morning, typed)]
    with suppress(VibratoError):  # "fridays at 6" may be meant as 18:00
        afternoon = read_when(f"{typed.rstrip()}pm")
        if afternoon.minute == morning.minute + _HALF_A_DAY:
            read.append((afternoon, f"{typed.rstrip()}pm"))
    return [
        app_commands.Choice(name=say.when_option(say.when(when)), value=plain(words, OPTION_TEXT))
        for when, words in read
    ]


async def schedule_choices(interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
    """The server's schedules that fit what was typed; nothing for who may not change them."""
    if not may_manage(interaction):
        return []
    say, guild = messages_for(interaction.locale), interaction.guild
    try:
        schedules = await interaction.client.services.schedules.all(managed_guild(interaction))
    except VibratoError:
        return []
    found = []
    for schedule in schedules:
        channel = None if guild is None else guild.get_channel_or_thread(int(schedule.channel_id))
        where = f"#{channel.name}" if channel is not None else "#?"
        name = plain(say.schedule_option(where, schedule.vibe, say.when(schedule.when)), OPTION_TEXT)
        if typed.casefold() in name.casefold():
            found.append(app_commands.Choice(name=name, value=schedule.schedule_id))
    return found[:OPTIONS]


class ScheduleCog(commands.Cog):
    """The door for those who run the server."""

    schedule = app_commands.Group(
        name=locale_str(ENGLISH.SCHEDULE_NAME),
        description=locale_str(ENGLISH.SCHEDULE_DESCRIPTION),
        default_permissions=discord.Permissions(manage_guild=True),
        allowed_installs=app_commands.AppInstallationType(guild=True, user=False),
        allowed_contexts=app_commands.AppCommandContext(guild=True, dm_channel=False, private_channel=False),
    )

    def __init__(self, bot: VibratoClient) -> None:
        self._schedules = bot.services.schedules

    @schedule.command(description=locale_str(ENGLISH.SCHEDULE_ADD))
    @app_commands.describe(
        when=locale_str(ENGLISH.SCHEDULE_WHEN),
        text=locale_str(ENGLISH.SCHEDULE_TEXT),
        mood=locale_str(ENGLISH.SCHEDULE_MOOD),
        channel=locale_str(ENGLISH.SCHEDULE_CHANNEL),
        time_zone=locale_str(ENGLISH.SCHEDULE_ZONE),
    )
    @app_commands.autocomplete(when=when_choices, mood=mood_choices, time_zone=zone_choices)
    async def add(
        self,
        interaction: Interaction,
        when: str,
        text: str | None = None,
        mood: str | None = None,
        channel: discord.TextChannel | discord.VoiceChannel | discord.Thread | None = None,
        time_zone: str | None = None,
    ) -> None:
        """Make one, on at once."""
        async with error_boundary(interaction) as answer:
            guild_id = await answer.manage()
            if bool(text) == bool(mood):
                await answer.edit(failure_card(answer.say.text_or_mood(), say=answer.say))
                return
            new = NewSchedule(
                channel_id=str(interaction.channel_id if channel is None else channel.id),
                when=when,
                text=text,
                mood=mood,
                time_zone=time_zone,
            )
            schedule = await self._schedules.add(requester_of(interaction), guild_id, new)
            await answer.edit(added_card(schedule, say=answer.say))

    @schedule.command(name="list", description=locale_str(ENGLISH.SCHEDULE_LIST))
    async def list_schedules(self, interaction: Interaction) -> None:
        """Show them, with their next times."""
        async with error_boundary(interaction) as answer:
            guild_id = await answer.manage()
            await answer.edit(schedules_card(await self._schedules.all(guild_id), say=answer.say))

    @schedule.command(description=locale_str(ENGLISH.SCHEDULE_PAUSE))
    @app_commands.describe(schedule=locale_str(ENGLISH.SCHEDULE_WHICH))
    @app_commands.autocomplete(schedule=schedule_choices)
    async def pause(self, interaction: Interaction, schedule: str) -> None:
        """Pause one, or let it go on."""
        async with error_boundary(interaction) as answer:
            guild_id = await answer.manage()
            await self._schedules.toggle(guild_id, schedule)
            schedules = await self._schedules.all(guild_id)
            await answer.edit(schedules_card(schedules, page=page_with(schedules, schedule), say=answer.say))

    @schedule.command(description=locale_str(ENGLISH.SCHEDULE_NOW))
    @app_commands.describe(schedule=locale_str(ENGLISH.SCHEDULE_WHICH))
    @app_commands.autocomplete(schedule=schedule_choices)
    async def now(self, interaction: Interaction, schedule: str) -> None:
        """Post one at once."""
        async with error_boundary(interaction) as answer:
            guild_id = await answer.manage()
            await self._schedules.post_now(guild_id, schedule, press_id=str(interaction.id))
            schedules = await self._schedules.all(guild_id)
            where = next((one.channel_id for one in schedules if one.schedule_id == schedule), "")
            said = answer.say.schedule_posted(f"<#{where}>")
            page = page_with(schedules, schedule)
            await answer.edit(schedules_card(schedules, page=page, said=said, say=answer.say))

    @schedule.command(description=locale_str(ENGLISH.SCHEDULE_REMOVE))
    @app_commands.describe(schedule=locale_str(ENGLISH.SCHEDULE_WHICH))
    @app_commands.autocomplete(schedule=schedule_choices)
    async def remove(self, interaction: Interaction, schedule: str) -> None:
        """Ask first."""
        async with error_boundary(interaction) as answer:
            guild_id = await answer.manage()
            await answer.edit(sure_card(await self._schedules.one(guild_id, schedule), say=answer.say))
