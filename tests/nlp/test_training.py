"""How the trained part is made: the tables it reads, the regression, its certainty, and the whole on a small scale."""

import math
from dataclasses import replace

import numpy as np
import pytest

from nlp.components.meaning.trained_meaning import NOTHING
from nlp.encoder import WordPieces, gelu
from nlp.lexicon import read_entries
from nlp.training.__main__ import train
from nlp.training.aggregate import FEWEST_ARTISTS
from nlp.training.artifact import distil
from nlp.training.certainty import NEVER, calibrate
from nlp.training.examples import gather
from nlp.training.regression import fit, held_out
from nlp.training.tables import genre_means, signs, title_words
from nlp.training.vocabulary import vocabulary
from nlp.vibe import AXES

ENERGY, BRIGHTNESS = AXES.index("energy"), AXES.index("brightness")


def letters(texts):
    """An encoder that takes words alike when they share letters: enough to see the training work."""
    vectors = np.zeros((len(texts), 512), dtype=np.float32)
    for vector, text in zip(vectors, texts, strict=True):
        for size in (2, 3, 4):
            for start in range(len(text) - size + 1):
                vector[sum(ord(sign) * 31**place for place, sign in enumerate(text[start : start + size])) % 512] += 1
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def test_title_words_are_averages_of_many_and_mean_what_they_say():
    words = {group.name: group for group in title_words()}
    assert len(words) > 2_000
    assert all(group.size >= FEWEST_ARTISTS and len(group.figures) == len(AXES) for group in words.values())
    assert words["party"].figures[ENERGY] > 0.2 > -0.2 > words["piano"].figures[ENERGY]
    assert words["party"].figures[BRIGHTNESS] > words["winter"].figures[BRIGHTNESS]


def test_genres_and_emoji_are_there():
    genres = {group.name: group for group in genre_means()}
    assert genres["death metal"].figures[ENERGY] > 0.5 > -0.5 > genres["baroque"].figures[ENERGY]
    shown = {sign.emoji: sign for sign in signs()}
    assert shown["🌋"].name == "volcano"
    assert "eruption" in shown["🌋"].keywords


def test_examples_hold_rows_titles_genres_and_words_that_say_nothing():
    common = ["people", "invoice", "ledger", "happy"]
    examples = gather(read_entries(), common)
    assert set(examples.kinds) >= {"mood", "scene", "genre", "title word", "genre mean", "background"}
    place = {text: row for row, text in enumerate(examples.texts)}
    assert len(place) == len(examples.texts)
    assert examples.targets[place["happy"], BRIGHTNESS] > 0.5
    assert not examples.targets[place["invoice"]].any()
    assert examples.targets[place["bebop"], examples.columns.index("genre=jazz")] == 1


def test_the_regression_says_what_its_neighbours_say():
    vectors = np.array([[0, 0], [0.1, 0], [5, 5]], dtype=np.float32)
    targets = np.array([[1.0], [1.0], [-1.0]], dtype=np.float32)
    noise = np.full(3, 0.1, dtype=np.float32)
    near, far, nowhere = fit(vectors, targets, noise).predict(np.array([[0.05, 0], [5, 5], [99, 99]], dtype=np.float32))
    assert near > 0.8
    assert far < -0.8
    assert abs(nowhere) < 1e-6


def test_no_family_is_judged_by_its_own():
    vectors = np.eye(20, dtype=np.float32).repeat(2, axis=0) * 10
    targets = np.ones((40, 1), dtype=np.float32)
    families = [str(row // 2) for row in range(40)]
    noise = np.full(40, 0.1, dtype=np.float32)
    assert np.abs(held_out(vectors, targets, noise, families)).max() < 1e-6
    assert np.abs(held_out(vectors, targets, noise, [str(row) for row in range(40)])).max() > 0.5


def test_certainty_asks_for_nine_of_ten_right():
    examples = gather(read_entries(), ["invoice", "ledger", "quarterly"])
    noise = np.random.default_rng(1).normal(0, 0.05, examples.targets.shape).astype(np.float32)
    noise[np.array(examples.kinds) == "background"] *= 0.1
    good = calibrate(examples, examples.targets * 0.6 + noise, examples.targets * 0.6 + noise)
    energy = good.figures["axes"]["energy"]
    assert good.least[ENERGY] < 0.5
    assert energy["precision"] >= 0.9
    assert good.figures["genre"]["top_1"] > 0.9
    chance = np.random.default_rng(2).normal(0, 1, examples.targets.shape).astype(np.float32)
    assert calibrate(examples, chance, chance).least[ENERGY] == NEVER


def test_only_what_is_sure_is_kept():
    columns = (*AXES, "context=rain", "context=sea", "context=fog")
    predicted = np.zeros((3, len(columns)), dtype=np.float32)
    predicted[0, ENERGY], predicted[1, ENERGY], predicted[2, -1] = -0.9, 0.1, 0.8
    least = np.full(len(columns), 0.3, dtype=np.float32)
    least[columns.index("context=rain")] = NEVER
    meanings = distil(["sure", "doubtful", "misty"], columns, predicted, least, "test")
    assert set(meanings.words) == {"sure", "misty"}
    assert meanings.entry("sure").effects[0].high is not None
    assert meanings.entry("misty").hints == (("context", "fog"),)
    assert meanings.context[meanings.words["sure"]] == NOTHING


def test_the_vocabulary_is_words_phrases_and_emoji_without_what_rows_know():
    known = [entry for entry in read_entries() if entry.name == "sad"]
    frequent = ["the", *("filler" + "abcdefghij"[number % 10] * (number + 1) for number in range(300))]
    kept = vocabulary(known, [*frequent, "sad", "murky"], ["gloom", "x1"])
    assert kept["murky"] == "murky"
    assert kept["gloom"] == "gloom"
    assert kept["🌋"] == "volcano"
    assert "ice cream" in kept
    assert not {"the", "x1", "x", "sad"} & set(kept)


@pytest.mark.parametrize("value", [-4.0, -1.0, -0.1, 0.0, 0.3, 2.0, 6.0])
def test_gelu_is_the_exact_one(value):
    exact = value * (1 + math.erf(value / math.sqrt(2))) / 2
    assert gelu(np.array([value], dtype=np.float32))[0] == pytest.approx(exact, abs=1e-5)


def test_words_are_split_into_the_longest_pieces():
    pieces = WordPieces(["[CLS]", "[SEP]", "[UNK]", "thunder", "##ous", "th", "cafe", ","])
    assert pieces.numbers("Thunderous, Café") == [0, 3, 4, 7, 6, 1]
    assert pieces.numbers("xyz") == [0, 2, 1]
    assert pieces.words() == ["thunder", "th", "cafe"]


def test_the_whole_training_on_a_small_scale():
    every = gather(read_entries(), ["invoice", "ledger"])
    few = np.arange(0, len(every.texts), 16)
    examples = replace(
        every,
        targets=every.targets[few],
        noise=every.noise[few],
        **{
            name: tuple(np.array(getattr(every, name))[few].tolist()) for name in ("texts", "families", "rows", "kinds")
        },
    )
    words = {"gloomish": "gloomish", "happyish": "happyish", "🌋": "volcano"}
    trained = train(examples, words, encode=letters, version="test-1")
    assert trained.meanings.version == "test-1"
    assert set(trained.meanings.words) <= set(words)
    assert trained.report["vocabulary"] == 3
    assert set(trained.report["held_out"]["axes"]) == set(AXES)
    assert trained.report["held_out"]["genre"]["top_3"] >= trained.report["held_out"]["genre"]["top_1"] > 0
