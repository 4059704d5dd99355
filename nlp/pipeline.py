"""The pipeline: blank English, our tokenizer and our components. It saves whole and loads whole."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import spacy
from spacy.language import Language

import nlp.components.answer
import nlp.components.arcs.arc_finder
import nlp.components.limits.numeric_limits
import nlp.components.meaning.trained_meaning
import nlp.components.names.references
import nlp.components.wishes.modifiers
import nlp.components.words  # noqa: F401 - importing registers the tokenizer and the factories
from nlp.components.lookup.lexicon import Lexicon
from nlp.lexicon import Entry, read_entries

COMPONENTS = (
    "vibrato_limits",
    "vibrato_lexicon",
    "vibrato_references",
    "meaning",
    "vibrato_modifiers",
    "vibrato_arcs",
    "vibrato_answer",
)
"""Numbers first, so that "90s" and "150bpm" are no words; then words, names, a trained guess at what is left, what is
said of them all, and the answer."""

_CONFIG = {"nlp": {"tokenizer": {"@tokenizers": "vibrato.words.v1"}}}
_COMMON_WORDS = Path(__file__).parent / "model" / "common_words.txt"


def build_pipeline(entries: Iterable[Entry] | None = None) -> Language:
    """The pipeline over the rows of the package's tables, or over other `entries`."""
    pipeline = spacy.blank("en", config=_CONFIG)
    for name in COMPONENTS:
        component = pipeline.add_pipe(name)
        if isinstance(component, Lexicon):
            component.fill(read_entries() if entries is None else entries, common_words())
    return pipeline


def load_pipeline(path: Path) -> Language:
    """The pipeline that `save_pipeline` wrote."""
    return spacy.load(path)


def save_pipeline(pipeline: Language, path: Path) -> None:
    """Write `pipeline`, its rows and its words to the folder `path`."""
    pipeline.to_disk(path)


def common_words() -> tuple[str, ...]:
    """Everyday English, the most frequent word first: never taken for a misspelling, nor lightly for a name."""
    lines = _COMMON_WORDS.read_text("utf-8").splitlines()
    return tuple(line for line in lines if line and not line.startswith("#"))
