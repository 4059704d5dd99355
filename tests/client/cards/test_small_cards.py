"""The cards beside the playlist: working, reasons, ratings, moods."""

from collections.abc import Callable
from typing import Any

import pytest

from bot.client.cards.layout import CHARACTERS, COMPONENTS, Card
from bot.client.cards.moods import moods_card
from bot.client.cards.rating import rated_card, song_card, taken_back_card
from bot.client.cards.why import bar, why_card
from bot.client.cards.working import working_card
from bot.facts import Worded
from bot.generation.values import ScorePart
from bot.services.values import FeedbackKind, MoodView, PlaylistView, SongView, Stage, StoredRating

Shown = Callable[[Card], str]
Pressable = Callable[[Card], dict[str, dict[str, Any]]]
PLAYLIST, EVENT = "a" * 24, "e" * 24


@pytest.mark.parametrize(
    ("stage", "words"), [("listening", "Taking in"), ("choosing", "Choosing"), ("keeping", "Writing")]
)
def test_the_working_card_says_what_is_going_on(shown: Shown, stage: Stage, words: str) -> None:
    said = shown(working_card("Listening to: rain", stage))
    assert "Listening to: rain" in said
    assert words in said


def test_why_shows_each_songs_reasons_and_parts(make_playlist: Callable[..., PlaylistView], shown: Shown) -> None:
    words = shown(why_card(make_playlist(3)))
    assert words.count("Its energy is as low as you asked") == 3
    assert "energy\N{NO-BREAK SPACE}▰▰▰▰▱  genre\N{NO-BREAK SPACE}▰▰▱▱▱" in words


def test_why_turns_pages_of_five(
    make_playlist: Callable[..., PlaylistView], shown: Shown, pressable: Pressable
) -> None:
    card = why_card(make_playlist(12), page=2)
    assert "Song 11" in shown(card)
    assert "Song 10" not in shown(card)
    assert f"vibrato:why:{PLAYLIST}:1" in pressable(card)


def test_why_fits_whatever_the_reasons(
    make_playlist: Callable[..., PlaylistView], make_song: Callable[..., SongView], shown: Shown
) -> None:
    parts = tuple(ScorePart(name="p[" * 40, value=2.0, weight=1.0) for _ in range(30))
    songs = tuple(
        make_song(place, title="*" * 200, artists=("_" * 200,), reasons=(Worded(text="[" * 900),) * 20, parts=parts)
        for place in range(1, 101)
    )
    card = why_card(make_playlist(songs=songs, name="*" * 300))
    assert card.content_length() <= CHARACTERS
    assert card.total_children_count <= COMPONENTS
    assert all(f"`{place}`" in shown(card) for place in range(1, 6))


def test_a_song_without_kept_reasons_says_so(
    make_playlist: Callable[..., PlaylistView], make_song: Callable[..., SongView], shown: Shown
) -> None:
    assert "No reasons were kept" in shown(why_card(make_playlist(songs=(make_song(reasons=(), parts=()),))))


@pytest.mark.parametrize(
    ("value", "cells"), [(-1, "▱▱▱▱▱"), (0.5, "▰▰▱▱▱"), (0.62, "▰▰▰▱▱"), (1, "▰▰▰▰▰"), (7, "▰▰▰▰▰")]
)
def test_bars(value: float, cells: str) -> None:
    assert bar(value) == cells


def test_a_chosen_song_can_be_loved_skipped_and_banned(
    make_song: Callable[..., SongView], shown: Shown, pressable: Pressable
) -> None:
    song = make_song(7)
    card = song_card(PLAYLIST, song)
    assert "Song 7" in shown(card)
    assert {custom_id.rpartition(":")[2]: part["label"] for custom_id, part in pressable(card).items()} == {
        "love": "Love",
        "skip": "Skip",
        "never": "Never again",
    }
    assert all(f"{PLAYLIST}:{song.track_id}" in custom_id for custom_id in pressable(card))


@pytest.mark.parametrize(
    ("kind", "of_song", "words"),
    [
        ("love", True, "You love **Song 1**"),
        ("skip", True, "You would skip **Song 1**"),
        ("never", True, "**Song 1** will not be played for you again"),
        ("play", True, "Noted: **Song 1**"),
        ("love", False, "You love this set"),
        ("dislike", False, "This set is not it"),
        ("save", False, "Noted"),
    ],
)
def test_a_stored_rating_is_said_and_can_be_taken_back(
    make_song: Callable[..., SongView],
    shown: Shown,
    pressable: Pressable,
    kind: FeedbackKind,
    of_song: bool,
    words: str,
) -> None:
    card = rated_card(PLAYLIST, StoredRating(event_id=EVENT, kind=kind, song=make_song() if of_song else None))
    assert words in shown(card)
    assert pressable(card)[f"vibrato:undo:{PLAYLIST}:{EVENT}"]["label"] == "Take it back"


def test_what_was_taken_back_can_be_rated_anew(
    make_song: Callable[..., SongView], shown: Shown, pressable: Pressable
) -> None:
    card = taken_back_card(PLAYLIST, StoredRating(event_id=EVENT, kind="undo", song=make_song()))
    assert "Taken back" in shown(card)
    assert len(pressable(card)) == 3
    assert "Taken back" in shown(taken_back_card(PLAYLIST, StoredRating(event_id=EVENT, kind="undo")))


def mood(number: int) -> MoodView:
    return MoodView(
        key=f"mood{number}",
        label=f"Mood {number}",
        icon="😊",
        meaning=(Worded(text="high energy"), Worded(text="bright")),
    )


def test_moods_have_icon_label_meaning_and_a_press(shown: Shown, pressable: Pressable) -> None:
    card = moods_card([mood(1), mood(2)])
    assert "😊 **Mood 1**\n-# high energy, bright" in shown(card)
    assert pressable(card)["vibrato:mood:mood2"]["label"] == "Play Mood 2"


@pytest.mark.parametrize("count", [0, 1, 6, 12, 13, 25, 60, 200])
def test_any_number_of_moods_fits(pressable: Pressable, count: int) -> None:
    card = moods_card(
        [
            MoodView(key=f"{place}:{'k' * 60}", label="[" * 100, icon="👩\u200d🎤", meaning=(Worded(text="*" * 500),))
            for place in range(count)
        ]
    )
    assert card.content_length() <= CHARACTERS
    assert card.total_children_count <= COMPONENTS
    menus = [part for part in pressable(card).values() if part["type"] == 3]
    assert sum(len(part["options"]) for part in menus) == (min(count, 40) if count > 12 else 0)


def test_no_moods_is_said(shown: Shown) -> None:
    assert "no moods here yet" in shown(moods_card([]))
