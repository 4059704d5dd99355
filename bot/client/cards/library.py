"""The catalogue: a file on its way into it, what became of the file, and what there is."""

from __future__ import annotations

from discord import ui

from bot.catalogue.importer import ImportReport
from bot.client.cards.layout import Card, text
from bot.client.markdown import escaped
from bot.client.texts.messages import ENGLISH, Messages
from bot.services.library.catalogue_import import LARGEST_BYTES, LibraryInfo

GREEN, BLUE = 0x3BA55D, 0x5B7FA6

SHOWN = 10
"""Rows that were not taken, as far as the card lists them; a file has all of them."""

REJECTED_FILE = "rejected-rows.txt"

_NAME, _REASON = 60, 150


def importing_card(name: str, stage: str, done: int, total: int, *, say: Messages = ENGLISH) -> Card:
    """How far a file is; `stage` as in `bot.services.library.catalogue_import`, or "fetch"."""
    percent = min(100, 100 * done // total) if total else None
    return Card(text(say.importing(escaped(name, _NAME), stage, percent)), accent=BLUE)


def imported_card(name: str, report: ImportReport, songs: int, *, attached: bool, say: Messages = ENGLISH) -> Card:
    """What became of a file, as the command line tells it; `attached` when REJECTED_FILE is."""
    counts = (report.rows, report.new, report.updated, report.unchanged, len(report.rejected))
    parts: list[ui.Item[Card]] = [text(*say.imported(escaped(name, _NAME), counts), say.catalogue_now(songs))]
    if report.rejected:
        listed = (f"- {say.rejected_row(row.line, escaped(row.reason, _REASON))}" for row in report.rejected[:SHOWN])
        more = len(report.rejected) - SHOWN
        rest = f"-# {say.rejected_more(more, attached=attached)}" if more > 0 else ""
        parts.append(text(say.rejected_heading(len(report.rejected)), *listed))
        parts += [text(rest)] if rest else []
    if attached:
        parts.append(ui.File(f"attachment://{REJECTED_FILE}"))
    return Card(*parts, accent=GREEN)


def rejected_lines(report: ImportReport, *, say: Messages = ENGLISH) -> bytes:
    """All rows that were not taken, one a line."""
    return "".join(f"{say.rejected_row(row.line, row.reason)}\n" for row in report.rejected).encode()


def library_card(info: LibraryInfo, layouts: tuple[str, ...], *, say: Messages = ENGLISH) -> Card:
    """What there is, and which files bring more."""
    taken = say.library_layouts(layouts, LARGEST_BYTES >> 20)
    if not info.songs:
        return Card(text(say.library_empty(), taken), accent=BLUE)
    facts = say.library_facts(artists=info.artists, genres=info.genres, years=info.years)
    known = say.library_known(sound=info.sound_known, explicit=info.explicit_known, year=info.year_known)
    genres = say.library_genres([(escaped(name, 40), count) for name, count in info.top_genres])
    invented = f"-# {say.invented()}" if info.invented else ""
    words = (*say.library_heading(info.songs), facts, genres if info.top_genres else "", known, invented)
    return Card(text(*words), text(taken), accent=BLUE)
