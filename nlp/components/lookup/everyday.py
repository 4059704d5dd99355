"""Words that name music and everyday things alike: which of the two a request means.

"My parents' house" is no house music, a "metal detector" no metal and "latin homework" no latin. The table
`everyday.tsv` says which words those are and what company gives them away; a music word beside them takes that back.
"""

from __future__ import annotations

from collections.abc import Iterable

from spacy.lang.en.stop_words import STOP_WORDS

from nlp.components.draft import Mention, RequestDraft
from nlp.components.words import Plainer
from nlp.lexicon import EVERYDAY_KINDS, Entry

EVERYDAY = "everyday"
"""The name of a mention that turned out to say nothing of the music."""

FARTHEST = 3
"""Words that may stand between "my" or "the" and its noun: "their lovely old house"."""

_MUSIC = frozenset({"genre", "instrument", "vocals"})
_WITH_MUSIC = _MUSIC | {"sound", "activity", "scene", "time", "familiarity"}
"""Kinds of what a word of music describes: "a swing groove", "the house workout"."""

_DATED = frozenset({"years", "era"})
_FELT = frozenset({"mood", "sound"})
_PRAISED = frozenset({"best", "favorite", "favourite", "fave", "greatest", "finest", "latest", "kind", "type", "sort"})
_INNER = frozenset({"whole", "own", "other", "same", "next", "last", "two", "three", "four", "back", "front", "empty"})
"""Small words that may stand between a determiner and its noun; others end the phrase."""

_PLACES = frozenset({"in", "into", "inside", "at", "around", "through", "across", "outside", "near", "behind", "to"})
_JOINING = frozenset({" ", "-"})
_INSIDE = frozenset({"", "-", "'"})
"""Signs that do not end a phrase."""

_NO_OWNERS = frozenset({"its", "thats", "lets", "whats", "heres", "theres", "whos", "hes", "shes"})
_PLURALS = ("s", "es")


class EverydayWords:
    """Tells apart whether words of music are meant as such, by the words around them."""

    def __init__(self, entries: Iterable[Entry], plainer: Plainer) -> None:
        rows = [entry for entry in entries if entry.kind in EVERYDAY_KINDS]
        self._rows = {plainer.keys(form): entry for entry in rows if entry.kind == "everyday" for form in entry.forms}
        self._first = frozenset(keys[0] for keys in self._rows)
        self._company = {entry.name: frozenset(entry.forms) for entry in rows if entry.kind == "company"}

    def set_aside(self, draft: RequestDraft) -> None:
        """Make fillers of the mentions in `draft` that are everyday words there; its mentions have to be settled.

        From the last to the first: in "their old country house" each word leans on the next one.
        """
        for mention in reversed(draft.mentions):
            row = self._row(draft, mention)
            if row is not None and mention.source != "moods" and self._is_everyday(draft, mention, row):
                mention.kind, mention.name = "filler", EVERYDAY
                mention.entries, mention.inner, mention.grade = (), (), ""

    def _row(self, draft: RequestDraft, mention: Mention) -> Entry | None:
        if draft.words[mention.first].key not in self._first:
            return None
        return self._rows.get(tuple(word.key for word in draft.words[mention.first : mention.last]))

    def _is_everyday(self, draft: RequestDraft, mention: Mention, row: Entry) -> bool:
        before = {value for key, value in row.hints if key == "before"}
        after = {value for key, value in row.hints if key == "after"}
        if self._followed_by(draft, mention, after):
            return True
        return self._determiner(draft, mention) in before and self._ends_phrase(draft, mention)

    def _followed_by(self, draft: RequestDraft, mention: Mention, after: set[str]) -> bool:
        """Whether company of these classes follows, and no word of music goes on after that.

        One noun may stand between: "a metal water bottle". A person alone is a kind of music: "goth girl".
        """
        for last in (mention.last + 1, mention.last + 2):
            place = last - 1
            if last > len(draft.words) or draft.words[place].gap not in _JOINING or _is_music(draft, place, _MUSIC):
                return False
            found = self._classes(draft, place) & after
            if found:
                person = found == {"person"}
                titled = person and mention.first == 0 and last == len(draft.words)
                return not titled and not _is_music(draft, last, _WITH_MUSIC | {"mood"} if person else _MUSIC)
            if draft.words[place].key in STOP_WORDS:
                return False
        return False

    def _classes(self, draft: RequestDraft, place: int) -> set[str]:
        """The classes of company that the word at `place` is of; what was set aside is a thing."""
        key, mention = draft.words[place].key, draft.at(place)
        forms = {key, *(key.removesuffix(ending) for ending in _PLURALS)}
        found = {name for name, words in self._company.items() if not words.isdisjoint(forms)}
        return found | {"thing"} if mention is not None and mention.name == EVERYDAY else found

    def _determiner(self, draft: RequestDraft, mention: Mention) -> str:
        """The class of the word that the phrase of `mention` begins with, "owner" or "article", or nothing.

        An article with a feeling behind it is a sign in a place only: "a chill house for studying" is music, "in an
        empty house" is not. Neither is one behind a denial: "skip the country" is about the music.
        """
        felt = False
        for place in range(mention.first, max(0, mention.first - FARTHEST - 1), -1):
            if draft.words[place].gap.strip() not in _INSIDE:
                return ""
            word = draft.words[place - 1]
            if word.key in self._company.get("owner", ()) or _owns(draft, place - 1):
                return "owner"
            if word.key in self._company.get("article", ()):
                inside = place > 1 and draft.words[place - 2].key in _PLACES
                return "article" if (inside or not felt) and not _denied(draft, place - 1) else ""
            before = draft.at(place - 1)
            if not self._describes(draft, before, word.key):
                return ""
            felt = felt or (before is not None and before.kind in _FELT)
        return ""

    def _describes(self, draft: RequestDraft, before: Mention | None, key: str) -> bool:
        """Whether a word may stand between a determiner and its noun."""
        if key in _PRAISED:
            return False
        if before is None:
            return key not in STOP_WORDS or key in _INNER
        if before.kind in {"genre", "instrument"}:
            return self._row(draft, before) is not None
        if before.kind == "filler":
            return before.name != "music"
        return before.grade != "most" and before.kind not in {"negation", "idiom", "contrast", "change", "years"}

    def _ends_phrase(self, draft: RequestDraft, mention: Mention) -> bool:
        """Whether `mention` is the noun itself, with no word of music after it: "my house", not "my house playlist"."""
        place = mention.last
        if place >= len(draft.words):
            return True
        listed = draft.at(place)
        if draft.words[place].gap.strip() in {",", "/", "&", "+"} and listed is not None and listed.kind in _MUSIC:
            return False
        if draft.words[place].breaks:
            return True
        key, after = draft.words[place].key, draft.at(place + 1)
        if key in {"and", "or"} and after is not None:
            return after.kind not in {"genre", "instrument"} or self._row(draft, after) is not None
        near = (draft.at(index) for index in range(place, min(place + 3, len(draft.words))))
        if any(other is not None and other.kind in _DATED for other in near):
            return False
        return key.endswith("ing") or not _is_music(draft, place, _WITH_MUSIC)


def _is_music(draft: RequestDraft, place: int, kinds: frozenset[str]) -> bool:
    """Whether the word at `place` goes on in the same phrase with something of these kinds, or a word for music."""
    after = draft.at(place)
    if after is None or draft.words[place].breaks or draft.words[place].key in STOP_WORDS:
        return False
    return after.kind in kinds or (after.kind == "filler" and after.name == "music")


def _denied(draft: RequestDraft, place: int) -> bool:
    """Whether the word at `place` ends a denial or stands right behind one: "lose the", "skip the"."""
    beside = (draft.at(place), draft.at(place - 1) if place else None)
    return any(mention is not None and mention.kind == "negation" for mention in beside)


def _owns(draft: RequestDraft, place: int) -> bool:
    """Whether the word at `place` is a possessive: "Tom's", "parents'"."""
    word = draft.words[place]
    if word.key in _NO_OWNERS:
        return False
    written = draft.plain[word.start : word.end]
    return written.endswith("'s") or (written.endswith("s") and draft.words[place + 1].gap.startswith("'"))
