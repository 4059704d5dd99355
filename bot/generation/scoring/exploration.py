"""What a taste says of songs that fit, and the few songs that are played to find out whether they are liked."""

from __future__ import annotations

import numpy as np

from bot.generation.learning.preferences import preferences, unheard
from bot.generation.library import Library, Masks, kth_largest
from bot.generation.scoring.target import Target
from bot.generation.tracks import Floats
from bot.generation.values import Recipe, Taste

NEW = "something new"
"""The part of songs that are played to find out whether they are liked."""

TASTE_RANGE = 0.5
"""A liking of this much, of one kind, is the most that a part of the score can say."""

MOST_NEW, NEW_IN = 3, 25
"""At most so many songs are played to find out whether they are liked, of so many; a longer set has no more of them."""

_FIRST_RATED = 4
_FEW_RATED, _SOME_RATED = 8, 16
_NEW_CHANCE = 0.03
_NEW_AMONG = 200
_FULL, _ENDS = (0.0, 0.06), (0.03, 0.13)
_BEST = 20
_TINY = 1e-9


def spoken(library: Library, taste: Taste, close: Floats) -> list[tuple[str, Floats]]:
    """What each kind of liking says of every row, by the name of its part: from -.5 to .5 where it says most.

    Taste chooses among songs that fit the words, and carries none that fits less: a liking counts as far as the row is
    `close` to the best, a dislike everywhere.
    """
    found = preferences(library, taste)
    kinds = (("sound", found.sound), ("genre", found.genre), ("artist", found.artist), ("song", found.song))
    most = np.float32(2 * TASTE_RANGE)
    said: list[tuple[str, Floats]] = []
    for kind, liking in kinds:
        if liking is not None:
            counted: Floats = np.where(liking > 0, liking * close, liking).astype(np.float32)
            said.append((f"taste {kind}", counted / most))
    return said


def close_to_best(taste: Taste, target: Target, fit: Floats) -> Floats:
    """1 for rows that fit the words about as well as the best that may be played, 0 for those that fit clearly less.

    By a sure taste it is 1 within 6 % of the fit of the best songs, and 0 from 13 % on; less where it is doubtful that
    there is a taste at all. Measured with planted tastes.
    """
    among = fit if target.eligible is None else fit[target.eligible]
    if not len(among):
        return np.ones(len(fit), dtype=np.float32)
    best = kth_largest(among, min(len(among), _BEST))
    lack = np.float32(1) - fit / max(best, np.float32(_TINY))
    full, ends = (np.interp(taste.sure, (0.5, 1.0), bounds) for bounds in (_FULL, _ENDS))
    close: Floats = np.clip((np.float32(ends) - lack) / np.float32(ends - full), 0, 1)
    return close


def new_to(library: Library, recipe: Recipe, total: Floats, may: Masks, *, songs: int) -> tuple[int, ...]:
    """A few rows of those that `may` be, of genres that the member never rated, by the score and the recipe's seed.

    Fewer as more is known, or as the set has fewer `songs`, each of another genre and artist. None where nothing is
    known yet: then all is new.
    """
    most = min(explored(recipe.taste), MOST_NEW * songs // NEW_IN)
    if not most:
        return ()
    rows = np.flatnonzero(may & unheard(library, recipe.taste))
    key = total[rows] + _NEW_CHANCE * np.random.default_rng((recipe.seed, 2)).random(len(rows))
    found: list[int] = []
    kinds, artists = set[int](), set[int]()
    for row in rows[np.argsort(-key, kind="stable")][:_NEW_AMONG].tolist():
        kind, artist = int(library.genres.kind[row]), int(library.table.artist[row])
        if kind not in kinds and artist not in artists and str(library.keys[row]) not in recipe.rules.recent:
            kinds.add(kind)
            artists.add(artist)
            found.append(row)
        if len(found) == most:
            break
    return tuple(found)


def explored(taste: Taste) -> int:
    """How many songs of a set are played to find out, by how many songs were rated: MOST_NEW at most."""
    rated = len(taste.tracks)
    if rated < _FIRST_RATED:
        return 0
    return MOST_NEW if rated < _FEW_RATED else 2 if rated < _SOME_RATED else 1
