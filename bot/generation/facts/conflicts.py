"""Why there is no set at all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from bot.facts import Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class NoTracksAsked(Fact):
    """A set of no songs was asked for."""

    code: ClassVar[str] = "no_tracks_asked"
    tracks: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NoMinutesAsked(Fact):
    """A set of no minutes was asked for."""

    code: ClassVar[str] = "no_minutes_asked"


@dataclass(frozen=True, slots=True, kw_only=True)
class NothingToChooseFrom(Fact):
    """The library is empty."""

    code: ClassVar[str] = "nothing_to_choose_from"


@dataclass(frozen=True, slots=True, kw_only=True)
class NothingNearIt(Fact):
    """No song that keeps every promise is of the asked genres, or near them."""

    code: ClassVar[str] = "nothing_near_it"
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Dropped(Fact):
    """How many songs there would be without a wish."""

    code: ClassVar[str] = "dropped"
    wish: Fact
    freed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CannotMeet(Fact):
    """Promises that no song keeps together, or one that none keeps, with what dropping each would bring."""

    code: ClassVar[str] = "cannot_meet"
    wishes: tuple[Dropped, ...]
