"""The card that stands while a request runs."""

from __future__ import annotations

from bot.client.cards.colour import CALM_BLUE
from bot.client.cards.layout import Card, text
from bot.client.texts.messages import ENGLISH, Messages
from bot.services.values import Stage


def working_card(heading: str, stage: Stage = "listening", *, say: Messages = ENGLISH) -> Card:
    """`heading` (safe to show) over how far the request is."""
    return Card(text(f"**{heading}**", f"-# {say.stage(stage)}"), accent=CALM_BLUE)
