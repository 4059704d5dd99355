"""Which language the songs of a table are sung in: facts of their artists, else their titles."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from bot.generation.tracks import COLUMN, Floats, TrackTable
from nlp.knowledge.artists import ArtistFacts
from nlp.knowledge.kinds import all_kinds
from nlp.languages import NO_WORDS, languages_of, title_words

TITLES_READ = 12
"""Titles of an artist that are read together."""

FACTS_COUNT_FOR = 0.75
"""The share of what is known of an artist beside the artist's titles. Judgement."""

KINDS_COUNT_FOR = 0.4
"""The share of what the kinds of a song say beside its artist's titles, where nothing is known of the artist."""

WORDLESS = 0.5
"""The instrumentalness from which a song is taken to have no words."""


UNKNOWN_COUNTS = 0.6
"""How likely a song of which no language is known is in the asked one. Judgement."""


@cache
def _codes() -> tuple[str, ...]:
    spoken = {tongue for row in all_kinds().rows for tongue in row.tongues} - {"*", NO_WORDS}
    return tuple(sorted(spoken))


@dataclass(frozen=True, slots=True, kw_only=True)
class Tongues:
    """The languages that a table's songs may be sung in: their ISO 639 `codes`, and for each artist (row) how far the
    `titles` speak for each of them.
    """

    codes: tuple[str, ...]
    titles: Floats

    def column(self, code: str) -> int | None:
        """The column of a language; None for one that no kind is at home in."""
        return self.codes.index(code) if code in self.codes else None


def title_tongues(table: TrackTable) -> Tongues:
    """What the titles of each artist say, several titles read as one text."""
    codes = _codes()
    column = {code: number for number, code in enumerate(codes)}
    found = np.zeros((len(table.artists.words), len(codes)), dtype=np.float32)
    titles = table.titles.tolist()
    order = np.argsort(table.artist, kind="stable")
    heads = np.flatnonzero(np.r_[True, np.diff(table.artist[order]) != 0, True]) if len(order) else np.zeros(0, np.intp)
    for start, end in pairwise(heads.tolist()):
        artist = int(table.artist[order[start]])
        if artist < 0:
            continue
        step = max(1, (end - start) // TITLES_READ)
        words = dict.fromkeys(title_words(titles[row]) for row in order[start:end:step].tolist())
        text = " . ".join(words)
        trust = min(1.0, len(text) / 24)
        for code, odds in languages_of(text):
            if code in column:
                found[artist, column[code]] = odds * trust
    return Tongues(codes=codes, titles=found)


@dataclass(frozen=True, slots=True, kw_only=True)
class SongTongues:
    """For each artist (row) the probability of each language; for each song whether it has `no_words`."""

    codes: tuple[str, ...]
    artists: Floats
    artist: npt.NDArray[np.int32]
    no_words: npt.NDArray[np.bool_]

    def spoken(self, codes: frozenset[str]) -> Floats:
        """How likely each song is sung in one of these languages, or has no words, from 0 to 1."""
        columns = [number for number, code in enumerate(self.codes) if code in codes]
        by_artist = np.append(self.artists[:, columns].sum(axis=1), np.float32(0))
        unknown = np.append(1 - np.minimum(1, self.artists.sum(axis=1)), np.float32(1))
        odds = np.minimum(1, by_artist + np.float32(UNKNOWN_COUNTS) * unknown)[self.artist]
        spoken: Floats = np.where(self.no_words, np.float32(1), odds).astype(np.float32)
        return spoken


def song_tongues(
    table: TrackTable, tongues: Tongues, facts: tuple[ArtistFacts | None, ...], shares: Floats
) -> SongTongues:
    """The languages of the songs: `facts` and `shares` of kinds are those of each artist."""
    at_home = _at_home(tongues.codes)
    titles = tongues.titles
    odds = (1 - KINDS_COUNT_FOR) * titles + KINDS_COUNT_FOR * (shares @ at_home)
    for number, fact in enumerate(facts):
        if fact is None:
            continue
        known = np.zeros(len(tongues.codes), dtype=np.float32)
        for place, code in enumerate(code for code in fact.languages if code in tongues.codes):
            known[tongues.codes.index(code)] = 1 / (1 + place)
        if known.any():
            odds[number] = FACTS_COUNT_FOR * known / known.sum() + (1 - FACTS_COUNT_FOR) * titles[number]
    wordless = table.features[:, COLUMN["instrumentalness"]] >= WORDLESS
    never = np.array([fact is not None and fact.languages == (NO_WORDS,) for fact in facts] + [False])
    return SongTongues(
        codes=tongues.codes,
        artists=odds.astype(np.float32),
        artist=table.artist,
        no_words=wordless | never[table.artist],
    )


@cache
def _at_home(codes: tuple[str, ...]) -> Floats:
    """For each kind (row) how its songs share the languages (columns), the first one it is at home in the most."""
    rows = all_kinds().rows
    at_home = np.zeros((len(rows), len(codes)), dtype=np.float32)
    for number, row in enumerate(rows):
        for place, code in enumerate(code for code in row.tongues if code in codes):
            at_home[number, codes.index(code)] = 1 / (1 + place)
    shares: Floats = at_home / np.maximum(at_home.sum(axis=1, keepdims=True), 1)
    return shares
