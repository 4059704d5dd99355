"""The short language in which requests.tsv says what has to come out of a request."""

from nlp.parser import VibeParser
from nlp.vibe import AXES, Axis, AxisRange, Vibe

CALM, LIVELY = 0.6, 0.45
SLOW_BPM, FAST_BPM = 112, 108
WIDTH = {"tempo": 280.0}


def failures(vibe: Vibe, checks: str, parser: VibeParser) -> list[str]:
    """The checks that `vibe` does not pass."""
    return [check for check in checks.split("; ") if not holds(vibe, check, parser)]


def holds(vibe: Vibe, check: str, parser: VibeParser) -> bool:
    """Whether `vibe` passes one check, "energy low" or "genre +rap"."""
    head, _, rest = check.partition(" ")
    if head in AXES:
        return _axis(vibe, head, rest)
    if head in {"genre", "instrument", "language"}:
        choice = {"genre": vibe.genres, "instrument": vibe.instruments, "language": vibe.languages}[head]
        return _choice(choice, rest)
    return _CHECKS[head](vibe, rest, parser)


def range_of(vibe: Vibe, axis: Axis) -> AxisRange | None:
    """The wished range of `axis`, or None when nothing was said about it."""
    return next((wish for wish in vibe.targets if wish.axis == axis), None)


def _axis(vibe, axis, rest):
    wish = range_of(vibe, axis)
    if rest.startswith("!"):
        return wish is None or not _is(wish, rest[1:], strict=True)
    if rest in {"low", "high"}:
        return wish is not None and _is(wish, rest)
    if rest[0] in "<>":
        end = None if wish is None else wish.high if rest[0] == "<" else wish.low
        return end is not None and (end < float(rest[1:]) if rest[0] == "<" else end > float(rest[1:]))
    hard = rest.endswith("!")
    low, high = (float(end) if end else None for end in rest.rstrip("!").split(".."))
    return wish is not None and (wish.low, wish.high, wish.hard) == (low, high, hard)


def _is(wish, way, strict=False):
    """Whether a range leans a way; strictly: whether it asks for that end of the axis."""
    tempo = wish.axis == "tempo"
    edge = {"low": SLOW_BPM if tempo else CALM, "high": FAST_BPM if tempo else LIVELY}[way]
    if strict:
        edge = {"low": 105 if tempo else 0.5, "high": 120 if tempo else 0.5}[way]
    if wish.axis in {"acousticness", "instrumentalness", "speechiness", "liveness"} and way == "high" and not strict:
        edge = 0.25
    end = wish.high if way == "low" else wish.low
    return end is not None and (end <= edge if way == "low" else end >= edge)


def _choice(choice, rest):
    if rest == "=":
        return not choice.wanted
    name = rest[1:]
    return {
        "+": name in choice.wanted,
        "-": name in choice.rejected and name not in choice.wanted,
        "!": name not in choice.wanted,
    }[rest[0]]


def _artist(vibe, rest, _parser):
    artists = vibe.artists
    if rest == "=":
        return not (artists.wanted or artists.like or artists.rejected)
    everyone = artists.wanted + artists.like + artists.rejected
    groups = {"+": artists.wanted, "~": artists.like, "-": artists.rejected}
    return rest[1:] not in everyone if rest[0] == "!" else rest[1:] in groups[rest[0]]


def _years(vibe, rest, _parser):
    if rest == "=":
        return not vibe.years.wanted
    first, _, last = rest[1:].partition("-")
    span = (int(first) if first else None, int(last) if last else None)
    return span in (vibe.years.wanted if rest[0] == "+" else vibe.years.rejected)


def _change(vibe, rest, _parser):
    axis, amount = rest.split()
    changes = {change.axis: change.amount for change in vibe.changes}
    if axis not in changes:
        return False
    return {"up": changes[axis] > 0, "down": changes[axis] < 0}.get(amount, False) or (
        amount not in {"up", "down"} and abs(changes[axis] - float(amount)) < 0.01
    )


def _no(vibe, rest, _parser):
    return not vibe.changes if rest == "change" else range_of(vibe, rest) is None


def _length(vibe, amount, kind, unit):
    length = vibe.length
    return length is not None and getattr(length, unit) == float(amount) and length.kind == kind


def _arc(vibe, rest, _parser):
    if vibe.arc is None:
        return False
    levels = [level for _, level in vibe.arc]
    top = max(levels)
    return {
        "up": levels[0] < levels[-1] == top,
        "down": levels[-1] < levels[0] and levels[-1] == min(levels),
        "peak": levels[0] < top > levels[-1],
    }[rest]


def _sharper(vibe, rest, parser):
    """ "very sad > sad": the wish that stands first is the stronger one, on its first axis."""
    strong, weak = (parser.parse(text).targets for text in rest.split(" > "))
    shared = [(a, b) for a in strong for b in weak if a.axis == b.axis]
    return bool(shared) and all(a.weight > b.weight for a, b in shared) and any(_size(a) < _size(b) for a, b in shared)


def _size(wish):
    ceiling = {"tempo": 300.0}.get(wish.axis, 1.0)
    return (ceiling if wish.high is None else wish.high) - (wish.low or 0.0)


_CHECKS = {
    "artist": _artist,
    "years": _years,
    "change": _change,
    "no": _no,
    "arc": _arc,
    "sharper": _sharper,
    "tracks": lambda vibe, rest, _: _length(vibe, *rest.split(), "tracks"),
    "minutes": lambda vibe, rest, _: _length(vibe, *rest.split(), "minutes"),
    "length": lambda vibe, rest, _: rest == "none" and vibe.length is None,
    "track": lambda vibe, rest, _: rest[1:] in vibe.similar_tracks,
    "context": lambda vibe, rest, _: rest[1:] not in vibe.contexts if rest[0] == "!" else rest in vibe.contexts,
    "clean": lambda vibe, rest, _: vibe.clean is {"yes": True, "no": False, "none": None}[rest],
    "familiar": lambda vibe, rest, _: (vibe.familiarity or "none") == rest,
    "soft": lambda vibe, rest, _: (wish := range_of(vibe, rest)) is not None and not wish.hard,
    "unknown": lambda vibe, rest, _: rest in vibe.unknown,
    "understood": lambda vibe, rest, _: vibe.understood is {"yes": True, "no": False}[rest],
    "nothing": lambda vibe, rest, _: rest == "crashes" or not vibe.understood,
}
