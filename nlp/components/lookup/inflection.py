"""Which words of the tables a written word may stand for: endings, stretched letters, slips of the pen."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from rapidfuzz.distance import OSA

Grade = Literal["", "more", "most"]

SHORTEST_STEM = 3
SHORTEST_MISSPELLED = 5
SHORTEST_TWICE_MISSPELLED = 8

_ENDINGS: tuple[tuple[str, tuple[str, ...], Grade], ...] = (
    ("iest", ("y",), "most"),
    ("est", ("", "e"), "most"),
    ("ier", ("y",), "more"),
    ("er", ("", "e"), "more"),
    ("ies", ("y",), ""),
    ("es", ("", "e"), ""),
    ("s", ("",), ""),
    ("iness", ("y",), ""),
    ("ness", ("",), ""),
    ("ily", ("y",), ""),
    ("ly", ("", "le"), ""),
    ("ing", ("", "e"), ""),
    ("in", ("", "e", "ing"), ""),
    ("ied", ("y",), ""),
    ("ed", ("", "e"), ""),
    ("d", ("",), ""),
    ("ish", ("", "e"), ""),
    ("y", ("", "e"), ""),
)
"""Endings of written words, what stands there in the stem, and the grade they give; longest first."""

_STRETCHED = re.compile(r"([^\W\d_])\1{2,}")
_LETTERS = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class Spelling:
    """A word of the tables that a written word may stand for, and how it was reached."""

    key: str
    grade: Grade = ""
    how: Literal["exact", "ending", "stretched", "spelling"] = "exact"
    ending: str = ""


class Speller:
    """Finds the words of a vocabulary behind written ones. A common English word is never taken for a misspelling."""

    def __init__(self, vocabulary: Iterable[str], common: frozenset[str]) -> None:
        self.vocabulary = frozenset(vocabulary)
        self.common = common
        self._buckets: dict[str, list[str]] = defaultdict(list)
        for word in self.vocabulary:
            if len(word) >= SHORTEST_MISSPELLED and _LETTERS.fullmatch(word):
                self._buckets[word[0]].append(word)

    def readings(self, key: str) -> tuple[Spelling, ...]:
        """Every word of the vocabulary that `key` may stand for but by misspelling, the surest first."""
        found: dict[str, Spelling] = {}
        for reading in self._readings(key):
            if reading.key in self.vocabulary:
                found.setdefault(reading.key, reading)
        return tuple(found.values())

    def _readings(self, key: str) -> Iterator[Spelling]:
        yield Spelling(key)
        if "\u200d" in key:
            yield Spelling(key.split("\u200d")[0])
        if _STRETCHED.search(key):
            for plain in (_STRETCHED.sub(r"\1", key), _STRETCHED.sub(r"\1\1", key)):
                yield Spelling(plain, how="stretched")
                yield from (Spelling(stem, grade, "stretched", ending) for stem, grade, ending in stems(plain))
            return
        yield from (Spelling(stem, grade, "ending", ending) for stem, grade, ending in stems(key))
        # A plural or an ending of the tables reaches its bare form too: "flute" is found where "flutes" is listed.
        yield Spelling(key + "s", how="ending", ending="bare")

    def corrected(self, key: str) -> Spelling | None:
        """The word that `key` misspells, or None: nothing near enough, too short, or a word of its own.

        What looks like an inflection of a common word is one, but where a common word in -ing is near: "studing".
        """
        if len(key) == SHORTEST_MISSPELLED - 1 and key not in self.common and key + key[-1:] in self.vocabulary:
            return Spelling(key + key[-1:], how="spelling")
        if len(key) < SHORTEST_MISSPELLED or key in self.common or not _LETTERS.fullmatch(key):
            return None
        inflected = any(
            stem in self.common for stem, _, ending in stems(key) if ending in {"s", "es", "ing", "ed", "ly", "er"}
        )
        near = [
            (distance, -_shared_start(key, word), word)
            for word in self._buckets[key[0]]
            if abs(len(word) - len(key)) <= 2
            and (not inflected or (word in self.common and word[-3:] == key[-3:] == "ing"))
            and (distance := OSA.distance(key, word, score_cutoff=2)) <= _allowed(key, word)
        ]
        return Spelling(min(near)[2], how="spelling") if near else None


def stems(key: str) -> Iterator[tuple[str, Grade, str]]:
    """The stems that `key` may be made of, with the grade and the ending that was taken off."""
    for ending, replacements, grade in _ENDINGS:
        if not key.endswith(ending) or len(key) - len(ending) < SHORTEST_STEM - 1:
            continue
        root = key[: -len(ending)]
        for replacement in replacements:
            if len(root + replacement) >= SHORTEST_STEM:
                yield root + replacement, grade, ending
        if len(root) > SHORTEST_STEM and root[-1] == root[-2] and ending[0] in "aeiouy":
            yield root[:-1], grade, ending


def _allowed(key: str, word: str) -> int:
    """How many slips may lie between the two: two in long words, or where only the order and doubling differ."""
    if min(len(key), len(word)) >= SHORTEST_TWICE_MISSPELLED:
        return 2
    same_letters = set(key) == set(word) and len(key) > SHORTEST_MISSPELLED
    return 2 if same_letters else 1


def _shared_start(key: str, word: str) -> int:
    return next((place for place, (a, b) in enumerate(zip(key, word, strict=False)) if a != b), len(key))
