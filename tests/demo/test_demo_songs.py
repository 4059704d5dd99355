import csv
from collections import Counter
from importlib import resources

import numpy as np
import pytest

from bot.catalogue.index import Catalogue
from bot.catalogue.records import TrackRecord
from bot.demo.songs import demo_records
from bot.demo.words import DemoWords
from bot.generation.tracks import FEATURES, RANGES
from nlp.genres import genre_graph


@pytest.fixture(scope="module")
def records() -> tuple[TrackRecord, ...]:
    return demo_records()


@pytest.fixture(scope="module")
def catalogue(records: tuple[TrackRecord, ...]) -> Catalogue:
    return Catalogue.from_records(records)


def test_it_is_as_large_and_as_varied_as_promised(records: tuple[TrackRecord, ...]) -> None:
    assert 2700 <= len(records) <= 3300
    assert 400 <= len({record.artists[0] for record in records}) <= 550
    genres = Counter(record.genres[0] for record in records)
    assert len(genres) >= 40
    assert min(genres.values()) >= 10
    decades = Counter((record.year or 0) // 10 * 10 for record in records)
    assert sorted(decades) == [1950, 1960, 1970, 1980, 1990, 2000, 2010, 2020]
    assert min(decades.values()) >= 50


def test_it_is_always_the_same(catalogue: Catalogue) -> None:
    assert Catalogue.from_records(demo_records()).digest == catalogue.digest
    assert Catalogue.from_records(demo_records(seed=7)).digest != catalogue.digest


def test_it_says_that_it_is_invented(records: tuple[TrackRecord, ...], catalogue: Catalogue) -> None:
    assert catalogue.invented
    assert len({record.spotify_id for record in records}) == len(records) == catalogue.size


def test_every_value_is_one_that_a_song_can_have(records: tuple[TrackRecord, ...]) -> None:
    for record in records:
        features = dict(record.features)
        assert set(features) == set(FEATURES)
        assert all(RANGES[name][0] <= value <= RANGES[name][1] for name, value in record.features)
        assert 45_000 <= record.duration_ms <= 900_000
        assert 0 <= (record.popularity or 0) <= 100
        assert record.title.strip() == record.title != ""
        assert all(sign not in record.title + record.album + record.artists[0] for sign in "{}|_")


def test_genres_have_the_names_that_the_parser_uses(records: tuple[TrackRecord, ...]) -> None:
    canonical = genre_graph().canonical
    assert {genre: canonical(genre) for record in records for genre in record.genres} == {
        genre: genre for record in records for genre in record.genres
    }


def test_genres_sound_like_themselves(records: tuple[TrackRecord, ...]) -> None:
    def median(genre: str, feature: str) -> float:
        return float(np.median([dict(record.features)[feature] for record in records if record.genres[0] == genre]))

    assert median("death metal", "energy") > 0.85 > 0.35 > median("classical", "energy")
    assert median("disco", "danceability") > median("black metal", "danceability") + 0.25
    assert median("ambient", "instrumentalness") > 0.6 > 0.05 > median("hip hop", "instrumentalness")
    assert median("drum and bass", "tempo") > 150 > 105 > median("reggaeton", "tempo")
    assert median("classical piano", "loudness") < -18 < -9 < median("metalcore", "loudness")


def test_features_go_together_as_in_real_music(catalogue: Catalogue) -> None:
    table = catalogue.table
    together = np.corrcoef([table.column("energy"), table.column("loudness"), table.column("acousticness")])
    assert together[0, 1] > 0.55
    assert together[0, 2] < -0.5


def test_an_artist_has_a_sound_and_an_era(records: tuple[TrackRecord, ...]) -> None:
    by_artist: dict[str, list[TrackRecord]] = {}
    for record in records:
        by_artist.setdefault(record.artists[0], []).append(record)
    energy = np.array([dict(record.features)["energy"] for record in records])
    within = np.mean([np.std([dict(song.features)["energy"] for song in songs]) for songs in by_artist.values()])
    assert within < 0.65 * energy.std()
    spans = [
        max(song.year or 0 for song in songs) - min(song.year or 0 for song in songs) for songs in by_artist.values()
    ]
    assert max(spans) <= 30


def test_some_songs_come_in_versions(catalogue: Catalogue) -> None:
    table = catalogue.table
    versions = Counter(table.version.tolist())
    assert all(versions[version] >= 5 for version in ("live", "remaster", "acoustic", "remix", "sped up"))
    assert len(set(table.song.tolist())) <= len(table) - 60


def test_nothing_is_explicit_before_the_labels(records: tuple[TrackRecord, ...]) -> None:
    assert not any(record.explicit for record in records if (record.year or 0) < 1988)
    rap = [
        record.explicit for record in records if record.genres[0] in ("trap", "hip hop") and (record.year or 0) > 1990
    ]
    assert 0.1 < float(np.mean(rap)) < 0.8


def test_every_slot_of_the_grammar_can_be_filled() -> None:
    text = resources.files("bot.demo").joinpath("words.tsv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(text.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE))
    slots = {(row["words"], row["slot"]) for row in rows}
    given = {"title", "artist", "key"}
    for row in rows:
        named = {part.partition("}")[0] for part in row["choices"].split("{")[1:]}
        assert all((row["words"], slot) in slots or ("any", slot) in slots or slot in given for slot in named), row
        assert all(row["choices"].split("|")), row


def test_plurals_and_articles_are_english() -> None:
    from random import Random

    words = DemoWords(
        {("any", "title"): ("A {noun} of {beast}s",), ("any", "noun"): ("Orchard",), ("any", "beast"): ("Wolf",)}
    )
    assert words.draw("any", "title", Random(1)) == "An Orchard of Wolves"
