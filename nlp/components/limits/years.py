"""Years, decades and spans of them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nlp.components.draft import Mention, RequestDraft
from nlp.vibe import YearSpan

_WORDS = {
    "twenties": 1920,
    "thirties": 1930,
    "forties": 1940,
    "fifties": 1950,
    "sixties": 1960,
    "seventies": 1970,
    "eighties": 1980,
    "nineties": 1990,
    "noughties": 2000,
    "aughts": 2000,
    "two thousands": 2000,
    "twenty tens": 2010,
    "achtziger": 1980,
    "neunziger": 1990,
    "siebziger": 1970,
    "sechziger": 1960,
    "ochentas": 1980,
    "noventas": 1990,
    "setentas": 1970,
    "anos ochenta": 1980,
    "anos noventa": 1990,
    "anos setenta": 1970,
    "anos sesenta": 1960,
    "anos oitenta": 1980,
    "anni ottanta": 1980,
    "anni novanta": 1990,
    "anni settanta": 1970,
    "anni sessanta": 1960,
}
_PARTS = {"early": (0, 3), "mid": (4, 6), "middle": (4, 6), "late": (7, 9)}
_FIRST_YEAR = 1900
_SHORT_DECADES_OF_1900 = 20

_TOLD = re.compile(rf"\d\d|{'|'.join(_WORDS)}")
_DECADE = (
    rf"(?:'?(?:(?:19|20)\d0|\d0) ?'?s|\d0ern?(?:[ -]jahren?)?|"
    rf"(?:anni|anos|annees) '?(?:(?:19|20)\d0|\d0)|los '?[5-9]0(?! (?:min|canc|tem|bpm))|{'|'.join(_WORDS)})"
)
_PART = r"(?:(?:early|mid|middle|late)[- ]?(?:(?:to|and)[- ](?:mid|late)[- ]?)?(?:of the )?)"
_YEAR = r"(?:(?:19\d|20[0-4])\d|'\d\d(?![\d']|s\b))"
_TIME = rf"(?:{_PART}?{_DECADE}|{_YEAR})"
_NOW = r"now|today|the present|present|nowadays"
_DENY = (
    r"(?P<deny>(?:nothing|none|not|no(?: songs?| music| tracks?| stuff)?|don'?t (?:want|play|"
    r"include)(?: anything)?|never anything)"
    r"(?: (?:from|that'?s?|is|released|made))*) "
)
_BEFORE = r"(?P<before>before|older than|earlier than|prior to|pre[- ])"
_AFTER = r"(?P<after>after|newer than|later than|more recent than|past|post[- ])"
_EDGE = re.compile(rf"\b(?:{_DENY})?(?:{_BEFORE}|{_AFTER}) ?(?:the )?(?P<time>{_TIME})(?!\w)")
_SINCE = re.compile(
    rf"\b(?:since|starting (?:in|from)|from)(?: the)? (?P<time>{_TIME}) ?(?P<on>onwards?|on\b(?! the)|"
    rf"up\b|forward|and (?:up|on|later|newer)|(?:to|till|until|up to|through) (?:{_NOW}))"
)
_SINCE_ALONE = re.compile(rf"\bsince(?: the)? (?P<time>{_TIME})(?!\w)")
_ONWARD = re.compile(
    rf"(?<!\w)(?P<time>{_TIME}) ?(?:\+|(?:onwards?|and (?:up|on\b|onwards?|later|newer|after|beyond)|"
    rf"or (?:later|newer)|(?:to|till|until|-) ?(?:{_NOW}))\b)"
)
_UNTIL = re.compile(rf"\b(?:until|till|up to|up until|no later than)(?: the)? (?P<time>{_TIME})(?!\w)")
_SPAN = re.compile(
    rf"(?<!\w)(?:(?:from|between)(?: the)? )?(?P<first>{_TIME}) ?(?:-|to|through|thru|until|"
    rf"till) ?(?:the )?(?P<last>{_TIME})(?!\w)"
)
_BETWEEN = re.compile(rf"\bbetween(?: the)? (?P<first>{_TIME}) and (?:the )?(?P<last>{_TIME})(?!\w)")
_ONE = re.compile(rf"(?<!\w)(?P<time>{_TIME})(?!\w)")
_NAMES_DECADE = re.compile(r"s$|\der|^an[no]|^los ")
_AGE = re.compile(r"\b(?:my|your|his|her|their|our|in (?:my|your|their)) ?(?:early |mid |late )?$")
_NO_YEAR_AFTER = re.compile(r" (?:songs?|tracks?|minutes?|bpm|times)\b")


def read_years(draft: RequestDraft) -> None:
    """Find years and decades, and add them as mentions, so that "no 80s" is understood as "no rap" is."""
    if not _TOLD.search(draft.plain):
        return
    for start, end, years in _spans(draft.plain):
        if draft.take(start, end):
            first, last = draft.covered(start, end)
            if last:
                draft.mentions.append(
                    Mention(first=first, last=last, kind="years", name=years_name(years), years=years, source="limits")
                )


def years_name(years: YearSpan) -> str:
    """A span of years in words: "1980-1989", "from 2015", "up to 1979", "1999"."""
    first, last = years
    if first is None:
        return f"up to {last}"
    if last is None:
        return f"from {first}"
    return str(first) if first == last else f"{first}-{last}"


def _spans(plain: str) -> Iterator[tuple[int, int, YearSpan]]:
    for match in _EDGE.finditer(plain):
        yield *match.span(), _edge(match)
    for pattern in (_BETWEEN, _SPAN):
        for match in pattern.finditer(plain):
            first, last = _time(match["first"]), _time(match["last"])
            if first and last:
                yield *match.span(), (min(first[0], last[0]), max(first[1], last[1]))
    for pattern, open_end in ((_SINCE, True), (_SINCE_ALONE, True), (_ONWARD, True), (_UNTIL, False)):
        for match in pattern.finditer(plain):
            if span := _time(match["time"]):
                yield *match.span(), (span[0], None) if open_end else (None, span[1])
    for match in _ONE.finditer(plain):
        span = _time(match["time"])
        about_age = _AGE.search(plain, max(0, match.start() - 20), match.start())
        if span and not about_age and not (span[0] == span[1] and _NO_YEAR_AFTER.match(plain, match.end())):
            yield *match.span(), span


def _edge(match: re.Match[str]) -> YearSpan:
    first, last = _time(match["time"]) or (0, 0)
    if match["before"]:
        return (first, None) if match["deny"] else (None, first - 1)
    return (None, last) if match["deny"] else (last + 1, None)


def _time(text: str) -> tuple[int, int] | None:
    """First and last year of a decade, a part of one, or a year."""
    parts = [_PARTS[part] for part in re.findall(r"early|middle|mid|late", text)]
    word = next((year for name, year in _WORDS.items() if name in text), None)
    digits = re.sub(r"\D", "", text)
    is_decade = word is not None or _NAMES_DECADE.search(text.rstrip()) is not None
    start = word if word is not None else _full_year(digits, is_decade=is_decade)
    if start is None or start < _FIRST_YEAR:
        return None
    if not is_decade:
        return start, start
    low, high = (parts[0][0], parts[-1][1]) if parts else (0, 9)
    return start + low, start + high


def _full_year(digits: str, *, is_decade: bool) -> int | None:
    if len(digits) == 4:
        return int(digits)
    if len(digits) != 2:
        return None
    short = int(digits)
    if is_decade:
        return 1900 + short if short >= _SHORT_DECADES_OF_1900 else 2000 + short
    return 1900 + short if short >= 30 else 2000 + short
