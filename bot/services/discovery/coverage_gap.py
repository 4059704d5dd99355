"""What is missing: whether the catalogue is thin for a recipe, and what new songs for it would have to be like."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from bot.catalogue.records import TrackRecord, is_spotify_id
from bot.facts import Fact
from bot.generation.length import asked_length
from bot.generation.library import AXIS_FEATURE, Library
from bot.generation.scoring.hard_constraints import hard_constraints
from bot.generation.scoring.score import score
from bot.generation.scoring.target import aim
from bot.generation.tracks import Feature
from bot.generation.values import Recipe
from nlp.genres import genre_graph
from nlp.lexicon import LIMITS
from nlp.names import fold
from nlp.vibe import Artists, AxisRange, Vibe, YearSpan

SEEDS = 20
"""Songs of the catalogue that new ones may be looked for by."""

FRESH = 5
"""Fitting songs below which a kind of music is a new one here."""

NEAR_GENRE = 0.5
"""The closeness from which on a genre counts as the one that was asked for."""

LIGHT = 0.6
"""The weight below which a wish rules nothing out."""

SLACK = 0.15
"""How far outside of a soft range a song may lie to be worth keeping, on an axis from 0 to 1."""

_AVERAGE_MS = 210_000
_TEMPO_SLACK_BPM = 10.0
_LOUDNESS_SLACK_DB = 4.0
_OPEN_TEMPO_BPM = 25.0
_OPEN_LOUDNESS_DB = 6.0


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverageGap:
    """New songs that are wanted: `missing` of them, as `vibe` asks, like the songs of the `seeds` (Spotify ids).

    `vibe` holds no word of a member. `genres_out` and `artists_out` are ruled out, `clean` allows no explicit song.
    Of a `fresh` kind of music the catalogue holds too little to go on from.
    """

    vibe: Vibe
    missing: int
    seeds: tuple[str, ...] = ()
    genres_out: tuple[str, ...] = ()
    artists_out: tuple[str, ...] = ()
    clean: bool = False
    fresh: bool = True

    @property
    def targets(self) -> Mapping[Feature, float]:
        """The middle of each wished range, by the feature that it is compared with."""
        return {AXIS_FEATURE[wish.axis]: _middle(wish) for wish in self.vibe.targets}

    @property
    def key(self) -> tuple[object, ...]:
        """What makes two needs the same: what is looked for, not how much of it."""
        ranges = tuple(sorted((name, round(value, 1)) for name, value in self.targets.items()))
        vibe = self.vibe
        return (ranges, vibe.genres.wanted, vibe.artists.wanted, vibe.years.wanted, self.genres_out, self.clean)

    def met_by(self, record: TrackRecord) -> bool:
        """Whether a song keeps everything that must hold, and what was wished well enough to be worth keeping.

        What is unknown of it keeps no hard wish, and is no reason against it else; but where genres are ruled out, a
        song whose genres nobody knows is not taken. Light wishes, such as what a genre usually sounds like, rule out
        nothing.
        """
        known = dict(record.features)
        firm = (wish for wish in self.vibe.targets if wish.hard or wish.weight >= LIGHT)
        if not all(_within(wish, known.get(AXIS_FEATURE[wish.axis])) for wish in firm):
            return False
        if (self.clean and record.explicit is not False) or not _in_years(record.year, self.vibe):
            return False
        return self._of_genre(record) and self._by_artist(record)

    def _of_genre(self, record: TrackRecord) -> bool:
        graph, wanted = genre_graph(), self.vibe.genres.wanted
        if self.genres_out and not record.genres:
            return False
        if any(graph.excluded(out, genre) for out in self.genres_out for genre in record.genres):
            return False
        if not wanted or not record.genres:
            return True
        return any(graph.closeness(genre, own) >= NEAR_GENRE for genre in wanted for own in record.genres)

    def _by_artist(self, record: TrackRecord) -> bool:
        names = {fold(artist) for artist in record.artists}
        wanted = {fold(artist) for artist in self.vibe.artists.wanted}
        return not names & {fold(artist) for artist in self.artists_out} and (not wanted or bool(names & wanted))


def need_of(library: Library, recipe: Recipe) -> CoverageGap | None:
    """What the library lacks for a recipe, or None when enough songs fit it. Takes as long as scoring does.

    A song fits when it keeps every promise, contradicts no soft wish and was not among the last playlists.
    """
    span = asked_length(recipe)
    if isinstance(span, Fact):
        return None
    need, songs = _measured(library, recipe, span.tracks or max(1, round(span.aim_ms / _AVERAGE_MS)))
    return replace(need, missing=need.missing - songs) if songs < need.missing else None


def wide_need_of(library: Library, recipe: Recipe) -> CoverageGap:
    """The same for as many songs as the recipe's rules say, on top of those that fit already."""
    return _measured(library, recipe, recipe.rules.tracks or recipe.rules.default_tracks)[0]


def _measured(library: Library, recipe: Recipe, wanted: int) -> tuple[CoverageGap, int]:
    """What `wanted` new songs would have to be like, and how many songs of the library fit."""
    need = _bare(recipe, missing=wanted)
    if not len(library):
        return need, 0
    eligible = hard_constraints(library, recipe).rows(len(library)) & ~library.rows_of(recipe.rules.recent)
    scores = score(library, recipe, aim(library, recipe, eligible, wanted))
    fitting = eligible.copy()
    for miss in scores.misses:
        fitting &= ~miss.rows
    songs = len(np.unique(library.table.song[fitting]))
    among = np.flatnonzero(fitting if fitting.any() else eligible)
    best = among[np.argsort(-scores.total[among], kind="stable")][: SEEDS * 4].tolist()
    ids = (str(library.table.spotify_ids[row]) for row in best)
    seeds = tuple(filter(is_spotify_id, ids))[:SEEDS]
    return replace(need, seeds=seeds, fresh=songs < FRESH or len(seeds) < FRESH), songs


def _bare(recipe: Recipe, *, missing: int) -> CoverageGap:
    vibe, rules = recipe.vibe, recipe.rules
    return CoverageGap(
        vibe=without_words(vibe),
        missing=missing,
        genres_out=tuple(dict.fromkeys((*vibe.genres.rejected, *rules.genres_out))),
        artists_out=tuple(dict.fromkeys((*vibe.artists.rejected, *rules.artists_out))),
        clean=bool(vibe.clean) or rules.clean,
    )


def without_words(vibe: Vibe) -> Vibe:
    """A vibe without anything that a member wrote, and without what needs other songs to be compared with."""
    return replace(
        vibe,
        text="",
        evidence=(),
        unknown=(),
        similar_tracks=(),
        changes=(),
        edit=None,
        artists=Artists(wanted=vibe.artists.wanted, rejected=vibe.artists.rejected),
    )


def _middle(wish: AxisRange) -> float:
    """The middle of a range; one that is open begins, or ends, where such songs lie."""
    lowest, highest = LIMITS[wish.axis]
    step = {"tempo": _OPEN_TEMPO_BPM, "loudness": _OPEN_LOUDNESS_DB}.get(wish.axis)
    low, high = wish.low, wish.high
    if low is None and high is None:
        return (lowest + highest) / 2
    if low is None:
        low = lowest if step is None else (high or 0.0) - step
    if high is None:
        high = highest if step is None else low + step
    return min(max((low + high) / 2, lowest), highest)


def _within(wish: AxisRange, value: float | None) -> bool:
    if value is None:
        return not wish.hard
    slack = {"tempo": _TEMPO_SLACK_BPM, "loudness": _LOUDNESS_SLACK_DB}.get(wish.axis, SLACK)
    slack = 0.0 if wish.hard else slack
    low = -math.inf if wish.low is None else wish.low - slack
    high = math.inf if wish.high is None else wish.high + slack
    felt = (value, value / 2, value * 2) if wish.axis == "tempo" and not wish.hard else (value,)
    return any(low <= heard <= high for heard in felt)


def _in_years(year: int | None, vibe: Vibe) -> bool:
    if vibe.years.wanted and (year is None or not any(_inside(year, span) for span in vibe.years.wanted)):
        return False
    return year is None or not any(_inside(year, span) for span in vibe.years.rejected)


def _inside(year: int, span: YearSpan) -> bool:
    first, last = (0 if span[0] is None else span[0]), (9999 if span[1] is None else span[1])
    return min(first, last) <= year <= max(first, last)
