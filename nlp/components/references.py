"""The component `vibrato_references`: artists to play, to sound like and to leave out, and songs to sound like."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from spacy.language import Language
from spacy.tokens import Doc

from nlp.components.cues import ATTACHED, Cue, cue_before, suffix_after
from nlp.components.draft import Draft, Finding, Mention, draft_of
from nlp.components.names import NameFinder
from nlp.components.rules import RulesOnly

_LONGEST_TITLE = 9
_NO_TITLE = frozenset(
    ("songs", "song", "music", "anything", "something", "stuff", "tracks", "bands", "artists", "album", "ones", "made")
)
_QUOTED = re.compile(r'"([^"\n]{2,60})"')
_JOIN = re.compile(r"[ ,]*(?:(?:and|or|also|by [^\"\n]{2,30}) ?)*")
_BY = re.compile(r"(?: also)? by ")


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
        for name in _without_titles(draft, _names(draft)):
            _add_artist(draft, name)
        draft.settle()
        return doc


def _names(draft: Draft) -> list[_Name]:
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
        found = finder.at(index, cue)
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


def _without_titles(draft: Draft, names: list[_Name]) -> list[_Name]:
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


def _quoted_titles(draft: Draft) -> list[tuple[int, int]]:
    """What stands in quotes after a "like", and in the quotes joined to those."""
    spans: list[tuple[int, int]] = []
    for match in _QUOTED.finditer(draft.plain):
        joined = spans and _JOIN.fullmatch(draft.plain, spans[-1][1] + 1, match.start())
        if joined or _is_like(draft, match.start(1)):
            by = _BY.search(match[1])
            spans.append((match.start(1), match.start(1) + by.start() if by else match.end(1)))
    return spans


def _sentence_ends(draft: Draft, first: int, last: int) -> bool:
    return any(sign in word.gap for word in draft.words[first : last + 1] for sign in ".!?;\n")


def _is_like(draft: Draft, start: int) -> bool:
    first, last = draft.covered(start, start + 1)
    cue = cue_before(draft, first) if last else None
    return cue is not None and cue.role == "like"


def _title_before(draft: Draft, name: _Name, before: _Name | None) -> int | None:
    """The first word of a title before "by <name>", when a "like" or another such pair stands before it."""
    end = name.first - 1
    if end < 1 or draft.words[end].key != "by" or draft.words[end - 1].key in _NO_TITLE or '"' in draft.words[end].gap:
        return None
    for start in range(end - 1, max(-1, end - _LONGEST_TITLE), -1):
        cue = cue_before(draft, start, near=True)
        after_pair = before is not None and (
            start == before.last or (start == before.last + 1 and draft.words[before.last].key in {"and", "or"})
        )
        if after_pair or (cue is not None and cue.role == "like"):
            return start
        if any(sign in draft.words[start].gap for sign in ".!?;|\n"):
            return None
    return None


def _add_title(draft: Draft, start: int, end: int) -> None:
    first, last = draft.covered(start, end)
    draft.mentions = [mention for mention in draft.mentions if mention.last <= first or mention.first >= last]
    draft.taken[first:last] = [True] * (last - first)
    title = draft.text[start:end]
    draft.findings.append(
        Finding(
            slot="track", value=title, start=start, end=end, means=f"song: {title}", polarity="~", source="references"
        )
    )


def _add_artist(draft: Draft, name: _Name) -> None:
    draft.mentions = [mention for mention in draft.mentions if mention.last <= name.first or mention.first >= name.last]
    draft.mentions.append(
        Mention(
            first=name.first,
            last=name.last,
            kind="artist",
            name=name.name,
            role="like" if name.cue.role == "like" else "wanted",
            source="references" if name.known else "form",
        )
    )
