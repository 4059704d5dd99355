"""Songs that few want without asking: Christmas, noises, children's songs, readings, karaoke, mixes of an hour."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bot.generation.facts.wishes import AsideKind, AsideWish
from bot.generation.library import Library, Masks
from nlp.genres import genre_graph
from nlp.vibe import Vibe

_INSIDE = re.compile(rb"[\w\x80-\xff]")
"""What a word goes on after."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exclusion:
    """A kind of songs that is kept out unless it is asked for.

    `signs` are words of titles that mean the kind, in lower case and seldom within another
    word; `genres` are names that a song or a request may carry, `contexts` the occasions that ask for the kind. Any
    song longer than `longest_ms` is of the kind too.
    """

    kind: AsideKind
    signs: tuple[str, ...]
    genres: tuple[str, ...] = ()
    contexts: frozenset[str] = frozenset()
    longest_ms: int | None = None

    def asked(self, vibe: Vibe) -> bool:
        """Whether a request is about this kind."""
        graph = genre_graph()
        wanted = any(graph.closeness(genre, name) >= 1 for genre in self.genres for name in vibe.genres.wanted)
        return wanted or not self.contexts.isdisjoint(vibe.contexts)


ASIDES = (
    Exclusion(
        kind="christmas",
        signs=(
            "christmas",
            "xmas",
            "yule",
            "santa claus",
            "santa baby",
            "jingle bell",
            "navidad",
            "weihnacht",
            "tannenbaum",
            "natale",
            "feliz natal",
            "joyeux noël",
            "silent night",
            "stille nacht",
            "holy night",
            "winter wonderland",
            "let it snow",
            "mistletoe",
            "rudolph",
            "reindeer",
            "sleigh ride",
            "midnight clear",
            "it's cold outside",
            "carol of the bells",
            "coventry carol",
            "o come all ye",
            "away in a manger",
            "joy to the world",
            "drummer boy",
            "deck the halls",
            "frosty the snowman",
            "white christmas",
            "last christmas",
        ),
        genres=("christmas",),
        contexts=frozenset({"christmas", "winter"}),
    ),
    Exclusion(
        kind="noises",
        signs=(
            "white noise",
            "brown noise",
            "pink noise",
            "rain sounds",
            "rain sound",
            "ocean waves",
            "sleep sounds",
            "deep sleep",
            "sleeping music",
            "binaural",
            "delta waves",
            "asmr",
        ),
        contexts=frozenset({"sleep", "meditation", "nap", "spa"}),
    ),
    Exclusion(
        kind="children",
        signs=("nursery rhyme", "cocomelon", "kinderlied"),
        genres=("children's music",),
        contexts=frozenset({"kids", "children", "family", "baby", "birthday"}),
    ),
    Exclusion(
        kind="read_aloud",
        signs=("audiobook", "hörspiel", "hörbuch", "kapitel", "chapter 1", "chapter 2", "chapter 3", "capítulo"),
        genres=("spoken word", "audiobook"),
    ),
    Exclusion(
        kind="karaoke",
        signs=("karaoke", "originally performed by", "in the style of"),
        genres=("karaoke",),
        contexts=frozenset({"karaoke"}),
    ),
    Exclusion(
        kind="long",
        signs=("continuous mix", "continuous dj mix", "full album", "full dj set"),
        longest_ms=25 * 60_000,
    ),
)
"""What is kept aside. Words by judgement, after what members of other systems asked to be spared."""


def unasked(library: Library, vibe: Vibe) -> list[tuple[AsideWish, Masks]]:
    """Each kind that the request is not about, as a wish, with the songs that go against it."""
    return [
        (AsideWish(kind=aside.kind, longest_ms=aside.longest_ms), rows)
        for aside, rows in zip(ASIDES, kept_aside(library), strict=True)
        if not aside.asked(vibe)
    ]


def kept_aside(library: Library) -> tuple[Masks, ...]:
    """The songs of each kind, by their titles and genres; looked for once a library, a quarter second a million."""
    found: tuple[Masks, ...] | None = library.memory.get("asides")
    if found is None:
        titles = library.table.titles
        lowered, ends = titles.joined().lower(), titles.starts[1:] + np.arange(1, len(titles) + 1)
        found = tuple(
            _titled(lowered, ends, aside.signs) | _filed(library, aside.genres) | _longer(library, aside.longest_ms)
            for aside in ASIDES
        )
        library.memory["asides"] = found
    return found


def _filed(library: Library, genres: tuple[str, ...]) -> Masks:
    graph = genre_graph()

    def of_kind(word: str) -> bool:
        return any(graph.excluded(genre, word) for genre in genres)

    return library.genres.rows(f"aside {genres}", of_kind)


def _longer(library: Library, longest_ms: int | None) -> Masks:
    durations = library.table.duration_ms
    return np.zeros(len(library), dtype=np.bool_) if longest_ms is None else durations > longest_ms


def _titled(titles: bytes, ends: npt.NDArray[np.int64], signs: tuple[str, ...]) -> Masks:
    """The rows whose title has a sign where a word begins; `titles` are all titles with a byte between two."""
    rows = np.zeros(len(ends), dtype=np.bool_)
    for sign in signs:
        wanted = sign.encode()
        place = titles.find(wanted)
        while place >= 0:
            if not place or not _INSIDE.match(titles, place - 1):
                rows[np.searchsorted(ends, place, side="right")] = True
            place = titles.find(wanted, place + 1)
    return rows
