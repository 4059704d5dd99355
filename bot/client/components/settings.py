"""What moderators press and write about the settings of their server; the card then shows how they stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import discord

from bot.client.cards.custom_ids import moderator_ids as named
from bot.client.cards.settings import channel_mentions, names_list, reactions_of, role_mentions, settings_card
from bot.client.components.forms import Form, Submission, field
from bot.client.components.moods import ManagerPress, ManagerSubmission
from bot.client.components.persistent_button import PersistentButton
from bot.client.context import Interaction
from bot.client.interaction_response import InteractionReply
from bot.client.texts.messages import Messages
from bot.services.guilds.settings import PERIODS, REACTION_KINDS, GuildRules, Period, local_time

_NAMES, _EMOJI, _ZONE = 1000, 200, 60


async def show_settings(answer: InteractionReply, rules: GuildRules, *, said: str | None = None) -> None:
    """Put the card in the place of what was pressed on, or promised."""
    now, guild = local_time(rules, _utc_now), answer.interaction.guild
    known = frozenset(str(one.id) for one in (*guild.channels, *guild.roles)) if guild else frozenset()
    await answer.edit(settings_card(rules, now=now, known=known, said=said, say=answer.say))


class ChooseSetting(ManagerPress, template=named.SETTINGS_MENU):
    """The menus: channels, roles, length, and the recap that comes by itself."""

    async def managed(self, interaction: Interaction, answer: InteractionReply, guild_id: str) -> None:
        """Store what was chosen, and say what it does."""
        await answer.begin()
        settings, say, chosen = interaction.client.services.settings, answer.say, _chosen(interaction)
        if self.facts["menu"] == "channels":
            rules = await settings.set_channels(guild_id, chosen)
            said = say.channels_set(channel_mentions(rules.channels))
        elif self.facts["menu"] == "roles":
            rules = await settings.set_roles(guild_id, chosen)
            said = say.roles_set(role_mentions(rules.roles))
        elif self.facts["menu"] in ("recap", "recap-channel"):
            rules, said = await self._recap(interaction, guild_id, chosen, say)
        else:
            rules = await settings.set_length(guild_id, chosen[0] if chosen else "")
            said = say.length_set(rules.default_tracks or 0)
        await show_settings(answer, rules, said=said)

    async def _recap(
        self, interaction: Interaction, guild_id: str, chosen: Sequence[str], say: Messages
    ) -> tuple[GuildRules, str]:
        """The recap as it was chosen: how often, or where; where nothing is said of that, it comes here."""
        settings, recaps = interaction.client.services.settings, interaction.client.services.recaps
        before = (await settings.of(guild_id)).recap
        channel_id = str(interaction.channel_id) if before is None else before.channel_id
        period: Period | None = None if before is None else before.every
        if self.facts["menu"] == "recap":
            period = next((one for one in PERIODS if one in chosen), None)
        elif chosen:
            channel_id = chosen[0]
        following = await recaps.post_every(guild_id, channel_id, period)
        rules = await settings.of(guild_id)
        if period is None or following is None:
            return rules, say.recap_off()
        return rules, say.recap_on(period, channel_mentions([channel_id]), following)


class TurnSetting(ManagerPress, template=named.SETTINGS_SWITCH):
    """The switches: clean, credits, learning."""

    async def managed(self, interaction: Interaction, answer: InteractionReply, guild_id: str) -> None:
        """Turn it, and say what that does."""
        await answer.begin()
        switch, on = self.facts["switch"], self.facts["turn"] == "on"
        rules = await interaction.client.services.settings.turn(guild_id, switch, on)
        await show_settings(answer, rules, said=answer.say.turned(switch, on=on))


class OpenSettingsForm(ManagerPress, template=named.OPEN_SETTINGS_FORM):
    """Left out, reactions, time zone."""

    async def managed(self, interaction: Interaction, answer: InteractionReply, guild_id: str) -> None:
        """Open the form, with how it stands in its fields."""
        rules, say = await interaction.client.services.settings.of(guild_id), answer.say
        form: named.SettingsForm = "reactions"
        fields = _reaction_fields(rules, say)
        if self.facts["form"] == "left-out":
            form, fields = "left-out", _left_out_fields(rules, say)
        elif self.facts["form"] == "time-zone":
            form, fields = "time-zone", _zone_fields(rules, say)
        await answer.ask(Form(say.SETTINGS_FORMS[form], named.settings_form(form), *fields))


class SettingsWritten(ManagerSubmission, template=named.SETTINGS_FORM):
    """A form of the settings that was sent off."""

    async def managed(
        self,
        interaction: Interaction,
        answer: InteractionReply,
        guild_id: str,
        written: Mapping[str, str],
    ) -> None:
        """Store what was written, and say what it does."""
        settings, say = interaction.client.services.settings, answer.say
        if self.facts["form"] == "left-out":
            left_out = await settings.leave_out(
                guild_id, genres=written.get("genres", ""), artists=written.get("artists", "")
            )
            rules = left_out.rules
            said = say.left_out_set(left_out.remaining, left_out.total, names_list(left_out.strangers))
        elif self.facts["form"] == "reactions":
            rules = await settings.set_reactions(guild_id, written, own_emoji=_own_emoji(interaction))
            said = say.reactions_set(len(rules.reactions.events))
        else:
            rules = await settings.set_time_zone(guild_id, written.get("zone", ""))
            if rules.recap is not None:  # it comes by the server's clock
                recap = rules.recap
                await interaction.client.services.recaps.post_every(guild_id, recap.channel_id, recap.every)
                rules = await settings.of(guild_id)
            said = say.zone_set(rules.time_zone, f"{local_time(rules, _utc_now):%H:%M}")
        await show_settings(answer, rules, said=said)


SETTINGS_PRESSES: tuple[type[PersistentButton], ...] = (ChooseSetting, TurnSetting, OpenSettingsForm)
"""What moderators can press about settings."""

SETTINGS_FORMS: tuple[type[Submission], ...] = (SettingsWritten,)
"""What they can write."""


def _utc_now() -> datetime:
    return datetime.now(UTC)


def _chosen(interaction: discord.Interaction[Any]) -> Sequence[str]:
    data: Any = interaction.data
    return [str(value) for value in data.get("values") or ()]


def _own_emoji(interaction: discord.Interaction[Any]) -> frozenset[str]:
    """The server's own emoji, as they are written in messages."""
    return frozenset(str(emoji) for emoji in (interaction.guild.emojis if interaction.guild else ()))


def _left_out_fields(rules: GuildRules, say: Messages) -> tuple[Any, ...]:
    example = say.FIELD_GENRES_EXAMPLE
    return (
        field(
            "genres",
            say.FIELD_GENRES,
            description=say.FIELD_LIST_HINT,
            placeholder=example,
            default=", ".join(rules.genres_out),
            longest=_NAMES,
            lines=True,
        ),
        field(
            "artists",
            say.FIELD_ARTISTS,
            description=say.FIELD_LIST_HINT,
            default=", ".join(rules.artists_out),
            longest=_NAMES,
            lines=True,
        ),
    )


def _reaction_fields(rules: GuildRules, say: Messages) -> tuple[Any, ...]:
    written = reactions_of(rules)
    return tuple(
        field(
            kind,
            say.FIELD_REACTION[kind],
            description=say.FIELD_REACTION_HINT,
            default=written[kind],
            longest=_EMOJI,
        )
        for kind in REACTION_KINDS
    )


def _zone_fields(rules: GuildRules, say: Messages) -> tuple[Any, ...]:
    return (field("zone", say.FIELD_ZONE, description=say.FIELD_ZONE_HINT, default=rules.time_zone, longest=_ZONE),)
