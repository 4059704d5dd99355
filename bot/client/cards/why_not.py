"""Why a song that somebody misses is not in a set."""

from __future__ import annotations

from collections.abc import Sequence

from bot.client.cards.colour import accent
from bot.client.cards.custom_ids import playlist_ids
from bot.client.cards.layout import Card, button, row, text
from bot.client.cards.notice import AMBER
from bot.client.markdown import escaped
from bot.client.texts.messages import ENGLISH, Messages
from bot.generation.reasons.why_not import WhyNot
from bot.services.values import PlaylistView

SHOWN = 4
"""Songs that are answered for; a title can mean more."""

_TITLE, _ARTISTS, _TEXT = 80, 60, 600


def why_not_card(playlist: PlaylistView, asked: str, answers: Sequence[WhyNot], *, say: Messages = ENGLISH) -> Card:
    """One answer for each song that `asked` means, the likeliest first; without any, that none is here."""
    again = row(button(say.WHY_NOT, playlist_ids.why_not(playlist.playlist_id), emoji="❓"))
    if not answers:
        said = say.no_such_song(escaped(asked, _TITLE))
        return Card(text(f"**{said.title}**", said.cause, said.step), again, accent=AMBER)
    rest = len(answers) - SHOWN
    return Card(
        text(f"### {say.why_not(escaped(playlist.name, 80) or say.unnamed())}"),
        *(text(*_lines(answer, say)) for answer in answers[:SHOWN]),
        *((text(f"-# {say.why_not_more(rest)}"),) if rest > 0 else ()),
        again,
        accent=accent(playlist.heard, playlist.songs),
    )


def _lines(answer: WhyNot, say: Messages) -> tuple[str, str]:
    artists = escaped(", ".join(answer.artists), _ARTISTS)
    by = f" · {artists}" if artists else ""
    return f"**{escaped(answer.title or '?', _TITLE)}**{by}", escaped(" ".join(map(say.told, answer.told)), _TEXT)
