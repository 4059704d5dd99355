"""The index of phrases: which rows of the tables stand where in a request. The longest match wins."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from nlp.components.draft import GRAMMAR
from nlp.components.lookup.inflection import Grade, Speller, Spelling
from nlp.components.words import Plainer, Word
from nlp.lexicon import Entry

MOST_CORRECTIONS = 12
"""Words of one request that are looked up as misspellings: a bound on the time a hostile text takes."""

_NO_GAP_IN_PHRASES = frozenset(',.;!?:|()[]"\n/')
_SHORTEST_JOINED = 6
_FUZZY_BLOCKED_ENDINGS = frozenset({"ing", "ed", "er", "est", "ly", "s", "es", "ies", "d", "in", "bare", "ness"})


@dataclass(frozen=True, slots=True)
class Found:
    """Rows that stand at the words `first` up to but without `last`."""

    first: int
    last: int
    entries: tuple[Entry, ...]
    grade: Grade = ""
    spelling: bool = False
    stretched: bool = False
    exact: bool = True


@dataclass(frozen=True, slots=True)
class _Phrase:
    keys: tuple[str, ...]
    entries: tuple[Entry, ...]


class PhraseIndex:
    """All forms of some entries, ready to be found in the words of a request."""

    def __init__(self, entries: Iterable[Entry], plainer: Plainer, common: frozenset[str]) -> None:
        owners = _owners(tuple(entries), plainer)
        self._phrases: dict[tuple[str, ...], list[_Phrase]] = defaultdict(list)
        for keys, rows in owners.items():
            self._phrases[keys[:2]].append(_Phrase(keys, tuple(rows)))
        self._singles = {keys[0]: tuple(rows) for keys, rows in owners.items() if len(keys) == 1}
        self._joined = {
            "".join(keys): keys for keys in owners if 1 < len(keys) <= 3 and len("".join(keys)) >= _SHORTEST_JOINED
        }
        self._speller = Speller((key for keys in owners for key in keys), common)
        self._common = common
        self._readings = lru_cache(maxsize=4096)(self._speller.readings)
        self._corrected = lru_cache(maxsize=4096)(self._corrected_uncached)

    def rows(self, key: str) -> tuple[Entry, ...]:
        """The rows that have the word `key` as a form."""
        return self._singles.get(key, ())

    def __contains__(self, key: str) -> bool:
        return bool(self._readings(key))

    def find(
        self, words: Sequence[Word], taken: Sequence[bool], is_name: Callable[[int], bool] = lambda _: False
    ) -> list[Found]:
        """The rows found in `words`, without overlap, in order. Words that are `taken` are left out.

        Words that `is_name` says are names are not looked up as misspellings.
        """
        readings = self._all_readings(words, taken, is_name)
        found = [
            match for first in range(len(words)) if readings[first] for match in self._starting(words, readings, first)
        ]
        found.extend(self._pairs(words, taken))
        found.sort(key=lambda match: (match.first - match.last, not match.exact, match.spelling, match.first))
        free = [not used for used in taken]
        chosen = []
        for match in found:
            if all(free[match.first : match.last]):
                chosen.append(match)
                free[match.first : match.last] = [False] * (match.last - match.first)
        return sorted(chosen, key=lambda match: match.first)

    def _all_readings(
        self, words: Sequence[Word], taken: Sequence[bool], is_name: Callable[[int], bool]
    ) -> list[tuple[Spelling, ...]]:
        readings: list[tuple[Spelling, ...]] = []
        tries = 0
        for index, word in enumerate(words):
            known = () if taken[index] else self._readings(word.key)
            if (
                not known
                and not taken[index]
                and tries < MOST_CORRECTIONS
                and self._corrected(word.key)
                and not is_name(index)
            ):
                known = self._corrected(word.key)
                tries += 1
            readings.append(known)
        return readings

    def _corrected_uncached(self, key: str) -> tuple[Spelling, ...]:
        if key in self._joined:
            return ()
        reading = self._speller.corrected(key)
        return () if reading is None else (reading,)

    def _starting(self, words: Sequence[Word], readings: Sequence[tuple[Spelling, ...]], first: int) -> list[Found]:
        found: list[Found] = []
        follows = first + 1 < len(words) and _NO_GAP_IN_PHRASES.isdisjoint(words[first + 1].gap)
        second = readings[first + 1] if follows else ()
        for reading in readings[first]:
            starts = [((reading.key,), [reading]), *(((reading.key, one.key), [reading, one]) for one in second)]
            for keys, used in starts:
                for phrase in self._phrases.get(keys, ()):
                    match = self._match(phrase, words, first, self._rest(phrase, words, readings, first, used))
                    if match is not None:
                        found.append(match)
        return found

    @staticmethod
    def _rest(
        phrase: _Phrase,
        words: Sequence[Word],
        readings: Sequence[tuple[Spelling, ...]],
        first: int,
        start: list[Spelling],
    ) -> list[Spelling] | None:
        used = list(start)
        for place, key in enumerate(phrase.keys[len(start) :], start=first + len(start)):
            if place >= len(words) or not _NO_GAP_IN_PHRASES.isdisjoint(words[place].gap):
                return None
            reading = next((option for option in readings[place] if option.key == key), None)
            if reading is None:
                return None
            used.append(reading)
        return used

    def _match(self, phrase: _Phrase, words: Sequence[Word], first: int, used: list[Spelling] | None) -> Found | None:
        if used is None:
            return None
        exact = all(reading.how == "exact" for reading in used)
        entries = phrase.entries
        last = used[-1]
        if not exact:
            entries = tuple(entry for entry in entries if self._allows(entry, words[first].key, used))
            if not entries:
                return None
        grade = last.grade if len(used) == 1 else ""
        if len(used) == 1 and exact:
            grade = self._listed_grade(words[first].key, entries)
        return Found(
            first,
            first + len(used),
            entries,
            grade=grade,
            spelling=any(reading.how == "spelling" for reading in used),
            stretched=any(reading.how == "stretched" for reading in used),
            exact=exact,
        )

    def _listed_grade(self, key: str, entries: tuple[Entry, ...]) -> Grade:
        """The grade of a word that is listed itself ("faster" among the forms of "fast")."""
        for reading in self._readings(key):
            if reading.grade and any(entry in self._singles.get(reading.key, ()) for entry in entries):
                return reading.grade
        return ""

    def _allows(self, entry: Entry, key: str, used: list[Spelling]) -> bool:
        """Whether a row may be reached by an ending: a genre's name is a name, and common words are words."""
        if entry.kind in GRAMMAR:
            stretched = all(spelling.how in {"exact", "stretched"} for spelling in used)
            return stretched or (entry.kind == "filler" and len(used) == 1 and used[0].how == "ending")
        if entry.kind not in {"genre", "language", "era"} or len(used) > 1:
            return True
        blocked = used[0].how == "ending" and used[0].ending in _FUZZY_BLOCKED_ENDINGS
        return not (blocked and key in self._common)

    def _pairs(self, words: Sequence[Word], taken: Sequence[bool]) -> list[Found]:
        """Words written together or apart: "synthpop" for "synth pop", "work out" for "workout"."""
        found = []
        for index, word in enumerate(words):
            if taken[index]:
                continue
            if word.key in self._joined and word.key not in self._singles:
                keys = self._joined[word.key]
                rows = next(phrase.entries for phrase in self._phrases[keys[:2]] if phrase.keys == keys)
                found.append(Found(index, index + 1, rows, exact=False))
            if index + 1 < len(words) and not taken[index + 1] and words[index + 1].gap in {" ", "-"}:
                together = word.key + words[index + 1].key
                small = min(len(word.key), len(words[index + 1].key)) <= 2 and "up" not in {
                    word.key,
                    words[index + 1].key,
                }
                if not small and len(together) >= _SHORTEST_JOINED and together in self._singles:
                    found.append(Found(index, index + 2, self._singles[together], exact=False))
        return found


def _owners(entries: tuple[Entry, ...], plainer: Plainer) -> dict[tuple[str, ...], list[Entry]]:
    """The rows of every phrase. A phrase of a row's form and a degree is left to the degree ("sad af", "so happy")."""
    degrees = {plainer.keys(form) for entry in entries if entry.kind == "degree" for form in entry.forms}
    owners: dict[tuple[str, ...], list[Entry]] = defaultdict(list)
    for entry in entries:
        forms = dict.fromkeys(plainer.keys(form) for form in entry.forms)
        for keys in forms:
            cuts = [(keys[:cut], keys[cut:]) for cut in range(1, len(keys))]
            graded = any((a in degrees and b in forms) or (b in degrees and a in forms) for a, b in cuts)
            if keys and not graded:
                owners[keys].append(entry)
    return owners
