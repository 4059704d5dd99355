"""Tempo in beats per minute: exact, about, ranges, under and over."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nlp.components.draft import RequestDraft, SlotValue
from nlp.lexicon import LIMITS
from nlp.vibe import AxisRange

EXACT_WITHIN_BPM = 5.0
ABOUT_WITHIN_BPM = 10.0
ABOUT_WEIGHT = 2.0

_TOLD = re.compile(r"bpm|beats|tempo|\bat \d|\d ?- ?\d")
_UNIT = r"(?:bpm|beats? (?:per|a|/) ?minute|beats ?/ ?min)\b"
_BPM = r"(\d{2,4})"
_RANGE = re.compile(rf"(?:\b(?:between|from) )?\b{_BPM}(?: ?bpm)? ?(?:-|to|and) ?{_BPM} ?{_UNIT}")
_RANGE_AFTER = re.compile(rf"\b(?:bpm|tempo)(?: of|:| is| between| from)* {_BPM} ?(?:-|to|and) ?{_BPM}\b(?: ?{_UNIT})?")
_DENIED = r"(?:nothing|none|never|not|no(?: songs?| tracks?| music)?) "
_MOST = (
    rf"{_DENIED}(?:over|above|faster than|higher than|beyond)|"
    r"no faster than|not faster than|slower than|not over|not above|no more than|at most|up to|"
    r"maximum|max|under|less than|below"
)
_LEAST = (
    rf"{_DENIED}(?:under|below|slower than|lower than)|"
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

_NO_UNIT_AFTER = r"(?=$| ?[,.;!?)]| (?:and|but|with|without|no|for|please|pls|max|or so)\b)"
_BARE_AT = re.compile(rf"\bat (?P<bpm>\d{{2,3}}){_NO_UNIT_AFTER}")
_BARE_RANGE = re.compile(rf"(?<![\w.:/-])(\d{{2,3}}) ?- ?(\d{{3}}){_NO_UNIT_AFTER}")
_BARE_FROM, _BARE_TO = 60.0, 220.0
"""What a number without a unit must be to be a tempo: "techno at 150", "deep house 120-124"."""


def read_tempos(draft: RequestDraft) -> None:
    """Find tempos in BPM, and claim their words."""
    if not _TOLD.search(draft.plain):
        return
    for start, end, wish in _wishes(draft.plain):
        floor, ceiling = LIMITS["tempo"]
        if all(bound is None or floor <= bound <= ceiling for bound in (wish.low, wish.high)) and draft.take(
            start, end
        ):
            draft.findings.append(
                SlotValue(slot="target", value=wish, start=start, end=end, means=_means(wish), source="limits")
            )


def _wishes(plain: str) -> Iterator[tuple[int, int, AxisRange]]:
    for pattern in (_RANGE, _RANGE_AFTER):
        for match in pattern.finditer(plain):
            low, high = sorted((float(match[1]), float(match[2])))
            yield match.start(), match.end(), AxisRange(axis="tempo", low=low, high=high, hard=True)
    for pattern in (_SINGLE, _NAMED):
        for match in pattern.finditer(plain):
            yield match.start(), match.end(), _single(match)
    for match in _BARE_RANGE.finditer(plain):
        low, high = float(match[1]), float(match[2])
        if _BARE_FROM <= low < high <= _BARE_TO:
            yield match.start(), match.end(), AxisRange(axis="tempo", low=low, high=high, hard=True)
    for match in _BARE_AT.finditer(plain):
        bpm = float(match["bpm"])
        if _BARE_FROM <= bpm <= _BARE_TO:
            within = EXACT_WITHIN_BPM
            yield match.start(), match.end(), AxisRange(axis="tempo", low=bpm - within, high=bpm + within, hard=True)


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
