"""What the components write on while they read one request: the mentions found and the values they stand for."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from spacy.tokens import Doc

from nlp.components.words import Plainer, Word, words_in
from nlp.lexicon import Entry
from nlp.names import Names, fold
from nlp.vibe import AxisRange, MoodWord, Polarity, YearSpan

GRAMMAR = frozenset({"degree", "negation", "contrast", "filler", "idiom", "change"})
"""Kinds of mentions that say something about others, and nothing by themselves."""

Denial = Literal["", "soft", "no"]
"""Not denied; softened ("not too fast"); ruled out."""


@dataclass(slots=True, kw_only=True, eq=False)
class Mention:
    """Words `first` up to but without `last`, and what they stand for.

    `entries` are the rows of the tables, `name` the canonical name, `years` the span of an era. `factor` grades it
    (above 1 very, below 1 a bit), `denial` says whether it was negated, `change` is its amount when it is compared with
    the playlist before, `in_arc` whether it speaks of a part of the set only, `beside_but` whether a "but" joins
    its clause to another ("slow but powerful"); `inner` are mentions inside a genre's name.
    """

    first: int
    last: int
    kind: str
    name: str
    entries: tuple[Entry, ...] = ()
    years: YearSpan | None = None
    role: Literal["wanted", "like", "only", "high", "low"] = "wanted"
    grade: Literal["", "more", "most"] = ""
    factor: float = 1.0
    denial: Denial = ""
    change: float | None = None
    in_arc: bool = False
    beside_but: bool = False
    inner: tuple[Mention, ...] = ()
    inside: Mention | None = None
    source: str = "lexicon"

    @property
    def is_grammar(self) -> bool:
        """Whether it only says something about other mentions."""
        return self.kind in GRAMMAR

    def hint(self, key: str) -> str | None:
        """The first hint named `key` of its rows."""
        return next((value for entry in self.entries if (value := entry.hint(key)) is not None), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotValue:
    """One value, the slot of the Vibe it belongs to, and the characters that caused it."""

    slot: str
    value: object
    start: int
    end: int
    means: str
    polarity: Polarity = "+"
    source: str = "lexicon"


@dataclass(slots=True)
class RequestDraft:
    """One request while it is read: its words, what is taken already, the mentions and the findings."""

    text: str
    plain: str
    words: tuple[Word, ...]
    taken: list[bool] = field(default_factory=list)
    mentions: list[Mention] = field(default_factory=list)
    findings: list[SlotValue] = field(default_factory=list)
    moods: Sequence[MoodWord] = ()
    names: Names | None = None
    common: Mapping[str, int] = field(default_factory=dict)
    owners: list[Mention | None] = field(default_factory=list)
    targets: tuple[AxisRange, ...] = ()
    unknown: tuple[str, ...] = ()

    def settle(self) -> None:
        """Sort the mentions, and note which words belong to which: `at` answers as of the last call."""
        self.mentions.sort(key=lambda mention: mention.first)
        self.owners = [None] * len(self.words)
        for mention in self.mentions:
            for index in range(mention.first, mention.last):
                self.owners[index] = mention
                self.taken[index] = True

    def folded(self, index: int) -> str:
        """The word at `index` as names are compared."""
        word = self.words[index]
        if word.end - word.start == len(word.key) and word.key.isascii():
            return word.key if word.key[0].isalnum() else ""
        return fold(self.text[word.start : word.end])

    def covered(self, start: int, end: int) -> tuple[int, int]:
        """First and past-the-last word of the characters from `start` to `end`."""
        first = bisect_right(self.words, start, key=lambda word: word.end)
        last = bisect_left(self.words, end, key=lambda word: word.start)
        return (first, last) if first < last else (0, 0)

    def take(self, start: int, end: int) -> bool:
        """Claim the words at these characters; False, and nothing done, when one of them is taken already."""
        first, last = self.covered(start, end)
        if any(self.taken[first:last]):
            return False
        self.taken[first:last] = [True] * (last - first)
        return True

    def span(self, mention: Mention) -> tuple[int, int]:
        """The characters of a mention."""
        return self.words[mention.first].start, self.words[mention.last - 1].end

    def at(self, index: int) -> Mention | None:
        """The mention that the word at `index` belongs to."""
        return self.owners[index] if 0 <= index < len(self.owners) else None


def draft_of(doc: Doc) -> RequestDraft:
    """The draft that belongs to `doc`; it is begun with the first call."""
    draft = doc.user_data.get("draft")
    if not isinstance(draft, RequestDraft):
        # The tokenizer keeps the text: a Doc puts it together from its tokens every time.
        text = str(doc.user_data["text"] if "text" in doc.user_data else doc.text)  # noqa: SIM401 - the default is dear
        plain = doc.user_data["plain"] if "plain" in doc.user_data else Plainer().plain(text)
        words = words_in(text, plain)
        draft = RequestDraft(text, plain, words, [False] * len(words))
        doc.user_data["draft"] = draft
    return draft
