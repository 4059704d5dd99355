"""What is kept about a member, as a card with what they may do about it."""

from __future__ import annotations

import discord
from discord import ui

from bot.client.cards.colour import CALM_BLUE
from bot.client.cards.custom_ids import own_ids
from bot.client.cards.layout import Card, button, gap, row, text
from bot.client.cards.notice import AMBER
from bot.client.texts.messages import ENGLISH, Messages
from bot.services.privacy.service import DataSummary, Erased


def privacy_card(kept: DataSummary, *, said: str = "", say: Messages = ENGLISH) -> Card:
    """Everything in plain words; `said` is a word about what was just done."""
    switch = button(say.PAUSE_LEARNING, own_ids.privacy("pause"), emoji="⏸️")
    if not kept.learning:
        switch = button(say.RESUME_LEARNING, own_ids.privacy("resume"), emoji="▶️")
    counted = say.data_kept(kept.requests, kept.playlists, kept.ratings)
    return Card(
        text(f"## {say.privacy_heading()}", counted, f"-# {said}" if said else ""),
        text("\n".join(f"- {line}" for line in say.data_rules())),
        text(say.learning_state(on=kept.learning)),
        gap(),
        row(
            button(say.COPY_MY_DATA, own_ids.privacy("export"), emoji="📦"),
            switch,
            button(say.DELETE_EVERYTHING, own_ids.privacy("delete"), emoji="🗑️", style=discord.ButtonStyle.danger),
        ),
        accent=CALM_BLUE,
    )


def question_card(*, say: Messages = ENGLISH) -> Card:
    """Asks before everything is deleted."""
    heading, lines = say.ask_to_delete()
    return Card(
        text(f"## {heading}", *lines),
        row(
            button(say.YES_DELETE, own_ids.privacy("erase"), style=discord.ButtonStyle.danger),
            button(say.KEEP_MY_DATA, own_ids.privacy("keep")),
        ),
        accent=AMBER,
    )


def erased_card(erased: Erased, *, say: Messages = ENGLISH) -> Card:
    """What was deleted."""
    return Card(text(say.data_erased(erased.counts)), accent=CALM_BLUE)


def export_card(name: str | None, *, say: Messages = ENGLISH) -> Card:
    """The attached file `name`; None when it was sent elsewhere."""
    file: tuple[ui.File[Card], ...] = () if name is None else (ui.File(f"attachment://{name}"),)
    return Card(text(say.data_handed_out(elsewhere=name is None)), *file, accent=CALM_BLUE)
