"""A member's taste as a card: in words and as a picture, what it rests on, and what they may do about it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import discord
from discord import ui

from bot.client.cards.colour import CALM_BLUE
from bot.client.cards.custom_ids import playlist_ids
from bot.client.cards.custom_ids import taste_ids as named
from bot.client.cards.layout import ALT_TEXT, OPTION_TEXT, Card, button, gap, menu, row, text
from bot.client.cards.notice import AMBER
from bot.client.markdown import escaped, plain
from bot.client.texts.messages import ENGLISH, Messages
from bot.pictures.taste import Bar
from bot.services.feedback.taste_profile import LEANS, MOVED, Lean, RatedArtist, TasteProfile

TASTE_PICTURE = "taste.png"
"""The name of the attached picture."""

_NAME = 40
_MOST_SIDES = 5


def taste_card(profile: TasteProfile, *, picture: bool = False, said: str = "", say: Messages = ENGLISH) -> Card:
    """The taste; `picture` tells that TASTE_PICTURE is attached, `said` is a word about what was just done."""
    if not profile.ratings:
        heading, how = say.taste_nothing(learning=profile.learning)
        banned = say.taste_banned(profile.songs_banned, _names(profile.artists_banned))
        note = f"-# {said}" if said else ""
        return Card(text(f"## {heading}", note, how, banned), row(_switch(profile, say)), accent=CALM_BLUE)
    shown: Sequence[ui.Item[Card]] = ()
    if picture:
        alt = say.taste_picture(_sound(profile, say), _moved(profile, say), _genres(profile, say))[:ALT_TEXT]
        shown = (ui.MediaGallery(discord.MediaGalleryItem(f"attachment://{TASTE_PICTURE}", description=alt)),)
    options = [
        discord.SelectOption(label=plain(one.name, OPTION_TEXT) or "?", value=one.track_id)
        for one in profile.rated_artists
    ]
    artists = (menu(named.TASTE_ARTISTS, say.TASTE_CHOOSE_ARTIST, options),) if options else ()
    reset = button(say.TASTE_RESET, named.taste("ask"), emoji="🗑️", style=discord.ButtonStyle.danger)
    return Card(
        text(f"## {say.taste_heading()}", f"-# {said}" if said else ""),
        text(*_lines(profile, say)),
        *shown,
        gap(),
        text(*_basis(profile, say)),
        *artists,
        row(_switch(profile, say), reset),
        accent=CALM_BLUE,
    )


def bars_of(profile: TasteProfile, *, say: Messages = ENGLISH) -> tuple[Bar, ...]:
    """The axes of the picture."""
    found = []
    for lean in profile.leans:
        low, high = say.axis_ends(lean.axis)
        found.append(
            Bar(low=low, high=high, own=lean.own, server=lean.server, before=lean.before, sided=abs(lean.own) >= LEANS)
        )
    return tuple(found)


def ask_reset_card(*, say: Messages = ENGLISH) -> Card:
    """Asks before a taste is forgotten."""
    heading, lines = say.taste_ask_reset()
    return Card(
        text(f"## {heading}", lines),
        row(
            button(say.TASTE_YES_RESET, named.taste("reset"), style=discord.ButtonStyle.danger),
            button(say.TASTE_KEEP, named.taste("show")),
        ),
        accent=AMBER,
    )


def artist_card(artist: RatedArtist, *, say: Messages = ENGLISH) -> Card:
    """One artist, and what can be done about them."""
    heading, line = say.taste_artist(escaped(artist.name, _NAME), artist.ratings)
    never = button(say.TASTE_NEVER, named.taste_artist(artist.track_id, "never"), emoji="🚫")
    forget = button(say.TASTE_FORGET, named.taste_artist(artist.track_id, "forget"), emoji="🧽")
    back = button(say.TASTE_BACK, named.taste("show"), emoji="◀️")
    return Card(text(f"## {heading}", line), row(forget, never, back), accent=CALM_BLUE)


def never_card(artist: str, playlist_id: str, event_id: str, *, say: Messages = ENGLISH) -> Card:
    """An artist never comes again; it can be taken back."""
    undo = button(say.UNDO, playlist_ids.take_back(playlist_id, event_id), emoji="↩️")
    back = button(say.TASTE_BACK, named.taste("show"), emoji="◀️")
    return Card(text(say.taste_never_artist(escaped(artist, _NAME))), row(undo, back), accent=CALM_BLUE)


def _switch(profile: TasteProfile, say: Messages) -> ui.Button[Card]:
    if profile.learning:
        return button(say.PAUSE_LEARNING, named.taste("pause"), emoji="⏸️")
    return button(say.RESUME_LEARNING, named.taste("resume"), emoji="▶️")


def _lines(profile: TasteProfile, say: Messages) -> Iterator[str]:
    yield _sound(profile, say)
    yield _genres(profile, say)
    yield say.taste_artists(_names(profile.artists), _names(profile.artists_against))
    yield _moved(profile, say)
    yield say.taste_banned(profile.songs_banned, _names(profile.artists_banned))


def _basis(profile: TasteProfile, say: Messages) -> Iterator[str]:
    yield say.taste_rests_on(profile.ratings, profile.since)
    if profile.unsure:
        yield f"-# {say.taste_unsure()}"
    elif profile.changed:
        yield f"-# {say.taste_changed()}"
    if not profile.learning:
        yield f"-# {say.learning_state(on=False)}"


def _sound(profile: TasteProfile, say: Messages) -> str:
    strong = sorted((lean for lean in profile.leans if abs(lean.own) >= LEANS), key=lambda lean: -abs(lean.own))
    return say.taste_sound([(say.side(lean.axis, lean.own), _more(lean)) for lean in strong[:_MOST_SIDES]])


def _more(lean: Lean) -> bool | None:
    """Whether it leans further to its side than the server does."""
    if lean.server is None:
        return None
    return lean.own > lean.server if lean.own > 0 else lean.own < lean.server


def _moved(profile: TasteProfile, say: Messages) -> str:
    moves = []
    for lean in profile.leans:
        if lean.before is not None and abs(lean.own - lean.before) >= MOVED:
            low, high = say.axis_ends(lean.axis)
            moves.append((low, high) if lean.own > lean.before else (high, low))
    return say.taste_moved(moves[:3])


def _genres(profile: TasteProfile, say: Messages) -> str:
    return say.taste_genres(_names(profile.genres), _names(profile.genres_against))


def _names(names: Iterable[str]) -> str:
    return ", ".join(escaped(name, _NAME) for name in list(names)[:8])
