"""The component `vibrato_modifiers`: degree, denial and comparison of what was mentioned."""

from __future__ import annotations

from spacy.language import Language
from spacy.tokens import Doc

from nlp.components.draft import Mention, RequestDraft, draft_of
from nlp.components.rules import RulesOnly
from nlp.components.wishes.comparison import compare
from nlp.components.wishes.negation import deny

SUPERLATIVE_FACTOR = 1.3
HIGH, LOW = frozenset({"high", "higher", "strong", "big", "fast", "max"}), frozenset({"low", "lower", "little", "weak"})
"""Words that raise and lower the axis they stand before: "high energy", "low tempo"."""

_MOST_DEGREES = 3
_BUT = frozenset({"but", "yet", "pero", "aber", "mais"})
"""Contrasts that set two clauses against each other; others only lead on ("then", "just", "but also")."""

_LINKS = frozenset({"is", "are", "be", "stays", "stay", "at", "very", "rather", "pretty", "quite", "should", "remains"})
_UP = {**dict.fromkeys(HIGH, "high"), **dict.fromkeys(LOW, "low"), "up": "high", "down": "low", "slow": "low"}
"""Words that say where an axis stands when they follow it: "keep the energy high", "the tempo is low"."""
_ONLY = frozenset({"only", "purely", "strictly", "exclusively", "all", "entirely", "just", "pure", "completely"})


@Language.factory("vibrato_modifiers")
def create_modifiers(nlp: Language, name: str) -> Modifiers:
    """The component's entry in spaCy's registry."""
    return Modifiers(name)


class Modifiers(RulesOnly):
    """Says of every mention how much it is meant, whether it is denied, and whether it is a comparison."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __call__(self, doc: Doc) -> Doc:
        """Grade, deny and compare the mentions in the draft of `doc`."""
        draft = draft_of(doc)
        for mention in tuple(draft.mentions):
            if mention.is_grammar:
                continue
            if mention.kind == "axis":
                _level(draft, mention)
            mention.factor *= _degree(draft, mention)
            if mention.grade == "most":
                mention.factor *= SUPERLATIVE_FACTOR
            if mention.kind == "vocals" and _alone(draft, mention):
                mention.role = "only"
        _contrast(draft)
        deny(draft)
        compare(draft)
        return doc


def _contrast(draft: RequestDraft) -> None:
    """Mark the two clauses that a "but" joins: what each is about holds beside the other."""
    for cue in [mention for mention in draft.mentions if mention.kind == "contrast"]:
        adds = cue.last < len(draft.words) and draft.words[cue.last].key == "also"
        if draft.words[cue.first].key not in _BUT or adds:
            continue
        for place in range(cue.first - 1, -1, -1):
            _beside_but(draft, place)
            if draft.words[place].breaks:
                break
        for place in range(cue.last, len(draft.words)):
            if draft.words[place].breaks:
                break
            _beside_but(draft, place)


def _beside_but(draft: RequestDraft, place: int) -> None:
    mention = draft.at(place)
    if mention is not None and not mention.is_grammar:
        mention.beside_but = True


def _degree(draft: RequestDraft, mention: Mention) -> float:
    """The product of the degrees before and after a mention."""
    factor = 1.0
    index = mention.first
    for _ in range(_MOST_DEGREES):
        before = draft.at(index - 1) if index else None
        if before is None or before.kind != "degree" or before.hint("scope") or draft.words[index].breaks:
            break
        factor *= float(before.hint("factor") or 1.0)
        index = before.first
    after = draft.at(mention.last)
    if after is not None and after.kind == "degree" and after.hint("scope") == "previous":
        factor *= float(after.hint("factor") or 1.0)
    return factor


def _level(draft: RequestDraft, mention: Mention) -> None:
    """Words like "high energy" and "low tempo": an axis is a wish when a level stands before it, else a mere word."""
    if _level_after(draft, mention) or not mention.first or draft.words[mention.first].breaks:
        return
    before = draft.at(mention.first - 1)
    if before is not None and before.kind == "degree" and float(before.hint("factor") or 1.0) > 1:
        mention.role = "high"
        return
    key = draft.words[mention.first - 1].key
    if key in HIGH | LOW:
        mention.role = "high" if key in HIGH else "low"
        mention.first -= 1
        draft.taken[mention.first] = True
        draft.owners[mention.first] = mention


def _level_after(draft: RequestDraft, mention: Mention) -> bool:
    """Read "energy high", "the tempo is low": a level behind the axis, with small words between."""
    index = mention.last
    while index < len(draft.words) and index - mention.last < 3 and draft.words[index].key in _LINKS:
        index += 1
    if index >= len(draft.words) or draft.words[index].breaks or draft.words[index].key not in _UP:
        return False
    own, after = draft.at(index), draft.at(index + 1)
    beside = index == mention.last and after is not None and after.kind == "axis" and not draft.words[index + 1].breaks
    if beside or (own is not None and own.kind not in {"meaning", "filler", "degree"}):
        return False
    draft.mentions = [other for other in draft.mentions if other is not own]
    mention.role = "high" if _UP[draft.words[index].key] == "high" else "low"
    mention.last = index + 1
    for place in range(mention.first, mention.last):
        draft.taken[place] = True
        draft.owners[place] = mention
    return True


def _alone(draft: RequestDraft, mention: Mention) -> bool:
    """Whether "only" stands beside a mention: "instrumental only"."""
    around = draft.words[max(0, mention.first - 1) : mention.first] + draft.words[mention.last : mention.last + 1]
    return any(word.key in _ONLY for word in around)
