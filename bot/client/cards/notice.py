"""Short cards: what went wrong and what to do next."""

from __future__ import annotations

from discord import ui

from bot.client.cards.custom_ids import playlist_ids
from bot.client.cards.layout import Card, button, row, text
from bot.client.markdown import escaped, plain
from bot.client.texts.messages import ENGLISH, ErrorMessage, Messages

AMBER = 0xC9A227
ITEMS = 6
"""Lines of a failure that are listed; more would bury the next step."""


def failure_card(sentence: ErrorMessage, *, audience: playlist_ids.Audience = "me", say: Messages = ENGLISH) -> Card:
    """What happened, what to do next, and requests to try, whose playlists `audience` will see."""
    items = (f"- {escaped(item, 300)}" for item in sentence.items[:ITEMS])
    report = f"-# {say.report(sentence.report)}" if sentence.report else ""
    # The step stands apart: a line right after a list would be read as part of its last item.
    words = (text(f"**{sentence.title}**", sentence.cause, *items), text(sentence.step, report))
    tries = [_try_button(request, audience) for request in sentence.tries[:5]]
    return Card(*words, *((row(*tries),) if tries else ()), accent=AMBER)


def _try_button(request: str, audience: playlist_ids.Audience) -> ui.Button[Card]:
    short = plain(request, playlist_ids.TRY_LIMIT)
    return button(short, playlist_ids.try_text(short, audience))
