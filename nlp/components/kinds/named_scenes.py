"""The scenes that a request names or shares telling words with.

They move what the whole sentence asks for; alone they are what is left where the sentence encoder is not installed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from nlp.components.draft import RequestDraft
from nlp.knowledge.request_model import Hearing
from nlp.knowledge.scenes import ScenePhrase, all_scenes
from nlp.vibe import AXES, Axis, AxisRange

NEAREST = 8
"""Scenes that a reading is mixed of."""

SHARPNESS = 0.03
"""Likeness by which a scene counts for 1/e of the nearest."""

LEAST, LEAST_ALONE, LEAST_OF_FEW = 0.44, 0.52, 0.64
"""Likeness below which a scene is not heard: the second where nothing else was understood, the third where besides
there are only a word or two. Judgement, by reading what unlike sentences come near to."""

FEW_WORDS = 3
NAMED, NAMED_WORD, MOST_NAMED = 0.34, 0.14, 4
"""The likeness of a scene that a phrase names: the least, and what each of its words adds, up to so many."""

ARTISTS_OF = 0.12
"""The share of a scene in the reading from which its typical artists are listened to."""

AXIS_HEARD = 0.3
MOSTLY = 0.5

ONE_WORD, WORD_OF_NAME, MOST_BY_NAME = 0.2, 0.2, 0.6
"""The share of a named scene beside the whole sentence: for a name of one word, what each more adds, and the most.
Checked on the dev cases: 60 % of the songs are right without, 67 % with these."""

MOST_TYPICAL = 10


def scene_by_words(draft: RequestDraft, words: Sequence[str], phrases: Sequence[ScenePhrase]) -> Hearing | None:
    """The scenes of a request, mixed by how many telling words they share with it; None where none is near."""
    scenes = all_scenes()
    near = scenes.likeness(" ".join(word for word in words if word))
    for first, last, numbers in phrases:
        for number in numbers:
            near[number] = max(near[number], NAMED + NAMED_WORD * min(last - first, MOST_NAMED))
    best = np.argsort(-near, kind="stable")[:NEAREST]
    unsure = LEAST_OF_FEW if len(draft.words) < FEW_WORDS else LEAST_ALONE
    best = best[near[best] >= (LEAST if draft.findings else unsure)]
    if not len(best):
        return None
    weights = np.exp((near[best] - near[best[0]]) / SHARPNESS)
    weights = (weights / weights.sum()).astype(np.float32)
    rows = [scenes.rows[number] for number in best.tolist()]
    told = list(zip(rows, weights.tolist(), strict=True))
    kinds = weights @ scenes.kinds[best]
    names = [name for row, share in told if share >= ARTISTS_OF for name in row.artists]
    return Hearing(
        music=1.0,
        near=float(near[best[0]]),
        kinds=kinds / kinds.sum(),
        without=weights @ scenes.without[best],
        artists=tuple(dict.fromkeys(names)),
        axes=_axes([(share, wish) for row, share in told for wish in row.axes]),
        fame=sum(share * row.fame for row, share in told),
        years=rows[0].years if weights[0] >= MOSTLY else None,
        tongue=None,
    )


def with_scenes(heard: Hearing, phrases: Sequence[ScenePhrase]) -> Hearing:
    """What was heard, moved towards the scenes that are named: the longer a name, the less it can mean another one."""
    if not phrases:
        return heard
    scenes = all_scenes()
    lengths = np.array([last - first for first, last, _ in phrases], dtype=np.float32)
    share = np.float32(min(MOST_BY_NAME, ONE_WORD + WORD_OF_NAME * (float(lengths.max()) - 1)))
    weights = np.square(lengths) / np.square(lengths).sum()
    kinds = weights @ np.stack([scenes.kinds[list(numbers)].mean(axis=0) for _, _, numbers in phrases])
    without = weights @ np.stack([scenes.without[list(numbers)].mean(axis=0) for _, _, numbers in phrases])
    longest = phrases[int(lengths.argmax())][2]
    typical = [name for number in longest for name in scenes.rows[number].artists][:MOST_TYPICAL]
    return replace(
        heard,
        kinds=(1 - share) * heard.kinds + share * kinds / kinds.sum(),
        without=np.maximum(heard.without, share * without),
        artists=tuple(dict.fromkeys(_by_turns(heard.artists, typical))),
    )


def _by_turns(one: Sequence[str], other: Sequence[str]) -> Iterator[str]:
    """Two of the first, one of the other, and so on while there are any."""
    for place in range(max(len(one), 2 * len(other))):
        yield from one[place : place + 1]
        if place % 2 == 1:
            yield from other[place // 2 : place // 2 + 1]


def _axes(said: Sequence[tuple[float, AxisRange]]) -> tuple[AxisRange, ...]:
    """The ranges on which enough of the scenes agree: ends are means, weighed by the shares of the scenes."""
    by_axis: dict[Axis, list[tuple[float, AxisRange]]] = {}
    for share, wish in said:
        by_axis.setdefault(wish.axis, []).append((share, wish))
    found = []
    for axis in (axis for axis in AXES if axis in by_axis):
        lows = [(share, wish.low) for share, wish in by_axis[axis] if wish.low is not None]
        highs = [(share, wish.high) for share, wish in by_axis[axis] if wish.high is not None]
        low, high = _end(lows), _end(highs)
        if (low is None and high is None) or (low is not None and high is not None and low > high):
            continue
        heard = max(sum(share for share, _ in ends) for ends in (lows, highs))
        found.append(AxisRange(axis=axis, low=low, high=high, weight=round(min(1.0, heard), 3)))
    return tuple(found)


def _end(ends: Sequence[tuple[float, float]]) -> float | None:
    heard = sum(share for share, _ in ends)
    return round(sum(share * end for share, end in ends) / heard, 3) if heard >= AXIS_HEARD else None
