"""Songs that few want without asking stay out until they are asked for, or until nothing else is left."""

import pytest

from bot.client.texts.facts.sentences import told_all
from bot.generation.engine import compose
from bot.generation.values import Recipe, Rules
from nlp.vibe import Choice, Vibe
from tests.generation.tables import Song, table_of

PLAIN = [Song(title=f"Song {row}", artists=(f"A{row}",), genres=("jazz",)) for row in range(12)]
ASIDE = [
    Song(title=title, artists=(title,), genres=genres)
    for title, genres in (
        ("Jingle Bells", ("jazz",)),
        ("Have Yourself a Merry Little Christmas", ("jazz",)),
        ("Plain", ("christmas", "jazz")),
        ("White Noise for Babies", ("jazz",)),
        ("Yesterday (Karaoke Version)", ("jazz",)),
        ("Hörspiel Teil 2", ("jazz",)),
    )
]


def titles(songs, tracks, **vibe):
    table = table_of(songs)
    made = compose(table, Recipe(vibe=Vibe(understood=True, **vibe), seed=3, rules=Rules(tracks=tracks)))
    return {table.titles[pick.row] for pick in made.ordering}, made


def test_nobody_gets_them_unasked():
    played, made = titles(PLAIN + ASIDE, 12)
    assert played == {song.title for song in PLAIN}
    assert made.relaxed == ()


@pytest.mark.parametrize(
    ("asked", "songs"),
    [
        ({"contexts": ("christmas",)}, {"Jingle Bells", "Plain"}),
        ({"genres": Choice(wanted=("christmas",))}, {"Plain"}),
    ],
)
def test_who_asks_for_christmas_gets_it(asked, songs):
    played, _ = titles(PLAIN + ASIDE, 18, **asked)
    assert songs <= played


def test_when_nothing_else_is_left_they_come_and_it_is_told():
    played, made = titles(PLAIN[:3] + ASIDE[:2], 5)
    assert "Jingle Bells" in played
    assert any("no Christmas songs" in told for told in told_all(made.relaxed))


def test_a_mix_of_an_hour_is_no_song_of_a_set():
    played, _ = titles([*PLAIN, Song(title="Summer", artists=("DJ",), genres=("jazz",), minutes=70)], 12)
    assert "Summer" not in played


def test_a_sign_inside_a_word_means_nothing():
    songs = [Song(title=title, artists=(title,)) for title in ("Nonkaraoke", "Masmr", "Preferxmas")]
    played, made = titles(songs, 3)
    assert len(played) == 3
    assert made.relaxed == ()


def test_who_asks_for_children_s_songs_gets_them():
    songs = [*PLAIN, Song(title="Wheels on the Bus", artists=("Kids",), genres=("children",))]
    unasked, _ = titles(songs, 12)
    asked, _ = titles(songs, 6, genres=Choice(wanted=("children's music",)))
    assert "Wheels on the Bus" not in unasked
    assert "Wheels on the Bus" in asked
