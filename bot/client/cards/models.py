"""The card of `/models`: the newest versions of the learned weights, and which one is used."""

from __future__ import annotations

from collections.abc import Sequence

from bot.client.cards.layout import Card, gap, text
from bot.client.markdown import escaped
from bot.client.texts.messages import ENGLISH, Messages
from bot.services.training.model_registry import ModelView

SHOWN = 12
"""Versions on the card, the newest."""

_LIMIT = 60


def models_card(models: Sequence[ModelView], *, said: str = "", say: Messages = ENGLISH) -> Card:
    """The versions, the newest first; `said` is what has just been done."""
    lines = [_line(model, say) for model in models[:SHOWN]]
    head = text(f"### {say.models()}", said, f"-# {say.models_note()}")
    return Card(head, gap(), text(*lines or (say.no_models_yet(),)))


def _line(model: ModelView, say: Messages) -> str:
    gain = ((model.metrics.get("comparison") or {}).get("auc_gain") or {}).get("value")
    moment = model.activated_at if model.state == "used" else model.made_at
    line = say.model_line(escaped(model.version, _LIMIT), model.state, gain, moment)
    return f"{line}\n{say.model_damaged(escaped(say.told(model.damaged), 120))}" if model.damaged else line
