"""Buttons and menus as dynamic items, so that a card posted before a restart works after it.

discord.py tells nobody about an error in one of them, so `PersistentButton.callback` puts each behind the boundary of
`bot.client.error_handling`.
"""

from __future__ import annotations

import re
from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

import discord
from discord import ui

from bot.client.cards.custom_ids import playlist_ids
from bot.client.components.forms import Submission
from bot.client.context import Interaction
from bot.client.error_handling import error_boundary
from bot.client.interaction_response import InteractionReply
from bot.errors import Gone


class PersistentButton(ui.DynamicItem[ui.Item[Any]], template=r"(?!)"):
    """A press on a button or a choice in a menu; what its custom_id says is in `facts`."""

    def __init__(self, item: ui.Item[Any], facts: dict[str, str]) -> None:
        super().__init__(item)
        self.facts = facts

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """The press that discord.py found in an interaction."""
        return cls(item, match.groupdict())

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Answer the press; the second one of a double click is only taken note of."""
        audience: playlist_ids.Audience = "me" if is_private(interaction) else "all"
        async with error_boundary(interaction, audience=audience) as answer:
            with interaction.client.presses.one(interaction.user.id, self.custom_id) as first:
                if first:
                    await self.pressed(interaction, answer)
                else:
                    await answer.hold()

    @abstractmethod
    async def pressed(self, interaction: Interaction, answer: InteractionReply) -> None:
        """Do what the press asks for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Components:
    """Everything that can be pressed or sent off: the bot takes it whole and imports none of it."""

    buttons: tuple[type[PersistentButton], ...]
    forms: tuple[type[Submission], ...]


async def answer_unknown(interaction: discord.Interaction[Any], presses: Sequence[type[PersistentButton]]) -> None:
    """Tell the one who pressed that none of `presses` answers it: a card of another version, or a forged name."""
    data: Any = interaction.data
    custom_id = str(data.get("custom_id"))
    if not any(press.__discord_ui_compiled_template__.fullmatch(custom_id) for press in presses):
        async with error_boundary(interaction):
            raise Gone(what="button")


def is_private(interaction: discord.Interaction[Any]) -> bool:
    """Whether only the one who pressed sees the card that was pressed on."""
    return interaction.message is not None and interaction.message.flags.ephemeral
