"""What a set is aimed at: the soft wishes of the words, read relative to what the library holds."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from bot.facts import Fact
from bot.generation.facts.notes import (
    ArtistRead,
    AtEndAlready,
    Estimated,
    GenresIgnored,
    NoSuchArtist,
    NoSuchTitle,
    NotChanged,
    NothingLike,
    RangeIgnored,
    RangeMoved,
    StandsIn,
    WordsIgnored,
)
from bot.generation.facts.wishes import Named, NamedArtist, NamedTitle, RangeWish
from bot.generation.library import Chosen, Library, Masks
from bot.generation.scoring.kind_fit import KindAim, genre_fit, kind_aim, kinds_of, sung, tells
from bot.generation.scoring.priors import guesses
from bot.generation.scoring.titles import titles_with
from bot.generation.tracks import Floats
from bot.generation.values import Recipe
from nlp.genres import genre_graph
from nlp.knowledge.kinds import Shares, all_kinds
from nlp.names import fold
from nlp.vibe import Axis, AxisChange, AxisRange, Familiarity, Vibe

CHANGE_SHARE = 0.7
"""Share of the library that a change of 1 moves the aim by: "more energy" (.25) is 17 songs of 100 further up."""

ENOUGH_SHARE = 0.1
"""A range that hardly any song lies in is moved to the end of the library that holds this share of the songs."""

LEAST_WEIGHT = 0.01
"""Wishes of less weight count for nothing."""

STRANGE = 0.35
"""Genres less close than this to the wished one are strangers to it."""

STRANGERS_TAKE = 0.12
"""The share of its closeness that a song would lose if all its genres but one were strangers to the wish. Judgement."""

TOLD_WEIGHT = 0.5
"""A range of less weight only goes along with a word: that it could not be met is nothing to tell."""

AGREEING = 0.5
"""How far a song is of a genre by its kinds for a label of that genre to count in full. Judgement."""

SURELY = 0.99
BESIDE_KINDS = 2.0
"""How many times as much a range weighs beside kinds, whose parts weigh more than a genre's label."""

_MOOD = "mood: "
_WINDOW = 0.12
_CHANGE_WEIGHT = 3.0
_END = 0.97
_LAST = 0.98
_FILED_TOLD = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class AxisAim:
    """The range of an axis that songs are scored by: the `asked` one, or one near it where it was `moved`."""

    axis: Axis
    low: float
    high: float
    weight: float
    asked: RangeWish
    moved: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class WordAim:
    """Words of the library that are wished: how well each row carries them, 0 to 1, NaN where it carries no words."""

    part: str
    names: tuple[str, ...]
    rows: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Everything that songs are scored by.

    `genre` is the closeness of each row's best genre to the asked ones. `like` are the rows that the set shall sound
    like, `named` whose they are. `notes` tell of wishes that were moved or found nothing.
    `eligible` are the rows that keep every promise, None for all; `songs` is about how many are chosen.
    """

    axes: tuple[AxisAim, ...]
    genre: WordAim | None
    words: tuple[WordAim, ...]
    like: Masks | None
    named: Named
    familiarity: Familiarity | None
    notes: tuple[Fact, ...]
    kinds: KindAim | None = None
    eligible: Masks | None = None
    songs: int = 25


def aim(library: Library, recipe: Recipe, eligible: Masks, songs: int) -> Target:
    """The target of a recipe, for about `songs` songs to be chosen among the `eligible` rows."""
    notes: list[Fact] = []
    genre = _genre(library, _named_genres(library, recipe.vibe), notes)
    words = _words(library, recipe, notes)
    like, named = _like(library, recipe, notes)
    among = _within(eligible, genre, songs)
    wishes = _wishes(library, recipe, like, notes)
    settled = (_settled(library, wish, among, songs, notes) for wish in wishes)
    axes = tuple(axis for axis in settled if axis is not None)
    notes += _estimated(library, axes)
    return Target(
        axes=axes,
        genre=genre,
        words=words,
        like=like,
        named=named,
        familiarity=recipe.vibe.familiarity,
        notes=tuple(notes),
        kinds=kind_aim(library, recipe.vibe),
        eligible=eligible,
        songs=songs,
    )


def _within(eligible: Masks, genre: WordAim | None, songs: int) -> Masks:
    """The rows that ranges are read relative to: those of the asked genre, if they are enough."""
    if genre is None:
        return eligible
    with np.errstate(invalid="ignore"):
        inside = eligible & (genre.rows >= 0.75)
    return inside if np.count_nonzero(inside) >= songs else eligible


def _wishes(library: Library, recipe: Recipe, like: Masks | None, notes: list[Fact]) -> list[AxisRange]:
    """The asked ranges, with the axes that the request changes replaced by a step from where things stood.

    That is the previous playlist, else the songs that were named ("like Daft Punk, but calmer").
    """
    changed = {change.axis: change for change in recipe.vibe.changes if change.amount}
    asked = _with_scene(library, recipe.vibe)
    kept = [wish for wish in asked if wish.axis not in changed or wish.hard]
    stood = {wish.axis: wish for wish in asked}
    means = dict(recipe.previous.means) if recipe.previous is not None else _means(library, like, changed)
    steps = (_step(library, change, means.get(axis), stood.get(axis), notes) for axis, change in changed.items())
    return kept + [step for step in steps if step is not None]


def _with_scene(library: Library, vibe: Vibe) -> tuple[AxisRange, ...]:
    """The asked ranges; where the situation was understood as a whole, those beside it and those of the situation on
    axes of which nothing was said.
    """
    if vibe.kinds is None or not tells(kinds_of(library)):
        return vibe.targets
    spoken = {wish.axis: wish for wish in vibe.kinds.spoken}
    kept = [spoken.get(wish.axis, wish if wish.hard else None) for wish in vibe.targets]
    said = tuple(wish for wish in kept if wish is not None)
    scene = (wish for wish in vibe.kinds.axes if wish.axis not in {known.axis for known in said})
    return tuple(replace(wish, weight=BESIDE_KINDS * wish.weight) for wish in (*said, *scene))


def _means(library: Library, like: Masks | None, axes: Iterable[Axis]) -> dict[Axis, float]:
    """The mean of the named songs on each of these axes that is known of them."""
    if like is None:
        return {}
    values = {axis: library.axis(axis)[like] for axis in axes}
    return {axis: float(np.nanmean(known)) for axis, known in values.items() if not np.isnan(known).all()}


def _step(
    library: Library, change: AxisChange, before: float | None, stood: AxisRange | None, notes: list[Fact]
) -> AxisRange | None:
    """The range to which a change leads; `before` is the mean on the axis so far, None where nothing is known."""
    scale = library.scales[change.axis]
    if not scale.known:
        notes.append(NotChanged(axis=change.axis))
        return None
    start = float(scale.share(before)) if before is not None and math.isfinite(before) else _middle(scale.share, stood)
    if not 1 - _END < start + math.copysign(0.01, change.amount) < _END:
        notes.append(AtEndAlready(axis=change.axis))
    low, high = _stepped(start, abs(change.amount)) if change.amount > 0 else _mirrored(start, abs(change.amount))
    return AxisRange(axis=change.axis, low=scale.value(low), high=scale.value(high), weight=_CHANGE_WEIGHT)


def _stepped(start: float, amount: float) -> tuple[float, float]:
    """The shares between which a set lies that goes up from a share; at the end of the library it is the rest of it."""
    centre = min(start + CHANGE_SHARE * amount, 1.0)
    low = max(min(centre - _WINDOW / 2, 1 - _WINDOW), min(start, _LAST))
    return low, min(1.0, max(centre, low) + _WINDOW)


def _mirrored(start: float, amount: float) -> tuple[float, float]:
    low, high = _stepped(1 - start, amount)
    return 1 - high, 1 - low


def _middle(share: object, stood: AxisRange | None) -> float:
    """Where a set stands of which nothing is known: in the middle of what was asked, else of the library."""
    if stood is None or not callable(share):
        return 0.5
    low = 0.0 if stood.low is None else float(share(stood.low))
    high = 1.0 if stood.high is None else float(share(stood.high))
    return (low + high) / 2


def _settled(library: Library, wish: AxisRange, among: Masks, songs: int, notes: list[Fact]) -> AxisAim | None:
    """A range as songs are scored by it: moved to the end of what the library holds when hardly a song lies in it."""
    low = -math.inf if wish.low is None or math.isnan(wish.low) else wish.low
    high = math.inf if wish.high is None or math.isnan(wish.high) else wish.high
    low, high = min(low, high), max(low, high)
    weight = wish.weight if math.isfinite(wish.weight) and wish.weight >= LEAST_WEIGHT else 0.0
    if weight == 0 or (math.isinf(low) and math.isinf(high)):
        return None
    said = RangeWish(axis=wish.axis, low=_end(low), high=_end(high))
    asked = AxisAim(axis=wish.axis, low=low, high=high, weight=weight, asked=said)
    if not library.scales[wish.axis].known:
        return _unmeasured(library, asked, notes, hard=wish.hard)
    values = (library.felt_tempo if wish.axis == "tempo" and not wish.hard else library.axis(wish.axis))[among]
    values = values[~np.isnan(values)]
    guessed = guesses(library, wish.axis)
    likely = np.empty(0, dtype=np.float32) if guessed is None else guessed[among]

    def inside(known: Floats) -> int:
        return int(np.count_nonzero((known >= low) & (known <= high)))

    if wish.hard or inside(values) >= min(songs, len(values)) or inside(values) + inside(likely) >= songs:
        return asked
    return _moved(asked, values, songs, notes)


def _unmeasured(library: Library, asked: AxisAim, notes: list[Fact], *, hard: bool) -> AxisAim | None:
    """A range on an axis that no song was measured on: it counts as far as genres and tags tell anything of it."""
    if guesses(library, asked.axis) is not None:
        return asked
    if not hard:
        notes.append(RangeIgnored(asked=asked.asked))
    return None


def _estimated(library: Library, axes: tuple[AxisAim, ...]) -> Iterator[Fact]:
    """The note on ranges that no song was measured on and that count all the same."""
    asked = tuple(axis.asked for axis in axes if not library.scales[axis.axis].known)
    if asked:
        yield Estimated(asked=asked)


def _moved(asked: AxisAim, values: npt.NDArray[np.float32], songs: int, notes: list[Fact]) -> AxisAim:
    enough = min(1.0, max(ENOUGH_SHARE, 2 * songs / len(values)))
    low, high = asked.low, asked.high
    upper, lower = float(np.quantile(values, 1 - enough)), float(np.quantile(values, enough))
    if low > upper:
        low, moved_up = upper, True
    elif high < lower:
        high, moved_up = lower, False
    else:
        return asked
    if asked.weight >= TOLD_WEIGHT:
        notes.append(RangeMoved(asked=asked.asked, upper=moved_up, reach=low if moved_up else high))
    return replace(asked, low=low, high=high, moved=True)


def _end(bound: float) -> float | None:
    """An end of a range as it is told: None where it is open."""
    return None if math.isinf(bound) else bound


def _named_genres(library: Library, vibe: Vibe) -> tuple[str, ...]:
    """The genres that are asked for by name, without words that were understood as part of something longer."""
    if vibe.kinds is None or not tells(kinds_of(library)):
        return vibe.genres.wanted
    if not vibe.kinds.sure:
        return ()
    most = {name for name, share in vibe.kinds.wanted if share >= SURELY}
    meanings = ((genre, all_kinds().of_genre(genre)) for genre in vibe.genres.wanted)
    return tuple(genre for genre, meant in meanings if meant is None or most & _surest(meant))


def _surest(meant: Shares) -> set[str]:
    return {name for name, share in all_kinds().pairs(meant) if share >= SURELY}


def _genre(library: Library, wanted: tuple[str, ...], notes: list[Fact]) -> WordAim | None:
    names = tuple(name for name in wanted if fold(name))
    if not names:
        return None
    if not library.genres.tagged.words and not library.tags.tagged.words:
        notes.append(GenresIgnored(names=names))
        return None
    rows = np.full(len(library), np.nan, dtype=np.float32)
    for name in names:
        rows = np.fmax(rows, closeness(library, name))
    if not np.nan_to_num(rows).max(initial=0.0) > 0:
        notes.append(NothingLike(names=names))
    return WordAim(part="genre", names=names, rows=rows)


def closeness(library: Library, genre: str) -> Floats:
    """How close each row's best genre or tag is to `genre`, 0 to 1; NaN for rows that carry neither.

    Genres that are strangers to it take a little away: a song filed as techno alone is more of it than one filed as
    techno and show tunes.
    """
    measure = genre_graph().closeness
    words = library.genres.closeness(genre, measure)
    strange = library.genres.mean((words < STRANGE).astype(np.float32))
    best = library.genres.best(words)
    by_genre = best * (np.float32(1) - np.float32(STRANGERS_TAKE) * strange)
    if library.tags.tagged.words:
        by_genre = np.fmax(by_genre, library.tags.best(library.tags.closeness(genre, measure)))
    return _by_kinds(library, genre, by_genre)


def _by_kinds(library: Library, genre: str, by_label: Floats) -> Floats:
    """What the kinds of a song say of a genre, where they are known; its labels count as far as these agree.

    A label may mean something else here: a song filed as disco by somebody who sings schlager is none.
    """
    by_kinds = genre_fit(library, genre)
    if by_kinds is None:
        return by_label
    agreed = np.fmax(by_kinds, by_label * np.minimum(1, by_kinds / np.float32(AGREEING)))
    return np.where(np.isnan(by_kinds), by_label, agreed).astype(np.float32)


def _words(library: Library, recipe: Recipe, notes: list[Fact]) -> tuple[WordAim, ...]:
    vibe = recipe.vibe
    found: list[WordAim] = []
    for part, names, silent in (
        ("instrument", vibe.instruments.wanted, False),
        ("language", vibe.languages.wanted, False),
        ("scene", vibe.contexts, True),
    ):
        if not names:
            continue
        carried: dict[str, Masks] = {}
        for name in names:
            word, rows = _carriers(library, part, name)
            if rows.any():
                carried[word] = rows
            if rows.any() and word != name:
                notes.append(StandsIn(name=name, word=word))
        if carried:
            rows = np.logical_or.reduce(list(carried.values())).astype(np.float32)
            found.append(WordAim(part=part, names=tuple(carried), rows=rows))
        elif not silent:
            notes.append(WordsIgnored(names=names))
    titled = {name: rows for name in vibe.contexts if (rows := titles_with(library, name)).any()}
    if titled:
        rows = np.logical_or.reduce(list(titled.values())).astype(np.float32)
        found.append(WordAim(part="title", names=tuple(titled), rows=rows))
    found += _mood(library, vibe)
    return tuple(found)


def _mood(library: Library, vibe: Vibe) -> Iterator[WordAim]:
    """The rows that the library itself files under a mood that was named: songs tagged happy, for happy ones."""
    said = (piece.means for piece in vibe.evidence if piece.polarity == "+" and piece.means.startswith(_MOOD))
    filed: dict[str, Masks] = {}
    for name in dict.fromkeys(fold(means.removeprefix(_MOOD)) for means in said):
        rows = library.genres.rows(f"is {name}", called(name)) | library.tags.rows(f"is {name}", called(name))
        if rows.any():
            filed[name] = rows
    if filed:
        rows = np.logical_or.reduce(list(filed.values()))
        yield WordAim(part="mood", names=tuple(filed), rows=rows.astype(np.float32))


def called(name: str) -> Chosen:
    """Whether a genre or tag is `name`, as a question about a word."""
    return lambda word: fold(word) == name


def _carriers(library: Library, part: str, name: str) -> tuple[str, Masks]:
    """The rows that carry a word; an instrument that nothing carries is looked for as what it is one of.

    Where nothing is tagged classical guitar, songs tagged guitar are the next best; the word that was found is told.
    A title that names an instrument ("Piano Sonata No. 2") tells as much as a tag.
    """
    kind = name.rsplit(" ", 1)[-1]
    for word in (name, kind) if part == "instrument" and kind != name else (name,):
        key = f"{part} {word}" if part != "scene" else f"instrument {word}"
        chosen = sung_in(word) if part == "language" else mentions(word)
        rows = library.genres.rows(key, chosen) | library.tags.rows(key, chosen)
        if part == "language":
            rows = sung(library, word, rows)
        if rows.any():
            return word, rows | titles_with(library, word) if part == "instrument" else rows
    titled = titles_with(library, name) if part == "instrument" else np.zeros(len(library), dtype=np.bool_)
    return name, titled


def mentions(name: str) -> Chosen:
    """Whether a genre or tag has `name` among its words, as a question about a word."""
    wanted = f" {fold(name)} "
    return lambda word: wanted in f" {fold(word)} "


def sung_in(language: str) -> Chosen:
    """Whether a genre or tag tells that songs are sung in `language`, as a question about a word."""
    excluded = genre_graph().excluded
    return lambda word: excluded(language, word)


def _like(library: Library, recipe: Recipe, notes: list[Fact]) -> tuple[Masks | None, Named]:
    rows = np.zeros(len(library), dtype=np.bool_)
    named: list[NamedArtist | NamedTitle] = []
    for artist in recipe.vibe.artists.like:
        by = library.rows_led_by(artist)
        if by.any():
            rows |= by
            named.append(NamedArtist(name=artist))
            notes.append(_read_from(library, artist, by))
        else:
            notes.append(NoSuchArtist(artist=artist))
    for title in recipe.vibe.similar_tracks:
        called = titled(library, title)
        if called.any():
            rows |= called
            named.append(NamedTitle(title=title))
        else:
            notes.append(NoSuchTitle(title=title))
    return (rows if rows.any() else None), tuple(named)


def _read_from(library: Library, artist: str, rows: Masks) -> Fact:
    """What an artist's name was taken to mean: how many songs here, and what they are filed as most."""
    carried = library.genres.songs(rows)
    most = np.argsort(-carried, kind="stable")[:_FILED_TOLD]
    filed = tuple(library.genres.tagged.words[word] for word in most if carried[word])
    return ArtistRead(artist=artist, songs=int(np.count_nonzero(rows)), filed=filed)


def titled(library: Library, title: str) -> Masks:
    """The rows with this title, without regard to case."""
    wanted = title.casefold().strip()
    return np.fromiter((name.casefold() == wanted for name in library.table.titles), np.bool_, len(library))
