"""``replay``: the set of a session made again from what the session kept; stores nothing."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli.screen import CANNOT, complain, explained, output, print_json

if TYPE_CHECKING:
    from bot.catalogue.index import Catalogue
    from bot.services.playlists.replay import Replay


def replay(
    session_id: Annotated[str, typer.Argument(help="The id of a session, as the log and the database name it.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Make the set of a session again: the identical one, or what has changed since."""
    with explained():
        from bot.client.texts.facts.sentences import told_all

        made, catalogue = asyncio.run(_replay(session_id))
        if as_json:
            print_json(as_object(made))
        else:
            _show(made, catalogue)
        if not made.same:
            complain(
                "The set is not the identical one.", " ".join(told_all(made.changed)) or "Nothing known has changed."
            )
            raise SystemExit(CANNOT)


async def _replay(session_id: str) -> tuple[Replay, Catalogue]:
    from bot.catalogue.index import Catalogue
    from bot.cli.generating import PATIENCE_S
    from bot.cli.places import kept_settings
    from bot.database import open_database
    from bot.services.playlists.replay import replay as again
    from nlp.parser import installed_version

    async with open_database(kept_settings()) as database:
        await database.wait_ready(PATIENCE_S)
        catalogue = await Catalogue.load()
        return await again(session_id, catalogue, parser_version=installed_version()), catalogue


def as_object(made: Replay) -> dict[str, Any]:
    """The one object that `replay --json` prints."""
    from bot.client.texts.facts.sentences import told_all

    return {
        "session": made.session_id,
        "same": made.same,
        "before": list(made.before),
        "now": list(made.now),
        "changed": list(told_all(made.changed)),
    }


def _show(made: Replay, catalogue: Catalogue) -> None:
    """The set as it is made now; a star marks what is not as it was."""
    from bot.client.texts.facts.sentences import told_all

    console, table = output(), catalogue.table
    for position, pick in enumerate(made.composition.ordering if made.composition else (), start=1):
        was = made.before[position - 1] if position <= len(made.before) else None
        mark = " " if was == pick.key else "*"
        line = f"{position:>3} {mark} {table.titles[pick.row]} - {', '.join(table.artists.of(pick.row))}"
        console.print(line, markup=False, soft_wrap=True)
    if made.same:
        console.print(f"The identical set of {len(made.now)} songs.")
        for sentence in told_all(made.changed):
            console.print(sentence, style="yellow", markup=False, soft_wrap=True)
