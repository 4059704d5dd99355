"""The settings of a server as a card: how each stands, and the menus, switches and forms that change it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, get_args

import discord
from discord import ui

from bot.client.cards.colour import CALM_BLUE
from bot.client.cards.custom_ids import moderator_ids as named
from bot.client.cards.layout import Card, button, gap, row, text
from bot.client.markdown import escaped
from bot.client.texts.messages import ENGLISH, Messages
from bot.generation.values import Rules
from bot.services.guilds.recaps import HOUR
from bot.services.guilds.settings import LENGTHS, MOST_PLACES, PERIODS, REACTION_KINDS, SWITCHES, GuildRules

CHANNEL_KINDS = [
    discord.ChannelType.text,
    discord.ChannelType.news,
    discord.ChannelType.forum,
    discord.ChannelType.voice,
]
"""Where slash commands can be written; threads belong to the channel above them."""

RECAP_KINDS = [discord.ChannelType.text, discord.ChannelType.news, discord.ChannelType.voice]
"""Where a recap can be posted."""

_LISTED = 12
_FORM_EMOJI: dict[named.SettingsForm, str] = {"left-out": "🚫", "reactions": "👍", "time-zone": "🕰️"}
_FORMS: tuple[named.SettingsForm, ...] = get_args(named.SettingsForm)


def settings_card(
    rules: GuildRules,
    *,
    now: datetime,
    known: frozenset[str] = frozenset(),
    said: str | None = None,
    say: Messages = ENGLISH,
) -> Card:
    """All settings; `now` is the moment on the server's clock, `said` what the last change did (safe to show).

    `known` are the ids of the channels and roles that are still there: a menu may not name others.
    """
    heading, note = say.settings_heading()
    return Card(
        text(f"## {heading}", f"-# {note}"),
        *((text(f"✅ {said}"),) if said else ()),
        gap(),
        text(*_lines(rules, now, say)),
        gap(),
        row(_channels(rules, known, say)),
        row(_roles(rules, known, say)),
        row(_lengths(rules, say)),
        *(row(chooser) for chooser in _recaps(rules, known, say)),
        row(*_switches(rules, say)),
        row(*_forms(say)),
        accent=CALM_BLUE,
    )


def channel_mentions(ids: Iterable[str]) -> str:
    """Channels as Discord links them."""
    return _listed([f"<#{one}>" for one in ids])


def role_mentions(ids: Iterable[str]) -> str:
    """Roles as Discord shows them; nobody is pinged, which the bot never allows."""
    return _listed([f"<@&{one}>" for one in ids])


def names_list(names: Iterable[str]) -> str:
    """Names of genres or artists, safe to show."""
    return _listed([escaped(name, 40) for name in names])


def reactions_of(rules: GuildRules) -> dict[str, str]:
    """The emoji of each kind, as a form shows them."""
    return {
        kind: " ".join(emoji for emoji, event in rules.reactions.events if event == kind) for kind in REACTION_KINDS
    }


def _lines(rules: GuildRules, now: datetime, say: Messages) -> Iterator[str]:
    songs = rules.default_tracks or Rules().default_tracks
    reactions = (f"{emoji} {say.REACTION_NAMES[kind]}" for kind, emoji in reactions_of(rules).items() if emoji)
    values = {
        "channels": say.where(channel_mentions(rules.channels)),
        "roles": say.who(role_mentions(rules.roles)),
        "length": say.usual_length(songs),
        "clean": say.explicit(clean=rules.clean),
        "left-out": say.left_out(names_list(rules.genres_out), names_list(rules.artists_out)),
        "reactions": say.reaction_kinds(", ".join(reactions)),
        "credits": say.credits_shown(on=rules.credits),
        "learning": say.learns(on=rules.learning),
        "recap": _recap_line(rules, say),
        "time-zone": f"{rules.time_zone} · {now:%H:%M}",
    }
    for setting, value in values.items():
        yield say.settings_line(setting, value)


def _channels(rules: GuildRules, known: frozenset[str], say: Messages) -> ui.ChannelSelect[Any]:
    return ui.ChannelSelect(
        custom_id=named.settings_menu("channels"),
        placeholder=say.CHOOSE_CHANNELS,
        channel_types=CHANNEL_KINDS,
        min_values=0,
        max_values=MOST_PLACES,
        default_values=_defaults(rules.channels, known, discord.SelectDefaultValueType.channel),
    )


def _roles(rules: GuildRules, known: frozenset[str], say: Messages) -> ui.RoleSelect[Any]:
    return ui.RoleSelect(
        custom_id=named.settings_menu("roles"),
        placeholder=say.CHOOSE_ROLES,
        min_values=0,
        max_values=MOST_PLACES,
        default_values=_defaults(rules.roles, known, discord.SelectDefaultValueType.role),
    )


def _defaults(
    ids: Iterable[str], known: frozenset[str], kind: discord.SelectDefaultValueType
) -> list[discord.SelectDefaultValue]:
    return [discord.SelectDefaultValue(id=int(one), type=kind) for one in ids if one in known]


def _lengths(rules: GuildRules, say: Messages) -> ui.Select[Any]:
    chosen = rules.default_tracks or Rules().default_tracks
    options = [
        discord.SelectOption(label=say.songs_option(songs), value=str(songs), default=songs == chosen)
        for songs in LENGTHS
    ]
    return ui.Select(custom_id=named.settings_menu("length"), placeholder=say.CHOOSE_LENGTH, options=options)


def _recap_line(rules: GuildRules, say: Messages) -> str:
    if rules.recap is None:
        return say.no_recap()
    return say.recap_comes(rules.recap.every, channel_mentions([rules.recap.channel_id]), rules.recap.next_at)


def _recaps(rules: GuildRules, known: frozenset[str], say: Messages) -> Iterator[ui.Item[Any]]:
    """How often a recap comes by itself, and where, once one does."""
    chosen = "off" if rules.recap is None else rules.recap.every
    options = [
        discord.SelectOption(label=say.recap_option(every, HOUR), value=every, default=every == chosen)
        for every in ("off", *PERIODS)
    ]
    yield ui.Select(custom_id=named.settings_menu("recap"), placeholder=say.CHOOSE_RECAP, options=options)
    if rules.recap is not None:
        yield ui.ChannelSelect(
            custom_id=named.settings_menu("recap-channel"),
            placeholder=say.CHOOSE_RECAP_CHANNEL,
            channel_types=RECAP_KINDS,
            default_values=_defaults([rules.recap.channel_id], known, discord.SelectDefaultValueType.channel),
        )


def _forms(say: Messages) -> Iterator[ui.Button[Any]]:
    for form in _FORMS:
        yield button(say.SETTINGS_FORMS[form], named.open_settings_form(form), emoji=_FORM_EMOJI[form])


def _switches(rules: GuildRules, say: Messages) -> Iterator[ui.Button[Any]]:
    for switch in SWITCHES:
        turn_on = not getattr(rules, switch)
        yield button(say.switch(switch, on=turn_on), named.settings_switch(switch, on=turn_on))


def _listed(parts: list[str]) -> str:
    shown = ", ".join(parts[:_LISTED])
    return f"{shown} +{len(parts) - _LISTED}" if len(parts) > _LISTED else shown
