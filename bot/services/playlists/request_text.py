"""A member's words before and after they are understood: what may be read at all, and the name of the set."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence

from bot.errors import EmptyRequest, RequestTooLong
from bot.services.values import TEXT_LIMIT, RecognisedPhrase
from nlp.vibe import Vibe

NAME_LIMIT = 60
"""Characters of a playlist's name."""

DESCRIPTION_LIMIT = 200
"""Characters of a playlist's description."""

_BLANKS = frozenset("\u115f\u1160\u2800\u3164\uffa0")
"""Letters and signs that show nothing, though Unicode does not call them spaces."""

_OUTSIDE_OF_NAMES = re.compile(r"[^\w\s'’&+\-]|_", re.UNICODE)
_SPACES = re.compile(r"\s+")
_NOT_OF_A_NAME = ("length", "arc", "clean")
"""How the meanings begin that say how much to play and in what order, and not how it feels."""


def readable(text: str) -> str:
    """`text` without half characters (lone surrogates), which no database takes."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def checked(text: str) -> str:
    """The request as the parser gets it. Raises EmptyRequest when nothing of it shows, RequestTooLong beyond 500."""
    text = readable(text).strip()
    if not any(shows(sign) for sign in text):
        raise EmptyRequest
    if len(text) > TEXT_LIMIT:
        raise RequestTooLong(length=len(text), limit=TEXT_LIMIT)
    return text


def shows(sign: str) -> bool:
    """Whether a sign can be seen at all: no space, control or mark by itself."""
    return sign not in _BLANKS and unicodedata.category(sign)[0] not in "CZM"


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
