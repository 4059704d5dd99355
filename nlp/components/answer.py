"""The component `vibrato_answer`: mentions become findings, and findings the slots of a Vibe."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from spacy.lang.en.stop_words import STOP_WORDS
from spacy.language import Language
from spacy.tokens import Doc

from nlp.components.draft import Mention, RequestDraft, SlotValue, draft_of
from nlp.components.limits.years import years_name
from nlp.components.rules import RulesOnly
from nlp.components.wishes.axis_ranges import AxisWish, combined, direction, primary, wishes_of
from nlp.components.words import is_emoji
from nlp.vibe import AXES, Axis, AxisChange, AxisRange, Polarity, YearSpan

VOCALS_LEVEL = 0.5
"""The instrumentalness above which a song counts as one without voices: "no vocals" is a promise about it."""

DEEP: dict[str, str] = {"popular": "deep", "deep": "popular", "mine": "deep"}
_CONTEXT_KINDS = frozenset({"activity", "scene", "weather", "season", "time", "place"})
_MOOD_KINDS = frozenset({"mood", "sound"})
_VOICES = frozenset({"vocals", "female vocals", "male vocals"})
_SMALLEST_WORD = 2


@Language.factory("vibrato_answer")
def create_answer(nlp: Language, name: str) -> AnswerComponent:
    """The component's entry in spaCy's registry."""
    return AnswerComponent(name)


class AnswerComponent(RulesOnly):
    """Puts together what the others found: one finding for each value, with the characters that caused it."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __call__(self, doc: Doc) -> Doc:
        """Add the findings of all mentions to the draft of `doc`, and its joined targets and unknown words."""
        draft = draft_of(doc)
        voices = any(
            mention.kind == "vocals" and mention.name in _VOICES and not mention.denial for mention in draft.mentions
        )
        for mention in draft.mentions:
            if voices and mention.name == "lyrics" and mention.denial:
                mention.denial = "soft"
            draft.findings.extend(_findings(draft, mention))
            if not (mention.denial or mention.in_arc or mention.change is not None):
                for inner in mention.inner:
                    draft.findings.extend(_findings(draft, inner))
        draft.findings.sort(key=lambda finding: (finding.start, finding.end))
        draft.targets = tuple(joined_targets(draft.findings))
        draft.unknown = tuple(_unknown(draft))
        return doc


def _findings(draft: RequestDraft, mention: Mention) -> Iterator[SlotValue]:
    start, end = draft.span(mention)
    for slot, value, means, polarity in _values(mention):
        yield SlotValue(
            slot=slot, value=value, start=start, end=end, means=means, polarity=polarity, source=mention.source
        )


def _values(mention: Mention) -> Iterator[tuple[str, object, str, Polarity]]:
    """Slot, value, meaning and polarity of everything that a mention says."""
    polarity: Polarity = "-" if mention.denial or (mention.change or 0) < 0 else "+"
    if mention.change is not None:
        yield from _change_values(mention, polarity)
        return
    if mention.kind == "artist":
        yield from _artist_values(mention, polarity)
    elif mention.kind in {"years", "era"}:
        years = mention.years or _years_hint(mention)
        if years is not None and mention.denial != "soft":
            yield "years", years, f"years: {years_name(years)}", polarity
    elif mention.kind == "vocals":
        yield from _vocals_values(mention, polarity)
    elif mention.kind == "clean":
        yield from _clean_values(mention)
    elif mention.kind == "familiarity":
        said = mention.hint("familiarity") or "popular"
        said = DEEP[said] if mention.denial else said
        yield "familiarity", said, f"familiarity: {said}", "+"
    elif not mention.is_grammar:
        yield from _word_values(mention, polarity)


def _change_values(mention: Mention, polarity: Polarity) -> Iterator[tuple[str, object, str, Polarity]]:
    amount = mention.change or 0.0
    if mention.kind == "artist":
        yield from _artist_values(mention, polarity)
        return
    if mention.kind == "change":
        axis: Axis | None = next((axis for axis in AXES if axis == mention.hint("axis")), None)
        step = amount
    else:
        effects = [effect for entry in mention.entries if entry.kind == mention.kind for effect in entry.effects]
        spoken = [effect for effect in effects if effect.axis == "speechiness"] if mention.kind == "genre" else []
        first = primary(spoken or effects)
        axis = None if first is None else first.axis
        step = 0.0 if first is None else amount * direction(first)
    if mention.kind not in {"change", "axis"}:
        yield "word", mention.name, f"{_kind_word(mention)}: {mention.name}", polarity
    if axis is not None:
        yield "change", AxisChange(axis=axis, amount=step), f"{'more' if step > 0 else 'less'} {axis}", polarity


def _artist_values(mention: Mention, polarity: Polarity) -> Iterator[tuple[str, object, str, Polarity]]:
    if polarity == "-":
        yield "artist-", mention.name, f"artist: {mention.name}", "-"
    elif mention.role == "like":
        yield "artist~", mention.name, f"artist: {mention.name}", "~"
    else:
        yield "artist+", mention.name, f"artist: {mention.name}", "+"


def _vocals_values(mention: Mention, polarity: Polarity) -> Iterator[tuple[str, object, str, Polarity]]:
    instrumental = mention.name == "instrumental"
    wants_voices = instrumental == bool(mention.denial)
    hard = mention.denial == "no" or mention.role == "only"
    specific = mention.name not in {"vocals", "lyrics", "instrumental"}
    if hard and not (specific and mention.denial):
        low, high = (None, VOCALS_LEVEL) if wants_voices else (VOCALS_LEVEL, None)
        wish = AxisRange(axis="instrumentalness", low=low, high=high, hard=True)
        means = "voices only" if wants_voices else "no voices"
        yield "target", wish, f"instrumentalness {'low' if wants_voices else 'high'}: {means}", polarity
    else:
        yield "word", mention.name, f"voices: {mention.name}", polarity
        yield from _range_values(mention, polarity)
    if specific:
        yield (
            ("instrument-" if mention.denial else "instrument+"),
            mention.name,
            f"instrument: {mention.name}",
            polarity,
        )


def _clean_values(mention: Mention) -> Iterator[tuple[str, object, str, Polarity]]:
    asked = {"yes": True, "no": False}.get(mention.hint("clean") or "")
    if asked is None or (asked and mention.denial):
        yield "clean", False, "explicit songs are fine", "+"
    elif asked or mention.denial:
        yield "clean", True, "clean songs only", "+"


def _word_values(mention: Mention, polarity: Polarity) -> Iterator[tuple[str, object, str, Polarity]]:
    played = any(entry.kind == "instrument" for entry in mention.entries)
    for entry in mention.entries:
        if played and entry.kind == "genre":
            continue
        if entry.kind in {"genre", "instrument", "language"}:
            if mention.denial == "soft":
                yield "word", entry.name, f"{entry.kind}: {entry.name}", "-"
            else:
                yield f"{entry.kind}{polarity}", entry.name, f"{entry.kind}: {entry.name}", polarity
        elif entry.kind in _MOOD_KINDS | {"emoji"}:
            yield "word", entry.name, f"mood: {entry.name}", polarity
    yield from _hint_values(mention, polarity)
    yield from _range_values(mention, polarity)


def _hint_values(mention: Mention, polarity: Polarity) -> Iterator[tuple[str, object, str, Polarity]]:
    contexts = [value for entry in mention.entries for key, value in entry.hints if key == "context"]
    if not contexts and mention.kind in _CONTEXT_KINDS:
        contexts = [mention.name]
    for context in dict.fromkeys(contexts):
        yield ("word" if mention.denial else "context"), context, f"context: {context}", polarity
    if mention.denial:
        return
    for entry in mention.entries:
        for key, value in entry.hints:
            if key == "instrument":
                yield "instrument+", value, f"instrument: {value}", "+"
            elif key == "genre" and entry.kind == "emoji":
                yield "genre+", value, f"genre: {value}", "+"


def _range_values(mention: Mention, polarity: Polarity) -> Iterator[tuple[str, object, str, Polarity]]:
    for wish in wishes_of(mention):
        level = {1: "high", 0: "medium", -1: "low"}[direction(wish.range)]
        if wish.denial:
            level = "not too high" if level == "low" else "not too low"
        yield "wish", wish, f"{wish.range.axis} {level}", polarity


def _kind_word(mention: Mention) -> str:
    return "mood" if mention.kind in _MOOD_KINDS | {"emoji"} else mention.kind


def _years_hint(mention: Mention) -> YearSpan | None:
    said = mention.hint("years")
    if said is None:
        return None
    first, _, last = said.partition("..")
    return (int(first) if first else None, int(last) if last else None)


def joined_targets(findings: Iterable[SlotValue]) -> Iterator[AxisRange]:
    """One range an axis: what all these findings say of it together."""
    hard: dict[Axis, list[AxisRange]] = defaultdict(list)
    wishes: dict[Axis, list[AxisWish]] = defaultdict(list)
    for value in (finding.value for finding in findings):
        if isinstance(value, AxisWish):
            wishes[value.range.axis].append(value)
        elif isinstance(value, AxisRange) and value.hard:
            hard[value.axis].append(value)
        elif isinstance(value, AxisRange):
            wishes[value.axis].append(AxisWish(value, 0))
    for axis in AXES:
        if (wish := combined(wishes[axis], hard[axis])) is not None:
            yield wish


def _unknown(draft: RequestDraft) -> Iterator[str]:
    """The words that nothing was made of, as they were written; small words do not count."""
    seen: set[Any] = set()
    for word, taken in zip(draft.words, draft.taken, strict=True):
        small = word.key in STOP_WORDS or len(word.key) < _SMALLEST_WORD or word.key.isdigit()
        if is_emoji(word.key):
            small = word.key < "\u2600"
        if not taken and not small and word.key not in seen:
            seen.add(word.key)
            yield draft.text[word.start : word.end]
