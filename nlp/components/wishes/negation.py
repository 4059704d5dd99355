"""What is denied: which mentions a "no", a "not too" or an "anything but" speaks of."""

from __future__ import annotations

from nlp.components.draft import Mention, RequestDraft

FARTHEST = 6
"""Words that may stand between a denial and what it denies."""

_CONNECTORS = frozenset({"or", "nor", "and"})
_ENDS = frozenset(
    {
        "but",
        "for",
        "when",
        "while",
        "to",
        "if",
        "where",
        "by",
        "like",
        "with",
        "that",
        "which",
        "whose",
        "more",
        "add",
        "play",
        "put",
        "give",
        "include",
        "replace",
        "use",
    }
)
"""Words that end what a denial speaks of, once it has spoken of something."""

_ORDERS = frozenset({"add", "include", "give"})
"""Words that begin another wish, denied or not: "remove his songs and add some jazz"."""

_LINKS = frozenset({"with", "just", "only"})
"""Words that lead on to what is denied: "nothing with swear words"."""

_PREFIXES = frozenset({"non", "anti"})
"""Denials of the very next word."""

_MAKING = frozenset({"make", "keep"})
"""Words of a comparison that only lead to what is denied: "don't make it sad"."""

_LEFT_OUT = frozenset({"keep", "leave", "take", "cut", "filter", "drop", "get", "kick", "rule", "weed", "edit"})
_OUT = frozenset({"out", "off", "away"})
"""Verb and particle around what is denied: "leave the drums out"."""
_FARTHEST_VERB = 5

_LISTED = frozenset({"genre", "instrument", "vocals", "language", "artist", "years", "era", "mood", "sound"})
_FAMILY = {"vocals": "instrument", "sound": "mood", "era": "years"}


def deny(draft: RequestDraft) -> None:
    """Mark the mentions that are denied in `draft`."""
    _leave_out(draft)
    before: list[Mention] = []
    for cue in [mention for mention in draft.mentions if mention.kind == "negation"]:
        scope = cue.hint("scope")
        if cue.name == "except" and _excepts(draft, cue, before):
            continue
        if scope == "previous":
            _deny_before(draft, cue)
        elif scope == "compare":
            for mention in _denied_by(draft, cue)[:1]:
                mention.change = -0.5
        else:
            soft = scope == "soft" or _is_softened(draft, cue)
            denied = _denied_by(draft, cue)
            for mention in denied:
                described = mention is not denied[0] and _family(denied[0]) == "mood" and _family(mention) != "mood"
                mention.denial = "soft" if soft or described else "no"
            before = denied


def _excepts(draft: RequestDraft, cue: Mention, before: list[Mention]) -> bool:
    """Whether an "except" gives back a part of what was just denied: "no jazz except smooth jazz" wants the smooth one.

    What was denied is no promise then, for the part is some of it.
    """
    if not before or not 0 <= cue.first - before[-1].last <= 1:
        return False
    given = _denied_by(draft, cue)
    if not given or _family(given[0]) != _family(before[-1]):
        return False
    draft.mentions = [mention for mention in draft.mentions if mention not in before]
    return True


def _leave_out(draft: RequestDraft) -> None:
    """Deny what stands between a verb and its particle: "keep the drums out", "leave the vocals off"."""
    for mention in draft.mentions:
        particle = draft.words[mention.last] if mention.last < len(draft.words) else None
        if mention.is_grammar or particle is None or particle.key not in _OUT or particle.gap != " ":
            continue
        for word in reversed(draft.words[max(0, mention.first - _FARTHEST_VERB) : mention.first]):
            if word.key in _LEFT_OUT:
                mention.denial = "no"
            if word.breaks:
                break


def _deny_before(draft: RequestDraft, cue: Mention) -> None:
    before = draft.at(cue.first - 1) if cue.first else None
    if before is not None and not before.is_grammar and draft.words[cue.first].gap in {"-", " ", ""}:
        before.denial = "no"


def _is_softened(draft: RequestDraft, cue: Mention) -> bool:
    """Whether a degree follows at once: "isn't very loud" says less than "isn't loud"."""
    after = draft.at(cue.last)
    return after is not None and after.kind == "degree" and cue.hint("scope") == "next" and cue.name == "not"


def _denied_by(draft: RequestDraft, cue: Mention) -> list[Mention]:
    """The mentions after `cue` that it speaks of: the first one, and those joined to it."""
    denied: list[Mention] = []
    index = cue.last
    joined = True
    nearest = draft.words[cue.first].key in _PREFIXES
    while index < len(draft.words) and not (nearest and index > cue.last):
        word = draft.words[index]
        mention = draft.at(index)
        if word.breaks and not _goes_on(draft, denied, index):
            break
        if word.breaks:
            joined = True
        if mention is None or mention.kind in {"filler", "degree"} or (not denied and word.key in _LINKS):
            if word.key in _CONNECTORS:
                joined = True
            elif _is_end(word.key, index - cue.last, denied=bool(denied)):
                break
            elif denied and mention is None:
                joined = False
            index += 1
            continue
        if not denied and mention.kind == "change" and word.key in _MAKING:
            index = mention.last
            continue
        if mention.is_grammar or (denied and not _belongs(draft, denied[-1], mention, joined=joined)):
            break
        denied.append(mention)
        joined = False
        index = mention.last
    return denied


def _is_end(key: str, passed: int, *, denied: bool) -> bool:
    """Whether a small word ends a denial; `passed` words came between, `denied` when one of them was a mention."""
    if denied:
        return key in _ENDS or key == "but" or (passed > 0 and key in _ORDERS)
    return key == "but" or passed >= FARTHEST or (passed > 0 and key in _ORDERS)


def _belongs(draft: RequestDraft, last: Mention, mention: Mention, *, joined: bool) -> bool:
    """Whether a further mention is denied too: a list of one family, or one phrase ("no sad slow songs")."""
    same = _family(last) == _family(mention)
    between = draft.words[mention.first - 1].key
    if between == "and" and draft.at(mention.first - 1) is None:
        return same and last.kind in _LISTED
    adjacent = last.last == mention.first and draft.words[mention.first].gap == " " and _family(last) == "mood"
    return (joined and (same or between in {"or", "nor"})) or adjacent


def _family(mention: Mention) -> str:
    return _FAMILY.get(mention.kind, mention.kind)


def _goes_on(draft: RequestDraft, denied: list[Mention], index: int) -> bool:
    """Whether a comma stands inside a list of denied things: "no rap, country or metal"."""
    if not denied or draft.words[index].gap.strip() not in {",", "/"}:
        return False
    mention = draft.at(index)
    if mention is None or _family(mention) != _family(denied[-1]):
        return False
    follower = draft.at(mention.last)
    key = draft.words[mention.last].key if mention.last < len(draft.words) else ""
    if key in {"or", "nor"}:
        return True
    listed = follower is not None and _family(follower) == _family(mention) and "," in draft.words[mention.last].gap
    return listed and _goes_on(draft, [mention], mention.last)
