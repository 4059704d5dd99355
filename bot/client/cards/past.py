"""A member's own playlists as cards: the list, one of them, and what was done with it."""

from __future__ import annotations

import discord

from bot.client.cards.colour import CALM_BLUE
from bot.client.cards.custom_ids import own_ids
from bot.client.cards.layout import OPTION_TEXT, Card, button, gap, menu, row, text
from bot.client.markdown import escaped, plain
from bot.client.texts.messages import ENGLISH, Messages
from bot.services.playlists.history import HistoryPage, PastPlaylist

_NAME = 80


def history_card(page: HistoryPage, *, say: Messages = ENGLISH) -> Card:
    """One page of the list, with a menu to choose from and the way to the others."""
    heading = text(f"## {say.history(page.total)}", f"-# {say.history_note(page.page + 1, page.pages, page.total)}")
    if not page.playlists:
        return Card(text(f"## {say.history(0)}", say.no_history()), accent=CALM_BLUE)
    lines = (f"**{_name(past, say)}**\n-# {_facts(past, say)}" for past in page.playlists)
    options = [
        discord.SelectOption(label=plain(past.name, OPTION_TEXT) or say.unnamed(), value=past.playlist_id)
        for past in page.playlists
    ]
    return Card(
        heading,
        text(*lines),
        menu(own_ids.CHOOSE_PAST, say.CHOOSE_PLAYLIST, options),
        *_paging(page, say),
        accent=CALM_BLUE,
    )


def past_card(past: PastPlaylist, *, said: str = "", say: Messages = ENGLISH) -> Card:
    """One playlist with what its owner may do; `said` is a word about what was just done."""
    if past.deleted:
        return _deleted_card(past, say)
    link = say.past_place(_address(past)) if past.message_id else ""
    return Card(
        text(f"## {_name(past, say)}", f"-# {_facts(past, say)}", link, f"-# {said}" if said else ""),
        gap(),
        row(
            button(say.OPEN_PAST, own_ids.past(past.playlist_id, "open"), emoji="📂"),
            button(say.RUN_AGAIN, own_ids.past(past.playlist_id, "again"), emoji="🔁"),
            button(say.RENAME_PAST, own_ids.past(past.playlist_id, "rename"), emoji="✏️"),
            button(
                say.DELETE_PAST, own_ids.past(past.playlist_id, "delete"), emoji="🗑️", style=discord.ButtonStyle.danger
            ),
        ),
        row(button(say.ALL_PLAYLISTS, own_ids.turn_history(0), emoji="📜")),
        accent=CALM_BLUE,
    )


def _deleted_card(past: PastPlaylist, say: Messages) -> Card:
    return Card(
        text(say.past_deleted(_name(past, say))),
        row(
            button(say.RESTORE_PAST, own_ids.past(past.playlist_id, "restore"), emoji="↩️"),
            button(say.ALL_PLAYLISTS, own_ids.turn_history(0), emoji="📜"),
        ),
        accent=CALM_BLUE,
    )


def _name(past: PastPlaylist, say: Messages) -> str:
    return escaped(past.name, _NAME) or say.unnamed()


def _facts(past: PastPlaylist, say: Messages) -> str:
    return say.past_made(past.made_at, past.songs, only_me=past.only_me)


def _address(past: PastPlaylist) -> str:
    return f"https://discord.com/channels/{past.guild_id or '@me'}/{past.channel_id}/{past.message_id}"


def _paging(page: HistoryPage, say: Messages) -> tuple[discord.ui.ActionRow[Card], ...]:
    if page.pages == 1:
        return ()
    # As under a playlist: the two ids differ on every page.
    back = own_ids.turn_history(page.page - 1) if page.page else own_ids.FIRST_PAGE
    on = own_ids.turn_history(page.page + 1)
    return (
        row(
            button(say.BACK, back, emoji="◀️", disabled=page.page == 0),
            button(say.NEXT, on, emoji="▶️", disabled=page.page + 1 == page.pages),
        ),
    )
