"""Characters to words: a spaCy tokenizer that keeps every offset, and the words as the components compare them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from spacy.language import Language
from spacy.tokens import Doc
from spacy.util import registry
from spacy.vocab import Vocab

LONGEST_TEXT = 1_200
"""Characters that are read; a request is at most 500 in Discord, and what follows here is not looked at."""

MOST_WORDS = 180
"""Words that are read, a bound as the one above."""

MOST_EMOJI = 60
"""Emoji that are read, of these words: a wall of them says no more, and each is worth several findings."""

_IGNORED = "\x00"
_JOINER = "\u200d"
_SIGNS = {
    **dict.fromkeys("‘’‛`´ʼ′", "'"),
    **dict.fromkeys("“”„«»″", '"'),
    **dict.fromkeys("‐‑‒–—―−", "-"),
    **dict.fromkeys("…。", "."),
    **dict.fromkeys("、，", ","),
}
_EMOJI = (
    "\u2190-\u21ff\u2300-\u257f\u25a0-\u27bf\u2900-\u297f\u2b00-\u2bff"
    "\u3030\u303d\u3297\u3299\U0001f000-\U0001f3fa\U0001f400-\U0001faff"
)
_SKIN = "\U0001f3fb-\U0001f3ff"
_TOKEN = re.compile(
    r"[^\W_](?:[^\W_\x00]|\x00+(?=[^\W_])|'(?=[^\W_]))*\x00*"
    r"|[\U0001f1e6-\U0001f1ff]{2}"
    rf"|[{_EMOJI}][\x00{_SKIN}]*(?:{_JOINER}[{_EMOJI}][\x00{_SKIN}]*)*"
    r"|[\u2581-\u2588]+"
    r"|\s+"
    r"|[\w\W]"
)
_DROPPED = re.compile(rf"[\x00'{_SKIN}]|{_JOINER}[\u2640\u2642]")
_BREAK = re.compile(r'[,.;!?:|()\[\]"\n]')
_DIRECTION = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_EMOJI_START = re.compile(f"[{_EMOJI}]")


class _Plain(dict[int, str]):
    """Every character as one character to compare by: no case, accent, width or typographic variant."""

    def __missing__(self, code: int) -> str:
        self[code] = plain = _plain_sign(chr(code))
        return plain


def _plain_sign(sign: str) -> str:
    category = unicodedata.category(sign)
    if sign in _SIGNS:
        return _SIGNS[sign]
    if sign == "\n" or sign == _JOINER:
        return sign
    if category in {"Cc", "Zs", "Zl", "Zp"} or _DIRECTION.match(sign):
        return " "
    if category in {"Mn", "Me", "Cf"}:
        return _IGNORED
    parts = [part for part in unicodedata.normalize("NFKD", sign) if unicodedata.category(part) != "Mn"]
    folded = parts[0].lower() if len(parts) == 1 else sign.lower()
    return folded if len(folded) == 1 else sign


class Word(NamedTuple):
    """One word or emoji: where it stands, as it is compared, and the plain characters before it (`gap`)."""

    start: int
    end: int
    key: str
    gap: str
    capital: bool

    @property
    def breaks(self) -> bool:
        """Whether a comma, a full stop or another end of a clause stands before the word."""
        return _BREAK.search(self.gap) is not None


def words_in(text: str, plain: str) -> tuple[Word, ...]:
    """The words and emoji of `text`, whose plain form is `plain`, without punctuation and spaces."""
    words: list[Word] = []
    last = emoji = 0
    for match in _TOKEN.finditer(plain):
        key = _key(match[0])
        if not key:
            continue
        emoji += is_emoji(key)
        if len(words) < MOST_WORDS and (emoji <= MOST_EMOJI or not is_emoji(key)):
            start, end = match.span()
            words.append(Word(start, end, key, plain[last:start], text[start].isupper()))
            last = end
    return tuple(words)


class Plainer:
    """Turns texts into their plain form, character by character, so that offsets are those of the text."""

    def __init__(self) -> None:
        self._table = _Plain()

    def plain(self, text: str) -> str:
        """`text` as it is compared; as long as `text`."""
        return text.translate(self._table)

    def keys(self, text: str) -> tuple[str, ...]:
        """The words of a phrase as they are compared."""
        plain = self.plain(text)
        return tuple(key for token in _TOKEN.findall(plain) if (key := _key(token)))


def _key(token: str) -> str:
    if token in {"&", "n"}:
        return "and"
    if token.isascii():
        return token.replace("'", "").replace(_IGNORED, "") if token[0].isalnum() else ""
    if token[0].isalnum():
        return _DROPPED.sub("", token)
    if _EMOJI_START.match(token) or "\u2581" <= token[0] <= "\u2588" or "\U0001f1e6" <= token[0] <= "\U0001f1ff":
        return _DROPPED.sub("", token)
    return ""


def is_emoji(key: str) -> bool:
    """Whether a word's key is an emoji."""
    return not key[0].isalnum()


def create_words_tokenizer() -> Callable[[Language], WordsTokenizer]:
    """The tokenizer's entry in spaCy's registry."""
    return lambda nlp: WordsTokenizer(nlp.vocab)


registry.tokenizers.register("vibrato.words.v1", func=create_words_tokenizer)


class WordsTokenizer:
    """Splits a request into words, emoji and signs in linear time, whatever the characters are."""

    def __init__(self, vocab: Vocab) -> None:
        self.vocab = vocab
        # No attribute of a word is asked for, and working them out is most of the time that a Doc takes.
        vocab.lex_attr_getters = {}  # type: ignore[attr-defined] # a public attribute that the stubs leave out
        self._plainer = Plainer()

    def __call__(self, text: str) -> Doc:
        """The Doc of the first `LONGEST_TEXT` characters; its text is the request's, lone surrogates replaced."""
        text = _SURROGATE.sub("\ufffd", text[:LONGEST_TEXT])
        plain = self._plainer.plain(text)
        tokens: list[str] = []
        spaces: list[bool] = []
        for match in _TOKEN.finditer(plain):
            start, end = match.span()
            if tokens and not spaces[-1] and text[start] == " " and not tokens[-1].isspace():
                spaces[-1] = True
                start += 1
            if start < end:
                tokens.append(text[start:end])
                spaces.append(False)
        doc = Doc(self.vocab, words=tokens, spaces=spaces)
        doc.user_data["text"], doc.user_data["plain"] = text, plain
        return doc

    def to_bytes(self, **_: Any) -> bytes:
        """Nothing to keep: the rules are code."""
        return b""

    def from_bytes(self, _data: bytes, **_: Any) -> WordsTokenizer:
        """Nothing to read."""
        return self

    def to_disk(self, _path: Path | str, **_: Any) -> None:
        """Nothing to keep."""

    def from_disk(self, _path: Path | str, **_: Any) -> WordsTokenizer:
        """Nothing to read."""
        return self
