"""Which song a track is a version of: "Song - Remastered 2011" and "Song (Live)" are both "Song".

A title is taken apart at its brackets and at each " - ". A part is dropped when it is known to name a version, a guest
or an edition; every other part stays in the key of the song, so that "Part 1" and "Part 2", "Song" and "Song II", an
interlude and a reprise remain different songs. A version by another artist is a cover: another song.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

RULES_VERSION = 2
"""Goes up whenever a title may get another key, so that stored keys are made again."""

_PLAIN = ""
_KEEP = None

_KINDS: tuple[tuple[str, str], ...] = (
    # Guests, sources and editions say nothing about the recording.
    (_PLAIN, r"(feat|ft|featuring|with|w/|con|prod|produced by)\b\.?.+"),
    (
        _PLAIN,
        r"""(music |song |songs |score |theme )?(from|de|aus|tirée? de)\b.*(["“”'‘’].+["“”'‘’].*|soundtrack|ost)""",
    ),
    (_PLAIN, r"(music |song |theme )?from the .*(film|movie|motion picture|series|show|musical|album|game)\b.*"),
    (
        _PLAIN,
        r"(original|album|lp|studio|standard|full|explicit|clean|censored|main|stereo|uncut) (version|mix|recording)",
    ),
    (_PLAIN, r"(original )?(album version|mix|recording)? ?[(\[]?(explicit|clean|censored)[)\]]?"),
    (_PLAIN, r"(original|bonus( track)?|deluxe( edition| version)?|.*\bedition|stereo|album version|single|studio)"),
    (_PLAIN, r"(official )?((music |lyrics? |hd )?video( clip)?|audio|visuali[sz]er)|hd|hq|lyrics?"),
    # What it is the theme of, in Chinese and Japanese: opening, ending, insert and promotional songs.
    (
        _PLAIN,
        r".*(主題[曲歌]|主题[曲歌]|片頭曲|片头曲|片尾曲|插曲|推廣曲|推广曲|宣傳曲|宣传曲|挿入歌|オープニング.*|エンディング.*)",
    ),
    ("karaoke", r".*\bkaraoke\b.*"),
    ("live", r"(recorded )?live( (at|in|from|on|aus|à|en|im|version|sessions?|recording|take|edit|mix)\b.*|\W*\d.*)?"),
    ("live", r".*[^\w](live|live version|live sessions?|in concert)|in concert\b.*|.*\blive (at|from)\b.*"),
    ("live", r".*\b(ao vivo|en vivo|en directo|dal vivo|en concierto|en public)\b.*|directo|vivo"),
    (
        "acoustic",
        r".*\b(acoustic|acústic[oa]|acustic[oa]|akustik|acoustique|unplugged)\b.*|stripped( down| back)?( version)?\.?",
    ),
    ("sped up", r".*\b(sped[ -]?up|speed[ -]?up|spedup|nightcore)\b.*"),
    ("slowed", r".*\b(slowed|daycore|chopped (and|&|n) screwed)\b.*|slow\W+(and )?reverb|reverb"),
    ("instrumental", r".*\binstrumental\b( version| mix)?"),
    ("demo", r"(.*\W)?demo( version| recording|\W*\d.*)?|.*\bdemo\b.*\d{4}"),
    ("rerecorded", r".*\bre-?recorded\b.*|re-?recording|taylor['’]s version.*"),
    ("remaster", r".*\bre-?master(ed|ing|izad[oa]|isé|isée|isiert)?\b.*"),
    ("extended", r"extended( \w+)*|(12\s?(\"|”|''|inch)) ?(mix|version)?.*"),
    (
        "edit",
        r"(.*\W)?(radio|single|short|video|tv|clean) (edit|version|mix)|(.*\W)?edit|radio|7\s?(\"|”|'') ?.*|mixed|cut",
    ),
    ("edit", r"(tv|anime|movie|game|short)[ -]?(size|サイズ|ver\.?)|(テレビ|アニメ)サイズ"),
    ("remix", r".*\b(remix|rmx|re-?work|bootleg|mash-?up|vip|re-?edit|re-?fix|flip|dub mix)\b.*|(.+ )?(mix|mixx|dub)"),
    ("alternate", r".*\b(alternat(e|ive)|early|rough|outtake|rehearsal)\b.*(version|take|mix)|outtake|take \d+"),
    # One of these alone, or played on one, is an arrangement.
    (
        "alternate",
        r"((solo|on|with|for) )?(the )?(piano|guitar|ukulele|violin|cello|harp|strings|orchestra|a ?cappella)( solo)?",
    ),
    ("mono", r"(.*\W)?mono( version| mix)?"),
    ("cover", r".+ cover|cover( version)?"),
    (
        "alternate",
        r"(?!.*\b(part|pt|no)\b).* (version|versión|versão|versione|ver\.?|edition|arrangement)",
    ),
    ("alternate", r"(ver\.|(version|versión|versão|versione)\b) ?.+|.+(版|バージョン|ヴァージョン)"),
    ("lo-fi", r"lo-?fi( (version|mix|edit))?|8d( audio)?"),
)
"""Version and pattern, the first that matches a whole part decides; the plain version is the studio recording."""

_PATTERNS = tuple((version, re.compile(pattern, re.IGNORECASE)) for version, pattern in _KINDS)
_RANK = {version: rank for rank, (version, _) in enumerate(reversed(_KINDS), start=1) if version}

_BRACKET = re.compile(r"\(([^()\[\]]*)\)|\[([^()\[\]]*)\]|（([^（）]*)）|【([^【】]*)】|(?<=\s)-([^\s-][^-]*)-$")
_SUFFIX = re.compile(r"\s+[-–—]\s+")
_YEAR_AT_END = re.compile(r".*\b(19|20)\d\d\W*")
_TAIL = re.compile(
    r"\s+(?:(?P<guest>(?:feat|ft)\.?\s.+|featuring\s.+)"
    r"|(?P<version>lo-?fi (?:version|mix|remix)|(?:short|full|long|tv|album|movie) (?:ver\.?|size)"
    r"|(?:\d{4}\s)?(?:digital(?:ly)?\s)?remaster(?:ed)?(?:\s(?:version|\d{4}))?|sped up|radio edit|remix"
    r"|slowed(?: ?(?:\+|and|&) ?reverb)?))$",
    re.IGNORECASE,
)
_SIGNS_OF_PARTS = (
    "(",
    "[",
    "（",
    "【",
    " - ",
    " – ",
    " — ",
    "feat",
    " ft",
    "remaster",
    "sped up",
    "slowed",
    "edit",
    "remix",
    "lofi",
    "lo-fi",
    " ver",
    " size",
    " -",
)
_PART_OF_WORK = re.compile(r"\b(?:pt|part)\b\.?\s*([ivx]+|\d+)\b")
_ROMAN = {
    "i": "1",
    "ii": "2",
    "iii": "3",
    "iv": "4",
    "v": "5",
    "vi": "6",
    "vii": "7",
    "viii": "8",
    "ix": "9",
    "x": "10",
}
_APOSTROPHES = re.compile("['’‘ʼ`´]")
_SEPARATORS = re.compile(r"[\W_]+")
_GUESTS_OF_ARTIST = re.compile(r"\s+[(\[]?(?:feat|ft|featuring)\b\.?\s.*$", re.IGNORECASE)


def song_key(title: str, artist: str) -> tuple[str, str]:
    """The key of the song, and the version that `title` by its main `artist` names.

    The version is "" for the plain studio recording, else live, acoustic, remix, remaster, sped up, slowed,
    instrumental, karaoke, demo, rerecorded, extended, edit, mono, cover, lo-fi or alternate; when several are named
    the one that changes the music most.
    """
    title = " ".join(title.split())
    folded = title.casefold()
    base, version = _apart(title) if any(sign in folded for sign in _SIGNS_OF_PARTS) else (title, _PLAIN)
    return f"{_compared(base) or _compared(title) or folded}|{_artist_key(artist)}", version


def _apart(title: str) -> tuple[str, str]:
    versions: list[str] = []

    def without(found: re.Match[str]) -> str:
        version = _version_of(next(part for part in found.groups() if part is not None))
        if version is _KEEP or found.start() == 0:
            return found.group()
        versions.append(version)
        return " "

    base = _BRACKET.sub(without, _BRACKET.sub(without, title))
    first, *suffixes = _SUFFIX.split(base)
    kept = [first]
    for suffix in suffixes:
        version = _version_of(suffix)
        if version is _KEEP and "live" in versions and _YEAR_AT_END.fullmatch(suffix):
            continue
        if version is _KEEP:
            kept.append(suffix)
        else:
            versions.append(version)
    base = " - ".join(kept).strip()
    tail = _TAIL.search(base)
    if tail is not None:
        base = base[: tail.start()]
        versions.append(_version_of(tail["version"]) or _PLAIN if tail["version"] else _PLAIN)
    return base, max(versions, key=lambda version: _RANK.get(version, 0), default=_PLAIN)


@lru_cache(maxsize=8192)
def _version_of(part: str) -> str | None:
    part = part.strip().strip("-–—[]() ")
    return next((version for version, pattern in _PATTERNS if pattern.fullmatch(part)), _KEEP)


def _compared(text: str) -> str:
    """`text` without case, Latin accents and punctuation; signs of other scripts stay, they carry meaning there."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", _without_accents(text))
    folded = _APOSTROPHES.sub("", text.replace("&", " and ")).casefold()
    if "pt" in folded or "part" in folded:
        folded = _PART_OF_WORK.sub(_numbered_part, folded)
    if folded.isascii():
        return _SEPARATORS.sub(" ", folded).strip()
    return " ".join("".join(sign if _is_word(sign) else " " for sign in folded).split())


def _without_accents(text: str) -> str:
    return "".join(sign for sign in unicodedata.normalize("NFKD", text) if not "\u0300" <= sign <= "\u036f")


def _is_word(sign: str) -> bool:
    return unicodedata.category(sign)[0] in "LNM"


def _numbered_part(found: re.Match[str]) -> str:
    return f"part {_ROMAN.get(found[1], found[1])}"


@lru_cache(maxsize=65536)
def _artist_key(artist: str) -> str:
    key = _compared(_GUESTS_OF_ARTIST.sub("", artist)) or artist.strip().casefold()
    return key.removeprefix("the ")
