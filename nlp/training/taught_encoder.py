"""The last layers of the sentence encoder in JAX, so that they can be taught; the first ones stay as they are."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt

from nlp.encoder import DIMENSIONS, HEADS, LAYERS, Encoder

Floats = npt.NDArray[np.float32]

FROZEN = 3
"""Layers that are not taught. Their output is computed once, which halves the time of an epoch."""

LENGTHS = (12, 20, 28, 40, 66)
"""Texts are padded to the next of these numbers of tokens: one compiled program each."""

BATCH = 64
_HIDDEN = -1e9
_EPSILON = 1e-12


@dataclass(frozen=True, slots=True, kw_only=True)
class Padded:
    """A batch: `states` (texts, tokens, dimensions), `mask` (texts, tokens) with 0 for a token and a very negative
    number for padding; `rows` are the places of its texts, fewer than `BATCH` in the last ones.
    """

    states: Floats
    mask: Floats
    rows: npt.NDArray[np.intp]


def taught_weights(encoder: Encoder) -> dict[str, jax.Array]:
    """The weights that are taught, by their names in the encoder's file."""
    return {
        name: jnp.asarray(encoder.weight(name))
        for name in encoder.names
        if name.startswith("encoder.layer.") and int(name.split(".")[2]) >= FROZEN
    }


def first_states(encoder: Encoder, texts: Sequence[str]) -> list[npt.NDArray[np.float16]]:
    """What the frozen layers make of each text: (tokens, dimensions)."""
    return [states.astype(np.float16) for states in encoder.states(texts, layers=FROZEN)]


def batches(
    states: Sequence[npt.NDArray[np.float16]], rows: npt.NDArray[np.intp], rng: np.random.Generator | None
) -> Iterator[Padded]:
    """The texts of `rows` in batches of about the same length, in random order if there is an `rng`."""
    lengths = np.array([len(states[row]) for row in rows])
    parts = []
    for shortest, longest in zip((0, *LENGTHS), LENGTHS, strict=False):
        among = rows[(lengths > shortest) & (lengths <= longest)]
        among = among if rng is None else rng.permutation(among)
        parts += [(longest, among[start : start + BATCH]) for start in range(0, len(among), BATCH)]
    for number in range(len(parts)) if rng is None else rng.permutation(len(parts)).tolist():
        yield _padded(states, *parts[number])


def _padded(states: Sequence[npt.NDArray[np.float16]], length: int, rows: npt.NDArray[np.intp]) -> Padded:
    filled = np.zeros((BATCH, length, DIMENSIONS), dtype=np.float32)
    mask = np.full((BATCH, length), _HIDDEN, dtype=np.float32)
    mask[:, 0] = 0
    for place, row in enumerate(rows):
        filled[place, : len(states[row])] = states[row]
        mask[place, : len(states[row])] = 0
    return Padded(states=filled, mask=mask, rows=rows)


def vectors(weights: Mapping[str, jax.Array], states: jax.Array, mask: jax.Array) -> jax.Array:
    """The vectors of a batch, of length one: the taught layers, then the mean over the tokens."""
    hidden = states
    for layer in range(FROZEN, LAYERS):
        hidden = _layer(weights, hidden, mask, f"encoder.layer.{layer}")
    tokens = (mask == 0).astype(jnp.float32)[:, :, None]
    mean = (hidden * tokens).sum(axis=1) / tokens.sum(axis=1)
    return mean / jnp.linalg.norm(mean, axis=-1, keepdims=True)


def _layer(weights: Mapping[str, jax.Array], hidden: jax.Array, mask: jax.Array, name: str) -> jax.Array:
    attended = _linear(
        weights, _attention(weights, hidden, mask, f"{name}.attention.self"), f"{name}.attention.output.dense"
    )
    hidden = _normal(weights, hidden + attended, f"{name}.attention.output.LayerNorm")
    inner = jax.nn.gelu(_linear(weights, hidden, f"{name}.intermediate.dense"), approximate=False)
    return _normal(weights, hidden + _linear(weights, inner, f"{name}.output.dense"), f"{name}.output.LayerNorm")


def _attention(weights: Mapping[str, jax.Array], hidden: jax.Array, mask: jax.Array, name: str) -> jax.Array:
    texts, length, _ = hidden.shape
    query, key, value = (
        _linear(weights, hidden, f"{name}.{part}").reshape(texts, length, HEADS, -1).transpose(0, 2, 1, 3)
        for part in ("query", "key", "value")
    )
    scores = query @ key.transpose(0, 1, 3, 2) / math.sqrt(DIMENSIONS // HEADS) + mask[:, None, None, :]
    return (jax.nn.softmax(scores) @ value).transpose(0, 2, 1, 3).reshape(texts, length, -1)


def _linear(weights: Mapping[str, jax.Array], values: jax.Array, name: str) -> jax.Array:
    return values @ weights[f"{name}.weight"].T + weights[f"{name}.bias"]


def _normal(weights: Mapping[str, jax.Array], values: jax.Array, name: str) -> jax.Array:
    centred = values - values.mean(axis=-1, keepdims=True)
    spread = jnp.sqrt((centred * centred).mean(axis=-1, keepdims=True) + _EPSILON)
    return centred / spread * weights[f"{name}.weight"] + weights[f"{name}.bias"]
