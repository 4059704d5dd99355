"""What shall become of songs of the playlist before, said by their numbers: "keep 1 to 5, without number 7"."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from nlp.components.draft import RequestDraft, SlotValue
from nlp.components.limits.sizes import read_size
from nlp.vibe import SetEdit

MOST_SONGS = 300
"""Numbers beyond the longest set are no songs of one."""

_NAMED = r"(?:(?:songs?|tracks?|tunes?|numbers?|nos?\.?|nrs?\.?|positions?|#) ?#?)"
_ONE = r"\d{1,3}(?:st|nd|rd|th)?"
_AND = r" ?(?:,? ?(?:and|&|\+|or)|,) ?"
_RANGE = rf"#?{_ONE}(?: ?(?:to|through|thru|till|until|-|–) ?#?{_ONE})?"
_LIST = rf"{_RANGE}(?:{_AND}(?:{_NAMED})?{_RANGE})*"
_COUNTS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_SMALL = {word: number for number, word in enumerate(_COUNTS, start=1)}
_END = r"(?! ?(?:songs?|tracks?|tunes?|minutes?|mins?|hours?|hrs?|h|bpm|years?|%|:)\b|[\w:%])"
"""A number alone is no song where it counts something."""

_VERBS = {
    "keep": r"(?:keep|leave|hold|pin|lock)",
    "without": r"(?:without|drop|remove|delete|lose|skip|minus|except(?: for)?|take out|kick(?: out)?|swap(?: out)?|"
    r"replace|get rid of|no|not)",
    "like": r"(?:more like|similar to|sounding like|sounds like|closer to|like)",
}
_BARE = {
    "keep": _VERBS["keep"],
    "without": r"(?:drop|remove|delete|without|swap(?: out)?|replace)",
    "like": "more like",
}
_SPAN = re.compile(
    r"\b(keep|leave|drop|remove|without|like) (?:the )?(first|last) "
    rf"(?:({_ONE}|{'|'.join(_SMALL)}) ?)?(?:songs?|tracks?|ones?|tunes?)?(?!\w)"
)
_SAID: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (what, re.compile(pattern))
    for what in _VERBS
    for pattern in (
        rf"\b{_VERBS[what]} (?:the )?{_NAMED}(?P<list>{_LIST})(?!\w)",
        rf"\b{_BARE[what]} (?P<list>{_LIST}){_END}",
        rf"\b{_BARE[what]} (?:the )?(?P<list>\d{{1,2}}(?:st|nd|rd|th)) (?:song|track|one|tune)\b",
    )
)
_PART = re.compile(rf"({_ONE})(?: ?(?:to|through|thru|till|until|-|–) ?#?({_ONE}))?")
_MEANS = {"keep": "keep number {}", "without": "without number {}", "like": "like number {}"}


def read_edits(draft: RequestDraft) -> None:
    """Add what is said about songs of the playlist before, and claim its words."""
    read_size(draft)
    if not any(sign.isdigit() for sign in draft.plain) and not re.search(r"\b(?:first|last)\b", draft.plain):
        return
    for what, match, numbers in _readings(draft.plain):
        if not numbers or not draft.take(match.start(), match.end()):
            continue
        said = ", ".join(map(str, numbers))
        draft.findings.append(
            SlotValue(
                slot=f"edit {what}",
                value=numbers,
                start=match.start(),
                end=match.end(),
                means=_MEANS[what].format(said),
                polarity={"keep": "+", "without": "-", "like": "~"}[what],  # type: ignore[arg-type]
                source="edits",
            )
        )


def edit_of(of: Callable[[str], tuple[Any, ...]]) -> SetEdit | None:
    """The edit out of the numbers that `of` gives for each slot; None when nothing was said."""
    keep, without, like = (
        tuple(dict.fromkeys(number for numbers in of(f"edit {what}") for number in numbers))
        for what in ("keep", "without", "like")
    )
    times = next(iter(of("edit times")), 1.0)
    return (
        SetEdit(keep=keep, without=without, like=like, times=times) if keep or without or like or times != 1 else None
    )


def _readings(plain: str) -> Iterator[tuple[str, re.Match[str], tuple[int, ...]]]:
    for match in _SPAN.finditer(plain):
        verb = match[1]
        if match[3] is None and not match[0].rstrip().endswith(("song", "track", "one", "tune")):
            continue
        what = {"keep": "keep", "leave": "keep", "like": "like"}.get(verb, "without")
        count = _SMALL.get(match[3] or "one") or _number(match[3])
        numbers = range(1, count + 1) if match[2] == "first" else range(-count, 0)
        yield what, match, tuple(numbers) if count <= MOST_SONGS else ()
    for what, pattern in _SAID:
        for match in pattern.finditer(plain):
            yield what, match, _numbers(match["list"])


def _numbers(said: str) -> tuple[int, ...]:
    """The numbers of a list such as "1 to 5, 7 and 9"; empty when one is no place of a set."""
    found: list[int] = []
    for first, last in _PART.findall(said):
        low, high = sorted((_number(first), _number(last or first)))
        if not 1 <= low <= high <= MOST_SONGS:
            return ()
        found += range(low, high + 1)
    return tuple(dict.fromkeys(found))


def _number(said: str) -> int:
    return int(re.sub(r"\D", "", said))
