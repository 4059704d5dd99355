"""Which songs may be in the set: good ones, one version a song, few of one artist, and what had to give way."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bot.generation.length import Span, tracks_for
from bot.generation.library import Library, Masks, Rows
from bot.generation.scoring.exploration import NEW
from bot.generation.scoring.score import NEUTRAL, Scores
from bot.generation.scoring.target import Target
from bot.generation.tracks import Floats
from bot.generation.values import Recipe, Rules

GOOD_SHARE = 0.97
"""Songs at least this good, against the mean of the best that could be played, may be played instead of them."""

_SEEN_FIRST = 4_000
_POOL_MORE = 150
_POOL_MORE_KNOWN = 110
_POOL_OF_GROUP = 300
_CHANCE = 0.06
_CHANCE_KNOWN = 0.015
_FIT_KNOWN = 0.93
_TASTE_LEEWAY = 0.5
_GENRE_SHARE = 1 / 3
_KNOWN_BONUS = 0.03
_LIVE_ASKED = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Pool:
    """Songs to make the set of: any choice of `tracks` of them keeps the cap and has one version of each song.

    `level` is the number of wishes that had to give way for a row: rows of a low level must come first. `cap` is the
    cap of songs of one artist that was needed, `asked_cap` the one that was asked for. The first `firm` rows are in the
    set for sure; `pins` are (number of a row here, place) from 0 on.
    """

    rows: Rows
    level: npt.NDArray[np.intp]
    tracks: int
    cap: int
    asked_cap: int
    firm: int = 0
    pins: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rung:
    """A step of giving way: the rows that are admitted, and how many songs of one artist."""

    rows: Masks
    cap: int


def default_cap(tracks: int) -> int:
    """How many songs of one artist a set of this length has at most when nothing is said."""
    return 1 if tracks <= 15 else max(2, round(0.08 * tracks))


def default_gap(tracks: int) -> int:
    """How many other songs stand at least between two of one artist when nothing is said."""
    return min(5, tracks // 4)


def choose(library: Library, recipe: Recipe, target: Target, scores: Scores, eligible: Masks, span: Span) -> Pool:
    """The pool for a recipe among the eligible rows; wishes give way in a fixed order until it is long enough.

    The order: twice as many songs of one artist; genres near the asked one; the soft ranges, those of least weight
    first; songs of the last playlists; any number of songs of one artist; and only when nothing at all was found, the
    asked genre.
    """
    expected = _expected(library, eligible, span)
    asked_cap = _cap(recipe, expected)
    key = _keys(library, target, scores, recipe.seed)
    level = np.full(len(library), -1, dtype=np.intp)
    chosen = np.empty(0, dtype=np.intp)
    needed, cap = expected, asked_cap
    more = _POOL_OF_GROUP if recipe.group else _POOL_MORE if scores.fit is None else _POOL_MORE_KNOWN
    for number, rung in enumerate(_rungs(library, recipe, scores, eligible, asked_cap)):
        if rung is None:
            if len(chosen):
                break
            continue
        level[(level < 0) & rung.rows] = number
        cap = rung.cap
        chosen = _distinct(library, target, key, level, cap, needed + more)
        needed = tracks_for(span, library.table.duration_ms[chosen])
        if _long_enough(library, chosen, span):
            break
    plain = _distinct(library, target, scores.total, level, cap, needed)
    chosen = _good(scores, level, chosen, plain)
    chosen, new = _new_first(scores, chosen)
    tracks = min(needed, len(chosen))
    return Pool(rows=chosen, level=level[chosen], tracks=tracks, cap=cap, asked_cap=asked_cap, firm=min(new, tracks))


def _new_first(scores: Scores, chosen: Rows) -> tuple[Rows, int]:
    """The rows with those in front that are played to find out, and how many these are."""
    if NEW not in scores.names:
        return chosen, 0
    new = scores.values[scores.names.index(NEW), chosen] == 1
    return np.concatenate([chosen[new], chosen[~new]]), int(new.sum())


def _expected(library: Library, eligible: Masks, span: Span) -> int:
    return tracks_for(span, library.table.duration_ms[eligible]) if span.tracks is None else span.tracks


def _long_enough(library: Library, chosen: Rows, span: Span) -> bool:
    if span.tracks is not None:
        return len(chosen) >= span.tracks
    return float(library.table.duration_ms[chosen].sum(dtype=np.float64)) >= span.low_ms


def _cap(recipe: Recipe, tracks: int) -> int:
    if recipe.rules.per_artist is not None:
        return max(1, recipe.rules.per_artist)
    if recipe.vibe.artists.wanted:
        return max(default_cap(tracks), math.ceil(tracks / len(recipe.vibe.artists.wanted)))
    return default_cap(tracks)


def _rungs(library: Library, recipe: Recipe, scores: Scores, eligible: Masks, cap: int) -> list[_Rung | None]:
    """The steps of giving way. After None only a search that found nothing at all goes on.

    A wish that no song keeps has given way before the first step: it is no reason to play more of one artist.
    """
    recent = library.rows_of(recipe.rules.recent)
    fresh = eligible & ~recent
    misses = [miss for miss in scores.misses if miss.final or not miss.rows[fresh].all()]
    broken = [miss.rows for miss in misses]
    last = [miss for miss in misses if miss.final]
    firm = np.zeros(len(library), dtype=np.bool_)
    for miss in last:
        firm |= miss.rows
    open_cap = cap if recipe.rules.per_artist is not None else 2 * cap
    rungs: list[_Rung | None] = [_Rung(rows=_kept(fresh, broken), cap=cap)]
    if open_cap != cap:
        rungs.append(_Rung(rows=rungs[0].rows, cap=open_cap) if rungs[0] else None)
    for number, miss in enumerate(misses, start=1):
        if not miss.final:
            rungs.append(_Rung(rows=_kept(fresh, broken[number:]), cap=open_cap))
    if recent.any():
        rungs.append(_Rung(rows=eligible & ~firm, cap=open_cap))
    rungs.append(_Rung(rows=eligible & ~firm, cap=len(library)))
    if last and len(scores.names) > 1:
        rungs += [None, _Rung(rows=eligible, cap=open_cap)]
    return rungs


def _kept(rows: Masks, broken: list[Masks]) -> Masks:
    kept = rows.copy()
    for miss in broken:
        kept &= ~miss
    return kept


def _keys(library: Library, target: Target, scores: Scores, seed: int) -> Floats:
    """What songs are ranked by: the score, with a bounded random bonus, and a small one for songs that are known."""
    rng = np.random.default_rng((seed, 1))
    best = float(scores.total.max(initial=NEUTRAL))
    chance = np.float32((_CHANCE if scores.fit is None else _CHANCE_KNOWN) * best)
    key = scores.total + rng.random(len(library), dtype=np.float32) * chance
    if target.familiarity is None:
        key += np.float32(_KNOWN_BONUS / 100) * library.fame
    return key.astype(np.float32)


def _distinct(library: Library, target: Target, key: Floats, level: npt.NDArray[np.intp], cap: int, most: int) -> Rows:
    """The best admitted rows, low levels first: one version a song, `cap` of one artist, mixed, `most` in all."""
    admitted = np.flatnonzero(level >= 0)
    seen = max(_SEEN_FIRST, 20 * most)
    while True:
        ranked = _ranked(admitted, key, level, seen)
        ranked = _versions(library, target, ranked)
        table = library.table
        _, first = np.unique(table.song[ranked], return_index=True)
        ranked = ranked[np.sort(first)]
        ranked = ranked[_turn(table.artist[ranked]) < cap]
        if len(ranked) >= most or seen >= len(admitted):
            return _mixed(library, target, level, ranked, most)
        seen *= 8


def _ranked(admitted: Rows, key: Floats, level: npt.NDArray[np.intp], seen: int) -> Rows:
    rank = key[admitted] - np.float32(10) * level[admitted].astype(np.float32)
    if len(admitted) > seen:
        best = np.argpartition(-rank, seen)[:seen]
        admitted, rank = admitted[best], rank[best]
    return admitted[np.lexsort((admitted, -rank))]


def _versions(library: Library, target: Target, ranked: Rows) -> Rows:
    """The same songs, each place taken by the plainest version of its song among the rows."""
    versions = library.table.version[ranked]
    if not (versions != "").any():
        return ranked
    live_asked = any(axis.axis == "liveness" and axis.low >= _LIVE_ASKED for axis in target.axes)
    plain = {"live": 0, "": 1} if live_asked else {"": 0, "live": 3}
    rank = np.fromiter((plain.get(version, 2) for version in versions), np.intp, len(ranked))
    songs = library.table.song[ranked]
    by_song = np.lexsort((np.arange(len(ranked)), rank, songs))
    heads = np.flatnonzero(np.r_[True, np.diff(songs[by_song]) != 0])
    plainest = ranked[by_song[heads]]
    return plainest[np.searchsorted(songs[by_song][heads], songs)]


def _mixed(library: Library, target: Target, level: npt.NDArray[np.intp], ranked: Rows, most: int) -> Rows:
    """The first `most`, but of one genre no more than a third while others of the same level are there.

    Without it a mood is what one genre of the library is: all sad songs piano. A genre that was asked for is not cut.
    """
    tagged = library.table.genres
    if target.genre is not None or not tagged.words:
        return ranked[:most]
    starts = tagged.starts[ranked]
    none = tagged.starts[ranked + 1] == starts
    first = tagged.indices[np.minimum(starts, len(tagged.indices) - 1)]
    over = (_turn(np.where(none, -1, first).astype(np.int32)) >= math.ceil(most * _GENRE_SHARE)) & ~none
    return ranked[np.lexsort((over, level[ranked]))][:most]


def _turn(artists: npt.NDArray[np.int32]) -> npt.NDArray[np.intp]:
    """For each song which one of its artist it is: 0 for the first, 1 for the second, and so on."""
    grouped = np.argsort(artists, kind="stable")
    sorted_artists = artists[grouped]
    starts = np.flatnonzero(np.r_[True, sorted_artists[1:] != sorted_artists[:-1]]) if len(artists) else grouped
    turn = np.empty(len(artists), dtype=np.intp)
    turn[grouped] = np.arange(len(artists)) - np.repeat(starts, np.diff(np.r_[starts, len(artists)]))
    return turn


def _good(scores: Scores, level: npt.NDArray[np.intp], chosen: Rows, plain: Rows) -> Rows:
    """The chosen rows that are good enough to stand in for the plain best; as many as those are always kept."""
    needed = len(plain)
    if len(chosen) <= needed:
        return chosen
    last = level[chosen[needed - 1]] if needed else 0
    rank = scores.total[chosen] - 10.0 * level[chosen]
    good = (level[chosen] <= last) & (
        scores.total[chosen] >= float(scores.total[plain].mean()) - _leeway(scores, plain)
    )
    if scores.fit is not None:
        good &= scores.fit[chosen] >= _FIT_KNOWN * float(scores.fit[plain].max())
    good[np.argsort(-rank, kind="stable")[:needed]] = True
    return chosen[good]


def _leeway(scores: Scores, plain: Rows) -> float:
    """How far below the mean of the plain best a song may score; more where a taste tells those apart from each other.

    Without a taste it is a share of that mean. A taste makes all differences smaller, and the leeway with them.
    """
    if scores.fit is None:
        return (1 - GOOD_SHARE) * float(scores.total[plain].mean())
    liked = scores.total[plain] - scores.fit[plain] / np.float32(scores.sharpness)
    return (1 - GOOD_SHARE) * float(scores.fit[plain].mean()) / scores.sharpness + _TASTE_LEEWAY * float(liked.std())


def gap_of(rules: Rules, tracks: int) -> int:
    """The asked number of other songs between two of one artist."""
    return default_gap(tracks) if rules.artist_gap is None else max(0, rules.artist_gap)
