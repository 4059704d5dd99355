"""What discord.py writes, exactly as Discord's own document has it."""

import io

import discord
import pytest
import simcord
from discord.ext import commands

from bot.client.openapi_payloads import exact_commands, exact_message, speak_exactly
from tests.referee import check


class Card(discord.ui.LayoutView):
    def __init__(self):
        super().__init__(timeout=None)
        gallery = discord.ui.MediaGallery(discord.MediaGalleryItem("attachment://energy.png", description="rising"))
        row = discord.ui.ActionRow(discord.ui.Button(label="Again", custom_id="again"))
        self.add_item(discord.ui.Container(discord.ui.TextDisplay("A set"), gallery, row))


def picture():
    return discord.File(io.BytesIO(b"picture"), "energy.png", description="rising")


@pytest.fixture
def bot():
    speak_exactly()
    bot = commands.Bot("!", intents=discord.Intents(9217), allowed_mentions=discord.AllowedMentions.none())

    @bot.tree.command(description="Every kind of message there is")
    async def everything(interaction: discord.Interaction):
        await interaction.response.send_message(embed=discord.Embed(title="An embed"), file=picture())
        await interaction.edit_original_response(content="edited", embed=None)
        follow_up = await interaction.followup.send(view=Card(), file=picture(), wait=True)
        await follow_up.edit(view=Card(), attachments=follow_up.attachments)
        answer = await interaction.channel.send("an answer", reference=follow_up)
        await answer.edit(content=None, view=Card(), attachments=[picture()])
        await answer.add_reaction("👍")

    async def setup_hook():
        await bot.tree.sync()

    bot.setup_hook = setup_hook
    return bot


async def test_every_kind_of_message_is_written_exactly(bot):
    async with simcord.run(bot) as env:
        channel = env.create_guild().create_text_channel("music")
        member = env.guild.add_member(env.create_user("ada"))
        await member.slash(channel, "everything")
        assert len(env.http_requests) >= 8
        assert check(env.http_requests) == []
        assert [attachment.filename for attachment in channel.last_message.attachments] == ["energy.png"]


def test_a_second_call_changes_nothing():
    speak_exactly()
    writer = discord.interactions.handle_message_parameters
    speak_exactly()
    assert discord.interactions.handle_message_parameters is writer
    assert not hasattr(discord.http.HTTPClient.bulk_upsert_global_commands.__wrapped__, "__wrapped__")


def test_only_what_the_document_does_not_name_is_taken_off():
    body = {"content": "x", "tts": True, "flags": 64, "allowed_mentions": {"parse": []}}
    assert exact_message(body) == body
    assert exact_message({"type": 4, "data": {"content": "x", "tts": False}}) == {"type": 4, "data": {"content": "x"}}
    assert exact_commands([{"name": "vibe", "nsfw": False}, {"name": "x", "nsfw": True}]) == [
        {"name": "vibe"},
        {"name": "x", "nsfw": True},
    ]
