"""The playlist as a card: heading, what was heard, songs, energy, buttons. It always fits, and says everything."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import get_args

import discord
from discord import ui

from bot.client.cards.colour import accent
from bot.client.cards.custom_ids import playlist_ids
from bot.client.cards.energy import blocks, shape_of
from bot.client.cards.layout import ALT_TEXT, OPTION_TEXT, Card, button, gap, menu, row, text
from bot.client.cards.picture import PICTURE
from bot.client.markdown import chip, escaped, linked, plain
from bot.client.texts.facts.notes import NEW_MARK
from bot.client.texts.messages import ENGLISH, Messages
from bot.services.values import PlaylistView, RecognisedPhrase, SongView

PAGE = 10
"""Songs on one page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Abilities:
    """What the bot may do where the card is posted: `links` is Discord's embed permission."""

    files: bool = True
    links: bool = True
    reactions: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class _Detail:
    """How much of each thing is written out; a fuller card than Discord takes is written with less."""

    title: int
    artists: int
    chips: int
    sentences: int
    links: bool = True


_DETAILS = (
    _Detail(title=100, artists=60, chips=14, sentences=8),
    _Detail(title=64, artists=40, chips=10, sentences=6),
    _Detail(title=44, artists=28, chips=8, sentences=4),
    _Detail(title=44, artists=28, chips=8, sentences=4, links=False),
    _Detail(title=24, artists=16, chips=4, sentences=2, links=False),
)

_STEP_EMOJI: dict[playlist_ids.Step, str] = {
    "again": "🔁",
    "more-energy": "⚡",
    "calmer": "🌙",
    "brighter": "☀️",
    "darker": "🌑",
}


def page_count(songs: int) -> int:
    """Pages of a set; an empty one has one page too."""
    return max(1, -(-songs // PAGE))


def playlist_card(
    playlist: PlaylistView,
    *,
    page: int = 0,
    abilities: Abilities | None = None,
    picture: bool = False,
    only_me: bool = False,
    say: Messages = ENGLISH,
) -> Card:
    """The card of `playlist` at `page` (from 0; beyond the last it is the last), in as much detail as fits.

    `picture` tells that PICTURE is attached to the message. An `only_me` card says nothing about reactions.
    """
    abilities = abilities or Abilities()
    page = min(page, page_count(len(playlist.songs)) - 1)
    for detail in _DETAILS:
        writer = _Writer(playlist, page, abilities, detail, only_me, say)
        card = writer.card(picture=picture and abilities.files)
        if card.fits:
            break
    return card


def plain_card(playlist: PlaylistView, *, say: Messages = ENGLISH) -> Card:
    """The simplest form: name and songs, no picture, link or menu; for when Discord refused more."""
    writer = _Writer(playlist, 0, Abilities(files=False, links=False), _DETAILS[-1], True, say)
    return Card(text(*writer.heading()), text(*writer.songs()), *writer.paging())


@dataclass(frozen=True, slots=True)
class _Writer:
    """Writes the parts of one card at one level of detail."""

    playlist: PlaylistView
    page: int
    abilities: Abilities
    detail: _Detail
    only_me: bool
    say: Messages

    def card(self, *, picture: bool) -> Card:
        """All parts together."""
        shown: Sequence[ui.Item[Card]] = (self.picture(),) if picture else ()
        parts = (
            text(*self.heading()),
            *self.understood_parts(),
            gap(),
            text(*self.songs()),
            *self.paging(),
            gap(),
            text(self.energy()),
            *shown,
            text(*self.footnotes()),
        )
        return Card(*parts, accent=accent(self.playlist.heard, self.playlist.songs), below=tuple(self.controls()))

    def heading(self) -> Iterator[str]:
        """Name, how much there is, and for a playlist of a chain whose wish it was."""
        playlist = self.playlist
        yield f"## {escaped(playlist.name, 80) or self.say.unnamed()}"
        length = self.say.length(len(playlist.songs), playlist.duration_ms)
        owner = f" · {self.say.made_for(f'<@{playlist.owner_id}>')}" if playlist.parent_id else ""
        yield f"-# {length}{owner}"
        if playlist.fits or playlist.strangers:
            fits = [(escaped(fit.name, 32) or self.say.SOMEBODY, fit.satisfaction) for fit in playlist.fits]
            first = next((escaped(fit.name, 32) or self.say.SOMEBODY for fit in playlist.fits if fit.favoured), "")
            yield f"-# {self.say.group_fits(fits, playlist.strangers, first)}"

    def understood_parts(self) -> Sequence[ui.Item[Card]]:
        """The text about the words, where there is anything to say."""
        lines = list(self.understood())
        return (text(*lines),) if lines else ()

    def understood(self) -> Iterator[str]:
        """What was heard and what was not, then which wishes had to give way: before the songs."""
        if heard := self.chips([self.chip(piece) for piece in _distinct(self.playlist.heard)]):
            yield self.say.heard(heard)
        if unknown := self.chips(self.playlist.unknown):
            yield self.say.unknown(unknown)
        for fact in self.playlist.relaxed[: self.detail.sentences]:
            yield f"- {escaped(self.say.told(fact), 200)}"

    def chip(self, piece: RecognisedPhrase) -> str:
        """The member's words; what they were taken for, where the words are no longer kept."""
        words = piece.text or piece.means
        if piece.polarity == "~":
            return self.say.similar(words)
        return self.say.ruled_out(words, piece.means) if piece.polarity == "-" else words

    def chips(self, words: Sequence[str]) -> str:
        """Words as chips on one line."""
        shown = [chip(word, 40) for word in words[: self.detail.chips]]
        rest = len(words) - len(shown)
        return " ".join([*shown, self.say.more(rest)] if rest > 0 else shown)

    def songs(self) -> Iterator[str]:
        """The songs of the page, numbered as in the set."""
        first = self.page * PAGE
        shown = self.playlist.songs[first : first + PAGE]
        width = len(str(len(self.playlist.songs)))
        for song in shown:
            yield self.song(song, width)
        if len(self.playlist.songs) > PAGE:
            yield f"-# {self.say.page(first + 1, first + len(shown), len(self.playlist.songs))}"

    def song(self, song: SongView, width: int) -> str:
        """One line: number, linked title, artists, length."""
        url = song.url if self.detail.links and self.abilities.links else None
        title = linked(song.title or "?", url, self.detail.title)
        artists = escaped(", ".join(song.artists), self.detail.artists)
        by = f" · {artists}" if artists else ""
        mark = f" {NEW_MARK}" if song.new else ""
        return f"`{song.position:>{width}}` {title}{by} · {self.say.clock(song.duration_ms)}{mark}"

    def paging(self) -> Sequence[ui.Item[Card]]:
        """Back and on, where there is more than one page."""
        pages = page_count(len(self.playlist.songs))
        if pages == 1:
            return ()
        # The two ids differ on every page: Discord refuses a card with the same one twice.
        back = playlist_ids.turn_page(self.playlist.playlist_id, max(self.page - 1, 0))
        on = playlist_ids.turn_page(self.playlist.playlist_id, self.page + 1)
        return (
            row(
                button(self.say.BACK, back, emoji="◀️", disabled=self.page == 0),
                button(self.say.NEXT, on, emoji="▶️", disabled=self.page == pages - 1),
            ),
        )

    def energy(self) -> str:
        """The line that says what the picture shows."""
        energies = [song.energy for song in self.playlist.songs]
        return self.say.energy(blocks(energies), shape_of(energies))

    def picture(self) -> ui.MediaGallery[Card]:
        """The attached picture and its description."""
        shape = shape_of([song.energy for song in self.playlist.songs])
        description = self.say.picture(shape, len(self.playlist.songs))[:ALT_TEXT]
        return ui.MediaGallery(discord.MediaGalleryItem(f"attachment://{PICTURE}", description=description))

    def footnotes(self) -> Iterator[str]:
        """The small print: notes of the engine, where the songs come from, the seed."""
        playlist, say = self.playlist, self.say
        for note in playlist.notes[: self.detail.sentences]:
            yield f"-# {escaped(say.told(note), 200)}"
        facts = [say.seed(playlist.seed)]
        if playlist.feature_count < len(playlist.songs):
            facts.append(say.features(playlist.feature_count, len(playlist.songs)))
        if playlist.credits:
            facts.append(say.catalogue_credit(playlist.catalogue_size))
        if playlist.invented:
            facts.append(say.invented())
        yield f"-# {' · '.join(facts)}"
        if not self.abilities.reactions and not self.only_me:
            yield f"-# {say.no_reactions()}"

    def controls(self) -> Iterator[ui.Item[Card]]:
        """The buttons under the card, and the menu of the page's songs."""
        playlist, say = self.playlist, self.say
        yield row(
            *(
                button(say.step(step), playlist_ids.next_one(playlist.playlist_id, step), emoji=_STEP_EMOJI[step])
                for step in playlist_ids.STEPS
            )
        )
        emoji = {"love": "❤️", "dislike": "👎"}
        yield row(
            *(
                button(say.set_rating(rating), playlist_ids.rate_set(playlist.playlist_id, rating), emoji=emoji[rating])
                for rating in get_args(playlist_ids.SetRating)
            ),
            button(say.WHY, playlist_ids.why(playlist.playlist_id), emoji="💡"),
            button(say.SAVE_SET, playlist_ids.save(playlist.playlist_id), emoji="💚"),
            button(say.EXPORT, playlist_ids.export(playlist.playlist_id), emoji="📄"),
        )
        if playlist.parent_id:
            yield row(button(say.UNDO, playlist_ids.undo_step(playlist.playlist_id, playlist.owner_id), emoji="↩️"))
        if options := self.options():
            yield menu(playlist_ids.choose_song(playlist.playlist_id), say.RATE_A_SONG, options)

    def options(self) -> list[discord.SelectOption]:
        """The songs of the page as choices; the value is the place in the set."""
        first = self.page * PAGE
        return [
            discord.SelectOption(
                label=plain(f"{song.position}. {song.title}", OPTION_TEXT),
                description=plain(", ".join(song.artists), OPTION_TEXT) or None,
                value=str(song.position),
            )
            for song in self.playlist.songs[first : first + PAGE]
        ]


def _distinct(heard: Sequence[RecognisedPhrase]) -> list[RecognisedPhrase]:
    """Each piece of the request once: the same words can mean several things, and short pieces lie in longer ones."""
    kept: dict[str, RecognisedPhrase] = {}
    words = [(piece.text or piece.means).casefold() for piece in heard]
    for piece, own in zip(heard, words, strict=True):
        if not any(own != other and f" {own} " in f" {other} " for other in words):
            kept.setdefault(own, piece)
    return list(kept.values())
