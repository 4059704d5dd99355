"""A playlist as files, for the one who asked for them."""

from __future__ import annotations

from collections.abc import Sequence

from discord import ui

from bot.client.cards.colour import accent
from bot.client.cards.layout import Card, text
from bot.client.markdown import escaped
from bot.client.texts.messages import ENGLISH, Messages
from bot.services.playlists.file_export import PlaylistFile
from bot.services.values import PlaylistView


def files_card(playlist: PlaylistView, files: Sequence[PlaylistFile], *, say: Messages = ENGLISH) -> Card:
    """Each file with a line on what it is good for; they are attached to the message under their names."""
    linked = sum(song.url is not None for song in playlist.songs)
    lines = [text(f"### {say.files_heading(escaped(playlist.name, 80))}")]
    if linked < len(playlist.songs):
        lines.append(text(say.files_without_address(len(playlist.songs) - linked, len(playlist.songs))))
    parts: list[ui.Item[Card]] = [*lines]
    for file in files:
        parts += [text(say.file_use(file.form)), ui.File(f"attachment://{file.name}")]
    return Card(*parts, accent=accent(playlist.heard, playlist.songs))
