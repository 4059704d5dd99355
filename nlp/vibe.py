"""The one thing that leaves the parser: a Vibe, frozen, made of plain values.

`to_dict` and `from_dict` give and read the shape that is printed by ``parse --json`` and kept in ``MoodQuery.parsed``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal, get_args

Axis = Literal[
    "tempo",
    "energy",
    "brightness",
    "danceability",
    "acousticness",
    "instrumentalness",
    "speechiness",
    "liveness",
    "loudness",
]
"""What a range can be about: tempo in BPM, loudness in dB, the others from 0 to 1.

``brightness`` is emotional brightness and is compared with the audio feature ``valence``.
"""

AXES: tuple[Axis, ...] = get_args(Axis)

Polarity = Literal["+", "-", "~"]
"""Wanted, rejected, or similar to."""

LengthKind = Literal["about", "exact", "at_most", "at_least"]
Familiarity = Literal["popular", "deep", "mine"]


@dataclass(frozen=True, slots=True, kw_only=True)
class AxisRange:
    """A wished range of one axis.

    `low` and `high` are in the units of the axis, a missing end is None; `weight` (0 to about 3) says how much the
    wish counts beside others; a `hard` range is a promise that every song of the set keeps.
    """

    axis: Axis
    low: float | None = None
    high: float | None = None
    weight: float = 1.0
    hard: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AxisChange:
    """A wish against the previous playlist: `amount` from -1 (far less) to 1 (far more)."""

    axis: Axis
    amount: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Names that were asked for and names that were ruled out. Rejected ones are promises."""

    wanted: tuple[str, ...] = ()
    rejected: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Artists:
    """Artists to play, artists to sound like, artists to leave out."""

    wanted: tuple[str, ...] = ()
    like: tuple[str, ...] = ()
    rejected: tuple[str, ...] = ()


YearSpan = tuple[int | None, int | None]
"""First and last year, both included; None is an open end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Years:
    """Years to play from and years to leave out. Both are promises."""

    wanted: tuple[YearSpan, ...] = ()
    rejected: tuple[YearSpan, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Length:
    """How long the set shall be: a number of `tracks` or of `minutes`, never both."""

    tracks: int | None = None
    minutes: float | None = None
    kind: LengthKind = "about"


@dataclass(frozen=True, slots=True, kw_only=True)
class SetEdit:
    """What shall become of songs of the playlist before, by their numbers from 1; negative ones count from its end.

    `keep` stay where they are, `without` are taken out, and the set shall be more `like` these. `times` is how many
    times as long as that playlist the set shall be: 1.5 for "longer", 2 for "twice as long".
    """

    keep: tuple[int, ...] = ()
    without: tuple[int, ...] = ()
    like: tuple[int, ...] = ()
    times: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """The characters of the request, from `start` up to but without `end`, that caused a value.

    `means` is what they were taken for ("energy low", "genre: jazz"); `source` names the part of the parser that
    said so; `text` is empty after a round trip through the database, which keeps no words of members there.
    """

    start: int
    end: int
    means: str
    polarity: Polarity = "+"
    source: str = "lexicon"
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MoodWord:
    """A mood that the parser shall know beside its lexicon: a built-in one or one of a server.

    `label` and `aliases` are what members write for it, in any inflection; `defaults` are the ranges it stands for.
    """

    key: str
    label: str
    aliases: tuple[str, ...] = ()
    defaults: tuple[AxisRange, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class KindWish:
    """The kinds of music that a request asks for, as the tables of knowledge name them.

    `wanted` are (kind, share) pairs, the most wanted with a share of 1; `sure` is True where the request names them and
    False where they follow from a situation. `unwanted` would spoil it, as far as their shares say; what is refused in
    words is a promise of its own (`Vibe.genres`). `axes` are soft ranges of the situation; `spoken` are the targets
    that count beside it: what moods, sounds and numbers say, not what a single word for a place or a genre would say
    where the whole was understood. `artists` are typical ones, `fame` how much known songs are wanted (0 not at all to
    3, None nothing said), `years` a soft era, `scenes` the names of the situations that were heard, `tongue` the ISO
    639 code of the request's own language.
    """

    wanted: tuple[tuple[str, float], ...] = ()
    unwanted: tuple[tuple[str, float], ...] = ()
    sure: bool = False
    axes: tuple[AxisRange, ...] = ()
    spoken: tuple[AxisRange, ...] = ()
    artists: tuple[str, ...] = ()
    fame: float | None = None
    years: YearSpan | None = None
    scenes: tuple[str, ...] = ()
    tongue: str = "en"


@dataclass(frozen=True, slots=True, kw_only=True)
class Vibe:
    """What the parser understood of one request. Everything that was not said is empty or None.

    `arc` holds (position, level) pairs, both from 0 to 1, rising in position. `similar_tracks` are titles the set shall
    sound like, `contexts` are activities and scenes ("workout", "rain"). `unknown` are the words that were not
    understood. `understood` is False when nothing of the request was about music.
    """

    text: str = ""
    version: str = ""
    understood: bool = False
    targets: tuple[AxisRange, ...] = ()
    genres: Choice = field(default_factory=Choice)
    artists: Artists = field(default_factory=Artists)
    similar_tracks: tuple[str, ...] = ()
    years: Years = field(default_factory=Years)
    instruments: Choice = field(default_factory=Choice)
    languages: Choice = field(default_factory=Choice)
    contexts: tuple[str, ...] = ()
    length: Length | None = None
    arc: tuple[tuple[float, float], ...] | None = None
    clean: bool | None = None
    familiarity: Familiarity | None = None
    changes: tuple[AxisChange, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    unknown: tuple[str, ...] = ()
    edit: SetEdit | None = None
    kinds: KindWish | None = None

    def follow(self, request: Vibe) -> Vibe:
        """This vibe as changed by `request`, the next one of a conversation ("same but happier, no rap").

        What the request says replaces what stood there; its changes ask for a step from the previous playlist, and
        wishes it does not touch stay. The evidence and the words are the request's.
        """
        said = {wish.axis for wish in request.targets}
        return replace(
            request,
            targets=tuple(wish for wish in self.targets if wish.axis not in said) + request.targets,
            genres=_follow_choice(self.genres, request.genres),
            artists=Artists(
                wanted=request.artists.wanted or _without(self.artists.wanted, request.artists.rejected),
                like=request.artists.like or _without(self.artists.like, request.artists.rejected),
                rejected=_merged(self.artists.rejected, request.artists.rejected),
            ),
            similar_tracks=request.similar_tracks or self.similar_tracks,
            years=Years(
                wanted=request.years.wanted or self.years.wanted,
                rejected=self.years.rejected + request.years.rejected,
            ),
            instruments=_follow_choice(self.instruments, request.instruments),
            languages=_follow_choice(self.languages, request.languages),
            contexts=_merged(self.contexts, request.contexts),
            length=request.length or self.length,
            arc=request.arc if request.arc is not None else self.arc,
            clean=request.clean if request.clean is not None else self.clean,
            familiarity=request.familiarity or self.familiarity,
            understood=self.understood or request.understood,
            kinds=request.kinds or self.kinds,
        )

    def to_dict(self, *, texts: bool = True) -> dict[str, Any]:
        """The JSON shape of DESIGN section 6. Without `texts` it holds no word of the member: offsets stay."""
        return {
            "text": self.text if texts else "",
            "version": self.version,
            "understood": self.understood,
            "targets": _ranges_dict(self.targets),
            "genres": _choice_dict(self.genres),
            "artists": {
                "wanted": list(self.artists.wanted),
                "like": list(self.artists.like),
                "rejected": list(self.artists.rejected),
            },
            "tracks": {"like": list(self.similar_tracks)},
            "years": {
                "wanted": [list(span) for span in self.years.wanted],
                "rejected": [list(span) for span in self.years.rejected],
            },
            "instruments": _choice_dict(self.instruments),
            "languages": _choice_dict(self.languages),
            "contexts": list(self.contexts),
            "length": _length_dict(self.length),
            "arc": None if self.arc is None else [list(point) for point in self.arc],
            "clean": self.clean,
            "familiarity": self.familiarity,
            "changes": {change.axis: change.amount for change in self.changes},
            "edit": None if self.edit is None else _edit_dict(self.edit),
            "kinds": None if self.kinds is None else _kinds_dict(self.kinds),
            "evidence": [
                {
                    "start": piece.start,
                    "end": piece.end,
                    **({"text": piece.text} if texts else {}),
                    "means": piece.means,
                    "polarity": piece.polarity,
                    "source": piece.source,
                }
                for piece in self.evidence
            ],
            "unknown": list(self.unknown) if texts else [],
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Vibe:
        """The vibe that `to_dict` wrote; texts that were left out come back empty."""
        length = data.get("length")
        arc = data.get("arc")
        edit = data.get("edit")
        return cls(
            text=data.get("text", ""),
            version=data.get("version", ""),
            understood=data.get("understood", False),
            targets=_ranges(data.get("targets", {})),
            genres=_choice(data.get("genres", {})),
            artists=Artists(**{key: tuple(names) for key, names in data.get("artists", {}).items()}),
            similar_tracks=tuple(data.get("tracks", {}).get("like", ())),
            years=Years(**{key: _spans(spans) for key, spans in data.get("years", {}).items()}),
            instruments=_choice(data.get("instruments", {})),
            languages=_choice(data.get("languages", {})),
            contexts=tuple(data.get("contexts", ())),
            length=None if length is None else Length(**length),
            arc=None if arc is None else tuple((float(position), float(level)) for position, level in arc),
            clean=data.get("clean"),
            familiarity=data.get("familiarity"),
            changes=tuple(AxisChange(axis=axis, amount=amount) for axis, amount in data.get("changes", {}).items()),
            evidence=tuple(Evidence(**piece) for piece in data.get("evidence", ())),
            unknown=tuple(data.get("unknown", ())),
            edit=None if edit is None else _edit(edit),
            kinds=None if data.get("kinds") is None else _kinds(data["kinds"]),
        )


def _edit_dict(edit: SetEdit) -> dict[str, Any]:
    numbers = {"keep": list(edit.keep), "without": list(edit.without), "like": list(edit.like)}
    return numbers if edit.times == 1 else {**numbers, "times": edit.times}


def _edit(data: Mapping[str, Any]) -> SetEdit:
    numbers = {key: tuple(data.get(key, ())) for key in ("keep", "without", "like")}
    return SetEdit(**numbers, times=float(data.get("times", 1.0)))


def _ranges_dict(ranges: tuple[AxisRange, ...]) -> dict[str, Any]:
    return {
        wish.axis: {"low": wish.low, "high": wish.high, "weight": wish.weight, "hard": wish.hard} for wish in ranges
    }


def _ranges(data: Mapping[str, Any]) -> tuple[AxisRange, ...]:
    return tuple(AxisRange(axis=axis, **data[axis]) for axis in AXES if axis in data)


def _kinds_dict(wish: KindWish) -> dict[str, Any]:
    return {
        "wanted": dict(wish.wanted),
        "unwanted": dict(wish.unwanted),
        "sure": wish.sure,
        "axes": _ranges_dict(wish.axes),
        "spoken": _ranges_dict(wish.spoken),
        "artists": list(wish.artists),
        "fame": wish.fame,
        "years": None if wish.years is None else list(wish.years),
        "scenes": list(wish.scenes),
        "tongue": wish.tongue,
    }


def _kinds(data: Mapping[str, Any]) -> KindWish:
    years = data.get("years")
    return KindWish(
        wanted=tuple(data.get("wanted", {}).items()),
        unwanted=tuple(data.get("unwanted", {}).items()),
        sure=bool(data.get("sure", False)),
        axes=_ranges(data.get("axes", {})),
        spoken=_ranges(data.get("spoken", {})),
        artists=tuple(data.get("artists", ())),
        fame=data.get("fame"),
        years=None if years is None else (years[0], years[1]),
        scenes=tuple(data.get("scenes", ())),
        tongue=data.get("tongue", "en"),
    )


def _merged(old: tuple[str, ...], new: tuple[str, ...]) -> tuple[str, ...]:
    return old + tuple(name for name in new if name not in old)


def _without(names: tuple[str, ...], gone: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name for name in names if name not in gone)


def _follow_choice(old: Choice, new: Choice) -> Choice:
    return Choice(
        wanted=new.wanted or _without(old.wanted, new.rejected),
        rejected=_merged(_without(old.rejected, new.wanted), new.rejected),
    )


def _choice_dict(choice: Choice) -> dict[str, list[str]]:
    return {"wanted": list(choice.wanted), "rejected": list(choice.rejected)}


def _choice(data: Mapping[str, Any]) -> Choice:
    return Choice(**{key: tuple(names) for key, names in data.items()})


def _spans(spans: Any) -> tuple[YearSpan, ...]:
    return tuple((first, last) for first, last in spans)


def _length_dict(length: Length | None) -> dict[str, Any] | None:
    if length is None:
        return None
    amount = {"tracks": length.tracks} if length.tracks is not None else {"minutes": length.minutes}
    return {**amount, "kind": length.kind}
