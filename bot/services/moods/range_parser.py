"""The words of a form for moods: ranges as they are written and read, keys and names as they are kept."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import replace

from bot.errors import BadEntry
from bot.services.request_words import readable
from nlp.lexicon import LIMITS
from nlp.names import fold
from nlp.vibe import AXES, Axis, AxisChange, AxisRange, Vibe

LABEL_LIMIT, KEY_LIMIT, ALIAS_LIMIT = 32, 32, 40
"""Characters of a mood's name, its key, and another word for it."""

MOST_ALIASES = 12
MOST_WEIGHT = 3.0
LAST_ORDER = 99

_NUMBER = r"-?\d+(?:[.,]\d+)?"
_SPAN = re.compile(rf"({_NUMBER})\s*(?:\.\.|to|-|–)\s*({_NUMBER})")
_LEAST = re.compile(rf"(?:(?:>=?|from|over|above|at least)\s*)({_NUMBER})|({_NUMBER})\s*(?:\+|\.\.|or more|and up)")
_MOST = re.compile(rf"(?:(?:<=?|to|under|below|up to|at most|\.\.)\s*)({_NUMBER})|({_NUMBER})\s*(?:or less|and below)")
_WEIGHT = re.compile(rf",?\s*weight\s*({_NUMBER})\s*$")
_ALWAYS = re.compile(r",?\s*always\s*$")
_ANY = frozenset({"", "any", "-", "–", "none", "*"})
_MIDDLES: Mapping[Axis, tuple[float, float]] = {"tempo": (110.0, 50.0), "loudness": (-12.0, 10.0)}
"""The middle of an axis and how far "much more" goes from it, where that is not 0.5 and 0.3; judgement."""


def written_ranges(ranges: Iterable[AxisRange]) -> str:
    """The ranges as a form shows them, a line for every axis: "energy: 0.6 or more, weight 1.5"."""
    by_axis = {wish.axis: wish for wish in ranges}
    return "\n".join(f"{axis}: {_written(by_axis.get(axis))}" for axis in AXES)


def said_range(wish: AxisRange) -> str:
    """One range as it is written: "0.6 or more", "110 to 150", "any"."""
    low, high = wish.low, wish.high
    if low is not None and high is not None:
        return f"{_number(low)} to {_number(high)}"
    if low is not None:
        return f"{_number(low)} or more"
    return "any" if high is None else f"{_number(high)} or less"


def read_ranges(text: str) -> tuple[AxisRange, ...]:
    """The ranges of what `written_ranges` wrote and somebody changed. Raises BadEntry("ranges") naming the line."""
    found: dict[Axis, AxisRange] = {}
    for line in readable(text).casefold().splitlines():
        if not line.strip():
            continue
        name, _, wish = line.partition(":")
        axis = next((axis for axis in AXES if axis == name.strip()), None)
        if axis is None:
            raise BadEntry(field="ranges", reason="unknown", entry=line.strip(), hints=AXES)
        if axis in found:
            raise BadEntry(field="ranges", reason="twice", entry=line.strip())
        read = _read(axis, wish, line.strip())
        if read is not None:
            found[axis] = read
    if not found:
        raise BadEntry(field="ranges", reason="empty")
    return tuple(found[axis] for axis in AXES if axis in found)


def ranges_of(vibe: Vibe) -> tuple[AxisRange, ...]:
    """The ranges that a vibe asks for; a step ("darker") is taken from the range that is there, or from the middle."""
    found = {wish.axis: wish for wish in vibe.targets}
    for change in vibe.changes:
        found[change.axis] = _stepped(found.get(change.axis), change)
    return tuple(found[axis] for axis in AXES if axis in found)


def not_of_a_mood(vibe: Vibe) -> tuple[str, ...]:
    """What a vibe asks for beside how it sounds: genres, artists, years and the like, which a mood does not hold."""
    names = (
        *vibe.genres.wanted,
        *vibe.artists.wanted,
        *vibe.artists.like,
        *vibe.similar_tracks,
        *vibe.instruments.wanted,
        *vibe.languages.wanted,
        *(f"no {name}" for choice in (vibe.genres, vibe.instruments, vibe.languages) for name in choice.rejected),
        *(f"no {name}" for name in vibe.artists.rejected),
    )
    return tuple(dict.fromkeys(names))


def label_of(written: str) -> str:
    """A mood's name as it is kept: one line, no hidden signs. Raises BadEntry("label")."""
    label = _clean(written)
    if not any(sign.isalnum() for sign in label):
        raise BadEntry(field="label", reason="empty")
    if len(label) > LABEL_LIMIT:
        raise BadEntry(field="label", reason="too_long", entry=label, hints=(str(LABEL_LIMIT),))
    return label


def key_of(written: str, label: str, spare: str) -> str:
    """A key out of what was written, or of the label: "dungeon-crawl"; `spare` where neither has a letter.

    Raises BadEntry("key") when something was written that holds no letter.
    """
    source = written.strip() or label
    key = re.sub(r"[^a-z0-9]+", "-", fold(source)).strip("-")[:KEY_LIMIT].strip("-")
    if key and key[0].isalpha():
        return key
    if written.strip():
        raise BadEntry(field="key", reason="unknown", entry=written.strip())
    return f"mood-{key or spare}"[:KEY_LIMIT]


def aliases_of(written: str, label: str) -> tuple[str, ...]:
    """Other words for a mood, separated by commas or lines. Raises BadEntry("aliases")."""
    words = {fold(word): word for part in re.split(r"[,;\n]+", written) if fold(word := _clean(part))}
    words.pop(fold(label), None)
    for word in words.values():
        if len(word) > ALIAS_LIMIT:
            raise BadEntry(field="aliases", reason="too_long", entry=word, hints=(str(ALIAS_LIMIT),))
    if len(words) > MOST_ALIASES:
        raise BadEntry(field="aliases", reason="too_many", entry=str(MOST_ALIASES))
    return tuple(words.values())


def order_of(written: str) -> int | None:
    """A place in the list from 1 to LAST_ORDER; None for nothing, the end. Raises BadEntry("order")."""
    text = written.strip()
    if not text:
        return None
    if not re.fullmatch(r"[0-9]{1,3}", text) or not 1 <= int(text) <= LAST_ORDER:
        raise BadEntry(field="order", reason="outside", entry=text, hints=(f"1 to {LAST_ORDER}",))
    return int(text)


def _clean(text: str) -> str:
    """One line without control, direction and other hidden signs; joiners stay, which emoji and scripts need."""
    kept = (
        sign if sign in "\u200c\u200d" or unicodedata.category(sign)[0] not in "CZ" else " " * (not _hidden(sign))
        for sign in readable(text)
    )
    return " ".join("".join(kept).split())


def _hidden(sign: str) -> bool:
    return unicodedata.category(sign) in {"Cf", "Cs", "Co", "Cn"}


def _written(wish: AxisRange | None) -> str:
    if wish is None:
        return "any"
    weight = "" if wish.weight == 1 else f", weight {_number(wish.weight)}"
    return said_range(wish) + weight + (", always" if wish.hard else "")


def _number(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")


def _read(axis: Axis, written: str, line: str) -> AxisRange | None:
    wish, hard = _cut(_ALWAYS, written.strip())
    wish, weight = _cut(_WEIGHT, wish)
    low, high = _ends(wish.strip(), line)
    if low is None and high is None:
        return None
    least, most = LIMITS[axis]
    for end in (low, high):
        if end is not None and not least <= end <= most:
            said = f"{_number(least)} to {_number(most)}"
            raise BadEntry(field="ranges", reason="outside", entry=line, hints=(said,))
    if low is not None and high is not None and low > high:
        raise BadEntry(field="ranges", reason="reversed", entry=line)
    heavy = 1.0 if weight is None else min(max(_value(weight), 0.1), MOST_WEIGHT)
    return AxisRange(axis=axis, low=low, high=high, weight=heavy, hard=hard is not None)


def _cut(ending: re.Pattern[str], text: str) -> tuple[str, str | None]:
    """`text` without its ending, and what the ending says; None where there is none."""
    match = ending.search(text)
    return (text, None) if match is None else (text[: match.start()], match[match.lastindex or 0])


def _ends(wish: str, line: str) -> tuple[float | None, float | None]:
    if wish in _ANY:
        return None, None
    if match := _SPAN.fullmatch(wish):
        return _value(match[1]), _value(match[2])
    if match := _LEAST.fullmatch(wish):
        return _value(match[1] or match[2]), None
    if match := _MOST.fullmatch(wish):
        return None, _value(match[1] or match[2])
    raise BadEntry(field="ranges", reason="not_a_range", entry=line)


def _value(number: str) -> float:
    return float(number.replace(",", "."))


def _stepped(wish: AxisRange | None, change: AxisChange) -> AxisRange:
    """A range a step further on: shifted, or from the middle of the axis on."""
    middle, far = _MIDDLES.get(change.axis, (0.5, 0.3))
    step = change.amount * far
    if wish is None:
        low, high = (middle + step, None) if step > 0 else (None, middle + step)
        return AxisRange(axis=change.axis, low=low, high=high)
    least, most = LIMITS[change.axis]
    moved = [None if end is None else min(max(end + step, least), most) for end in (wish.low, wish.high)]
    return replace(wish, low=moved[0], high=moved[1])
