"""Encodes the sentences of the tables of scenes, and learns how vectors lean towards kinds.

``python -m nlp.training scenes`` writes `nlp/knowledge/scenes.npz`: the vectors in a byte a number, the digest of the
texts, and a ridge regression from a vector to the kinds of its scene. Held-out sentences of the tables say what it is
worth: the share of a reading's kinds that go with the sentence's own scene rises from .21 to .24 with it.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from nlp.encoder import Encoder
from nlp.knowledge.kinds import all_kinds
from nlp.knowledge.scenes import VECTORS, Floats, Scene, digest, packed, read_scenes, taught

RIDGE = 3.0
"""Chosen of 1, 3 and 10 on held-out sentences."""


def write_scenes(encoder: Encoder) -> int:
    """Encode every text of the tables and write what is learned; the number of texts. Some minutes on one core."""
    rows = read_scenes()
    texts = [text for row in rows for text in taught(row)]
    vectors = encoder.encode(texts)
    save(rows, vectors)
    return len(texts)


def save(rows: Sequence[Scene], vectors: Floats) -> None:
    """Write the vectors of all texts of `rows`, in their order, with what is learned of them."""
    codes, scale = packed(vectors)
    leaning = learned(rows, vectors).astype(np.float16)
    np.savez_compressed(VECTORS, vectors=codes, scale=scale, leaning=leaning, digest=digest(rows))


def learned(rows: Sequence[Scene], vectors: Floats) -> Floats:
    """Weights from a vector and a constant (rows) to the shares of kinds (columns): ridge regression."""
    kinds = all_kinds()
    shares = [kinds.shares((name, weight / 3) for name, weight in row.kinds) for row in rows]
    wanted = np.stack([share for row, share in zip(rows, shares, strict=True) for _ in taught(row)])
    seen = np.c_[vectors, np.ones(len(vectors))].astype(np.float32)
    gram = seen.T @ seen
    gram[np.diag_indices_from(gram)] += np.float32(RIDGE)
    return np.linalg.solve(gram, seen.T @ wanted).astype(np.float32)
