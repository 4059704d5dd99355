"""The cover of a playlist on Spotify: the arc of its energy, in a size that Spotify takes."""

from __future__ import annotations

import base64
import io

import pytest
from PIL import Image

from bot.pictures.cover import SIDE, cover

RISING = [number / 24 for number in range(25)]


def heights(jpeg: bytes) -> list[int]:
    """How many pixels are lit in a column at the left, in the middle and at the right."""
    picture = Image.open(io.BytesIO(jpeg))
    assert (picture.format, picture.size) == ("JPEG", (SIDE, SIDE))
    grey = picture.convert("L")
    thirds = [grey.crop((left, 0, left + SIDE // 3, SIDE)) for left in (0, SIDE // 3, 2 * SIDE // 3)]
    return [sum(third.histogram()[100:]) for third in thirds]


def test_it_rises_and_falls_with_the_songs() -> None:
    left, middle, right = heights(cover(RISING, ()))
    assert left < middle < right
    left, middle, right = heights(cover([0.1, 0.3, 0.9, 0.9, 0.3, 0.1], ()))
    assert left < middle > right


def test_where_no_energy_is_known_it_shows_the_arc_that_was_asked_for() -> None:
    assert heights(cover([None] * 25, RISING)) == heights(cover(RISING, ()))


@pytest.mark.parametrize(
    "energies", [[], [None], [0.5], [2.0, -1.0], RISING * 10], ids=["no song", "unknown", "one", "out of range", "250"]
)
def test_every_set_has_one_that_spotify_takes(energies: list[float | None]) -> None:
    made = cover(energies, (0.2,))
    assert len(base64.b64encode(made)) <= 256 * 1024
    heights(made)
