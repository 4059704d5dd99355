"""What is worked out once a run and kept, as thousands of tests ask for the same: invented songs, and encoded words."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache

import numpy as np

from bot.catalogue.records import TrackRecord
from bot.demo.songs import demo_records
from nlp.encoder import Encoder, Floats


@cache
def demo_songs() -> tuple[TrackRecord, ...]:
    """The songs of the demo: values, which no test can change for another one."""
    return demo_records()


@contextmanager
def each_text_encoded_once() -> Iterator[None]:
    """Let every encoder remember its vectors: the same text has the same one, at a price each time."""
    encode = Encoder.encode
    Encoder.encode = _remembering(encode)  # type: ignore[method-assign]
    try:
        yield
    finally:
        Encoder.encode = encode  # type: ignore[method-assign]


def _remembering(encode: Callable[[Encoder, Sequence[str]], Floats]) -> Callable[[Encoder, Sequence[str]], Floats]:
    known: dict[tuple[int, str], Floats] = {}

    def remembered(encoder: Encoder, texts: Sequence[str]) -> Floats:
        new = [text for text in dict.fromkeys(texts) if (id(encoder), text) not in known]
        if new:
            known.update(zip(((id(encoder), text) for text in new), encode(encoder, new), strict=True))
        return np.stack([known[id(encoder), text] for text in texts]) if texts else encode(encoder, texts)

    return remembered
