"""Rating one song, and the word after a press with the way back."""

from __future__ import annotations

from typing import get_args

from bot.client.cards.colour import accent
from bot.client.cards.custom_ids import playlist_ids
from bot.client.cards.layout import Card, button, row, text
from bot.client.markdown import escaped, linked
from bot.client.texts.messages import ENGLISH, Messages
from bot.services.values import SongView, StoredRating

_EMOJI: dict[playlist_ids.SongRating, str] = {"love": "❤️", "skip": "⏭️", "never": "🚫"}
_TITLE, _ARTISTS = 100, 80


def song_card(playlist_id: str, song: SongView, *, said: str | None = None, say: Messages = ENGLISH) -> Card:
    """A song with its three buttons; `said` is a word above them (safe to show), such as that a rating was undone."""
    return Card(
        text(_song_line(song), f"-# {said or say.ask_rating()}"),
        row(
            *(
                button(
                    say.song_rating(rating),
                    playlist_ids.rate_song(playlist_id, song.track_id, rating),
                    emoji=_EMOJI[rating],
                )
                for rating in get_args(playlist_ids.SongRating)
            )
        ),
        accent=accent((), (song,)),
    )


def rated_card(playlist_id: str, rated: StoredRating, *, say: Messages = ENGLISH) -> Card:
    """That a press was stored, with a button to take it back."""
    title = None if rated.song is None else f"**{escaped(rated.song.title, _TITLE)}**"
    return Card(
        text(say.rated(rated.kind, title)),
        row(button(say.TAKE_BACK, playlist_ids.take_back(playlist_id, rated.event_id), emoji="↩️")),
        accent=accent((), (rated.song,) if rated.song else ()),
    )


def taken_back_card(playlist_id: str, rated: StoredRating, *, say: Messages = ENGLISH) -> Card:
    """That a rating counts no more; a song can be rated anew at once."""
    if rated.song is not None:
        return song_card(playlist_id, rated.song, said=say.taken_back(), say=say)
    return Card(text(say.taken_back()))


def _song_line(song: SongView) -> str:
    artists = escaped(", ".join(song.artists), _ARTISTS)
    return f"**{linked(song.title or '?', song.url, _TITLE)}**" + (f" · {artists}" if artists else "")
