"""What is said about songs of the playlist before, by their numbers; and numbers that say something else."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.vibe import SetEdit, Vibe


@pytest.mark.parametrize(
    ("text", "edit"),
    [
        ("keep 1 to 5", SetEdit(keep=(1, 2, 3, 4, 5))),
        ("Keep #1-#5", SetEdit(keep=(1, 2, 3, 4, 5))),
        ("keep 1, 3 and 7", SetEdit(keep=(1, 3, 7))),
        ("keep the first five, calmer", SetEdit(keep=(1, 2, 3, 4, 5))),
        ("keep the last 2 songs", SetEdit(keep=(-2, -1))),
        ("without number 7", SetEdit(without=(7,))),
        ("drop 2 and 4 to 5", SetEdit(without=(2, 4, 5))),
        ("remove track #4", SetEdit(without=(4,))),
        ("swap out the 4th song", SetEdit(without=(4,))),
        ("without the last one", SetEdit(without=(-1,))),
        ("more like number 3", SetEdit(like=(3,))),
        ("like track 5 but sadder", SetEdit(like=(5,))),
        (
            "less energy, keep 1 to 5, more like number 3, without number 7",
            SetEdit(keep=(1, 2, 3, 4, 5), without=(7,), like=(3,)),
        ),
    ],
)
def test_songs_are_meant_by_their_numbers(parser, text, edit):
    vibe = parser.parse(text)
    assert vibe.edit == edit
    assert vibe.understood
    assert (vibe.targets, vibe.length, vibe.years.wanted, vibe.unknown) == ((), None, (), ())


@pytest.mark.parametrize(
    "text",
    [
        "keep it under 30 minutes",
        "keep 10 songs",
        "keep 90s",
        "keep 120 bpm",
        "without 80s music",
        "no 3 hour mix",
        "songs like 90s rock",
        "20 songs, no 80s",
        "my last song was too loud",
        "keep 900",
        "same but happier",
    ],
)
def test_other_numbers_are_no_songs(parser, text):
    assert parser.parse(text).edit is None


def test_words_and_edits_go_together(parser):
    vibe = parser.parse("less energy, keep 1 to 5, more like number 3, without number 7")
    assert [(change.axis, change.amount < 0) for change in vibe.changes] == [("energy", True)]
    assert {(piece.text, piece.polarity) for piece in vibe.evidence if piece.source == "edits"} == {
        ("keep 1 to 5", "+"),
        ("more like number 3", "~"),
        ("without number 7", "-"),
    }


def test_an_edit_comes_back_from_the_database(parser):
    vibe = parser.parse("keep 1 to 3 and drop the last one, without number 2")
    assert Vibe.from_dict(vibe.to_dict()) == vibe
    assert Vibe.from_dict(Vibe().to_dict()).edit is None


@settings(max_examples=20, deadline=None, derandomize=True)
@given(first=st.integers(1, 150), more=st.integers(0, 150))
def test_every_range_is_read_whole(parser, first, more):
    edit = parser.parse(f"keep {first} to {first + more}").edit
    assert edit == SetEdit(keep=tuple(range(first, first + more + 1)))


@pytest.mark.parametrize(
    ("text", "times"),
    [
        ("make it longer", 1.5),
        ("a bit calmer, and longer please", 1.5),
        ("twice as long", 2.0),
        ("shorter", 0.667),
        ("too many songs", 0.667),
        ("half as long", 0.5),
        ("no longer than an hour", None),
        ("don't make it longer", None),
        ("20 more songs", None),
        ("music for a long drive", None),
    ],
)
def test_a_set_may_grow_and_shrink(parser, text, times):
    edit = parser.parse(text).edit
    assert (edit and edit.times) == times
    assert Vibe.from_dict(parser.parse(text).to_dict()).edit == edit
