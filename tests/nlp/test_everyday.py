"""Everyday words that also name music: heard as music where they are, and nowhere else."""

from collections import Counter
from pathlib import Path

import pytest
from request_checks import failures, range_of

from nlp.components.lookup.everyday import EVERYDAY
from nlp.lexicon import EVERYDAY_KINDS, read_entries
from nlp.vibe import AxisRange, MoodWord

REQUESTS = [
    tuple(line.split("\t"))
    for line in (Path(__file__).parent / "everyday_requests.tsv").read_text("utf-8").splitlines()
    if line and not line.startswith("#")
]


@pytest.mark.parametrize(("text", "checks"), REQUESTS, ids=[text for text, _ in REQUESTS])
def test_everyday_words_and_music_are_told_apart(parser, names, text, checks):
    assert failures(parser.parse(text, names=names), checks, parser) == []


def test_both_sides_are_tried():
    wanted = Counter("+" in checks for _, checks in REQUESTS)
    assert wanted[False] >= 150
    assert wanted[True] >= 80


def test_a_word_set_aside_is_no_unknown_word(parser):
    assert parser.parse("dinner at my house").unknown == ()


def test_a_mood_of_the_server_is_meant_whatever_stands_around_it(parser):
    mood = MoodWord(key="guild:house", label="House", defaults=(AxisRange(axis="energy", low=0.9),))
    assert range_of(parser.parse("dinner at my house", moods=(mood,)), "energy").low == 0.9


def test_every_everyday_word_names_the_company_it_keeps():
    rows = [entry for entry in read_entries() if entry.kind in EVERYDAY_KINDS]
    classes = {entry.name for entry in rows if entry.kind == "company"}
    for entry in rows:
        if entry.kind == "everyday":
            assert {value for key, value in entry.hints if key in {"before", "after"}} <= classes
            assert entry.hints


def test_no_row_is_named_as_what_was_set_aside():
    assert EVERYDAY not in {entry.name for entry in read_entries()}
