"""What else is to be known of a set: where wishes were moved, what was read from where, what is unknown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from bot.facts import Fact
from bot.generation.facts.wishes import RangeWish
from nlp.vibe import Axis


@dataclass(frozen=True, slots=True, kw_only=True)
class LongestSet(Fact):
    """A set was cut off at this many songs."""

    code: ClassVar[str] = "longest_set"
    tracks: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FewerSongs(Fact):
    """There are only so many songs of those that were asked for."""

    code: ClassVar[str] = "fewer_songs"
    songs: int
    asked: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherLength(Fact):
    """The set is not as long as was asked for; both in minutes."""

    code: ClassVar[str] = "other_length"
    minutes: float
    asked: float


@dataclass(frozen=True, slots=True, kw_only=True)
class WouldFree(Fact):
    """Without this wish `count` songs would keep every other promise instead of `now`."""

    code: ClassVar[str] = "would_free"
    wish: Fact
    count: int
    now: int


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownFor(Fact):
    """An axis that was asked for is known for so many songs `of` the set."""

    code: ClassVar[str] = "known_for"
    axis: Axis
    known: int
    of: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NotChanged(Fact):
    """The library knows nothing of the axis that was to be changed."""

    code: ClassVar[str] = "not_changed"
    axis: Axis


@dataclass(frozen=True, slots=True, kw_only=True)
class AtEndAlready(Fact):
    """The set before was at the end of what the library holds already."""

    code: ClassVar[str] = "at_end_already"
    axis: Axis


@dataclass(frozen=True, slots=True, kw_only=True)
class RangeIgnored(Fact):
    """The library knows nothing of the axis, so the range counted for nothing."""

    code: ClassVar[str] = "range_ignored"
    asked: RangeWish


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimated(Fact):
    """No song was measured for these ranges: they count by genres and tags."""

    code: ClassVar[str] = "estimates"
    asked: tuple[RangeWish, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RangeMoved(Fact):
    """Hardly a song lies in the range, so those at this end of the library count, to the value `reach`."""

    code: ClassVar[str] = "range_moved"
    asked: RangeWish
    upper: bool
    reach: float


@dataclass(frozen=True, slots=True, kw_only=True)
class GenresIgnored(Fact):
    """The library knows no genres, so the asked ones counted for nothing."""

    code: ClassVar[str] = "genres_ignored"
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NothingLike(Fact):
    """The library holds nothing like the asked genres."""

    code: ClassVar[str] = "nothing_like"
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StandsIn(Fact):
    """No song is marked `name`, so songs marked `word` stand in."""

    code: ClassVar[str] = "stands_in"
    name: str
    word: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WordsIgnored(Fact):
    """The library does not say which songs these words are true of."""

    code: ClassVar[str] = "words_ignored"
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ArtistRead(Fact):
    """What is like an artist was read from so many songs here; `filed` are their most frequent genres."""

    code: ClassVar[str] = "artist_read"
    artist: str
    songs: int
    filed: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NoSuchArtist(Fact):
    """There is nothing by the artist to compare with."""

    code: ClassVar[str] = "no_such_artist"
    artist: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NoSuchTitle(Fact):
    """There is no song of the title to compare with."""

    code: ClassVar[str] = "no_such_title"
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NothingToCompare(Fact):
    """There is no playlist before to compare with."""

    code: ClassVar[str] = "nothing_to_compare"


@dataclass(frozen=True, slots=True, kw_only=True)
class NothingToKeep(Fact):
    """There is no playlist before to keep songs of."""

    code: ClassVar[str] = "nothing_to_keep"


@dataclass(frozen=True, slots=True, kw_only=True)
class NoSuchNumber(Fact):
    """The set before had no song of this number."""

    code: ClassVar[str] = "no_such_number"
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberGone(Fact):
    """The song of this number is not in the library any more."""

    code: ClassVar[str] = "number_gone"
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberBreaks(Fact):
    """The song of this number goes against a wish, so it could not be kept."""

    code: ClassVar[str] = "number_breaks"
    number: int
    wish: Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class Stayed(Fact):
    """So many songs `of` the set before stayed."""

    code: ClassVar[str] = "stayed"
    count: int
    of: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LikedFor(Fact):
    """A reason that comes from ratings, and for how many songs of the set it holds."""

    code: ClassVar[str] = "liked_for"
    reason: Fact
    songs: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WithRatings(Fact):
    """What ratings did to the set, the reason of most songs first."""

    code: ClassVar[str] = "with_ratings"
    liked: tuple[LikedFor, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSongs(Fact):
    """So many songs are played to find out whether they are liked."""

    code: ClassVar[str] = "new_songs"
    count: int
