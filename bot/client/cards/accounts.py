"""A member's Spotify account: the link that is being made, how it stands, and the songs that are known of them."""

from __future__ import annotations

import discord
from discord import ui

from bot.client.cards.colour import CALM_BLUE
from bot.client.cards.custom_ids import account_ids as named
from bot.client.cards.layout import Card, button, gap, row, text
from bot.client.cards.notice import AMBER
from bot.client.markdown import escaped
from bot.client.texts.messages import ENGLISH, Messages
from bot.services.accounts.views import LinkBegun, Linked, LinkStatus
from bot.services.library.member_library import LibraryRead
from bot.services.library.saved_songs import OwnCounts

SPOTIFY_GREEN = 0x1DB954
_NAME = 60


def begun_card(begun: LinkBegun, *, owner: bool = False, say: Messages = ENGLISH) -> Card:
    """The link, and the button for what comes back from it."""
    whose: named.Whose = "all" if owner else "own"
    proof = button(say.ENTER_CODE, named.prove("code", whose), emoji="🔑")
    if begun.paste:
        proof = button(say.PASTE_ADDRESS, named.prove("paste", whose), emoji="📋")
    opening: ui.Button[Card] = ui.Button(label=say.OPEN_LINK, url=begun.url)
    return Card(
        text(say.link_begun(begun.until, paste=begun.paste, owner=owner)), row(opening, proof), accent=SPOTIFY_GREEN
    )


def linked_card(linked: Linked, *, say: Messages = ENGLISH) -> Card:
    """An account is linked."""
    account = escaped(linked.account, _NAME)
    return Card(text(say.link_done(account, linked.ends_at, owner=linked.owner)), accent=SPOTIFY_GREEN)


def status_card(
    status: LinkStatus, counts: OwnCounts, *, operator: bool = False, said: str = "", say: Messages = ENGLISH
) -> Card:
    """How a member stands, and what they can do about it; `operator` sees the account for everyone as well."""
    lines = [*_account_lines(status, say), say.library_state(counts.saved, counts.top, linked=status.linked)]
    if status.linked:
        lines.append(say.listening_state(on=status.listening, allowed=status.may_note))
    if status.off:
        lines.append(say.linking_off_line(status.off))
    parts: list[ui.Item[Card]] = [text(f"-# {said}" if said else "", *lines)]
    if operator and not status.off:
        parts.append(text(say.everyone_state(up=status.everyone)))
    rows = [buttons for buttons in (_own_buttons(status, say), _operator_buttons(status, operator, say)) if buttons]
    return Card(*parts, *((gap(),) if rows else ()), *(row(*buttons) for buttons in rows), accent=CALM_BLUE)


def _account_lines(status: LinkStatus, say: Messages) -> list[str]:
    if not status.linked or status.since is None or status.ends_at is None:
        return [say.not_linked()]
    scopes = status.scopes
    allows = say.link_allows(
        export={"playlist-modify-public", "playlist-modify-private"} <= scopes,
        cover="ugc-image-upload" in scopes,
        library="user-library-read" in scopes,
    )
    return [say.link_state(status.since, status.ends_at), allows]


def _own_buttons(status: LinkStatus, say: Messages) -> list[ui.Button[Card]]:
    if not status.linked:
        return [] if status.off else [button(say.LINK_ACCOUNT, named.account("link"), emoji="🔗")]
    noting = button(say.NOTE_PLAYS, named.account("note"), emoji="🎧")
    if status.listening:
        noting = button(say.STOP_NOTING, named.account("stop"), emoji="🔇")
    again = [] if status.may_note or not status.listening else [button(say.LINK_ACCOUNT, named.account("link"))]
    unlink = button(say.UNLINK, named.account("ask"), style=discord.ButtonStyle.danger)
    return [button(say.SYNC_NOW, named.account("sync"), emoji="🔄"), noting, *again, unlink]


def _operator_buttons(status: LinkStatus, operator: bool, say: Messages) -> list[ui.Button[Card]]:
    if not operator or status.off:
        return []
    set_up = button(say.LINK_FOR_ALL, named.account("link-all"), emoji="🏠")
    gone = button(say.UNLINK_FOR_ALL, named.account("unlink-all"), style=discord.ButtonStyle.danger)
    return [set_up, gone] if status.everyone else [set_up]


def ask_to_unlink_card(*, say: Messages = ENGLISH) -> Card:
    """Asks before an account is unlinked."""
    return Card(
        text(say.ask_to_unlink()),
        row(
            button(say.YES_UNLINK, named.account("unlink"), style=discord.ButtonStyle.danger),
            button(say.KEEP_LINK, named.account("keep")),
        ),
        accent=AMBER,
    )


def told_card(words: str) -> Card:
    """Words alone."""
    return Card(text(words), accent=CALM_BLUE)


def reading_card(stage: str, done: int, total: int, *, before: str = "", say: Messages = ENGLISH) -> Card:
    """How far the reading of a member's songs is; `before` is what was said already."""
    percent = min(100, 100 * done // total) if total else None
    return Card(*((text(before),) if before else ()), text(say.reading_library(stage, percent)), accent=CALM_BLUE)


def read_card(read: LibraryRead, counts: OwnCounts, *, before: str = "", say: Messages = ENGLISH) -> Card:
    """What came of reading a member's songs."""
    told = say.library_read(new=read.new, gone=read.gone, unknown=read.unknown, whole=read.whole)
    return Card(
        *((text(before),) if before else ()),
        text(told, say.library_state(counts.saved, counts.top)),
        accent=SPOTIFY_GREEN,
    )
