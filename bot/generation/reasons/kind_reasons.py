"""What the kinds of a request say for a song: its kind, whose music it is like, its era, how well it is known."""

from __future__ import annotations

from bot.facts import Fact
from bot.generation.facts.reasons import LikeTypical, OfEra, OfKind, Typical, WellKnown
from bot.generation.library import Library
from bot.generation.scoring.kind_fit import KindAim, kinds_of, likest
from nlp.knowledge.artists import artist_key
from nlp.knowledge.kinds import all_kinds

BEST_KNOWN = 0.95
"""Fame, 0 to 1, from which a song is among the best known; below it, it is well known."""

KNOWN = 1.0

KIND_PARTS = frozenset({"kind", "alike", "fame", "era"})
"""The parts of the score that are told here."""


def kind_reason(library: Library, aim: KindAim, part: str, row: int) -> Fact | None:
    """What the named part of the score says of the song in a row; None where there is nothing to tell."""
    if part == "kind":
        return _kind(library, aim, row)
    if part == "alike":
        return _alike(library, aim, row)
    if part == "fame":
        return WellKnown(best=bool(aim.fame[row] >= BEST_KNOWN))
    if part == "era" and aim.wish.years is not None:
        return _era(library, row)
    return None


def _kind(library: Library, aim: KindAim, row: int) -> Fact | None:
    """The kind of the song that counted most, as far as it was asked for or is next to what was."""
    songs, kinds = kinds_of(library), all_kinds()
    asked = kinds.shares(aim.wish.wanted)
    around = kinds.around(asked)
    counted = [(share * float(around[kinds.number(name)]), name) for name, share in songs.of(row)]
    worth, name = max(counted, default=(0.0, ""))
    if not worth:
        return None
    known = float(songs.sure[row]) >= KNOWN
    by = library.table.artists.of(row)
    return OfKind(kind=name, artist=by[0] if known and by else None)


def _alike(library: Library, aim: KindAim, row: int) -> Fact | None:
    by = library.table.artists.of(row)
    if not by:
        return None
    typical = {artist_key(name) for name in aim.wish.artists}
    if artist_key(by[0]) in typical:
        return Typical(name=by[0])
    like = likest(library, aim.wish.artists, row)
    return None if like is None else LikeTypical(name=by[0], like=like)


def _era(library: Library, row: int) -> Fact | None:
    year = int(library.table.year[row])
    songs = kinds_of(library)
    first, last = int(songs.first_year[row]), int(songs.last_year[row])
    if year > 0:
        return OfEra(first=year, last=year, artist=None)
    by = library.table.artists.of(row)
    return OfEra(first=first, last=last, artist=by[0]) if first > 0 and by else None
