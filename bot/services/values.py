"""What the doors give to the services and get back: plain values, nothing of Discord, nothing of the database."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, Protocol

from bot.facts import Fact
from bot.generation.values import ScorePart
from bot.services.request_words import checked
from nlp.vibe import Axis, AxisChange, Polarity

Stage = Literal["listening", "choosing", "keeping"]
"""How far a request is: the words, the songs, the database."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Requester:
    """Who asks, and where: Discord ids as strings; `guild_id` is None in a direct message.

    `parent_channel_id` is the channel of a thread, `role_ids` are the requester's roles there, `manager` tells that
    they may manage the server. An `appointed` request was set up by moderators, and no server limit holds for it.
    """

    user_id: str
    display_name: str
    guild_id: str | None
    channel_id: str
    parent_channel_id: str | None = None
    role_ids: tuple[str, ...] = ()
    manager: bool = False
    appointed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Present:
    """Somebody who is here: their Discord id, and the name that they show."""

    user_id: str
    display_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberFit:
    """How a set for several fits one of them, 0 (the worst for them) to 1 (what they would choose); None: not known.

    `favoured` is the one whom the next set favours.
    """

    name: str
    satisfaction: float | None = None
    favoured: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class VibeRequest:
    """A wish as a door takes it. `tracks` and `minutes` are the command's options and beat the words.

    The words are checked as it is made: raises EmptyRequest, RequestTooLong.

    Without `keep_words` the text is read and not stored: it is somebody else's. Requests with one `press_id` leave one
    playlist behind. `present` makes it one for everyone who is here: those who are in the requester's voice channel, or
    where that is nobody those who reacted here lately.
    """

    text: str
    requester: Requester
    tracks: int | None = None
    minutes: int | None = None
    only_me: bool = False
    seed: int | None = None
    keep_words: bool = True
    press_id: str | None = None
    present: tuple[Present, ...] | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "text", checked(self.text))


@dataclass(frozen=True, slots=True, kw_only=True)
class RecognisedPhrase:
    """One understood piece of a request: the member's words, what they were taken for, and the polarity."""

    text: str
    means: str
    polarity: Polarity = "+"


@dataclass(frozen=True, slots=True, kw_only=True)
class SongView:
    """One song of a playlist; `position` counts from 1, `url` is None where no Spotify id is known.

    `new` tells that it is played to find out whether it is liked.
    """

    position: int
    track_id: str
    title: str
    artists: tuple[str, ...]
    duration_ms: int
    year: int | None = None
    url: str | None = None
    energy: float | None = None
    tempo_bpm: float | None = None
    score: float = 0.0
    reasons: tuple[Fact, ...] = ()
    parts: tuple[ScorePart, ...] = ()
    new: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaylistView:
    """A finished playlist as a card shows it.

    `heard` and `unknown` are what was understood of the words and what was not; `arc` is the energy asked of each
    place (0 to 1), `relaxed` and `notes` are what the member must read. `feature_count` songs of the set have
    known audio features. `invented` is True when the songs come from the demo catalogue, `credits` when the card says
    from how many songs they were chosen. `parent_id` is the playlist this one was made from, `owner_id` the Discord id
    of who asked. A set for several says how it `fits` each, and how many `strangers` it could not be chosen for.
    """

    playlist_id: str
    session_id: str
    name: str
    text: str
    songs: tuple[SongView, ...]
    seed: int
    owner_id: str
    heard: tuple[RecognisedPhrase, ...] = ()
    unknown: tuple[str, ...] = ()
    arc: tuple[float, ...] = ()
    relaxed: tuple[Fact, ...] = ()
    notes: tuple[Fact, ...] = ()
    feature_count: int = 0
    catalogue_size: int = 0
    invented: bool = False
    credits: bool = False
    only_me: bool = False
    parent_id: str | None = None
    fits: tuple[MemberFit, ...] = ()
    strangers: int = 0

    @property
    def duration_ms(self) -> int:
        """The length of the whole set."""
        return sum(song.duration_ms for song in self.songs)


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """Where a playlist was posted; ids as strings."""

    guild_id: str | None
    channel_id: str
    message_id: str


class Publisher(Protocol):
    """Posts this playlist there. Made by a door for one request; the client has the real one."""

    async def progress(self, stage: Stage) -> None:
        """Show how far the request is. Never raises: progress is a kindness."""

    async def publish(self, playlist: PlaylistView, reactions: ReactionRules) -> Posted | None:
        """Post the finished card; None when it could not be tied to a message. Raises DiscordRefused.

        `reactions` are those of the server, for when the card stands and the request is over.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class MoodView:
    """A mood as `/moods` shows it; `meaning` is what its ranges ask for, the weightiest first.

    `own` tells that the server made or changed it, `hidden` that it is left out of the server's list.
    """

    key: str
    label: str
    icon: str
    meaning: tuple[Fact, ...]
    own: bool = False
    hidden: bool = False


FeedbackKind = Literal[
    "play", "skip", "like", "dislike", "love", "never", "save", "again", "more", "less", "remove", "undo", "export"
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rating:
    """One press: on a playlist, or on one of its songs when `track_id` is given.

    `press_id` is Discord's id of the interaction: the same press stored twice is one event. `undoes` is the id of an
    event that is taken back. `scope` "artist" makes a "never" of a song one of everything by its first artist.
    """

    requester: Requester
    playlist_id: str
    event: FeedbackKind
    press_id: str
    track_id: str | None = None
    axis: Axis | None = None
    undoes: str | None = None
    scope: Literal["song", "artist"] = "song"


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredRating:
    """A press as it was stored: the event's id, the song it was about, and whether it was new."""

    event_id: str
    kind: FeedbackKind
    song: SongView | None = None
    new: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Undone:
    """A step that was taken back: the playlist that it had made, by name, and the one before.

    `own` is False when the step was another member's: then nothing was taken back. `new` is True the first time.
    """

    name: str
    parent_id: str
    own: bool
    new: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ReactionChange:
    """A reaction on a message, added or removed; `emoji` as Discord names it."""

    user_id: str
    message_id: str
    channel_id: str
    guild_id: str | None
    emoji: str
    added: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ReactionRules:
    """The reactions of a server, in the order the bot adds them, each with the event it stands for."""

    events: tuple[tuple[str, FeedbackKind], ...] = (("👍", "like"), ("👎", "dislike"), ("❤️", "love"), ("⏭️", "skip"))


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUpRequest:
    """A wish for the next playlist of a chain: steps on axes, and who sees it (None: who saw the one before)."""

    requester: Requester
    playlist_id: str
    press_id: str
    changes: tuple[AxisChange, ...] = field(default=())
    only_me: bool | None = None
