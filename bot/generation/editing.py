"""Edits: a set that follows another one, changed as little as the words allow.

A song of the set before stays when nothing of the request is against it. It is replaced when it was taken out, breaks
a hard wish, contradicts a soft one, or stands on the wrong side of the set's mean in what shall change: for "less
energy" the calmer half stays and the louder half makes room. Songs that are kept by number stay where they are.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from bot.facts import Fact
from bot.generation.facts.notes import (
    NoSuchNumber,
    NothingToCompare,
    NothingToKeep,
    NumberBreaks,
    NumberGone,
    Stayed,
)
from bot.generation.facts.wishes import NamedNumber, WithoutNumbersWish
from bot.generation.length import Span, tracks_for
from bot.generation.library import Library, Masks, Rows
from bot.generation.scoring.hard_constraints import HardConstraint, HardConstraints
from bot.generation.scoring.score import Scores
from bot.generation.scoring.similarity import alike
from bot.generation.scoring.target import Target
from bot.generation.selection import Pool
from bot.generation.values import Edit, Pick, Recipe


@dataclass(frozen=True, slots=True, kw_only=True)
class Staying:
    """What stays of the set before: `pins` are (row, place) from 0 on, `rows` the others, by falling score, which may
    move. `notes` tell what could not stay.
    """

    rows: tuple[int, ...] = ()
    pins: tuple[tuple[int, int], ...] = ()
    notes: tuple[Fact, ...] = ()


def as_edit(recipe: Recipe) -> Recipe:
    """The recipe with what an edit says about length and recent songs: as long as before, and those may come again."""
    edit = recipe.edit
    if edit is None:
        return recipe
    rules = replace(recipe.rules, default_tracks=len(edit.songs) or recipe.rules.default_tracks)
    return replace(recipe, rules=replace(rules, recent=rules.recent - frozenset(edit.songs)))


def without_dropped(library: Library, recipe: Recipe, kept: HardConstraints) -> HardConstraints:
    """The promises, and that songs taken out by number do not come back, in no version."""
    rows = _rows(library, recipe.edit, () if recipe.edit is None else recipe.edit.dropped)
    if not rows:
        return kept
    out = np.isin(library.table.song, library.table.song[list(rows.values())])
    without = HardConstraint(wish=WithoutNumbersWish(numbers=tuple(sorted(rows))), rows=~out)
    return HardConstraints(kept=(*kept.kept, without), unchecked=kept.unchecked)


def nearer(library: Library, recipe: Recipe, target: Target) -> Target:
    """The target with the songs by number that the set shall be more like, and notes on what there is nothing for."""
    notes = [*target.notes, *_missing(recipe)]
    rows = _rows(library, recipe.edit, () if recipe.edit is None else recipe.edit.like)
    if not rows:
        return replace(target, notes=tuple(notes))
    like = np.zeros(len(library), dtype=np.bool_) if target.like is None else target.like.copy()
    like[list(rows.values())] = True
    named = tuple(NamedNumber(number=number) for number in rows)
    return replace(target, like=like, named=(*target.named, *named), notes=tuple(notes))


def _missing(recipe: Recipe) -> Iterator[Fact]:
    if recipe.edit is not None:
        return
    compared = recipe.previous is not None or recipe.vibe.artists.like or recipe.vibe.similar_tracks
    if not compared and any(change.amount for change in recipe.vibe.changes):
        yield NothingToCompare()
    if recipe.vibe.edit is not None:
        yield NothingToKeep()


def _rows(library: Library, edit: Edit | None, numbers: tuple[int, ...]) -> dict[int, int]:
    """The rows of songs of the set before, by their numbers from 1; numbers that were not there are passed over."""
    if edit is None:
        return {}
    keys = {number: edit.songs[number - 1] for number in numbers if 1 <= number <= len(edit.songs)}
    rows = {number: library.table.row_of(key) for number, key in keys.items()}
    return {number: row for number, row in rows.items() if row is not None}


def staying(
    library: Library, recipe: Recipe, target: Target, scores: Scores, kept: HardConstraints, eligible: Masks
) -> Staying:
    """What stays of the set before, for a recipe with an edit; nothing for one without."""
    edit = recipe.edit
    if edit is None:
        return Staying()
    dropped = frozenset(edit.dropped)
    asked = tuple(number for number in dict.fromkeys(edit.kept) if number not in dropped)
    found = _rows(library, edit, asked)
    pins = {number: row for number, row in found.items() if eligible[row]}
    songs = {int(library.table.song[row]) for row in pins.values()}
    others = _rows(library, edit, tuple(number for number in range(1, len(edit.songs) + 1) if number not in asked))
    others = {
        number: row
        for number, row in others.items()
        if number not in dropped and eligible[row] and int(library.table.song[row]) not in songs
    }
    fits = _fitting(library, recipe, target, scores, edit)
    stays = {number: row for number, row in others.items() if fits[row]}
    shorter = recipe.vibe.edit is not None and recipe.vibe.edit.times < 1
    if not (edit.like or recipe.vibe.changes or shorter):
        pins, stays = {**pins, **stays}, {}
    ranked = sorted(dict.fromkeys(stays.values()), key=lambda row: (-float(scores.total[row]), row))
    return Staying(
        rows=tuple(ranked),
        pins=tuple((row, number - 1) for number, row in sorted(pins.items())),
        notes=tuple(_not_kept(edit, asked, found, kept)),
    )


def _fitting(library: Library, recipe: Recipe, target: Target, scores: Scores, edit: Edit) -> Masks:
    """The rows that nothing of the request is against, seen from the set before."""
    fits = np.ones(len(library), dtype=np.bool_)
    changed = {change.axis: change.amount for change in recipe.vibe.changes if change.amount}
    stepped = {axis.asked for axis in target.axes if axis.axis in changed}
    for miss in scores.misses:
        if miss.wish not in stepped:
            fits &= ~miss.rows
    every = _rows(library, edit, tuple(range(1, len(edit.songs) + 1)))
    before = np.array(list(every.values()), dtype=np.intp)
    for axis, amount in changed.items():
        fits &= _right_side(library.axis(axis), before, amount > 0)
    if edit.like and target.like is not None:
        fits &= target.like | _right_side(alike(library, target.like), before, True)
    return fits


def _right_side(values: np.ndarray, before: Rows, rising: bool) -> Masks:
    """The rows on the asked side of the mean of the set before; where nothing is known nothing is against them."""
    known = values[before][~np.isnan(values[before])]
    if not len(known):
        return np.ones(len(values), dtype=np.bool_)
    mean = np.float32(known.mean())
    right: Masks = np.isnan(values) | (values >= mean if rising else values <= mean)
    return right


def _not_kept(edit: Edit, asked: tuple[int, ...], found: dict[int, int], kept: HardConstraints) -> Iterator[Fact]:
    """The songs that were to be kept and could not be."""
    for number in asked:
        if not 1 <= number <= len(edit.songs):
            yield NoSuchNumber(number=number)
        elif number not in found:
            yield NumberGone(number=number)
        else:
            broken = next((promise.wish for promise in kept.kept if not promise.rows[found[number]]), None)
            if broken is not None:
                yield NumberBreaks(number=number, wish=broken)


def notes_on(recipe: Recipe, stays: Staying, picks: Sequence[Pick]) -> tuple[Fact, ...]:
    """What an edit left of the set before, and what it could not keep."""
    if recipe.edit is None:
        return ()
    before = frozenset(recipe.edit.songs)
    stayed = sum(pick.key in before for pick in picks)
    return (Stayed(count=stayed, of=len(before)), *stays.notes)


def with_staying(library: Library, pool: Pool, stays: Staying, span: Span) -> Pool:
    """The pool with what stays in front, for sure in the set; others only as versions and the artist cap leave room."""
    if not (stays.pins or stays.rows):
        return pool
    table = library.table
    least = max(len(stays.pins), 1)
    held = [row for row, _ in stays.pins]
    firm = [*held, *_capped(library, held, stays.rows, pool.cap)]
    more = [row for row in _capped(library, firm, tuple(pool.rows.tolist()), pool.cap) if row not in set(firm)]
    rows = np.array([*firm, *more], dtype=np.intp)
    tracks = min(len(rows), max(least, tracks_for(span, table.duration_ms[rows])))
    firm = firm[:tracks]
    rows = np.array([*firm, *(row for row in rows.tolist() if row not in set(firm))], dtype=np.intp)
    level = dict(zip(pool.rows.tolist(), pool.level.tolist(), strict=True))
    places = _places(stays.pins, tracks)
    return Pool(
        rows=rows,
        level=np.array([0 if row in set(firm) else level.get(row, 0) for row in rows.tolist()], dtype=np.intp),
        tracks=tracks,
        cap=pool.cap,
        asked_cap=pool.asked_cap,
        firm=len(firm),
        pins=tuple((item, place) for item, place in enumerate(places) if place is not None and item < len(firm)),
    )


def _capped(library: Library, chosen: list[int], rows: tuple[int, ...], cap: int) -> list[int]:
    """The rows that may play beside the chosen ones: other songs, and no more of one artist than the cap."""
    song, artist = library.table.song, library.table.artist
    songs = {int(song[row]) for row in chosen}
    counts: dict[int, int] = {}
    for row in chosen:
        counts[int(artist[row])] = counts.get(int(artist[row]), 0) + 1
    found = []
    for row in rows:
        by = int(artist[row])
        if int(song[row]) in songs or counts.get(by, 0) >= cap:
            continue
        songs.add(int(song[row]))
        counts[by] = counts.get(by, 0) + 1
        found.append(row)
    return found


def _places(pins: tuple[tuple[int, int], ...], tracks: int) -> list[int | None]:
    """The place of each pin; one beyond the end of a shorter set is free."""
    return [place if place < tracks else None for _, place in pins]
