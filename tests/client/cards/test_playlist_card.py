"""The playlist card: all of it is there, at every size, within Discord's limits."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from bot.client.cards.layout import CHARACTERS, COMPONENTS, Card
from bot.client.cards.playlist import Abilities, plain_card, playlist_card
from bot.facts import Worded
from bot.services.values import PlaylistView, RecognisedPhrase, SongView

Shown = Callable[[Card], str]
Pressable = Callable[[Card], dict[str, dict[str, Any]]]
MakePlaylist = Callable[..., PlaylistView]
MakeSong = Callable[..., SongView]

HOSTILE = "[*_~|`<@1>@everyone](x)\\"


def test_it_says_what_it_is(make_playlist: MakePlaylist, shown: Shown) -> None:
    words = shown(playlist_card(make_playlist(3)))
    assert "## Rainy Sunday, Soft Piano" in words
    assert "3 songs · 11 min" in words
    assert "I heard `rainy sunday` `soft piano`" in words
    assert "I do not know `flurbish`" in words
    assert "Seed 4711" in words


def test_songs_are_numbered_with_artist_and_length_and_linked(make_playlist: MakePlaylist, shown: Shown) -> None:
    words = shown(playlist_card(make_playlist(2)))
    address = "https://open.spotify.com/track/0000000000000000000001"
    assert f"`1` [Song 1]({address}) · Some Artist · 3:45" in words


def test_a_song_without_an_address_is_not_linked(
    make_playlist: MakePlaylist, make_song: MakeSong, shown: Shown
) -> None:
    words = shown(playlist_card(make_playlist(songs=(make_song(url=None),))))
    assert "`1` Song 1 · Some Artist · 3:45" in words


def test_the_energy_is_said_in_signs_and_in_words(make_playlist: MakePlaylist, make_song: MakeSong) -> None:
    levels = (0.1, 0.2, 0.4, 0.6, 0.9, 0.7, 0.3)
    songs = tuple(make_song(place, energy=level) for place, level in enumerate(levels, start=1))
    card = playlist_card(make_playlist(songs=songs), picture=True)
    gallery = next(part for part in card.to_components()[0]["components"] if part["type"] == 12)["items"][0]
    words = "starts gentle, peaks two thirds in"
    text = [part["content"] for part in card.to_components()[0]["components"] if part["type"] == 10]
    assert any(f"Energy ▁▂▄▅█▆▃ {words}" in line for line in text)
    assert gallery["media"]["url"] == "attachment://energy.png"
    assert words in gallery["description"]


def test_relaxed_wishes_and_notes_are_told_and_the_relaxed_come_before_the_songs(
    make_playlist: MakePlaylist, shown: Shown
) -> None:
    relaxed, note = "The tempo may be 10 BPM higher.", "3 songs were in your last playlists."
    words = shown(playlist_card(make_playlist(3, relaxed=(Worded(text=relaxed),), notes=(Worded(text=note),))))
    assert words.index(relaxed) < words.index("Song 1") < words.index(note)


def test_invented_songs_are_called_invented(make_playlist: MakePlaylist, shown: Shown) -> None:
    assert "invented" in shown(playlist_card(make_playlist(3, invented=True)))
    assert "invented" not in shown(playlist_card(make_playlist(3)))


def test_songs_whose_sound_is_unknown_are_counted(make_playlist: MakePlaylist, shown: Shown) -> None:
    assert "2 of these 3 songs" in shown(playlist_card(make_playlist(3, feature_count=2)))


def test_a_playlist_of_a_chain_names_its_owner(make_playlist: MakePlaylist, shown: Shown) -> None:
    assert "for <@42>" in shown(playlist_card(make_playlist(3, parent_id="c" * 24)))
    assert "<@42>" not in shown(playlist_card(make_playlist(3)))


def test_every_button_carries_the_playlist(make_playlist: MakePlaylist, pressable: Pressable) -> None:
    buttons = pressable(playlist_card(make_playlist(3)))
    labels = {part["label"] for part in buttons.values() if part["type"] == 2}
    assert labels == {
        "Again",
        "More energy",
        "Calmer",
        "Brighter",
        "Darker",
        "Love it",
        "Not it",
        "Why",
        "Export",
        "Save to Spotify",
    }
    assert all("a" * 24 in custom_id and len(custom_id) <= 100 for custom_id in buttons)


def test_long_sets_turn_pages(make_playlist: MakePlaylist, shown: Shown, pressable: Pressable) -> None:
    playlist = make_playlist(25)
    last = playlist_card(playlist, page=2)
    assert "Songs 21–25 of 25" in shown(last)
    assert "Song 21" in shown(last)
    assert "[Song 20]" not in shown(last)
    turning = {part["label"]: part for part in pressable(last).values() if part.get("label") in ("Back", "Next")}
    assert turning["Back"]["custom_id"].endswith(":1")
    assert turning["Next"]["disabled"]
    menu = next(part for part in pressable(last).values() if part["type"] == 3)
    assert [option["label"] for option in menu["options"]] == [f"{place}. Song {place}" for place in range(21, 26)]


def test_a_page_beyond_the_last_is_the_last(make_playlist: MakePlaylist, shown: Shown) -> None:
    assert "Songs 21–25 of 25" in shown(playlist_card(make_playlist(25), page=99))


def test_where_little_is_allowed_the_card_is_simpler_and_complete(make_playlist: MakePlaylist, shown: Shown) -> None:
    nothing = Abilities(files=False, links=False, reactions=False)
    card = playlist_card(make_playlist(3), abilities=nothing, picture=True)
    assert "attachment://" not in str(card.to_components())
    assert "https://" not in shown(card)
    assert "The buttons below do the same" in shown(card)
    assert all(f"Song {place}" in shown(card) for place in (1, 2, 3))
    assert "Energy" in shown(card)


def test_a_private_card_does_not_speak_of_reactions(make_playlist: MakePlaylist, shown: Shown) -> None:
    card = playlist_card(make_playlist(3), abilities=Abilities(reactions=False), only_me=True)
    assert "reactions" not in shown(card)


@pytest.mark.parametrize("letter", ["x", "[", "*", "𝕏", "é", "@"])
@pytest.mark.parametrize("page", [0, 5, 9])
def test_the_fullest_card_fits(
    make_playlist: MakePlaylist, make_song: MakeSong, shown: Shown, letter: str, page: int
) -> None:
    songs = tuple(
        make_song(place, title=letter * 100, artists=(letter * 100,) * 3, energy=place / 100) for place in range(1, 101)
    )
    card = playlist_card(
        make_playlist(
            songs=songs,
            name=letter * 200,
            heard=tuple(RecognisedPhrase(text=f"{letter * 60}{place}", means="x") for place in range(60)),
            unknown=tuple(f"{letter * 60}{place}" for place in range(60)),
            relaxed=(Worded(text=letter * 500),) * 30,
            notes=(Worded(text=letter * 500),) * 30,
            invented=True,
            parent_id="c" * 24,
            feature_count=3,
        ),
        page=page,
        picture=True,
        abilities=Abilities(reactions=False),
    )
    assert card.total_children_count <= COMPONENTS
    assert card.content_length() <= CHARACTERS
    assert all(f"`{place:>3}`" in shown(card) for place in range(page * 10 + 1, page * 10 + 11))


def test_ordinary_titles_keep_their_links_on_every_page(
    make_playlist: MakePlaylist, make_song: MakeSong, shown: Shown
) -> None:
    songs = tuple(make_song(place, title=f"A title of forty characters, number {place:03d}") for place in range(1, 101))
    for page in range(10):
        assert shown(playlist_card(make_playlist(songs=songs), page=page)).count("](https://open.spotify.com") == 10


def test_hostile_words_do_nothing(make_playlist: MakePlaylist, make_song: MakeSong, shown: Shown) -> None:
    card = playlist_card(
        make_playlist(
            songs=(make_song(title=HOSTILE, artists=(HOSTILE,), url=None),),
            name=HOSTILE,
            heard=(RecognisedPhrase(text=HOSTILE, means=HOSTILE),),
            unknown=(HOSTILE,),
            relaxed=(Worded(text=HOSTILE),),
            notes=(Worded(text=HOSTILE),),
        )
    )
    words = shown(card)
    assert "<@" not in words
    assert "@everyone" not in words
    outside_of_chips = re.sub(r"`[^`\n]*`(?=[ \n])", "", words)
    assert not re.search(r"(?<!\\)[\[\]*_~|]", outside_of_chips)


def test_one_piece_of_a_request_is_one_chip(make_playlist: MakePlaylist, shown: Shown) -> None:
    heard = (
        RecognisedPhrase(text="rainy", means="energy low"),
        RecognisedPhrase(text="rainy", means="brightness low"),
        RecognisedPhrase(text="soft piano", means="instrument: piano"),
        RecognisedPhrase(text="piano", means="acousticness"),
    )
    assert "I heard `rainy` `soft piano`\n" in shown(playlist_card(make_playlist(3, heard=heard))) + "\n"


def test_what_was_ruled_out_and_what_it_shall_be_like_show_in_their_chips(
    make_playlist: MakePlaylist, shown: Shown
) -> None:
    heard = (
        RecognisedPhrase(text="rap", means="genre: rap", polarity="-"),
        RecognisedPhrase(text="vocals", means="instrumentalness high: no voices", polarity="-"),
        RecognisedPhrase(text="sad", means="mood: sad", polarity="-"),
        RecognisedPhrase(text="Radiohead", means="artist: Radiohead", polarity="~"),
    )
    words = shown(playlist_card(make_playlist(3, heard=heard)))
    assert "I heard `no rap` `no vocals` `not sad` `like Radiohead`" in words


def test_words_that_are_no_longer_kept_are_told_by_what_they_meant(make_playlist: MakePlaylist, shown: Shown) -> None:
    assert "`genre: jazz`" in shown(
        playlist_card(make_playlist(3, heard=(RecognisedPhrase(text="", means="genre: jazz"),)))
    )


def test_the_simplest_card_has_the_songs_and_nothing_to_refuse(make_playlist: MakePlaylist, shown: Shown) -> None:
    card = plain_card(make_playlist(25))
    assert "Song 10" in shown(card)
    assert "http" not in str(card.to_components())


def test_the_colour_follows_the_mood_and_else_the_energy(make_playlist: MakePlaylist, make_song: MakeSong) -> None:
    def colour(**changes: Any) -> int:
        return int(playlist_card(make_playlist(**changes)).to_components()[0]["accent_color"])

    sad = colour(heard=(RecognisedPhrase(text="sad", means="mood: sad"),))
    happy = colour(heard=(RecognisedPhrase(text="happy", means="mood: happy"),))
    calm = colour(heard=(), songs=(make_song(energy=0.1),))
    wild = colour(heard=(), songs=(make_song(energy=0.95),))
    unknown = colour(heard=(), songs=(make_song(energy=None),))
    assert len({sad, happy, calm, wild, unknown}) == 5
    assert all(0 <= value <= 0xFFFFFF for value in (sad, happy, calm, wild, unknown))
