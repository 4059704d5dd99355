"""Songs whose title says a word: who asks for rain is glad of songs that sing of it."""

from __future__ import annotations

import numpy as np

from bot.generation.library import Library, Masks, Rows
from nlp.names import fold

_LETTERS = frozenset(b"abcdefghijklmnopqrstuvwxyz0123456789") | frozenset(range(0x80, 0x100))


def titles_with(library: Library, word: str) -> Masks:
    """The rows whose title has `word`, or a phrase, among its words, without regard to case."""
    key = f"titles {word}"
    rows: Rows | None = library.memory.get(key)
    if rows is None:
        rows = library.memory[key] = _found(library, fold(word).encode())
    said = np.zeros(len(library), dtype=np.bool_)
    said[rows] = True
    return said


def _found(library: Library, wanted: bytes) -> Rows:
    """The numbers of these rows: all titles are one run of bytes, in which a search takes milliseconds."""
    titles = library.table.titles
    data, starts = titles.data.tobytes().lower(), titles.starts
    places: list[int] = []
    place = data.find(wanted) if wanted else -1
    while place >= 0:
        places.append(place)
        place = data.find(wanted, place + len(wanted))
    found = np.array(places, dtype=np.int64)
    rows = np.searchsorted(starts, found, side="right") - 1
    ends = found + len(wanted)
    whole = [
        end <= starts[row + 1]
        and (first == starts[row] or data[first - 1] not in _LETTERS)
        and (end == starts[row + 1] or data[end] not in _LETTERS)
        for row, first, end in zip(rows.tolist(), places, ends.tolist(), strict=True)
    ]
    return np.unique(rows[np.array(whole, dtype=np.bool_)])
