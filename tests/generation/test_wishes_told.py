"""Wishes that pull apart, and wishes of which a library knows only the half: what is done is what is told."""

import numpy as np

from bot.client.texts.facts.sentences import told, told_all
from bot.generation.engine import compose
from bot.generation.values import Recipe, Rules
from nlp.vibe import Artists, AxisChange, Choice, Vibe
from tests.generation.tables import Song, table_of


def _library(genres=("metal", "jazz"), **fields):
    return table_of(
        [Song(genres=(genre,), artists=(f"{genre} {row}",), **fields) for genre in genres for row in range(30)]
    )


def test_metal_but_no_metal_is_told_with_what_dropping_each_side_brings():
    vibe = Vibe(genres=Choice(wanted=("metal",), rejected=("metal",)))
    composition = compose(_library(), Recipe(vibe=vibe, seed=1))
    assert not composition.ordering
    (conflict,) = told_all(composition.conflicts)
    assert "“no metal” + “metal”" in conflict
    assert conflict.count("30 songs") == 2


def test_a_genre_that_the_server_leaves_out_is_told_too():
    vibe = Vibe(genres=Choice(wanted=("metal",)))
    composition = compose(_library(), Recipe(vibe=vibe, seed=1, rules=Rules(genres_out=("metal",))))
    assert not composition.ordering
    assert "no metal" in told_all(composition.conflicts)[0]


def test_one_of_two_asked_genres_is_enough():
    vibe = Vibe(genres=Choice(wanted=("metal", "jazz"), rejected=("metal",)))
    table = _library()
    composition = compose(table, Recipe(vibe=vibe, seed=1))
    assert {table.genres.of(pick.row) for pick in composition.ordering} == {("jazz",)}


def test_a_special_instrument_is_looked_for_as_what_it_is_one_of_and_the_reason_says_which():
    vibe = Vibe(instruments=Choice(wanted=("classical guitar",)))
    table = _library(genres=("guitar", "piano"))
    composition = compose(table, Recipe(vibe=vibe, seed=1, rules=Rules(tracks=20)))
    assert {table.genres.of(pick.row) for pick in composition.ordering} == {("guitar",)}
    assert told_all(composition.notes) == ("No song here is marked classical guitar, so songs marked guitar stand in.",)
    said = [
        told(reason.fact) for pick in composition.ordering for reason in pick.reasons if reason.part == "instrument"
    ]
    assert set(said) <= {"tagged for guitar, which you asked for"}


def test_a_title_that_names_an_instrument_tells_as_much_as_a_tag_and_the_reason_says_so():
    songs = [Song(title=f"Quartet {row}", artists=(f"Q{row}",), genres=("classical",)) for row in range(30)]
    songs += [Song(title=f"Piano Sonata {row}", artists=(f"P{row}",), genres=("classical",)) for row in range(6)]
    songs += [Song(title=f"Solo {row}", artists=(f"S{row}",), genres=("classical", "piano")) for row in range(6)]
    table = table_of(songs)
    vibe = Vibe(genres=Choice(wanted=("classical",)), instruments=Choice(wanted=("piano",)))
    composition = compose(table, Recipe(vibe=vibe, seed=1, rules=Rules(tracks=12)))
    said = {
        str(table.titles[pick.row]).split()[0]: told(reason.fact)
        for pick in composition.ordering
        for reason in pick.reasons
        if reason.part == "instrument"
    }
    assert said == {
        "Piano": "its title names piano, which you asked for",
        "Solo": "tagged for piano, which you asked for",
    }


def test_calmer_than_the_named_songs_starts_from_how_they_are():
    rng = np.random.default_rng(1)
    energies = rng.uniform(0, 1, 400)
    songs = [
        Song(artists=(f"Artist {row}",), genres=("pop",), features={"energy": float(energy), "valence": 0.5})
        for row, energy in enumerate(energies)
    ]
    songs += [Song(artists=("Loud",), genres=("pop",), features={"energy": 0.95, "valence": 0.5})] * 3
    table = table_of(songs)
    means = {}
    for name in ("Loud", "Artist 0"):
        vibe = Vibe(artists=Artists(like=(name,)), changes=(AxisChange(axis="energy", amount=-0.25),))
        picks = compose(table, Recipe(vibe=vibe, seed=1)).ordering
        means[name] = float(np.mean([table.column("energy")[pick.row] for pick in picks]))
    assert means["Artist 0"] < means["Loud"] < 0.9


def test_a_genre_that_nobody_has_is_told_with_what_is_played_instead():
    vibe = Vibe(genres=Choice(wanted=("bossa nova",)))
    composition = compose(_library(genres=("samba", "metal")), Recipe(vibe=vibe, seed=1, rules=Rules(tracks=8)))
    assert told_all(composition.relaxed) == ("No song here is filed as bossa nova: the nearest is samba.",)


def test_like_an_artist_is_like_the_songs_they_lead():
    guests = [Song(artists=(f"Host {row}", "Ann"), genres=("pop",)) for row in range(3)]
    own = [Song(artists=("Ann",), genres=("house",))]
    others = [Song(artists=(f"B{row}",), genres=(genre,)) for genre in ("house", "pop") for row in range(20)]
    table = table_of(guests + own + others)
    vibe = Vibe(artists=Artists(like=("Ann",)))
    composition = compose(table, Recipe(vibe=vibe, seed=1, rules=Rules(tracks=8)))
    heads = sorted(composition.ordering, key=lambda pick: -pick.score)[:5]
    assert {table.genres.of(pick.row) for pick in heads} == {("house",)}


def test_a_genre_that_nobody_has_brings_no_more_of_one_artist():
    songs = [Song(genres=("jazz",), artists=(f"A{row % 30}",)) for row in range(90)]
    vibe = Vibe(genres=Choice(wanted=("smooth jazz",)))
    composition = compose(table_of(songs), Recipe(vibe=vibe, seed=1, rules=Rules(tracks=25)))
    assert told_all(composition.relaxed) == ("No song here is filed as smooth jazz: the nearest is jazz.",)


def test_calmer_than_named_songs_needs_no_playlist_before():
    songs = [Song(artists=(f"A{row}",), features={"energy": row / 40}, genres=("house",)) for row in range(40)]
    vibe = Vibe(artists=Artists(like=("A30",)), changes=(AxisChange(axis="energy", amount=-0.5),))
    composition = compose(table_of(songs), Recipe(vibe=vibe, seed=1, rules=Rules(tracks=5)))
    assert not any("playlist before" in note for note in told_all(composition.notes))


def test_like_an_artist_is_of_their_kind_before_it_is_anything_else():
    genres = ("house", "sertanejo")
    songs = [Song(artists=(f"{genre} {row}",), genres=(genre,)) for genre in genres for row in range(20)]
    table = table_of(songs)
    composition = compose(table, Recipe(vibe=Vibe(artists=Artists(like=("house 1",))), seed=1, rules=Rules(tracks=10)))
    assert {table.genres.of(pick.row) for pick in composition.ordering} == {("house",)}
    assert told_all(composition.notes) == ("“Like house 1” was read from 1 song here, filed as house.",)
