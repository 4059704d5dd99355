"""The moods as a card: icon, name, meaning, and a press that plays each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import discord
from discord import ui

from bot.client.cards.colour import CALM_BLUE
from bot.client.cards.custom_ids import playlist_ids
from bot.client.cards.layout import COMPONENTS, OPTION_TEXT, OPTIONS, Card, button, menu, text
from bot.client.markdown import escaped, plain
from bot.client.texts.messages import ENGLISH, Messages
from bot.services.values import MoodView

SECTIONS = (COMPONENTS - 4) // 3
"""Moods that get a button of their own: each takes a section, its text and its button. More go into menus."""

LISTED = 40
"""Moods that are listed, which is as many as a server may have; what another application adds is counted."""

_DETAILS = ((32, 60), (32, 24), (20, 24), (20, 0))
"""Characters of a mood's name and of its meaning, where there are many."""


def moods_card(moods: Sequence[MoodView], *, manager: bool = False, say: Messages = ENGLISH) -> Card:
    """All of `moods`, in their order; a `manager` reads how to make more."""
    heading, note = say.moods()
    top = text(f"## {heading}", f"-# {note if moods else say.no_moods()}")
    hint = (text(f"-# {say.mood_hint()}"),) if manager else ()
    if len(moods) <= SECTIONS:
        return Card(top, *(_section(mood, say) for mood in moods), *hint, accent=CALM_BLUE)
    rest = (f"-# {say.more(len(moods) - LISTED)}",) if len(moods) > LISTED else ()
    moods = moods[:LISTED]
    # The more moods there are, the less is said of each: Discord counts the characters of a message.
    for label, meaning in _DETAILS:
        lines = text(*(_words(mood, label, meaning, say) for mood in moods), *rest)
        card = Card(top, lines, *_menus(moods, say), *hint, accent=CALM_BLUE)
        if card.fits:
            break
    return card


def _menus(moods: Sequence[MoodView], say: Messages) -> Iterator[ui.ActionRow[Card]]:
    for start in range(0, len(moods), OPTIONS):
        options = [mood_option(mood, say) for mood in moods[start : start + OPTIONS]]
        yield menu(playlist_ids.mood_menu(start // OPTIONS), say.PLAY_A_MOOD, options)


def mood_option(mood: MoodView, say: Messages) -> discord.SelectOption:
    """A mood as a menu's choice; the value is its key."""
    return discord.SelectOption(
        label=plain(f"{mood.icon} {mood.label}", OPTION_TEXT) or "?",
        description=plain(say.mood_means(mood.meaning), OPTION_TEXT) or None,
        value=mood.key[:OPTION_TEXT],
    )


def _section(mood: MoodView, say: Messages) -> ui.Section[Card]:
    play = button(say.play(plain(mood.label, 40)), playlist_ids.mood(mood.key), emoji="▶️")
    return ui.Section(text(_words(mood, 40, 100, say)), accessory=play)


def _words(mood: MoodView, label: int, meaning: int, say: Messages) -> str:
    means = f"\n-# {escaped(say.mood_means(mood.meaning), meaning)}" if mood.meaning and meaning else ""
    return f"{escaped(mood.icon, 8)} **{escaped(mood.label, label)}**{means}"
