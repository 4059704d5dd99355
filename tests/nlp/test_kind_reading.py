"""Which music a sentence asks for: the whole of it, the longest reading first."""

import pytest


def _kinds(parser, text):
    wish = parser.parse(text).kinds
    return {} if wish is None else dict(wish.wanted)


@pytest.mark.parametrize(
    ("text", "some"),
    [
        ("campfire with friends, somebody has a guitar", {"indie folk", "folk revival", "old-time and campfire songs"}),
        ("lifting heavy things at the gym, make me angry", {"workout rap", "nu metal", "hard rock", "metalcore"}),
        ("baby won't sleep, something really soft", {"lullabies", "sleep music", "solo piano", "ambient"}),
        ("a smoky jazz club at midnight", {"cool jazz", "vocal jazz", "bebop", "jazz piano"}),
        ("tavern brawl in our dnd session", {"celtic", "medieval", "folk metal", "fantasy music", "celtic punk"}),
        ("neon city, rain, synths everywhere", {"synthwave", "darksynth"}),
        ("my heart is broken, let me cry", {"sad pop", "singer-songwriter", "power ballads"}),
        ("like in Peaky Blinders", {"blues rock", "post-punk", "alternative rock", "garage rock", "dark folk"}),
    ],
)
def test_a_situation_asks_for_what_people_put_on_there(parser, text, some):
    best = sorted(_kinds(parser, text).items(), key=lambda pair: -pair[1])[:5]
    assert some & {kind for kind, _ in best}


def test_a_named_genre_is_asked_for_surely_and_a_scene_only_chooses_within_it(parser):
    wish = parser.parse("romantic salsa, dancing in the kitchen").kinds
    assert wish.sure
    assert wish.wanted[0] == ("salsa", 1.0)
    assert all(share <= 0.5 for kind, share in wish.wanted if kind != "salsa")


def test_what_is_refused_is_not_asked_for(parser):
    kinds = _kinds(parser, "party music for my birthday, no techno and no schlager")
    assert kinds
    assert not {"techno", "schlager"} & kinds.keys()


@pytest.mark.parametrize("text", ["last evening in my parents' house, packing boxes", "swing dance lesson on friday"])
def test_a_word_that_is_part_of_something_longer_is_no_genre(parser, text):
    assert not {"house", "dance pop", "tech house"} & {
        kind for kind, share in _kinds(parser, text).items() if share > 0.9
    }


@pytest.mark.parametrize("text", ["hello bot", "who of you was it again", "ok thanks", "asdf"])
def test_small_talk_asks_for_nothing(parser, text):
    assert parser.parse(text).kinds is None


def test_an_artist_asks_for_what_they_play_also_without_a_catalogue(parser):
    wish = parser.parse("something like Portishead").kinds
    assert wish.wanted[0][0] == "trip hop"
    assert "Portishead" in wish.artists


def test_kinds_survive_the_database_without_the_words(parser):
    from nlp.vibe import Vibe

    vibe = parser.parse("rainy sunday with soft piano")
    assert Vibe.from_dict(vibe.to_dict(texts=False)).kinds == vibe.kinds


def test_a_change_of_the_last_set_asks_for_no_new_music(parser):
    assert parser.parse("same but happier").kinds is None
