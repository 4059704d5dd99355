"""What is compared with the playlist before: "happier", "more danceable", "less rap", "same but slower"."""

from __future__ import annotations

from nlp.components.draft import Mention, RequestDraft

STEP = 0.5
"""How far a plain comparison goes, on a scale where 1 is as far as can be."""

SMALLEST_FACTOR, LARGEST_FACTOR = 0.4, 2.0

_COMPARED = frozenset(
    {"mood", "sound", "emoji", "axis", "vocals", "genre", "weather", "instrument", "artist", "meaning"}
)
_COMPLAINED = frozenset({"mood", "sound", "axis"})
"""What can be too much of: "too slow", "way too loud"."""

_OF_OTHERS = frozenset({"plus", "mas", "mais"})
"""More, in French, Spanish and Portuguese; where something stands before it, "and" or "but" in some language."""

_ADDED = frozenset({"genre", "instrument", "artist"})
"""Of these, more is a wish: "more jazz"."""


def compare(draft: RequestDraft) -> None:
    """Mark the mentions of `draft` that are compared with the playlist before."""
    refers = any(mention.kind == "change" and mention.hint("scope") == "before" for mention in draft.mentions)
    for mention in list(draft.mentions):
        if mention.kind in _COMPARED and mention.change is None:
            _complain(draft, mention)
        if mention.kind == "change" and mention.hint("axis"):
            mention.change = float(mention.hint("factor") or STEP)
        elif mention.kind == "change" and mention.hint("factor"):
            _compare_next(draft, mention, refers=refers)
        elif mention.grade == "more" and mention.change is None:
            _compare_itself(draft, mention, refers=refers)


def _complain(draft: RequestDraft, mention: Mention) -> None:
    """What the playlist before was too much or not enough of: "too slow", "not loud enough", "más rápido"."""
    before = draft.words[mention.first - 1] if mention.first else None
    after = draft.words[mention.last] if mention.last < len(draft.words) else None
    if after is not None and after.key == "enough" and mention.denial:
        mention.change, mention.denial = STEP, ""
    if before is None or draft.words[mention.first].breaks or mention.denial or mention.kind not in _COMPLAINED:
        return
    cue = draft.at(mention.first - 1)
    if cue is not None and cue.kind == "degree" and before.key == "too":
        further = draft.words[mention.last + 1].key if mention.last + 1 < len(draft.words) else ""
        reason = after is not None and not after.breaks and after.key in {"to", "for"} and further not in {"me", "us"}
        mention.change = None if reason else -STEP
    elif before.key in _OF_OTHERS and (
        mention.first == 1
        or draft.words[mention.first].key not in draft.common
        or not draft.text[before.start : before.end].isascii()
    ):
        earlier = draft.at(mention.first - 2) if mention.first > 1 else None
        if (earlier is None or earlier.kind == "degree") and not _describes(draft, mention):
            mention.change = STEP


def _compare_itself(draft: RequestDraft, mention: Mention, *, refers: bool) -> None:
    """A comparative: a change, unless it only describes what is wanted ("darker synth pop")."""
    if mention.denial or (not refers and _describes(draft, mention)):
        return
    mention.change = _bounded(STEP, mention.factor)


def _compare_next(draft: RequestDraft, cue: Mention, *, refers: bool) -> None:
    amount = float(cue.hint("factor") or STEP)
    grade = _degree_before(draft, cue)
    mention = _first_after(draft, cue)
    if mention is None or mention.kind not in _COMPARED:
        return
    if mention.kind in _ADDED:
        if amount < 0:
            mention.change = amount
        return
    if amount > 0 and not refers and mention.kind != "axis" and _describes(draft, mention):
        return
    mention.change = _bounded(amount, grade)


def _bounded(step: float, factor: float) -> float:
    return round(step * min(max(factor, SMALLEST_FACTOR), LARGEST_FACTOR), 3)


def _degree_before(draft: RequestDraft, cue: Mention) -> float:
    before = draft.at(cue.first - 1) if cue.first else None
    if before is None or before.kind != "degree" or draft.words[cue.first].breaks:
        return 1.5 if cue.last - cue.first > 1 else 1.0
    return float(before.hint("factor") or 1.0)


def _first_after(draft: RequestDraft, cue: Mention) -> Mention | None:
    """The mention that "more" or "less" speaks of: the next one, with nothing but small words between."""
    index = cue.last
    while index < len(draft.words) and index - cue.last < 3 and not draft.words[index].breaks:
        mention = draft.at(index)
        if mention is not None and mention.kind not in {"degree", "filler"}:
            return None if mention.is_grammar else mention
        index += 1
    return None


def _describes(draft: RequestDraft, mention: Mention) -> bool:
    """Whether a noun follows that the word belongs to: songs, a genre, another word of music."""
    if mention.last >= len(draft.words) or draft.words[mention.last].breaks:
        return False
    after = draft.at(mention.last)
    if after is None:
        return draft.words[mention.last].key not in {"and", "please", "but", "than", "or", "though"}
    if after.kind == "filler":
        return after.name == "music"
    return not after.is_grammar
