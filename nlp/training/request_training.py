"""Teaches the model and writes `nlp/knowledge/request_model.npz`; ``python -m nlp.training requests``.

Needs JAX (the extra ``train``) and, on two cores, about an hour. First the heads are taught on the vectors of the
encoder as it comes, then its last layers with them. One in `HELD_OUT` requests is kept back and scored at the end.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt

from nlp.encoder import DIMENSIONS, Encoder
from nlp.knowledge.artists import all_artists
from nlp.knowledge.kinds import all_kinds
from nlp.knowledge.request_model import ARTIFACT, RequestModel
from nlp.training.lessons import (
    MOST_ARTISTS,
    Answers,
    Lesson,
    answers,
    known_kinds,
    mentioned,
    read_nothing,
    read_requests,
    scene_lessons,
    spoken,
)
from nlp.training.taught_encoder import BATCH, Padded, batches, first_states, taught_weights, vectors

Floats = npt.NDArray[np.float32]
Weights = dict[str, jax.Array]

WIDTH = 384
"""Numbers of the hidden layer, and of an artist's vector."""

KIND_FACTORS = 96
"""Directions in the space of kinds by which artists of like kinds learn from each other."""

DROPOUT = 0.3
SCENES_AN_EPOCH = 0.25
"""The share of the scenes' sentences that is seen in an epoch: all together they outnumber the requests."""

FIRST, FIRST_RATE, FIRST_BATCH = 14, 2e-3, 256
"""Epochs, learning rate and batch of the heads alone."""

EPOCHS, HEAD_RATE, LAYER_RATE = 4, 3e-4, 2e-4
WARM_UP, LAST_RATE, DECAY, LONGEST_STEP = 100, 0.02, 0.01, 5.0
COUNTS = {
    "kinds": 1.0,
    "artists": 0.5,
    "without": 6.0,
    "fame": 0.3,
    "likely": 0.2,
    "values": 2.0,
    "tongue": 0.3,
    "music": 1.0,
}
"""What each answer weighs in the loss, so that none of them drowns the kinds. Judgement."""

HELD_OUT = 40
SCORED = 40
"""Artists among which those of a held-out request are looked for."""

MOST_KINDS = 12
SEED = 20261128

_LOG = logging.getLogger("nlp.training")


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """What is taught: `lessons` with their `answers`, of which the first `always` are seen in every epoch; `names` of
    artists with their kinds as `factors`, and the languages.
    """

    lessons: tuple[Lesson, ...]
    answers: Answers
    always: int
    names: tuple[str, ...]
    tongues: tuple[str, ...]
    factors: Floats


def course(lessons: Sequence[Lesson], scenes: Sequence[Lesson]) -> Course:
    """The course over requests that are always seen and scenes that are seen now and then."""
    everything = (*lessons, *scenes)
    names, tongues = mentioned(everything), spoken(lessons)
    return Course(
        lessons=everything,
        answers=answers(everything, names, tongues),
        always=len(lessons),
        names=names,
        tongues=tongues,
        factors=known_kinds(names) @ _basis(),
    )


def write_model(encoder: Encoder) -> dict[str, float]:
    """Teach, write the artifact into the package, and say how well held-out requests are heard."""
    requests = read_requests()
    kept_back = requests[::HELD_OUT]
    lessons = [lesson for number, lesson in enumerate(requests) if number % HELD_OUT]
    taught = course((*lessons, *read_nothing()), scene_lessons())
    heads, layers = teach(taught, encoder)
    arrays = learned(taught, heads, layers, encoder)
    sentences = [lesson for lesson in taught.lessons if lesson.kinds]
    arrays |= remembered(sentences, encoder.with_layers({name: np.asarray(value) for name, value in layers.items()}))
    np.savez_compressed(ARTIFACT, **arrays)
    with np.load(ARTIFACT) as stored:
        return score(RequestModel(dict(stored), encoder), kept_back)


def teach(taught: Course, encoder: Encoder, epochs: int = EPOCHS) -> tuple[Weights, Weights]:
    """The weights of the heads and those of the encoder's last layers."""
    rng = np.random.default_rng(SEED)
    states = first_states(encoder, [lesson.text for lesson in taught.lessons])
    layers = taught_weights(encoder)
    _LOG.info("%d texts encoded", len(states))
    fixed = np.zeros((len(states), DIMENSIONS), dtype=np.float32)
    encode = jax.jit(vectors)
    for batch in batches(states, np.arange(len(states)), None):
        fixed[batch.rows] = np.asarray(encode(layers, batch.states, batch.mask))[: len(batch.rows)]
    heads = _heads_alone(taught, fixed, rng)
    return _together(taught, states, (heads, layers), epochs, rng)


def _heads_alone(taught: Course, fixed: Floats, rng: np.random.Generator) -> Weights:
    def loss(heads: Weights, batch: Floats, wanted: Mapping[str, Any], counted: Floats, kept: Floats) -> jax.Array:
        return _loss(heads, batch, wanted, counted, kept, taught.factors)

    optimizer = _Adam(_first_weights(taught, rng), {"": FIRST_RATE})
    epochs = [_epoch(taught, rng) for _ in range(FIRST)]
    steps = sum(len(rows) // FIRST_BATCH for rows in epochs)
    for number, rows in enumerate(epochs):
        losses = []
        for start in range(0, len(rows) - FIRST_BATCH + 1, FIRST_BATCH):
            part = rows[start : start + FIRST_BATCH]
            counted = np.ones(len(part), dtype=np.float32)
            left = max(LAST_RATE, 1 - optimizer.steps / steps)
            losses.append(optimizer.step(loss, left, fixed[part], _rows(taught, part), counted, _kept(len(part), rng)))
        _LOG.info("heads alone, epoch %d of %d: %.3f", number + 1, FIRST, np.mean(losses))
    alone: Weights = optimizer.weights
    return alone


def _together(
    taught: Course,
    states: Sequence[npt.NDArray[np.float16]],
    weights: tuple[Weights, Weights],
    epochs: int,
    rng: np.random.Generator,
) -> tuple[Weights, Weights]:
    def loss(
        both: tuple[Weights, Weights],
        states: Floats,
        mask: Floats,
        wanted: Mapping[str, Any],
        counted: Floats,
        kept: Floats,
    ) -> jax.Array:
        heads, layers = both
        return _loss(heads, vectors(layers, states, mask), wanted, counted, kept, taught.factors)

    optimizer = _Adam(weights, {0: HEAD_RATE, 1: LAYER_RATE})
    parts = [_epoch(taught, rng) for _ in range(epochs)]
    steps = sum(len(rows) // BATCH + 3 for rows in parts)
    for number, rows in enumerate(parts):
        losses = []
        for batch in batches(states, rows, rng):
            left = min(1.0, optimizer.steps / WARM_UP) * max(LAST_RATE, 1 - optimizer.steps / steps)
            wanted, counted = _filled(taught, batch)
            kept = _kept(BATCH, rng)
            losses.append(optimizer.step(loss, left, batch.states, batch.mask, wanted, counted, kept))
        _LOG.info("with the layers, epoch %d of %d: %.3f", number + 1, epochs, np.mean(losses))
    heads, layers = optimizer.weights
    return heads, layers


class _Adam:
    """Adam with decay; each part of the weights has its own rate, each step is at most so long."""

    def __init__(self, weights: Any, rates: Mapping[Any, float]) -> None:
        self.weights = weights
        self.steps = 0
        self._rates = rates
        self._mean = jax.tree_util.tree_map(jnp.zeros_like, weights)
        self._spread = jax.tree_util.tree_map(jnp.zeros_like, weights)
        self._compiled: Any = None

    def step(self, loss: Any, rate: float, *arguments: Any) -> float:
        if self._compiled is None:
            self._compiled = jax.jit(partial(self._moved, loss), donate_argnums=(0, 1, 2))
        self.steps += 1
        self.weights, self._mean, self._spread, value = self._compiled(
            self.weights, self._mean, self._spread, float(self.steps), rate, *arguments
        )
        return float(value)

    def _moved(
        self, loss: Any, weights: Any, mean: Any, spread: Any, step: jax.Array, rate: jax.Array, *arguments: Any
    ) -> tuple[Any, Any, Any, jax.Array]:
        tree = jax.tree_util.tree_map
        value, slope = jax.value_and_grad(loss)(weights, *arguments)
        length = jnp.sqrt(sum((part * part).sum() for part in jax.tree_util.tree_leaves(slope)))
        slope = tree(lambda part: part * jnp.minimum(1.0, LONGEST_STEP / length), slope)
        mean = tree(lambda old, new: 0.9 * old + 0.1 * new, mean, slope)
        spread = tree(lambda old, new: 0.999 * old + 0.001 * new * new, spread, slope)

        def moved(base: float) -> Any:
            def one(weight: jax.Array, first: jax.Array, second: jax.Array) -> jax.Array:
                step_size = (first / (1 - 0.9**step)) / (jnp.sqrt(second / (1 - 0.999**step)) + 1e-8)
                return weight * (1 - base * rate * DECAY) - base * rate * step_size

            return one

        if "" in self._rates:
            return tree(moved(self._rates[""]), weights, mean, spread), mean, spread, value
        parts = (tree(moved(self._rates[n]), weights[n], mean[n], spread[n]) for n in range(len(weights)))
        return tuple(parts), mean, spread, value


def _first_weights(taught: Course, rng: np.random.Generator) -> Weights:
    def normal(rows: int, columns: int, size: float) -> jax.Array:
        return jnp.asarray(rng.normal(0, size, (rows, columns)), dtype=jnp.float32)

    kinds, ends = len(all_kinds()), taught.answers.likely.shape[1]
    weights = {"hidden.weight": normal(DIMENSIONS, WIDTH, DIMENSIONS**-0.5), "hidden.bias": jnp.zeros(WIDTH)}
    outputs = {"kinds": (kinds, 0.0), "without": (kinds, -3.0), "fame": (1, 1.5), "likely": (ends, -2.0)}
    outputs |= {"values": (ends, 0.5), "tongue": (len(taught.tongues), 0.0), "music": (1, 2.0)}
    for name, (columns, bias) in outputs.items():
        weights[f"{name}.weight"] = normal(WIDTH, columns, 0.05)
        weights[f"{name}.bias"] = jnp.full(columns, bias)
    weights["tongue.bias"] = weights["tongue.bias"].at[0].set(3.0)
    weights["of_factors"] = normal(taught.factors.shape[1], WIDTH, 0.05)
    weights["own"] = normal(len(taught.names), WIDTH, 0.01)
    weights["artist_bias"] = jnp.zeros(len(taught.names))
    return weights


def _loss(
    heads: Weights, encoded: Any, wanted: Mapping[str, Any], counted: Any, kept: Any, factors: Floats
) -> jax.Array:
    """The mean over the texts that count; texts that ask for no music count for `music` alone."""

    def read(name: str) -> jax.Array:
        return hidden @ heads[f"{name}.weight"] + heads[f"{name}.bias"]

    def unlike(name: str) -> jax.Array:
        said = read(name)
        return jnp.logaddexp(0, said) - wanted[name] * said

    hidden = jax.nn.gelu(encoded * DIMENSIONS**0.5 @ heads["hidden.weight"] + heads["hidden.bias"], approximate=False)
    hidden = hidden * kept
    near = jax.nn.log_softmax(hidden @ (factors @ heads["of_factors"] + heads["own"]).T + heads["artist_bias"])
    named = wanted["artists"] >= 0
    found = jnp.take_along_axis(near, jnp.maximum(wanted["artists"], 0), axis=1) * named
    tongue = jnp.take_along_axis(jax.nn.log_softmax(read("tongue")), wanted["tongue"][:, None], axis=1)[:, 0]
    parts = {
        "kinds": -(wanted["kinds"] * jax.nn.log_softmax(read("kinds"))).sum(axis=1),
        "artists": -found.sum(axis=1) / jnp.maximum(named.sum(axis=1), 1),
        "without": unlike("without").mean(axis=1),
        "fame": (read("fame")[:, 0] - wanted["fame"]) ** 2,
        "likely": unlike("likely").sum(axis=1),
        "values": (wanted["likely"] * (read("values") - wanted["values"]) ** 2).sum(axis=1),
        "tongue": -tongue * wanted["known"],
    }
    music = jnp.logaddexp(0, read("music")[:, 0]) - wanted["music"] * read("music")[:, 0]
    asked = sum(COUNTS[name] * part for name, part in parts.items())
    total = (counted * (wanted["music"] * asked + COUNTS["music"] * music)).mean()
    return total + 1e-3 * (heads["own"] ** 2).sum() / len(heads["own"])


def _epoch(taught: Course, rng: np.random.Generator) -> npt.NDArray[np.intp]:
    scenes = np.arange(taught.always, len(taught.lessons))
    seen = scenes[rng.random(len(scenes)) < SCENES_AN_EPOCH]
    return rng.permutation(np.concatenate([np.arange(taught.always), seen]))


def _rows(taught: Course, rows: npt.NDArray[np.intp]) -> dict[str, Any]:
    return {answer.name: getattr(taught.answers, answer.name)[rows] for answer in fields(Answers)}


def _filled(taught: Course, batch: Padded) -> tuple[dict[str, Any], Floats]:
    """The answers of a batch, filled up to its size with rows that do not count."""
    missing = BATCH - len(batch.rows)
    rows = np.concatenate([batch.rows, np.repeat(batch.rows[:1], missing)])
    counted = np.concatenate([np.ones(len(batch.rows)), np.zeros(missing)]).astype(np.float32)
    return _rows(taught, rows), counted


def _kept(rows: int, rng: np.random.Generator) -> Floats:
    kept: Floats = ((rng.random((rows, WIDTH)) >= DROPOUT) / (1 - DROPOUT)).astype(np.float32)
    return kept


def _basis() -> Floats:
    """The main directions of what known artists play: (kinds, factors)."""
    played = np.stack([row.shares() for row in all_artists().rows])
    directions = np.linalg.svd(played.T @ played)[0]
    basis: Floats = directions[:, :KIND_FACTORS].astype(np.float32)
    return basis


def learned(taught: Course, heads: Weights, layers: Weights, encoder: Encoder) -> dict[str, Any]:
    """The artifact: matrices in a byte a number with the scale of each row, the rest in half precision."""
    arrays: dict[str, Any] = {
        "kinds": np.array(all_kinds().names),
        "artists": _text(taught.names),
        "tongues": np.array(taught.tongues),
    }
    arrays |= _packed("vectors", taught.factors @ np.asarray(heads["of_factors"]) + np.asarray(heads["own"]))
    for name, value in layers.items():
        arrays |= _packed(f"moved.{name}", np.asarray(value) - encoder.weight(name))
    for name, value in heads.items():
        if name not in {"own", "of_factors"}:
            arrays[f"head.{name}"] = np.asarray(value).astype(np.float16)
    return arrays


def remembered(sentences: Sequence[Lesson], encoder: Encoder) -> dict[str, Any]:
    """What is recalled of the sentences: their vectors, their kinds with shares, and the numbers of their artists."""
    names = tuple(dict.fromkeys(name for lesson in sentences for name in lesson.artists))
    number = {name: place for place, name in enumerate(names)}
    kinds = np.zeros((len(sentences), MOST_KINDS), dtype=np.int16)
    shares = np.zeros((len(sentences), MOST_KINDS), dtype=np.float16)
    artists = np.full((len(sentences), MOST_ARTISTS), len(names), dtype=np.int32)
    for row, lesson in enumerate(sentences):
        for place, (kind, share) in enumerate(lesson.kinds[:MOST_KINDS]):
            kinds[row, place], shares[row, place] = all_kinds().number(kind), share
        told = lesson.artists[:MOST_ARTISTS]
        artists[row, : len(told)] = [number[name] for name in told]
    arrays = _packed("sentences", encoder.encode([lesson.text for lesson in sentences]))
    arrays |= {"sentences.kinds": kinds, "sentences.shares": shares, "sentences.artists": artists}
    return arrays | {"sentences.names": _text(names)}


def _text(names: Sequence[str]) -> npt.NDArray[np.uint8]:
    return np.frombuffer("\n".join(names).encode(), dtype=np.uint8)


def _packed(name: str, values: Floats) -> dict[str, Any]:
    if values.ndim == 1:
        return {name: values.astype(np.float16)}
    scale = np.maximum(np.abs(values).max(axis=1, keepdims=True) / 127, 1e-12).astype(np.float32)
    return {name: np.round(values / scale).astype(np.int8), f"{name}.scale": scale}


def score(model: RequestModel, kept_back: Sequence[Lesson]) -> dict[str, float]:
    """How well the written artifact hears lessons that it was not taught: the share of first kinds that are right, of
    the three first kinds, and of the artists of a lesson that are among the forty nearest.
    """
    first, three, near = [], [], []
    for lesson in kept_back:
        heard = model.hear(lesson.text)
        order = [all_kinds().names[number] for number in np.argsort(-heard.kinds)[:3]]
        right = {name for name, _ in lesson.kinds}
        first.append(order[0] in right)
        three.append(len(right & set(order)) / 3)
        names = set(heard.artists[:SCORED])
        near.append(len(names & set(lesson.artists)) / max(1, len(lesson.artists)))
    return {"first_kind": float(np.mean(first)), "three_kinds": float(np.mean(three)), "artists": float(np.mean(near))}
