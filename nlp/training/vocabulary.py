"""The words that the trained part may know: everyday English, words of titles, and emoji by what they show."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from spacy.lang.en.stop_words import STOP_WORDS

from nlp.components.words import Plainer, is_emoji
from nlp.lexicon import Entry, form_key
from nlp.training.tables import signs, title_words

EVERYDAY = 300
"""The most frequent English words say nothing of music that a row would not say."""

_SHORTEST = 3
_LONGEST_PHRASE = 2
_FIRST_PICTURE = "\u2600"


def vocabulary(entries: Iterable[Entry], common: Iterable[str], pieces: Iterable[str]) -> Mapping[str, str]:
    """Keys as the parser compares words, and the text that is to be encoded for each: for an emoji it is its name.

    What a row of `entries` knows is left out. `common` are everyday words, the most frequent first, `pieces` the
    encoder's own words.
    """
    frequent = list(common)
    silent = STOP_WORDS | set(frequent[:EVERYDAY]) | {form_key(form) for entry in entries for form in entry.forms}
    shown = {keyword for sign in signs() for keyword in (sign.name, *sign.keywords)}
    words = (form_key(word) for word in [*frequent, *pieces, *(group.name for group in title_words()), *sorted(shown)])
    kept = {word: word for word in words if _is_phrase(word) and word not in silent}
    plainer = Plainer()
    for sign in signs():
        keys = plainer.keys(sign.emoji)
        if len(keys) == 1 and is_emoji(keys[0]) and keys[0] >= _FIRST_PICTURE and keys[0] not in silent:
            kept.setdefault(keys[0], sign.name)
    return kept


def _is_phrase(word: str) -> bool:
    """Whether it is one word of letters, or two."""
    parts = word.split(" ")
    return len(parts) <= _LONGEST_PHRASE and all(
        part.isascii() and part.isalpha() and len(part) >= _SHORTEST for part in parts
    )
