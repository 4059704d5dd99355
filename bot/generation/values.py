"""What goes into the engine and what comes out: a recipe, and a composition made by it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from bot.facts import Fact
from bot.generation.learning.ranking import RankingWeights
from nlp.vibe import Axis, Vibe

Numbers = tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What holds whatever the words say: a server's and a member's limits, and the engine's own.

    `per_artist` songs of one artist at most and at least `artist_gap` other songs between two of them, where the
    library allows it; None is the default for the length of the set. Songs whose key is in `left_out` (never again)
    are never played; those in `recent` (the last playlists) only when nothing else is left, and then it is told.
    `own` are the songs that the one who asks knows, as far as the vibe is about that: only these where it wants songs
    they know, none of these where it wants songs they do not; None where no song of theirs is known.
    """

    tracks: int | None = None
    minutes: float | None = None
    default_tracks: int = 25
    clean: bool = False
    genres_out: tuple[str, ...] = ()
    artists_out: tuple[str, ...] = ()
    left_out: frozenset[str] = frozenset()
    recent: frozenset[str] = frozenset()
    own: frozenset[str] | None = None
    per_artist: int | None = None
    artist_gap: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Taste:
    """What is known of the one who asks: weights that add up to the liking of a song, about -1 to 1 (generation/taste).

    `tracks`, `artists` and `genres` are weights by key and by name, `axes` by place on an axis ("energy@0.25"). A genre
    that is there was rated, whatever came of it. `liked` are facts for reasons: ("artist", "genre" or "song", name or
    key, songs of it that were loved, songs that were liked or loved). `sure` is the probability that
    the ratings follow any taste.
    """

    tracks: Numbers = ()
    artists: Numbers = ()
    genres: Numbers = ()
    axes: Numbers = ()
    liked: tuple[tuple[str, str, int, int], ...] = ()
    sure: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Guest:
    """One of several members that a set is for: their taste, and what they never want to hear again.

    `debt` is how much less than others earlier sets satisfied them (-0.5 to 0.5, see generation/group).
    """

    taste: Taste = field(default_factory=Taste)
    debt: float = 0.0
    left_out: frozenset[str] = frozenset()
    artists_out: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Previous:
    """The playlist that a request follows: its mean on each axis that is known, in the units of the axis."""

    means: tuple[tuple[Axis, float], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """A wish to change the playlist before as little as can be: its `songs` are the keys of the tracks in order.

    `kept` are numbers of songs, from 1, that stay where they are, `dropped` those that go, and `like` those that the
    set shall be more like. Steps on axes are the vibe's changes.
    """

    songs: tuple[str, ...]
    kept: tuple[int, ...] = ()
    dropped: tuple[int, ...] = ()
    like: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """Everything a set depends on beside the tracks, learned weights among it. Same recipe, same table: same set.

    A set for several has a `group`, the one who asks among them, and no `taste` of one alone.
    """

    vibe: Vibe
    seed: int
    rules: Rules = field(default_factory=Rules)
    taste: Taste = field(default_factory=Taste)
    previous: Previous | None = None
    edit: Edit | None = None
    weights: RankingWeights = field(default_factory=RankingWeights)
    group: tuple[Guest, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ScorePart:
    """One named part of a song's score, from 0 (against it) to 1 (perfect), and the weight it came in with.

    The score is the weighted mean of the parts. `cost` parts of the sequence name what a neighbour cost.
    """

    name: str
    value: float
    weight: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Why a song is here; `part` names the part of the score it was read from."""

    part: str
    fact: Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class Pick:
    """One song of the set, or one candidate: its row and key in the table, score from 0 to 1, parts and reasons."""

    row: int
    key: str
    score: float
    parts: tuple[ScorePart, ...]
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Algorithm:
    """A step of the engine as it was used: enough to run it again."""

    name: str
    version: str
    config: tuple[tuple[str, Any], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SongKey:
    """The key of a song: its `tone` from 0 (C) to 11 (B), major or minor."""

    tone: int
    major: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Transition:
    """How a song of the set follows the one before it.

    `tempos` are those of both songs in BPM and `tempo_change` the change as a share, half and double time folded; it is
    a `jump` where the order was charged for one. `keys_match` tells whether the `keys` of both go together on the
    Camelot wheel, `energy_step` is the change of energy. None where one of the two songs is unknown.
    """

    tempos: tuple[float, float] | None = None
    tempo_change: float | None = None
    jump: bool = False
    keys: tuple[SongKey, SongKey] | None = None
    keys_match: bool | None = None
    energy_step: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Composition:
    """A finished set. `ordering` is empty when nothing fits, and then `conflicts` say why.

    `candidates` are up to 200 songs by falling score, those of the set among them. `relaxed` are the wishes that were
    loosened or not checked, `notes` other things to know (features missing, wishes that were moved).
    `arc` is the energy that was asked of each place, from 0 to 1 of the set's own range. `stage_ms` are the
    milliseconds of each stage. `transitions` stand between the songs. `order_gap` is the share of the order's cost that
    another order of the same songs could save at most: 0 is proved to be the best order, None is no order.
    `satisfaction` is that of each member of the recipe's group, 0 to 1, None where nothing is known of one.
    """

    ordering: tuple[Pick, ...]
    candidates: tuple[Pick, ...]
    arc: tuple[float, ...] = ()
    relaxed: tuple[Fact, ...] = ()
    conflicts: tuple[Fact, ...] = ()
    notes: tuple[Fact, ...] = ()
    algorithms: tuple[Algorithm, ...] = ()
    stage_ms: Numbers = ()
    transitions: tuple[Transition, ...] = ()
    order_gap: float | None = None
    satisfaction: tuple[float | None, ...] = ()
