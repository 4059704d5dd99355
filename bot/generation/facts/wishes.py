"""What a wish is called when something is told of it: "no rap", "energy above 0.70"."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from bot.facts import Fact
from nlp.vibe import Axis, YearSpan

Spans = tuple[YearSpan, ...]

AsideKind = Literal["christmas", "noises", "children", "read_aloud", "karaoke", "long"]
"""Songs that a request does not mean unless it says so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RangeWish(Fact):
    """A range of an axis in its own units; None is an open end."""

    code: ClassVar[str] = "range"
    axis: Axis
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class YearsWish(Fact):
    """Songs of any of these years."""

    code: ClassVar[str] = "years"
    spans: Spans


@dataclass(frozen=True, slots=True, kw_only=True)
class ActiveYearsWish(Fact):
    """Songs of artists who were known in these years, where no song has a year."""

    code: ClassVar[str] = "active_years"
    spans: Spans


@dataclass(frozen=True, slots=True, kw_only=True)
class NoYearsWish(Fact):
    """No song of these years."""

    code: ClassVar[str] = "no_years"
    span: YearSpan


@dataclass(frozen=True, slots=True, kw_only=True)
class CleanWish(Fact):
    """No explicit songs."""

    code: ClassVar[str] = "clean"


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnSongsWish(Fact):
    """Only songs from the library of the one who asks."""

    code: ClassVar[str] = "own_songs"


@dataclass(frozen=True, slots=True, kw_only=True)
class UnheardWish(Fact):
    """No song that the one who asks knows."""

    code: ClassVar[str] = "unheard"


@dataclass(frozen=True, slots=True, kw_only=True)
class NeverAgainWish(Fact):
    """None of the songs that the one who asks never wants to hear again."""

    code: ClassVar[str] = "never_again"


@dataclass(frozen=True, slots=True, kw_only=True)
class ArtistsWish(Fact):
    """Songs by any of these artists."""

    code: ClassVar[str] = "artists"
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NoArtistWish(Fact):
    """Nothing by this artist."""

    code: ClassVar[str] = "no_artist"
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WithoutWish(Fact):
    """Nothing of this genre, with this instrument or in this language."""

    code: ClassVar[str] = "without"
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OnlyGenresWish(Fact):
    """The asked genres as a promise."""

    code: ClassVar[str] = "only_genres"
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class GenresWish(Fact):
    """The asked genres."""

    code: ClassVar[str] = "genres"
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NearGenresWish(Fact):
    """Genres that are near an asked one."""

    code: ClassVar[str] = "near_genres"
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OnlyNearGenresWish(Fact):
    """No genre besides those that are near an asked one."""

    code: ClassVar[str] = "only_near_genres"
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LanguagesWish(Fact):
    """Songs that are sung in any of these languages."""

    code: ClassVar[str] = "languages"
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TongueWish(Fact):
    """Songs in a language that goes with the request."""

    code: ClassVar[str] = "tongue"


@dataclass(frozen=True, slots=True, kw_only=True)
class SceneWish(Fact):
    """Music that people play for a scene; None where the request names none."""

    code: ClassVar[str] = "scene"
    name: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AsideWish(Fact):
    """None of the songs of a kind that was not asked for; where length makes the kind, none longer than that."""

    code: ClassVar[str] = "aside"
    kind: AsideKind
    longest_ms: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WithoutNumbersWish(Fact):
    """Without the songs of these numbers of the set before."""

    code: ClassVar[str] = "without_numbers"
    numbers: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedArtist(Fact):
    """An artist that a set shall sound like."""

    code: ClassVar[str] = "named_artist"
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedTitle(Fact):
    """A song that a set shall sound like, by its title."""

    code: ClassVar[str] = "named_title"
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedNumber(Fact):
    """A song that a set shall sound like, by its number in the set before."""

    code: ClassVar[str] = "named_number"
    number: int


Named = tuple[NamedArtist | NamedTitle | NamedNumber, ...]
"""Whom and what a set shall sound like."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LikeWish(Fact):
    """Songs of a kind with those that were named."""

    code: ClassVar[str] = "like"
    named: Named
