"""What a mentioned word wishes of an axis: graded, denied, compared; and how several wishes become one range."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from nlp.components.draft import Mention
from nlp.lexicon import LIMITS
from nlp.vibe import Axis, AxisRange

NEUTRAL: dict[Axis, float] = {
    "tempo": 118.0,
    "loudness": -9.0,
    "acousticness": 0.35,
    "instrumentalness": 0.45,
    "speechiness": 0.12,
    "liveness": 0.2,
}
"""The middle of an axis, where it is not 0.5: about the medians of 114,000 songs, softened."""

REACH: dict[Axis, float] = {"tempo": 60.0, "loudness": 8.0}
"""How far a song usually is from the middle, where it is not 0.5: what makes axes comparable."""

TIGHTER = 0.2
"""The share of an axis' reach that a strong degree cuts off; a weak one gives as much back."""

DENIED_WITHIN = 0.05
SOFTLY_DENIED_WITHIN = 0.1
"""How far a denied range may be entered: "not fast" cuts off the fast end, and asks for nothing slow."""

FELT_WITHIN = 0.2
"""The same for the energy that goes with a denied pace: "not slow" asks for nothing that sleeps."""

AROUND_MIDDLE = 0.15
"""The share of an axis' reach within which the centre of a range says neither up nor down."""

WIDEST = 80.0
"""The part of an axis that its songs lie in, at most: tempo has 280 BPM, and few songs outside of 80."""

MAIN_SHARE = 0.75
"""The share of the heaviest weight that an effect needs to be what a word is about."""

SAY_OF_RANK = (1.0, 0.5, 0.3)
"""The say of words about the music, its occasion, and its genre or instrument, where they pull apart."""

LEAST_PULL = 0.1

PASSING_SAY = 0.15
"""The say of what only goes with a word: "synth" is about how electronic it is, "soft" is acoustic only in passing."""

CLEARLY_MORE = 1.7
"""How many times more say makes one side hold."""

HEAVIEST = 3.0


@dataclass(frozen=True, slots=True)
class AxisWish:
    """A range that a mention asks for; `rank` 0 is said of the music, 1 of its occasion, 2 comes with a genre.

    `main` tells what the mention is about from what goes with it: "fast" is about the tempo, not the energy. What is
    `passing` goes with it but lightly. What is `insisted` on is what a feeling beside a "but" is about.
    """

    range: AxisRange
    rank: int
    denial: bool = False
    main: bool = True
    passing: bool = False
    insisted: bool = False


def middle(axis: Axis) -> float:
    """The value of an ordinary song."""
    return NEUTRAL.get(axis, 0.5)


def direction(wish: AxisRange) -> int:
    """1 for a wish upwards, -1 downwards, 0 for one that asks for the middle."""
    if wish.high is None:
        return 1
    if wish.low is None:
        return -1
    off = (wish.low + wish.high) / 2 - middle(wish.axis)
    return 0 if abs(off) < AROUND_MIDDLE * REACH.get(wish.axis, 0.5) else 1 if off > 0 else -1


def primary(effects: Sequence[AxisRange]) -> AxisRange | None:
    """The effect that a word is about first: "happier" is about brightness, whatever else goes with it.

    Rows name their main effect first; one that weighs much less than another is not it. Loudness says how a record was
    mastered, so energy stands for it.
    """
    told = [effect for effect in effects if effect.axis != "loudness"] or list(effects)
    heaviest = max((effect.weight for effect in told), default=0.0)
    return next((effect for effect in told if effect.weight >= MAIN_SHARE * heaviest), None)


def graded(wish: AxisRange, factor: float) -> AxisRange:
    """`wish` for "very" (factor above 1: narrower, heavier) or "a bit" (below 1: wider, lighter)."""
    if factor == 1.0:
        return wish
    floor, ceiling = LIMITS[wish.axis]
    step = max(-1.0, min(1.0, (factor - 1.0) * 2)) * TIGHTER * REACH.get(wish.axis, 0.5)
    low, high = wish.low, wish.high
    if low is not None and direction(wish) > 0:
        low = min(max(low + step, floor), ceiling - abs(step))
    if high is not None and direction(wish) < 0:
        high = max(min(high - step, ceiling), floor + abs(step))
    return replace(wish, low=_rounded(low), high=_rounded(high), weight=round(min(HEAVIEST, wish.weight * factor), 2))


def denied(wish: AxisRange, share: float) -> AxisRange:
    """What is left when `wish` is denied: its extreme is cut off, and the opposite is not asked for.

    `share` of the axis is how far the denied range may still be entered.
    """
    floor, ceiling = LIMITS[wish.axis]
    within = share * min(ceiling - floor, WIDEST)
    usual = middle(wish.axis)
    if direction(wish) > 0:
        edge = wish.low if wish.low is not None else wish.high or usual
        return AxisRange(axis=wish.axis, high=_rounded(max(edge + within, usual + within)), weight=wish.weight)
    edge = wish.high if wish.high is not None else wish.low or usual
    return AxisRange(axis=wish.axis, low=_rounded(min(edge - within, usual - within)), weight=wish.weight)


def wishes_of(mention: Mention) -> list[AxisWish]:
    """What a mention wishes of the axes; nothing when it is grammar, a change, or speaks of a part of the set."""
    if mention.is_grammar or mention.in_arc or mention.change is not None:
        return []
    if mention.kind == "axis" and mention.role not in {"high", "low"}:
        return []
    effects = _effects(mention)
    if mention.denial:
        first = primary(effects)
        if first is None or mention.kind in {"genre", "instrument", "language"}:
            return []
        share = SOFTLY_DENIED_WITHIN if mention.denial == "soft" else DENIED_WITHIN
        felt = [effect for effect in effects if effect.axis == "energy"] if first.axis == "tempo" else []
        cut = [AxisWish(denied(first, share), _rank(mention, first.axis), denial=True)]
        return cut + [AxisWish(denied(effect, FELT_WITHIN), 1, denial=True) for effect in felt]
    first = primary(effects)
    heavy = MAIN_SHARE * max((effect.weight for effect in effects), default=0.0)
    return [
        AxisWish(
            graded(effect, mention.factor),
            _rank(mention, effect.axis),
            main=effect is first,
            passing=effect.weight < heavy,
            insisted=mention.beside_but and effect is first and _rank(mention, effect.axis) == 0,
        )
        for effect in effects
    ]


def _effects(mention: Mention) -> list[AxisRange]:
    chosen: dict[Axis, AxisRange] = {}
    for entry in mention.entries:
        if entry.kind == mention.kind or entry.kind not in {"genre", "axis"}:
            for effect in entry.effects:
                chosen.setdefault(effect.axis, effect)
    if mention.role == "low":
        return [_lowered(effect) for effect in chosen.values()]
    return list(chosen.values())


def _lowered(effect: AxisRange) -> AxisRange:
    """The low end of an axis noun: "low energy"."""
    usual = middle(effect.axis)
    edge = effect.low if effect.low is not None else usual
    return replace(effect, low=None, high=_rounded(usual - (edge - usual)))


def _rank(mention: Mention, axis: Axis) -> int:
    if mention.kind == "instrument" and axis in {"acousticness", "instrumentalness"}:
        return 0
    if mention.inside is not None:
        return 1
    if mention.kind in {"mood", "sound", "emoji", "axis", "vocals"}:
        return 0
    return 2 if mention.kind in {"genre", "instrument", "language"} else 1


def combined(wishes: Sequence[AxisWish], hard: Sequence[AxisRange]) -> AxisRange | None:
    """The one range of an axis: promises alone where there are any, else what the wishes agree on.

    Where they pull apart, the side with clearly more say holds, as far as the music itself is not said to be less;
    sides of like say meet at their weighted mean. What is denied is cut off at the end.
    """
    if hard:
        return _intersection(hard) or hard[-1]
    result = _agreed(_not_denied(wishes))
    for wish in wishes:
        if wish.denial:
            met = None if result is None else _intersection([result, wish.range])
            outweighed = result is not None and result.weight > wish.range.weight
            result = met or (result if outweighed else wish.range)
    return result


def _not_denied(wishes: Sequence[AxisWish]) -> list[AxisWish]:
    """The wishes without those that only go with something else, where the music itself is denied that very end.

    "Workout, not energetic" and "fast but not aggressive" are calmer than workouts and fast songs usually are.
    """
    ends = {-direction(wish.range) for wish in wishes if wish.denial and wish.rank == 0}
    return [
        wish
        for wish in wishes
        if not wish.denial and not (direction(wish.range) in ends and (wish.rank > 0 or not wish.main))
    ]


def _agreed(wishes: Sequence[AxisWish]) -> AxisRange | None:
    up = [wish for wish in wishes if direction(wish.range) > 0]
    down = [wish for wish in wishes if direction(wish.range) < 0]
    even = [wish for wish in wishes if direction(wish.range) == 0]
    strong, weak = sorted((up, down), key=lambda side: (_is_insisted(side), _say(side)), reverse=True)
    if not strong:
        return _joined(even)
    if weak and _say(weak) * CLEARLY_MORE > _say(strong) and _is_insisted(weak) == _is_insisted(strong):
        return _mean([wish.range for wish in _foremost(strong) + _foremost(weak)])
    result = _joined(strong)
    for narrower in (_joined(even), _joined([wish for wish in weak if wish.rank == 0 and wish.main])):
        if result is not None and narrower is not None:
            result = _intersection([result, narrower]) or result
    return result


def _is_insisted(wishes: Sequence[AxisWish]) -> bool:
    """Whether a side is what a clause beside a "but" is about: "slow but powerful" has energy, slow is its pace."""
    return any(wish.insisted for wish in wishes)


def _say(wishes: Sequence[AxisWish]) -> float:
    """How much wishes say together: one strong word says more than several passing ones."""
    return sum(
        wish.range.weight**2 * SAY_OF_RANK[wish.rank] * _pull(wish.range) * (PASSING_SAY if wish.passing else 1.0)
        for wish in wishes
    )


def _pull(wish: AxisRange) -> float:
    """How much a range pulls to its side: fully when it begins at the middle, hardly when it only spares an extreme."""
    edge = wish.low if direction(wish) > 0 else wish.high
    if edge is None:
        return 1.0
    spare = (middle(wish.axis) - edge) * direction(wish) / REACH.get(wish.axis, 0.5)
    return max(LEAST_PULL, 1.0 - 2.0 * max(0.0, spare))


def _foremost(wishes: Sequence[AxisWish]) -> list[AxisWish]:
    rank = min(wish.rank for wish in wishes)
    return [wish for wish in wishes if wish.rank == rank]


def _joined(wishes: Sequence[AxisWish]) -> AxisRange | None:
    """One range of wishes that go the same way: those of the lowest rank, narrowed by the next where they agree."""
    if not wishes:
        return None
    result: AxisRange | None = None
    for rank in (0, 1):
        ranges = [wish.range for wish in wishes if wish.rank == rank]
        if ranges:
            met = _intersection(ranges) or _mean(ranges)
            result = met if result is None else (_intersection([result, met]) or result)
    return _hull([wish.range for wish in wishes]) if result is None else result


def _intersection(ranges: Sequence[AxisRange]) -> AxisRange | None:
    lows = [wish.low for wish in ranges if wish.low is not None]
    highs = [wish.high for wish in ranges if wish.high is not None]
    low, high = max(lows, default=None), min(highs, default=None)
    if low is not None and high is not None and low >= high:
        return None
    return replace(
        ranges[0], low=low, high=high, weight=max(wish.weight for wish in ranges), hard=any(w.hard for w in ranges)
    )


def _mean(ranges: Sequence[AxisRange]) -> AxisRange:
    """The weighted mean of ranges that exclude each other, open ends taken as those of the axis."""
    axis = ranges[0].axis
    floor, ceiling = LIMITS[axis]
    total = sum(wish.weight for wish in ranges)
    low = sum((floor if wish.low is None else wish.low) * wish.weight for wish in ranges) / total
    high = sum((ceiling if wish.high is None else wish.high) * wish.weight for wish in ranges) / total
    return AxisRange(axis=axis, low=_rounded(low), high=_rounded(high), weight=max(wish.weight for wish in ranges))


def _hull(ranges: Sequence[AxisRange]) -> AxisRange | None:
    """The range that holds all `ranges`: a set of two genres spans both. None when an open end makes it everything."""
    lows, highs = [wish.low for wish in ranges], [wish.high for wish in ranges]
    low = None if None in lows else min(low for low in lows if low is not None)
    high = None if None in highs else max(high for high in highs if high is not None)
    if low is None and high is None:
        return None
    return replace(ranges[0], low=low, high=high, weight=min(wish.weight for wish in ranges))


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 3)
