"""Names for invented artists and songs: word grammars, a vocabulary for each family of genres, in `words.tsv`.

A pattern holds slots in braces, "{adj} {noun}"; a slot's choices are looked up in the family, then among those of
everybody ("any"). A choice may hold slots again.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from importlib import resources
from random import Random

_SLOT = re.compile(r"\{(\w+)\}(s\b)?")
_ARTICLE = re.compile(r"\b([Aa]) (?=[AEIOUaeiou])")


class DemoWords:
    """The vocabularies. Draws depend on the random numbers that are handed in, and on nothing else."""

    def __init__(self, choices: Mapping[tuple[str, str], tuple[str, ...]]) -> None:
        self._choices = choices

    @classmethod
    def read(cls) -> DemoWords:
        """The vocabularies of `words.tsv`."""
        text = resources.files("bot.demo").joinpath("words.tsv").read_text(encoding="utf-8")
        rows = csv.DictReader(text.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE)
        return cls({(row["words"], row["slot"]): tuple(row["choices"].split("|")) for row in rows})

    def draw(self, family: str, slot: str, random: Random, given: Mapping[str, str] | None = None) -> str:
        """A name for `slot` ("artist", "title", "album"); slots in `given` are filled from there.

        No word is taken twice for one name while the vocabulary has others. Raises KeyError for an unknown slot.
        """
        used: set[str] = set()

        def filled(found: re.Match[str]) -> str:
            word = self._word(family, found[1], random, used, given or {})
            return _plural(word) if found[2] else word

        text = self._word(family, slot, random, used, given or {})
        while _SLOT.search(text):
            text = _SLOT.sub(filled, text)
        return _ARTICLE.sub(r"\1n ", text)

    def _word(self, family: str, slot: str, random: Random, used: set[str], given: Mapping[str, str]) -> str:
        if slot in given:
            return given[slot]
        choices = self._choices.get((family, slot)) or self._choices["any", slot]
        word = random.choice(choices)
        while word in used and not used.issuperset(choices):
            word = random.choice(choices)
        used.add(word)
        return word


def _plural(word: str) -> str:
    if word.endswith("s"):
        return word
    if word.endswith("f"):
        return f"{word[:-1]}ves"
    if word.endswith("y") and word[-2] not in "aeiou":
        return f"{word[:-1]}ies"
    return f"{word}es" if word.endswith(("sh", "ch", "x")) else f"{word}s"
