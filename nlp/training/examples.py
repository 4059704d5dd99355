"""What the trained part learns from: phrases, and what each moves. The rows of the lexicon say most of it.

Targets stand in columns: the axes of `AXES`, then ``context=...`` and ``genre=...``. An axis' target is its direction
times how much is meant, about -1 to 1; zero says that a phrase does not move it. `noise` tells how little one example
is to be trusted: title words and genre means are averages over songs of all kinds, rows are judgements on purpose.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
import numpy.typing as npt

from nlp.components.wishes.axis_ranges import direction
from nlp.genres import genre_graph
from nlp.lexicon import Entry, form_key
from nlp.training.tables import Group, genre_means, title_words
from nlp.vibe import AXES

Floats = npt.NDArray[np.float32]

OCCASIONS = frozenset({"activity", "scene", "weather", "season", "time", "place"})
LEARNED = frozenset({"mood", "sound", "genre"}) | OCCASIONS

ROW_NOISE = 0.4
BACKGROUND_NOISE = 0.8
SONG_NOISE = 2.0
"""Noise of the kernel regression; the figures are those that served held-out rows best among 0.1 to 3."""

GENRE_SHARE = 0.7
"""How much of a genre's distance from the mean song is its name's doing; the rest is who plays it."""

TITLE_DOUBT = 15.0
"""Artists at which a title word's mean counts half: fewer are pulled towards the mean song."""

BACKGROUND_WORDS = 1_500
FEWEST_ROWS = 4
"""Rows that name a context, before it is learned."""

_LONGEST_PHRASE = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A phrase and what it moves by column.

    When the model is tested on axes, a `family` is held out together: all rows of like effects. When it is tested on
    contexts, which are the names of families, it is the phrases of a `row`.
    """

    text: str
    moves: tuple[tuple[str, float], ...]
    noise: float
    family: str
    row: str
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Examples:
    """Examples as arrays: `targets` has a row for each text and a column for each of `columns`."""

    texts: tuple[str, ...]
    columns: tuple[str, ...]
    targets: Floats
    noise: Floats
    families: tuple[str, ...]
    rows: tuple[str, ...]
    kinds: tuple[str, ...]


def gather(entries: Sequence[Entry], common: Sequence[str]) -> Examples:
    """All examples: rows of the lexicon, words of titles, genres, and everyday words that say nothing."""
    known = {form_key(form) for entry in entries for form in entry.forms}
    contexts = Counter(context for entry in entries for context in _contexts(entry))
    kept = frozenset(context for context, rows in contexts.items() if rows >= FEWEST_ROWS)
    found: dict[str, Example] = {}
    for example in chain(
        _of_rows(entries, kept), _of_titles(known), _of_genres(known, _roots(entries)), _of_nothing(common, known)
    ):
        found.setdefault(example.text, example)
    return _arrays(tuple(found.values()))


def _of_rows(entries: Iterable[Entry], contexts: frozenset[str]) -> Iterator[Example]:
    for entry in entries:
        if entry.kind not in LEARNED:
            continue
        moves = {wish.axis: direction(wish) * min(wish.weight, 1.0) for wish in entry.effects}
        words = [f"context={context}" for context in _contexts(entry) if context in contexts]
        words += [f"genre={root}" for root in _above(entry)]
        for form in dict.fromkeys(form_key(form) for form in entry.forms):
            if form.isascii() and len(form.split()) <= _LONGEST_PHRASE:
                yield Example(
                    text=form,
                    moves=(*moves.items(), *((word, 1.0) for word in words)),
                    noise=ROW_NOISE,
                    family=f"{entry.table} {entry.effects} {entry.links}",
                    row=f"{entry.kind} {entry.name}",
                    kind=entry.kind,
                )


def _of_titles(known: set[str]) -> Iterator[Example]:
    for group in title_words():
        if group.name not in known:
            yield _of_group(group, group.size / (group.size + TITLE_DOUBT), "title word", ())


def _of_genres(known: set[str], roots: Sequence[str]) -> Iterator[Example]:
    graph = genre_graph()
    for group in genre_means():
        if form_key(group.name) not in known:
            above = [f"genre={root}" for root in roots if graph.excluded(root, group.name)]
            yield _of_group(group, GENRE_SHARE, "genre mean", above)


def _of_nothing(common: Sequence[str], known: set[str]) -> Iterator[Example]:
    """Everyday words, drawn at random: most have nothing to say about music."""
    free = [word for word in common if word not in known]
    drawn = np.random.default_rng(0).permutation(len(free))[:BACKGROUND_WORDS]
    for word in (free[place] for place in drawn):
        name = f"background {word}"
        yield Example(text=word, moves=(), noise=BACKGROUND_NOISE, family=name, row=name, kind="background")


def _of_group(group: Group, share: float, kind: str, words: Sequence[str]) -> Example:
    axes: Iterable[tuple[str, float]] = zip(AXES, (figure * share for figure in group.figures), strict=True)
    moves = (*axes, *((word, 1.0) for word in words))
    name = f"{kind} {group.name}"
    return Example(text=group.name, moves=moves, noise=SONG_NOISE, family=name, row=name, kind=kind)


def _contexts(entry: Entry) -> tuple[str, ...]:
    if entry.kind not in OCCASIONS:
        return ()
    return tuple(value for key, value in entry.hints if key == "context") or (entry.name,)


def _roots(entries: Iterable[Entry]) -> tuple[str, ...]:
    return tuple(entry.name for entry in entries if entry.kind == "genre" and not entry.links)


def _above(entry: Entry) -> tuple[str, ...]:
    """The broadest genres that a row of a genre lies under."""
    if entry.kind != "genre":
        return ()
    above = {entry.name, *genre_graph().broader(entry.name)}
    return tuple(sorted(name for name in above if not genre_graph().broader(name)))


def _arrays(examples: Sequence[Example]) -> Examples:
    said = Counter(column for example in examples for column, _ in example.moves)
    columns = (*AXES, *sorted(column for column in said if column not in AXES))
    places = {column: place for place, column in enumerate(columns)}
    targets = np.zeros((len(examples), len(columns)), dtype=np.float32)
    for row, example in enumerate(examples):
        for column, figure in example.moves:
            targets[row, places[column]] = figure
    return Examples(
        texts=tuple(example.text for example in examples),
        columns=columns,
        targets=targets,
        noise=np.array([example.noise for example in examples], dtype=np.float32),
        families=tuple(example.family for example in examples),
        rows=tuple(example.row for example in examples),
        kinds=tuple(example.kind for example in examples),
    )
