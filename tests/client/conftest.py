"""Playlists made by hand, and a look at a card as Discord gets it."""

from collections.abc import Callable
from typing import Any

import pytest
from simcord.components import walk_components

from bot.client.cards.layout import Card
from bot.facts import Worded
from bot.generation.values import ScorePart
from bot.services.values import PlaylistView, RecognisedPhrase, SongView

SPOTIFY = "https://open.spotify.com/track/"


@pytest.fixture
def shown() -> Callable[[Card], str]:
    """All the text of a card."""
    return lambda card: "\n".join(
        part["content"] for part in walk_components(card.to_components()) if part["type"] == 10
    )


@pytest.fixture
def pressable() -> Callable[[Card], dict[str, dict[str, Any]]]:
    """The buttons and menus of a card by their custom_id."""
    return lambda card: {
        part["custom_id"]: part for part in walk_components(card.to_components()) if "custom_id" in part
    }


@pytest.fixture
def make_song() -> Callable[..., SongView]:
    def song(position: int = 1, **changes: Any) -> SongView:
        values: dict[str, Any] = {
            "position": position,
            "track_id": f"{position:024x}",
            "title": f"Song {position}",
            "artists": ("Some Artist",),
            "duration_ms": 225_000,
            "url": f"{SPOTIFY}{position:022d}",
            "energy": 0.5,
            "score": 0.8,
            "reasons": (Worded(text="Its energy is as low as you asked"),),
            "parts": (ScorePart(name="energy", value=0.9, weight=2.0), ScorePart(name="genre", value=0.4, weight=1.0)),
        }
        return SongView(**{**values, **changes})

    return song


@pytest.fixture
def make_playlist(make_song: Callable[..., SongView]) -> Callable[..., PlaylistView]:
    def playlist(count: int = 3, **changes: Any) -> PlaylistView:
        values: dict[str, Any] = {
            "playlist_id": "a" * 24,
            "session_id": "b" * 24,
            "name": "Rainy Sunday, Soft Piano",
            "text": "rainy sunday, soft piano, flurbish",
            "songs": tuple(make_song(position, energy=position / count) for position in range(1, count + 1)),
            "seed": 4711,
            "owner_id": "42",
            "heard": (
                RecognisedPhrase(text="rainy sunday", means="rain"),
                RecognisedPhrase(text="soft piano", means="instrument: piano"),
            ),
            "unknown": ("flurbish",),
            "feature_count": count,
            "catalogue_size": 3000,
        }
        return PlaylistView(**{**values, **changes})

    return playlist
