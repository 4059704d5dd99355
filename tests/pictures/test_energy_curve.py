"""The picture of a set's energy: what somebody looking at it would notice."""

import io

import pytest
from PIL import Image

from bot.pictures.energy import HEIGHT, WIDTH, CurveWords, energy_curve

RISING = tuple(i / 24 for i in range(25))


def opened(png: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(png))
    image.load()
    return image.convert("RGB")


def batched_by_three(raw: bytes) -> list[bytes]:
    return [raw[start : start + 3] for start in range(0, len(raw), 3)]


def colours_in(image: Image.Image, box: tuple[int, int, int, int]) -> int:
    """Pixels of a region that are clearly coloured, as the curve and its dots are."""
    pixels = batched_by_three(image.crop(box).tobytes())
    return sum(max(pixel) - min(pixel) > 90 for pixel in pixels)


def test_a_rising_set_is_drawn_low_at_the_left_and_high_at_the_right():
    image = opened(energy_curve(RISING, ()))
    left_low, left_high = (140, 200, 300, 262), (140, 60, 300, 120)
    right_high = (800, 60, 970, 120)
    assert colours_in(image, left_low) > 200
    assert colours_in(image, left_high) == 0
    assert colours_in(image, right_high) > 200


@pytest.mark.parametrize(
    ("energies", "arc"),
    [
        ((), ()),
        ((0.5,), ()),
        ((0.5,), (0.5,)),
        ((0.1, 0.9), (0.0, 1.0)),
        ((None,) * 25, RISING),
        ((None, 0.4, None), (0.2, 0.4, 0.9)),
        (tuple((i * 37 % 100) / 100 for i in range(100)), RISING),
        ((0.0,) * 100, (0.0,) * 100),
        ((-3.0, 7.0, 0.5), (-1.0, 2.0, 0.5)),
        (RISING * 20, RISING),
    ],
    ids=["none", "one", "one-asked", "two", "unknown", "lonely", "hundred", "silent", "outside", "five-hundred"],
)
def test_every_set_gives_a_whole_picture(energies, arc):
    image = Image.open(io.BytesIO(energy_curve(energies, arc)))
    image.load()
    assert (image.format, image.size) == ("PNG", (WIDTH, HEIGHT))


def test_the_picture_follows_the_songs_and_what_was_asked():
    pictures = {
        energy_curve(RISING, RISING),
        energy_curve(RISING[::-1], RISING),
        energy_curve(RISING, RISING[::-1]),
        energy_curve(RISING, ()),
        energy_curve((*RISING[:9], None, *RISING[10:]), ()),
        energy_curve((), ()),
    }
    assert len(pictures) == 6


def test_the_same_set_gives_the_same_picture():
    assert energy_curve(RISING, RISING) == energy_curve(RISING, RISING)


def test_songs_of_unknown_energy_leave_a_gap():
    known = opened(energy_curve((0.5,) * 21, ()))
    holed = opened(energy_curve((*(0.5,) * 8, *(None,) * 5, *(0.5,) * 8), ()))
    middle = (520, 100, 570, 250)
    assert colours_in(known, middle) > 100
    assert colours_in(holed, middle) == 0


def test_the_asked_line_lies_within_the_range_of_the_set():
    """An arc is a shape within the set's own range: asked up, a calm set still ends below the middle."""
    plain = opened(energy_curve((0.1,) * 10 + (0.4,) * 10, ()))
    asked = opened(energy_curve((0.1,) * 10 + (0.4,) * 10, (0.0, 1.0)))
    above = (130, 60, 966, 150)
    assert plain.crop(above).tobytes() == asked.crop(above).tobytes()
    assert plain.tobytes() != asked.tobytes()


def test_the_words_can_be_of_another_language():
    german = CurveWords(lively="wild", calm="ruhig", asked="gewünscht", unknown="unbekannt")
    assert energy_curve(RISING, RISING, words=german) != energy_curve(RISING, RISING)
    assert energy_curve((), (), words=german) != energy_curve((), ())
