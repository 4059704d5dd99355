"""`/recap`: the sounds of a server, and one playlist of them."""

from __future__ import annotations

from discord import app_commands
from discord.app_commands import locale_str
from discord.ext import commands

from bot.client.access_check import check_access
from bot.client.cards.accounts import told_card
from bot.client.cards.notice import failure_card
from bot.client.cards.recap import recap_card
from bot.client.channel_permissions import abilities_of
from bot.client.context import Interaction, VibratoClient
from bot.client.error_handling import error_boundary
from bot.client.interaction_response import InteractionReply, managed_guild, requester_of
from bot.client.publishing.card_places import FollowUpPlace
from bot.client.publishing.card_poster import CardPoster
from bot.client.texts.messages import ENGLISH
from bot.services.guilds.settings import PERIODS, Period

_PERIODS = [app_commands.Choice(name=locale_str(name), value=key) for key, name in ENGLISH.RECAP_PERIODS.items()]
_POSTS = [app_commands.Choice(name=locale_str(name), value=key) for key, name in ENGLISH.RECAP_POSTS.items()]


class RecapCog(commands.Cog):
    """The door for everybody who wonders what was played; moderators have it come by itself."""

    def __init__(self, bot: VibratoClient) -> None:
        self._bot = bot
        self._recaps = bot.services.recaps

    @app_commands.command(name=locale_str(ENGLISH.RECAP_NAME), description=locale_str(ENGLISH.RECAP_DESCRIPTION))
    @app_commands.describe(period=locale_str(ENGLISH.RECAP_PERIOD), post=locale_str(ENGLISH.RECAP_POST))
    @app_commands.choices(period=_PERIODS, post=_POSTS)
    @app_commands.allowed_installs(guilds=True, users=False)
    @app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False)
    async def recap(self, interaction: Interaction, period: str = "week", post: str | None = None) -> None:
        """Tell of the server, then play it; or set when it comes by itself."""
        async with error_boundary(interaction, audience="all") as answer:
            if post is not None:
                await self._set(interaction, answer, post)
                return
            chosen: Period = "month" if period == "month" else "week"
            requester = requester_of(interaction)
            rules = await check_access(self._bot.services.playlists, requester, only_me=False)
            recap = await self._recaps.recap(str(interaction.guild_id), chosen)
            if not recap.songs:
                await answer.send(failure_card(answer.say.recap_nothing(chosen), say=answer.say), private=True)
                return
            card = recap_card(recap, links=abilities_of(interaction).links, say=answer.say)
            await answer.send(card, private=False)
            publisher = CardPoster(FollowUpPlace(answer), pace=self._bot.pace)
            name, press_id = answer.say.recap_title(chosen), str(interaction.id)
            await self._recaps.play(
                recap, name=name, requester=requester, publisher=publisher, press_id=press_id, rules=rules
            )
            await publisher.add_reactions()

    async def _set(self, interaction: Interaction, answer: InteractionReply, post: str) -> None:
        guild_id, channel_id = managed_guild(interaction), str(interaction.channel_id)
        await answer.think(private=True)
        period: Period | None = next((one for one in PERIODS if one == post), None)
        following = await self._recaps.post_every(guild_id, channel_id, period)
        say = answer.say
        told = (
            say.recap_off()
            if period is None or following is None
            else say.recap_on(period, f"<#{channel_id}>", following)
        )
        await answer.edit(told_card(told))
