"""What services tell of a set beside the engine: what looking for songs came to, who it is for, what has changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from bot.facts import Fact
from nlp.vibe import Axis


@dataclass(frozen=True, slots=True, kw_only=True)
class SongsFound(Fact):
    """So many new songs were found for a request that few songs fit; `goes_on` when more are being looked for."""

    code: ClassVar[str] = "songs_found"
    new: int
    goes_on: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class NoSongsFound(Fact):
    """Few songs fit a request, and no new ones were found; `down` when a source did not answer."""

    code: ClassVar[str] = "no_songs_found"
    down: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class NobodyElse(Fact):
    """A set was to be for everyone here, and nobody else is known to be."""

    code: ClassVar[str] = "nobody_else"


@dataclass(frozen=True, slots=True, kw_only=True)
class TooManyHere(Fact):
    """More members are here than a set can be for; it is for so many of them."""

    code: ClassVar[str] = "too_many_here"
    most: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MembersErased(Fact):
    """A set was for several, and so many of them had everything about them deleted."""

    code: ClassVar[str] = "members_erased"
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NoRecipeKept(Fact):
    """A session was made before recipes were kept."""

    code: ClassVar[str] = "no_recipe_kept"


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogueChanged(Fact):
    """The catalogue is another one: its number of songs and its digest then and now."""

    code: ClassVar[str] = "catalogue_changed"
    size_then: int
    digest_then: str | None
    size_now: int
    digest_now: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineChanged(Fact):
    """The engine is another one: the versions of its steps then, and its version now."""

    code: ClassVar[str] = "engine_changed"
    then: tuple[str, ...]
    now: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ParserChanged(Fact):
    """The parser is another one; the words as understood then were used."""

    code: ClassVar[str] = "parser_changed"
    then: str | None
    now: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AxisThird(Fact):
    """A mood asks for this third of an axis: 0 the low one, 1 the middle, 2 the high one."""

    code: ClassVar[str] = "axis_third"
    axis: Axis
    third: int
