"""Which kinds a request names for sure, and which words only look like the name of one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from nlp.components.draft import RequestDraft
from nlp.knowledge.kinds import Kinds, Shares, all_kinds
from nlp.knowledge.scenes import ScenePhrase, Scenes

SAME_MUSIC, OTHER_WORDS = 0.2, 0.5
"""How much of a scene's music has to be near a genre for its word to stay a genre: where the scene's phrase is the same
word, and where it is longer. Judgement."""

HEARD_AS_NONE = 0.18
"""The part of what the whole sentence asks for, on kinds near a genre, below which its word is no genre there. Of 14
sentences that use such a word otherwise ("garage sale", "rock the pram") 11 lie below, of 17 that mean the genre none
that names it in one word."""

NEAR_ENOUGH = 0.6

FEW_WORDS = 3
"""So few words leave nothing that could tell a genre's word from an everyday one."""


def named_kinds(
    draft: RequestDraft, scenes: Scenes, words: Sequence[str], phrases: Sequence[ScenePhrase], heard: Shares | None
) -> Shares:
    """The kinds that are named for sure: the longest names first, and no word that is part of a longer phrase.

    "Swing dance" is a scene, though swing and dance are genres; "barbershop" is a place where a scene says so and
    plays other music than the genre. In a whole sentence a genre's word has to go with what the sentence asks for
    (`heard`, shares of kinds adding up to 1): "the house smells of paint" wants no house.
    """
    kinds = all_kinds()
    by_name = kinds.phrases(words)
    shares = np.zeros(len(kinds), dtype=np.float32)
    for _, _, meant in by_name:
        shares = np.maximum(shares, meant)
    spans = [(first, last) for first, last, _ in by_name]
    whole = heard if len(draft.words) > FEW_WORDS else None
    for finding in draft.findings:
        first, last = draft.covered(finding.start, finding.end)
        if finding.slot != "genre+" or any(_longer(span, (first, last)) for span in spans):
            continue
        meant = meaning(kinds, [str(finding.value)])
        around = kinds.around(meant)
        if any(_is_scene(scenes, phrase, (first, last), around) for phrase in phrases):
            continue
        if whole is None or last - first > 1 or float(whole[around >= NEAR_ENOUGH].sum()) >= HEARD_AS_NONE:
            shares = np.maximum(shares, meant)
    return shares


def meaning(kinds: Kinds, genres: Iterable[str]) -> Shares:
    """The kinds that these genres mean, the surest of them 1."""
    shares = np.zeros(len(kinds), dtype=np.float32)
    for genre in dict.fromkeys(genres):
        if (meant := kinds.of_genre(genre)) is not None:
            shares = np.maximum(shares, meant)
    return shares


def _longer(span: tuple[int, int], inner: tuple[int, int]) -> bool:
    """Whether a span of words holds another one and more."""
    return span[0] <= inner[0] and inner[1] <= span[1] and span != inner


def _is_scene(scenes: Scenes, phrase: ScenePhrase, span: tuple[int, int], around: Shares) -> bool:
    """Whether a phrase makes a scene of the words that would be a genre by themselves."""
    first, last, numbers = phrase
    if not (_longer((first, last), span) or (first, last) == span):
        return False
    agreed = max(float((scenes.kinds[number] * around).sum() / scenes.kinds[number].sum()) for number in numbers)
    return agreed < (SAME_MUSIC if (first, last) == span else OTHER_WORDS)
