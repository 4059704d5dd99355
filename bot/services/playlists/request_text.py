"""A member's words after they are understood: what was heard and what was not, and the name of the set."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from bot.services.request_words import readable
from bot.services.values import RecognisedPhrase
from nlp.vibe import Vibe

NAME_LIMIT = 60
"""Characters of a playlist's name."""

DESCRIPTION_LIMIT = 200
"""Characters of a playlist's description."""

_OUTSIDE_OF_NAMES = re.compile(r"[^\w\s'’&+\-]|_", re.UNICODE)
_SPACES = re.compile(r"\s+")
_NOT_OF_A_NAME = ("length", "arc", "clean")
"""How the meanings begin that say how much to play and in what order, and not how it feels."""


def chips(vibe: Vibe, text: str) -> tuple[RecognisedPhrase, ...]:
    """What was understood of `text`, in the order of the words; the same words for the same thing are one chip.

    Words that are not kept (`text` is empty) leave chips without words, told by what they meant.
    """
    found = (
        RecognisedPhrase(text=readable(text[piece.start : piece.end]), means=piece.means, polarity=piece.polarity)
        for piece in sorted(vibe.evidence, key=lambda piece: (piece.start, piece.end))
    )
    return tuple(dict.fromkeys(chip for chip in found if chip.text or not text))


def spans(text: str, words: Iterable[str]) -> list[list[int]]:
    """Where `words` stand in `text`, as [start, end] each: enough to show them again without keeping them twice."""
    found: list[list[int]] = []
    for word in words:
        place = re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text, re.IGNORECASE) or re.search(
            re.escape(word), text, re.IGNORECASE
        )
        if place:
            found.append([place.start(), place.end()])
    return found


def at_spans(text: str, places: Sequence[Sequence[int]]) -> tuple[str, ...]:
    """The words that stand at `places` of `text`."""
    return tuple(text[start:end] for start, end in places if text[start:end])


def name_of(vibe: Vibe, text: str) -> str:
    """A short name in title case out of the understood words: "Rainy Sunday, Soft Piano"; 60 characters at most."""
    name = ""
    for phrase in _phrases(vibe, text):
        longer = f"{name}, {phrase}" if name else phrase
        if phrase.casefold() in name.casefold() or len(longer) > NAME_LIMIT:
            continue
        name = longer
        if name.count(",") == 3:
            break
    return name or _named_after_contents(vibe)


def describe(text: str, songs: int) -> str:
    """One line about the set, as a playlist's description: how many songs, and for which words."""
    words = _SPACES.sub(" ", plain(text))
    line = f'{songs} songs for "{words}"' if words else f"{songs} songs"
    return line if len(line) <= DESCRIPTION_LIMIT else line[: DESCRIPTION_LIMIT - 1].rstrip() + "…"


def plain(text: str) -> str:
    """`text` without anything that a name has no use for: markup, mentions, links' signs, control characters."""
    return _SPACES.sub(" ", _OUTSIDE_OF_NAMES.sub(" ", text)).strip(" '’-&+")


def _phrases(vibe: Vibe, text: str) -> list[str]:
    """The wanted words, neighbours joined, each in title case; what the set shall sound like is "Like ..."."""
    joined: list[list[int]] = []
    alike: set[int] = set()
    for piece in sorted(vibe.evidence, key=lambda piece: (piece.start, -piece.end)):
        if piece.polarity == "-" or piece.means.casefold().startswith(_NOT_OF_A_NAME):
            continue
        if piece.polarity == "~":
            alike.add(piece.start)
        if joined and not text[joined[-1][1] : piece.start].strip(" -"):
            joined[-1][1] = max(joined[-1][1], piece.end)
        else:
            joined.append([piece.start, piece.end])
    phrases = ((start in alike, _titled(plain(text[start:end]))) for start, end in joined)
    return [f"Like {words}" if like else words for like, words in phrases if any(map(str.isalnum, words))]


def _titled(phrase: str) -> str:
    return " ".join(word[:1].upper() + word[1:] for word in phrase.split())


def _named_after_contents(vibe: Vibe) -> str:
    """A name for a request whose words make none, such as one of emoji or numbers alone."""
    names = (*vibe.genres.wanted, *vibe.contexts, *vibe.artists.wanted, *vibe.instruments.wanted)
    return ", ".join(_titled(plain(name)) for name in names[:3])[:NAME_LIMIT] or "Your Vibe"
