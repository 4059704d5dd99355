"""How long the set shall be: a number of songs, or minutes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nlp.components.draft import RequestDraft, SlotValue
from nlp.components.limits.numbers import AFTER, BOUND, NUMBER, kind_of, number
from nlp.vibe import Length

MOST_TRACKS = 1000
MOST_MINUTES = 48 * 60
LONGEST_SONG_MINUTES = 10
"""Below this a bound is one on each song ("nothing over 4 minutes"), of which the set knows nothing."""

_TIME_TOLD = re.compile(r"hour|hrs?\b|min|\d ?h|hora|stunde|heure|\bor[ae]\b|mezz")
_SONGS_TOLD = re.compile(
    r"\b(?:songs?|tracks?|tunes?|titles?|bangers?|jams?|pieces?|canciones|lieder|titel|chansons|morceaux|"
    r"musicas|canzoni|brani|dozen|of|with|most|least|max|up to|"
    r"more|fewer|exactly|cancoes|faixas|temas|pistas|titres|stucke|pezzi)\b"
)
"""Words without which no length is said, looked for before the patterns, which take their time."""

_SONGS = (
    r"(?:songs?|tracks?|tunes?|titles?|bangers?|jams?|pieces?|canciones|lieder|titel|chansons|morceaux|musicas|"
    r"canzoni|brani|cancoes|faixas|temas|pistas|titres|stucke|pezzi)"
)
_COUNTED = re.compile(r"[ -](?:songs?|tracks?|tunes?|titles?|pieces?|canciones|titel|morceaux)\b")
"""Words that only say what is counted, and so belong to the count."""
_BETWEEN = r"(?:(?!(?:of|by|from|to|the|my|in|for|on|and|or|a|minutes?|mins?|hours?|hrs?|bpm|years?)\b)[\w'&-]+ ){0,4}?"
_NOT_BEFORE = r"(?<!these )(?<!those )(?<!first )(?<!last )(?<!top )(?<!my )"
_SONG_RANGE = re.compile(rf"\b(?:between )?(\d{{1,3}}) ?(?:-|to|and|or) ?(\d{{1,3}}) {_BETWEEN}{_SONGS}\b")
_SONG_COUNT = re.compile(rf"(?<![\w.:']){_NOT_BEFORE}{BOUND}(?P<n>{NUMBER})[ -]{_BETWEEN}{_SONGS}\b{AFTER}")
_DOZENS = re.compile(rf"\b{BOUND}(?P<n>(?:half a |\d+ |\w+ )?dozen)\b(?! roses)")
_MORE = re.compile(
    rf"(?<![\w.:']){BOUND}(?P<n>{NUMBER}) more(?=$| ?[,.;!?)]| (?:of (?:these|those|them|that|this)|like|please|pls)\b)"
)
_SIZE = re.compile(rf"\b(?:playlist|mix|set|list|queue) (?:of|with) {BOUND}(?P<n>{NUMBER})\b(?! ?(?:min|hour|h\b|bpm))")
_BARE = re.compile(
    r"\b(?P<bound>no more than|not more than|at most|up to|max|maximum of|maximum|at least|no fewer than|exactly) "
    rf"(?P<n>{NUMBER})(?= ?(?:$|[,.;!?)]|please|thanks|but|and then|from|by|with|for))"
)

_HOUR = r"(?:hours?|hrs?|hr|horas?|stunden?|heures?|or[ae])"
_MINUTE = r"(?:minutes?|mins?|min|minutos?|minuten|minuti)"
_HALF = r"(?:and (?:a )?half|1/2|½)"
_CLOCK = re.compile(
    rf"\b{BOUND}(?:(?P<h>\d{{1,2}}) ?h ?(?P<m>\d{{2}})(?: ?m(?:in)?s?)?|(?P<h2>{NUMBER}|"
    rf"an) ?(?:{_HOUR}|h)(?: and| y| et| e| und)? (?P<m2>{NUMBER}) ?(?:{_MINUTE}|m))\b{AFTER}"
)
_COLON = re.compile(rf"(?<![\w:.]){BOUND}(?P<h>\d{{1,2}}):(?P<m>[0-5]\d) ?(?:{_HOUR}|h)\b{AFTER}")
_HOURS_AND_HALF = re.compile(
    rf"\b{BOUND}(?:(?P<n>{NUMBER}|an) {_HOUR} {_HALF}|(?P<n2>{NUMBER}) {_HALF} {_HOUR}|{_HOUR} {_HALF})\b{AFTER}"
)
_PARTS = re.compile(
    rf"\b{BOUND}(?P<part>half[ -](?:an |a )?hour|three[ -]quarters of an hour|"
    rf"(?:a )?quarter (?:of an )?hour|media hora|meia hora|(?:eine )?halbe stunde|"
    rf"(?:une )?demi[- ]heure|mezz'?ora)\b(?:[ -]long)?{AFTER}"
)
_TIME_RANGE = re.compile(rf"\b(?:between )?(\d{{1,3}}) ?(?:-|to|and|or) ?(\d{{1,3}})[ -]?(?:({_MINUTE})|{_HOUR})\b")
_TIME = re.compile(
    rf"(?<![\w.:]){BOUND}(?P<n>{NUMBER}|an|a|una|uma|une|eine|un')(?:[ -]?)(?:(?P<min>{_MINUTE})|{_HOUR}|"
    rf"h(?![\w]))(?![\w])(?:[ -]long\b|[ -]worth\b)?{AFTER}"
)
_HOUR_LONG = re.compile(rf"\b{BOUND}hour[ -]long\b")
_PLACE = re.compile(r"\b(?:in|after|every) $")
"""Words that make a moment of the set, or of the day, of a time."""
_ONE_SONG = re.compile(rf"\b{_SONGS}(?: that)?(?: are| is| of)?(?: (?:all|each))? ?$")
_EACH = re.compile(rf"[ -](?:long )?{_SONGS}\b| (?:each|apiece|ago|a day)\b")


def read_lengths(draft: RequestDraft) -> None:
    """Find how long the set shall be, and claim the words. The first one said holds."""
    minutes = _minutes(draft) if _TIME_TOLD.search(draft.plain) else ()
    tracks = _tracks(draft.plain) if _SONGS_TOLD.search(draft.plain) else ()
    for start, end, length in (*minutes, *tracks):
        if draft.take(start, end):
            draft.findings.append(
                SlotValue(slot="length", value=length, start=start, end=end, means=_means(length), source="limits")
            )


def _tracks(plain: str) -> Iterator[tuple[int, int, Length]]:
    for match in _SONG_RANGE.finditer(plain):
        count = (int(match[1]) + int(match[2])) // 2
        if 1 <= count <= MOST_TRACKS:
            yield match.start(), match.end(2), Length(tracks=count, kind="about")
    for pattern in (_SONG_COUNT, _MORE, _SIZE, _DOZENS, _BARE):
        for match in pattern.finditer(plain):
            said = match["n"].removesuffix("dozen").strip()
            if pattern is _DOZENS and said and not re.fullmatch(rf"half a|a|{NUMBER}", said):
                continue
            count = round(number(match["n"]))
            alone = match["n"] == "one" and not match["bound"]
            if 1 <= count <= MOST_TRACKS and not alone:
                counted = _COUNTED.match(plain, match.end("n"))
                end = counted.end() if counted else match.end("n")
                yield match.start(), end, Length(tracks=count, kind=kind_of(match, "exact"))


def _minutes(draft: RequestDraft) -> Iterator[tuple[int, int, Length]]:
    plain = draft.plain
    for start, end, length in _times(plain):
        each = _ONE_SONG.search(plain, max(0, start - 30), start) or _EACH.match(plain, end)
        bound = length.kind != "about" and (length.minutes or 0) < LONGEST_SONG_MINUTES
        if each or bound or _PLACE.search(plain, max(0, start - 7), start):
            draft.take(start, end)
        elif length.minutes and 0 < length.minutes <= MOST_MINUTES:
            yield start, end, length


def _times(plain: str) -> Iterator[tuple[int, int, Length]]:
    for match in _CLOCK.finditer(plain):
        hours, minutes = (match["h"], match["m"]) if match["h"] else (match["h2"], match["m2"])
        yield _length(match, 60 * number(hours) + number(minutes))
    for match in _COLON.finditer(plain):
        yield _length(match, 60 * float(match["h"]) + float(match["m"]))
    for match in _HOURS_AND_HALF.finditer(plain):
        yield _length(match, 60 * (number(match["n"] or match["n2"] or "one") + 0.5))
    for match in _PARTS.finditer(plain):
        yield _length(match, 45 if "three" in match["part"] else 15 if "quarter" in match["part"] else 30)
    for match in _TIME_RANGE.finditer(plain):
        middle = (float(match[1]) + float(match[2])) / 2
        yield match.start(), match.end(), Length(minutes=middle if match[3] else 60 * middle)
    for match in _TIME.finditer(plain):
        yield _length(match, number(match["n"]) * (1 if match["min"] else 60))
    for match in _HOUR_LONG.finditer(plain):
        yield _length(match, 60)


def _length(match: re.Match[str], minutes: float) -> tuple[int, int, Length]:
    return match.start(), match.end(), Length(minutes=minutes, kind=kind_of(match, "about"))


def _means(length: Length) -> str:
    amount = f"{length.tracks} songs" if length.tracks is not None else f"{length.minutes:g} minutes"
    words = {"about": "about ", "exact": "", "at_most": "at most ", "at_least": "at least "}
    return f"length: {words[length.kind]}{amount}"
