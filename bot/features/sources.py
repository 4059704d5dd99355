"""The table of sources. A new one: a file with a class as `FeatureSource` describes it, and a line here."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import aiohttp

from bot.features import deezer, reccobeats
from bot.features.breaker import Breaker
from bot.features.deezer import Deezer
from bot.features.door import TIMEOUT_S, Door
from bot.features.pace import Pace
from bot.features.priors import Priors
from bot.features.reccobeats import ReccoBeatsById, ReccoBeatsByIsrc
from bot.features.values import FeatureSource


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """Where a source lives, and how fast it may be asked."""

    base: str
    calls: int
    per_s: float


SITES: Mapping[str, Site] = {
    reccobeats.NAME: Site(base=reccobeats.BASE, calls=reccobeats.CALLS, per_s=reccobeats.PER_S),
    deezer.NAME: Site(base=deezer.BASE, calls=deezer.CALLS, per_s=deezer.PER_S),
}
"""The sources that are asked over the line, by the names that settings switch them on with."""

_MAKERS: Sequence[tuple[str, Callable[[Door], FeatureSource]]] = (
    (reccobeats.NAME, ReccoBeatsById),
    (reccobeats.NAME, ReccoBeatsByIsrc),
    (deezer.NAME, Deezer),
)
"""In the order in which they are asked: the one that knows most, and most exactly, first."""


def open_doors(session: aiohttp.ClientSession, sites: Mapping[str, Site], timeout_s: float = TIMEOUT_S) -> Doors:
    """A door to each site, with a breaker and a pace of its own; all questions to a site share them."""
    return {
        name: Door(session, site.base, breaker=Breaker(name), pace=Pace(site.calls, site.per_s), timeout_s=timeout_s)
        for name, site in sites.items()
    }


Doors = Mapping[str, Door]


def sources_of(doors: Doors) -> tuple[FeatureSource, ...]:
    """The sources behind these doors, in their order, and the guesses last."""
    asked = tuple(make(doors[name]) for name, make in _MAKERS if name in doors)
    return (*asked, Priors())
