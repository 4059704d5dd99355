"""The moods as a card: icon, name, meaning, and a press that plays each."""

from __future__ import annotations

from collections.abc import Sequence

import discord
from discord import ui

from bot.client.cards import ids
from bot.client.cards.colour import CALM_BLUE
from bot.client.cards.layout import COMPONENTS, OPTION_TEXT, OPTIONS, Card, button, menu, text
from bot.client.markdown import escaped, plain
from bot.client.text import ENGLISH, Speech
from bot.services.values import MoodView

SECTIONS = (COMPONENTS - 4) // 3
"""Moods that get a button of their own: each takes a section, its text and its button. More go into a menu,
and more than that holds are counted."""


def moods_card(moods: Sequence[MoodView], *, say: Speech = ENGLISH) -> Card:
    """All of `moods`, in their order."""
    heading, note = say.moods()
    top = text(f"## {heading}", f"-# {note if moods else say.no_moods()}")
    if len(moods) <= SECTIONS:
        return Card(top, *(_section(mood, say) for mood in moods), accent=CALM_BLUE)
    lines = [_words(mood, 20, 24) for mood in moods[:OPTIONS]]
    rest = (f"-# {say.more(len(moods) - OPTIONS)}",) if len(moods) > OPTIONS else ()
    options = [
        discord.SelectOption(
            label=plain(f"{mood.icon} {mood.label}", OPTION_TEXT),
            description=plain(mood.meaning, OPTION_TEXT) or None,
            value=mood.key[:OPTION_TEXT],
        )
        for mood in moods[:OPTIONS]
    ]
    return Card(top, text(*lines, *rest), menu(ids.MOOD_MENU, say.PLAY_A_MOOD, options), accent=CALM_BLUE)


def _section(mood: MoodView, say: Speech) -> ui.Section[Card]:
    play = button(say.play(plain(mood.label, 40)), ids.mood(mood.key), emoji="▶️")
    return ui.Section(text(_words(mood, 40, 100)), accessory=play)


def _words(mood: MoodView, label: int, meaning: int) -> str:
    means = f"\n-# {escaped(mood.meaning, meaning)}" if mood.meaning else ""
    return f"{escaped(mood.icon, 8)} **{escaped(mood.label, label)}**{means}"
