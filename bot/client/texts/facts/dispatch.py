"""Where a fact finds its sentence. `bot.client.texts.facts.sentences` has them all: take `told` from there."""

from __future__ import annotations

from functools import singledispatch

from bot.facts import Fact, Worded


@singledispatch
def told(fact: Fact) -> str:
    """A fact in English, as plain text: escape it before it goes into markdown. Raises TypeError without a sentence."""
    raise TypeError(f"{type(fact).__name__} has no sentence in bot/client/texts/facts")


@told.register
def _worded(fact: Worded) -> str:
    return fact.text


def quoted(wish: Fact) -> str:
    """A wish within a sentence: “no rap”."""
    return f"“{told(wish)}”"
