"""Why a song is in a set. A new reason is a class here, and a sentence in `bot/client/texts/facts/reasons.py`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from bot.facts import Fact
from bot.generation.facts.wishes import Named, RangeWish, Spans
from nlp.vibe import Axis, Familiarity


@dataclass(frozen=True, slots=True, kw_only=True)
class InRange(Fact):
    """The value of the song on an axis lies in the asked range."""

    code: ClassVar[str] = "in_range"
    value: float
    asked: RangeWish


@dataclass(frozen=True, slots=True, kw_only=True)
class NearRange(Fact):
    """The value of the song on an axis lies a little outside the asked range."""

    code: ClassVar[str] = "near_range"
    value: float
    asked: RangeWish


@dataclass(frozen=True, slots=True, kw_only=True)
class EndOfRange(Fact):
    """The library holds hardly a song in the asked range; this one is at its end on that side."""

    code: ClassVar[str] = "end_of_range"
    value: float
    asked: RangeWish


@dataclass(frozen=True, slots=True, kw_only=True)
class EstimatedInRange(Fact):
    """Nobody measured the song: the value is an estimate by these of its words."""

    code: ClassVar[str] = "estimated"
    value: float
    words: tuple[str, ...]
    asked: RangeWish


@dataclass(frozen=True, slots=True, kw_only=True)
class TaggedFor(Fact):
    """The library files the song under what was asked for."""

    code: ClassVar[str] = "tagged_for"
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TitleNames(Fact):
    """The title of the song names an instrument that was asked for."""

    code: ClassVar[str] = "title_names"
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TitleSays(Fact):
    """The title of the song says the situation that was asked for."""

    code: ClassVar[str] = "title_says"
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OfGenre(Fact):
    """The song carries the asked genre by its own name."""

    code: ClassVar[str] = "of_genre"
    word: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IsGenre(Fact):
    """The song carries a word that means the asked genre, or a kind of it."""

    code: ClassVar[str] = "is_genre"
    word: str
    asked: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NearGenre(Fact):
    """The song carries a genre close to the asked one."""

    code: ClassVar[str] = "near_genre"
    word: str
    asked: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GenreBySound(Fact):
    """The song carries no genre: it was judged by its sound, and by its artist where one is known."""

    code: ClassVar[str] = "genre_by_sound"
    names: tuple[str, ...]
    artist: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FromYear(Fact):
    """The song is from or near the asked years."""

    code: ClassVar[str] = "from_year"
    year: int
    spans: Spans


@dataclass(frozen=True, slots=True, kw_only=True)
class ByArtist(Fact):
    """The song is by an artist who was asked for."""

    code: ClassVar[str] = "by_artist"
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OneOfNamed(Fact):
    """The song is one of those that the set shall sound like."""

    code: ClassVar[str] = "one_of_named"
    named: Named


@dataclass(frozen=True, slots=True, kw_only=True)
class LikeNamed(Fact):
    """The song sounds like those that the set shall sound like."""

    code: ClassVar[str] = "like_named"
    named: Named


@dataclass(frozen=True, slots=True, kw_only=True)
class AsFamiliar(Fact):
    """The song is as well known as was asked for."""

    code: ClassVar[str] = "as_familiar"
    how: Familiarity


@dataclass(frozen=True, slots=True, kw_only=True)
class LikedSound(Fact):
    """The one who asks likes this place of an axis; `value` in its own units, rounded as it is told."""

    code: ClassVar[str] = "liked_sound"
    axis: Axis
    value: float


@dataclass(frozen=True, slots=True, kw_only=True)
class LikedArtist(Fact):
    """So many songs by an artist were loved, or else liked."""

    code: ClassVar[str] = "liked_artist"
    name: str
    count: int
    loved: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LikedGenre(Fact):
    """So many songs of a genre were loved, or else liked."""

    code: ClassVar[str] = "liked_genre"
    name: str
    count: int
    loved: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LikedSong(Fact):
    """This very song was loved, or else liked."""

    code: ClassVar[str] = "liked_song"
    loved: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class NewToYou(Fact):
    """The song is played to find out: nothing of its genre was rated yet."""

    code: ClassVar[str] = "new_to_you"
    genre: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SoundsFitting(Fact):
    """The song sounds like those of the library that fit best."""

    code: ClassVar[str] = "sounds_fitting"


@dataclass(frozen=True, slots=True, kw_only=True)
class OfKind(Fact):
    """The song is of a kind of music that was asked for, or next to it: by what `artist` plays, None for a guess by
    labels, language and sound.
    """

    code: ClassVar[str] = "of_kind"
    kind: str
    artist: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Typical(Fact):
    """The song is by somebody whom people put on for what was asked for."""

    code: ClassVar[str] = "typical"
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LikeTypical(Fact):
    """The artist of the song plays much the same music as somebody whom people put on for what was asked for."""

    code: ClassVar[str] = "like_typical"
    name: str
    like: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WellKnown(Fact):
    """The song is well known, or among the best known; for what was asked for people want songs that they know."""

    code: ClassVar[str] = "well_known"
    best: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OfEra(Fact):
    """The song is of the era that belongs to what was asked for: by its own year, or by the years in which the known
    recordings of `artist` were made. An open end is 9999.
    """

    code: ClassVar[str] = "of_era"
    first: int
    last: int
    artist: str | None
