"""The component `vibrato_lexicon`: finds the rows of the tables, and the moods that came with the request."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import asdict
from functools import lru_cache
from pathlib import Path
from typing import Any

from spacy.language import Language
from spacy.tokens import Doc

from nlp.components.draft import Mention, RequestDraft, draft_of
from nlp.components.lookup.everyday import EverydayWords
from nlp.components.lookup.phrases import Found, PhraseIndex
from nlp.components.words import Plainer, is_emoji
from nlp.lexicon import EVERYDAY_KINDS, Entry
from nlp.vibe import AxisRange, MoodWord

STRETCHED_FACTOR = 1.5
REPEATED_EMOJI_FACTOR = 1.3
_REPEATED = 3
_KIND_ORDER = (
    "idiom",
    "negation",
    "change",
    "familiarity",
    "clean",
    "vocals",
    "mood",
    "sound",
    "emoji",
    "activity",
    "scene",
    "weather",
    "season",
    "time",
    "place",
    "genre",
    "instrument",
    "language",
    "era",
    "axis",
    "degree",
    "contrast",
    "filler",
)
"""Which kind a mention is of, when its words stand in several tables."""


@Language.factory("vibrato_lexicon")
def create_lexicon(nlp: Language, name: str) -> Lexicon:
    """The component's entry in spaCy's registry; it is empty until `fill` or loading."""
    return Lexicon(name)


class Lexicon:
    """Finds rows of the tables by their forms: the longest match wins, moods of the request win ties.

    Words of music that turn out to be everyday words ("my parents' house") are set aside at the end.

    It keeps its rows and the common English words, which are never taken for misspellings, and saves both.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self._plainer = Plainer()
        self.fill((), ())

    def fill(self, entries: Iterable[Entry], common: Iterable[str]) -> Lexicon:
        """Take these rows and common words, the most frequent first, instead of those it had."""
        self.entries = tuple(entries)
        self.common = {word: rank for rank, word in enumerate(common)}
        self._everyday = EverydayWords(self.entries, self._plainer)
        found = (entry for entry in self.entries if entry.kind not in EVERYDAY_KINDS)
        self._index = PhraseIndex(found, self._plainer, frozenset(self.common))
        self._moods = lru_cache(maxsize=64)(self._mood_index)
        return self

    def knows(self, key: str) -> bool:
        """Whether a word of a request is one of the tables', in whatever inflection."""
        return key in self._index

    def __call__(self, doc: Doc) -> Doc:
        """Add the mentions of rows to the draft of `doc`."""
        draft = draft_of(doc)
        self._mention_moods(draft)
        for found in self._index.find(draft.words, draft.taken, _name_test(draft)):
            self._mention(draft, found)
            self._mention_inner(draft, found)
        _gather_emoji(draft)
        draft.common = self.common
        draft.settle()
        self._everyday.set_aside(draft)
        return doc

    def _mention_moods(self, draft: RequestDraft) -> None:
        if not draft.moods:
            return
        longer = [
            (found.first, found.last)
            for found in self._index.find(draft.words, draft.taken)
            if found.entries[0].kind in {"genre", "instrument", "idiom", "negation"} and found.last - found.first > 1
        ]
        for found in self._moods(tuple(draft.moods)).find(draft.words, draft.taken):
            if not any(first <= found.first and found.last <= last for first, last in longer):
                self._mention(draft, found, source="moods")

    def _mood_index(self, moods: tuple[MoodWord, ...]) -> PhraseIndex:
        return PhraseIndex([_mood_entry(mood) for mood in moods], self._plainer, frozenset(self.common))

    @staticmethod
    def _mention(draft: RequestDraft, found: Found, source: str = "lexicon") -> None:
        entries = tuple(sorted(found.entries, key=lambda entry: _KIND_ORDER.index(entry.kind)))
        draft.taken[found.first : found.last] = [True] * (found.last - found.first)
        draft.mentions.append(
            Mention(
                first=found.first,
                last=found.last,
                kind=entries[0].kind,
                name=entries[0].name,
                entries=entries,
                grade=found.grade if entries[0].kind in {"mood", "sound", "weather", "era"} else "",
                factor=STRETCHED_FACTOR if found.stretched else 1.0,
                source="spelling" if found.spelling else source,
            )
        )

    def _mention_inner(self, draft: RequestDraft, found: Found) -> None:
        """Words inside a genre's name that say something by themselves: "instrumental hip hop".

        A mood in there is part of the name ("minimal techno", "soft rock"): it counts only where the genre's own row
        says nothing of the sound.
        """
        mention = draft.mentions[-1]
        if mention.kind != "genre" or found.last - found.first < 2:
            return
        kinds = {"vocals"} if any(entry.effects for entry in mention.entries) else {"mood", "sound", "vocals"}
        for index in range(found.first, found.last):
            entries = tuple(entry for entry in self._index.rows(draft.words[index].key) if entry.kind in kinds)
            if entries:
                kind, name = entries[0].kind, entries[0].name
                inner = Mention(first=index, last=index + 1, kind=kind, name=name, entries=entries, inside=mention)
                mention.inner = (*mention.inner, inner)

    def to_bytes(self, **_: Any) -> bytes:
        """Rows and common words as JSON."""
        kept = {"entries": [asdict(entry) for entry in self.entries], "common": list(self.common)}
        return json.dumps(kept, ensure_ascii=False).encode()

    def from_bytes(self, data: bytes, **_: Any) -> Lexicon:
        """Read what `to_bytes` wrote."""
        kept = json.loads(data)
        return self.fill((_entry(row) for row in kept["entries"]), kept["common"])

    def to_disk(self, path: Path | str, **_: Any) -> None:
        """Write the rows and the common words below `path`."""
        folder = Path(path)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "lexicon.json").write_bytes(self.to_bytes())

    def from_disk(self, path: Path | str, **_: Any) -> Lexicon:
        """Read what `to_disk` wrote."""
        return self.from_bytes((Path(path) / "lexicon.json").read_bytes())


def _entry(row: dict[str, Any]) -> Entry:
    return Entry(
        name=row["name"],
        kind=row["kind"],
        forms=tuple(row["forms"]),
        effects=tuple(AxisRange(**effect) for effect in row["effects"]),
        hints=tuple((key, value) for key, value in row["hints"]),
        links=tuple(row["links"]),
        source=row["source"],
        table=row["table"],
    )


def _mood_entry(mood: MoodWord) -> Entry:
    name = mood.key.rpartition(":")[2]
    return Entry(
        name=name.casefold(),
        kind="mood",
        forms=tuple(form for form in dict.fromkeys((name, mood.label, *mood.aliases)) if form.strip()),
        effects=mood.defaults,
        source=mood.key,
        table="moods of the request",
    )


def _name_test(draft: RequestDraft) -> Callable[[int], bool]:
    """Whether a word is part of a name in the index or written as one, and so is no misspelling."""
    capitals = sum(word.capital for word in draft.words)
    telling = capitals <= len(draft.words) // 2

    def is_name(index: int) -> bool:
        word = draft.words[index]
        return (telling and index > 0 and word.capital and "." not in word.gap) or _is_indexed(draft, index)

    return is_name


def _is_indexed(draft: RequestDraft, index: int) -> bool:
    """Whether a window of at most three words around the one at `index` is a name in the index."""
    if draft.names is None:
        return False
    windows = ((first, last) for first in range(max(0, index - 2), index + 1) for last in range(index + 1, first + 4))
    return any(
        last <= len(draft.words)
        and draft.names.lookup(" ".join(draft.folded(place) for place in range(first, last))) is not None
        for first, last in windows
    )


def _gather_emoji(draft: RequestDraft) -> None:
    """Make one mention of a run of the same emoji: said three times it is meant more."""
    kept: list[Mention] = []
    runs: list[int] = []
    for mention in sorted(draft.mentions, key=lambda mention: mention.first):
        same = kept and mention.kind == "emoji" and kept[-1].name == mention.name and kept[-1].last == mention.first
        if same:
            kept[-1].last = mention.last
            runs[-1] += 1
        else:
            kept.append(mention)
            runs.append(1)
    for mention, times in zip(kept, runs, strict=True):
        if times >= _REPEATED and is_emoji(draft.words[mention.first].key):
            mention.factor *= REPEATED_EMOJI_FACTOR
    draft.mentions = kept
