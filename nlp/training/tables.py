"""The tables of the training: what groups of songs, words and emoji are like. `aggregate` made them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from nlp.vibe import AXES

FEATURES = tuple("valence" if axis == "brightness" else axis for axis in AXES)
"""The features of songs behind the axes of a vibe, in the order of `AXES`."""

FOLDER = Path(__file__).parent / "data"


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """The songs of a word or genre: how far they are from the mean song, in standard deviations of songs.

    `figures` follow `AXES`; `size` is the number of artists, or 0 where the source does not tell.
    """

    name: str
    figures: tuple[float, ...]
    size: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign:
    """An emoji, its name and its keywords."""

    emoji: str
    name: str
    keywords: tuple[str, ...]


def title_words() -> tuple[Group, ...]:
    """Words of song titles."""
    return tuple(
        Group(name=word, size=int(size), figures=tuple(map(float, figures)))
        for word, size, *figures in _rows("title_words.tsv")
    )


def genre_means() -> tuple[Group, ...]:
    """Genres, as fine as Spotify names them."""
    return _groups("genre_means.tsv")


def signs() -> tuple[Sign, ...]:
    """Every emoji, by name and keywords."""
    return tuple(
        Sign(emoji=emoji, name=name, keywords=tuple(filter(None, keywords.split("|"))))
        for emoji, name, keywords in _rows("emoji_words.tsv")
    )


def _groups(name: str) -> tuple[Group, ...]:
    return tuple(Group(name=word, figures=tuple(map(float, figures))) for word, *figures in _rows(name))


def _rows(name: str) -> Iterator[list[str]]:
    """The rows of a table below its line of columns."""
    lines = (FOLDER / name).read_text("utf-8").splitlines()
    for line in [line for line in lines if line and not line.startswith("#")][1:]:
        yield line.split("\t")
