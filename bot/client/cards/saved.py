"""A playlist on Spotify: that it is there, what is missing, and the question where it shall go."""

from __future__ import annotations

from collections.abc import Sequence

import discord
from discord import ui

from bot.client.cards.colour import accent
from bot.client.cards.custom_ids import playlist_ids
from bot.client.cards.layout import Card, button, row, text
from bot.client.markdown import escaped, linked
from bot.client.texts.messages import ENGLISH, Messages
from bot.services.playlists.file_export import PlaylistFile
from bot.services.publishing.views import Offered, Saved
from bot.services.values import PlaylistView, SongView

SPOTIFY_GREEN = 0x1DB954
NAMED = 12
"""Missing songs that are named."""

LINKS = 25
"""Songs whose addresses are written out; the files have all."""


def saved_card(saved: Saved, *, say: Messages = ENGLISH) -> Card:
    """Where it is, what is in it and what is not, and how it comes down again."""
    parts: list[ui.Item[Card]] = [
        text(
            say.saved(escaped(saved.playlist.name, 80), saved.url, before=saved.before),
            say.saved_where(saved.songs, own=saved.own),
        )
    ]
    if saved.missing:
        named = [_named(song) for song in saved.missing[:NAMED]]
        parts.append(text(say.saved_missing(named, len(saved.missing) - len(named))))
    buttons: list[ui.Item[Card]] = [_open(saved.url, say)]
    if saved.removable:
        unsave = playlist_ids.unsave(saved.playlist.playlist_id)
        buttons.append(button(say.UNSAVE, unsave, style=discord.ButtonStyle.danger))
    return Card(*parts, row(*buttons), accent=SPOTIFY_GREEN)


def offered_card(offered: Offered, *, say: Messages = ENGLISH) -> Card:
    """Update the saved one, or save as new."""
    playlist_id = offered.playlist.playlist_id
    return Card(
        text(say.save_offer(escaped(offered.saved_name, 80), offered.url)),
        row(
            button(say.SAVE_UPDATE, playlist_ids.save(playlist_id, "update"), style=discord.ButtonStyle.success),
            button(say.SAVE_NEW, playlist_ids.save(playlist_id, "new")),
            _open(offered.url, say),
        ),
        accent=SPOTIFY_GREEN,
    )


def unsaved_card(playlist: PlaylistView, *, say: Messages = ENGLISH) -> Card:
    """That it is taken down, and how it comes back."""
    return Card(
        text(say.unsaved(escaped(playlist.name, 80))),
        row(button(say.SAVE_SET, playlist_ids.save(playlist.playlist_id), emoji="💚")),
        accent=accent(playlist.heard, playlist.songs),
    )


def handed_out_card(
    playlist: PlaylistView, files: Sequence[PlaylistFile], *, known: bool, linking: bool = True, say: Messages = ENGLISH
) -> Card:
    """Without an account: the files, the songs' own addresses, and how to get further.

    `known` tells that only the account is missing, not the songs' ids; `linking` that one can be linked here.
    """
    addressed = [song for song in playlist.songs if song.url]
    for shown in range(min(len(addressed), LINKS), -1, -1):
        card = _handed_out(playlist, files, addressed[:shown], len(addressed), known=known, linking=linking, say=say)
        if card.fits:
            break
    return card


def _handed_out(
    playlist: PlaylistView,
    files: Sequence[PlaylistFile],
    addressed: Sequence[SongView],
    total: int,
    *,
    known: bool,
    linking: bool,
    say: Messages,
) -> Card:
    parts: list[ui.Item[Card]] = [text(say.handed_out(escaped(playlist.name, 80), known=known))]
    if addressed:
        lines = (f"{song.position}. {linked(song.title or '?', song.url, 50)}" for song in addressed)
        parts.append(text(say.links_heading(len(addressed), total), *lines))
    for file in files:
        parts += [text(say.file_use(file.form)), ui.File(f"attachment://{file.name}")]
    parts.append(text(say.how_to_link(possible=linking) if known else ""))
    shown = [part for part in parts if not isinstance(part, ui.TextDisplay) or part.content]
    return Card(*shown, accent=accent(playlist.heard, playlist.songs))


def _named(song: SongView) -> str:
    artists = escaped(", ".join(song.artists), 60)
    return escaped(song.title or "?", 80) + (f" · {artists}" if artists else "")


def _open(url: str, say: Messages) -> ui.Button[Card]:
    return ui.Button(label=say.OPEN_SAVED, url=url)
