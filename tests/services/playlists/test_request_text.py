"""What a request must be, and what its playlist is called."""

from __future__ import annotations

import pytest

from bot.errors import EmptyRequest, RequestTooLong
from bot.services.playlists.request_text import at_spans, chips, describe, name_of, plain, spans
from bot.services.request_words import checked, readable
from nlp.vibe import Choice, Evidence, Vibe


def vibe_of(text: str, *pieces: tuple[str, str, str]) -> Vibe:
    """A vibe whose evidence are the given words of the text, with what they mean and their polarity."""
    evidence = tuple(
        Evidence(start=text.index(words), end=text.index(words) + len(words), means=means, polarity=polarity)  # type: ignore[arg-type]
        for words, means, polarity in pieces
    )
    return Vibe(text=text, understood=True, evidence=evidence)


@pytest.mark.parametrize(
    "text", ["", "   ", "\n\t", "\u200b\u200d", "\u3164", "\u2800 \u2800", "\u202e", "\x00", "\ufe0f"]
)
def test_a_request_that_shows_nothing_is_empty(text: str) -> None:
    with pytest.raises(EmptyRequest):
        checked(text)


def test_a_request_of_500_signs_is_taken_and_one_more_is_not() -> None:
    assert checked("a" * 500) == "a" * 500
    with pytest.raises(RequestTooLong) as caught:
        checked("a" * 501)
    assert (caught.value.length, caught.value.limit) == (501, 500)


def test_emoji_alone_are_a_request() -> None:
    assert checked(" 🎉 ") == "🎉"


def test_half_characters_can_be_stored() -> None:
    assert readable("sad\ud800 song").encode() == "sad\ufffd song".encode()
    assert readable("🎉") == "🎉"


def test_a_name_is_the_wanted_words_joined_as_they_stand() -> None:
    text = "rainy sunday, soft piano, no vocals, about an hour"
    vibe = vibe_of(
        text,
        ("rainy", "weather: rain", "+"),
        ("sunday", "time: sunday", "+"),
        ("soft", "loudness low", "+"),
        ("piano", "instrument: piano", "+"),
        ("no vocals", "instrumentalness high", "-"),
        ("about an hour", "length: about 60 minutes", "+"),
    )
    assert name_of(vibe, text) == "Rainy Sunday, Soft Piano"


def test_a_name_says_what_the_set_is_like_and_not_how_it_runs() -> None:
    text = "start mellow, build up, songs like Radiohead, clean"
    vibe = vibe_of(
        text,
        ("start mellow, build up", "arc: 0.25 to 0.95", "+"),
        ("Radiohead", "artist: Radiohead", "~"),
        ("mellow", "mood: mellow", "+"),
        ("clean", "clean only", "+"),
    )
    assert name_of(vibe, text) == "Mellow, Like Radiohead"


def test_a_name_is_at_most_60_signs_and_says_nothing_twice() -> None:
    text = ", ".join(
        ["gloomy thunderstorm evening", "melancholic saxophone ballads", "gloomy thunderstorm evening", "jazz"]
    )
    places = [(0, 27), (29, 58), (60, 87), (89, 93)]
    vibe = Vibe(understood=True, evidence=tuple(Evidence(start=a, end=b, means="mood") for a, b in places))
    name = name_of(vibe, text)
    assert name == "Gloomy Thunderstorm Evening, Melancholic Saxophone Ballads"
    assert len(name) <= 60


@pytest.mark.parametrize(
    "text",
    [
        "@everyone sad",
        "**sad** [x](http://evil)",
        "<@123> sad",
        "sad\u202eevil",
        "`sad`\n# big",
        "||sad|| https://a.b/c",
    ],
)
def test_a_name_carries_no_markup_mention_or_hidden_sign(text: str) -> None:
    vibe = Vibe(understood=True, evidence=(Evidence(start=0, end=len(text), means="mood: sad"),))
    name = name_of(vibe, text)
    assert not set(name) & set("@<>*_`|#[]()/:\\\u202e\n")
    assert "sad" in name.casefold()


def test_a_request_without_words_is_named_after_what_it_meant() -> None:
    vibe = Vibe(
        understood=True, genres=Choice(wanted=("hip hop",)), evidence=(Evidence(start=0, end=1, means="genre"),)
    )
    assert name_of(vibe, "🎤") == "Hip Hop"
    assert name_of(Vibe(understood=True), "🎤") == "Your Vibe"


def test_chips_are_the_words_in_their_order_each_once() -> None:
    text = "no rap, sad"
    vibe = vibe_of(text, ("sad", "mood: sad", "+"), ("no rap", "genre: rap", "-"))
    doubled = Vibe(understood=True, evidence=vibe.evidence + vibe.evidence)
    assert [(chip.text, chip.means, chip.polarity) for chip in chips(doubled, text)] == [
        ("no rap", "genre: rap", "-"),
        ("sad", "mood: sad", "+"),
    ]


def test_unknown_words_are_found_again_by_their_place() -> None:
    text = "Flurbish sad flurb"
    assert at_spans(text, spans(text, ("flurb", "flurbish", "nowhere"))) == ("flurb", "Flurbish")


def test_a_description_is_one_bounded_line() -> None:
    assert describe("sad\n\npiano", 12) == '12 songs for "sad piano"'
    assert len(describe("x" * 500, 25)) <= 200


def test_plain_keeps_words_of_every_script() -> None:
    assert plain("  søndag, дождь & 雨 — rock'n'roll ") == "søndag дождь & 雨 rock'n'roll"
