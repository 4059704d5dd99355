"""Foreign words on a card: they may not ping, link, style, turn or break anything."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.client.markdown import chip, escaped, linked, plain

SONG = "https://open.spotify.com/track/4uLU6hMCjMI75M1A2tKUQC"

HOSTILE = st.text(
    st.one_of(
        st.characters(),
        st.sampled_from(list("@<>[]()*_~|`#\\:/!&-+.1\n\r\t\u202e\u2066\u200b\u200d\u0301\ufeff\x00\x1b")),
    ),
    max_size=300,
)


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("Café del Mar", "Café del Mar"),
        ("@everyone", "@\u200beveryone"),
        ("<@123>", "<\u200b@\u200b123>"),
        ("**bold** _it_ ~~no~~ ||x||", "\\*\\*bold\\*\\* \\_it\\_ \\~\\~no\\~\\~ \\|\\|x\\|\\|"),
        ("[win](https://evil.example)", "\\[win\\](https:\u200b//evil.example)"),
        ("# loud", "\\# loud"),
        ("-# small", "\\-# small"),
        ("> quote", "\\> quote"),
        ("1. list", "\\1. list"),
        ("two\nlines\r\nand\ttabs", "two lines and tabs"),
        ("turned \u202egnorw\u202c", "turned gnorw"),
        ("ze\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301ro", "ze\u0301\u0301\u0301\u0301ro"),
        ("👩\u200d🎤", "👩\u200d🎤"),
    ],
)
def test_what_is_written_is_shown_and_does_nothing(written: str, shown: str) -> None:
    assert escaped(written, 100) == shown


@given(HOSTILE)
def test_nothing_mentions_or_links(written: str) -> None:
    for shown in (escaped(written, 120), chip(written, 120), linked(written, SONG, 120).removesuffix(f"]({SONG})")):
        assert all(shown[place + 1 : place + 2] == "\u200b" for place, sign in enumerate(shown) if sign in "@<")
        assert "://" not in shown


@given(HOSTILE, st.integers(1, 120))
def test_one_line_of_visible_signs_within_the_limit(written: str, limit: int) -> None:
    shown = plain(written, limit)
    assert len(shown) <= limit
    assert shown == shown.strip()
    assert all(unicodedata.category(sign) not in ("Cc", "Cs", "Co", "Zl", "Zp") for sign in shown)
    assert not set(shown) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u200b\ufeff")


@given(HOSTILE)
def test_no_mark_of_style_is_left_bare(written: str) -> None:
    shown = escaped(written, 120)
    place = 0
    while place < len(shown):
        assert shown[place] not in "*_~|`[]"
        place += 2 if shown[place] == "\\" else 1


@given(HOSTILE)
def test_a_link_cannot_be_broken_open(written: str) -> None:
    shown = linked(written, SONG, 120)
    assert shown.startswith("[")
    assert shown.endswith(f"]({SONG})")
    assert "]" not in shown.removesuffix(f"]({SONG})").removeprefix("[")


@given(HOSTILE)
def test_a_chip_is_one_code_span(written: str) -> None:
    assert chip(written, 40).count("`") == 2


@pytest.mark.parametrize("url", [None, "javascript:alert(1)", "https://evil.example/track/1", SONG + ") [x](y"])
def test_only_songs_on_spotify_are_linked(url: str | None) -> None:
    assert linked("Song", url, 50) == "Song"


def test_a_flood_is_cut_with_an_ellipsis() -> None:
    assert escaped("a" * 100_000, 10) == "a" * 9 + "…"
    assert plain("\u200b" * 100_000, 10) == ""
