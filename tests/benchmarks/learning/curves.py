"""The table and the picture of learning in docs/: ``python -m tests.benchmarks.learning.curves``; runs `planted`."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from tests.benchmarks.figures import Figure
from tests.benchmarks.learning.planted import FLIPS_AFTER, MEMBERS, PLAYLISTS, World, figures_of, run
from tests.benchmarks.learning.planting import interval

DOCS = Path(__file__).parents[3] / "docs"

BEGINS, ENDS = "<!-- made by tests.benchmarks.learning.curves -->", "<!-- to here -->"
"""What stands around the part of the page that is made here."""

_WIDTH, _HEIGHT = 1000, 560
_LEFT, _RIGHT, _TOP, _BOTTOM = 90, 40, 100, 80
_GROUND, _LINES, _TEXT = (30, 31, 34), (62, 64, 70), (219, 222, 225)
_LIKED, _BAND, _FLIPPED, _ORACLE, _FIRST = (88, 101, 242), (44, 48, 84), (254, 231, 92), (87, 242, 135), (148, 155, 164)

Curve = list[tuple[float, float, float]]
"""Mean and ends of the interval over the seeds, in percent of songs that are really liked, for each playlist."""


def main() -> None:
    """Measure, print the figures, then write docs/learning.png and the table of docs/learning.md."""
    folder = Path(os.environ.get("VIBRATO_DATA", "../shared/data"))
    worlds, on = run(folder if folder.is_dir() else None, int(os.environ.get("VIBRATO_PLANTED", MEMBERS)))
    figures = tuple(figures_of(worlds, on))
    for figure in figures:
        print(figure.line(), flush=True)
    write(worlds, figures)


def write(worlds: Sequence[World], figures: Sequence[Figure]) -> None:
    """The picture, and the table in the page around it."""
    plot(worlds).save(DOCS / "learning.png", optimize=True)
    page = DOCS / "learning.md"
    before, _, rest = page.read_text("utf-8").partition(BEGINS)
    after = rest.partition(ENDS)[2]
    page.write_text(f"{before}{BEGINS}\n{table(figures)}\n{ENDS}{after}", encoding="utf-8")


def table(figures: Sequence[Figure]) -> str:
    """The figures as a table of Markdown, with what all were measured on above it."""
    on = figures[0].on.partition(";")[0]
    head = (f"Measured on {on}.", "", "| figure | value | 95 % interval | wanted |", "| --- | ---: | --- | --- |")
    rows = (
        f"| `{one.name}` | {one.value:g} {one.unit} | {one.on.partition('interval ')[2]} | {one.wanted} |"
        for one in figures
    )
    return "\n".join((*head, *rows))


def plot(worlds: Sequence[World]) -> Image.Image:
    """Songs that are liked by playlist: of steady members with their interval, and of those whose taste turns round."""
    image = Image.new("RGB", (_WIDTH, _HEIGHT), _GROUND)
    draw = ImageDraw.Draw(image)
    font = ImageFont.load_default(20)
    _axes(draw, font)
    liked = _curve(worlds, lambda world: world.steady.liked)
    ends = [_place(number, high) for number, (_, _, high) in enumerate(liked, 1)]
    ends += [_place(number, low) for number, (_, low, _) in reversed(list(enumerate(liked, 1)))]
    draw.polygon(ends, fill=_BAND)
    level = float(np.mean([world.steady.first.mean() for world in worlds])) * 100
    _dashed(draw, level, _FIRST)
    _line(draw, _curve(worlds, lambda world: world.steady.oracle), _ORACLE)
    _line(draw, _curve(worlds, lambda world: world.flipping.liked), _FLIPPED)
    _line(draw, liked, _LIKED)
    names = (
        ("by ratings, with interval", _LIKED, 0, 0),
        ("taste turned after the 5th", _FLIPPED, 330, 0),
        ("who knows the taste", _ORACLE, 0, 1),
        ("who knows nothing", _FIRST, 330, 1),
    )
    for name, colour, across, row in names:
        draw.text((_LEFT + across, 30 + 30 * row), name, font=font, fill=colour, anchor="lm")
    return image


def _axes(draw: ImageDraw.ImageDraw, font: ImageFont.FreeTypeFont | ImageFont.ImageFont) -> None:
    for value in range(0, 101, 20):
        draw.line([_place(1, value), _place(PLAYLISTS, value)], fill=_LINES, width=1)
        draw.text((_LEFT - 12, _place(1, value)[1]), f"{value} %", font=font, fill=_TEXT, anchor="rm")
    for number in range(1, PLAYLISTS + 1):
        across, down = _place(number, 0)
        draw.text((across, down + 22), str(number), font=font, fill=_TEXT, anchor="mm")
    middle = (_LEFT + _WIDTH - _RIGHT) / 2
    draw.text((middle, _HEIGHT - 24), "playlist; share of its songs that are liked", font=font, fill=_TEXT, anchor="mm")
    turn = _place(FLIPS_AFTER + 0.5, 0)[0]
    draw.line([(turn, _TOP), (turn, _HEIGHT - _BOTTOM)], fill=_LINES, width=2)


def _place(playlist: float, share: float) -> tuple[float, float]:
    across = (playlist - 1) / (PLAYLISTS - 1)
    return _LEFT + across * (_WIDTH - _LEFT - _RIGHT), _HEIGHT - _BOTTOM - share / 100 * (_HEIGHT - _TOP - _BOTTOM)


def _curve(worlds: Sequence[World], of: Callable[[World], np.ndarray]) -> Curve:
    """Mean and interval in percent, for each playlist."""
    return [interval([100 * float(of(world)[:, place].mean()) for world in worlds]) for place in range(PLAYLISTS)]


def _line(draw: ImageDraw.ImageDraw, curve: Curve, colour: tuple[int, int, int]) -> None:
    points = [_place(number, mean) for number, (mean, _, _) in enumerate(curve, 1)]
    for one, next_one in pairwise(points):
        draw.line([one, next_one], fill=colour, width=4)
    for across, down in points:
        draw.ellipse((across - 6, down - 6, across + 6, down + 6), fill=colour)


def _dashed(draw: ImageDraw.ImageDraw, share: float, colour: tuple[int, int, int]) -> None:
    for start in np.arange(1, PLAYLISTS, 0.2):
        draw.line([_place(start, share), _place(start + 0.1, share)], fill=colour, width=3)


if __name__ == "__main__":
    main()
