"""A member's taste as a picture for a dark Discord card: a bar for each axis, theirs against the server's."""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image, ImageDraw, ImageFont

WIDTH = 1000
"""Pixels. Discord shows a card's picture about 500 wide, so everything is drawn to be read at half this size."""

_SCALE = 2
_TOP, _STEP, _FOOT, _END = 70, 62, 68, 16
_LEFT, _RIGHT = 300, 700
_SIZE = 36
_BACKGROUND, _GRID, _MUTED, _WHITE = (30, 31, 34), (66, 69, 77), (160, 164, 173), (235, 237, 242)
_HOT, _COLD = (255, 122, 89), (72, 149, 255)
_KNOWN = 0x7F
_MOST = 58


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One axis: what its ends are called, and where somebody, the server, and they before lean, -1 to 1.

    `sided` tells whether they lean enough to be said to be on a side.
    """

    low: str
    high: str
    own: float
    server: float | None = None
    before: float | None = None
    sided: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class TasteWords:
    """The words in the picture, for whoever shows it in another language."""

    you: str = "you"
    server: str = "this server"
    before: str = "before"
    favourites: str = "favourites"


def taste_picture(bars: Sequence[Bar], favourites: Sequence[str], *, words: TasteWords | None = None) -> bytes:
    """Draw a taste; returns a PNG. Of the favourites those are written that its letters have a shape for."""
    words = words or TasteWords()
    named = _line(words.favourites, favourites)
    height = _TOP + _STEP * len(bars) + (_FOOT if named else _END)
    image = Image.new("RGB", (WIDTH * _SCALE, height * _SCALE), _BACKGROUND)
    draw = ImageDraw.Draw(image)
    _legend(draw, bars, words)
    for number, bar in enumerate(bars):
        _bar(draw, bar, _TOP + _STEP * number + _STEP // 2)
    if named:
        _write(draw, (WIDTH / 2, height - _FOOT / 2), named, "mm", _WHITE)
    packed = io.BytesIO()
    image.reduce(_SCALE).save(packed, "PNG", compress_level=6)
    return packed.getvalue()


def _line(heading: str, favourites: Sequence[str]) -> str:
    line = ""
    # The letters that the picture is written with have no accents; the card has the names as they are.
    for name in map(_without_accents, favourites):
        longer = f"{line}, {name}" if line else f"{heading}: {name}"
        if all(0x20 <= ord(sign) < _KNOWN for sign in name) and len(longer) <= _MOST:
            line = longer
    return line


def _without_accents(name: str) -> str:
    return "".join(sign for sign in unicodedata.normalize("NFKD", name) if not unicodedata.combining(sign))


def _legend(draw: ImageDraw.ImageDraw, bars: Sequence[Bar], words: TasteWords) -> None:
    shown = [("own", words.you)]
    shown += [("server", words.server)] if any(bar.server is not None for bar in bars) else []
    shown += [("before", words.before)] if any(bar.before is not None for bar in bars) else []
    x = float(_LEFT)
    for kind, word in shown:
        _mark(draw, kind, x, 32, _HOT)
        _write(draw, (x + 20, 32), word, "lm", _MUTED)
        x += 64 + ImageFont.load_default(_SIZE).getlength(word)


def _bar(draw: ImageDraw.ImageDraw, bar: Bar, y: float) -> None:
    _write(draw, (_LEFT - 28, y), bar.low, "rm", _WHITE if bar.sided and bar.own <= 0 else _MUTED)
    _write(draw, (_RIGHT + 28, y), bar.high, "lm", _WHITE if bar.sided and bar.own > 0 else _MUTED)
    _line_to(draw, _LEFT, _RIGHT, y, _GRID, 6)
    middle, own = (_LEFT + _RIGHT) / 2, _x(bar.own)
    colour = (_HOT if bar.own > 0 else _COLD) if bar.sided else _MUTED
    _line_to(draw, middle, own, y, colour, 10)
    for kind, place in (("before", bar.before), ("server", bar.server), ("own", bar.own)):
        if place is not None:
            _mark(draw, kind, _x(place), y, colour)


def _x(leaning: float) -> float:
    return (_LEFT + _RIGHT) / 2 + min(max(leaning, -1.0), 1.0) * (_RIGHT - _LEFT) / 2


def _mark(draw: ImageDraw.ImageDraw, kind: str, x: float, y: float, colour: tuple[int, int, int]) -> None:
    """A dot for one's own, a ring for what was before, a bar across for the server's."""
    radius = {"own": 12, "before": 9, "server": 16}[kind]
    box = [_SCALE * edge for edge in (x - radius, y - radius, x + radius, y + radius)]
    if kind == "own":
        draw.ellipse(box, fill=colour)
    elif kind == "before":
        draw.ellipse(box, outline=_MUTED, width=3 * _SCALE)
    else:
        draw.rectangle([_SCALE * (x - 3), box[1], _SCALE * (x + 3), box[3]], fill=_WHITE)


def _line_to(
    draw: ImageDraw.ImageDraw, start: float, end: float, y: float, colour: tuple[int, int, int], width: int
) -> None:
    draw.line([(start * _SCALE, y * _SCALE), (end * _SCALE, y * _SCALE)], fill=colour, width=width * _SCALE)


def _write(
    draw: ImageDraw.ImageDraw, at: tuple[float, float], text: str, anchor: str, colour: tuple[int, int, int]
) -> None:
    font = ImageFont.load_default(_SIZE * _SCALE)
    draw.text((at[0] * _SCALE, at[1] * _SCALE), text, fill=colour, font=font, anchor=anchor)
