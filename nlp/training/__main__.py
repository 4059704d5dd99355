"""``python -m nlp.training``: makes the trained part of the parser again, and measures it.

Everything comes from files of the repository but the encoder, whose package `make setup` installs. On two cores it
takes five to fifteen minutes. ``python -m nlp.training requests`` teaches the model instead; it needs the extra
``train``.
"""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version as installed
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from nlp import lexicon
from nlp.components.meaning.trained_meaning import ARTIFACT, REPORT, Meanings, digest
from nlp.encoder import PACKAGE, Encoder, weights_folder
from nlp.lexicon import read_entries
from nlp.pipeline import common_words
from nlp.training import tables
from nlp.training.artifact import distil
from nlp.training.certainty import calibrate
from nlp.training.examples import OCCASIONS, Examples, gather
from nlp.training.regression import fit, held_out
from nlp.training.vocabulary import vocabulary

VERSION = "1.0.0"
"""Raised by hand when the method changes; the data's digest follows it in the artifact's version."""

TEMPLATES = ("{}", "{} music")
"""How a phrase is put to the encoder: what it means by itself, and what music it makes one think of."""

Floats = npt.NDArray[np.float32]
_LOG = logging.getLogger("nlp.training")


@dataclass(frozen=True, slots=True, kw_only=True)
class Trained:
    """The meanings to keep, and the report on them."""

    meanings: Meanings
    report: dict[str, Any]


def main() -> None:
    """Train, and write the artifact and its report into the package."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    folder = weights_folder()
    encoder = Encoder.load(folder)
    if sys.argv[1:] == ["requests"]:
        from nlp.training.request_training import write_model  # needs JAX, which only this command does

        _LOG.info("on held-out requests: %s", write_model(encoder))
        return
    common = common_words()
    digests = _digests() | {"model.safetensors": digest((folder / "model.safetensors").read_bytes())}
    entries = read_entries()
    trained = train(
        gather(entries, common),
        vocabulary(entries, common, encoder.pieces.words()),
        encode=encoder.encode,
        version=f"meaning-{VERSION}+{digest(json.dumps(digests).encode())[:8]}",
    )
    data = trained.meanings.to_bytes()
    report = trained.report | {
        "artifact": {"file": ARTIFACT.name, "bytes": len(data), "sha256": digest(data)},
        "encoder": {"package": PACKAGE.replace("_", "-"), "version": installed(PACKAGE), "licence": "Apache-2.0"},
        "data": digests,
    }
    ARTIFACT.write_bytes(data)
    REPORT.write_text(json.dumps(report, indent=2) + "\n", "utf-8")
    _LOG.info("%s: %d words in %d bytes", trained.meanings.version, len(trained.meanings.words), len(data))


def train(
    examples: Examples,
    words: Mapping[str, str],
    *,
    encode: Callable[[Sequence[str]], Floats],
    version: str,
) -> Trained:
    """Learn from the `examples` what the `words` mean, each key by the text beside it."""
    texts = list(dict.fromkeys([*examples.texts, *words.values()]))
    _LOG.info("encoding %d phrases", len(texts))
    vectors = _vectors(texts, encode)
    place = {text: row for row, text in enumerate(texts)}
    seen = vectors[[place[text] for text in examples.texts]]
    _LOG.info("measuring on held-out rows: %d examples, %d columns", *examples.targets.shape)
    certainty = calibrate(
        examples,
        held_out(seen, examples.targets, examples.noise, examples.families),
        _held_out_rows(examples, seen),
    )
    _LOG.info("fitting")
    predicted = fit(seen, examples.targets, examples.noise).predict(vectors[[place[text] for text in words.values()]])
    meanings = distil(list(words), examples.columns, predicted, certainty.least, version)
    report = {
        "name": "meaning",
        "version": version,
        "examples": {kind: examples.kinds.count(kind) for kind in dict.fromkeys(examples.kinds)},
        "vocabulary": len(words),
        "words": len(meanings.words),
        "held_out": certainty.figures,
    }
    return Trained(meanings=meanings, report=report)


def _held_out_rows(examples: Examples, vectors: Floats) -> Floats:
    """What is predicted of occasions and everyday words when only their rows were held out; zero for the others."""
    part = np.isin(examples.kinds, ["background", *OCCASIONS])
    rows = [row for row, kept in zip(examples.rows, part, strict=True) if kept]
    predicted = np.zeros_like(examples.targets)
    predicted[part] = held_out(vectors[part], examples.targets[part], examples.noise[part], rows)
    return predicted


def _vectors(texts: Sequence[str], encode: Callable[[Sequence[str]], Floats]) -> Floats:
    """What the encoder makes of the texts in all templates, side by side, around the mean of all."""
    parts = [encode([template.format(text) for text in texts]) for template in TEMPLATES]
    joined = np.concatenate(parts, axis=1) / np.sqrt(len(TEMPLATES), dtype=np.float32)
    centred: Floats = joined - joined.mean(axis=0)
    return centred


def _digests() -> dict[str, str]:
    """The SHA-256 of every file of the repository that the training reads."""
    folders = (Path(lexicon.__file__).parent, tables.FOLDER)
    files = [path for folder in folders for path in sorted(folder.glob("*.tsv"))]
    files.append(ARTIFACT.parent / "common_words.txt")
    return {path.name: digest(path.read_bytes()) for path in files}


if __name__ == "__main__":
    main()
