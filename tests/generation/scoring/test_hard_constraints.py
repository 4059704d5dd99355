"""Conflicts are the smallest ones, all of them, and their numbers are right."""

from itertools import combinations

import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bot.client.texts.facts.sentences import told_all
from bot.client.texts.facts.wording import songs_text
from bot.facts import Worded
from bot.generation.scoring.hard_constraints import HardConstraint, conflicts


@settings(max_examples=75, deadline=None, derandomize=True)
@given(st.integers(0, 2**32), st.integers(1, 6), st.integers(1, 14), st.floats(0.2, 0.8))
def test_conflicts_are_what_brute_force_finds(seed, wishes, rows, share):
    rng = np.random.default_rng(seed)
    masks = rng.random((wishes, rows)) < share
    assume(not masks.all(axis=0).any())
    songs = rng.integers(0, 9, size=rows).astype(np.int32)
    kept = [HardConstraint(wish=Worded(text=f"wish {number}"), rows=mask) for number, mask in enumerate(masks)]
    empty = [
        set(group)
        for size in range(1, wishes + 1)
        for group in combinations(range(wishes), size)
        if not masks[list(group)].all(axis=0).any()
    ]
    smallest = [group for group in empty if not any(other < group for other in empty)]
    sentences = told_all(conflicts(kept, songs))
    assert len(sentences) == len(smallest)
    for group, sentence in zip(sorted(smallest, key=lambda g: (len(g), sorted(g))), sentences, strict=True):
        assert {number for number in range(wishes) if f"“wish {number}”" in sentence} == group
        for number in group:
            others = [other for other in range(wishes) if other != number]
            freed = len(np.unique(songs[masks[others].all(axis=0)])) if others else len(np.unique(songs))
            assert f": {songs_text(freed)}" in sentence


def test_many_wishes_give_one_conflict_that_nothing_can_be_left_out_of():
    masks = ~np.eye(40, dtype=bool)
    kept = [HardConstraint(wish=Worded(text=f"wish {number}"), rows=mask) for number, mask in enumerate(masks)]
    (sentence,) = told_all(conflicts(kept, np.arange(40, dtype=np.int32)))
    assert sentence.count("without “wish") + sentence.count("Without “wish") == 40
