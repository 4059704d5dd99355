"""The tables of knowledge: every row is read and checked, and they hold enough of every kind."""

import re
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from nlp.encoder import installed_encoder
from nlp.knowledge.artists import all_artists, artist_key, read_artists
from nlp.knowledge.kinds import all_kinds, read_kinds
from nlp.knowledge.request_model import ARTIFACT
from nlp.knowledge.scenes import all_scenes, read_scenes
from nlp.knowledge.tables import FOLDER, BadKnowledge
from nlp.names import fold
from nlp.training.lessons import COLUMNS, read_nothing, read_requests


def test_every_row_of_every_table_is_read_and_there_are_enough():
    assert len(read_kinds()) >= 200
    assert len(read_artists()) >= 5_000
    rows = read_scenes()
    assert sum(row.type == "scene" for row in rows) >= 800
    assert sum(row.type != "scene" for row in rows) >= 400


def test_every_kind_has_ten_artists_and_a_scene():
    artists = Counter(kind for row in read_artists() for kind, _ in row.kinds)
    scenes = Counter(kind for row in read_scenes() for kind, _ in row.kinds)
    names = all_kinds().names
    assert [name for name in names if artists[name] < 10] == []
    assert [name for name in names if not scenes[name]] == []


def test_nearness_is_the_same_both_ways_and_greatest_to_oneself():
    near = all_kinds().near
    assert np.array_equal(near, near.T)
    assert np.all(np.diag(near) == 1)
    assert near.max() <= 1


def test_names_stand_once_but_for_namesakes():
    assert len({row.name for row in read_kinds()}) == len(read_kinds())
    scenes = [fold(row.name) for row in read_scenes() if row.type == "scene"]
    assert [name for name, count in Counter(scenes).items() if count > 1] == []
    namesakes = [name for name, count in Counter(artist_key(row.name) for row in read_artists()).items() if count > 2]
    assert namesakes == []


def test_the_model_was_taught_the_kinds_of_the_table():
    with np.load(ARTIFACT) as stored:
        assert tuple(stored["kinds"].tolist()) == all_kinds().names
        artists = stored["artists"].tobytes().decode().split("\n")
        assert len(artists) == len(stored["vectors"]) == len(stored["head.artist_bias"])
        names = stored["sentences.names"].tobytes().decode().split("\n")
        assert stored["sentences.artists"].max() == len(names)
        assert len(stored["sentences"]) == len(stored["sentences.kinds"]) >= 25_000


def test_every_request_of_the_lessons_is_read_and_no_two_are_the_same():
    requests = read_requests()
    assert len(requests) >= 14_000
    assert len({lesson.text.lower() for lesson in requests}) == len(requests)
    for lesson in requests:
        assert len(lesson.artists) >= 3, lesson.text
        assert not {name for name, _ in lesson.kinds} & set(lesson.without), lesson.text
        assert all(year is None or 1000 <= year <= 2030 for year in lesson.years), lesson.text
        assert lesson.tongue == "" or re.fullmatch("[a-z]{2,3}", lesson.tongue or ""), lesson.text
    assert len(read_nothing()) >= 400


def test_every_kind_is_asked_for_by_three_requests():
    asked = Counter(kind for lesson in read_requests() for kind, _ in lesson.kinds)
    assert [name for name in all_kinds().names if asked[name] < 3] == []


def test_a_row_of_the_lessons_that_breaks_the_schema_is_told_with_its_line(tmp_path):
    table = tmp_path / "requests.tsv"
    table.write_text("\t".join(COLUMNS) + "\nsomething soft\tno such kind:3\t\t\t\t2\t\tNina Simone\n")
    with pytest.raises(BadKnowledge, match=r"requests.tsv:2: 'no such kind' is no kind"):
        read_requests(table)
    table.write_text("\t".join(COLUMNS) + "\nsomething soft\tvocal jazz:3\t\t\t\t7\t\tNina Simone\n")
    with pytest.raises(BadKnowledge, match="fame from 0 to 3"):
        read_requests(table)


def test_ranges_and_years_are_possible():
    for row in (*read_kinds(), *read_scenes()):
        for wish in row.axes:
            if wish.axis not in {"tempo", "loudness"}:
                assert all(end is None or 0 <= end <= 1 for end in (wish.low, wish.high)), row.name
    for artist in read_artists():
        assert 1000 <= artist.years[0] <= 2030, artist.name
        assert 1 <= artist.fame <= 5, artist.name


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("The Beatles", "60s rock"),
        ("beatles", "60s rock"),
        ("Simon and Garfunkel", "folk revival"),
        ("Beyonce", "2000s r&b"),
        ("JAY-Z", "2000s hip hop"),
    ],
)
def test_artists_are_found_in_any_spelling(name, kind):
    found = all_artists().find(name)
    assert found
    assert kind in dict(found[0].kinds)


def test_a_genre_nobody_wrote_down_is_read_as_its_nearest():
    kinds = all_kinds()
    assert kinds.names[int(kinds.of_genre("atmospheric black metal").argmax())] == "black metal"
    assert kinds.of_genre("qwertz") is None


@pytest.mark.parametrize(
    ("line", "said"),
    [("a\tfunk:9\t1990-\tUS\ten\t3", "weight"), ("a\tno such\t1990-\tUS\ten\t3", "no kind"), ("a\tfunk:3", "cells")],
)
def test_a_bad_row_is_named_with_its_line(tmp_path: Path, line, said):
    path = tmp_path / "artists.tsv"
    path.write_text((FOLDER / "artists.tsv").read_text("utf-8").split("\n")[0] + "\n" + line + "\n", "utf-8")
    with pytest.raises(BadKnowledge, match=said) as wrong:
        read_artists(path)
    assert "artists.tsv:2" in str(wrong.value)


def test_without_the_encoder_words_alone_find_a_scene():
    scenes = all_scenes()
    near = scenes.likeness("around the campfire with a guitar")
    assert "campfire" in {scenes.rows[number].name for number in near.argsort()[::-1][:5]}
    assert installed_encoder() is not None
