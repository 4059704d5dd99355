"""Why a song is in a set when the request asked for kinds of music: said truly, and only while it counts."""

from dataclasses import replace

import pytest

from bot.client.texts.facts.sentences import told
from bot.generation.engine import compose, prepare
from bot.generation.facts.reasons import LikeTypical, OfEra, OfKind, Typical, WellKnown
from bot.generation.reasons.kind_reasons import kind_reason
from bot.generation.scoring.kind_fit import kind_aim
from bot.generation.values import Recipe, Rules
from nlp.vibe import KindWish, Vibe
from tests.generation.tables import Song, table_of

FUNK = ("James Brown", "Parliament", "Kool & The Gang", "The Meters", "Sly & The Family Stone", "Ohio Players")
OTHERS = ("Metallica", "Slayer", "Enya", "Mozart", "Eminem", "Adele", "Slipknot", "Burzum", "Drake", "Yiruma")


def _table():
    songs = [Song(artists=(name,), popularity=90 - 12 * n) for n, name in enumerate(FUNK)]
    return table_of(songs + [Song(artists=(name,), popularity=40) for name in OTHERS])


def _reasons(wish: KindWish, tracks: int = 5):
    table = _table()
    vibe = Vibe(understood=True, kinds=wish)
    made = compose(table, Recipe(vibe=vibe, seed=3, rules=Rules(tracks=tracks)), library=prepare(table))
    return {table.artists.of(pick.row)[0]: pick.reasons for pick in made.ordering}


def test_a_song_is_in_for_its_kind_and_the_card_says_whose_music_that_is():
    found = _reasons(KindWish(wanted=(("funk", 1.0),)))
    assert set(found) <= set(FUNK)
    for artist, reasons in found.items():
        facts = [reason.fact for reason in reasons if reason.part == "kind"]
        assert facts == [OfKind(kind=facts[0].kind, artist=artist)]
    assert told(OfKind(kind="funk", artist="The Meters")) == "funk, as The Meters plays it"
    assert told(OfKind(kind="funk", artist=None)) == "probably funk, by its labels and sound"


def test_who_is_put_on_for_it_is_said_and_who_plays_the_same():
    wish = KindWish(wanted=(("funk", 1.0),), artists=("James Brown", "The Meters"))
    table = _table()
    library = prepare(table)
    aim = kind_aim(library, Vibe(understood=True, kinds=wish))
    said = {table.artists.of(row)[0]: kind_reason(library, aim, "alike", row) for row in range(len(FUNK))}
    assert said["James Brown"] == Typical(name="James Brown")
    assert isinstance(said["Parliament"], LikeTypical)
    assert said["Parliament"].like in wish.artists


def test_a_known_song_is_called_known_only_where_people_want_to_know_the_songs():
    singalong = _reasons(KindWish(wanted=(("funk", 1.0),), fame=3.0))
    assert WellKnown(best=True) in [reason.fact for reason in singalong["James Brown"]]
    focus = _reasons(KindWish(wanted=(("funk", 1.0),), fame=0.0))
    assert not [reason for reasons in focus.values() for reason in reasons if reason.part == "fame"]


def test_why_a_song_belongs_comes_before_that_it_is_known():
    wish = KindWish(wanted=(("funk", 1.0),), artists=("The Meters", "Ohio Players"), fame=3.0)
    for reasons in _reasons(wish).values():
        parts = [reason.part for reason in reasons]
        assert "fame" not in parts[:-1] or set(parts[parts.index("fame") :]) <= {"fame", "sound"}


def test_an_era_that_belongs_to_the_request_is_told_with_where_it_is_from():
    found = _reasons(KindWish(wanted=(("funk", 1.0),), years=(1970, 1979)))
    eras = {artist: reason.fact for artist, reasons in found.items() for reason in reasons if reason.part == "era"}
    assert eras
    for artist, fact in eras.items():
        assert isinstance(fact, OfEra)
        assert fact.artist == artist
        assert fact.first <= 1979


@pytest.mark.parametrize(
    ("fact", "said"),
    [
        (OfEra(first=1982, last=1982, artist=None), "from 1982, which belongs to this"),
        (OfEra(first=1967, last=1975, artist="The Meters"), "(from 1967 to 1975)"),
        (OfEra(first=2011, last=9999, artist="Lizzo"), "(since 2011)"),
        (LikeTypical(name="Vulfpeck", like="The Meters"), "Vulfpeck plays much the same music as The Meters"),
        (Typical(name="Air"), "by Air, whom people put on for this"),
        (WellKnown(best=False), "a song that many know"),
    ],
)
def test_each_fact_is_a_line_of_a_list(fact, said):
    assert said in told(fact)


def test_a_reason_falls_when_what_it_cites_is_taken_away():
    wish = KindWish(wanted=(("funk", 1.0),), artists=("James Brown", "The Meters"))
    with_artists, without = _reasons(wish), _reasons(replace(wish, artists=()))
    assert any(reason.part == "alike" for reasons in with_artists.values() for reason in reasons)
    assert not any(reason.part == "alike" for reasons in without.values() for reason in reasons)
