"""The energy of a set over its songs, as a picture for a dark Discord card. Pillow only; values in, PNG out."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from PIL import Image, ImageChops, ImageDraw, ImageFont

WIDTH, HEIGHT = 1000, 320
"""Pixels. Discord shows a card's picture about 500 wide, so everything is drawn to be read at half this size."""

_SCALE = 3  # the shapes are drawn this much larger and reduced, which smooths their edges
_LEFT, _RIGHT, _TOP, _BOTTOM = 122, 966, 60, 258  # the plot: energy 1 lies on _TOP, energy 0 on _BOTTOM

_BACKGROUND = (30, 31, 34)
_GRID = (52, 54, 60)
_MUTED = (160, 164, 173)
_ASKED = (235, 237, 242)
_HOT, _WARM, _COLD = (255, 122, 89), (214, 92, 200), (72, 149, 255)

_TEXT_SIZE = 27

_Point = tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class CurveWords:
    """The words in the picture, for whoever shows it in another language."""

    lively: str = "lively"
    calm: str = "calm"
    asked: str = "asked for"
    unknown: str = "the energy of these songs is not known"


def energy_curve(energies: Sequence[float | None], arc: Sequence[float], *, words: CurveWords | None = None) -> bytes:
    """Draw a set's energy over its songs; returns a PNG of WIDTH by HEIGHT.

    `energies` are 0 (calm) to 1 (lively), one for each song in order; None is a song whose energy is unknown and
    leaves a gap. `arc` is what was asked of each place, 0 to 1 of the set's own range, so it is drawn between the
    calmest and the liveliest song; it may be empty or of another length than the set. Values outside are clamped.
    """
    words = words or CurveWords()
    known = [_clamp(energy) for energy in energies if energy is not None]
    image = Image.new("RGB", (WIDTH, HEIGHT), _BACKGROUND)
    if known:
        _draw_grid(image)
        songs = [(_x(i, len(energies)), _y(_clamp(e))) for i, e in enumerate(energies) if e is not None]
        runs = list(_runs(energies))
        asked = _asked_line(arc, min(known), max(known))
        _paint_fill(image, runs)
        _paint(image, _ASKED, _dashed_mask(asked), strength=0.75)
        _paint(image, _GRADIENT, _curve_mask(runs, songs))
        _draw_labels(image, len(energies), words, asked=bool(asked))
    else:
        _write(image, (WIDTH / 2, HEIGHT / 2), words.unknown, "mm", _MUTED, size=30)
    packed = io.BytesIO()
    image.save(packed, "PNG", compress_level=6)
    return packed.getvalue()


def _clamp(value: float) -> float:
    return min(1.0, max(0.0, value))


def _x(index: int, count: int) -> float:
    if count < 2:
        return (_LEFT + _RIGHT) / 2
    return _LEFT + (_RIGHT - _LEFT) * index / (count - 1)


def _y(energy: float) -> float:
    return _BOTTOM - (_BOTTOM - _TOP) * energy


def _runs(energies: Sequence[float | None]) -> Iterator[list[_Point]]:
    """The smooth lines through each unbroken run of known songs."""
    run: list[_Point] = []
    for index, energy in enumerate([*energies, None]):
        if energy is not None:
            run.append((_x(index, len(energies)), _y(_clamp(energy))))
        elif run:
            yield _smooth(run)
            run = []


def _smooth(points: list[_Point]) -> list[_Point]:
    """A curve through the points that never swings past them (Fritsch and Carlson's monotone cubic, 1980)."""
    if len(points) < 3:
        return points
    slopes = [(b[1] - a[1]) / (b[0] - a[0]) for a, b in pairwise(points)]
    inner = [2 * a * b / (a + b) if a * b > 0 else 0.0 for a, b in pairwise(slopes)]
    tangents = [slopes[0], *inner, slopes[-1]]
    line: list[_Point] = []
    for (start, end), (m0, m1) in zip(pairwise(points), pairwise(tangents), strict=True):
        line.extend(_hermite(start, end, m0, m1))
    return [*line, points[-1]]


def _hermite(start: _Point, end: _Point, m0: float, m1: float) -> Iterator[_Point]:
    """Points of the cubic between two points with the given slopes there, about every five pixels; not the end."""
    width = end[0] - start[0]
    steps = max(2, round(width / 5))
    for t in (step / steps for step in range(steps)):
        h0, h1 = (1 + 2 * t) * (1 - t) ** 2, t * t * (3 - 2 * t)
        bend = width * (t * (1 - t) ** 2 * m0 + t * t * (t - 1) * m1)
        yield start[0] + width * t, h0 * start[1] + h1 * end[1] + bend


def _asked_line(arc: Sequence[float], low: float, high: float) -> list[_Point]:
    if len(arc) < 2:
        return []
    return [(_x(i, len(arc)), _y(low + (high - low) * _clamp(level))) for i, level in enumerate(arc)]


def _vertical_gradient() -> Image.Image:
    """The colours of energy: calm blue below, lively orange above."""
    column = Image.new("RGB", (1, 3))
    for row, colour in enumerate((_HOT, _WARM, _COLD)):
        column.putpixel((0, row), colour)
    plot = column.resize((1, _BOTTOM - _TOP), Image.Resampling.BICUBIC)
    gradient = Image.new("RGB", (1, HEIGHT), _COLD)
    gradient.paste(_HOT, (0, 0, 1, _TOP))
    gradient.paste(plot, (0, _TOP))
    return gradient.resize((WIDTH, HEIGHT))


def _vertical_fade() -> Image.Image:
    """How much of the colour the area under the curve has: more above, little at the ground."""
    return Image.linear_gradient("L").rotate(180).point(lambda level: 24 + level * 100 // 255).resize((WIDTH, HEIGHT))


_GRADIENT = _vertical_gradient()
_FADE = _vertical_fade()


def _paint(
    image: Image.Image, colour: Image.Image | tuple[int, int, int], mask: Image.Image, strength: float = 1
) -> None:
    if strength < 1:
        mask = mask.point(lambda level: round(level * strength))
    image.paste(colour, (0, 0, WIDTH, HEIGHT), mask)


def _mask() -> tuple[Image.Image, ImageDraw.ImageDraw]:
    large = Image.new("L", (WIDTH * _SCALE, HEIGHT * _SCALE), 0)
    return large, ImageDraw.Draw(large)


def _enlarged(points: Sequence[_Point]) -> list[_Point]:
    return [(x * _SCALE, y * _SCALE) for x, y in points]


def _paint_fill(image: Image.Image, runs: list[list[_Point]]) -> None:
    large, draw = _mask()
    for run in runs:
        if len(run) > 1:
            draw.polygon(_enlarged([(run[0][0], _BOTTOM), *run, (run[-1][0], _BOTTOM)]), fill=255)
    _paint(image, _GRADIENT, ImageChops.multiply(large.reduce(_SCALE), _FADE))


def _curve_mask(runs: list[list[_Point]], songs: list[_Point]) -> Image.Image:
    large, draw = _mask()
    for run in runs:
        if len(run) > 1:
            draw.line(_enlarged(run), fill=255, width=5 * _SCALE, joint="curve")
    radius = (8 if len(songs) <= 30 else 5 if len(songs) <= 60 else 3.5) * _SCALE
    for x, y in _enlarged(songs):
        draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=255)
    return large.reduce(_SCALE)


def _dashed_mask(line: list[_Point], dash: float = 14, gap: float = 11) -> Image.Image:
    large, draw = _mask()
    for piece in _dashes(line, dash, gap):
        draw.line(_enlarged(piece), fill=255, width=round(2.4 * _SCALE), joint="curve")
    return large.reduce(_SCALE)


def _dashes(line: list[_Point], dash: float, gap: float) -> Iterator[list[_Point]]:
    """The pieces of a line that are inked, `dash` pixels long with `gap` between them, measured along the line."""
    piece: list[_Point] = []
    inked, left = True, dash
    for start, end in pairwise(line):
        here = start
        while (length := ((end[0] - here[0]) ** 2 + (end[1] - here[1]) ** 2) ** 0.5) > left:
            part = left / length
            stop = (here[0] + (end[0] - here[0]) * part, here[1] + (end[1] - here[1]) * part)
            if inked:
                yield [*piece, here, stop]
            piece, here = [], stop
            inked, left = not inked, gap if inked else dash
        left -= length
        piece.append(here)
    if inked and line:
        yield [*piece, line[-1]]


def _draw_grid(image: Image.Image) -> None:
    draw = ImageDraw.Draw(image)
    for energy in (0.0, 0.5, 1.0):
        draw.line([(_LEFT, _y(energy)), (_RIGHT, _y(energy))], fill=_GRID, width=2)


def _draw_labels(image: Image.Image, count: int, words: CurveWords, *, asked: bool) -> None:
    _write(image, (_LEFT - 24, _y(1)), words.lively, "rm", _HOT)
    _write(image, (_LEFT - 24, _y(0)), words.calm, "rm", _COLD)
    for number in _ticks(count):
        _write(image, (_x(number - 1, count), HEIGHT - 18), str(number), "ms", _MUTED)
    if asked:
        _write(image, (_RIGHT, 30), words.asked, "rm", _MUTED)
        end = _RIGHT - ImageFont.load_default(_TEXT_SIZE).getlength(words.asked) - 16
        _paint(image, _ASKED, _dashed_mask([(end - 64, 30), (end, 30)]), strength=0.75)


def _ticks(count: int) -> list[int]:
    """The song numbers that are written: the first, and about ten others at round steps."""
    step = next(step for step in (1, 2, 5, 10, 20, 50, 100, count) if count / step <= 10)
    return [1, *(number for number in range(step, count + 1, step) if number > max(1, step / 2))]


def _write(
    image: Image.Image, at: _Point, text: str, anchor: str, colour: tuple[int, int, int], size: int = _TEXT_SIZE
) -> None:
    ImageDraw.Draw(image).text(at, text, fill=colour, font=ImageFont.load_default(size), anchor=anchor)
