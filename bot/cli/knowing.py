"""``know``: what is known of a word, an artist or the labels of a catalogue, and from where."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.generating import source_of
from bot.cli.screen import CANNOT, complain, explained, output

_MOST_SONGS = 5
_MOST_SCENES = 6
_MUSIC = 0.5


def know(
    what: Annotated[str, typer.Argument(help='An artist, a genre, a scene, a work ("campfire"); - for the labels.')],
    catalogue: Annotated[Path | None, typer.Option(help="Look at the songs and labels of this CSV file too.")] = None,
) -> None:
    """Show what is known of an artist, a genre, a scene or a work; with a catalogue also its songs and labels."""
    with explained():
        lines = [] if what == "-" else [*_artists(what), *_kinds(what), *_scenes(what), *_heard(what)]
        if catalogue is not None:
            lines += _labels(catalogue) if what == "-" else _songs(catalogue, what)
        for line in lines:
            output().print(line, markup=False, soft_wrap=True)
        if not lines:
            complain(f"Nothing is known of “{what}”.", "Try an artist, a genre, a place, a film or a game.")
            raise SystemExit(CANNOT)


def _artists(name: str) -> Iterator[str]:
    from nlp.knowledge.artists import all_artists

    for facts in all_artists().find(name):
        first, last = facts.years
        played = ", ".join(f"{kind} ({weight})" for kind, weight in facts.kinds)
        yield f"artist  {facts.name}: {played}; {first} to {last or 'today'}; {facts.country}; sings "
        yield f"        {', '.join(facts.languages)}; fame {facts.fame} of 5   [nlp/knowledge/artists.tsv]"


def _kinds(name: str) -> Iterator[str]:
    from nlp.knowledge.kinds import all_kinds

    kinds = all_kinds()
    meant = kinds.of_genre(name)
    if meant is not None:
        pairs = ", ".join(f"{kind} ({share:.2f})" for kind, share in kinds.pairs(meant))
        yield f"genre   {name} means {pairs}   [nlp/knowledge/kinds.tsv and the genre graph]"
    if (number := kinds.get(name)) is not None:
        yield f"kind    {kinds.rows[number].heard}"


def _scenes(name: str) -> Iterator[str]:
    from nlp.knowledge.scenes import all_scenes

    scenes = all_scenes()
    near = scenes.likeness(name)
    for number in near.argsort()[::-1][:_MOST_SCENES].tolist():
        row = scenes.rows[number]
        played = ", ".join(f"{kind} ({weight})" for kind, weight in row.kinds)
        table = "scenes.tsv" if row.type == "scene" else "works.tsv"
        if near[number]:
            yield f"{row.type:<7} {row.name} ({near[number]:.2f}): {played}   [nlp/knowledge/{table}]"


def _heard(text: str) -> Iterator[str]:
    """What the taught encoder hears in the whole text."""
    from nlp.knowledge.kinds import all_kinds
    from nlp.knowledge.request_model import installed_model

    model = installed_model()
    heard = None if model is None else model.hear(text)
    if heard is not None and heard.music >= _MUSIC:
        kinds = ", ".join(f"{kind} ({share:.2f})" for kind, share in all_kinds().pairs(heard.kinds, most=6))
        artists = ", ".join(heard.artists[:6])
        yield f"heard   {text}: {kinds}; {artists}   [nlp/knowledge/request_model.npz, taught by nlp/training/data]"


def _songs(path: Path, name: str) -> Iterator[str]:
    from bot.generation.kinds.song_kinds import song_kinds
    from nlp.knowledge.artists import artist_key

    table = source_of(path).table
    songs = song_kinds(table)
    key = artist_key(name)
    numbers = {number for number, word in enumerate(table.artists.words) if artist_key(word) == key}
    rows = [row for row in range(len(table)) if int(table.artist[row]) in numbers]
    for row in rows[:_MOST_SONGS]:
        known = "known artist" if songs.sure[row] == 1 else "guess from labels, tongue and sound"
        kinds = ", ".join(f"{kind} ({share:.2f})" for kind, share in songs.of(row)[:4])
        yield f"song    {table.titles[row]}: {kinds}   [{known}]"


def _labels(path: Path) -> Iterator[str]:
    from bot.generation.kinds.song_kinds import song_kinds
    from nlp.knowledge.kinds import all_kinds

    labels = song_kinds(source_of(path).table).artists.labels
    strangers = dict(labels.strangers())
    for number, word in enumerate(labels.words):
        held = ", ".join(f"{kind} ({share:.2f})" for kind, share in all_kinds().pairs(labels.means[number], most=4))
        other = "   MEANS SOMETHING ELSE HERE" if word in strangers else ""
        yield f"label   {word}: {held}   [{labels.known[number]} known artists]{other}"
