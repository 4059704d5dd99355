"""How wishes, values and numbers are said within sentences."""

from __future__ import annotations

from nlp.vibe import Axis, YearSpan

_ENDS: dict[Axis, tuple[str, str]] = {
    "tempo": ("slow", "fast"),
    "energy": ("calm", "energetic"),
    "brightness": ("dark", "bright"),
    "danceability": ("undanceable", "danceable"),
    "acousticness": ("electric", "acoustic"),
    "instrumentalness": ("full of voices", "instrumental"),
    "speechiness": ("free of speech", "spoken"),
    "liveness": ("studio-made", "live"),
    "loudness": ("quiet", "loud"),
}


def end_text(axis: Axis, *, upper: bool) -> str:
    """The word for an end of an axis: "calm" for the lower end of energy, "energetic" for the upper."""
    return _ENDS[axis][upper]


def value_text(axis: Axis, value: float) -> str:
    """A value with its unit: "128 BPM", "-7 dB", "0.21"."""
    if axis == "tempo":
        return f"{value:.0f} BPM"
    if axis == "loudness":
        return f"{value:.0f} dB"
    return f"{value:.2f}"


def bounds_text(axis: Axis, low: float | None, high: float | None) -> str:
    """A range without its axis: "above 0.70", "between 145 BPM and 155 BPM"."""
    if low is not None and high is not None:
        return f"between {value_text(axis, low)} and {value_text(axis, high)}"
    if low is not None:
        return f"above {value_text(axis, low)}"
    if high is not None:
        return f"below {value_text(axis, high)}"
    return "of any value"


def range_text(axis: Axis, low: float | None, high: float | None) -> str:
    """A range as a wish is named: "energy above 0.70"."""
    return f"{axis} {bounds_text(axis, low, high)}"


def span_text(span: YearSpan) -> str:
    """Years as a wish is named: "from 1980 to 1989", "from 2015 on", "up to 1969"."""
    first, last = span
    if first is not None and last is not None:
        return f"from {first}" if first == last else f"from {first} to {last}"
    if first is not None:
        return f"from {first} on"
    return "from any year" if last is None else f"up to {last}"


def any_of(names: tuple[str, ...]) -> str:
    """Names as alternatives: "jazz", "jazz or soul", "jazz, soul or funk"."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"


def songs_text(count: int) -> str:
    """A number of songs: "no song", "1 song", "1,200 songs"."""
    if count == 0:
        return "no song"
    return "1 song" if count == 1 else f"{count:,} songs"


def spans_text(spans: tuple[YearSpan, ...]) -> str:
    """Spans of years as alternatives: "from 1980 to 1989 or from 2015 on"."""
    return any_of(tuple(map(span_text, spans)))
