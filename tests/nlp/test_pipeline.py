"""The pipeline saves and loads, whole and component by component, and answers the same."""

from pathlib import Path

import pytest
from request_checks import range_of

from nlp.components.words import LONGEST_TEXT
from nlp.lexicon import Entry
from nlp.parser import VibeParser
from nlp.pipeline import COMPONENTS, build_pipeline, load_pipeline, save_pipeline
from nlp.vibe import AxisRange

TEXTS = [
    line.split("\t")[0]
    for line in (Path(__file__).parent / "requests.tsv").read_text("utf-8").splitlines()
    if line and not line.startswith("#")
]


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pipeline")
    save_pipeline(build_pipeline(), folder)
    return folder


@pytest.fixture(scope="module")
def answers(parser, names):
    return [parser.parse(text, names=names) for text in TEXTS]


def test_a_loaded_pipeline_answers_the_same(saved, answers, names):
    loaded = VibeParser(load_pipeline(saved))
    assert [loaded.parse(text, names=names) for text in TEXTS] == answers


@pytest.fixture(scope="module")
def pipeline():
    return build_pipeline()


@pytest.fixture(scope="module")
def other():
    """A second pipeline: what a component keeps is loaded into it, and it has to answer as before."""
    return build_pipeline()


@pytest.mark.parametrize("name", COMPONENTS)
def test_every_component_saves_and_loads(name, pipeline, other, answers, names):
    other.get_pipe(name).from_bytes(pipeline.get_pipe(name).to_bytes())
    loaded = VibeParser(other)
    assert [loaded.parse(text, names=names) for text in TEXTS[:60]] == answers[:60]


def test_the_components_stand_in_their_order(pipeline):
    assert tuple(pipeline.pipe_names) == COMPONENTS


def test_the_pipeline_takes_other_rows():
    zorp = Entry(name="zorp", kind="mood", forms=("zorp",), effects=(AxisRange(axis="energy", low=0.9),), source="test")
    vibe = VibeParser(build_pipeline([zorp])).parse("zorpy jazz")
    assert range_of(vibe, "energy") == AxisRange(axis="energy", low=0.9)
    assert vibe.genres.wanted == ()
    assert vibe.unknown == ("jazz",)


def test_the_tokens_give_the_text_back():
    pipeline = build_pipeline(())
    for text in ("", "  a  b ", "don't  stop\n\nme", "🏃🏽‍♀️🔥", "150bpm,no rap", "\t", "a\u00a0b", "x" * 3000):
        assert pipeline.make_doc(text).text == text[:LONGEST_TEXT]
