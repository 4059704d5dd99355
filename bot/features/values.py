"""What goes to the sources and what comes back: plain values, checked before they leave this room."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol, get_args

from bot.generation.tracks import FEATURES, Feature

Fact = Literal["isrc", "year", "explicit", "album", "genres"]
"""What else a source may know of a song."""

FACTS: tuple[Fact, ...] = get_args(Fact)

Wanted = Feature | Fact

EVERY_FEATURE: frozenset[Wanted] = frozenset(FEATURES)
EVERY_FACT: frozenset[Wanted] = frozenset(FACTS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Song:
    """A song that something is to be found out about.

    `spotify_id` is its name towards us, whatever it looks like. `wanted` is what is not known yet; `asked` says when
    which source was asked in vain, by the name of the question (`FeatureSource.question`).
    """

    spotify_id: str
    isrc: str | None = None
    genres: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    wanted: frozenset[Wanted] = EVERY_FEATURE
    asked: Mapping[str, datetime] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceReading:
    """What one source says of one song. Features are in the units and the ranges of `bot.generation.tracks`."""

    features: tuple[tuple[Feature, float], ...] = ()
    isrc: str | None = None
    year: int | None = None
    explicit: bool | None = None
    album: str = ""
    genres: tuple[str, ...] = ()

    def says(self) -> frozenset[Wanted]:
        """Everything that it knows."""
        known: set[Wanted] = {name for name, _ in self.features}
        known |= {name for name in FACTS if getattr(self, name) not in (None, "", ())}
        return frozenset(known)


Found = Mapping[str, SourceReading | None]
"""Findings by `Song.spotify_id`: None for a song that the source does not know; one it did not answer about is absent.
"""


class FeatureSource(Protocol):
    """One source of features. A new one is a file with a class like this, and a line in `sources.py`.

    `name` is noted beside every value that it gives, `question` beside a song that it did not know, so that it is not
    asked again too soon. `gives` is what it may know. `batch` songs are asked about at once. What a `prior` source says
    is a guess about songs of that kind, and is kept apart from what is known.
    """

    @property
    def name(self) -> str:
        """Who said it."""

    @property
    def question(self) -> str:
        """How a song is asked for: a name without dots."""

    @property
    def gives(self) -> frozenset[Wanted]:
        """What it may know."""

    @property
    def batch(self) -> int:
        """Songs that are asked about at once."""

    @property
    def prior(self) -> bool:
        """Whether it only guesses."""

    def takes(self, song: Song) -> bool:
        """Whether it can be asked about this song at all."""

    async def fetch(self, songs: Sequence[Song]) -> Found:
        """What it knows of up to `batch` songs. Raises SourceDown when it answered about none of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A song that was found elsewhere: enough to play it by. `genres` are those that the way `found_by` implies."""

    spotify_id: str
    title: str
    artists: tuple[str, ...]
    duration_ms: int
    source: str
    isrc: str | None = None
    popularity: float | None = None
    album: str = ""
    year: int | None = None
    explicit: bool | None = None
    genres: tuple[str, ...] = ()
    found_by: str = ""
