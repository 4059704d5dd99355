"""Artists: what they play, when, where and in which tongue, and how widely they are known."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from nlp.knowledge.kinds import Shares, all_kinds
from nlp.knowledge.tables import ARTIST_COLUMNS, FOLDER, BadKnowledge, OpenYears, Weighted, pieces, read_rows, weighted
from nlp.knowledge.tables import years as span
from nlp.names import fold

_SHARPNESS = 1.5
"""What an artist is known for counts for more than its weight: 3, 2, 1 become 5.2, 2.8, 1. Judgement."""

_ARTICLE = "the "


@dataclass(frozen=True, slots=True, kw_only=True)
class ArtistFacts:
    """What is known of one artist. `years` are those of the recordings people know; `fame` is 1 to 5."""

    name: str
    kinds: Weighted
    years: OpenYears
    country: str
    languages: tuple[str, ...]
    fame: int

    def shares(self) -> Shares:
        """How much of what people hear of them is of each kind; the shares add up to 1."""
        vector = all_kinds().shares((kind, weight**_SHARPNESS) for kind, weight in self.kinds)
        vector /= vector.sum()
        return vector


def artist_key(name: str) -> str:
    """A name as artists are looked up: folded, "&" and "and" alike, without a leading article."""
    key = fold(name.replace("&", " and "))
    return key.removeprefix(_ARTICLE) or name.casefold()


class ArtistBook:
    """The artists by name, in any spelling."""

    def __init__(self, rows: tuple[ArtistFacts, ...]) -> None:
        self.rows = rows
        self._by_key: dict[str, tuple[ArtistFacts, ...]] = {}
        for row in rows:
            key = artist_key(row.name)
            self._by_key[key] = (*self._by_key.get(key, ()), row)

    def find(self, name: str) -> tuple[ArtistFacts, ...]:
        """Everybody of this name, the best known first; empty for a name that no row has."""
        return self._by_key.get(artist_key(name), ())


def read_artists(path: Path = FOLDER / "artists.tsv") -> tuple[ArtistFacts, ...]:
    """Every row of the table, the better known of two namesakes first. Raises `BadKnowledge`."""
    kinds = all_kinds()
    rows = []
    for number, cells in read_rows(path, ARTIST_COLUMNS):
        try:
            row = ArtistFacts(
                name=cells["name"],
                kinds=weighted(cells["kinds"]),
                years=span(cells["years"]),
                country=cells["country"],
                languages=pieces(cells["languages"]),
                fame=int(cells["fame"]),
            )
        except ValueError as wrong:
            raise BadKnowledge(f"{path.name}:{number}: {wrong}") from wrong
        if unknown := [name for name, _ in row.kinds if kinds.get(name) is None]:
            raise BadKnowledge(f"{path.name}:{number}: {unknown[0]!r} is no kind")
        rows.append(row)
    return tuple(sorted(rows, key=lambda row: -row.fame))


@cache
def all_artists() -> ArtistBook:
    """The artists of the package's own table; read once a process."""
    return ArtistBook(read_artists())
