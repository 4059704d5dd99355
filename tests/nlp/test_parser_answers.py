"""What holds for every answer: evidence, offsets, moods of the request, and texts that mean harm."""

import json
import random
from functools import cache
from pathlib import Path

import pytest
from request_checks import range_of

from nlp.components.meaning.trained_meaning import read_meanings
from nlp.parser import VibeParser, installed_version
from nlp.vibe import AxisRange, MoodWord, Vibe

TEXTS = [
    line.split("\t")[0]
    for line in (Path(__file__).parent / "requests.tsv").read_text("utf-8").splitlines()
    if line and not line.startswith("#")
]
GRIND = MoodWord(
    key="42:grind",
    label="Grindset",
    aliases=("lock in", "🐺"),
    defaults=(AxisRange(axis="energy", low=0.9, weight=1.0), AxisRange(axis="brightness", high=0.3, weight=0.5)),
)


@pytest.fixture(scope="module")
def read(parser, names):
    """Each text once: three tests look at the same answer."""
    return cache(lambda text: parser.parse(text, names=names))


@pytest.mark.parametrize("text", TEXTS)
def test_evidence_points_at_the_words_it_quotes(read, text):
    vibe = read(text)
    for piece in vibe.evidence:
        assert vibe.text[piece.start : piece.end] == piece.text != ""


@pytest.mark.parametrize("text", TEXTS)
def test_every_value_has_evidence(read, text):
    vibe = read(text)
    means = [piece.means for piece in vibe.evidence]
    for wish in vibe.targets:
        assert any(wish.axis in said for said in means)
    for change in vibe.changes:
        assert any(said in {f"more {change.axis}", f"less {change.axis}"} for said in means)
    for slot, choice in (("genre", vibe.genres), ("instrument", vibe.instruments), ("language", vibe.languages)):
        for name in choice.wanted + choice.rejected:
            assert f"{slot}: {name}" in means
    for name in vibe.artists.wanted + vibe.artists.like + vibe.artists.rejected:
        assert f"artist: {name}" in means
    for context in vibe.contexts:
        assert f"context: {context}" in means
    said = (vibe.length, vibe.arc, vibe.clean, vibe.familiarity)
    assert sum(value is not None for value in said) <= len(means)


@pytest.mark.parametrize("text", TEXTS)
def test_an_answer_survives_the_database(read, text):
    vibe = read(text)
    assert Vibe.from_dict(json.loads(json.dumps(vibe.to_dict()))) == vibe


def test_the_same_words_give_the_same_answer(parser, names):
    assert [parser.parse(text, names=names) for text in TEXTS[:40]] == [
        parser.parse(text, names=names) for text in TEXTS[:40]
    ]


def test_the_answer_names_its_parser(parser):
    version = parser.parse("jazz").version
    assert version == parser.version == installed_version()
    assert version == f"{VibeParser.version}/{read_meanings().version}"


@pytest.mark.parametrize(
    ("text", "words", "means"),
    [
        ("ｃａｌｍ ｍｕｓｉｃ", "ｃａｌｍ", "energy low"),
        ("１５０ ｂｐｍ", "１５０ ｂｐｍ", "tempo 145 to 155 BPM"),
        ("ﬁnally ﬁre 🌧️ jazz", "jazz", "genre: jazz"),
        ("\u202ecalm\u202c", "calm", "energy low"),
        ("s\u200bad", "s\u200bad", "brightness low"),
        ("  \t calm", "calm", "energy low"),
        ("no “rap” please", "rap", "genre: rap"),
        ("ß calm", "calm", "energy low"),
        ("İ calm", "calm", "energy low"),
    ],
)
def test_offsets_are_those_of_the_text_as_written(parser, text, words, means):
    vibe = parser.parse(text)
    assert (words, means) in [(vibe.text[piece.start : piece.end], piece.means) for piece in vibe.evidence]


def test_an_accent_of_its_own_is_part_of_the_letter(parser, names):
    vibe = parser.parse("songs by Beyonce\u0301", names=names)
    assert vibe.artists.wanted == ("Beyoncé",)


@pytest.mark.parametrize(
    "text", ["grindset", "Grindsets!", "GRINDSETTING", "lock in", "locking in", "🐺", "soooo grindset"]
)
def test_a_mood_of_the_server_is_understood_in_every_inflection(parser, text):
    wish = range_of(parser.parse(text, moods=(GRIND,)), "energy")
    assert wish is not None
    assert wish.low is not None
    assert wish.low >= 0.9


def test_a_mood_of_the_server_outranks_the_lexicon(parser):
    sad = MoodWord(key="7:sad", label="Sad", defaults=(AxisRange(axis="brightness", low=0.8),))
    assert range_of(parser.parse("sad songs", moods=(sad,)), "brightness") == AxisRange(axis="brightness", low=0.8)
    assert (wish := range_of(parser.parse("sad songs"), "brightness")) is not None
    assert wish.high is not None


def test_a_mood_of_the_server_leaves_names_of_genres_alone(parser):
    dark = MoodWord(key="7:dark", label="Dark", defaults=(AxisRange(axis="energy", low=0.8),))
    assert parser.parse("dark ambient", moods=(dark,)).genres.wanted == ("dark ambient",)


def test_a_mood_of_the_server_is_denied_like_any_other(parser):
    wish = range_of(parser.parse("not too grindset", moods=(GRIND,)), "energy")
    assert wish is not None
    assert wish.low is None


HOSTILE = {
    "empty": "",
    "spaces": " " * 6000,
    "one letter": "a" * 6000,
    "brackets": "(" * 6000,
    "denials": "no " * 2000,
    "decades": "80s " * 1500,
    "likes": "like A " * 850,
    "emoji soup": "🔥😢🌧️💔" * 1500,
    "combining marks": "e\u0301\u0302" * 2000,
    "control characters": "".join(map(chr, range(32))) * 180,
    "halves of characters": "\ud800 sad \udfff",
    "right to left": "\u202e" * 3000 + "calm",
    "digits": "1" * 6000,
    "numbers": "1 " * 3000,
    "starts": "start then " * 545,
    "quotes": 'like "a" ' * 650,
    "markup": "@everyone <@1234> **sad** `x` [a](http://b) " * 100,
    "no spaces": "sadslowdark" * 540,
    "nulls": "\x00" * 6000,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_no_text_breaks_the_parser(parser, names, text):
    vibe = parser.parse(text, moods=(GRIND,), names=names)
    assert Vibe.from_dict(json.loads(json.dumps(vibe.to_dict()))) == vibe


def test_no_random_text_breaks_the_parser(parser, names):
    signs = random.Random(7)
    for _ in range(30):
        text = "".join(chr(signs.choice((signs.randrange(0x110000), signs.randrange(32, 127)))) for _ in range(300))
        vibe = parser.parse(text, names=names)
        assert all(vibe.text[piece.start : piece.end] == piece.text for piece in vibe.evidence)


def test_names_are_found_by_form_where_no_index_is_given(parser):
    assert parser.parse("something like Bon Iver").artists.like == ("Bon Iver",)
    assert parser.parse("songs by Dolly Parton and Queen").artists.wanted == ("Dolly Parton", "Queen")
    assert parser.parse("Something Like Home").artists.like == ()
