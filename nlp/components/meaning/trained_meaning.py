"""The component `meaning`: words that no row knows, read by what a trained model made of them.

It is modest: wide ranges, small weights, and only axes of which nothing else in the request speaks. It is silent about
words the model was not sure of, about names, and about what was compared with the playlist before.
"""

from __future__ import annotations

import hashlib
import io
import json
import logging
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from spacy.lang.en.stop_words import STOP_WORDS
from spacy.language import Language
from spacy.tokens import Doc

from nlp.components.draft import Mention, RequestDraft, draft_of
from nlp.components.wishes.axis_ranges import REACH, middle, wishes_of
from nlp.lexicon import LIMITS, Entry
from nlp.vibe import AXES, Axis, AxisRange

FOLDER = Path(__file__).parents[2] / "model"
ARTIFACT = FOLDER / "meaning.npz"
REPORT = FOLDER / "meaning.json"

NO_MODEL = "none"
"""The version of a component whose artifact is missing or damaged."""

FULL = 100
"""The level that the model is surest of; levels go from -100 (low) to 100 (high), and 0 is silence."""

LIGHTEST, HEAVIEST = 0.3, 0.5
"""Weights of the least and the most certain level; rows of the lexicon weigh 0.3 to 1."""

SLACK = 0.1
"""The share of an axis' reach that a range goes beyond the middle: only the far half of the songs is passed over."""

MOST_UNDERSTOOD = 4
"""Mentions that say something of an axis, beyond which a request has said what it means and nothing is guessed."""

NOTHING = 255
"""The number that stands for no context."""

_SHORTEST = 3
_PLURALS = (("ies", "y"), ("es", ""), ("s", ""))
_JOINING = frozenset({" ", "-"})
_LOG = logging.getLogger(__name__)


class BadModel(ValueError):
    """An artifact that cannot be read; the text says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Meanings:
    """What the model says: a row of levels for every word, by `AXES`, and the number of a context."""

    version: str = NO_MODEL
    words: Mapping[str, int] = field(default_factory=dict)
    levels: npt.NDArray[np.int8] = field(default_factory=lambda: np.zeros((0, len(AXES)), dtype=np.int8))
    context: npt.NDArray[np.uint8] = field(default_factory=lambda: np.zeros(0, dtype=np.uint8))
    contexts: tuple[str, ...] = ()

    def entry(self, key: str) -> Entry | None:
        """The row that the model would write for a word or a phrase of two, or None."""
        number = self.words.get(key)
        if number is None:
            return None
        effects = (effect_of(axis, int(level)) for axis, level in zip(AXES, self.levels[number], strict=True) if level)
        context = int(self.context[number])
        hints = [("context", self.contexts[context])] if context != NOTHING else []
        ranges = tuple(sorted(effects, key=lambda effect: -effect.weight))
        return Entry(
            name=key,
            kind="meaning",
            forms=(key,),
            effects=ranges,
            hints=tuple(hints),
            source=self.version,
            table="meaning",
        )

    def to_bytes(self) -> bytes:
        """The artifact: a zip archive of arrays, the same bytes for the same meanings."""
        arrays: dict[str, Any] = {
            "version": _lines([self.version]),
            "words": _lines(sorted(self.words, key=self.words.__getitem__)),
            "levels": self.levels,
            "context": self.context,
            "contexts": _lines(self.contexts),
        }
        written = io.BytesIO()
        np.savez_compressed(written, **arrays)
        return written.getvalue()

    @classmethod
    def from_bytes(cls, data: bytes) -> Meanings:
        """Read what `to_bytes` wrote. Raises `BadModel`."""
        try:
            with np.load(io.BytesIO(data), allow_pickle=False) as arrays:
                read = {name: arrays[name] for name in arrays.files}
            words = _texts(read["words"])
            found = cls(
                version=_texts(read["version"])[0],
                words={word: number for number, word in enumerate(words)},
                levels=read["levels"].astype(np.int8),
                context=read["context"].astype(np.uint8),
                contexts=_texts(read["contexts"]),
            )
        except (OSError, EOFError, ValueError, KeyError, IndexError, zipfile.BadZipFile) as wrong:
            raise BadModel(f"the artifact cannot be read: {wrong}") from wrong
        sizes = {len(found.words), len(found.levels), len(found.context)}
        if len(sizes) > 1 or found.levels.shape[1:] != (len(AXES),):
            raise BadModel("the arrays of the artifact do not belong together")
        return found


def effect_of(axis: Axis, level: int) -> AxisRange:
    """The wide range and small weight of a level, from -`FULL` to `FULL` but 0."""
    floor, ceiling = LIMITS[axis]
    slack = SLACK * REACH.get(axis, 0.5)
    weight = round(LIGHTEST + (HEAVIEST - LIGHTEST) * min(abs(level), FULL) / FULL, 2)
    if level > 0:
        return AxisRange(axis=axis, low=round(max(middle(axis) - slack, floor), 3), weight=weight)
    return AxisRange(axis=axis, high=round(min(middle(axis) + slack, ceiling), 3), weight=weight)


def read_meanings(path: Path = ARTIFACT) -> Meanings:
    """The meanings of an artifact; none, with a line in the log, when it is missing or damaged."""
    try:
        return Meanings.from_bytes(path.read_bytes())
    except (OSError, BadModel) as wrong:
        _LOG.warning("Words outside of the lexicon stay unknown: %s: %s", path.name, wrong)
        return Meanings()


def metrics(path: Path = REPORT) -> dict[str, Any]:
    """What the training measured, for the registry of models; empty when the report is missing or damaged."""
    try:
        report = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as wrong:
        _LOG.warning("No figures of the trained words: %s: %s", path.name, wrong)
        return {}
    return report if isinstance(report, dict) else {}


def digest(data: bytes) -> str:
    """The SHA-256 of an artifact or a table, as the report names it."""
    return hashlib.sha256(data).hexdigest()


@Language.factory("meaning")
def create_meaning(nlp: Language, name: str) -> Meaning:
    """The component's entry in spaCy's registry, with the package's artifact."""
    return Meaning(name, read_meanings())


class Meaning:
    """Makes mentions of the words that nothing else understood, where the model is sure enough of one.

    It stands before `modifiers`, so that "no" and "very" speak of these words too.
    """

    def __init__(self, name: str, meanings: Meanings) -> None:
        self.name = name
        self.fill(meanings)

    @property
    def version(self) -> str:
        """The version of the model, or `NO_MODEL`."""
        return self.meanings.version

    def fill(self, meanings: Meanings) -> Meaning:
        """Read by these meanings instead of those it had."""
        self.meanings = meanings
        self._entry = lru_cache(maxsize=2_048)(meanings.entry)
        return self

    def __call__(self, doc: Doc) -> Doc:
        """Add what the model says of unknown words to the draft of `doc`."""
        draft = draft_of(doc)
        if not self.meanings.words or all(draft.taken):
            return doc
        wishes = [wishes for mention in draft.mentions if (wishes := wishes_of(mention))]
        if len(wishes) > MOST_UNDERSTOOD:
            return doc
        spoken = frozenset(wish.range.axis for said in wishes for wish in said)
        found: list[Mention] = []
        index = 0
        while index < len(draft.words):
            mention = self._at(draft, index, spoken)
            if mention is not None:
                found.append(mention)
            index = index + 1 if mention is None else mention.last
        if found and (wishes or _are_most(draft, found)):
            draft.mentions.extend(found)
            draft.settle()
        return doc

    def _at(self, draft: RequestDraft, index: int, spoken: frozenset[Axis]) -> Mention | None:
        """The mention of the phrase or word at `index`, if it adds anything to what is `spoken` of."""
        for length in (2, 1):
            last = index + length
            if not _is_free(draft, index, last) or _is_compared(draft, index):
                continue
            entry = self._known(" ".join(word.key for word in draft.words[index:last]))
            if entry is None:
                continue
            effects = tuple(effect for effect in entry.effects if effect.axis not in spoken)
            if effects or entry.hints:
                added = Entry(
                    name=entry.name,
                    kind=entry.kind,
                    forms=entry.forms,
                    effects=effects,
                    hints=entry.hints,
                    source=entry.source,
                    table=entry.table,
                )
                return Mention(
                    first=index, last=last, kind="meaning", name=entry.name, entries=(added,), source="meaning"
                )
        return None

    def _known(self, key: str) -> Entry | None:
        """The row of a word, or of what it is the plural of."""
        found = self._entry(key)
        if found is not None:
            return found
        singulars = (key.removesuffix(ending) + rest for ending, rest in _PLURALS if key.endswith(ending))
        return next((row for word in singulars if (row := self._entry(word)) is not None), None)

    def to_bytes(self, **_: Any) -> bytes:
        """The artifact."""
        return self.meanings.to_bytes()

    def from_bytes(self, data: bytes, **_: Any) -> Meaning:
        """Read what `to_bytes` wrote. Raises `BadModel`."""
        return self.fill(Meanings.from_bytes(data))

    def to_disk(self, path: Path | str, **_: Any) -> None:
        """Write the artifact below `path`."""
        folder = Path(path)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / ARTIFACT.name).write_bytes(self.to_bytes())

    def from_disk(self, path: Path | str, **_: Any) -> Meaning:
        """Read what `to_disk` wrote; a missing or damaged file is as one of the package."""
        return self.fill(read_meanings(Path(path) / ARTIFACT.name))


def _are_most(draft: RequestDraft, found: list[Mention]) -> bool:
    """Whether the model knows most of what was left: else the request speaks of something that is not music."""
    left = sum(not taken and not _is_small(word.key) for word, taken in zip(draft.words, draft.taken, strict=True))
    return sum(mention.last - mention.first for mention in found) > left / 2


def _is_small(key: str) -> bool:
    return key in STOP_WORDS or (key.isascii() and len(key) < _SHORTEST)


def _is_free(draft: RequestDraft, first: int, last: int) -> bool:
    """Whether the words stand together and are neither understood, nor small, nor part of a name."""
    if last > len(draft.words) or any(draft.taken[first:last]):
        return False
    words = draft.words[first:last]
    if any(word.gap not in _JOINING for word in words[1:]):
        return False
    if last - first == 1 and _is_small(words[0].key):
        return False
    return not any(_is_name(draft, index) for index in range(first, last))


def _is_name(draft: RequestDraft, index: int) -> bool:
    """Whether a word is written as a name: with a capital that no beginning of a sentence and no habit asks for."""
    word = draft.words[index]
    if not word.capital or not index or any(sign in word.gap for sign in ".!?\n"):
        return False
    return sum(other.capital for other in draft.words) <= len(draft.words) // 2


def _is_compared(draft: RequestDraft, index: int) -> bool:
    """Whether "more" or "less" stands before the word: how far it is from the last playlist is not guessed."""
    before = draft.at(index - 1)
    return before is not None and before.kind == "change"


def _lines(texts: Any) -> npt.NDArray[np.uint8]:
    return np.frombuffer("\n".join(texts).encode(), dtype=np.uint8)


def _texts(array: npt.NDArray[np.uint8]) -> tuple[str, ...]:
    text = array.tobytes().decode()
    return tuple(text.split("\n")) if text else ()
