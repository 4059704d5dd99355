"""What kinds of music the songs of a table are told to be, whatever its labels are called."""

import numpy as np

from bot.generation.engine import compose, prepare
from bot.generation.kinds.song_kinds import song_kinds
from bot.generation.values import Recipe, Rules
from nlp.vibe import Choice, KindWish, Vibe
from tests.generation.tables import Song, table_of

SCHLAGER = ("Helene Fischer", "Roland Kaiser", "Andrea Berg", "Wolfgang Petry", "Howard Carpendale", "Jürgen Drews",
            "Matthias Reim", "Vicky Leandros", "Michelle", "Semino Rossi")  # fmt: skip


def _party(unknown: int = 3) -> list[Song]:
    known = [Song(title=f"Lied {n}", artists=(name,), genres=("party",)) for n, name in enumerate(SCHLAGER)]
    return known + [Song(artists=(f"Nobody {n}",), genres=("party",)) for n in range(unknown)]


def _top(songs, row):
    return songs.of(row)[0][0]


def test_a_known_artist_is_what_is_known_of_them_whatever_the_label_says():
    songs = song_kinds(table_of([Song(artists=("Miles Davis",), genres=("techno",)), Song(artists=("Rammstein",))]))
    assert _top(songs, 0) == "cool jazz"
    assert _top(songs, 1) == "industrial metal"
    assert songs.sure.tolist() == [1, 1]


def test_a_label_means_what_its_company_plays():
    songs = song_kinds(table_of(_party()))
    assert _top(songs, len(SCHLAGER)) == "schlager"
    assert 0 < songs.sure[len(SCHLAGER)] < 1
    assert dict(songs.artists.labels.strangers())["party"][0] == "schlager"


def test_a_label_without_company_means_its_name():
    songs = song_kinds(table_of([Song(artists=("Nobody",), genres=("bossa nova",)), Song(artists=("Noone",))]))
    assert _top(songs, 0) == "bossa nova"
    assert songs.sure[1] == 0


def test_the_best_known_version_speaks_for_a_song():
    songs = song_kinds(table_of([Song(song=1, popularity=5, version="live"), Song(song=1, popularity=80)]))
    assert np.allclose(songs.fame, 0.8)


def test_titles_and_facts_tell_the_tongue():
    table = table_of(
        [
            Song(artists=("Rammstein",), title="Du hast"),
            Song(artists=("Nobody",), title="Un verano sin ti y la playa"),
            Song(artists=("Noone",), title="Piano Study", features={"instrumentalness": 0.9}),
        ]
    )
    spoken = song_kinds(table).tongues.spoken(frozenset({"en"}))
    assert spoken[0] < 0.4
    assert spoken[1] < 0.5
    assert spoken[2] == 1


def _played(songs: list[Song], vibe: Vibe, tracks: int) -> list[str]:
    table = table_of(songs)
    made = compose(table, Recipe(vibe=vibe, seed=3, rules=Rules(tracks=tracks)), library=prepare(table))
    return [table.artists.of(pick.row)[0] for pick in made.ordering]


def test_no_rap_also_holds_for_a_song_that_only_its_artist_tells_to_be_rap():
    songs = [Song(artists=(name,)) for name in ("Eminem", "JAY-Z", "Adele", "Norah Jones", "Coldplay", "ABBA")]
    played = _played(songs, Vibe(understood=True, genres=Choice(rejected=("rap",))), 4)
    assert set(played) == {"Adele", "Norah Jones", "Coldplay", "ABBA"}


def test_disco_is_not_what_somebody_filed_as_disco():
    filed = [Song(artists=(name,), genres=("disco",)) for name in SCHLAGER[:6]]
    disco = [Song(artists=(name,), genres=("disco",)) for name in ("Chic", "Donna Summer", "Gloria Gaynor", "Bee Gees")]
    wish = KindWish(wanted=(("disco", 1.0),), sure=True)
    played = _played(filed + disco, Vibe(understood=True, genres=Choice(wanted=("disco",)), kinds=wish), 4)
    assert set(played) == {"Chic", "Donna Summer", "Gloria Gaynor", "Bee Gees"}


def test_a_request_in_english_gets_no_other_tongue_while_there_is_enough():
    names = ("Oasis", "Blur", "Pulp", "Suede", "Los Fabulosos Cadillacs", "Die Toten Hosen", "Кино", "Indochine")
    wish = KindWish(wanted=(("britpop", 1.0), ("latin rock", 0.3), ("german rock", 0.3)))
    played = _played([Song(artists=(name,)) for name in names], Vibe(understood=True, kinds=wish), 4)
    assert set(played) == {"Oasis", "Blur", "Pulp", "Suede"}
