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


@pytest.mark.parametrize(
    ("text", "some", "never"),
    [
        (
            "girls with distorted guitars shouting at their ex",
            "alternative rock|grunge|pop punk|punk rock",
            "folk revival",
        ),
        (
            "the hallway smells of wet paint and the whole house is quiet, keep it that way",
            "acoustic guitar instrumentals|ambient|cool jazz|indie folk|jazz piano|modern classical|solo piano",
            "deep house",
        ),
        (
            "my mother got married in 1984 in a dress with enormous shoulders, play what the band played",
            "80s pop|disco|new wave|oldies pop|power ballads|soft rock|synth pop",
            "drill",
        ),
        (
            "long beards, fast banjos, a porch and a jug of something clear",
            "americana|bluegrass|old-time and campfire songs",
            "techno",
        ),
        (
            "rock the pram gently, the twins are nearly off",
            "acoustic guitar instrumentals|indie folk|lullabies|sleep music|solo piano",
            "classic rock",
        ),
        (
            "four in the morning, strobe, concrete, nobody remembers their name",
            "deep house|industrial techno|melodic techno|minimal techno|techno",
            "country pop",
        ),
        (
            "trench coat, cigarette, a saxophone somewhere across the river",
            "bebop|cool jazz|jazz piano|lounge jazz|modern jazz|vocal jazz",
            "metalcore",
        ),
        (
            "knights riding to their deaths, singing, with guitars like chainsaws",
            "folk metal|heavy metal|power metal|symphonic metal",
            "r&b",
        ),
        (
            "steel drums, rum, my feet in the sand",
            "caribbean party|dancehall|reggae pop|rocksteady and ska|roots reggae",
            "black metal",
        ),
    ],
)
def test_a_kind_is_heard_that_nobody_names(parser, text, some, never):
    kinds = _kinds(parser, text)
    assert set(some.split("|")) & set(sorted(kinds, key=lambda kind: -kinds[kind])[:4])
    assert never not in kinds


@pytest.mark.parametrize(
    ("text", "refused"),
    [
        ("britpop for the pub, and if anybody queues Oasis I am walking home", "Oasis"),
        ("grunge please, anything except Nirvana", "Nirvana"),
        ("reggae but I cannot hear Bob Marley again", "Bob Marley & The Wailers"),
    ],
)
def test_who_is_refused_in_passing_is_no_typical_artist(parser, text, refused):
    wish = parser.parse(text).kinds
    assert wish.artists
    assert refused not in wish.artists[:5]


@pytest.mark.parametrize(
    "text",
    [
        "sad rock pls, but if I hear Radiohead one more time I am leaving",
        "classics for the pub, and if anybody queues Queen I am walking home",
        "late night rap, I am so sick of Drake",
        "folk, and if someone plays Bon Iver again I will cry",
    ],
)
def test_who_somebody_has_had_enough_of_is_refused(parser, names, text):
    artists = parser.parse(text, names=names).artists
    assert artists.rejected
    assert not artists.wanted


def test_more_than_one_artist_is_no_promise_of_that_artist(parser, names):
    vibe = parser.parse("country from Tennessee, not just Dolly Parton", names=names)
    assert vibe.artists.wanted == ()
    assert vibe.artists.rejected == ()


def test_an_era_is_heard_that_nobody_names_in_numbers(parser):
    wish = parser.parse("what my grandmother danced to in the ballroom just after the war").kinds
    assert wish.years is None or wish.years[1] is None or wish.years[1] <= 1965
    best = sorted(dict(wish.wanted), key=lambda kind: -dict(wish.wanted)[kind])[:3]
    assert {"swing", "crooners", "oldies pop", "early jazz", "jump blues"} & set(best)


def test_music_to_work_by_minds_no_unknown_songs_and_a_singalong_does(parser):
    assert parser.parse("deep focus for eight hours of spreadsheets, no words").kinds.fame < 1
    assert parser.parse("karaoke night, songs that the whole pub can shout along to").kinds.fame > 2


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
