"""Hears in a sentence what somebody who knows music would put on: kinds, what would spoil it, artists, limits, fame.

A sentence becomes a vector by the sentence encoder, whose last layers were taught on some fifteen thousand requests
and the scenes of the tables (`nlp.training.request_training`); one hidden layer then reads all answers from it. Kinds
and artists are read from the nearest of those sentences as well: what somebody chose for one sentence hangs together.
The whole sentence is heard, with its negations: "if I hear nirvana again" and "block party" were among what it was
taught.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from itertools import chain
from typing import Any

import numpy as np
import numpy.typing as npt

from nlp.encoder import DIMENSIONS, Encoder, gelu, installed_encoder
from nlp.knowledge.kinds import Shares, all_kinds
from nlp.knowledge.tables import FOLDER
from nlp.vibe import AXES, Axis, AxisRange, YearSpan

Floats = npt.NDArray[np.float32]

ARTIFACT = FOLDER / "request_model.npz"
"""What was learned, made by ``python -m nlp.training requests``."""

LIKELY = 0.5
"""Probability from which a limit or an era that follows from a sentence is taken to be meant."""

MOST_ARTISTS = 80
"""Artists that are told; few of them are in a small catalogue."""

RECALLED, RECALLED_SHARPNESS = 16, 0.07
"""The nearest sentences that are recalled, and the likeness by which one counts for 1/e of the nearest."""

RECALLED_COUNTS = 0.5
"""The share of the recalled kinds beside those that are read. Of songs chosen by hand for 20 hard requests, the middle
one stands at place 1,018 of 89,740 without recalling, at 678 with it; .7 and more or fewer sentences did no better."""

LEARNED_AXES: tuple[Axis, ...] = (
    "energy",
    "brightness",
    "danceability",
    "acousticness",
    "instrumentalness",
    "speechiness",
    "tempo",
    "loudness",
)
"""The axes whose ends were learned, low and high end of each in this order; the first and the last year follow them."""

FIRST_YEAR, YEARS = 1900, 130
"""What year 0 and year 1 stand for in the artifact: first year, and how many after it."""

_FASTEST, _QUIETEST = 200.0, 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Hearing:
    """What a sentence asks for.

    `music` is how likely it asks for any, 0 to 1, and `near` how near the nearest known sentence is. `kinds` are the
    shares of every kind, adding up to 1; `without` how likely each would spoil it; `artists` those who fit best, the
    nearest first. `axes` are ranges that go beyond what the kinds imply, their weights the certainty; `fame` is 0 to
    3; `years` an era, `tongue` a language (`zxx` for no words) where one is meant.
    """

    music: float
    near: float
    kinds: Shares
    without: Shares
    artists: tuple[str, ...]
    axes: tuple[AxisRange, ...]
    fame: float
    years: YearSpan | None
    tongue: str | None


class RequestModel:
    """The taught encoder with what reads its vectors."""

    def __init__(self, learned: Mapping[str, Any], encoder: Encoder) -> None:
        self._encoder = encoder.with_layers(_layers(learned, encoder))
        self._heads = {name.removeprefix("head."): _floats(learned, name) for name in learned if name[:5] == "head."}
        self.tongues = tuple(str(code) for code in learned["tongues"])
        self._names = _names(learned, "artists")
        self._vectors = _floats(learned, "vectors")
        self._sentences = _floats(learned, "sentences")
        self._sentence_kinds = learned["sentences.kinds"]
        self._sentence_shares = learned["sentences.shares"].astype(np.float32)
        self._sentence_artists = learned["sentences.artists"]
        self._sentence_names = _names(learned, "sentences.names")

    def hear(self, text: str) -> Hearing:
        """What `text` asks for; about 15 ms."""
        vector = self._encoder.encode([text])[0]
        hidden = gelu(self._read(vector * np.float32(math.sqrt(DIMENSIONS)), "hidden"))
        likely, values = _odds(self._read(hidden, "likely")), self._read(hidden, "values")
        near, kinds, artists = self._recalled(vector)
        return Hearing(
            music=float(_odds(self._read(hidden, "music"))[0]),
            near=near,
            kinds=(1 - RECALLED_COUNTS) * _shares(self._read(hidden, "kinds")) + RECALLED_COUNTS * kinds,
            without=_odds(self._read(hidden, "without")),
            artists=tuple(dict.fromkeys(chain.from_iterable(zip(self._nearest(hidden), artists, strict=False)))),
            axes=_axes(likely, values),
            fame=float(np.clip(self._read(hidden, "fame")[0], 0, 3)),
            years=_years(likely, values),
            tongue=self.tongues[int(self._read(hidden, "tongue").argmax())] or None,
        )

    def _nearest(self, hidden: Floats) -> list[str]:
        near = self._vectors @ hidden + self._heads["artist_bias"]
        return [self._names[number] for number in np.argsort(-near, kind="stable")[:MOST_ARTISTS]]

    def _recalled(self, vector: Floats) -> tuple[float, Shares, list[str]]:
        """Of the sentences nearest to a vector: how near the nearest is, their kinds, and their artists, the most
        chosen first.
        """
        near = self._sentences @ vector
        best = np.argpartition(-near, RECALLED)[:RECALLED]
        weights = _shares(near[best] / np.float32(RECALLED_SHARPNESS))
        kinds = np.zeros(len(all_kinds()), dtype=np.float32)
        np.add.at(kinds, self._sentence_kinds[best], weights[:, None] * self._sentence_shares[best])
        chosen = np.zeros(len(self._sentence_names) + 1, dtype=np.float32)
        np.add.at(chosen, self._sentence_artists[best], weights[:, None])
        chosen[-1] = 0  # where a sentence has fewer artists than others
        order = np.argsort(-chosen, kind="stable")[: np.count_nonzero(chosen)]
        return (
            float(near[best].max()),
            kinds / kinds.sum(),
            [self._sentence_names[number] for number in order[:MOST_ARTISTS]],
        )

    def _read(self, values: Floats, head: str) -> Floats:
        read: Floats = values @ self._heads[f"{head}.weight"] + self._heads[f"{head}.bias"]
        return read


def _axes(likely: Floats, values: Floats) -> tuple[AxisRange, ...]:
    found = []
    for axis in (axis for axis in AXES if axis in LEARNED_AXES):
        number = LEARNED_AXES.index(axis)
        ends = [float(values[2 * number + end]) if likely[2 * number + end] >= LIKELY else None for end in (0, 1)]
        low, high = (None if end is None else round(_unscaled(axis, end), 3) for end in ends)
        if (low is None and high is None) or (low is not None and high is not None and low >= high):
            continue
        weight = max(float(likely[2 * number + end]) for end in (0, 1))
        found.append(AxisRange(axis=axis, low=low, high=high, weight=round(weight, 3)))
    return tuple(found)


def learned_value(axis: Axis, value: float) -> float:
    """The end of a range as it is learned, about 0 to 1."""
    if axis == "tempo":
        return value / _FASTEST
    return (value + _QUIETEST) / _QUIETEST if axis == "loudness" else value


def _unscaled(axis: Axis, value: float) -> float:
    if axis == "tempo":
        return value * _FASTEST
    return value * _QUIETEST - _QUIETEST if axis == "loudness" else min(1.0, max(0.0, value))


def _years(likely: Floats, values: Floats) -> YearSpan | None:
    ends = [round(FIRST_YEAR + YEARS * float(values[end])) if likely[end] >= LIKELY else None for end in (-2, -1)]
    first, last = ends
    if (first is None and last is None) or (first is not None and last is not None and first > last):
        return None
    return first, last


def _odds(values: Floats) -> Floats:
    return (1 / (1 + np.exp(-values))).astype(np.float32)


def _shares(values: Floats) -> Floats:
    shares = np.exp(values - values.max())
    return np.asarray(shares / shares.sum(), dtype=np.float32)


def _floats(learned: Mapping[str, Any], name: str) -> Floats:
    """A stored array; one in whole numbers is a byte a number, with the scale of each row beside it."""
    values: Floats = learned[name].astype(np.float32)
    if learned[name].dtype == np.int8:
        values *= learned[f"{name}.scale"]
    return values


def _names(learned: Mapping[str, Any], name: str) -> tuple[str, ...]:
    return tuple(learned[name].tobytes().decode().split("\n"))


def _layers(learned: Mapping[str, Any], encoder: Encoder) -> dict[str, Floats]:
    """The encoder's weights that were taught: what is stored is how far each moved."""
    moved = [name.removeprefix("moved.") for name in learned if name[:6] == "moved." and name[-6:] != ".scale"]
    return {name: encoder.weight(name) + _floats(learned, f"moved.{name}") for name in moved}


@cache
def installed_model() -> RequestModel | None:
    """The model over the package's own artifact, loaded once a process; None without the encoder's package."""
    encoder = installed_encoder()
    if encoder is None or not ARTIFACT.exists():
        return None
    with np.load(ARTIFACT) as stored:
        learned = {name: stored[name] for name in stored.files}
    if tuple(learned["kinds"].tolist()) != all_kinds().names:
        return None
    return RequestModel(learned, encoder)
