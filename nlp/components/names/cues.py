"""Words that announce a name: "like", "by", "similar to", "fans of"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from nlp.components.draft import RequestDraft


@dataclass(frozen=True, slots=True)
class Cue:
    """What the words before a name say of it; `strong` ones make a name of any word."""

    role: Literal["", "like", "by", "play", "deny"]
    strong: bool = False


_LIKE = (
    "similar to",
    "similarly to",
    "sounds like",
    "sound like",
    "sounding like",
    "in the style of",
    "style of",
    "in the vein of",
    "vein of",
    "along the lines of",
    "reminds me of",
    "remind me of",
    "reminiscent of",
    "reminds of",
    "such as",
    "a la",
    "ala",
    "akin to",
    "close to",
    "resemble",
    "resembles",
    "resembling",
    "comparable to",
    "inspired by",
    "influenced by",
    "vibe of",
    "vibes of",
    "sound of",
    "same vibe as",
    "vibe as",
    "sound as",
    "style as",
    "vibe to",
    "sound to",
    "feel to",
    "style to",
    "vibes to",
    "like",
    "similar",
    "think",
    "obsessed with",
    "listening to",
)
_STRONG_LIKE = (
    "fans of",
    "fan of",
    "bands like",
    "band like",
    "artists like",
    "artist like",
    "groups like",
    "singers like",
    "rappers like",
    "musicians like",
    "artists similar to",
    "bands similar to",
    "artists such as",
    "bands such as",
)
_BY = (
    "by",
    "songs from",
    "music from",
    "tracks from",
    "stuff from",
    "something from",
    "featuring",
    "feat",
    "ft",
    "album by",
)
_PLAY = (
    "play",
    "play some",
    "only",
    "more",
    "some",
    "from",
    "add",
    "put on",
    "hear",
    "hear some",
    "listen to",
    "me some",
)
_SKIPPED = frozenset(
    {
        "the",
        "some",
        "old",
        "early",
        "stuff",
        "songs",
        "song",
        "music",
        "artists",
        "bands",
        "band",
        "artist",
        "like",
        "by",
    }
)
_SUFFIXES = frozenset(
    {"ish", "esque", "like", "style", "styled", "type", "inspired", "vibes", "vibe", "y", "sounding", "core"}
)
ATTACHED = ("ish", "esque")
"""Endings that make a likeness of a name when they are written at it."""

_MORE_THAN = re.compile(r"\b(not (just|only|all)|more than( just)?|beyond|besides|apart from the usual) (the )?$")
_UNWELCOME = re.compile(
    r"\bif (i|we|any\w*|some\w*|one more \w+|they|he|she|you) (\w+ ){0,2}"
    r"(hear|see|plays?|queues?|puts? on|requests?|starts?( with)?|mentions?) (\w+ ){0,3}$"
    r"|\b(sick|tired|bored) (to death )?of (hearing |listening to )?$|\bhad enough (of )?$"
)
_CLAUSE_ENDS = re.compile(r"[.;!?\n]|, (?!if )")

_CUES: dict[tuple[str, ...], Cue] = {
    **{tuple(words.split()): Cue("play") for words in _PLAY},
    **{tuple(words.split()): Cue("like") for words in _LIKE},
    **{tuple(words.split()): Cue("by", strong=True) for words in _BY},
    **{tuple(words.split()): Cue("like", strong=True) for words in _STRONG_LIKE},
}
_LONGEST = max(len(words) for words in _CUES)
_REACH = 3


def cue_before(draft: RequestDraft, index: int, *, near: bool = False) -> Cue | None:
    """What the words before the one at `index` announce; `near` allows no small words between."""
    for end in range(index, max(-1, index - (1 if near else _REACH)), -1):
        if (cue := _ending_at(draft, end)) is not None:
            return cue
        if end < 1 or draft.words[end].breaks or draft.words[end - 1].key not in _SKIPPED:
            return None
    return None


def _ending_at(draft: RequestDraft, end: int) -> Cue | None:
    if end < 1 or any(sign in draft.words[end].gap for sign in ".;!?\n") if end < len(draft.words) else True:
        return None
    before = draft.at(end - 1)
    if before is not None and before.kind == "negation":
        return Cue("deny")
    for length in range(min(_LONGEST, end), 0, -1):
        cue = _CUES.get(tuple(word.key for word in draft.words[end - length : end]))
        if cue is not None:
            return cue
    return None


def more_than(draft: RequestDraft, index: int) -> bool:
    """Whether others than the name that begins at a word are asked for as well: "not just Bob Marley"."""
    return _MORE_THAN.search(_before(draft, index)) is not None


def unwelcome(draft: RequestDraft, index: int) -> bool:
    """Whether somebody has had enough of the name that begins at a word: "if I hear Nirvana again"."""
    return _UNWELCOME.search(_before(draft, index)) is not None


def _before(draft: RequestDraft, index: int) -> str:
    """What stands before a word in its clause, in lower case."""
    text = draft.text[: draft.words[index].start].lower()
    return _CLAUSE_ENDS.split(text)[-1]


def suffix_after(draft: RequestDraft, index: int) -> int:
    """1 when a suffix such as "-ish" or "-style" follows, which makes a likeness of a name; else 0."""
    if index >= len(draft.words):
        return 0
    word = draft.words[index]
    joined = word.gap == "-" and word.key in _SUFFIXES
    return int(joined or (word.gap == " " and word.key in {"style", "esque", "vibes", "vibe", "type"}))
