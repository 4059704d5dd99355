"""Why a song is not in a set."""

from __future__ import annotations

from bot.client.texts.facts.dispatch import quoted, told
from bot.client.texts.facts.wording import songs_text
from bot.generation.facts import why_not


@told.register
def _breaks(fact: why_not.Breaks) -> str:
    return f"It breaks {' and '.join(map(quoted, fact.wishes))}."


@told.register
def _no_set(fact: why_not.NoSet) -> str:
    why = " ".join(map(told, fact.conflicts)) or "No song fits."
    return f"There is no set for this request at all. {why}"


@told.register
def _played(fact: why_not.Played) -> str:
    return f"It is number {fact.number} of the set."


@told.register
def _other_version(fact: why_not.OtherVersion) -> str:
    return f"Another version of this song is number {fact.number} of the set."


@told.register
def _resting(fact: why_not.Resting) -> str:
    return "It was in one of your last playlists, and those rest while other songs fit."


@told.register
def _outside(fact: why_not.Outside) -> str:
    return f"It is outside {' and '.join(map(quoted, fact.wishes))}, and enough songs are not."


@told.register
def _artist_full(fact: why_not.ArtistFull) -> str:
    artist = "this artist" if fact.artist is None else fact.artist
    return f"The set has {songs_text(fact.songs)} by {artist} already, as many as of any artist."


@told.register
def _fits_less(fact: why_not.FitsLess) -> str:
    return f"It fits less: its score is {fact.score:.3f}, and the set's songs have {fact.least:.3f} and more."


@told.register
def _by_chance(fact: why_not.ByChance) -> str:
    return "It fits as well as songs of the set; those were drawn by chance, or follow each other better."


@told.register
def _ranked(fact: why_not.Ranked) -> str:
    return f"By score it is number {fact.rank:,} of {songs_text(fact.of)} that keep every hard wish."


@told.register
def _cost(fact: why_not.Cost) -> str:
    return f"{fact.part} ({fact.value:.2f} of 1, which costs {fact.lost:.3f})"


@told.register
def _costs_most(fact: why_not.CostsMost) -> str:
    return f"What costs it most is {' and '.join(map(told, fact.costs))}."
