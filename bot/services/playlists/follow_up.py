"""From one playlist to the next of its chain: what is kept of the vibe, what is stepped, and how it is called."""

from __future__ import annotations

from dataclasses import replace

from bot.generation.values import Previous
from bot.services.playlists.request_text import NAME_LIMIT, plain
from bot.services.values import FeedbackKind
from nlp.vibe import Axis, AxisChange, AxisRange, Evidence, Vibe

AGAIN = "again"
"""What stands as rawText for a press that asks for other songs of the same vibe."""

_WORDS: dict[tuple[Axis, bool], str] = {
    ("energy", True): "more energy",
    ("energy", False): "calmer",
    ("brightness", True): "brighter",
    ("brightness", False): "darker",
    ("tempo", True): "faster",
    ("tempo", False): "slower",
    ("loudness", True): "louder",
    ("loudness", False): "quieter",
}

_HALF_WIDTH: dict[Axis, float] = {"tempo": 8.0, "loudness": 3.0}
_HALF_WIDTH_OF_SHARES = 0.1


def step_text(changes: tuple[AxisChange, ...]) -> str:
    """The words of a press: "more energy", "calmer", "less speechiness"; "again" without a change."""
    words = (
        _WORDS.get((change.axis, change.amount > 0), f"{'more' if change.amount > 0 else 'less'} {change.axis}")
        for change in changes
    )
    return ", ".join(words) or AGAIN


def step_event(changes: tuple[AxisChange, ...]) -> FeedbackKind:
    """The event of a press: more or less of an axis, or again."""
    if not changes:
        return "again"
    return "more" if changes[0].amount > 0 else "less"


def settled(vibe: Vibe, previous: Previous) -> Vibe:
    """`vibe` with its steps turned into places: what an earlier press gained stays when another axis is stepped.

    Each change becomes a soft range around the mean that the playlist made of it, and no change is left.
    """
    means = dict(previous.means)
    reached = tuple(_around(change.axis, means[change.axis]) for change in vibe.changes if change.axis in means)
    axes = {wish.axis for wish in reached}
    kept = tuple(wish for wish in vibe.targets if wish.axis not in axes or wish.hard)
    hard = {wish.axis for wish in kept}
    return replace(vibe, targets=kept + tuple(wish for wish in reached if wish.axis not in hard), changes=(), edit=None)


def followed(vibe: Vibe, previous: Previous, changes: tuple[AxisChange, ...], *, version: str) -> Vibe:
    """The vibe of the next playlist: the settled one of its parent, stepped by a press on a button."""
    text = step_text(changes)
    evidence = tuple(
        Evidence(
            start=0, end=len(text), means=f"{'more' if change.amount > 0 else 'less'} {change.axis}", source="button"
        )
        for change in changes
    )
    step = Vibe(text=text, version=version, understood=True, changes=changes, evidence=evidence)
    return settled(vibe, previous).follow(step)


def next_name(name: str, changes: tuple[AxisChange, ...]) -> str:
    """The parent's name with the step behind it, where it fits: "Rainy Sunday, More Energy"."""
    step = plain(step_text(changes)).title() if changes else ""
    if not step or step.casefold() in name.casefold() or len(name) + len(step) + 2 > NAME_LIMIT:
        return name
    return f"{name}, {step}" if name else step


def _around(axis: Axis, mean: float) -> AxisRange:
    half = _HALF_WIDTH.get(axis, _HALF_WIDTH_OF_SHARES)
    return AxisRange(axis=axis, low=mean - half, high=mean + half)
