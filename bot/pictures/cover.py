"""A playlist's cover for Spotify: its energy as bars of light, from a calm blue to a lively orange."""

from __future__ import annotations

import io
from collections.abc import Sequence
from itertools import pairwise

from PIL import Image, ImageChops, ImageDraw, ImageFilter

SIDE = 640
"""Pixels; a cover is square."""

LARGEST = 190_000
"""Bytes of the picture: in base64, as Spotify takes it, it stays below 256 KB."""

_SCALE = 2
_BACKGROUND = (18, 19, 24)
_COLD, _WARM, _HOT = (72, 149, 255), (214, 92, 200), (255, 122, 89)
_MOST_BARS = 40
_MARGIN = 72
_GLOW = 26
_FLAT = 0.5
_QUALITIES = (88, 70, 50)


def cover(energies: Sequence[float | None], arc: Sequence[float]) -> bytes:
    """A JPEG of SIDE by SIDE, at most LARGEST bytes.

    Each bar is the energy of a song (0 to 1); where none is known it is what the arc asked for there.
    """
    bars = _bars(energies, arc)
    image = Image.new("RGB", (SIDE * _SCALE, SIDE * _SCALE), _BACKGROUND)
    _draw(image, bars)
    image = image.resize((SIDE, SIDE), Image.Resampling.LANCZOS)
    image = ImageChops.lighter(image, image.filter(ImageFilter.GaussianBlur(_GLOW)))
    for quality in _QUALITIES:
        file = io.BytesIO()
        image.save(file, "JPEG", quality=quality, optimize=True)
        if file.tell() <= LARGEST:
            break
    return file.getvalue()


def _bars(energies: Sequence[float | None], arc: Sequence[float]) -> list[float]:
    """The heights of at most _MOST_BARS bars, 0 to 1."""
    asked = [_within(arc[min(len(arc) - 1, index)]) if arc else _FLAT for index in range(len(energies))]
    known = [
        _within(level) if energy is None else _within(energy) for energy, level in zip(energies, asked, strict=True)
    ]
    known = known or [_FLAT]
    count = min(len(known), _MOST_BARS)
    edges = [round(index * len(known) / count) for index in range(count + 1)]
    return [sum(known[start:end]) / (end - start) for start, end in pairwise(edges)]


def _within(value: float) -> float:
    return min(max(value, 0.0), 1.0)


def _draw(image: Image.Image, bars: Sequence[float]) -> None:
    draw = ImageDraw.Draw(image)
    low, high = _MARGIN * _SCALE, (SIDE - _MARGIN) * _SCALE
    step = (high - low) / len(bars)
    width = min(step * 0.62, 90 * _SCALE)
    for index, level in enumerate(bars):
        middle = low + (index + 0.5) * step
        half = max((0.08 + 0.92 * level) * (high - low) / 2, width / 2)
        centre = SIDE * _SCALE / 2
        box = (middle - width / 2, centre - half, middle + width / 2, centre + half)
        draw.rounded_rectangle(box, radius=width / 2, fill=_colour(level))


def _colour(level: float) -> tuple[int, int, int]:
    start, end, share = (_COLD, _WARM, level * 2) if level < 0.5 else (_WARM, _HOT, level * 2 - 1)
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(start, end, strict=True))
    return red, green, blue
