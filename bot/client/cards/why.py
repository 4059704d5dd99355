"""Why these songs: each one's reasons and the named parts of its score, for the one who asks."""

from __future__ import annotations

from collections.abc import Iterator

from discord import ui

from bot.client.cards.colour import accent
from bot.client.cards.custom_ids import playlist_ids
from bot.client.cards.layout import CHARACTERS, Card, button, row, text
from bot.client.markdown import escaped
from bot.client.texts.messages import ENGLISH, Messages
from bot.generation.values import ScorePart
from bot.services.values import PlaylistView, SongView

PAGE = 5
"""Songs on one page of reasons."""

CELLS = 5
_FULL, _EMPTY = "▰", "▱"
_PARTS, _REASONS = 8, 4
_SONG_CHARACTERS = (CHARACTERS - 400) // PAGE
"""What one song may take, so that five and the heading always fit."""


def bar(value: float) -> str:
    """A value from 0 to 1 in CELLS cells."""
    full = round(min(max(value, 0.0), 1.0) * CELLS)
    return _FULL * full + _EMPTY * (CELLS - full)


def why_card(playlist: PlaylistView, *, page: int = 0, say: Messages = ENGLISH) -> Card:
    """The reasons for the songs of `page` (from 0; beyond the last it is the last)."""
    pages = max(1, -(-len(playlist.songs) // PAGE))
    page = min(page, pages - 1)
    shown = playlist.songs[page * PAGE : (page + 1) * PAGE]
    return Card(
        text(f"### {say.why(escaped(playlist.name, 80))}", f"-# {say.why_note()}"),
        *(text(_song(song, say)) for song in shown),
        *_paging(playlist, page, pages, say),
        accent=accent(playlist.heard, playlist.songs),
    )


def _song(song: SongView, say: Messages) -> str:
    """One song as far as it may go: whole lines, the heading first."""
    lines: list[str] = []
    for line in _lines(song, say):
        if sum(map(len, lines)) + len(lines) + len(line) > _SONG_CHARACTERS:
            break
        lines.append(line)
    return "\n".join(lines)


def _lines(song: SongView, say: Messages) -> Iterator[str]:
    artists = escaped(", ".join(song.artists), 40)
    yield f"`{song.position}` **{escaped(song.title or '?', 60)}**" + (f" · {artists}" if artists else "")
    for reason in song.reasons[:_REASONS]:
        yield f"- {escaped(say.told(reason), 140)}"
    if not song.reasons and not song.parts:
        yield f"-# {say.no_reason()}"
    if song.parts:
        heaviest = sorted(song.parts, key=lambda part: -part.weight)[:_PARTS]
        yield "-# " + "  ".join(_part(part, say) for part in heaviest)


def _part(part: ScorePart, say: Messages) -> str:
    # Tied together: a bar at the beginning of a line would be read as that of the next name.
    return f"{escaped(say.part(part.name), 24)}\N{NO-BREAK SPACE}{bar(part.value)}"


def _paging(playlist: PlaylistView, page: int, pages: int, say: Messages) -> tuple[ui.Item[Card], ...]:
    ask = button(say.WHY_NOT, playlist_ids.why_not(playlist.playlist_id), emoji="❓")
    if pages == 1:
        return (row(ask),)
    back, on = (
        playlist_ids.turn_why(playlist.playlist_id, max(page - 1, 0)),
        playlist_ids.turn_why(playlist.playlist_id, page + 1),
    )
    return (
        row(
            button(say.BACK, back, emoji="◀️", disabled=page == 0),
            button(say.NEXT, on, emoji="▶️", disabled=page == pages - 1),
            ask,
        ),
    )
