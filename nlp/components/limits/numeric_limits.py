"""The component `vibrato_limits`: places of the set before, tempo, length and years, which are said in numbers."""

from __future__ import annotations

from spacy.language import Language
from spacy.tokens import Doc

from nlp.components.draft import draft_of
from nlp.components.limits.edits import read_edits
from nlp.components.limits.lengths import read_lengths
from nlp.components.limits.tempos import read_tempos
from nlp.components.limits.years import read_years
from nlp.components.rules import RulesOnly


@Language.factory("vibrato_limits")
def create_limits(nlp: Language, name: str) -> NumericLimits:
    """The component's entry in spaCy's registry."""
    return NumericLimits(name)


class NumericLimits(RulesOnly):
    """Reads the numbers of a request. Each reading claims its words, so that nothing is understood twice."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __call__(self, doc: Doc) -> Doc:
        """Add edits, tempo, length and years to the draft of `doc`."""
        draft = draft_of(doc)
        read_edits(draft)
        read_tempos(draft)
        read_lengths(draft)
        read_years(draft)
        return doc
