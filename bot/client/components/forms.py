"""Forms (Discord calls them modals) that work after a restart: known by their custom_id alone, like the buttons.

discord.py would keep each opened form in memory and forget it at the next start; here the bot's `on_interaction` finds
the class that takes it in by its custom_id, behind the same door as a press.
"""

from __future__ import annotations

import re
from abc import abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar

import discord
from discord import ui

from bot.client.context import Interaction
from bot.client.error_handling import error_boundary
from bot.client.interaction_response import InteractionReply
from bot.errors import Gone

TITLE, LABEL, DESCRIPTION, PLACEHOLDER = 45, 45, 100, 100
"""Characters of a form's title, of a field's label, its description and its placeholder (Discord's limits)."""


class Form(ui.Modal):
    """One to five fields under a title."""

    def __init__(self, title: str, custom_id: str, *fields: ui.Label[Any]) -> None:
        super().__init__(title=title[:TITLE], custom_id=custom_id, timeout=None)
        for one in fields:
            self.add_item(one)

    def is_finished(self) -> bool:
        """Always: nothing waits for this form, so nothing of it is to be kept."""
        return True


def field(
    custom_id: str,
    label: str,
    *,
    description: str | None = None,
    default: str = "",
    placeholder: str | None = None,
    longest: int = 200,
    required: bool = False,
    lines: bool = False,
) -> ui.Label[Any]:
    """A field to write in; `default` stands in it already. With `lines` it has several."""
    written: ui.TextInput[Any] = ui.TextInput(
        custom_id=custom_id,
        style=discord.TextStyle.paragraph if lines else discord.TextStyle.short,
        default=default[:longest] or None,
        placeholder=placeholder[:PLACEHOLDER] if placeholder else None,
        max_length=longest,
        required=required,
    )
    return ui.Label(
        text=label[:LABEL], description=description[:DESCRIPTION] if description else None, component=written
    )


class Submission:
    """What is done with a form that somebody sent off; what its custom_id says is in `facts`."""

    template: ClassVar[re.Pattern[str]] = re.compile(r"(?!)")

    def __init_subclass__(cls, *, template: str, **options: Any) -> None:
        super().__init_subclass__(**options)
        cls.template = re.compile(template)

    def __init__(self, facts: Mapping[str, str]) -> None:
        self.facts = facts

    @abstractmethod
    async def submitted(self, interaction: Interaction, answer: InteractionReply, written: Mapping[str, str]) -> None:
        """Do what the form asks for; `written` are its fields by their custom_id."""


async def take_in(interaction: Interaction, submissions: Sequence[type[Submission]]) -> None:
    """Give a form that was sent off to the one of `submissions` that takes it; that none does is told."""
    data: Any = interaction.data
    for submission in submissions:
        match = submission.template.fullmatch(str(data.get("custom_id")))
        if match is None:
            continue
        async with error_boundary(interaction) as answer:
            with interaction.client.presses.one(interaction.user.id, match[0]) as first:
                if first:
                    await submission(match.groupdict()).submitted(interaction, answer, dict(_written(data)))
                else:
                    await answer.begin()
        return
    async with error_boundary(interaction):
        raise Gone(what="form")


def _written(node: Any) -> Iterator[tuple[str, str]]:
    """Every field below `node` with its text, whatever it is wrapped in."""
    if not isinstance(node, Mapping):
        return
    if isinstance(node.get("value"), str) and "custom_id" in node:
        yield str(node["custom_id"]), node["value"]
    for inner in (*(node.get("components") or ()), node.get("component")):
        yield from _written(inner)
