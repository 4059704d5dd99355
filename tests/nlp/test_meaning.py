"""The trained part: what it says of words that no row knows, and when it is silent."""

import json
import logging

import numpy as np
import pytest
from request_checks import range_of

from nlp.components.meaning.trained_meaning import (
    ARTIFACT,
    HEAVIEST,
    LIGHTEST,
    NO_MODEL,
    NOTHING,
    BadModel,
    Meaning,
    Meanings,
    digest,
    effect_of,
    metrics,
    read_meanings,
)
from nlp.components.wishes.axis_ranges import direction
from nlp.parser import VibeParser
from nlp.pipeline import build_pipeline, load_pipeline, save_pipeline
from nlp.vibe import AXES

LEVELS = {"brontide": {"energy": 100, "acousticness": -40}, "glim fane": {"brightness": -60}, "zibeline": {"energy": 1}}
"""Words that no table will ever hold, and what a small model says of them."""


def small_model(levels=LEVELS):
    rows = np.zeros((len(levels), len(AXES)), dtype=np.int8)
    for row, said in zip(rows, levels.values(), strict=True):
        for axis, level in said.items():
            row[AXES.index(axis)] = level
    silent = np.full(len(levels), NOTHING, dtype=np.uint8)
    context = silent.copy()
    context[0] = 0
    return Meanings(
        version="meaning-test",
        words={word: number for number, word in enumerate(levels)},
        levels=rows,
        context=context,
        contexts=("storm",),
    )


@pytest.fixture(scope="module")
def pipeline():
    return build_pipeline()


@pytest.fixture
def parser(pipeline):
    component = pipeline.get_pipe("meaning")
    kept = component.meanings
    component.fill(small_model())
    yield VibeParser(pipeline)
    component.fill(kept)


def said(vibe):
    return {wish.axis: direction(wish) for wish in vibe.targets}


def test_an_unknown_word_moves_its_axes_widely_and_lightly(parser):
    vibe = parser.parse("brontide")
    assert said(vibe) == {"energy": 1, "acousticness": -1}
    assert vibe.understood
    energy = range_of(vibe, "energy")
    assert energy.low < 0.5
    assert energy.high is None
    assert all(LIGHTEST <= wish.weight <= HEAVIEST and not wish.hard for wish in vibe.targets)
    assert range_of(vibe, "acousticness").weight < energy.weight


def test_evidence_points_at_the_word_and_it_is_no_longer_unknown(parser):
    text = "Zibeline  brontide, quuxly"
    vibe = parser.parse(text)
    pieces = [piece for piece in vibe.evidence if piece.source == "meaning"]
    assert {(text[piece.start : piece.end], piece.means) for piece in pieces} == {
        ("Zibeline", "energy high"),
        ("brontide", "energy high"),
        ("brontide", "acousticness low"),
        ("brontide", "context: storm"),
    }
    assert vibe.unknown == ("quuxly",)


def test_a_phrase_of_two_words_is_read_as_one(parser):
    vibe = parser.parse("glim-fane evening")
    assert said(vibe)["brightness"] == -1
    assert "glim" not in vibe.unknown
    assert "brightness" not in said(parser.parse("glim, fane"))


def test_plurals_are_read_and_other_endings_are_not(parser):
    assert said(parser.parse("brontides"))["energy"] == 1
    assert parser.parse("brontidely").unknown == ("brontidely",)


def test_negation_and_degree_speak_of_it_too(parser):
    energy = range_of(parser.parse("nothing brontide"), "energy")
    assert energy.low is None
    assert energy.high > 0.5
    assert range_of(parser.parse("very brontide"), "energy").low > range_of(parser.parse("brontide"), "energy").low


def test_what_is_compared_is_not_guessed(parser):
    for text in ("less brontide", "more brontide"):
        vibe = parser.parse(text)
        assert not vibe.targets
        assert not vibe.changes


def test_rows_and_server_moods_outrank_it(parser):
    assert said(parser.parse("calm brontide"))["energy"] == -1
    assert said(parser.parse("calm")).keys() <= said(parser.parse("calm brontide")).keys()


def test_names_are_left_alone(parser):
    friend = parser.parse("something sad for my friend Brontide")
    assert all(piece.source != "meaning" for piece in friend.evidence)
    assert parser.parse("Brontide").targets
    assert parser.parse("ok. Brontide please").targets


def test_a_long_request_has_said_what_it_means(parser):
    text = "a happy dancing summer party with loud guitars and fast drums, brontide"
    assert all(piece.source != "meaning" for piece in parser.parse(text).evidence)


@pytest.mark.parametrize(
    "text", ["", "the of and", "12345", "xqzvk bdfgh", "asdfghjkl qwertyuiop", "!!! ???", "jkl;jkl;jkl"]
)
def test_nothing_is_made_of_small_words_numbers_and_gibberish(pipeline, text):
    assert all(piece.source != "meaning" for piece in VibeParser(pipeline).parse(text).evidence)


@pytest.mark.parametrize(
    ("word", "axis", "way"),
    [
        ("mayhem", "energy", 1),
        ("snuggled", "energy", -1),
        ("delighted", "brightness", 1),
        ("distraught", "brightness", -1),
        ("cantata", "acousticness", 1),
        ("machines", "acousticness", -1),
    ],
)
def test_the_shipped_model_knows_plain_words(word, axis, way):
    entry = read_meanings().entry(word)
    assert {effect.axis: direction(effect) for effect in entry.effects}[axis] == way


@pytest.mark.parametrize("word", ["invoice", "lawyer", "quarterly", "michael", "sarah", "surgeon"])
def test_the_shipped_model_is_silent_about_what_has_no_sound(word):
    assert read_meanings().entry(word) is None


def test_every_level_is_a_range_of_its_axis_with_a_small_weight():
    for axis in AXES:
        for level in (-100, -1, 1, 100):
            effect = effect_of(axis, level)
            assert (effect.low is None) == (level < 0)
            assert (effect.high is None) == (level > 0)
            assert LIGHTEST <= effect.weight <= HEAVIEST


def test_the_model_survives_bytes_and_disk(tmp_path):
    kept = small_model()
    read = Meanings.from_bytes(kept.to_bytes())
    assert [read.entry(word) for word in LEVELS] == [kept.entry(word) for word in LEVELS]
    assert read.entry("brontide").hints == (("context", "storm"),)
    assert kept.to_bytes() == read.to_bytes()
    Meaning("meaning", kept).to_disk(tmp_path)
    assert Meaning("meaning", Meanings()).from_disk(tmp_path).version == "meaning-test"


def test_a_saved_pipeline_keeps_its_model(pipeline, parser, tmp_path):
    save_pipeline(pipeline, tmp_path)
    loaded = VibeParser(load_pipeline(tmp_path))
    assert loaded.parse("nothing brontide").to_dict() == parser.parse("nothing brontide").to_dict()


@pytest.mark.parametrize("damage", ["missing", "empty", "text", "cut", "mixed"])
def test_without_its_artifact_the_parser_works_and_says_so(damage, tmp_path, caplog):
    path = tmp_path / "meaning.npz"
    data = small_model().to_bytes()
    wrong = Meanings(version="x", words={"a": 0, "b": 1}).to_bytes()
    content = {"empty": b"", "text": b"no archive", "cut": data[: len(data) // 2], "mixed": wrong}
    if damage != "missing":
        path.write_bytes(content[damage])
        with pytest.raises(BadModel):
            Meanings.from_bytes(content[damage])
    with caplog.at_level(logging.WARNING):
        meanings = read_meanings(path)
    assert "stay unknown" in caplog.text
    assert Meaning("meaning", meanings).version == NO_MODEL
    pipeline = build_pipeline()
    pipeline.get_pipe("meaning").fill(meanings)
    vibe = VibeParser(pipeline).parse("sad brontide")
    assert said(vibe)["brightness"] == -1
    assert vibe.unknown == ("brontide",)


def test_a_request_about_something_else_stays_unknown(parser):
    vibe = parser.parse("my printer prints brontide")
    assert not vibe.understood
    assert "brontide" in vibe.unknown


def test_the_report_is_of_the_artifact():
    report = metrics()
    assert report["version"] == read_meanings().version
    assert report["artifact"]["sha256"] == digest(ARTIFACT.read_bytes())
    for axis in ("energy", "brightness"):
        assert report["held_out"]["axes"][axis]["precision"] >= 0.9


def test_a_missing_report_is_no_figures(tmp_path):
    assert metrics(tmp_path / "none.json") == {}
    (tmp_path / "list.json").write_text(json.dumps([]))
    assert metrics(tmp_path / "list.json") == {}
