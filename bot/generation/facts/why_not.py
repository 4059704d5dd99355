"""Why a song is not in a set: where it stands, and what it lost by."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from bot.facts import Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class Breaks(Fact):
    """The song breaks these promises."""

    code: ClassVar[str] = "breaks"
    wishes: tuple[Fact, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NoSet(Fact):
    """There is no set at all, for these reasons; without any, no song fits."""

    code: ClassVar[str] = "no_set"
    conflicts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Played(Fact):
    """The song is in the set, at this number."""

    code: ClassVar[str] = "played"
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherVersion(Fact):
    """Another version of the song is in the set, at this number."""

    code: ClassVar[str] = "other_version"
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Resting(Fact):
    """The song was in one of the last playlists."""

    code: ClassVar[str] = "resting"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outside(Fact):
    """The song goes against these wishes, and enough others do not."""

    code: ClassVar[str] = "outside"
    wishes: tuple[Fact, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ArtistFull(Fact):
    """The set has so many songs by the artist, and no artist may have more; the artist may have no name."""

    code: ClassVar[str] = "artist_full"
    artist: str | None
    songs: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FitsLess(Fact):
    """The score of the song, 0 to 1, is below the least one of the set."""

    code: ClassVar[str] = "fits_less"
    score: float
    least: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ByChance(Fact):
    """The song fits as well as those of the set."""

    code: ClassVar[str] = "by_chance"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranked(Fact):
    """The place of the song by its score, among all that keep every promise."""

    code: ClassVar[str] = "ranked"
    rank: int
    of: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost(Fact):
    """A part of the score by its name, its value from 0 to 1, and the share of the score that it cost."""

    code: ClassVar[str] = "cost"
    part: str
    value: float
    lost: float


@dataclass(frozen=True, slots=True, kw_only=True)
class CostsMost(Fact):
    """The parts that cost the song most."""

    code: ClassVar[str] = "costs_most"
    costs: tuple[Cost, ...]
