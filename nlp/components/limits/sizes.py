"""How much longer or shorter than the playlist before: "make it longer", "half as long", "too many songs"."""

from __future__ import annotations

import re

from nlp.components.draft import RequestDraft, SlotValue
from nlp.components.limits.numbers import NUMBER

LONGER, SHORTER = 1.5, 0.667
"""How many times as long a set is that is plainly longer or shorter: half as long again, and back. Judgement."""

_IT = r" (?:it|this|that|them|the (?:playlist|set|mix|list|thing)|this one)"
_A_BIT = r"(?: (?:a (?:bit|little|lot|touch)|much|even|way|quite|some|slightly|far))*"
_SONGS = r"(?:songs|tracks|tunes)"
_TOO = r"(?:way |a bit |a little |much )?too"
_LAST = r"(?= ?(?:$|please|pls|[.,;!]|and\b))"
_AFTER = r"(?:^|[,.;!] ?|\b(?:but|and|same|bit|little|lot) )"
_NO_BOUND = r"(?! (?:than|songs?|tracks?|ones?|versions?|intros?|\d))"
_TWICE = rf"(?:double{_IT}|double the (?:length|size)|(?:twice|2x|two times) (?:as long|the (?:length|size)))"
_THRICE = rf"(?:triple{_IT}|(?:three times|3x) (?:as long|the (?:length|size)))"
_HALF = rf"(?:halve{_IT}|cut{_IT} in half|half (?:as long|the (?:length|size)))"
_MORE = (
    rf"(?:make{_IT}{_A_BIT} longer|extend{_IT}|lengthen{_IT}|stretch{_IT} out|keep{_IT} going longer|{_TOO} short|"
    r"not long enough|"
    rf"(?:add|give me|i want|i need|with|and) (?:some |a few |even )?more {_SONGS}|more {_SONGS}{_LAST})"
)
_LESS = (
    rf"(?:make{_IT}{_A_BIT} shorter|shorten{_IT}|trim{_IT}(?: down)?|cut{_IT} (?:down|short)|"
    rf"(?:fewer|less|not so many) {_SONGS}|{_TOO} (?:long|many {_SONGS}))"
)
_SIZES: tuple[tuple[re.Pattern[str], float], ...] = (
    (re.compile(rf"\b{_TWICE}\b"), 2.0),
    (re.compile(rf"\b{_THRICE}\b"), 3.0),
    (re.compile(rf"\b{_HALF}\b"), 0.5),
    (re.compile(rf"\b{_MORE}\b{_NO_BOUND}"), LONGER),
    (re.compile(rf"\b{_LESS}\b{_NO_BOUND}"), SHORTER),
    (re.compile(rf"{_AFTER}longer{_LAST}"), LONGER),
    (re.compile(rf"{_AFTER}shorter{_LAST}"), SHORTER),
    (re.compile(r"^(?:mas larg[oa]|plus long(?:ue)?|langer|piu lung[oa]|mais long[oa])$"), LONGER),
    (re.compile(r"^(?:mas cort[oa]|plus courte?|kurzer|piu cort[oa]|mais curt[oa])$"), SHORTER),
)
_TOLD = re.compile(
    r"long|lang|larg|lung|short|kur|c[ou]r?rt|cut|more|fewer|less|many|double|triple|hal[fv]|twice|\dx|times"
)
"""Letters without which nothing is said of it, looked for before the patterns, which take their time."""

_DENIED = re.compile(
    r"\b(?:don'?t|do not|not|no|never|without|needn'?t|won'?t|no need to) (?:need to |have to |want to )?$"
    rf"|(?<!\w){NUMBER} $"
)
"""What takes it back, or makes a number of songs of it: "20 more songs"."""


def read_size(draft: RequestDraft) -> None:
    """Find how many times as long as the playlist before the set shall be, and claim the words."""
    plain = draft.plain
    if not _TOLD.search(plain):
        return
    for pattern, times in _SIZES:
        match = pattern.search(plain)
        if match is None or _DENIED.search(plain, max(0, match.start() - 30), match.start()):
            continue
        start = next(place for place in range(*match.span()) if plain[place].isalnum())
        if draft.take(start, match.end()):
            draft.findings.append(
                SlotValue(
                    slot="edit times",
                    value=times,
                    start=start,
                    end=match.end(),
                    means=f"length: {times:.2g} times as long",
                    polarity="+" if times > 1 else "-",
                    source="edits",
                )
            )
            return
