"""The demo's simulated server: who is there, what the bot may, and ids that never meet those of another run."""

import json
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import discord
import pytest
from discord.ext import commands

from bot.client.bot import PERMISSIONS
from bot.client.openapi_payloads import speak_exactly
from bot.demo.simulated_server import MEMBERS, MODERATOR, OWNER, catch_up, open_world

START = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture
def bot():
    return small_bot()


def small_bot():
    speak_exactly()
    bot = commands.Bot("!", intents=discord.Intents(9217), allowed_mentions=discord.AllowedMentions.none())

    @bot.tree.command(description="Tell what the bot may do here, and who asked")
    async def whoami(interaction: discord.Interaction):
        await interaction.response.send_message(f"{interaction.app_permissions.value} {interaction.user.id}")

    return bot


@asynccontextmanager
async def world_at(start):
    async with open_world(small_bot(), start=start) as world:
        yield world


def names(world):
    return [viewer.user.global_name for viewer in world.viewers]


async def test_three_members_a_moderator_and_the_owner_can_look_at_it(bot):
    async with open_world(bot, start=START) as world:
        assert names(world) == [*MEMBERS, MODERATOR, OWNER]
        guild_id = world.channel.guild.id
        permissions = [
            discord.Permissions(world.env.backend.compute_permissions(guild_id, v.id)) for v in world.viewers
        ]
        assert [may.manage_guild for may in permissions] == [False, False, False, True, True]
        assert bot.owner_id == world.viewers[-1].id


async def test_the_bot_may_do_what_the_invite_link_asks_for_and_nothing_else(bot):
    async with open_world(bot, start=START) as world:
        channel = bot.get_channel(world.channel.id)
        assert channel.permissions_for(channel.guild.me) == PERMISSIONS
        assert channel.guild.me.display_name == "Vibrato"


async def test_it_begins_with_a_message_that_says_what_to_do(bot):
    async with open_world(bot, start=START) as world:
        (welcome,) = world.channel.history()
        assert welcome.author == bot.user
        text = json.dumps([component.to_dict() for component in welcome.components])
        assert "/vibe" in text
        assert text.count("vibrato:try:all:") == 3


async def test_members_keep_their_ids_and_nothing_else_does():
    everything = []
    for start in (START, START + timedelta(hours=1)):
        async with world_at(start) as world:
            result = await world.viewers[0].slash(world.channel, "whoami")
            members = [viewer.id for viewer in world.viewers]
            rest = {
                world.channel.id,
                world.channel.guild.id,
                result.response.id,
                *[m.id for m in world.channel.history()],
            }
            everything.append((members, rest))
    (members, rest), (members_again, rest_again) = everything
    assert members == members_again
    assert max(rest) < min(rest_again)


async def test_its_clock_goes_with_ours(bot):
    async with open_world(bot, start=START) as world:
        assert abs(world.env.now() - datetime.now(UTC)) < timedelta(days=400)
        later = world.env.now() + timedelta(minutes=5)
        catch_up(world.env, later)
        assert world.env.now() == later
        catch_up(world.env, START - timedelta(days=1))
        assert world.env.now() == later
