"""Numbers as people write them, and the words that make limits of them."""

from __future__ import annotations

import re

from nlp.vibe import LengthKind

_ONES = [
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_WORDS = {word: float(value) for value, word in enumerate(_ONES, start=1)}
_WORDS |= {word: float(value * 10) for value, word in enumerate(_TENS, start=2)}
_WORDS |= dict.fromkeys(("a", "an", "una", "uma", "une", "eine", "un'"), 1.0)
_WORDS |= {"hundred": 100.0, "a couple": 2.0, "couple": 2.0, "a couple of": 2.0, "couple of": 2.0}

_FOREIGN: dict[int, str] = {
    2: "dos|deux|zwei|due|duas|dois",
    3: "tres|trois|drei|tre",
    4: "cuatro|quatre|vier|quattro|quatro",
    5: "cinco|cinq|funf|cinque",
    10: "diez|dix|zehn|dieci|dez",
    15: "quince|quinze|funfzehn|quindici",
    20: "veinte|vingt|zwanzig|venti|vinte",
    25: "veinticinco|vingt-cinq|funfundzwanzig|venticinque",
    30: "treinta|trente|dreißig|dreissig|trenta|trinta",
    40: "cuarenta|quarante|vierzig|quaranta|quarenta",
    50: "cincuenta|cinquante|funfzig|cinquanta|cinquenta",
}
"""The numbers people ask for, in five languages, without accents."""

_WORDS |= {word: float(value) for value, words in _FOREIGN.items() for word in words.replace("-", " ").split("|")}

_ONE = "|".join(sorted(_ONES, key=len, reverse=True))
_TEN = "|".join(_TENS)
_OTHERS = "|".join(sorted("|".join(_FOREIGN.values()).split("|"), key=len, reverse=True))
NUMBER = (
    rf"(?:(?:half a|\d+|a|{_ONE}) dozen|dozen|(?:{_TEN})[ -](?:{'|'.join(_ONES[:9])})|{_TEN}|{_ONE}"
    rf"|(?:a |one )?hundred|(?:a )?couple(?: of)?|(?:{_OTHERS})\b|\d{{1,4}}(?:[.,]\d)?)"
)
"""A number in digits or words, as a pattern."""

AT_MOST = (
    r"nothing over|nothing longer than|nothing above|no more than|not more than|no longer than|"
    r"not longer than|not over|no over|at most|at the most|"
    r"at max|up to|maximum of|maximum|max|under|"
    r"less than|fewer than|below|within|shorter than"
)
AT_LEAST = (
    r"at least|at the least|at minimum|no less than|no fewer than|not less than|no shorter than|"
    r"minimum of|minimum|min|over|more than|longer than|above"
)
ABOUT = (
    r"about|like|around|approximately|approx|roughly|circa|ca|some|nearly|almost|maybe|probably|~|"
    r"unos|unas|etwa|environ|mais ou menos"
)
EXACTLY = r"exactly|precisely|just|only"
BOUND = rf"(?:(?P<bound>{AT_MOST}|{AT_LEAST}|{ABOUT}|{EXACTLY})\.? ?)?"
"""An optional word before a number that makes a limit of it."""

AFTER = (
    r"(?P<after> ?(?:or so|or less|or fewer|or under|at most|at the most|max|maximum|tops|or more|"
    r"or longer|at least|minimum|ish|-ish|\+))?"
)
"""An optional word after it."""

_KINDS: tuple[tuple[re.Pattern[str], LengthKind], ...] = (
    (re.compile(rf"(?:{AT_MOST}|or less|or fewer|or under|at the most|tops)"), "at_most"),
    (re.compile(rf"(?:{AT_LEAST}|or more|or longer|\+)"), "at_least"),
    (re.compile(rf"(?:{ABOUT}|or so|-?ish)"), "about"),
    (re.compile(rf"(?:{EXACTLY})"), "exact"),
)


def number(text: str) -> float:
    """The value of what `NUMBER` matched."""
    plain = text.strip().replace("-", " ").replace(",", ".")
    if plain.endswith("dozen"):
        head = plain.removesuffix("dozen").strip()
        return 12.0 * (0.5 if head == "half a" else 1.0 if not head else number(head))
    if plain.endswith("hundred"):
        return 100.0
    if plain in _WORDS:
        return _WORDS[plain]
    if " " in plain:
        return sum(_WORDS[part] for part in plain.split())
    return float(plain)


def kind_of(match: re.Match[str], default: LengthKind) -> LengthKind:
    """The kind of limit that the words before and after a number make."""
    groups = match.groupdict()
    for said in (groups.get("after"), groups.get("bound")):
        if said and (kind := next((kind for words, kind in _KINDS if words.fullmatch(said.strip())), None)):
            return kind
    return default
