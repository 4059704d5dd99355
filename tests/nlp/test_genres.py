"""The graph of genres: spellings, kinship and what a rejection takes with it."""

from __future__ import annotations

import pytest

from nlp.genres import GenreGraph, genre_graph
from nlp.lexicon import Entry

LABELS = """
afrobeat alt-rock alternative ambient anime black-metal bluegrass blues brazil breakbeat british cantopop
chicago-house children classical club comedy country dance dancehall death-metal deep-house detroit-techno disco
disney drum-and-bass dub dubstep edm electro electronic emo folk forro funk garage gospel goth grindcore grunge
hard-rock hardcore hardstyle heavy-metal hip-hop honky-tonk house idm indian indie indie-pop industrial j-dance
j-idol j-pop j-rock jazz k-pop kids latin latino malay mandopop metal metalcore minimal-techno mpb new-age opera
pagode pop pop-film power-pop progressive-house psych-rock punk punk-rock r-n-b reggae reggaeton rock rock-n-roll
rockabilly salsa samba sertanejo show-tunes singer-songwriter ska songwriter soul synth-pop tango techno trance
trip-hop world-music
"""
"""How a common table of 114 genres spells those of them that are genres (the rest are moods, uses and languages)."""


@pytest.fixture(scope="module")
def graph() -> GenreGraph:
    return genre_graph()


@pytest.mark.parametrize("label", LABELS.split())
def test_every_label_of_a_common_library_is_known(graph: GenreGraph, label: str) -> None:
    assert graph.canonical(label) is not None


@pytest.mark.parametrize(
    ("spelling", "name"),
    [
        ("DnB", "drum and bass"),
        ("drum & bass", "drum and bass"),
        ("d&b", "drum and bass"),
        ("r-n-b", "r&b"),
        ("R & B", "r&b"),
        ("rhythm and blues", "r&b"),
        ("Hip-Hop", "hip hop"),
        ("hiphop music", "hip hop"),
        ("rap", "rap"),
        ("lofi", "lo-fi"),
        ("lofi hip hop", "lo-fi hip hop"),
        ("shoegazing", "shoegaze"),
        ("kpop", "k-pop"),
        ("forro", "forró"),
        ("rock'n'roll", "rock and roll"),
        ("club", "club music"),
    ],
)
def test_spellings_lead_to_one_name(graph: GenreGraph, spelling: str, name: str) -> None:
    assert graph.canonical(spelling) == name


@pytest.mark.parametrize("name", ["", "   ", "?!", "qwertz", "the cat on the mat", "spanish"])
def test_other_words_are_no_genre(graph: GenreGraph, name: str) -> None:
    assert graph.canonical(name) is None


@pytest.mark.parametrize(
    ("wanted", "genre"),
    [
        ("metal", "metal"),
        ("rap", "hip-hop"),
        ("black metal", "atmospheric black metal"),
        ("neo qwertz", "neo-qwertz"),
        ("happy", "happy"),
    ],
)
def test_the_same_is_wholly_close(graph: GenreGraph, wanted: str, genre: str) -> None:
    assert graph.closeness(wanted, genre) == 1.0


@pytest.mark.parametrize(
    ("wanted", "genre"),
    [
        ("metal", "death-metal"),
        ("metal", "swedish melodic death metal"),
        ("house", "progressive-house"),
        ("electronic", "minimal techno"),
        ("rock", "deutschrock"),
        ("hip hop", "chicago drill"),
        ("folk", "Indie Folk"),
    ],
)
def test_the_narrower_is_close_after_the_same(graph: GenreGraph, wanted: str, genre: str) -> None:
    assert 0.8 <= graph.closeness(wanted, genre) < 1.0


def test_a_name_that_strangers_share_is_none_of_them_for_sure(graph: GenreGraph) -> None:
    assert graph.closeness("punk", "hardcore") < 0.5
    assert graph.closeness("hardcore", "hardcore") == 1.0
    assert all(graph.excluded(rejected, "hardcore") for rejected in ("punk", "electronic", "rap"))
    assert not graph.excluded("jazz", "hardcore")


@pytest.mark.parametrize(
    ("wanted", "genre"),
    [("shoegaze", "dream pop"), ("deep house", "house"), ("techno", "trance"), ("r&b", "soul"), ("trap", "hip-hop")],
)
def test_relatives_are_half_close(graph: GenreGraph, wanted: str, genre: str) -> None:
    assert 0.3 <= graph.closeness(wanted, genre) <= 0.7


@pytest.mark.parametrize(
    ("wanted", "genre"),
    [("jazz", "death metal"), ("classical", "drill"), ("opera", "techno"), ("jazz", ""), ("", "jazz"), ("rap", "?")],
)
def test_strangers_are_not_close(graph: GenreGraph, wanted: str, genre: str) -> None:
    assert graph.closeness(wanted, genre) == 0.0


@pytest.mark.parametrize(
    ("rejected", "genre"),
    [
        ("rap", "rap"),
        ("rap", "hip-hop"),
        ("rap", "trap"),
        ("rap", "swedish hip hop"),
        ("metal", "nu-metal"),
        ("metal", "symphonic black metal"),
        ("christmas", "xmas music"),
        ("country", "bluegrass"),
        ("neo qwertz", "deep neo-qwertz"),
    ],
)
def test_a_rejection_takes_the_narrower_with_it(graph: GenreGraph, rejected: str, genre: str) -> None:
    assert graph.excluded(rejected, genre)


@pytest.mark.parametrize(
    ("rejected", "genre"),
    [
        ("trap", "hip hop"),
        ("death metal", "metal"),
        ("rap", "lo-fi beats"),
        ("rap", "trip-hop"),
        ("pop", "rock"),
        ("rap", "trapeze"),
        ("ska", "polska"),
    ],
)
def test_a_rejection_leaves_the_others(graph: GenreGraph, rejected: str, genre: str) -> None:
    assert not graph.excluded(rejected, genre)


def test_rap_is_its_own_genre_under_hip_hop(graph: GenreGraph) -> None:
    assert graph.broader("rap") == {"hip hop"}
    assert "rap" in graph.narrower("hip-hop")
    assert "hip hop" not in graph.narrower("rap")


def test_broader_and_narrower_are_whole(graph: GenreGraph) -> None:
    assert {"death metal", "metal", "rock"} <= graph.broader("melodic death metal")
    assert {"metal", "melodic death metal", "blackgaze"} <= graph.narrower("metal")
    assert graph.narrower("qwertz") == frozenset()


def test_two_kinds_of_a_crowded_genre_have_less_in_common(graph: GenreGraph) -> None:
    assert graph.closeness("deep house", "tech house") > graph.closeness("k-pop", "power pop") > 0


def test_a_language_takes_in_what_is_sung_in_it() -> None:
    rows = (
        Entry(name="pop", kind="genre", forms=("pop",)),
        Entry(name="k-pop", kind="genre", forms=("k-pop", "kpop"), links=("pop",)),
        Entry(name="korean", kind="language", forms=("korean", "hangul"), hints=(("genre", "k-pop"),)),
    )
    graph = GenreGraph(rows)
    assert graph.closeness("korean", "kpop") == 1.0
    assert graph.closeness("korean", "korean pop") == 1.0
    assert graph.excluded("korean", "k-pop")
    assert graph.closeness("korean", "pop") == 0.0
    assert graph.canonical("korean") is None
    assert graph.broader("k-pop") == {"pop"}
