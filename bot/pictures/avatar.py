"""Faces for the demo: a wave for the bot, an initial for a member. Pillow only; PNG out."""

from __future__ import annotations

import io
import math

from PIL import Image, ImageDraw, ImageFont

SIZE = 128
"""Pixels of a side. Discord cuts the circle itself."""

_SCALE = 4
_TOP, _BOTTOM = (255, 122, 89), (123, 92, 255)
_FACES = ((67, 160, 146), (214, 127, 60), (98, 120, 214), (176, 84, 142))
_WHITE = (255, 255, 255)


def bot_avatar() -> bytes:
    """A note that trembles: the wave that vibrato is, louder towards the middle."""
    column = Image.new("RGB", (1, 2))
    column.putpixel((0, 0), _TOP)
    column.putpixel((0, 1), _BOTTOM)
    large = SIZE * _SCALE
    image = column.resize((large, large), Image.Resampling.BICUBIC)
    points = [(x, large / 2 + _swing(x / large) * large) for x in range(large // 8, large * 7 // 8)]
    draw = ImageDraw.Draw(image)
    width = large // 14
    draw.line(points, fill=_WHITE, width=width, joint="curve")
    for x, y in (points[0], points[-1]):
        draw.ellipse((x - width / 2, y - width / 2, x + width / 2, y + width / 2), fill=_WHITE)
    return _png(image.reduce(_SCALE))


def _swing(place: float) -> float:
    return 0.3 * math.exp(-(((place - 0.5) / 0.2) ** 2)) * math.sin((place - 0.5) * 2 * math.pi * 5)


def member_avatar(name: str, number: int) -> bytes:
    """The initial of `name` on one of a few colours, chosen by `number`."""
    image = Image.new("RGB", (SIZE, SIZE), _FACES[number % len(_FACES)])
    font = ImageFont.load_default(SIZE * 0.55)
    ImageDraw.Draw(image).text((SIZE / 2, SIZE / 2), name[:1].upper(), fill=_WHITE, font=font, anchor="mm")
    return _png(image)


def _png(image: Image.Image) -> bytes:
    packed = io.BytesIO()
    image.save(packed, "PNG")
    return packed.getvalue()
