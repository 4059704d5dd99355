"""Every fact has a sentence, says what today's wording says, and is the same after it was stored."""

from __future__ import annotations

import importlib
import json
import pkgutil

import pytest

from bot.client.texts.facts.sentences import told
from bot.facts import Fact, Worded, fact_of, facts_of
from bot.generation import facts
from bot.generation.facts import conflicts, notes, reasons, relaxed, wishes

CALM = wishes.RangeWish(axis="energy", low=None, high=0.4)
FAST = wishes.RangeWish(axis="tempo", low=145.0, high=155.0)
EIGHTIES = ((1980, 1989), (2015, None))
NAMED = (wishes.NamedArtist(name="Air"), wishes.NamedTitle(title="Sexy Boy"), wishes.NamedNumber(number=3))

SENTENCES = [
    (reasons.InRange(value=0.312, asked=CALM), "energy 0.31, you asked for below 0.40"),
    (
        reasons.NearRange(value=143.7, asked=FAST),
        "tempo 144 BPM, not far from what you asked for: between 145 BPM and 155 BPM",
    ),
    (
        reasons.EndOfRange(value=0.5, asked=CALM),
        "energy 0.50: at the end of what is here, for “energy below 0.40”",
    ),
    (
        reasons.EstimatedInRange(value=0.3, words=("ambient", "drone"), asked=CALM),
        "energy not measured, about 0.30 is an estimate by its being tagged ambient or drone; you asked for below 0.40",
    ),
    (reasons.IsGenre(word="bebop", asked="jazz"), "tagged bebop: that is jazz, which you asked for"),
    (reasons.GenreBySound(names=("jazz",), artist=False), "not tagged, but it fits jazz by its sound"),
    (
        reasons.FromYear(year=1984, spans=EIGHTIES),
        "from 1984, you asked for songs from 1980 to 1989 or from 2015 on",
    ),
    (reasons.LikeNamed(named=NAMED), "sounds like the songs you named: Air, “Sexy Boy” or number 3"),
    (reasons.LikedArtist(name="Abba", count=2, loved=True), "you loved two by Abba"),
    (reasons.LikedGenre(name="jazz", count=7, loved=False), "you liked 7 songs of jazz"),
    (reasons.LikedSound(axis="tempo", value=128.0), "you like tempo about 128 BPM"),
    (
        relaxed.GaveWay(count=1, of=25, wish=wishes.GenresWish(names=("jazz", "soul", "funk"))),
        "1 of 25 songs is outside “jazz or soul or funk”: too few songs keep it.",
    ),
    (
        relaxed.GaveWay(count=2, of=9, wish=wishes.AsideWish(kind="long", longest_ms=25 * 60_000)),
        "2 of 9 songs are outside “no mixes or pieces of more than 25 minutes”: too few songs keep it.",
    ),
    (
        relaxed.GenreMissing(names=("fado",), nearest=("flamenco", "tango")),
        "No song here is filed as fado: the nearest are flamenco, tango.",
    ),
    (
        conflicts.CannotMeet(
            wishes=(
                conflicts.Dropped(wish=wishes.WithoutWish(name="rap"), freed=1),
                conflicts.Dropped(wish=wishes.CleanWish(), freed=1200),
            )
        ),
        (
            "No song here keeps “no rap” + “clean songs only” together. "
            "Without “no rap”: 1 song; without “clean songs only”: 1,200 songs."
        ),
    ),
    (
        notes.Estimated(asked=(CALM, FAST)),
        (
            "No song here was measured for it: “energy below 0.40” and “tempo between 145 BPM and 155 BPM” are "
            "estimates by genres and tags."
        ),
    ),
    (
        notes.RangeMoved(asked=CALM, upper=False, reach=0.7),
        (
            "Hardly a song that fits is as calm as you asked (energy below 0.40): these are the most calm ones here, "
            "up to 0.70."
        ),
    ),
    (
        notes.WithRatings(liked=(notes.LikedFor(reason=reasons.LikedSong(loved=True), songs=3),)),
        "With your ratings in mind: you loved this song (for 3 songs).",
    ),
]


@pytest.mark.parametrize(("fact", "sentence"), SENTENCES, ids=[fact.code for fact, _ in SENTENCES])
def test_a_fact_is_said_in_these_words(fact: Fact, sentence: str) -> None:
    assert told(fact) == sentence


@pytest.mark.parametrize("fact", [fact for fact, _ in SENTENCES], ids=[fact.code for fact, _ in SENTENCES])
def test_a_stored_fact_is_the_same_again(fact: Fact) -> None:
    assert fact_of(json.loads(json.dumps(fact.to_dict()))) == fact


def test_every_fact_has_a_sentence() -> None:
    for room in pkgutil.iter_modules(facts.__path__, f"{facts.__name__}."):
        importlib.import_module(room.name)
    without = [kind.__name__ for kind in Fact.codes.values() if told.dispatch(kind) is told.dispatch(object)]
    assert without == []


def test_a_fact_without_a_sentence_is_found() -> None:
    with pytest.raises(TypeError, match="Fact has no sentence"):
        told(Fact())


def test_a_sentence_of_an_older_session_stays_as_it_is() -> None:
    assert told(Worded(text="calm, as you asked")) == "calm, as you asked"
    assert facts_of(["calm, as you asked"]) == (Worded(text="calm, as you asked"),)


@pytest.mark.parametrize("stored", [None, 3, {}, {"code": "of_a_later_version", "x": 1}, {"code": "in_range"}])
def test_what_cannot_be_read_is_left_out(stored: object) -> None:
    assert facts_of([stored, "kept"]) == (Worded(text="kept"),)


def test_two_facts_cannot_share_a_code() -> None:
    with pytest.raises(TypeError, match="liked_song"):
        type("Twin", (Fact,), {"code": "liked_song", "__slots__": ()})
