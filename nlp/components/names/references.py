"""The component `vibrato_references`: artists to play, to sound like and to leave out, and songs to sound like."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from spacy.language import Language
from spacy.tokens import Doc

from nlp.components.draft import Mention, RequestDraft, SlotValue, draft_of
from nlp.components.names.cues import ATTACHED, Cue, cue_before, more_than, suffix_after, unwelcome
from nlp.components.names.name_finder import NameFinder
from nlp.components.rules import RulesOnly

_LONGEST_TITLE = 9
_NO_TITLE = frozenset(
    ("songs", "song", "music", "anything", "something", "stuff", "tracks", "bands", "artists", "album", "ones", "made")
)
_QUOTED = re.compile(r'"([^"\n]{2,60})"')
_JOIN = re.compile(r"[ ,]*(?:(?:and|or|also|by [^\"\n]{2,30}) ?)*")
_BY = re.compile(r"(?: also)? by ")
_THE_LIKE = re.compile(
    r"[ ,]*(?:and |or )?(?:all )?(?:(?:that|this) (?:sort|kind|type|style) of (?:thing|stuff|music|vibe|sound)"
    r"|(?:stuff|things?|others?|artists|bands|music|songs|people|anything|something) (?:like|similar to) "
    r"(?:that|them|it|this|him|her|those)"
    r"|similar(?: (?:artists|bands|stuff|music|songs|ones))?\b(?! to)|(?:and|or) the likes?\b"
    r"|type (?:stuff|thing|songs|music)\b)"
)
"""What makes a likeness of the names before it: "Beyoncé, Rihanna, that sort of thing"."""

_KIND_OF = re.compile(r"\b(?:kind|sort|type)s? of (?:things?|stuff|music|songs?|sound|tracks) (?:that )?$")
_DOES = re.compile(r" (?:makes?|does|would|plays?|sings?|writes?|made|did|used to|puts?|records?|recorded)\b")
_HAD_A_BABY = re.compile(r" (?:had|have|made|ever had) (?:a |an )?(?:love ?child|baby|child|kid|collab\w*)")
_MEETS = re.compile(r" (?:meets|crossed with|but if it was) ")


@Language.factory("vibrato_references")
def create_references(nlp: Language, name: str) -> References:
    """The component's entry in spaCy's registry."""
    return References(name)


@dataclass(frozen=True, slots=True)
class _Name:
    first: int
    last: int
    name: str
    cue: Cue
    known: bool


class References(RulesOnly):
    """Finds names in the index that came with the request, and without one, or where it does not know, by form.

    A word of the tables or of everyday English stays a word unless the sentence makes a name of it.
    """

    def __init__(self, name: str) -> None:
        self.name = name

    def __call__(self, doc: Doc) -> Doc:
        """Add artists and songs to the draft of `doc`."""
        draft = draft_of(doc)
        for name in _without_titles(draft, _likened(draft, _names(draft))):
            _add_artist(draft, name)
        draft.settle()
        return doc


def _names(draft: RequestDraft) -> list[_Name]:
    finder = NameFinder(draft)
    names: list[_Name] = []
    index = 0
    while index < len(draft.words):
        if not finder.possible(index):
            index += 1
            continue
        cue = cue_before(draft, index)
        if (cue is None or cue.role == "play") and names and finder.continues(names[-1].last, index):
            cue = names[-1].cue
        found = finder.at(index, cue, listed=bool(names) and finder.continues(names[-1].last, index))
        if found is None:
            index += 1
            continue
        last, name, known = found
        suffix = suffix_after(draft, last)
        if suffix or draft.words[last - 1].key.endswith(ATTACHED):
            cue = Cue("like")
        names.append(_Name(index, last + suffix, name, cue or Cue(""), known))
        index = last + suffix
    return names


def _likened(draft: RequestDraft, names: list[_Name]) -> list[_Name]:
    """The names with those made likenesses that a phrase around them makes ones: "the kind of thing Drake makes"."""
    like = Cue("like")
    found = list(names)
    for place, name in enumerate(names):
        start, end = draft.words[name.first].start, draft.words[name.last - 1].end
        many = _list_before(draft, names, place)
        kind_of = _KIND_OF.search(draft.plain, 0, start) and _DOES.match(draft.plain, end)
        if kind_of:
            found[place] = replace(name, cue=like)
        if _THE_LIKE.match(draft.plain, end) or _HAD_A_BABY.match(draft.plain, end):
            for other in range(many, place + 1):
                found[other] = _liked(names[other])
        following = names[place + 1] if place + 1 < len(names) else None
        if following is not None and _MEETS.fullmatch(draft.plain, end, draft.words[following.first].start):
            found[place], found[place + 1] = _liked(name), _liked(following)
    return found


def _liked(name: _Name) -> _Name:
    return name if name.cue.role == "deny" else replace(name, cue=Cue("like"))


def _list_before(draft: RequestDraft, names: list[_Name], place: int) -> int:
    """The first of the names that stand in one list with the one at `place`."""
    while place and all(
        word.key in {"and", "or", "x"} or (draft.at(index) is None and word.capital)
        for index, word in enumerate(draft.words[names[place - 1].last : names[place].first], names[place - 1].last)
    ):
        place -= 1
    return place


def _without_titles(draft: RequestDraft, names: list[_Name]) -> list[_Name]:
    """Note the songs to sound like, quoted or between "like" and "by <artist>"; the names that are no part of one."""
    spans = _quoted_titles(draft)
    kept: list[_Name] = []
    for name in names:
        before = kept[-1] if kept and kept[-1].cue.role == "like" else None
        start = _title_before(draft, name, before)
        if start is not None:
            spans.append((draft.words[start].start, draft.words[name.first - 2].end))
        likened = name.cue.role == "by" and before is not None and not _sentence_ends(draft, before.last, name.first)
        kept.append(replace(name, cue=Cue("like")) if start is not None or likened else name)
    for span in spans:
        _add_title(draft, *span)
    return [name for name in kept if not any(start <= draft.words[name.first].start < end for start, end in spans)]


def _quoted_titles(draft: RequestDraft) -> list[tuple[int, int]]:
    """What stands in quotes after a "like", and in the quotes joined to those."""
    spans: list[tuple[int, int]] = []
    for match in _QUOTED.finditer(draft.plain):
        joined = spans and _JOIN.fullmatch(draft.plain, spans[-1][1] + 1, match.start())
        if joined or _is_like(draft, match.start(1)):
            by = _BY.search(match[1])
            spans.append((match.start(1), match.start(1) + by.start() if by else match.end(1)))
    return spans


def _sentence_ends(draft: RequestDraft, first: int, last: int) -> bool:
    return any(sign in word.gap for word in draft.words[first : last + 1] for sign in ".!?;\n")


def _is_like(draft: RequestDraft, start: int) -> bool:
    first, last = draft.covered(start, start + 1)
    cue = cue_before(draft, first) if last else None
    return cue is not None and cue.role == "like"


def _title_before(draft: RequestDraft, name: _Name, before: _Name | None) -> int | None:
    """The first word of a title before "by <name>", when a "like" or another such pair stands before it."""
    end = name.first - 1
    if end < 1 or draft.words[end].key != "by" or draft.words[end - 1].key in _NO_TITLE or '"' in draft.words[end].gap:
        return None
    likened = _THE_LIKE.match(draft.plain, draft.words[name.last - 1].end)
    for start in range(end - 1, max(-1, end - _LONGEST_TITLE), -1):
        if likened and (start == 0 or draft.words[start].breaks):
            return start
        cue = cue_before(draft, start, near=True)
        after_pair = before is not None and (
            start == before.last or (start == before.last + 1 and draft.words[before.last].key in {"and", "or"})
        )
        if after_pair or (cue is not None and cue.role == "like"):
            return start
        if any(sign in draft.words[start].gap for sign in ".!?;|\n"):
            return None
    return None


def _add_title(draft: RequestDraft, start: int, end: int) -> None:
    first, last = draft.covered(start, end)
    draft.mentions = [mention for mention in draft.mentions if mention.last <= first or mention.first >= last]
    draft.taken[first:last] = [True] * (last - first)
    title = draft.text[start:end]
    draft.findings.append(
        SlotValue(
            slot="track", value=title, start=start, end=end, means=f"song: {title}", polarity="~", source="references"
        )
    )


def _add_artist(draft: RequestDraft, name: _Name) -> None:
    draft.mentions = [mention for mention in draft.mentions if mention.last <= name.first or mention.first >= name.last]
    draft.mentions.append(
        Mention(
            first=name.first,
            last=name.last,
            kind="artist",
            name=name.name,
            role="like" if name.cue.role == "like" or more_than(draft, name.first) else "wanted",
            denial="no" if unwelcome(draft, name.first) else "",
            source="references" if name.known else "form",
        )
    )
