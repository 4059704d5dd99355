"""The table and the picture of growth in docs/: ``python -m tests.benchmarks.engine.plots``."""

from __future__ import annotations

from collections.abc import Sequence
from math import log10
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from tests.benchmarks.engine.scale import Size, growth

DOCS = Path(__file__).parents[3] / "docs"

_WIDTH, _HEIGHT = 1000, 520
_LEFT, _RIGHT, _TOP, _BOTTOM = 90, 40, 70, 70
_GROUND, _LINES, _TEXT = (30, 31, 34), (62, 64, 70), (219, 222, 225)
_COMPOSE, _SEQUENCE, _WANTED = (88, 101, 242), (87, 242, 135), (237, 66, 69)
_MOST_MS = 200
_WISHES = ((100_000, 60), (1_000_000, 190))

_OTHER = "\n# Words\n"
"""Where the part of the page begins that is not made here."""


def main() -> None:
    """Measure, then write docs/growth.png and docs/figures.md."""
    sizes = tuple(growth())
    DOCS.mkdir(exist_ok=True)
    plot(sizes).save(DOCS / "growth.png", optimize=True)
    page = DOCS / "figures.md"
    _, other, rest = page.read_text("utf-8").partition(_OTHER)
    page.write_text(table(sizes) + other + rest, encoding="utf-8")


def table(sizes: Sequence[Size]) -> str:
    """The sizes as a page of Markdown."""
    lines = [
        "# Growth",
        "",
        "Catalogues drawn with noise from the demo songs; a set of 25 songs, medians of 90 requests, one thread.",
        "Made by `python -m tests.benchmarks.engine.plots`; `make bench` prints all other figures.",
        "",
        "| tracks | start from disk, s | target to reasons, ms | sequencing, ms | memory, MB | mapped from files, MB |",
        "| ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    lines += [
        f"| {size.tracks:,} | {size.start_s:.2f} | {size.compose_ms:.0f} | {size.sequence_ms:.0f} "
        f"| {size.memory_mb:.0f} | {size.mapped_mb:.0f} |"
        for size in sizes
    ]
    return "\n".join([*lines, "", "![Milliseconds by tracks](growth.png)", ""])


def plot(sizes: Sequence[Size]) -> Image.Image:
    """Milliseconds over tracks, the tracks by their logarithm; rings are what is asked for."""
    image = Image.new("RGB", (_WIDTH, _HEIGHT), _GROUND)
    draw = ImageDraw.Draw(image)
    font = ImageFont.load_default(20)
    most = max(_MOST_MS, *(size.compose_ms * 1.05 for size in sizes))

    def place(tracks: float, value: float) -> tuple[float, float]:
        across = (log10(tracks) - 4) / 2
        return _LEFT + across * (_WIDTH - _LEFT - _RIGHT), _HEIGHT - _BOTTOM - value / most * (_HEIGHT - _TOP - _BOTTOM)

    for value in range(0, int(most) + 1, 50):
        draw.line([place(1e4, value), place(1e6, value)], fill=_LINES, width=1)
        draw.text((_LEFT - 12, place(1e4, value)[1]), f"{value} ms", font=font, fill=_TEXT, anchor="rm")
    for tracks in (10_000, 100_000, 1_000_000):
        across, down = place(tracks, 0)
        draw.text((min(across, _WIDTH - 60), down + 24), f"{tracks:,}", font=font, fill=_TEXT, anchor="mm")
    for number, (name, colour) in enumerate((("target to reasons", _COMPOSE), ("of it sequencing", _SEQUENCE))):
        values = [size.sequence_ms if number else size.compose_ms for size in sizes]
        points = [place(size.tracks, value) for size, value in zip(sizes, values, strict=True)]
        draw.line(points, fill=colour, width=4, joint="curve")
        for across, down in points:
            draw.ellipse((across - 6, down - 6, across + 6, down + 6), fill=colour)
        draw.text((_LEFT + 20 + 260 * number, 34), name, font=font, fill=colour, anchor="lm")
    for tracks, value in _WISHES:
        across, down = place(tracks, value)
        draw.ellipse((across - 9, down - 9, across + 9, down + 9), outline=_WANTED, width=3)
    draw.text((_LEFT + 540, 34), "ring: at most", font=font, fill=_WANTED, anchor="lm")
    return image


if __name__ == "__main__":
    main()
