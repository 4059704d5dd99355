"""Ratings of members who are made up: what was shown, and what they like of it, by a truth that is known."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from bot.generation.learning.ranking import Ratings

PARTS = ("energy", "brightness", "genre", "era", "taste genre", "sound")
WEIGHTS = (1.0, 1.0, 3.0, 1.5, 1.8, 1.6)
AS_TODAY = (1.0,) * len(PARTS)
OTHERWISE = (3.0, 0.4, 0.5, 1.0, 2.0, 1.0)
"""A truth in which the energy counts far more than by judgement, and the genre less."""

SONGS = 25


def rated_world(
    seed: int,
    *,
    members: int = 60,
    playlists: int = 5,
    rated: int = 8,
    truth: Sequence[float] | None = OTHERWISE,
    slope: float = 14.0,
    deeper: float = 0.97,
    down_the_list: float = 0.0,
    only_likes: bool = False,
) -> Ratings:
    """Members who rate `rated` songs of each of their playlists; a song is liked the likelier, the higher the truth's
    score is beside that of its playlist. Without a truth answers are coins.

    Each place is looked at `deeper` times as often as the one before; the first part falls by `down_the_list` from the
    first to the last place. With `only_likes` what is disliked is not rated at all.
    """
    draw = np.random.default_rng(seed)
    shown = members * playlists
    values = draw.normal(0.75, 0.15, (shown, SONGS, len(PARTS)))
    values[:, :, 0] -= down_the_list * np.linspace(-0.5, 0.5, SONGS)
    values = np.round(np.clip(values, 0, 1) * 1000).astype(np.uint16)
    weights = np.tile(np.array(WEIGHTS, dtype=np.float32), (shown, 1))
    weights[draw.random(shown) < 0.6, PARTS.index("era")] = 0.0
    position = _looked_at(draw, shown, rated, deeper)
    number = np.repeat(np.arange(shown), rated)
    likely = np.full((shown, SONGS), 0.5)
    if truth is not None:
        share = weights * np.array(truth) / weights.sum(axis=1, keepdims=True)
        score = np.einsum("esp,ep->es", values / 1000, share)
        above = np.clip(slope * (score - score.mean(axis=1, keepdims=True)), -60, 60)
        likely = 1 / (1 + np.exp(0.3 - above))
    liked = draw.random(shown * rated) < likely[number, position.ravel()]
    ratings = Ratings(
        parts=PARTS,
        values=values.reshape(-1, len(PARTS)),
        starts=np.arange(shown + 1) * SONGS,
        weights=weights,
        playlist=number,
        position=position.ravel(),
        member=number // playlists,
        gain=np.where(liked, 0.6, -0.7).astype(np.float32),
        at=(number % playlists).astype(np.float64),
        own=np.ones(shown * rated, dtype=np.bool_),
    )
    return ratings.only(liked) if only_likes else ratings


def _looked_at(draw: np.random.Generator, shown: int, rated: int, deeper: float) -> np.ndarray:
    """The places that are rated of each playlist, no place twice, the first ones more often."""
    keys = np.log(deeper) * np.arange(SONGS) + draw.gumbel(size=(shown, SONGS))
    return np.argsort(-keys, axis=1)[:, :rated].astype(np.int64)
