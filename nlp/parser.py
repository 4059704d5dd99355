"""The parser: a request in, a Vibe out. Synchronous, without state between requests, a millisecond or so each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Self

from spacy.language import Language

from nlp.components.draft import RequestDraft, SlotValue, draft_of
from nlp.components.kinds.kind_reader import read_kinds
from nlp.components.limits.edits import edit_of
from nlp.components.meaning.trained_meaning import NO_MODEL, Meaning, read_meanings
from nlp.knowledge.request_model import installed_model
from nlp.names import Names
from nlp.pipeline import build_pipeline
from nlp.vibe import Artists, AxisChange, Choice, Evidence, KindWish, MoodWord, Vibe, Years

LEXICON = "lexicon-1.1.0"
"""The version of the rules and tables."""


class VibeParser:
    """Turns what a member wrote into a Vibe, and says which characters caused what."""

    version: str = LEXICON

    def __init__(self, pipeline: Language) -> None:
        self._pipeline = pipeline
        self._model = installed_model()
        meaning = pipeline.get_pipe("meaning")
        self.version = _joined(meaning.version) if isinstance(meaning, Meaning) else LEXICON

    @classmethod
    def load(cls) -> Self:
        """The parser over the package's own tables. Nothing is downloaded."""
        return cls(build_pipeline())

    def parse(self, text: str, moods: Sequence[MoodWord] = (), names: Names | None = None) -> Vibe:
        """What `text` says about music.

        `moods` are understood beside the lexicon, in every inflection, and outrank it; `names` is the index of artists.
        Never raises for any text; of a long one the beginning is read (`words.LONGEST_TEXT`, `words.MOST_WORDS`).
        """
        with self._pipeline.memory_zone():
            doc = self._pipeline.make_doc(text)
            draft = draft_of(doc)
            draft.moods, draft.names = moods, names
            self._pipeline(doc)
            return _vibe(draft, self.version, read_kinds(draft, self._model))


def installed_version() -> str:
    """The version of the parser that `load` gives, without loading it."""
    return _joined(read_meanings().version)


def _joined(trained: str) -> str:
    return LEXICON if trained == NO_MODEL else f"{LEXICON}/{trained}"


def _vibe(draft: RequestDraft, version: str, kinds: KindWish | None) -> Vibe:
    found = draft.findings
    return Vibe(
        text=draft.text,
        version=version,
        targets=draft.targets,
        genres=_choice(found, "genre"),
        artists=Artists(wanted=_of(found, "artist+"), like=_of(found, "artist~"), rejected=_of(found, "artist-")),
        similar_tracks=_of(found, "track"),
        years=Years(wanted=_years(found, "+"), rejected=_years(found, "-")),
        instruments=_choice(found, "instrument"),
        languages=_choice(found, "language"),
        contexts=_of(found, "context"),
        length=_first(found, "length"),
        arc=_first(found, "arc"),
        clean=_first(found, "clean"),
        familiarity=_first(found, "familiarity"),
        changes=_changes(found),
        edit=edit_of(lambda slot: _of(found, slot)),
        evidence=_evidence(draft),
        unknown=draft.unknown,
        understood=kinds is not None or any(finding.slot != "word" for finding in found),
        kinds=kinds,
    )


def _of(found: Iterable[SlotValue], slot: str) -> tuple[Any, ...]:
    return tuple(dict.fromkeys(finding.value for finding in found if finding.slot == slot))


def _first(found: Iterable[SlotValue], slot: str) -> Any:
    return next((finding.value for finding in found if finding.slot == slot), None)


def _choice(found: Sequence[SlotValue], slot: str) -> Choice:
    """What is both wanted and rejected stands on both sides: the contradiction is the engine's to tell."""
    return Choice(wanted=_of(found, f"{slot}+"), rejected=_of(found, f"{slot}-"))


def _years(found: Iterable[SlotValue], polarity: str) -> tuple[Any, ...]:
    return tuple(
        dict.fromkeys(finding.value for finding in found if finding.slot == "years" and finding.polarity == polarity)
    )


def _changes(found: Iterable[SlotValue]) -> tuple[AxisChange, ...]:
    """One change an axis: the last word on it counts."""
    last = {finding.value.axis: finding.value for finding in found if isinstance(finding.value, AxisChange)}
    return tuple(last.values())


def _evidence(draft: RequestDraft) -> tuple[Evidence, ...]:
    pieces = (
        Evidence(
            start=finding.start,
            end=finding.end,
            text=draft.text[finding.start : finding.end],
            means=finding.means,
            polarity=finding.polarity,
            source=finding.source,
        )
        for finding in draft.findings
    )
    return tuple(dict.fromkeys(pieces))
