"""The artists of a catalogue, to be recognised in a request: satisfies `nlp.names.Names`."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from bot.generation.tracks import TrackTable
from nlp.names import fold

LONGEST_NAME = 6
"""Words in the longest name worth looking for; longer ones are casts and orchestras that nobody writes out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ArtistNames:
    """Artists by their folded names; `longest` is the number of words in the longest of them."""

    longest: int = 0
    written: dict[str, str] = field(default_factory=dict)

    def lookup(self, folded: str) -> str | None:
        """The artist's name as the catalogue writes it, for a folded name."""
        return self.written.get(folded)


def names_of(table: TrackTable) -> ArtistNames:
    """The names in `table`. Where two are the same when folded, the one with more tracks is meant.

    "The Band" is found without its article too, unless an artist is called just that.
    """
    tracks = np.bincount(table.artists.indices, minlength=len(table.artists.words))
    written: dict[str, str] = {}
    for number in np.argsort(-tracks, kind="stable").tolist():
        name = table.artists.words[number]
        folded = fold(name)
        if folded and folded.count(" ") < LONGEST_NAME:
            written.setdefault(folded, name)
    for folded, name in list(written.items()):
        if folded.startswith("the "):
            written.setdefault(folded.removeprefix("the "), name)
    return ArtistNames(longest=max((folded.count(" ") + 1 for folded in written), default=0), written=written)
