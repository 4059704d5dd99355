"""The kinds of every song: what its artist plays, moved by its own labels and by how it sounds."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from bot.generation.kinds.artist_kinds import ArtistKinds, artist_kinds
from bot.generation.kinds.tongues import SongTongues, song_tongues, title_tongues
from bot.generation.tracks import COLUMN, Floats, Tagged, TrackTable
from nlp.knowledge.kinds import Shares, all_kinds
from nlp.vibe import Axis

KINDS_OF_A_SONG = 8
"""The most kinds that a song is told to be of; what is left of the shares is little and is given to these."""

LABELS_MOVE = 0.5
"""The power of what a song's labels say beside its artist's other songs. Judgement."""

SOUND_MOVES = 0.15
"""The power of how a song sounds: its squared distance from the middle half of a kind, in widths of it, counts for
this much each. Judgement, checked with the cross-validation of artist_kinds."""

FARTHEST = 6.0

NARROWEST = {"speechiness": 0.05}
_LEAST_WIDTH = 0.15
_HEARD: tuple[Axis, ...] = ("energy", "brightness", "danceability", "acousticness", "instrumentalness", "speechiness")
_BLOCK = 1 << 15


@dataclass(frozen=True, slots=True, kw_only=True)
class SongKinds:
    """`kinds` numbers KINDS_OF_A_SONG kinds for each song and `shares` says how much of it each is (adding up to at
    most 1, 0 beyond the last one). `sure` is how sure that is: 1 a known artist, less for guesses, 0 unknown.
    `artists` and `tongues` are what is known of the artists and the languages; `fame` is the popularity, 0 to 1, of the
    best-known row of each song; `first_year` and `last_year` bound the artist's known recordings, 0 unknown.
    """

    kinds: npt.NDArray[np.int16]
    shares: Floats
    sure: Floats
    artists: ArtistKinds
    tongues: SongTongues
    fame: Floats
    first_year: npt.NDArray[np.int16]
    last_year: npt.NDArray[np.int16]

    def fit(self, wanted: Shares) -> Floats:
        """How much of each song is of the wanted kinds: the sum of its shares times what each kind is worth."""
        fit = np.empty(len(self.kinds), dtype=np.float32)
        for start in range(0, len(fit), _BLOCK):
            rows = slice(start, start + _BLOCK)
            np.einsum("ij,ij->i", wanted[self.kinds[rows]], self.shares[rows], out=fit[rows])
        return fit

    def of(self, row: int) -> tuple[tuple[str, float], ...]:
        """The kinds of one song with their shares, the greatest first."""
        names = all_kinds().names
        pairs = zip(self.kinds[row].tolist(), self.shares[row].tolist(), strict=True)
        return tuple((names[kind], share) for kind, share in sorted(pairs, key=lambda pair: -pair[1]) if share > 0)


def song_kinds(table: TrackTable) -> SongKinds:
    """The kinds of all songs of a table. CPU-bound: about two seconds for 100,000 songs; run it in a worker thread."""
    titles = title_tongues(table)
    artists = artist_kinds(table, titles)
    tongues = song_tongues(table, titles, artists.facts, artists.shares)
    kinds, shares = _of_artists(table, artists)
    _moved_by_labels(table, artists, kinds, shares)
    _moved_by_sound(table, kinds, shares)
    shares /= np.maximum(shares.sum(axis=1, keepdims=True), 1e-9)
    sure = np.append(artists.sure, np.float32(0))[table.artist]
    years = [(0, 0) if fact is None else (fact.years[0], fact.years[1] or 9999) for fact in artists.facts] + [(0, 0)]
    bounds = np.array(years, dtype=np.int16)[table.artist]
    return SongKinds(
        kinds=kinds,
        shares=shares,
        sure=sure,
        artists=artists,
        tongues=tongues,
        fame=_fame(table),
        first_year=bounds[:, 0],
        last_year=bounds[:, 1],
    )


def _of_artists(table: TrackTable, artists: ArtistKinds) -> tuple[npt.NDArray[np.int16], Floats]:
    most = min(KINDS_OF_A_SONG, artists.shares.shape[1])
    best = (
        np.argpartition(-artists.shares, most - 1, axis=1)[:, :most]
        if len(artists.shares)
        else np.zeros((0, most), int)
    )
    shares = np.take_along_axis(artists.shares, best, axis=1)
    best, shares = (np.vstack([array, np.zeros((1, most), array.dtype)]) for array in (best, shares))
    return best[table.artist].astype(np.int16), shares[table.artist].astype(np.float32)


def _moved_by_labels(table: TrackTable, artists: ArtistKinds, kinds: npt.NDArray[np.int16], shares: Floats) -> None:
    """What a song's labels say beside those of its artist's other songs."""
    labels = artists.labels
    column = {word: number for number, word in enumerate(labels.words)}
    for tagged in (table.genres, table.tags):
        if not tagged.words:
            continue
        number = np.array([column.get(word, -1) for word in tagged.words], dtype=np.intp)
        own, counts = _told(tagged, number, labels.means, kinds)
        told = counts > 0
        own[told] /= counts[told, None]
        by_artist = _means_by_artist(own, told, table.artist)
        ratio = (own + 0.02) / (by_artist + 0.02)
        shares[told] *= ratio[told] ** np.float32(LABELS_MOVE)


def _told(
    tagged: Tagged, number: npt.NDArray[np.intp], means: Floats, kinds: npt.NDArray[np.int16]
) -> tuple[Floats, npt.NDArray[np.int64]]:
    """For each song the sum over its labels of what they say of each of its kinds, and how many labels said it."""
    rows = np.repeat(np.arange(len(kinds)), np.diff(tagged.starts))
    numbers = number[tagged.indices]
    known = numbers >= 0
    rows, numbers = rows[known], numbers[known]
    own = np.zeros(kinds.shape, dtype=np.float32)
    np.add.at(own, rows, means[numbers[:, None], kinds[rows]])
    return own, np.bincount(rows, minlength=len(kinds))


def _means_by_artist(own: Floats, told: npt.NDArray[np.bool_], artist: npt.NDArray[np.int32]) -> Floats:
    many = int(artist.max(initial=-1)) + 2
    number = np.where(artist < 0, many - 1, artist)
    counts = np.bincount(number[told], minlength=many)
    means = np.empty_like(own)
    for place in range(own.shape[1]):
        sums = np.bincount(number[told], weights=own[told, place], minlength=many)
        means[:, place] = (sums / np.maximum(counts, 1))[number]
    return means


def _moved_by_sound(table: TrackTable, kinds: npt.NDArray[np.int16], shares: Floats) -> None:
    """How far each song is from the middle half of each of its kinds, on every axis that is known of it."""
    for axis in _HEARD:
        low, high, width = _middle_half(axis)
        values = table.features[:, COLUMN["valence" if axis == "brightness" else axis]]
        for start in range(0, len(table), _BLOCK):
            block = slice(start, start + _BLOCK)
            value, kind = values[block, None], kinds[block]
            away = np.maximum(np.maximum(low[kind] - value, value - high[kind]), 0) / width[kind]
            away = np.nan_to_num(np.minimum(away * away, np.float32(FARTHEST)), nan=0.0)
            shares[block] *= np.exp(-np.float32(SOUND_MOVES) * away)


@cache
def _middle_half(axis: Axis) -> tuple[Floats, Floats, Floats]:
    """The lower and upper end of the middle half of every kind on an axis, and its width; open ends are infinite."""
    ends = [next(((w.low, w.high) for w in row.axes if w.axis == axis), (None, None)) for row in all_kinds().rows]
    low = np.array([-np.inf if end is None else end for end, _ in ends], dtype=np.float32)
    high = np.array([np.inf if end is None else end for _, end in ends], dtype=np.float32)
    return low, high, np.maximum(high - low, NARROWEST.get(axis, _LEAST_WIDTH)).astype(np.float32)


def _fame(table: TrackTable) -> Floats:
    """The popularity of each song from 0 to 1: the best-known version of it speaks for all."""
    known = np.clip(np.nan_to_num(table.popularity, nan=0.0, posinf=0.0, neginf=0.0), 0, 100) / np.float32(100)
    best = np.zeros(int(table.song.max(initial=-1)) + 1, dtype=np.float32)
    np.maximum.at(best, table.song, known)
    return best[table.song].astype(np.float32)
