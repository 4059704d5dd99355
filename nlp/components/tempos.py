"""Tempo in beats per minute: exact, about, ranges, under and over."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nlp.components.draft import Draft, Finding
from nlp.lexicon import LIMITS
from nlp.vibe import AxisRange

EXACT_WITHIN_BPM = 5.0
ABOUT_WITHIN_BPM = 10.0
ABOUT_WEIGHT = 2.0

_TOLD = re.compile("bpm|beats|tempo")
_UNIT = r"(?:bpm|beats? (?:per|a|/) ?minute|beats ?/ ?min)\b"
_BPM = r"(\d{2,4})"
_RANGE = re.compile(rf"(?:\b(?:between|from) )?\b{_BPM}(?: ?bpm)? ?(?:-|to|and) ?{_BPM} ?{_UNIT}")
_RANGE_AFTER = re.compile(rf"\b(?:bpm|tempo)(?: of|:| is| between| from)* {_BPM} ?(?:-|to|and) ?{_BPM}\b(?: ?{_UNIT})?")
_MOST = (
    r"no faster than|not faster than|slower than|not over|not above|no more than|at most|up to|"
    r"maximum|max|under|less than|below"
)
_LEAST = (
    r"no slower than|not slower than|faster than|not under|not below|no less than|at least|minimum|"
    r"min|over|more than|above"
)
_ABOUT = r"about|around|approximately|approx|roughly|circa|ca\.?|near|nearly|somewhere around|~"
_WORD = rf"(?:(?:(?P<most>{_MOST})|(?P<least>{_LEAST})|(?P<about>{_ABOUT})|(?:exactly|at|of)) ?)?"
_SINGLE = re.compile(
    rf"(?:(?<![\w]){_WORD}){_BPM}(?P<plus> ?\+)? ?{_UNIT}(?P<more> (?:or (?:more|higher|faster|above)|"
    r"and up|plus|minimum))?"
    r"(?P<less> (?:or (?:less|lower|slower|below)|max|maximum|tops))?(?P<ish> or so|-?ish)?"
)
_NAMED = re.compile(rf"\b(?:bpm|tempo)(?: of|:| is| at| =)* {_WORD}{_BPM}\b(?P<plus>\+)?(?P<more>)(?P<less>)(?P<ish>)")


def read_tempos(draft: Draft) -> None:
    """Find tempos in BPM, and claim their words."""
    if not _TOLD.search(draft.plain):
        return
    for start, end, wish in _wishes(draft.plain):
        floor, ceiling = LIMITS["tempo"]
        if all(bound is None or floor <= bound <= ceiling for bound in (wish.low, wish.high)) and draft.take(
            start, end
        ):
            draft.findings.append(
                Finding(slot="target", value=wish, start=start, end=end, means=_means(wish), source="limits")
            )


def _wishes(plain: str) -> Iterator[tuple[int, int, AxisRange]]:
    for pattern in (_RANGE, _RANGE_AFTER):
        for match in pattern.finditer(plain):
            low, high = sorted((float(match[1]), float(match[2])))
            yield match.start(), match.end(), AxisRange(axis="tempo", low=low, high=high, hard=True)
    for pattern in (_SINGLE, _NAMED):
        for match in pattern.finditer(plain):
            yield match.start(), match.end(), _single(match)


def _single(match: re.Match[str]) -> AxisRange:
    said = match.groupdict()
    bpm = float(next(group for group in match.groups() if group is not None and group.isdigit()))
    if said["most"] or said["less"]:
        return AxisRange(axis="tempo", high=bpm, hard=True)
    if said["least"] or said["plus"] or said["more"]:
        return AxisRange(axis="tempo", low=bpm, hard=True)
    if said["about"] or said["ish"]:
        return AxisRange(axis="tempo", low=bpm - ABOUT_WITHIN_BPM, high=bpm + ABOUT_WITHIN_BPM, weight=ABOUT_WEIGHT)
    return AxisRange(axis="tempo", low=bpm - EXACT_WITHIN_BPM, high=bpm + EXACT_WITHIN_BPM, hard=True)


def _means(wish: AxisRange) -> str:
    if wish.low is None:
        return f"tempo up to {wish.high:g} BPM"
    if wish.high is None:
        return f"tempo from {wish.low:g} BPM"
    return f"tempo {wish.low:g} to {wish.high:g} BPM"
