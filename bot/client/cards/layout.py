"""What every card is built on: Discord's limits, counted before anything is sent."""

from __future__ import annotations

from collections.abc import Sequence

import discord
from discord import ui

COMPONENTS = 40
"""Components of one message, nested ones counted (Discord's limit)."""

CHARACTERS = 4000
"""Characters of all texts of one message (Discord's limit)."""

OPTIONS = 25
"""Choices of one menu (Discord's limit)."""

LABEL = 80
"""Characters on a button (Discord's limit)."""

OPTION_TEXT = 100
"""Characters of a menu's choice (Discord's limit)."""

ALT_TEXT = 1024
"""Characters that describe a picture (Discord's limit)."""


class Card(ui.LayoutView):
    """A message of Components V2 whose buttons are known by their custom_id alone.

    discord.py keeps no copy and starts no timer: the dynamic items of `bot.client.components` answer every press,
    today and after a restart.
    """

    def __init__(self, *parts: ui.Item[Card], accent: int | None = None, below: Sequence[ui.Item[Card]] = ()) -> None:
        super().__init__(timeout=None)
        container: ui.Container[Card] = ui.Container(*parts, accent_colour=accent)
        self.add_item(container)
        for part in below:
            self.add_item(part)

    def is_finished(self) -> bool:
        """Always: nothing waits for this view, so nothing of it is to be kept."""
        return True

    @property
    def fits(self) -> bool:
        """Whether Discord takes it."""
        return self.total_children_count <= COMPONENTS and self.content_length() <= CHARACTERS


def text(*lines: str) -> ui.TextDisplay[Card]:
    """Lines of markdown, empty ones left out."""
    return ui.TextDisplay("\n".join(line for line in lines if line))


def gap(*, line: bool = True, wide: bool = False) -> ui.Separator[Card]:
    """Room between two parts, with a thin line or without."""
    spacing = discord.SeparatorSpacing.large if wide else discord.SeparatorSpacing.small
    return ui.Separator(visible=line, spacing=spacing)


def button(
    label: str,
    custom_id: str,
    *,
    emoji: str | None = None,
    style: discord.ButtonStyle = discord.ButtonStyle.secondary,
    disabled: bool = False,
) -> ui.Button[Card]:
    """A button that a dynamic item answers."""
    return ui.Button(label=label[:LABEL], custom_id=custom_id, emoji=emoji, style=style, disabled=disabled)


def row(*items: ui.Item[Card]) -> ui.ActionRow[Card]:
    """Up to five buttons, or one menu, side by side."""
    return ui.ActionRow(*items)


def menu(custom_id: str, placeholder: str, options: Sequence[discord.SelectOption]) -> ui.ActionRow[Card]:
    """A menu to choose one of up to OPTIONS from."""
    chooser: ui.Select[Card] = ui.Select(custom_id=custom_id, placeholder=placeholder, options=list(options[:OPTIONS]))
    return ui.ActionRow(chooser)
