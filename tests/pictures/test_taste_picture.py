"""The picture of a taste: what it can write, and that it takes no side where there is none."""

from __future__ import annotations

import io

from PIL import Image

from bot.pictures.taste import Bar, taste_picture

WHITE = (235, 237, 242)
BARS = (Bar(low="slow", high="fast", own=0.01, sided=False),)


def test_names_with_accents_are_written_without_and_other_letters_left_to_the_card() -> None:
    nameless = taste_picture(BARS, [])
    assert taste_picture(BARS, ["Björk", "Beyoncé"]) == taste_picture(BARS, ["Bjork", "Beyonce"]) != nameless
    assert taste_picture(BARS, ["宇多田ヒカル"]) == nameless


def test_only_an_end_that_somebody_leans_to_stands_out() -> None:
    sided = (Bar(low="slow", high="fast", own=0.4),)
    colours = [
        {colour for _, colour in Image.open(io.BytesIO(taste_picture(bars, []))).getcolors(1 << 24) or ()}
        for bars in (BARS, sided)
    ]
    assert [WHITE in found for found in colours] == [False, True]
