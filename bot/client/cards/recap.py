"""The sounds of a server as a card."""

from __future__ import annotations

from bot.client.cards.colour import CALM_BLUE
from bot.client.cards.layout import Card, gap, text
from bot.client.markdown import escaped, linked
from bot.client.texts.messages import ENGLISH, Messages
from bot.services.guilds.recaps import Recap

_SHOWN = 10


def recap_card(recap: Recap, *, links: bool = True, said: str = "", say: Messages = ENGLISH) -> Card:
    """What was asked for and loved; its playlist is a card of its own."""
    numbers = say.recap_numbers(recap.playlists, recap.members, recap.minutes, recap.loves)
    moods = say.recap_moods([(escaped(name, 40), count) for name, count in recap.moods])
    songs = [
        f"{place}. {linked(song.title, song.url if links else None, 60)} · "
        f"{escaped(', '.join(song.artists), 40)} ❤️ {count}"
        for place, (song, count) in enumerate(recap.loved[:_SHOWN], start=1)
    ]
    loved = text(say.recap_loved(), *songs) if songs else text(say.recap_none_loved())
    return Card(
        text(f"## {say.recap_title(recap.period)}", numbers, moods),
        gap(),
        loved,
        text(f"-# {say.recap_private()}", f"-# {said}" if said else ""),
        accent=CALM_BLUE,
    )
