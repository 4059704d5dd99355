"""The engine: target, score, select, sequence, explain. Pure: same table, same recipe, same set."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass

import numpy as np
import numpy.typing as npt

from bot.facts import Fact
from bot.generation.editing import as_edit, nearer, notes_on, staying, with_staying, without_dropped
from bot.generation.facts.conflicts import NothingNearIt, NothingToChooseFrom
from bot.generation.facts.notes import KnownFor
from bot.generation.facts.relaxed import ArtistsRepeated, GaveWay, GenreMissing, RecentPlayed
from bot.generation.group import together, with_bans
from bot.generation.learning.ranking import RANKER
from bot.generation.length import Span, asked_length, length_note
from bot.generation.library import Library, prepare
from bot.generation.reasons.song_reasons import reasons, taste_notes
from bot.generation.reasons.transition_notes import handovers
from bot.generation.scoring.hard_constraints import HardConstraints, conflicts, dropped, hard_constraints
from bot.generation.scoring.score import NEAR_GENRE, QUARTILE, SAME_GENRE, WEIGHTS, Scores, score, unknown_axes
from bot.generation.scoring.target import Target, WordAim, aim
from bot.generation.selection import GOOD_SHARE, Pool, choose, gap_of
from bot.generation.sequencing.flow import flow_for, ordered
from bot.generation.sequencing.order import budget, levels
from bot.generation.tracks import TrackTable
from bot.generation.values import Algorithm, Composition, Pick, Recipe
from nlp.genres import genre_graph

__all__ = ["VERSION", "compose", "prepare"]

VERSION = "1.7.0"
"""The engine's version; it changes whenever the same recipe may give another set."""

MOST_CANDIDATES = 200

_NEAREST_TOLD = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class _Stop:
    """When each stage ended, by the caller's clock in seconds."""

    marks: list[tuple[str, float]]
    now: Callable[[], float]

    def stage(self, name: str) -> None:
        """Note that a stage has ended."""
        self.marks.append((name, self.now()))

    def milliseconds(self) -> tuple[tuple[str, float], ...]:
        """The milliseconds of each stage."""
        pairs = zip(self.marks, self.marks[1:], strict=False)
        return tuple((name, 1000 * (end - start)) for (_, start), (name, end) in pairs)


def compose(
    table: TrackTable,
    recipe: Recipe,
    *,
    now: Callable[[], float] = time.perf_counter,
    library: Library | None = None,
) -> Composition:
    """A set for a recipe, with candidates, reasons and everything that was loosened or could not be met.

    `library` is what `prepare(table)` made of the same table: give it whenever a table is asked more than once, it
    is the larger part of the time. `now` is only read for `stage_ms`. The answer to a request that cannot be met is a
    composition with an empty ordering and its `conflicts`; nothing is raised for it.
    """
    stop = _Stop(marks=[("", now())], now=now)
    library = library if library is not None else prepare(table)
    recipe = with_bans(as_edit(recipe))
    span = asked_length(recipe)
    if isinstance(span, Fact) or not len(library):
        why = span if isinstance(span, Fact) else NothingToChooseFrom()
        return Composition(ordering=(), candidates=(), conflicts=(why,), algorithms=_algorithms(recipe, 0))
    kept = without_dropped(library, recipe, hard_constraints(library, recipe))
    eligible = kept.rows(len(library))
    if not eligible.any():
        stop.stage("target")
        return _nothing(kept, library, recipe, stop)
    songs = span.tracks or max(1, round(span.aim_ms / 210_000))
    target = nearer(library, recipe, aim(library, recipe, eligible, songs))
    stop.stage("target")
    scores = score(library, recipe, target)
    stop.stage("score")
    stays = staying(library, recipe, target, scores, kept, eligible)
    pool = with_staying(library, choose(library, recipe, target, scores, eligible, span), stays, span)
    company = together(library, recipe, pool, exact=span.tracks is not None)
    pool = company.pool
    stop.stage("select")
    if not len(pool.rows):
        return _nothing_near(kept, target, recipe, stop)
    found = ordered(library, recipe, scores, pool, span)
    stop.stage("sequence")
    picks = _picks(library, recipe, target, scores, found.rows)
    transitions = handovers(library, found.rows)
    order_gap = found.gap()
    stop.stage("explain")
    return Composition(
        ordering=picks,
        candidates=_candidates(library, scores, pool, picks),
        arc=tuple(levels(recipe.vibe.arc, len(picks)).tolist()),
        relaxed=_relaxed(library, recipe, kept, target, scores, pool, found.rows),
        notes=(*notes_on(recipe, stays, picks), *taste_notes(picks), *_notes(library, target, kept, span, found.rows)),
        algorithms=_algorithms(recipe, len(found.rows), len(pool.rows)),
        stage_ms=stop.milliseconds(),
        transitions=transitions,
        order_gap=order_gap,
        satisfaction=company.satisfaction(found.rows),
    )


def _nothing(kept: HardConstraints, library: Library, recipe: Recipe, stop: _Stop) -> Composition:
    found = conflicts(kept.kept, library.table.song)
    stop.stage("conflicts")
    return Composition(
        ordering=(),
        candidates=(),
        relaxed=kept.unchecked,
        conflicts=found,
        algorithms=_algorithms(recipe, 0),
        stage_ms=stop.milliseconds(),
    )


def _nothing_near(kept: HardConstraints, target: Target, recipe: Recipe, stop: _Stop) -> Composition:
    wanted = () if target.genre is None else target.genre.names
    return Composition(
        ordering=(),
        candidates=(),
        relaxed=kept.unchecked,
        conflicts=(NothingNearIt(names=wanted),),
        notes=target.notes,
        algorithms=_algorithms(recipe, 0),
        stage_ms=stop.milliseconds(),
    )


def _picks(
    library: Library, recipe: Recipe, target: Target, scores: Scores, rows: npt.NDArray[np.intp]
) -> tuple[Pick, ...]:
    numbers = rows.tolist()
    why = reasons(library, recipe, target, scores, numbers)
    keys = library.table.keys
    return tuple(
        Pick(row=row, key=str(keys[row]), score=float(scores.total[row]), parts=scores.parts(row), reasons=said)
        for row, said in zip(numbers, why, strict=True)
    )


def _candidates(library: Library, scores: Scores, pool: Pool, picks: tuple[Pick, ...]) -> tuple[Pick, ...]:
    """The set's own picks and the best others that could have been played, by falling score."""
    played = {pick.row for pick in picks}
    others = sorted((row for row in pool.rows.tolist() if row not in played), key=lambda row: -scores.total[row])
    keys = library.table.keys
    more = [
        Pick(row=row, key=str(keys[row]), score=float(scores.total[row]), parts=scores.parts(row))
        for row in others[: max(0, MOST_CANDIDATES - len(picks))]
    ]
    return tuple(sorted([*picks, *more], key=lambda pick: -pick.score))


def _relaxed(
    library: Library,
    recipe: Recipe,
    kept: HardConstraints,
    target: Target,
    scores: Scores,
    pool: Pool,
    rows: npt.NDArray[np.intp],
) -> tuple[Fact, ...]:
    """What was loosened for songs that are really in the set, hard wishes that could not be checked first."""
    told = list(kept.unchecked)
    missing = None if target.genre is None else _missing_genre(library, target.genre, rows)
    if missing is not None:
        told.append(missing)
    final = any(miss.final and miss.rows[rows].any() for miss in scores.misses)
    new = rows[~np.isin(rows, pool.rows[: pool.firm])]
    for miss in scores.misses:
        count = int(miss.rows[new].sum())
        if count and not (miss.order == 0 and (final or missing is not None)):
            told.append(GaveWay(count=count, of=len(rows), wish=miss.wish))
    recent = int(library.rows_of(recipe.rules.recent)[rows].sum())
    if recent:
        told.append(RecentPlayed(count=recent, of=len(rows)))
    most = int(np.unique(library.table.artist[rows], return_counts=True)[1].max())
    if most > pool.asked_cap:
        told.append(ArtistsRepeated(most=most, asked=pool.asked_cap))
    return tuple(told)


def _missing_genre(library: Library, genre: WordAim, rows: npt.NDArray[np.intp]) -> Fact | None:
    """That no song of the whole library is of the asked genre, and what was played instead; None if there are some."""
    if np.nan_to_num(genre.rows).max(initial=0.0) >= SAME_GENRE or not np.nan_to_num(genre.rows[rows]).any():
        return None
    nearest = np.zeros(len(library.genres.tagged.words), dtype=np.float32)
    for name in genre.names:
        nearest = np.maximum(nearest, library.genres.closeness(name, genre_graph().closeness))
    chosen = np.zeros(len(library), dtype=np.bool_)
    chosen[rows] = True
    told = np.argsort(-nearest * library.genres.songs(chosen), kind="stable")[:_NEAREST_TOLD]
    names = tuple(library.genres.tagged.words[word] for word in told if nearest[word] >= NEAR_GENRE)
    return GenreMissing(names=genre.names, nearest=names)


def _notes(
    library: Library, target: Target, kept: HardConstraints, span: Span, rows: npt.NDArray[np.intp]
) -> tuple[Fact, ...]:
    notes: list[Fact] = [*target.notes, *span.notes]
    short = length_note(span, len(rows), float(library.table.duration_ms[rows].astype(np.float64).sum()))
    if short is not None:
        notes += [short, *dropped(kept.kept, library.table.song)]
    for axis, unknown in unknown_axes(library, target, rows):
        notes.append(KnownFor(axis=axis, known=len(rows) - unknown, of=len(rows)))
    return tuple(notes)


def _algorithms(recipe: Recipe, tracks: int, pool: int = 0) -> tuple[Algorithm, ...]:
    """The steps as they were used, enough to run them again."""
    flow = flow_for(recipe, tracks, pool)
    gap = gap_of(recipe.rules, tracks)
    return (
        Algorithm(name="score", version=VERSION, config=(*WEIGHTS.items(), ("quartile", QUARTILE))),
        Algorithm(name=RANKER, version=recipe.weights.version, config=recipe.weights.multipliers),
        Algorithm(name="select", version=VERSION, config=(("good", GOOD_SHARE), ("seed", recipe.seed))),
        Algorithm(
            name="sequence",
            version=VERSION,
            config=(*asdict(flow).items(), *asdict(budget(tracks)).items(), ("gap", gap), ("seed", recipe.seed)),
        ),
    )
