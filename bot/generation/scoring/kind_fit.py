"""How far each song is of the music that was asked for: kinds first, then typical artists, tongue and fame."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bot.generation.kinds.song_kinds import SongKinds, song_kinds
from bot.generation.library import Library, Masks
from bot.generation.tracks import Floats
from nlp.knowledge.artists import all_artists, artist_key
from nlp.knowledge.kinds import Shares, all_kinds
from nlp.languages import NO_WORDS, language_code
from nlp.vibe import KindWish, Vibe, YearSpan

NEIGHBOURS = 0.75
"""What a song of a neighbouring kind is worth beside one of the asked kind, times their nearness."""

NEIGHBOURS_OF_A_GENRE = 0.5
"""The same where a genre is named: its neighbours are near it, and none of it."""

FULL_SHARE = 0.75
"""The part of a song that has to be of a named genre for it to count as one of it in full."""

UNSURE_KEEPS = 0.8
"""What a guess of a song's kinds counts for beside a known artist. Judgement."""

FAMOUS = 0.65
"""Popularity, 0 to 1, from which a song counts as one that everybody knows."""

FAME_WEIGHT = (0.0, 0.6, 1.45, 2.0)
"""What fame counts for where nobody minds unknown songs (0) to where everybody shall know them (3)."""

TYPICAL = 3
"""So many of the typical artists that are nearest to a song's artist speak for it."""

GUESSED_WELL = 0.6
"""How sure the kinds of a song have to be to say more of a named genre than its labels do."""

KNOWN_SHARE = 0.1
"""The share of songs by known artists from which kinds speak; below it a catalogue is read by its labels alone."""

SUNG = 0.5
"""How likely a song has to be in a language to count as sung in it."""

BROAD, MOSTLY = 4, 0.6
"""A name that means so many kinds, most of them of one family, means the whole family: no rap is no hip hop at all."""

LAST_YEAR = 2030
"""Where the years of somebody end who still records."""

MOST_ALIKE = 0.65
"""What somebody who plays the very same is worth beside a typical artist."""

LISTENED_TO = 24
"""Typical artists whose music others are compared with; the later ones only count by their own names. Comparing 30,000
artists with all eighty took as long as the rest of a request.
"""

LATER_COUNT_LESS = 0.3
"""How much less than the first the last of the typical artists counts. Both chosen with the weights of the score."""

_ASKED = 0.05
_TONGUE_OF_KIND = 0.5
_ARTIST_FAME = 0.12
_ERA_YEARS = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class KindAim:
    """What the kinds of a request ask of every row, from 0 to 1: `fit` of its kinds, likeness to typical artists
    (`alike`, None where none is known), a tongue that goes with the request (`tongue`), how well it is known (`fame`),
    and the era that belongs to it (`era`, None where none does, NaN where a song's years are unknown). `fame_weight` is
    what fame counts for; `wish` is what was asked.
    """

    wish: KindWish
    fit: Floats
    alike: Floats | None
    tongue: Floats
    fame: Floats
    fame_weight: float
    era: Floats | None


def kinds_of(library: Library) -> SongKinds:
    """The kinds of the library's songs, computed when they are asked for first and kept with it."""
    found: SongKinds | None = library.memory.get("song kinds")
    if found is None:
        found = library.memory["song kinds"] = song_kinds(library.table)
    return found


def kind_aim(library: Library, vibe: Vibe) -> KindAim | None:
    """What the kinds of a vibe ask of the library; None where it says nothing of kinds or the library knows none."""
    if vibe.kinds is None or not len(library):
        return None
    songs = kinds_of(library)
    if not tells(songs):
        return None
    wish = vibe.kinds
    return KindAim(
        wish=wish,
        fit=_fit(songs, wish),
        alike=_alike(library, songs, wish.artists),
        tongue=songs.tongues.spoken(_tongues(vibe, wish)),
        fame=_fame(songs),
        fame_weight=float(np.interp(wish.fame or 0.0, range(len(FAME_WEIGHT)), FAME_WEIGHT)),
        era=_eras(library, songs, vibe),
    )


def tells(songs: SongKinds) -> bool:
    """Whether enough artists of the catalogue are known for kinds to say more than its labels do."""
    return bool(len(songs.sure)) and float((songs.sure == 1).mean()) >= KNOWN_SHARE


def genre_fit(library: Library, genre: str) -> Floats | None:
    """How far each row is of a genre by its kinds, 0 to 1, NaN where nothing is known; None for no known genre."""
    meant = all_kinds().of_genre(genre)
    if meant is None:
        return None
    songs = kinds_of(library)
    if not tells(songs):
        return None
    fit = np.minimum(1, songs.fit(_with_neighbours(meant, NEIGHBOURS_OF_A_GENRE)) / np.float32(FULL_SHARE))
    # What a label's name may mean beside other things is no more than near: labels tell that better themselves.
    told = songs.sure >= GUESSED_WELL
    return np.where(told, fit, np.nan).astype(np.float32)


def sung(library: Library, language: str, filed: Masks) -> Masks:
    """The rows that are sung in a language: by what is known of the artist, else by the labels in `filed`.

    A song without words is sung in none. The language is an English name in lower case.
    """
    code = language_code(language)
    tongues = kinds_of(library).tongues
    column = tongues.codes.index(code) if code in tongues.codes else None
    if column is None or not tells(kinds_of(library)):
        return filed
    odds = np.append(tongues.artists[:, column], np.float32(0))[tongues.artist]
    known = np.append(kinds_of(library).artists.sure == 1, False)[tongues.artist]
    rows: Masks = np.where(known, odds >= SUNG, filed | (odds >= SUNG)) & ~tongues.no_words
    return rows


def of_genre(library: Library, genre: str, share: float = 0.5) -> Masks:
    """The rows of which at least this share is surely of a genre; a broad name stands for its whole family."""
    meant = all_kinds().of_genre(genre)
    if meant is None:
        return np.zeros(len(library), dtype=np.bool_)
    songs = kinds_of(library)
    whole = (meant > 0).astype(np.float32)
    families = np.array([row.family for row in all_kinds().rows])
    worth = {family: float(meant[families == family].sum()) for family in set(families[meant > 0].tolist())}
    first = max(sorted(worth), key=lambda family: worth[family])
    if np.count_nonzero(meant) >= BROAD and worth[first] >= MOSTLY * sum(worth.values()):
        whole = np.maximum(whole * (families == first), families == first).astype(np.float32)
    rows: Masks = (songs.fit(whole) >= share) & (songs.sure >= 0.5)
    return rows


def _with_neighbours(wanted: Shares, worth_of: float) -> Shares:
    worth: Shares = np.maximum(wanted, np.float32(worth_of) * all_kinds().around(wanted)).astype(np.float32)
    return worth


def _fit(songs: SongKinds, wish: KindWish) -> Floats:
    kinds = all_kinds()
    wanted = kinds.shares(wish.wanted)
    asked = wanted >= _ASKED
    spoils = kinds.shares(wish.unwanted)
    spoils[[number for number, row in enumerate(kinds.rows) if row.aside]] = 1
    spoils[asked] = 0
    worth = _with_neighbours(wanted, NEIGHBOURS) * (1 - spoils) - spoils
    fit = np.clip(songs.fit(worth.astype(np.float32)), 0, 1)
    trusted: Floats = fit * (np.float32(UNSURE_KEEPS) + np.float32(1 - UNSURE_KEEPS) * songs.sure)
    return trusted


def _alike(library: Library, songs: SongKinds, names: tuple[str, ...]) -> Floats | None:
    """How near each row's artist is to the nearest typical ones, by what both play; a typical one has nearly 1, the
    first of the `names` 1 and the later ones less.
    """
    kinds = all_kinds()
    worth = 1 - np.float32(LATER_COUNT_LESS) * np.arange(len(names), dtype=np.float32) / max(len(names), 1)
    known = [
        (found[0].shares(), value)
        for name, value in zip(names, worth, strict=True)
        if (found := all_artists().find(name))
    ][:LISTENED_TO]
    if not known:
        return None
    played = np.stack([shares for shares, _ in known]) @ kinds.near
    played /= np.linalg.norm(played, axis=1, keepdims=True)
    alike = songs.artists.shares @ (kinds.near @ played.T) / _norms(library, songs)[:, None]
    alike *= np.array([value for _, value in known], dtype=np.float32)
    count = min(TYPICAL, alike.shape[1])
    nearest = np.partition(alike, alike.shape[1] - count, axis=1)[:, -count:].mean(axis=1)
    nearest = np.float32(MOST_ALIKE) * nearest * songs.artists.sure
    typical = {artist_key(name): value for name, value in reversed(list(zip(names, worth.tolist(), strict=True)))}
    for number, name in enumerate(_keys(library)):
        if name in typical:
            nearest[number] = max(nearest[number], typical[name])
    by_artist = np.append(nearest, 0).astype(np.float32)
    rows: Floats = by_artist[library.table.artist]
    return rows


def likest(library: Library, names: tuple[str, ...], row: int) -> str | None:
    """Which of these artists the one of a song is nearest to, by what both play; None where nobody is known."""
    kinds, songs = all_kinds(), kinds_of(library)
    known = [found[0] for name in names if (found := all_artists().find(name))]
    artist = int(library.table.artist[row])
    if not known or artist < 0:
        return None
    played = np.stack([facts.shares() for facts in known]) @ kinds.near
    near = played @ (kinds.near @ songs.artists.shares[artist]) / np.linalg.norm(played, axis=1)
    return known[int(near.argmax())].name


def _norms(library: Library, songs: SongKinds) -> Floats:
    found: Floats | None = library.memory.get("kind norms")
    if found is None:
        found = np.linalg.norm(songs.artists.shares @ all_kinds().near, axis=1) + 1e-9
        library.memory["kind norms"] = found
    return found


def _keys(library: Library) -> list[str]:
    found: list[str] | None = library.memory.get("artist keys")
    if found is None:
        found = library.memory["artist keys"] = [artist_key(name) for name in library.table.artists.words]
    return found


def _tongues(vibe: Vibe, wish: KindWish) -> frozenset[str]:
    """The languages that go with a request: those it asks for, else its own and those at home in the kinds it wants."""
    asked = {code for name in vibe.languages.wanted if (code := language_code(name)) is not None}
    if asked:
        return frozenset(asked)
    found = {wish.tongue}
    kinds = all_kinds()
    for name, share in wish.wanted:
        if share >= _TONGUE_OF_KIND:
            found.update(kinds.rows[kinds.number(name)].tongues)
    return frozenset(found - {NO_WORDS})


def _eras(library: Library, songs: SongKinds, vibe: Vibe) -> Floats | None:
    """How well each row fits the years that are asked for, else those that belong to the request; None for no years.

    A catalogue with years keeps what is asked for as a promise, beside this.
    """
    if vibe.years.wanted:
        if (library.table.year > 0).any():
            return None
        best: Floats = np.fmax.reduce([_era(library, songs, span) for span in vibe.years.wanted])
        return best
    return None if vibe.kinds is None or vibe.kinds.years is None else _era(library, songs, vibe.kinds.years)


def _era(library: Library, songs: SongKinds, span: YearSpan) -> Floats:
    """How well each row's year fits an era, 0 to 1; where it is unknown, how much of the years in which the artist's
    known recordings were made lies in it.
    """
    low, high = span[0] or 1, span[1] or LAST_YEAR
    first, last = songs.first_year.astype(np.float32), np.minimum(songs.last_year, LAST_YEAR).astype(np.float32)
    shared = np.minimum(last, high) - np.maximum(first, low) + 1
    inside = (1 + np.minimum(1, shared / (MOSTLY * (last - first + 1)))) / 2
    active = np.where(shared > 0, inside, 0.5 / (1 + np.square(shared / _ERA_YEARS)))
    year = library.table.year.astype(np.float32)
    away = np.maximum(np.maximum(low - year, year - high), 0) / _ERA_YEARS
    known = np.where(year > 0, 1 / (1 + np.square(away)), np.where(first > 0, active, np.nan))
    return known.astype(np.float32)


def _fame(songs: SongKinds) -> Floats:
    """How well each song is known, 0 to 1: its popularity, else how well its artist is known."""
    if songs.fame.any():
        famous: Floats = np.minimum(1, songs.fame / np.float32(FAMOUS)).astype(np.float32)
        return famous
    by_artist = np.array([0 if fact is None else fact.fame * _ARTIST_FAME for fact in songs.artists.facts] + [0])
    known: Floats = by_artist.astype(np.float32)[songs.tongues.artist]
    return known
