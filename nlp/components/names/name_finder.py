"""Names of artists in a request: windows of words looked up in the index, else names by their form."""

from __future__ import annotations

from spacy.lang.en.stop_words import STOP_WORDS

from nlp.components.draft import RequestDraft
from nlp.components.names.cues import Cue

LONGEST_NAME = 8
"""Words in the longest name looked for, whatever the index says."""

EVERYDAY, UNCOMMON, FAMILIAR = 1_000, 3_000, 6_000
"""Ranks among the common English words: an everyday word is no name, a name of familiar words needs a cue."""

_SMALL = frozenset({"of", "the", "and", "da", "de", "la", "le", "von", "van", "el"})
_SUFFIXES = ("ish", "esque", "like", "s")
_NO_NAMES = STOP_WORDS | frozenset(
    {"music", "song", "songs", "playlist", "something", "anything", "vibe", "vibes", "im", "me"}
)
_ENDS = '.;!?:|()[]"\n'
_JOINED_BY = frozenset({"and", "or", "x", "vs", "feat", "ft", "with"})


class NameFinder:
    """Looks for names from one word on, in the draft of one request."""

    def __init__(self, draft: RequestDraft) -> None:
        self._draft = draft
        self._folded = [draft.folded(index) for index in range(len(draft.words))] if draft.names else []
        self._found: dict[int, list[tuple[int, str]]] = {}
        capitals = sum(word.capital for word in draft.words)
        self._telling = 0 < capitals <= max(2, 0.6 * len(draft.words))

    def possible(self, index: int) -> bool:
        """Whether a name can begin at the word `index` at all."""
        self._found[index] = found = self._known(index)
        return bool(found) or self._draft.words[index].capital or self._is_rare(index)

    def at(self, index: int, cue: Cue | None, *, listed: bool = False) -> tuple[int, str, bool] | None:
        """The name that begins at the word `index`: past-the-last word, name, and whether the index knows it.

        One that is `listed` with others may be no word of the language without any other sign.
        """
        known = self._found.get(index) or self._known(index)
        meant = next(((length, name) for length, name in known if self._is_meant(index, length, cue)), None)
        if listed and meant is None and self._draft.words[index].capital and self._is_rare(index):
            cue = cue if cue is not None and cue.role in {"like", "by"} else Cue("by")
        return self._by_form(index, cue) if meant is None else (index + meant[0], meant[1], True)

    def _known(self, index: int) -> list[tuple[int, str]]:
        """Lengths in words and names of the index that begin at `index`, the longest first."""
        names = self._draft.names
        if names is None:
            return []
        longest = min(LONGEST_NAME, names.longest + 1, len(self._folded) - index)
        found = ((length, self._lookup(index, length)) for length in range(longest, 0, -1))
        return [(length, name) for length, name in found if name is not None]

    def continues(self, last: int, index: int) -> bool:
        """Whether the word at `index` goes on in a list of names that had one end at `last`."""
        words = self._draft.words
        between = [word.key for word in words[last:index]]
        commas = words[index].gap.strip() in {",", "/", "&", "+", ", &", '",', '", "'}
        if not between:
            return commas
        return between[0] in _JOINED_BY and set(between[1:]) <= {"the", "also", "maybe", "even"}

    def _lookup(self, index: int, length: int) -> str | None:
        names = self._draft.names
        if names is None:
            return None
        folded = self._folded[index : index + length]
        if not folded[0] or not folded[-1] or (length == 1 and folded[0] in STOP_WORDS):
            return None
        whole = " ".join(folded).replace("  ", " ")
        found = names.lookup(whole)
        if found is None and "and" in folded[1:-1]:
            found = names.lookup(" ".join(part for part in folded if part and part != "and"))
        if found is None and len(whole) > 4 and whole.endswith(_SUFFIXES):
            stems = (whole.removesuffix(suffix) for suffix in (" s", *_SUFFIXES) if whole.endswith(suffix))
            found = next(
                (name for stem in stems if stem[-1:] != " " and (name := names.lookup(stem)) is not None), None
            )
        return found

    def _is_meant(self, index: int, length: int, cue: Cue | None) -> bool:
        """Whether words that are a name stand for it here."""
        draft = self._draft
        words = draft.words[index : index + length]
        if any(sign in word.gap for word in words[1:] for sign in ';?:|()[]"\n'):
            return False
        keys = [word.key for word in words]
        if all(key in _NO_NAMES or key.isdigit() for key in keys) and not (cue and cue.strong):
            return False
        strong = cue is not None and cue.strong
        named = self._telling and all(word.capital or word.key in _SMALL for word in words) and words[0].start > 0
        whole = draft.at(index)
        if whole is not None and whole.first <= index and whole.last >= index + length:
            return (strong and whole.kind != "negation") or (
                whole.kind in {"filler", "degree"} and cue is not None and named
            )
        if strong or (cue is not None and cue.role == "like"):
            return True
        rank = max(self._rank(i) for i in range(index, index + length))
        if length > 1:
            known = min(self._rank(i) for i in range(index, index + length))
            if known and rank >= UNCOMMON:
                return True
            return rank >= FAMILIAR or (named and rank >= EVERYDAY) or (cue is not None and rank >= EVERYDAY)
        rare = rank >= len(draft.common) and len(keys[0]) > 2
        return rare or named or ((cue is not None or self._is_framed(index)) and rank >= EVERYDAY)

    def _rank(self, index: int) -> int:
        """How common a word is: 0 for a word of the tables, high for one that is no common English word."""
        mention = self._draft.at(index)
        if mention is not None and mention.kind not in {"filler", "degree"}:
            return 0
        key = self._draft.words[index].key
        common = self._draft.common
        plain = next((form for form in (key, key.removesuffix("s"), key.removesuffix("es")) if form in common), None)
        if key in _NO_NAMES:
            return 0
        return len(common) if plain is None else common[plain]

    def _is_framed(self, index: int) -> bool:
        """Whether the word is the whole request, or songs are asked of it: "queen songs"."""
        words = self._draft.words
        after = words[index + 1].key if index + 1 < len(words) else ""
        alone = len(words) == 1 or (index == 0 and words[0].capital and after == "but" and not words[1].breaks)
        return alone or (index == 0 and after in {"songs", "tracks", "hits", "albums", "discography", "playlist"})

    def _by_form(self, index: int, cue: Cue | None) -> tuple[int, str, bool] | None:
        """A name by its capitals, after a word that announces one."""
        draft = self._draft
        if cue is None or cue.role not in {"like", "by", "deny"}:
            return None
        rare = self._is_rare(index)
        if cue.role == "deny" and not self._is_full_name(index):
            return None
        if not (rare or self._could_begin(index)):
            return None
        last = index + 1
        while last < len(draft.words) and (self._goes_on(last) or (rare and self._is_rare(last, inside=True))):
            last += 1
        start, end = draft.words[index].start, draft.words[last - 1].end
        return last, draft.text[start:end].removesuffix("'s").removesuffix("’s"), False

    def _is_rare(self, index: int, *, inside: bool = False) -> bool:
        """Whether a word is no English word and none of the tables, as many names are."""
        word = self._draft.words[index]
        ended = inside and any(sign in word.gap for sign in _ENDS + ",/")
        plain = word.key.isalpha() and len(word.key) > 2 and self._draft.at(index) is None
        return plain and not ended and word.key not in STOP_WORDS and self._rank(index) >= len(self._draft.common)

    def _is_full_name(self, index: int) -> bool:
        """Whether two words with capitals stand here among words without, as names do: "no Ed Sheeran please".

        One of them is no English word, or none of them is a word of the tables.
        """
        words = self._draft.words
        pair = words[index : index + 2]
        if len(pair) < 2 or pair[1].gap != " " or not all(word.capital for word in pair):
            return False
        if all(word.capital for word in words[:index] + words[index + 2 :]):
            return False
        places = (index, index + 1)
        return any(map(self._is_rare, places)) or all(self._draft.at(place) is None for place in places)

    def _could_begin(self, index: int) -> bool:
        word = self._draft.words[index]
        mention = self._draft.at(index)
        known = mention is not None and mention.kind not in {"filler", "degree"} and not self._is_full_name(index)
        return word.capital and not known and (word.key not in _NO_NAMES or word.key in {"the", "my", "a"})

    def _goes_on(self, index: int) -> bool:
        words = self._draft.words
        word = words[index]
        if any(sign in word.gap for sign in _ENDS + ",/"):
            return False
        if word.capital:
            return True
        follower = words[index + 1] if index + 1 < len(words) else None
        small = word.key in _SMALL - {"and"} or (word.key == "and" and follower is not None and follower.key == "the")
        return small and follower is not None and follower.capital and not follower.breaks
