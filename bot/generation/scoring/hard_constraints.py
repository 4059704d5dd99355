"""Hard wishes: each a mask over the library with a name, and the smallest sets of them that cannot be met together."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import numpy.typing as npt

from bot.facts import Fact
from bot.generation.facts.conflicts import CannotMeet, Dropped
from bot.generation.facts.notes import WouldFree
from bot.generation.facts.relaxed import (
    CleanUnchecked,
    GenreUnchecked,
    LibraryUnknown,
    NoYearsUnchecked,
    RangeUnchecked,
    WithoutUnchecked,
    YearsGuessed,
    YearsUnchecked,
)
from bot.generation.facts.wishes import (
    ActiveYearsWish,
    ArtistsWish,
    CleanWish,
    NeverAgainWish,
    NoArtistWish,
    NoYearsWish,
    OnlyGenresWish,
    OwnSongsWish,
    RangeWish,
    UnheardWish,
    WithoutWish,
    YearsWish,
)
from bot.generation.library import Chosen, Library, Masks
from bot.generation.scoring.kind_fit import LAST_YEAR, kinds_of, of_genre
from bot.generation.scoring.target import mentions, sung_in
from bot.generation.values import Recipe, Rules
from nlp.genres import genre_graph
from nlp.names import fold
from nlp.vibe import AxisRange, Vibe, YearSpan

MOST_TRIED = 20_000
"""Combinations of wishes that are tried for conflicts; beyond them one smallest set is found by dropping wishes."""


ACTIVE_SHARE = 0.5
"""The part of an artist's known years, or of the asked ones, that has to lie in both. Judgement."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HardConstraint:
    """A hard wish, and the rows that keep it."""

    wish: Fact
    rows: Masks


@dataclass(frozen=True, slots=True, kw_only=True)
class HardConstraints:
    """All hard wishes of a recipe, and notes on those that this library cannot check."""

    kept: tuple[HardConstraint, ...]
    unchecked: tuple[Fact, ...]

    def rows(self, size: int) -> Masks:
        """The rows that keep every promise."""
        every = np.ones(size, dtype=np.bool_)
        for promise in self.kept:
            every &= promise.rows
        return every


def hard_constraints(library: Library, recipe: Recipe) -> HardConstraints:
    """The hard wishes of the words and of the rules.

    What is unknown of a song does not keep a wish for something; it does not break a wish against something. When
    the library knows nothing at all that a wish is about, the wish is told as not checked instead.
    """
    kept: list[HardConstraint] = []
    unchecked: list[Fact] = []
    for found in _all(library, recipe):
        if isinstance(found, HardConstraint):
            kept.append(found)
        else:
            unchecked.append(found)
    return HardConstraints(kept=tuple(kept), unchecked=tuple(unchecked))


def _all(library: Library, recipe: Recipe) -> Iterator[HardConstraint | Fact]:
    vibe, rules = recipe.vibe, recipe.rules
    for wish in vibe.targets:
        if wish.hard:
            yield _axis(library, wish)
    yield from _years(library, vibe)
    if vibe.clean or rules.clean:
        yield _clean(library)
    yield from _names(library, vibe, rules)
    yield from _carried(library, vibe, rules)
    yield from _known(library, vibe, rules)
    never = library.rows_of(rules.left_out)
    if never.any():
        # Whoever never wants a song again wants no other version of it either.
        never = np.isin(library.table.song, library.table.song[never])
        yield HardConstraint(wish=NeverAgainWish(), rows=~never)


def _known(library: Library, vibe: Vibe, rules: Rules) -> Iterator[HardConstraint | Fact]:
    """Songs of the requester's own library, or none that they know in any version."""
    if vibe.familiarity == "mine" and rules.own is None:
        yield LibraryUnknown()
    elif vibe.familiarity == "mine" and rules.own is not None:
        yield HardConstraint(wish=OwnSongsWish(), rows=library.rows_of(rules.own))
    elif vibe.familiarity == "deep" and rules.own:
        known = np.isin(library.table.song, library.table.song[library.rows_of(rules.own)])
        if known.any():
            yield HardConstraint(wish=UnheardWish(), rows=~known)


def _axis(library: Library, wish: AxisRange) -> HardConstraint | Fact:
    asked = RangeWish(axis=wish.axis, low=wish.low, high=wish.high)
    if not library.scales[wish.axis].known:
        return RangeUnchecked(asked=asked)
    values = library.axis(wish.axis)
    low = -math.inf if wish.low is None or math.isnan(wish.low) else wish.low
    high = math.inf if wish.high is None or math.isnan(wish.high) else wish.high
    with np.errstate(invalid="ignore"):
        return HardConstraint(wish=asked, rows=(values >= np.float32(low)) & (values <= np.float32(high)))


def _years(library: Library, vibe: Vibe) -> Iterator[HardConstraint | Fact]:
    known = bool((library.table.year > 0).any())
    wanted, rejected = vibe.years.wanted, vibe.years.rejected
    if wanted:
        bounded = all(first is not None and last is not None for first, last in wanted)
        active = np.zeros(0, dtype=np.bool_)
        if not known:
            active = in_active_years(library, wanted) if bounded else may_be_of(library, wanted)
        if known:
            yield HardConstraint(wish=YearsWish(spans=wanted), rows=in_spans(library, wanted))
        elif active.any():
            yield HardConstraint(wish=ActiveYearsWish(spans=wanted), rows=active)
            yield YearsGuessed(spans=wanted)
        else:
            yield YearsUnchecked(spans=wanted)
    for span in rejected:
        if known:
            yield HardConstraint(wish=NoYearsWish(span=span), rows=~in_spans(library, (span,)))
        else:
            yield NoYearsUnchecked(span=span)


def in_spans(library: Library, spans: Sequence[YearSpan]) -> Masks:
    """The rows whose year is known and lies in one of the spans; ends given the wrong way round are turned."""
    inside: Masks = years_away(library, spans) == 0
    return inside


def may_be_of(library: Library, spans: Sequence[YearSpan]) -> Masks:
    """The rows whose artist is known to have recorded anything in one of the spans; none where no artist is known.

    "Before 1975" has no other end, so that most of an artist's years may lie elsewhere.
    """
    songs = kinds_of(library)
    first, last = songs.first_year.astype(np.int32), np.minimum(songs.last_year, LAST_YEAR).astype(np.int32)
    inside = np.zeros(len(library), dtype=np.bool_)
    for span in spans:
        low, high = _turned(span)
        inside |= (first > 0) & (first <= high) & (last >= low)
    return inside


def in_active_years(library: Library, spans: Sequence[YearSpan]) -> Masks:
    """The rows whose artist's best-known recordings are mostly of these years, as far as is known of the artist."""
    songs = kinds_of(library)
    first, last = songs.first_year.astype(np.int32), np.minimum(songs.last_year, LAST_YEAR).astype(np.int32)
    inside = np.zeros(len(library), dtype=np.bool_)
    for span in spans:
        low, high = _turned(span)
        shared = np.minimum(last, high) - np.maximum(first, low) + 1
        inside |= (first > 0) & (shared >= ACTIVE_SHARE * np.minimum(last - first + 1, high - low + 1))
    return inside


def years_away(library: Library, spans: Sequence[YearSpan]) -> npt.NDArray[np.float32]:
    """How many years each row lies outside of the nearest span, 0 inside, NaN where its year is unknown."""
    year = library.table.year.astype(np.float32)
    away = np.full(len(year), np.inf, dtype=np.float32)
    for span in spans:
        low, high = _turned(span)
        away = np.minimum(away, np.maximum(np.maximum(low - year, year - high), 0))
    return np.where(year > 0, away, np.nan).astype(np.float32)


def _turned(span: YearSpan) -> tuple[int, int]:
    """The ends of a span with open ones far away, the right way round."""
    first, last = (1 if span[0] is None else span[0]), (9_999 if span[1] is None else span[1])
    return min(first, last), max(first, last)


def _clean(library: Library) -> HardConstraint | Fact:
    if not (library.table.explicit >= 0).any():
        return CleanUnchecked()
    return HardConstraint(wish=CleanWish(), rows=library.table.explicit == 0)


def _names(library: Library, vibe: Vibe, rules: Rules) -> Iterator[HardConstraint | Fact]:
    if vibe.artists.wanted:
        rows = np.zeros(len(library), dtype=np.bool_)
        for artist in vibe.artists.wanted:
            rows |= library.rows_by(artist)
        yield HardConstraint(wish=ArtistsWish(names=vibe.artists.wanted), rows=rows)
    for artist in _distinct(vibe.artists.rejected + rules.artists_out):
        yield HardConstraint(wish=NoArtistWish(name=artist), rows=~library.rows_by(artist))


def _carried(library: Library, vibe: Vibe, rules: Rules) -> Iterator[HardConstraint | Fact]:
    graph = genre_graph()
    for genre in _distinct(vibe.genres.rejected + rules.genres_out):
        worded = library.genres.tagged.words or library.tags.tagged.words
        played = of_genre(library, genre)
        if not worded and not played.any():
            yield GenreUnchecked(name=genre)
            continue

        def ruled_out(word: str, genre: str = genre) -> bool:
            return graph.excluded(genre, word)

        filed = _worded(library, f"excluded {genre}", ruled_out)
        yield HardConstraint(wish=WithoutWish(name=genre), rows=~(filed | played))
    yield from _contradicted(library, vibe, rules)
    for instrument in _distinct(vibe.instruments.rejected):
        yield _without(library, instrument, f"instrument {instrument}", mentions(instrument))
    for language in _distinct(vibe.languages.rejected):
        yield _without(library, language, f"language {language}", sung_in(language))


def _contradicted(library: Library, vibe: Vibe, rules: Rules) -> Iterator[HardConstraint]:
    """The asked genres as a promise when all of them are ruled out too: such a request is told, not half met."""
    graph, wanted = genre_graph(), vibe.genres.wanted
    out = vibe.genres.rejected + rules.genres_out
    if not wanted or not all(any(graph.excluded(genre, asked) for genre in out) for asked in wanted):
        return

    def asked_for(word: str) -> bool:
        return any(graph.excluded(asked, word) for asked in wanted)

    yield HardConstraint(
        wish=OnlyGenresWish(names=wanted), rows=_worded(library, f"wanted {'|'.join(wanted)}", asked_for)
    )


def _without(library: Library, name: str, key: str, chosen: Chosen) -> HardConstraint | Fact:
    rows = _worded(library, key, chosen)
    if not rows.any():
        return WithoutUnchecked(name=name)
    return HardConstraint(wish=WithoutWish(name=name), rows=~rows)


def _worded(library: Library, key: str, chosen: Chosen) -> Masks:
    return library.genres.rows(key, chosen) | library.tags.rows(key, chosen)


def _distinct(names: Sequence[str]) -> tuple[str, ...]:
    return tuple({fold(name): name for name in names if fold(name)}.values())


def conflicts(kept: Sequence[HardConstraint], songs: npt.NDArray[np.int32]) -> tuple[Fact, ...]:
    """The smallest sets of promises that no song keeps together.

    Each says how many songs dropping each of its wishes would bring, all other wishes kept. `songs` numbers
    the song of each row; versions of one song count once. There must be no row that keeps all promises.
    """
    packed = [np.packbits(promise.rows) for promise in kept]
    every = len(songs)

    def rows_of(chosen: Sequence[int]) -> Masks:
        together = np.full((every + 7) // 8, 255, dtype=np.uint8)
        for number in chosen:
            together &= packed[number]
        return np.unpackbits(together, count=every).astype(np.bool_)

    def empty(chosen: Sequence[int]) -> bool:
        return not rows_of(chosen).any()

    found = _smallest(len(kept), empty)
    freed = {
        number: len(np.unique(songs[rows_of([other for other in range(len(kept)) if other != number])]))
        for number in {number for group in found for number in group}
    }
    return tuple(
        CannotMeet(wishes=tuple(Dropped(wish=kept[number].wish, freed=freed[number]) for number in group))
        for group in found
    )


def dropped(kept: Sequence[HardConstraint], songs: npt.NDArray[np.int32]) -> tuple[Fact, ...]:
    """What dropping each promise would bring, for a set that is too short: the three that bring most."""
    every = np.ones(len(songs), dtype=np.bool_)
    for promise in kept:
        every &= promise.rows
    now = len(np.unique(songs[every]))
    freed: list[tuple[int, Fact]] = []
    for number, promise in enumerate(kept):
        others = [other.rows for place, other in enumerate(kept) if place != number]
        rows = np.logical_and.reduce(others) if others else np.ones(len(songs), dtype=np.bool_)
        freed.append((len(np.unique(songs[rows])), promise.wish))
    freed.sort(key=lambda pair: -pair[0])
    return tuple(WouldFree(wish=wish, count=count, now=now) for count, wish in freed[:3] if count > now)


def _smallest(count: int, empty: Callable[[Sequence[int]], bool]) -> list[tuple[int, ...]]:
    found: list[tuple[int, ...]] = []
    tried = 0
    for size in range(1, count + 1):
        tried += math.comb(count, size)
        if tried > MOST_TRIED:
            break
        for group in combinations(range(count), size):
            if not any(set(smaller) <= set(group) for smaller in found) and empty(group):
                found.append(group)
    return found or [_shrunk(count, empty)]


def _shrunk(count: int, empty: Callable[[Sequence[int]], bool]) -> tuple[int, ...]:
    """One conflict that no wish can be left out of."""
    group = list(range(count))
    for number in range(count):
        without = [other for other in group if other != number]
        if empty(without):
            group = without
    return tuple(group)
