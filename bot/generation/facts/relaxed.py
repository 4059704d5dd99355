"""What gave way: wishes that were loosened for songs of a set, and wishes that nobody could check."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from bot.facts import Fact
from bot.generation.facts.wishes import RangeWish, Spans
from nlp.vibe import YearSpan


@dataclass(frozen=True, slots=True, kw_only=True)
class LibraryUnknown(Fact):
    """Songs of one's own were asked for, and no library of the one who asks is known."""

    code: ClassVar[str] = "library_unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class RangeUnchecked(Fact):
    """The library knows nothing of the axis, so the range was not checked."""

    code: ClassVar[str] = "range_unchecked"
    asked: RangeWish


@dataclass(frozen=True, slots=True, kw_only=True)
class YearsGuessed(Fact):
    """The library knows no years, so when the artists were known stands for them."""

    code: ClassVar[str] = "years_guessed"
    spans: Spans


@dataclass(frozen=True, slots=True, kw_only=True)
class YearsUnchecked(Fact):
    """The library knows no years, so the asked ones were not checked."""

    code: ClassVar[str] = "years_unchecked"
    spans: Spans


@dataclass(frozen=True, slots=True, kw_only=True)
class NoYearsUnchecked(Fact):
    """The library knows no years, so the ones ruled out were not checked."""

    code: ClassVar[str] = "no_years_unchecked"
    span: YearSpan


@dataclass(frozen=True, slots=True, kw_only=True)
class CleanUnchecked(Fact):
    """The library does not say which songs are explicit."""

    code: ClassVar[str] = "clean_unchecked"


@dataclass(frozen=True, slots=True, kw_only=True)
class GenreUnchecked(Fact):
    """The library knows no genres, so one that was ruled out was not checked."""

    code: ClassVar[str] = "genre_unchecked"
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WithoutUnchecked(Fact):
    """The library says of no song whether it has what was ruled out."""

    code: ClassVar[str] = "without_unchecked"
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GenreMissing(Fact):
    """No song is filed as the asked genres; `nearest` are those of the songs that were played instead."""

    code: ClassVar[str] = "genre_missing"
    names: tuple[str, ...]
    nearest: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class GaveWay(Fact):
    """So many songs `of` the set go against a wish, because too few keep it."""

    code: ClassVar[str] = "gave_way"
    count: int
    of: int
    wish: Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class RecentPlayed(Fact):
    """So many songs `of` the set were in the last playlists, because too few others fit."""

    code: ClassVar[str] = "recent_played"
    count: int
    of: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ArtistsRepeated(Fact):
    """One artist has `most` songs instead of the `asked` cap, because too few artists fit."""

    code: ClassVar[str] = "artists_repeated"
    most: int
    asked: int
