"""``generate``: one playlist at the terminal, out of the catalogue or out of a file alone; keeps nothing."""

from __future__ import annotations

import asyncio
import math
import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer
from rich.table import Table
from rich.text import Text

from bot.cli.parsing import coloured
from bot.cli.screen import CANNOT, HOW_TO_FILL, complain, errors, explained, output, print_json

if TYPE_CHECKING:
    from bot.catalogue.index import Catalogue
    from bot.generation.tracks import TrackTable
    from bot.generation.values import Composition, Pick, Transition
    from nlp.vibe import Vibe

T = TypeVar("T")

_BLOCKS = "▁▂▃▄▅▆▇█"
PATIENCE_S = 15.0
"""How long a database that is down is waited for."""

_SEED_BITS = 31
_REASONS_SHOWN = 2
_NO_SONGS = f"There are no songs to choose from. {HOW_TO_FILL}"
_NOTHING = "No song of the catalogue fits."
_NO_MUSIC = "Nothing of the request was understood as music. Name a mood, a genre, a time or a tempo."
_WIDTH = 160
"""Columns of the table where no terminal says how many there are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Generated:
    """A composition with everything that is printed about it."""

    vibe: Vibe
    table: TrackTable
    composition: Composition
    seed: int
    conflicts: tuple[str, ...]
    ms: dict[str, float]


def generate(
    text: Annotated[str, typer.Argument(help="How the music should feel.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object instead of a table.")] = False,
    seed: Annotated[int | None, typer.Option(help="The same seed gives the same set.", min=0)] = None,
    catalogue: Annotated[
        Path | None, typer.Option(help="Choose from this CSV file alone; needs no settings and no database.")
    ] = None,
    tracks: Annotated[int | None, typer.Option(help="So many songs, whatever the words say.", min=1, max=500)] = None,
    minutes: Annotated[
        int | None, typer.Option(help="So many minutes, whatever the words say.", min=1, max=1440)
    ] = None,
) -> None:
    """Make a playlist and print it; nothing is stored and nothing is posted."""
    if tracks is not None and minutes is not None:
        raise typer.BadParameter("give --tracks or --minutes, not both")
    with explained():
        from bot.services.request_words import readable

        drawn = random.getrandbits(_SEED_BITS) if seed is None else seed
        made = _generate(readable(text), drawn, catalogue, tracks, minutes)
        if as_json:
            print_json(as_object(made))
        elif made.composition.ordering:
            _show(made)
        if not made.composition.ordering:
            complain("No playlist could be made.", " ".join(made.conflicts))
            raise SystemExit(CANNOT)


def _generate(text: str, seed: int, file: Path | None, tracks: int | None, minutes: int | None) -> Generated:
    from bot.client.texts.facts.sentences import told_all
    from bot.generation.engine import compose, prepare
    from bot.generation.values import Composition, Recipe, Rules
    from nlp.parser import VibeParser

    timed = _Stopwatch()
    source = timed("catalogue", lambda: source_of(file))
    parser = timed("load", VibeParser.load)
    vibe = timed("parse", lambda: parser.parse(text, names=source.names))
    conflicts: tuple[str, ...] = ()
    composition = Composition(ordering=(), candidates=())
    if not source.size:
        conflicts = (_NO_SONGS,)
    elif not (vibe.understood or tracks or minutes):
        conflicts = (_NO_MUSIC,)
    else:
        recipe = Recipe(vibe=vibe, seed=seed, rules=Rules(tracks=tracks, minutes=minutes))
        library = timed("prepare", lambda: prepare(source.table))
        composition = compose(source.table, recipe, library=library)
        conflicts = told_all(composition.conflicts) or (() if composition.ordering else (_NOTHING,))
    ms = {**timed.ms, **dict(composition.stage_ms)}
    return Generated(vibe=vibe, table=source.table, composition=composition, seed=seed, conflicts=conflicts, ms=ms)


class _Stopwatch:
    """Runs stages and keeps how many milliseconds each took."""

    def __init__(self) -> None:
        self.ms: dict[str, float] = {}

    def __call__(self, stage: str, run: Callable[[], T]) -> T:
        started = time.perf_counter()
        result = run()
        self.ms[stage] = (time.perf_counter() - started) * 1000
        return result


def source_of(file: Path | None) -> Catalogue:
    """The catalogue of a file, or of the database where none is given."""
    return _of_file(file) if file else _of_database()


def _of_file(path: Path) -> Catalogue:
    """The catalogue of one file. Loads neither the driver nor Discord."""
    from bot.catalogue.files.csv_files import read_csv
    from bot.catalogue.index import Catalogue

    contents = read_csv(path)
    if contents.rejected:
        first = contents.rejected[0]
        note = f"{len(contents.rejected)} rows left out, the first at line {first.line}: {first.reason}"
        errors().print(note, style="yellow", markup=False, soft_wrap=True)
    return Catalogue.from_records(contents.records)


def _of_database() -> Catalogue:
    from bot.catalogue.index import Catalogue
    from bot.cli.places import kept_settings
    from bot.database import open_database

    async def load() -> Catalogue:
        async with open_database(kept_settings()) as database:
            await database.wait_ready(PATIENCE_S)
            return await Catalogue.load()

    return asyncio.run(load())


def as_object(made: Generated) -> dict[str, Any]:
    """The one object that `generate --json` prints; its shape is the interface that we are measured by."""
    from bot.client.texts.facts.sentences import told_all

    composition = made.composition
    return {
        "vibe": made.vibe.to_dict(),
        "ordering": [_song(made.table, pick) for pick in composition.ordering],
        "arc": [round(level, 4) for level in composition.arc],
        "transitions": [_transition(number, step) for number, step in enumerate(composition.transitions, start=1)],
        "orderGap": None if composition.order_gap is None else round(composition.order_gap, 4),
        "relaxed": list(told_all(composition.relaxed)),
        "conflicts": list(made.conflicts),
        "notes": list(told_all(composition.notes)),
        "seed": made.seed,
        "catalogue": {"size": len(made.table), "digest": made.table.digest},
        "ms": {stage: round(spent, 3) for stage, spent in made.ms.items()},
    }


def _song(table: TrackTable, pick: Pick) -> dict[str, Any]:
    from bot.catalogue.records import is_spotify_id
    from bot.client.texts.facts.sentences import told_all
    from bot.generation.tracks import FEATURES

    row, spotify_id = pick.row, str(table.spotify_ids[pick.row])
    explicit = int(table.explicit[row])
    return {
        "id": str(pick.key),
        "spotifyTrackId": spotify_id if is_spotify_id(spotify_id) else None,
        "title": str(table.titles[row]),
        "artists": list(table.artists.of(row)),
        "durationMs": int(table.duration_ms[row]),
        "year": int(table.year[row]) or None,
        "genres": list(table.genres.of(row)),
        "explicit": None if explicit < 0 else bool(explicit),
        "features": {name: _known(table.features[row, column]) for column, name in enumerate(FEATURES)},
        "score": round(float(pick.score), 6),
        "parts": {part.name: round(float(part.value), 6) for part in pick.parts},
        "reasons": list(told_all(reason.fact for reason in pick.reasons)),
    }


def _transition(number: int, step: Transition) -> dict[str, Any]:
    """How song `number` leads to the next one."""
    from bot.client.texts.facts.transitions import transition_text

    return {
        "from": number,
        "to": number + 1,
        "text": transition_text(step),
        "tempoChange": None if step.tempo_change is None else round(step.tempo_change, 4),
        "keysMatch": step.keys_match,
        "energyStep": None if step.energy_step is None else round(step.energy_step, 4),
    }


def _known(value: Any) -> float | None:
    """A feature as JSON takes it: what is unknown is null; four decimals are more than the sources have."""
    number = float(value)
    return None if math.isnan(number) else round(number, 4)


def _show(made: Generated) -> None:
    """The set as a table for eyes."""
    from bot.client.texts.facts.sentences import told_all
    from bot.client.texts.facts.transitions import transition_text

    console, songs = output(width=_WIDTH), [_song(made.table, pick) for pick in made.composition.ordering]
    console.print(coloured(made.vibe, made.vibe.text), soft_wrap=True)
    table = Table(box=None, pad_edge=False, header_style="dim")
    table.add_column("#", justify="right")
    for heading in ("title", "artist"):
        table.add_column(heading, overflow="fold")
    for heading in ("length", "energy", "bpm", "score"):
        table.add_column(heading, justify="right")
    for heading in ("why", "from the one before"):
        table.add_column(heading, overflow="fold", style="dim")
    steps = ("", *map(transition_text, made.composition.transitions))
    for position, (song, step) in enumerate(zip(songs, steps, strict=True), start=1):
        table.add_row(str(position), *map(Text, (*_cells(song), step)))
    console.print(table)
    minutes = sum(song["durationMs"] for song in songs) / 60_000
    known = [song["features"]["energy"] for song in songs]
    console.print(f"{len(songs)} songs, {minutes:.0f} minutes, seed {made.seed}")
    console.print(_order(made.composition.order_gap))
    console.print(f"energy {blocks(stretched(known))}   asked {blocks(list(made.composition.arc))}")
    for line in told_all((*made.composition.relaxed, *made.composition.notes)):
        console.print(line, style="yellow", markup=False, soft_wrap=True)


def _order(gap: float | None) -> str:
    """How good the order is, as far as it is proved."""
    if not gap:
        return "order: proved to be the best one of these songs"
    return f"order: another one of these songs could be {gap:.0%} better at most"


def _cells(song: dict[str, Any]) -> tuple[str, ...]:
    seconds = round(song["durationMs"] / 1000)
    energy, tempo = song["features"]["energy"], song["features"]["tempo"]
    return (
        song["title"],
        ", ".join(song["artists"]),
        f"{seconds // 60}:{seconds % 60:02d}",
        "?" if energy is None else f"{energy:.2f}",
        "?" if tempo is None else f"{tempo:.0f}",
        f"{song['score']:.2f}",
        "; ".join(song["reasons"][:_REASONS_SHOWN]),
    )


def stretched(levels: list[float | None]) -> list[float | None]:
    """Levels as shares of their own range, as the arc is asked for."""
    known = [level for level in levels if level is not None]
    low, high = min(known, default=0.0), max(known, default=1.0)
    span = (high - low) or 1.0
    return [None if level is None else (level - low) / span for level in levels]


def blocks(levels: list[float | None] | list[float]) -> str:
    """A line of blocks as high as each level from 0 to 1; a dot where it is unknown."""
    top = len(_BLOCKS) - 1
    return "".join("·" if level is None else _BLOCKS[min(top, max(0, round(level * top)))] for level in levels)
