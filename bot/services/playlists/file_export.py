"""A playlist as files: CSV for spreadsheets and other tools, M3U8 for players, JSPF for other services.

Titles and artists are written by strangers: no cell of the CSV becomes a formula, no line of the M3U8 another entry.
"""

from __future__ import annotations

import csv
import io
import json
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from bot.facts import Fact
from bot.services.values import PlaylistView, SongView

Told = Callable[[Fact], str]
"""Puts a fact into words."""

_SONG_ADDRESS = re.compile(r"https://open\.spotify\.com/track/([0-9A-Za-z]{22})")
_SPACE = re.compile(r"\s+")
_UNSAFE_IN_NAMES = re.compile(r"[^0-9a-z]+")
_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
"""What makes a spreadsheet read a cell as a formula (OWASP, CSV Injection), in full width too."""

_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co"})
_JOINERS = frozenset("\u200c\u200d")
"""Needed inside emoji and by scripts such as Persian."""

_NAME_LIMIT = 60

CREATOR = "Vibrato"
NOTHING = "playlist"
"""What a file is called whose name has no letter of the alphabet."""

COLUMNS = (
    "Track URI",
    "Track Name",
    "Artist Name(s)",
    "Album Name",
    "Duration (ms)",
    "Release Date",
    "Energy",
    "Tempo",
    "Position",
    "Why",
)
"""As Exportify calls them, so that `import` takes the songs with a Spotify id; then what only we know."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaylistFile:
    """One file: its `name`, safe for every system, and its `contents` in UTF-8. `form` is "csv", "m3u8" or "jspf"."""

    form: str
    name: str
    contents: bytes


def playlist_files(playlist: PlaylistView, told: Told) -> tuple[PlaylistFile, ...]:
    """The playlist in each form, its reasons in the words of `told`."""
    stem = file_stem(playlist.name)
    written = {"csv": csv_file(playlist, told), "m3u8": m3u8_file(playlist), "jspf": jspf_file(playlist, told)}
    return tuple(
        PlaylistFile(form=form, name=f"{stem}.{form}", contents=contents) for form, contents in written.items()
    )


def csv_file(playlist: PlaylistView, told: Told) -> bytes:
    """One song a row under COLUMNS; with a byte order mark, without which spreadsheets misread letters."""
    lines = io.StringIO()
    writer = csv.writer(lines, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for song in playlist.songs:
        artists = "; ".join(_line(name).replace(";", ",") for name in song.artists)
        writer.writerow(
            (
                _uri(song) or "",
                _cell(song.title),
                _cell(artists),
                "",
                song.duration_ms,
                song.year or "",
                "" if song.energy is None else f"{song.energy:g}",
                "" if song.tempo_bpm is None else f"{song.tempo_bpm:g}",
                song.position,
                _cell("; ".join(map(told, song.reasons))),
            )
        )
    return b"\xef\xbb\xbf" + lines.getvalue().encode()


def m3u8_file(playlist: PlaylistView) -> bytes:
    """Extended M3U in UTF-8: title and length of each song, and where Spotify plays it.

    A song without an address is a comment: an entry would send players to a file that is not there.
    """
    lines = ["#EXTM3U", f"#PLAYLIST:{_line(playlist.name)}"]
    for song in playlist.songs:
        title = " - ".join(part for part in (", ".join(map(_line, song.artists)), _line(song.title)) if part)
        address = _address(song)
        if address is None:
            lines.append(f"# {title} (no address is known)")
        else:
            lines += [f"#EXTINF:{round(song.duration_ms / 1000)},{title}", address]
    return ("\n".join(lines) + "\n").encode()


def jspf_file(playlist: PlaylistView, told: Told) -> bytes:
    """JSPF, the JSON form of XSPF (https://xspf.org/jspf): what is not known is left out."""
    document = {
        "playlist": {
            "title": _line(playlist.name),
            "creator": CREATOR,
            "track": [_jspf_track(song, told) for song in playlist.songs],
        }
    }
    return json.dumps(document, ensure_ascii=False, indent=2, allow_nan=False).encode() + b"\n"


def _jspf_track(song: SongView, told: Told) -> dict[str, object]:
    address = _address(song)
    track: dict[str, object] = {
        "title": _line(song.title),
        "creator": ", ".join(map(_line, song.artists)),
        "duration": song.duration_ms,
        "trackNum": song.position,
    }
    if address is not None:
        track |= {"location": [address], "identifier": [address]}
    if song.reasons:
        track["annotation"] = _line("; ".join(map(told, song.reasons)))
    return track


def file_stem(name: str) -> str:
    """A file name out of a playlist's name: letters a to z, digits and hyphens, at most _NAME_LIMIT of them."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().casefold()
    return _UNSAFE_IN_NAMES.sub("-", plain).strip("-")[:_NAME_LIMIT].strip("-") or NOTHING


def _address(song: SongView) -> str | None:
    """Where Spotify plays the song; nothing else is ever written as an address."""
    return song.url if song.url is not None and _SONG_ADDRESS.fullmatch(song.url) else None


def _uri(song: SongView) -> str | None:
    found = _SONG_ADDRESS.fullmatch(song.url or "")
    return f"spotify:track:{found[1]}" if found else None


def _cell(text: str) -> str:
    """A text that no spreadsheet takes for a formula: an apostrophe before it makes it text."""
    line = _line(text)
    return f"'{line}" if line.startswith(_FORMULA) else line


def _line(text: str) -> str:
    """A text on one line, without signs that control or hide something."""
    shown = (" " if sign.isspace() or sign < " " else sign for sign in text)
    kept = (sign for sign in shown if sign in _JOINERS or unicodedata.category(sign) not in _HIDDEN)
    return _SPACE.sub(" ", "".join(kept)).strip()
